"""What can be one of the two sides of a synchronisation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.sync.difference import Summed
from vidcache_gui.core.sync.records import Act, Record
from vidcache_gui.media.types import Inspection

OnBytes = Callable[[int], None]
Sink = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Write:
    """What one entry is to become. ``group``: of a ball, what is said of its group."""

    target: Record
    act: Act
    before: Record | None = None  # what this was decided from
    group: Record | None = None


class Source(Protocol):
    """Where bytes come from."""

    title: str

    def open(self, record: Record, stop: CancelToken) -> BinaryIO:
        """The same to be read; the caller closes it."""
        ...

    def copy(
        self,
        record: Record,
        out: Sink,
        stop: CancelToken,
        on_bytes: OnBytes = lambda _: None,
        partial: Path | None = None,
    ) -> None:
        """Write the bytes of a file or ball. ``partial``: a file that is not there yet, or
        holds what came before this broke off. Raises UserError, Cancelled."""
        ...

    def seen(self, hash: str) -> Inspection | None:
        """What is known of a content without looking at it again."""
        ...


class Side(Summed, Source, Protocol):
    """An archive that sums up what it holds."""

    def refresh(self) -> None:
        """Sum up what changed since."""
        ...

    def records(self, ids: Sequence[str]) -> Mapping[str, Record]:
        """What is known of entries just now, also of deleted ones; unknown ones are left out."""
        ...

    def missing(self, records: Sequence[Record]) -> set[str]:
        """Ids of those whose bytes are not here."""
        ...

    def write(
        self, writes: Sequence[Write], source: Source, stop: CancelToken, on_bytes: OnBytes
    ) -> list[str | None]:
        """Make entries what they are to be, durable at return; for each None or why not
        (a sentence). Raises Cancelled, and UserError where none of them can be done."""
        ...

    def finish(self, stop: CancelToken) -> None:
        """Everything has come: look at groups that grew."""
        ...

    @property
    def asked(self) -> tuple[int, int]:
        """(requests, bytes) it took so far to ask this side."""
        ...
