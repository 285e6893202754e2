"""Frozen values of bulk jobs, and what an action is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.records import JobState

HANDED = "bulk:"  # sources that are bytes a program handed over, kept until they are put
UNREADABLE = ""  # the action of a line that could not be read: a failure from the start


class BulkStatus(StrEnum):
    """What became of one item of a job."""

    SUCCEEDED = "succeeded"
    SKIPPED = "skipped"  # it was so already, or is nothing for a library; the reason says which
    FAILED = "failed"  # the reason says why; it can be tried again


@dataclass(frozen=True, slots=True)
class BulkItem:
    """One thing to do. ``options`` are the columns of a manifest that have something in them."""

    action: str
    options: Mapping[str, Any]
    line: int | None = None  # of the manifest, from 1
    problem: str | None = None  # why it cannot be done at all: a failure from the start
    id: int = 0  # of its row, once it has one
    job_id: int = 0
    made: str | None = None  # what an earlier attempt had ready when it was cut short

    @property
    def label(self) -> str:
        """What it is about, for people."""
        if self.problem is not None:
            return f"line {self.line}" if self.line else self.action
        if title := self.options.get("title"):
            return str(title)
        handed = str(self.options.get("source", "")).startswith(HANDED)
        for names in (("source",), ("item",), ("bucket", "key"), ("bucket", "ball_id")):
            if all(self.options.get(name) for name in names) and not (handed and "source" in names):
                text = "/".join(str(self.options[name]) for name in names)
                number = self.options.get("frame_number")
                return text if number is None else f"{text} frame {number}"
        return self.action


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an action ended. Failing is raising UserError."""

    status: BulkStatus = BulkStatus.SUCCEEDED
    reason: str | None = None  # sentence
    size: int = 0  # bytes moved
    item_id: int | None = None
    path: str | None = None  # what was written


class Action(Protocol):
    """One kind of thing a bulk job does. ``columns``: what it takes; True: it cannot do without.

    The same instance works in many threads at once.
    """

    @property
    def name(self) -> str: ...

    @property
    def columns(self) -> Mapping[str, bool]: ...

    def check(self, item: BulkItem) -> str:
        """What it would do, in a sentence, without doing it. Raises UserError if it could not."""
        ...

    def run(self, item: BulkItem, stop: CancelToken, progress: Callable[[int], None]) -> Outcome:
        """Do it; doing it again must change nothing. ``progress`` hears of more bytes moved.

        Raises UserError when it cannot be done, Cancelled when it was told to stop.
        """
        ...


@runtime_checkable
class Closable(Protocol):
    """An action that holds something until the library is closed."""

    def close(self) -> None: ...


class JoinedAction(Action, Protocol):
    """Of which many are done in one transaction, much faster than one by one."""

    def run_joined(self, items: Sequence[BulkItem], stop_on_failure: bool) -> "list[BulkResult]":
        """Do these and record it; with ``stop_on_failure`` none behind the first that fails."""
        ...


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one item of a job."""

    job_id: int
    position: int  # place in the job; counts up
    action: str
    label: str
    status: BulkStatus
    reason: str | None = None
    size: int = 0
    item_id: int | None = None
    path: str | None = None
    line: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BulkJob:
    """A job and where it stands."""

    id: int
    name: str
    state: JobState
    total: int
    succeeded: int
    failed: int
    skipped: int
    size: int  # bytes moved
    seconds: float  # worked on it
    concurrency: int
    stop_on_failure: bool
    closed: bool
    created_at: int
    finished_at: int | None
    note: str | None = None  # sentence: why it stopped by itself
    foreign: bool = False  # another process is working on it

    @property
    def done(self) -> int:
        return self.succeeded + self.failed + self.skipped

    @property
    def bytes_per_second(self) -> float:
        return self.size / self.seconds if self.seconds > 0 else 0.0

    @property
    def items_per_second(self) -> float:
        return self.done / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class BulkProgress:
    """News of a job on its way."""

    job: BulkJob
    size: int  # bytes moved, those of unfinished items included
    expected: int = 0  # bytes to be moved in all; 0: not known
    rate: float = 0.0  # items a second, smoothed
    speed: float = 0.0  # bytes a second, smoothed; 0: of no interest
    seconds_left: float | None = None
    current: str = ""


@dataclass(frozen=True, slots=True)
class BulkReport:
    """A job that is over: what :meth:`Library.await_bulk` answers."""

    job: BulkJob
    successes: tuple[BulkResult, ...]  # skipped ones among them
    failures: tuple[BulkResult, ...]
