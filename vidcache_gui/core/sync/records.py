"""What travels between two archives, and what is planned and told about it.

An *entry* has an id: ``f:HASH`` is a file by its content, ``g:…`` a group by bucket and ball_id,
``b:…`` a ball by bucket and key, ``d:…`` a decision about two contents. What is known of it are
*elements* (its state, name, each tag, each detail …), each with the time it was last set, in
milliseconds; one that was taken away has no value but keeps its time.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from blake3 import blake3

from vidcache_gui.errors import UserError

LIVE = "live"
STATE, CONTENT, FACTS = "state", "content", "facts"
FILE, GROUP, BALL, DECISION = "f", "g", "b", "d"
LONGEST_ID = 16_384


class Element(NamedTuple):
    value: Any  # None: it was taken away
    at: int


Elements = dict[str, Element]


@dataclass(frozen=True, slots=True)
class Record:
    """All that one side knows about an entry."""

    id: str
    elements: Elements

    @property
    def kind(self) -> str:
        return self.id[:1]

    @property
    def is_live(self) -> bool:
        return bool(self.value(STATE) == LIVE)

    @property
    def at(self) -> int:
        """When it came, came back, or went."""
        return self.elements[STATE].at if STATE in self.elements else 0

    def value(self, name: str) -> Any:
        element = self.elements.get(name)
        return None if element is None else element.value

    @property
    def hash(self) -> str | None:
        """BLAKE3 of its bytes, where it has some of its own."""
        content = self.value(CONTENT)
        return content[0] if content else None

    @property
    def size(self) -> int:
        content = self.value(CONTENT)
        return int(content[-1]) if content else 0

    @property
    def title(self) -> str:
        """What to call it in sentences."""
        if self.kind == FILE:
            return str(self.value("name") or self.id[2:14])
        if self.kind == DECISION:
            return "what was said of two items"
        bucket, name = split(self.id)
        return f"{bucket}/{name}"

    def values(self) -> dict[str, Any]:
        return {name: one.value for name, one in self.elements.items() if one.value is not None}


def digest(record: Record) -> str | None:
    """16 hexadecimal digits of what is there, whenever it was set; None for what was deleted."""
    if not record.is_live:
        return None
    return short_hash(json.dumps(record.values(), sort_keys=True, separators=(",", ":")))


def short_hash(text: str) -> str:
    return blake3(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def place(id: str) -> str:
    """Where an entry is in the tree of digests."""
    return blake3(id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def joined(kind: str, first: str, second: str) -> str:
    """The id of what has two names; any text will do."""
    return f"{kind}:{len(first)}:{first}:{second}"


def split(id: str) -> tuple[str, str]:
    """The two names in an id. Raises UserError when it is none."""
    length, _, rest = id[2:].partition(":")
    if len(id) > LONGEST_ID or not (length.isascii() and length.isdecimal() and len(length) < 6):
        raise UserError("The other side named something in a way VidCache does not know.")
    end = int(length)
    if rest[end : end + 1] != ":" or not rest[end + 1 :]:
        raise UserError("The other side named something in a way VidCache does not know.")
    return rest[:end], rest[end + 1 :]


class Way(StrEnum):
    BOTH = "both"
    TO = "to"  # from the first to the second only
    FROM = "from"


class Act(StrEnum):
    COPY = "copy"  # bytes the other side does not have
    RESTORE = "restore"  # it was in the trash there, and is newer here
    REPLACE = "replace"  # other content under the same name; what was there goes to the trash
    UPDATE = "update"  # what is said of it
    TRASH = "trash"  # mirroring only
    KEEP = "keep"  # differs, and is left as it is


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do on one side, 0 (the first) or 1."""

    id: str
    act: Act
    side: int
    title: str
    size: int = 0  # bytes to be moved
    why: str = ""  # sentence
    group: str = ""  # of a ball: the id of its group


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen. ``ask``: what it took to find out."""

    steps: tuple[Step, ...]
    way: Way
    mirror: bool
    requests: int = 0
    bytes_asked: int = 0

    @property
    def to_do(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.act is not Act.KEEP)

    @property
    def kept(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.act is Act.KEEP)

    @property
    def size(self) -> int:
        return sum(step.size for step in self.steps)

    def counts(self, side: int) -> dict[str, int]:
        """How often each act is to be done on a side."""
        found: dict[str, int] = {}
        for step in self.to_do:
            if step.side == side:
                found[step.act.value] = found.get(step.act.value, 0) + 1
        return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step. ``error``: a sentence, None where it was done."""

    step: Step
    error: str | None = None


@dataclass
class Report:
    """What a run did."""

    done: int = 0
    moved: int = 0  # bytes
    failures: list[Outcome] = field(default_factory=list)
    cancelled: bool = False


def milliseconds(text: Any) -> int:
    """A time since 1970 in milliseconds, written in seconds, ms, µs or ns: by its digits; 0 for
    what is none."""
    if isinstance(text, bool) or not isinstance(text, (str, int)):
        return 0
    digits = str(text).strip()
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 19:
        return 0
    time = int(digits)
    if 0 < time < 10**11:
        return time * 1000
    while time >= 10**14:
        time //= 1000
    return time
