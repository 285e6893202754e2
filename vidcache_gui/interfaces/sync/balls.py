"""What a library and a MictlanX server hold. Each bucket's list is asked for once and compared as
it comes, so that no list is ever held: of a ball that is alike there remain eight bytes.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from vidcache_gui.core.library import Library
from vidcache_gui.core.parallel import batches
from vidcache_gui.core.sync.local import LocalBall
from vidcache_gui.core.sync.merge import DELETED, DISABLED
from vidcache_gui.core.sync.pair import Wish
from vidcache_gui.core.sync.records import BALL, GROUP, Act, Record, Step, joined
from vidcache_gui.interfaces.remotes.mictlanx import MictlanX
from vidcache_gui.interfaces.remotes.records import RemoteBall
from vidcache_gui.interfaces.sync.verdict import differing, only_here, only_there
from vidcache_gui.interfaces.sync.wholes import Wholes, is_chunk

AT_ONCE = 500


class BallPlan:
    """``wholes``: None where the server takes files as such, so that objects are only objects."""

    def __init__(
        self, library: Library, remote: MictlanX, wish: Wish, wholes: Wholes | None
    ) -> None:
        self._library = library
        self._remote = remote
        self._wish = wish
        self._wholes = wholes
        self._side = library.side()
        self._held: dict[tuple[str, str], bool] = {}  # groups with chunks that are here as such
        self.requests = 0

    def steps(self) -> Iterator[Step]:
        wish, local = self._wish, {bucket.name for bucket in self._library.buckets()}
        if wish.bucket is None:
            there = set(self._remote.buckets(wish.stop))
            self.requests += 1
        else:
            local = there = {wish.bucket}
        for bucket in sorted(there | local):
            yield from self._bucket(bucket, listed=bucket in there)
        if self._wholes is not None:
            yield from self._wholes.rest()

    def _bucket(self, bucket: str, *, listed: bool) -> Iterator[Step]:
        seen = _Seen()
        if listed:
            self.requests += 1
            for some in batches(self._remote.bucket(bucket, self._wish.stop), AT_ONCE):
                self._wish.stop.check()
                yield from self._compared(bucket, some, seen)
        seen.sort()
        mine, after = self._library.local_balls(bucket, 0, AT_ONCE)
        while mine:
            self._wish.stop.check()
            for ball in mine:
                if ball.key not in seen:
                    why = DISABLED if ball.disabled else ""
                    yield from _grouped(ball, only_here(*_names(ball), self._wish, why))
            mine, after = self._library.local_balls(bucket, after, AT_ONCE)

    def _compared(self, bucket: str, batch: list[RemoteBall], seen: "_Seen") -> Iterator[Step]:
        here = self._library.local_balls_at(bucket, [ball.key for ball in batch])
        new: list[RemoteBall] = []
        for ball in (one for one in batch if one.bucket == bucket):
            mine = here.get(ball.key)
            if mine is None:
                new.append(ball)
                continue
            seen.add(ball.key)
            yield from self._both(mine, ball)
        rest = []
        for ball in new:
            if self._wholes is not None and self._is_file(bucket, ball):
                yield from self._wholes.take(ball)
            else:
                rest.append(ball)
        gone = self._side.records([_id(ball) for ball in rest]) if rest else {}
        for ball in rest:
            why = _why(ball, gone.get(_id(ball)))
            yield from _grouped(ball, only_there(*_names(ball), self._wish, why))

    def _both(self, here: LocalBall, there: RemoteBall) -> Iterator[Step]:
        for act, side, why in differing(here, there, self._wish.way, self._wish.mirror):
            size = here.size if side else there.size
            if act is Act.REPLACE and side:
                size += there.size  # it is fetched before it is lost
            moved = size if act is Act.REPLACE else 0
            yield Step(_id(here), act, side, _title(here), moved, why, _group(here))

    def _is_file(self, bucket: str, ball: RemoteBall) -> bool:
        if ball.sha256 is not None and ball.key == ball.sha256:
            return True
        if not is_chunk(ball):
            return False
        group = (bucket, ball.ball_id)
        if group not in self._held:
            self._held[group] = self._library.group_of(*group) is not None
        return not self._held[group]


class _Seen:
    """Keys, by hashes that nobody outside this process knows."""

    def __init__(self) -> None:
        self._hashes = array("q")

    def add(self, key: str) -> None:
        self._hashes.append(hash(key))

    def sort(self) -> None:
        self._hashes = array("q", sorted(self._hashes))

    def __contains__(self, key: str) -> bool:
        at = bisect_left(self._hashes, hash(key))
        return at < len(self._hashes) and self._hashes[at] == hash(key)


def _why(ball: RemoteBall, record: Record | None) -> str:
    """Why a ball does not come here; empty if it does."""
    if ball.is_disabled:
        return DISABLED
    gone = record is not None and not record.is_live and record.at >= ball.updated_at
    return DELETED if gone else ""


def _id(ball: LocalBall | RemoteBall) -> str:
    return joined(BALL, ball.bucket, ball.key)


def _title(ball: LocalBall | RemoteBall) -> str:
    return f"{ball.bucket}/{ball.key}"


def _group(ball: LocalBall | RemoteBall) -> str:
    return joined(GROUP, ball.bucket, ball.ball_id)


def _names(ball: LocalBall | RemoteBall) -> tuple[str, str, int]:
    return _id(ball), _title(ball), ball.size


def _grouped(ball: LocalBall | RemoteBall, steps: Iterator[Step]) -> Iterator[Step]:
    return (replace(step, group=_group(ball)) for step in steps)
