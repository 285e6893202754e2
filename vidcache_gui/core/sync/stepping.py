"""Doing the steps of a plan: what is told about them, and what a failure of one means."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.parallel import Linked, side_by_side
from vidcache_gui.core.sync.records import Act, Outcome, Report, Step
from vidcache_gui.errors import Cancelled, LibraryError, UserError

log = logging.getLogger(__name__)

T = TypeVar("T")

WORKERS = 4
BUG = "This is a bug in VidCache; the log says more."

OnProgress = Callable[[int, int, str], None]  # (steps done, bytes moved, what is next)
OnOutcome = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who may stop a run, and hears of it; from any thread, one call at a time."""

    stop: CancelToken
    on_progress: OnProgress = lambda done, moved, title: None
    on_outcome: OnOutcome = lambda _: None


class Tally:
    """What a run did so far. Any thread may use it."""

    def __init__(self, watch: Watch) -> None:
        self.report = Report()
        self._watch = watch
        self._lock = threading.Lock()

    def moved(self, count: int) -> None:
        """So many bytes more; less than none: begun again."""
        with self._lock:
            self.report.moved += count
            self._tell("")

    def next(self, title: str) -> None:
        with self._lock:
            self._tell(title)

    def ended(self, step: Step, error: str | None) -> None:
        with self._lock:
            outcome = Outcome(step, error)
            if error is None:
                self.report.done += 1
            else:
                self.report.failures.append(outcome)
            self._watch.on_outcome(outcome)

    def _tell(self, title: str) -> None:
        done = self.report.done + len(self.report.failures)
        self._watch.on_progress(done, self.report.moved, title)


def attempt(what: str, act: Callable[[], T], failed: Callable[[str], T]) -> T:
    """What ``act`` returns, or ``failed`` of a sentence. Raises Cancelled, and LibraryError
    where the library itself cannot be written."""
    try:
        return act()
    except (Cancelled, LibraryError):
        raise
    except UserError as error:
        return failed(str(error))
    except Exception:
        log.exception("synchronising %s failed", what)
        return failed(BUG)


class Do(Protocol):
    """Does single steps, several at once, each durable at return."""

    def do(self, step: Step) -> None:
        """Raises UserError, Cancelled."""
        ...

    def finish(self) -> None:
        """No more steps come."""
        ...


def each(
    steps: Sequence[Step],
    doing: Callable[[CancelToken, Callable[[int], None]], Do],
    watch: Watch,
    workers: int = WORKERS,
) -> Report:
    """Every step by itself, ``workers`` at once; nothing goes before everything has come.

    ``doing``: makes what does them, from a token and what hears of moved bytes. Raises
    LibraryError.
    """
    tally, stop = Tally(watch), Linked(watch.stop)
    if not steps:
        return tally.report
    work = doing(stop, tally.moved)

    def do(step: Step) -> str | None:
        stop.check()
        work.do(step)
        return None

    def one(step: Step, _: CancelToken) -> None:
        try:
            tally.next(step.title)
            tally.ended(step, attempt(step.title, lambda: do(step), lambda error: error))
        except BaseException:
            stop.cancel()
            raise

    try:
        for going in (False, True):
            some = [step for step in steps if (step.act is Act.TRASH) is going]
            side_by_side(some, one, stop, workers)
    except Cancelled:
        tally.report.cancelled = True
    work.finish()
    return tally.report
