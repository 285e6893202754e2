"""Comparing the library with itself, in the background, after everything that is more urgent."""

import contextlib
import logging
import os
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.records import Job, JobState
from vidcache_gui.core.similar.records import CheckState
from vidcache_gui.errors import UserError
from vidcache_gui.gui import words
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.similar.match_model import Counts

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

log = logging.getLogger(__name__)

RECOUNT_MS = 700
NICE = 10  # of the thread that compares: the window and what is being added go first


class Checking(QObject):
    """Runs the check as long as the library is open, and knows how far it is."""

    state_changed = Signal(object)  # CheckState
    news = Signal(object)  # CheckState while there is something to tell of, else None
    counts_changed = Signal(object)  # Counts: open matches by relation and tier
    stopped = Signal(str)  # by itself, and why: nobody waits for it, so nobody is disturbed
    failed = Signal(object)  # Exception: what a person asked for was not done

    def __init__(self, library: "Library", background: Background, parent: Any = None) -> None:
        super().__init__(parent)
        self._library = library
        self._background = background
        self._token = CancelToken()
        self._started = False
        self._running = False
        self._busy = False  # something is being brought in: that goes first
        self.problem = ""  # why it stopped by itself
        self.state: CheckState | None = None
        self.counts: Counts = {}
        self._recount = QTimer(self, singleShot=True, interval=RECOUNT_MS)
        self._recount.timeout.connect(self._read_counts)

    def start(self) -> None:
        """Begin or go on. Nothing waits for it."""
        self._started = True
        self.refresh()
        self._run()

    def _run(self) -> None:
        if self._started and not self._running and not self._busy:
            self._running = True
            self.problem = ""
            self._token = token = CancelToken()
            self._background.run(Purpose.CHECK, lambda: self._check(token), self._end, self._fail)

    def stop(self) -> None:
        """At the next item; what is done stays done."""
        self._started = False
        self._recount.stop()
        self._token.cancel()

    def _check(self, token: CancelToken) -> None:
        with contextlib.suppress(AttributeError, OSError):  # not on every platform
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        self._library.check(self._hear, stop=token, forever=True)

    def _hear(self, state: CheckState) -> None:
        """From the thread that compares, and its workers."""
        self._background.tell("check", self._show_state, state)

    def _end(self, _: object) -> None:
        self._running = False
        if self._token.cancelled:  # meanwhile it may be wanted again
            self._run()

    def _fail(self, error: Exception) -> None:
        self._running = False
        log.error("comparing the library stopped", exc_info=error)
        known = isinstance(error, UserError)
        self.problem = str(error) if known else f"{type(error).__name__}: {error}"
        self.stopped.emit(self.problem)
        self.news.emit(None)

    def _show_state(self, state: CheckState) -> None:
        before = self.state
        if before is not None and state.order < before.order:
            return  # what was read arrives at once, what was told a little later
        self.state = state
        if before is None or before.checked != state.checked:
            self.recount()
        self.state_changed.emit(state)
        self.news.emit(None if self.problem or state.done or state.paused else state)

    def make_room(self, jobs: list[Job]) -> None:
        """Stop while something is being brought in, and go on after it."""
        self._busy = any(job.state is JobState.RUNNING and not job.foreign for job in jobs)
        if self._busy:
            self._token.cancel()
        else:
            self._run()

    # Asking and telling

    def refresh(self) -> None:
        self._background.run(Purpose.READ, self._library.check_state, self._show_state)
        self._read_counts()

    def recount(self) -> None:
        """Soon: decisions and new items change what is open."""
        if self._started and not self._recount.isActive():
            self._recount.start()

    def _read_counts(self) -> None:
        self._background.run(Purpose.READ, self._library.match_counts, self._show_counts)

    def _show_counts(self, counts: Counts) -> None:
        if counts != self.counts:
            self.counts = counts
            self.counts_changed.emit(counts)

    def pause(self) -> None:
        self._act(self._library.pause_check)

    def resume(self) -> None:
        self._act(self._library.resume_check)
        self.start()

    def toggle(self) -> None:
        if self.problem:
            self.start()
            return
        paused = self.state is not None and self.state.paused
        (self.resume if paused else self.pause)()

    def rescan(self) -> None:
        """Compare everything again; fingerprints and decisions stay."""
        self._act(self._library.rescan)
        self.start()

    def _act(self, work: Any) -> None:
        self._background.run(Purpose.CATALOG, work, lambda _: self.refresh(), self.failed.emit)


def state_words(state: CheckState) -> str:
    """``12,340 of 15,000 items compared · 3 could not be read``"""
    if not state.total:
        return "Nothing to compare yet"
    readable = state.total - state.failed
    if state.done:
        text = f"All {words.items(readable)} compared" if readable != 1 else "1 item compared"
    else:
        done = min(state.checked, readable)
        text = f"{words.number(done)} of {words.items(readable)} compared"
    if state.failed:
        text += f" · {words.number(state.failed)} could not be read"
    if state.note:
        text += " · the search index was made again"
    if state.paused and not state.done:
        text += " · paused"
    return text


def state_details(state: CheckState) -> str:
    """What the line has no room for."""
    now = f"Now: {state.current}" if state.current else ""
    return "\n".join(line for line in (now, state.note) if line)


def line_words(state: CheckState) -> str:
    """For the activity line: ``Comparing footage: 12,340 of 15,000``"""
    readable = state.total - state.failed
    done = words.number(min(state.checked, readable))
    return f"Comparing footage: {done} of {words.number(readable)}"


def permille(state: CheckState) -> int:
    """Half of the work is looking at items, the other half is comparing them."""
    readable = max(1, state.total - state.failed)
    return min(1000, 500 * (state.fingerprinted + state.checked) // readable)
