"""What a server exposes, to whom, and how much of anything it takes."""

from dataclasses import dataclass, field
from enum import StrEnum

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PORT = 8020


class Protocol(StrEnum):
    """Which of the two clients may speak."""

    VIDCACHE = "vidcache"
    MICTLANX = "mictlanx"


class Access(StrEnum):
    """What clients may do."""

    READ = "read"
    ADD = "add"  # and say other things of what is there
    ALL = "all"  # delete as well, into the trash


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes, for clients that mean no harm and those that do."""

    connections: int = 800  # beyond, the longest idle one makes room
    head: float = 10.0  # from the connection, or the last answer, to a complete request head
    idle: int = 5  # from an answer to the first byte of the next request
    head_bytes: int = 32 * 1024
    stall: float = 30.0  # without one byte, either way
    grace: float = 60.0  # after which an upload must have come at ``slowest`` on average
    slowest: int = 1024  # bytes a second
    json_bytes: int = 1024 * 1024
    body_bytes: int = 64 * 1024**3
    pending: int = 100_000  # uploads announced that have not begun
    pending_seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class Settings:
    """One server. Every port speaks the same protocols."""

    host: str = "127.0.0.1"
    ports: tuple[int, ...] = (PORT,)
    token: str | None = None
    protocols: frozenset[Protocol] = frozenset(Protocol)
    access: Access = Access.ALL
    names: frozenset[str] = frozenset()  # further host names clients may call it by
    downloads: bool = False  # POST /ingest and /download: this machine fetches addresses
    open_to_all: bool = False  # beyond this machine without a token
    keep_similar: bool = True  # False, "as upstream": near duplicates are not stored
    limits: Limits = field(default_factory=Limits)

    @property
    def is_local(self) -> bool:
        return self.host in LOOPBACK
