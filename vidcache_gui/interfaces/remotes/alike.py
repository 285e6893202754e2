"""After items were copied to or from another VidCache library: both say the same of them, so that
synchronising the two later finds nothing to do. The published protocols have no field for most
of it.
"""

import logging
from collections.abc import Mapping, Sequence

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.core.sync.elements import DETAIL
from vidcache_gui.core.sync.merge import merged
from vidcache_gui.core.sync.records import Act, Element, Record
from vidcache_gui.core.sync.side import Side, Write
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes.extras import FIELD
from vidcache_gui.interfaces.remotes.ours import ServerSide, is_served
from vidcache_gui.interfaces.remotes.remote import Remote

OURS = f"{DETAIL}{FIELD}"
log = logging.getLogger(__name__)

Known = Mapping[str, Record]


class Alike:
    """One library and one that is behind a server."""

    def __init__(self, library: Library, remote: Remote) -> None:
        self._here = library.side()
        self._there = ServerSide(remote)

    @classmethod
    def of(cls, library: Library, remote: Remote) -> "Alike | None":
        """None where the server is no VidCache library."""
        return cls(library, remote) if is_served(remote) else None

    def here(self, ids: Sequence[str]) -> Known:
        """What is said here before something comes, to be given to :meth:`came`."""
        return self._here.records(ids)

    def there(self, ids: Sequence[str]) -> Known:
        return self._there.records(ids)

    def came(self, ids: Sequence[str], before: Known, bucket: str | None = None) -> None:
        """These came from there. ``bucket``: where they were put here, if that was asked for."""
        _tell(self._there, self._here, Act.COPY, ids, before, bucket)

    def went(self, ids: Sequence[str], before: Known, bucket: str | None = None) -> None:
        """These went there."""
        _tell(self._here, self._there, Act.UPDATE, ids, before, bucket)


def _tell(
    source: Side, target: Side, act: Act, ids: Sequence[str], before: Known, bucket: str | None
) -> None:
    """What was said of them at the target before is kept where it was said later."""
    said, now = source.records(ids), target.records(ids)
    writes = []
    for id, record in said.items():
        known = now.get(id)
        if known is None or not known.is_live or not record.is_live:
            continue
        if act is Act.COPY and record.value(OURS) is not None:
            continue  # another program described it there, in the way that needs no library
        gone = {name: Element(None, record.at) for name in known.elements}
        wanted = {**gone, **(merged(before[id], record) if id in before else record.elements)}
        if bucket is not None and "bucket" in known.elements:
            wanted["bucket"] = known.elements["bucket"]
        wanted["state"] = record.elements["state"]
        one = Record(id, wanted)
        if one.values() != known.values():
            writes.append(Write(one, act, known))
    if not writes:
        return
    try:
        errors = target.write(writes, source, CancelToken(), lambda _: None)
    except UserError as error:  # a server that takes no more than bytes
        errors = [str(error)]
    for text in filter(None, errors):  # the bytes are there, which is what was asked for
        log.warning("What both sides say of what was copied differs: %s", text)
