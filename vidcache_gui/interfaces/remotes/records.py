"""What remotes store, as values whose fields have been looked at."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from vidcache_gui.interfaces.remotes.checking import HASH
from vidcache_gui.interfaces.remotes.http import plain

LARGEST = 2**62
LONGEST_TAG = 64 * 1024

Opener = Callable[[], AbstractContextManager[BinaryIO]]  # the bytes from the start, once more
OnBytes = Callable[[int], None]  # hears how many more are done; less than none: begun again


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One stored file of a vidcache server."""

    hash: str  # BLAKE3
    name: str
    size: int
    mime: str = ""
    bucket: str = ""
    prefix: str = ""
    url: str | None = None
    duration: float | None = None  # seconds
    created_at: str = ""  # ISO 8601


@dataclass(frozen=True, slots=True)
class RemoteBall:
    """One datum: a frame, a chunk of a file, or anything."""

    bucket: str
    key: str
    ball_id: str
    size: int
    checksum: str  # SHA-256, or whatever its writer said
    tags: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/octet-stream"
    producer_id: str = ""
    is_disabled: bool = False

    @property
    def sha256(self) -> str | None:
        """The checksum where it can be one."""
        return self.checksum if HASH.fullmatch(self.checksum) else None

    @property
    def frame_number(self) -> int | None:
        return whole(self.tags.get("frame_number"))

    @property
    def updated_at(self) -> int:
        """Milliseconds, whatever unit its writer used; 0 where nothing is said."""
        return milliseconds(whole(self.tags.get("updated_at")) or 0)


def remote_file(given: Any) -> RemoteFile | None:
    """A row of ``/browse``; None for one that names no content."""
    if not isinstance(given, dict):
        return None
    hash = text(given.get("hash")).lower()
    if not HASH.fullmatch(hash):
        return None
    return RemoteFile(
        hash, text(given.get("filename"))[:500] or hash[:12], whole(given.get("size_bytes")) or 0,
        text(given.get("mime_type")), text(given.get("bucket")), text(given.get("prefix")),
        text(given.get("url") or given.get("source_url")) or None,
        _length(given.get("duration_s")),
        text(given.get("created_at")),
    )  # fmt: skip


def remote_ball(given: Any, bucket: str) -> RemoteBall | None:
    """Metadata as MictlanX sends it; None for what is none."""
    if not isinstance(given, dict):
        return None
    key, size = given.get("key"), whole(given.get("size"))
    if not isinstance(key, str) or not key or plain(key, 512) != key or size is None:
        return None  # a key with control characters could not be shown, nor asked for
    tags = given.get("tags")
    pairs = tags.items() if isinstance(tags, dict) else ()
    return RemoteBall(
        text(given.get("bucket_id")) or bucket, key, text(given.get("ball_id")) or key, size,
        text(given.get("checksum")).lower(),
        {name: value for name, value in pairs
         if isinstance(value, str) and len(value) <= LONGEST_TAG and is_text(name + value)},
        text(given.get("content_type")) or "application/octet-stream",
        text(given.get("producer_id")),
        given.get("is_disabled") is True or given.get("is_disable") is True,
    )  # fmt: skip


def text(value: Any) -> str:
    """Text as one line; what is none is empty."""
    return plain(value, 16_384) if isinstance(value, str) else ""


def _length(value: Any) -> float | None:
    is_one = isinstance(value, (int, float)) and 0 <= value < LARGEST  # which no NaN is
    return float(value) if is_one else None


def is_text(value: str) -> bool:
    """Whether it can be stored: no half characters."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def whole(value: Any) -> int | None:
    """A whole number from 0, also as ``"7"`` or ``2.0``; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and 0 <= value < LARGEST else None


def milliseconds(time: int) -> int:
    """A time since 1970 in milliseconds, given in seconds, ms, µs or ns: by its size."""
    while time >= 10**14:
        time //= 1000
    return time * 1000 if 0 < time < 10**11 else time
