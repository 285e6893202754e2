"""Comparing and synchronising, away from the window."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.sync.pair import Pair
from vidcache_gui.core.sync.records import Outcome, Plan, Report, Way
from vidcache_gui.errors import Cancelled
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.export.run import Host

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person chose. ``other``: a folder, an address, or the name of a remote."""

    other: str
    way: Way
    mirror: bool = False
    token: str | None = None


class SyncRun(QObject):
    """One piece of work at a time; it ends with one of the last four signals."""

    found = Signal(int)  # differences so far
    progressed = Signal(int, object, str)  # steps done, bytes moved, what is next
    told = Signal(object)  # list[Outcome]
    compared = Signal(object)  # Plan
    finished = Signal(object)  # Report
    failed = Signal(str)
    stopped = Signal()

    def __init__(self, session: Host, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._token: CancelToken | None = None
        self._outcomes: list[Outcome] = []
        session.closing.connect(self.cancel)

    @property
    def running(self) -> bool:
        return self._token is not None

    def cancel(self) -> None:
        if self._token is not None:
            self._token.cancel()

    def compare(self, wish: Wish) -> None:
        background = self._session.background

        def work(pair: Pair, stop: CancelToken) -> Plan:
            return pair.plan(
                wish.way, mirror=wish.mirror, stop=stop,
                on_found=lambda count: background.tell((self, "found"), self._hear_found, count),
            )  # fmt: skip

        self._start(wish, work, self._end_compare)

    def carry_out(self, wish: Wish, plan: Plan) -> None:
        background = self._session.background

        def progress(done: int, moved: int, title: str) -> None:
            background.tell((self, "progress"), self._hear_progress, (done, moved, title))

        def outcome(told: Outcome) -> None:
            self._outcomes.append(told)

        def work(pair: Pair, stop: CancelToken) -> Report:
            return pair.carry_out(plan, stop=stop, on_progress=progress, on_outcome=outcome)

        self._start(wish, work, self._end_run)

    def _start(
        self, wish: Wish, work: Callable[[Pair, CancelToken], T], done: Callable[[T], None]
    ) -> None:
        stop = self._token = CancelToken()
        library = self._session.library

        def run() -> T:
            from vidcache_gui.interfaces.sync.ends import opened_pair  # the network: when needed

            try:
                with opened_pair(library, wish.other, token=wish.token) as pair:
                    return work(pair, stop)
            except Cancelled as error:
                raise InterruptedError from error  # the bridge keeps silent about cancelled work

        self._session.background.run(Purpose.WORK, run, done, self._end_badly)

    def _hear_found(self, count: int) -> None:
        if self.running:
            self.found.emit(count)

    def _hear_progress(self, value: tuple[int, int, str]) -> None:
        if self.running:
            self.progressed.emit(*value)
            self._tell()

    def _tell(self) -> None:
        outcomes, self._outcomes = self._outcomes, []
        if outcomes:
            self.told.emit(outcomes)

    def _end_compare(self, plan: Plan) -> None:
        self._token = None
        self.compared.emit(plan)

    def _end_run(self, report: Report) -> None:
        self._token = None
        self._tell()
        self._session.look_for_changes()
        self.finished.emit(report)

    def _end_badly(self, error: Exception) -> None:
        self._token = None
        self._tell()
        self._session.look_for_changes()
        if isinstance(error, InterruptedError):
            self.stopped.emit()
        else:
            self.failed.emit(str(error))
