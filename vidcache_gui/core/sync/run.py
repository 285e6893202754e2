"""Carrying a plan out: some things at once, each looked at anew, failures one by one.

Nothing about a run is kept. What was done is durable and no longer differs, so whatever ended a
run, the next plan is what is left.
"""

import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.sync.merge import decide
from vidcache_gui.core.sync.records import BALL, Act, Plan, Report, Step
from vidcache_gui.core.sync.side import Side, Write
from vidcache_gui.core.sync.stepping import WORKERS, OnOutcome, OnProgress, Tally, Watch, attempt
from vidcache_gui.errors import Cancelled, LibraryError, UserError

BALLS = 128  # of one group that are made durable together
SMALL = 64  # entries without bytes in one batch
BYTES = 64 * 1024 * 1024  # a batch is not larger, where it has more than one


def carry_out(
    first: Side,
    second: Side,
    plan: Plan,
    *,
    stop: CancelToken | None = None,
    on_progress: OnProgress = lambda done, moved, title: None,
    on_outcome: OnOutcome = lambda _: None,
    workers: int = WORKERS,
) -> Report:
    """Do what a plan says; what changed since it was made is decided anew, and nothing goes to
    the trash that was not to in the plan. Cancelling ends it where it stands."""
    watch = Watch(stop or CancelToken(), on_progress, on_outcome)
    run = _Run((first, second), plan, watch)
    return run.all(workers)


class _Run:
    def __init__(
        self,
        sides: tuple[Side, Side],
        plan: Plan,
        watch: Watch,
    ) -> None:
        self._sides = sides
        self._plan = plan
        self._stop = watch.stop
        self._tally = Tally(watch)
        self._fatal: UserError | None = None

    def all(self, workers: int) -> Report:
        running: set[Future[None]] = set()
        with ThreadPoolExecutor(workers, thread_name_prefix="synchronise") as executor:
            for phase in _phases(self._plan.to_do):
                for batch in phase:
                    while len(running) >= workers:
                        running = self._wait(running)
                    if self._stop.cancelled or self._fatal:
                        break
                    running.add(executor.submit(self._do, batch))
                while running:
                    running = self._wait(running)
        if self._fatal:
            raise self._fatal
        with contextlib.suppress(Cancelled):
            for side in self._sides:
                side.finish(self._stop)
        self._tally.report.cancelled = self._stop.cancelled
        return self._tally.report

    def _wait(self, running: "set[Future[None]]") -> "set[Future[None]]":
        done, left = wait(running, return_when=FIRST_COMPLETED)
        for one in done:
            one.result()
        return left

    def _do(self, batch: list[Step]) -> None:
        def write() -> dict[str, str]:
            self._stop.check()
            return self._write(batch)

        def failed(error: str) -> dict[str, str]:
            return {step.id: error for step in batch}

        try:
            errors = attempt(batch[0].id, write, failed)
        except Cancelled:
            return
        except LibraryError as error:
            self._fatal = error
            return
        for step in batch:
            self._tally.ended(step, errors.get(step.id))
        self._tally.next(batch[-1].title)

    def _write(self, batch: list[Step]) -> dict[str, str]:
        """Errors by id."""
        side = batch[0].side
        here, there = self._sides[side], self._sides[1 - side]
        ids = list(dict.fromkeys([step.id for step in batch] + [s.group for s in batch if s.group]))
        mine, theirs = here.records(ids), there.records(ids)
        writes: list[Write] = []
        for step in batch:
            pair = (mine.get(step.id), theirs.get(step.id))
            first, second = pair if side == 0 else pair[::-1]
            verdict = decide(first, second, self._plan.way, self._plan.mirror)
            target, act = verdict.targets[side], verdict.acts[side]
            if target is None or act is None or (act is Act.TRASH and step.act is not Act.TRASH):
                continue
            group = theirs.get(step.group) or mine.get(step.group)
            writes.append(Write(target, act, mine.get(step.id), group))
        if not writes:
            return {}
        told = here.write(writes, there, self._stop, self._tally.moved)
        found = zip(writes, told, strict=True)
        return {write.target.id: error for write, error in found if error is not None}


def _phases(steps: Sequence[Step]) -> Iterator[Iterator[list[Step]]]:
    """What comes back first, then what is copied, then what is said, then what goes: a group is
    there before its balls are described, and nothing goes before everything has come."""
    acts = ((Act.RESTORE,), (Act.COPY, Act.REPLACE), (Act.UPDATE,), (Act.TRASH,))
    for some in acts:
        chosen = [step for step in steps if step.act in some]
        groups_first = [step for step in chosen if step.id[0] not in (BALL, "g")]
        yield _batches(groups_first)
        if Act.COPY in some:  # groups come with their balls
            yield _batches([step for step in chosen if step.id[0] == BALL])
            yield _batches([step for step in chosen if step.id[0] == "g"])
        else:
            yield _batches([step for step in chosen if step.id[0] == "g"])
            yield _batches([step for step in chosen if step.id[0] == BALL])


def _batches(steps: list[Step]) -> Iterator[list[Step]]:
    batch: list[Step] = []
    size = 0
    for step in steps:
        most = BALLS if step.id[0] == BALL else SMALL
        other = batch and (
            (step.side, step.group) != (batch[0].side, batch[0].group)
            or len(batch) >= most
            or size + step.size > BYTES
        )
        if other:
            yield batch
            batch, size = [], 0
        batch.append(step)
        size += step.size
    if batch:
        yield batch
