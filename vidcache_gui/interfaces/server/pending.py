"""What was announced and has not come yet: kept for an hour, and only so much of it."""

import sys
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_BYTES = 64 * 1024 * 1024
RECORD = 500  # bytes of what holds an announcement together


def weight(*values: object) -> int:
    """Bytes of memory that values from JSON take, which may be fifty times those of the JSON."""
    total, left = RECORD, list(values)
    while left:
        value = left.pop()
        total += sys.getsizeof(value)
        if isinstance(value, Mapping):
            left += value
            left += value.values()
        elif isinstance(value, (list, tuple)):
            left += value
    return total


class Pending(Generic[T]):
    """Values by id, the oldest first to go. Used in the server's one thread."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._values: dict[str, tuple[float, int, T]] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._values)

    def add(self, value: T, size: int, id: str | None = None) -> str:
        """Keep ``value``, which takes ``size`` bytes; its id, unless one is given."""
        id = id or uuid.uuid4().hex
        self.take(id)
        self._values[id] = (self._clock() + self._seconds, size, value)
        self._bytes += size
        self._expire()
        return id

    def get(self, id: str) -> T | None:
        self._expire()
        found = self._values.get(id)
        return None if found is None else found[2]

    def take(self, id: str) -> T | None:
        """The value, which is kept no longer."""
        self._expire()
        found = self._values.pop(id, None)
        if found is None:
            return None
        self._bytes -= found[1]
        return found[2]

    def change(self, change: Callable[[T], T | None]) -> bool:
        """Put another value in the place of each for which there is one; True if any was."""
        self._expire()
        changed = False
        for id, (until, size, value) in self._values.items():
            other = change(value)
            if other is not None:
                self._values[id] = (until, size, other)
                changed = True
        return changed

    def clear(self) -> None:
        self._values.clear()
        self._bytes = 0

    def _expire(self) -> None:
        now = self._clock()
        while self._values:
            id, (until, size, _) = next(iter(self._values.items()))
            full = len(self._values) > self._most or self._bytes > MOST_BYTES
            if until > now and not full:
                return
            del self._values[id]
            self._bytes -= size
