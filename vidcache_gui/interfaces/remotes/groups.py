"""The groups of a bucket, from a list of its balls in any order."""

from collections.abc import Iterable
from dataclasses import dataclass

from vidcache_gui.interfaces.remotes.extras import from_tags
from vidcache_gui.interfaces.remotes.layout import COUNT, INDEX, GroupKind
from vidcache_gui.interfaces.remotes.records import RemoteBall


@dataclass
class Group:
    """Balls that share a ``ball_id``: how many, how large, and what they are together."""

    ball_id: str
    name: str = ""  # of the file, or what people called it
    parts: int = 0
    size: int = 0  # bytes
    mime: str = ""
    updated_at: int = 0  # milliseconds
    _numbered: int = 0
    _chunks: int = 0

    @property
    def kind(self) -> GroupKind:
        if self._numbered == self.parts:
            return GroupKind.SEQUENCE
        whole_file = self._chunks == self.parts or self.parts == 1
        return GroupKind.FILE if whole_file else GroupKind.SET

    def take(self, ball: RemoteBall) -> None:
        self.parts += 1
        self.size += ball.size
        self.mime = self.mime or ball.content_type
        self.updated_at = max(self.updated_at, ball.updated_at)
        self._numbered += ball.frame_number is not None
        is_chunk = INDEX in ball.tags and COUNT in ball.tags
        self._chunks += is_chunk
        if not self.name:
            own = ball.tags.get("fullname", "") if is_chunk else ""
            self.name = from_tags(ball.tags).name or own


def groups(balls: Iterable[RemoteBall]) -> list[Group]:
    """In the order in which their first ball is listed. Holds one record a group, not a ball;
    disabled balls count as gone."""
    found: dict[str, Group] = {}
    for ball in balls:
        if not ball.is_disabled:
            found.setdefault(ball.ball_id, Group(ball.ball_id)).take(ball)
    return list(found.values())
