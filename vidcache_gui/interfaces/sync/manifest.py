"""What a server of the published protocols holds, listed as a whole: it cannot sum it up."""

from dataclasses import dataclass, field

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.sync.local import LocalItem
from vidcache_gui.interfaces.remotes.records import RemoteBall, RemoteFile
from vidcache_gui.interfaces.remotes.remote import Remote

PRODUCER = "mictlanx-sync-0"  # of whole files stored as single objects, as MictlanX Sync does


@dataclass
class Manifest:
    """``wholes``: whole files stored as single objects, by SHA-256. ``is_complete``: what is not
    listed is not there."""

    balls: dict[tuple[str, str], RemoteBall] = field(default_factory=dict)
    wholes: dict[str, RemoteBall] = field(default_factory=dict)
    files: dict[str, RemoteFile] = field(default_factory=dict)
    is_complete: bool = True
    requests: int = 0


def listed(
    remote: Remote, bucket: str | None, mine: list[LocalItem], stop: CancelToken
) -> Manifest:
    """Everything a server lists. One that knows no lists (an older vidcache) is asked about the
    contents that are ``mine``. Raises RemoteError, Cancelled."""
    found = Manifest()
    if remote.has_balls:
        names = [bucket] if bucket is not None else remote.balls.buckets(stop)
        found.requests += len(names) + (bucket is None)
        for name in names:
            for ball in remote.balls.bucket(name, stop):
                stop.check()
                is_whole = ball.key == ball.checksum and ball.sha256 is not None
                if is_whole:
                    found.wholes[ball.checksum] = ball
                else:
                    found.balls[name, ball.key] = ball
    if not remote.has_files:
        return found
    if remote.files.can_list:
        wanted = {} if bucket is None else {"bucket": bucket}
        found.files = {file.hash: file for file in remote.files.browse(wanted, stop)}
        found.requests += 1 + len(found.files) // 200
        return found
    found.is_complete = False
    for item in mine:
        stop.check()
        found.requests += 1
        if remote.files.meta(item.hash, stop) is not None:
            found.files[item.hash] = RemoteFile(item.hash, item.name, item.size)
    return found
