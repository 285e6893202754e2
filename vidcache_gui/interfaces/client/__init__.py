"""The library, or somebody's server, from Python.

::

    from vidcache_gui import connect

    with connect("~/archive") as archive:  # or connect("http://127.0.0.1:8020")
        found = archive.ingest("https://example.org/a.webm", bucket="videos")
        print(archive.get_meta(found["hash"])["duration_s"])

A path is a library on this machine, an address a vidcache or MictlanX server, which is asked
what it speaks. The methods are named, and answer, as those of the published clients do.
"""

from pathlib import Path

from vidcache_gui.interfaces.client.archive import Archive
from vidcache_gui.interfaces.remotes.records import RemoteBall as Ball

__all__ = ["Archive", "Ball", "connect"]


def connect(
    where: str | Path, *, token: str | None = None, timeout: float | None = None
) -> Archive:
    """Open an archive: use it as a context manager, or close it.

    ``where``: the folder of a library, which must be one; or ``http://host:port``, or the name
    of a known remote after ``remote:``. ``token``: what the server asks for. ``timeout``:
    seconds until an answer has to begin, 300 after uploads and 60 otherwise.

    Raises UserError: no such library, no such server.
    """
    text = str(where)
    if text.startswith(("http://", "https://", "remote:")):
        from vidcache_gui.interfaces.client.remote import RemoteArchive

        return RemoteArchive.open(text, token, timeout)
    from vidcache_gui.interfaces.client.local import LocalArchive

    return LocalArchive.open(Path(where))
