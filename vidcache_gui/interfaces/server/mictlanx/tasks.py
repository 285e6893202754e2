"""What was announced and waits for its bytes."""

from dataclasses import dataclass, replace

from vidcache_gui.core.balls import BallFacts
from vidcache_gui.interfaces.server.pending import Pending, weight


@dataclass(frozen=True, slots=True)
class Task:
    facts: BallFacts
    size: int
    checksum: str  # as announced


class Tasks:
    """The announced puts of one server. Used in its one thread."""

    def __init__(self, pending: Pending[Task]) -> None:
        self._pending = pending

    def add(self, task: Task, id: str | None) -> str:
        facts = task.facts
        size = weight(facts.key, facts.ball_id, facts.producer_id, task.checksum, facts.tags)
        return self._pending.add(task, size, id)

    def get(self, id: str) -> Task | None:
        return self._pending.get(id)

    def done(self, id: str) -> None:
        """It is stored: the id is used up. (After a failure it may be tried again.)"""
        self._pending.take(id)

    def clear(self) -> None:
        self._pending.clear()

    def disable(self, bucket: str, key: str) -> bool:
        """Flag what is announced under this key; False when nothing is."""
        return self._pending.change(
            lambda task: (
                replace(task, facts=replace(task.facts, is_disabled=True))
                if (task.facts.bucket, task.facts.key) == (bucket, key)
                else None
            )
        )
