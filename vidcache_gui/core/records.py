"""Frozen values that cross every boundary of the core. peewee rows never do.

Times are integer milliseconds since 1970 UTC, sizes are bytes, durations are seconds.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from vidcache_gui.media.types import Kind

DEFAULT_DELAY_MS = 40.0  # how long a frame of a group stays where nothing says so


class Status(StrEnum):
    """What became of one source."""

    NEW = "new"
    DUPLICATE = "duplicate"  # these bytes are already here; the source is remembered
    URL_ALIAS = "url_alias"  # this address is already known; nothing was downloaded
    SKIPPED = "skipped"  # not media, or nothing to do; the reason says which
    FAILED = "failed"  # could not be read or stored; can be retried


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the browser shows: a video, an animation, a picture, a frame group, or what
    programs stored that is none of these."""

    id: int
    kind: Kind
    hash: str  # BLAKE3 of the bytes; for a group BLAKE3 of its balls' hashes in order
    name: str
    bucket: str
    prefix: str
    size: int
    added_at: int
    ball_id: str | None = None  # groups only: frames, or the chunks of a file
    width: int = 0
    height: int = 0
    frame_count: int = 0
    duration: float | None = None  # None for sequences: their delay decides
    delay_ms: float | None = None  # groups: the delay people chose for this group, if any
    fps: float | None = None
    codec: str = ""
    mime: str = ""
    damaged: str | None = None  # plain sentence
    removed_at: int | None = None  # in the trash since
    tags: tuple[str, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether its bytes are those of its balls, not of one file."""
        return self.ball_id is not None


@dataclass(frozen=True, slots=True)
class Alias:
    source: str  # an address, an absolute path, or export:HASH#frames=FIRST-LAST
    kind: str  # "url" | "path" | "export"
    first_seen: int
    last_seen: int


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A frame people want to find again."""

    frame: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemDetails:
    """All facts about one item, for the inspector and ``vidcache show``."""

    item: Item
    aliases: tuple[Alias, ...]
    meta: dict[str, Any] | None
    facts: dict[str, Any]  # MediaFacts as a dict, for kinds that have them
    sha256: str | None = None
    gaps: tuple[tuple[int, int], ...] = ()  # missing frame_numbers of a group, inclusive runs
    bookmarks: tuple[Bookmark, ...] = ()
    delays: dict[int, float] = field(default_factory=dict)  # ms of single frames, by people


@dataclass(frozen=True, slots=True)
class Ball:
    bucket: str
    ball_id: str
    key: str
    hash: str  # blob
    size: int
    checksum: str  # SHA-256, lower-case hex
    content_type: str
    producer_id: str
    tags: dict[str, str]
    frame_number: int | None
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What the browser lists. Immutable: a changed filter is a new listing."""

    text: str = ""
    bucket: str | None = None
    prefix: str | None = None  # this prefix and everything below it
    kind: Kind | None = None
    tag: str | None = None
    trash: bool = False  # True: only what is in the trash
    damaged: bool = False  # True: only damaged items
    added_since: int | None = None  # only what was added at this time or later
    sort: str = "added"  # added | name | size | duration | frames
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """A query cut into keyset pages: ``anchors[k]`` is the key just before page k."""

    count: int
    page_size: int
    anchors: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class BucketCount:
    name: str
    count: int
    prefixes: tuple[tuple[str, int], ...] = ()  # (prefix, items), sorted


@dataclass(frozen=True, slots=True)
class Stats:
    items: int
    videos: int
    animations: int
    images: int
    groups: int
    balls: int
    blobs: int
    bytes: int
    aliases: int
    damaged: int
    trashed: int
    buckets: int


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What became of one source of an ingest; what ``--json`` prints."""

    source: str
    status: Status
    hash: str | None = None
    file_path: str | None = None  # of the blob, relative to the library folder
    reason: str | None = None  # plain sentence
    item_id: int | None = None
    name: str = ""
    kind: Kind | None = None
    size: int = 0
    damaged: str | None = None
    position: int = 0  # place in the job, from 0
    phash_distance: int | None = None  # to the best match, bits of 64
    duplicate_of: str | None = None  # content hash of the best certain or likely match
    look_alike: str | None = None  # sentence: what it looks like, and where
    remembered: str | None = None  # sentence: when it, or what looks like it, was deleted


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a job stands. Totals grow while folders are still being walked (``counting``)."""

    job_id: int
    state: JobState
    counting: bool
    sources_done: int
    sources_total: int
    bytes_done: int
    bytes_total: int
    rate: float = 0.0  # bytes per second, smoothed
    seconds_left: float | None = None
    current: str = ""
    counts: dict[str, int] = field(default_factory=dict)  # by Status value


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    state: JobState
    title: str
    created_at: int
    finished_at: int | None
    sources_total: int
    sources_done: int
    counts: dict[str, int]
    options: dict[str, Any]
    foreign: bool = False  # another process is working on it


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write changed. Views update these rows and never reset."""

    added: tuple[int, ...] = ()  # item ids now visible outside the trash
    removed: tuple[int, ...] = ()  # item ids now in the trash, or gone
    updated: tuple[int, ...] = ()
    jobs: tuple[int, ...] = ()
    buckets: bool = False  # counts by bucket, prefix or tag changed
    matches: bool = False  # which items match, or what was said of them, changed
    label: str = ""  # "Remove 3 items": what Undo will say
    note: str = ""  # sentence: what an undo had to leave as it is

    def __bool__(self) -> bool:
        items = self.added or self.removed or self.updated
        return bool(items or self.jobs or self.buckets or self.matches)


@dataclass(frozen=True, slots=True)
class UndoEntry:
    id: int
    at: int
    label: str
    undone: bool
    possible: bool = True  # something it was about is still here, so it can be undone, or redone
    next_redo: bool = False  # what Redo would make again


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing ``verify`` found. Nothing is ever changed by looking."""

    problem: str  # missing | changed | unknown | unreadable | leftover | wrong
    hash: str
    path: str
    detail: str
    items: tuple[int, ...] = ()
