"""Working through a library: fingerprints first, comparisons as they become possible.

What is left to do is in the catalog's rows and each step is one transaction, so killing the
process at any moment loses nothing but the step it was at.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import rows
from vidcache_gui.core.database import Database
from vidcache_gui.core.review import layout
from vidcache_gui.core.similar import families, found, prints
from vidcache_gui.core.similar import state as states
from vidcache_gui.core.similar.compare import Comparer
from vidcache_gui.core.similar.records import CheckState
from vidcache_gui.errors import Cancelled

log = logging.getLogger(__name__)

TICK = 0.1  # seconds between two looks at what workers and people did
IDLE = 2.0  # seconds between two looks for work, which other processes may bring

OnCheck = Callable[[CheckState], None]


class Checker:
    """The check of one library, as this process sees it."""

    def __init__(self, database: Database, run: Path, comparer: Comparer) -> None:
        self._database = database
        self._run = run
        self._comparer = comparer
        self._wake = threading.Event()
        self._given_up: set[str] = set()  # what a bug keeps from being compared
        self._renewed = False
        self.current = ""  # the name of what is being looked at

    def wake(self) -> None:
        self._wake.set()

    def _state(self, running: bool) -> CheckState:
        note = self._comparer.sidecar.said
        return states.read(self._database, running=running, current=self.current, note=note)

    def run(self, on_event: OnCheck, stop: CancelToken, *, forever: bool) -> None:
        """See :meth:`core.similar.facade.Similar.check`."""
        told: CheckState | None = None

        def tell(state: CheckState) -> None:
            nonlocal told
            told = state
            on_event(state)

        while not stop.cancelled:
            lock = states.lock_for_check(self._run)
            ours = lock.acquire()
            try:
                if ours:
                    _Round(self, tell, stop).run()
            except Cancelled:
                return
            finally:
                lock.release()
            self.current = ""
            state = self._state(running=not ours)
            if state != told:
                tell(state)
            if not forever and (ours or state.paused or state.done):
                return
            self._wake.wait(IDLE if ours else TICK * 5)
            self._wake.clear()


class _Round:
    """One run through what is left, until nothing is, or somebody wants it to stop."""

    def __init__(self, checker: Checker, on_event: OnCheck, stop: CancelToken) -> None:
        self.checker = checker
        self.database = checker._database
        self.comparer = checker._comparer
        self.on_event = on_event
        self.stop = stop
        self.flying: dict[Future[Any], str] = {}
        self.after = 0  # the last waiting row that was taken
        self.compared = False
        self._next_telling = 0.0

    def run(self) -> None:
        if not self.checker._renewed:
            with self.database.write():
                if prints.renew():
                    prints.forget_comparisons(recompute=False)
                    found.start_round()
            self.checker._renewed = True
        if not self._is_work():
            return
        try:
            while not self._is_over():
                self._tell()
                if self.comparer.sidecar.behind() > 0 and self.comparer.sidecar.catch_up():
                    continue
                self._fill()
                compared = self._compare_one()
                if not self.flying and not compared:
                    self._end()
                    return
                self._collect(0 if compared else TICK)
        finally:
            self._let_go()
            self.comparer.sidecar.save()

    def _is_work(self) -> bool:
        with self.database.read():
            return not states.is_paused() and bool(
                prints.waiting(0, 1) or prints.unchecked(1) or found.is_stale()
            )

    def _is_over(self) -> bool:
        if self.stop.cancelled:
            return True
        with self.database.read():
            return states.is_paused()

    def _fill(self) -> None:
        """Give every worker something to look at."""
        room = self.comparer.looker.pool.workers + 1 - len(self.flying)
        if room <= 0:
            return
        with self.database.read():
            for row_id, item_id in prints.waiting(self.after, room):
                self.after = row_id
                items = rows.get_items([item_id])
                if not items or not self.comparer.claim(items[0].hash):
                    continue
                self.checker.current = items[0].name
                future = self.comparer.looker.submit_item(items[0])
                self.flying[future] = items[0].hash

    def _collect(self, timeout: float) -> None:
        if not self.flying:
            return
        done, _ = wait(self.flying, timeout=timeout, return_when=FIRST_COMPLETED)
        for future in [future for future in self.flying if future in done]:
            hash = self.flying.pop(future)
            try:
                self.comparer.keep(hash, future)
            finally:
                self.comparer.let_go(hash)

    def _compare_one(self) -> bool:
        """Compare the next content that is fingerprinted; False when there is none."""
        given_up = self.checker._given_up
        with self.database.read():
            ready = [h for h in prints.unchecked(len(given_up) + 1) if h not in given_up]
        if not ready:
            return False
        try:
            if not self.comparer.compare(ready[0]):
                given_up.add(ready[0])
            self.compared = True
        except Cancelled:
            raise
        except Exception:
            log.exception("comparing %s failed", ready[0])
            given_up.add(ready[0])
        return True

    def _end(self) -> None:
        """Everything was compared: what was found earlier and not again is out of date, and
        shared segments no longer depend on what was compared first."""
        with self.database.write():
            if prints.waiting(0, 1) or prints.unchecked(1):
                return
            if not self.compared and not found.is_stale():
                return
            lost = found.end_round()
            families.rebuild()
            layout.settle()  # the queue opens at once
            rows.note_change("matched", lost)

    def _let_go(self) -> None:
        """What is queued goes back; what a worker is at is finished, unless all has to stop."""
        for future, hash in list(self.flying.items()):
            if future.cancel() or self.stop.cancelled:
                self.comparer.let_go(hash)
                del self.flying[future]
        while self.flying:
            self._collect(TICK)

    def _tell(self) -> None:
        now = time.monotonic()
        if now < self._next_telling:
            return
        self.on_event(self.checker._state(running=True))
        cost = time.monotonic() - now
        self._next_telling = now + max(TICK, 20 * cost)  # a large library takes its time to count
