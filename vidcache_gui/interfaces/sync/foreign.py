"""A library and a server of the published protocols: balls by bucket, key and SHA-256, files by
content. Only contents and flags are compared, since such servers need not take other details.
"""

from collections.abc import Callable, Iterator

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.core.sync.local import LocalBall, LocalItem
from vidcache_gui.core.sync.merge import DELETED, DISABLED, OLDER
from vidcache_gui.core.sync.plan import NO_MIRROR
from vidcache_gui.core.sync.records import Act, Outcome, Plan, Report, Step, Way, joined
from vidcache_gui.core.sync.run import BUG, OnProgress, log
from vidcache_gui.errors import Cancelled, LibraryError, UserError
from vidcache_gui.interfaces.remotes.records import RemoteBall
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.sync.exchange import Exchange
from vidcache_gui.interfaces.sync.manifest import Manifest, listed

UNKNOWN = "Its server gives no SHA-256 for it, so nobody knows whether it is the same."
FOR_GOOD = "The server may delete it for good; a copy is kept in the library's trash."


class ForeignPair:
    """A library (side 0) and a server (side 1)."""

    def __init__(self, library: Library, remote: Remote) -> None:
        self.titles = (library.name, remote.where)
        self._library = library
        self._remote = remote

    def plan(
        self,
        way: Way,
        *,
        mirror: bool = False,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_found: Callable[[int], None] = lambda _: None,
    ) -> Plan:
        if mirror and way is Way.BOTH:
            raise UserError(NO_MIRROR)
        stop = stop or CancelToken()
        whole = not self._remote.has_files  # files go as single objects
        mine = self._library.local_files(bucket, sha256=whole, stop=stop)
        theirs = listed(self._remote, bucket, mine, stop)
        on_found(len(theirs.balls) + len(theirs.files))
        steps: list[Step] = []
        if self._remote.has_balls:
            steps += self._balls(self._library.local_balls(bucket), theirs, way, mirror)
        steps += self._wholes(mine, theirs, way, mirror) if whole else []
        steps += self._files(mine, theirs, way, mirror) if not whole else []
        return Plan(tuple(steps), way, mirror, theirs.requests)

    def _balls(
        self, mine: dict[tuple[str, str], LocalBall], theirs: Manifest, way: Way, mirror: bool
    ) -> Iterator[Step]:
        for name in sorted({*mine, *theirs.balls}):
            here, there = mine.get(name), theirs.balls.get(name)
            id, title = joined("b", *name), "/".join(name)
            if here is not None and there is not None:
                yield from _both(id, title, here, there, way, mirror)
            elif here is not None:
                yield from _only_here(id, title, here.size, way, mirror, here.disabled)
            elif there is not None:
                went = self._went(id)
                gone = went is not None and went >= there.updated_at
                why = DISABLED if there.is_disabled else DELETED if gone else ""
                yield from _only_there(id, title, there.size, way, mirror, why)

    def _went(self, id: str) -> int | None:
        """When an entry was deleted here, if it was."""
        record = self._library.side().records([id]).get(id)
        return record.at if record is not None and not record.is_live else None

    def _wholes(
        self, mine: list[LocalItem], theirs: Manifest, way: Way, mirror: bool
    ) -> Iterator[Step]:
        held = {item.sha256: item for item in mine}
        for sha256, item in held.items():
            if sha256 not in theirs.wholes:
                yield from _only_here(f"w:{sha256}", item.name, item.size, way, mirror, False)
        for sha256, ball in theirs.wholes.items():
            if sha256 not in held:
                went = self._library.deleted_sha256(sha256)
                gone = went is not None and went >= ball.updated_at
                why = DISABLED if ball.is_disabled else DELETED if gone else ""
                name = ball.tags.get("filename") or ball.tags.get("fullname") or sha256[:12]
                yield from _only_there(f"w:{sha256}", name, ball.size, way, mirror, why)

    def _files(
        self, mine: list[LocalItem], theirs: Manifest, way: Way, mirror: bool
    ) -> Iterator[Step]:
        held = {item.hash: item for item in mine}
        for hash, item in held.items():
            if hash not in theirs.files:
                yield from _only_here(f"f:{hash}", item.name, item.size, way, mirror, False)
        for hash, file in theirs.files.items():
            if hash not in held:
                why = DELETED if self._went(f"f:{hash}") else ""
                yield from _only_there(f"f:{hash}", file.name, file.size, way, mirror, why)

    def carry_out(
        self,
        plan: Plan,
        *,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_progress: OnProgress = lambda done, moved, title: None,
        on_outcome: Callable[[Outcome], None] = lambda _: None,
    ) -> Report:
        stop = stop or CancelToken()
        report = Report()

        def moved(count: int) -> None:
            report.moved += count
            on_progress(report.done + len(report.failures), report.moved, "")

        if not plan.to_do:
            return report
        exchange = Exchange(self._library, self._remote, bucket, stop, moved)
        for step in plan.to_do:
            on_progress(report.done + len(report.failures), report.moved, step.title)
            outcome = Outcome(step)
            try:
                stop.check()
                exchange.do(step)
                report.done += 1
            except Cancelled:
                report.cancelled = True
                break
            except LibraryError:
                raise
            except UserError as error:
                outcome = Outcome(step, str(error))
            except Exception:
                log.exception("synchronising %s failed", step.title)
                outcome = Outcome(step, BUG)
            if outcome.error is not None:
                report.failures.append(outcome)
            on_outcome(outcome)
        exchange.finish()
        return report


def _both(
    id: str, title: str, here: LocalBall, there: RemoteBall, way: Way, mirror: bool
) -> Iterator[Step]:
    same = here.sha256 == there.sha256 or (there.sha256 is None and here.size == there.size)
    if same or (here.disabled != there.is_disabled and here.sha256 == there.sha256):
        return
    if there.sha256 is None:
        yield Step(id, Act.KEEP, 1, title, why=UNKNOWN)
        return
    newer = (here.at, here.sha256) > (there.updated_at, there.sha256)
    side = 1 if newer else 0
    if mirror:
        side = 1 if way is Way.TO else 0
    allowed = way is Way.BOTH or side == (1 if way is Way.TO else 0)
    size = here.size if side else there.size
    if allowed:
        yield Step(id, Act.REPLACE, side, title, size)
    else:
        yield Step(id, Act.KEEP, side, title, why=OLDER)


def _only_here(
    id: str, title: str, size: int, way: Way, mirror: bool, disabled: bool
) -> Iterator[Step]:
    if way is Way.FROM:
        if mirror:
            yield Step(id, Act.TRASH, 0, title)
    elif disabled:
        yield Step(id, Act.KEEP, 1, title, why=DISABLED)
    else:
        yield Step(id, Act.COPY, 1, title, size)


def _only_there(id: str, title: str, size: int, way: Way, mirror: bool, why: str) -> Iterator[Step]:
    if way is Way.TO:
        if mirror:
            yield Step(id, Act.TRASH, 1, title, why=FOR_GOOD)
    elif why and not mirror:
        yield Step(id, Act.KEEP, 0, title, why=why)
    else:
        yield Step(id, Act.COPY, 0, title, size)
