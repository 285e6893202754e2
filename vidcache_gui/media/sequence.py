"""Which files are frames, and in what order: rules for names, nothing else.

The first rule is the published one: ``frame``, perhaps one ``_`` or ``-``, then digits,
anywhere in the name without its last suffix, in any case; the first such place counts.
Where no file is named like that, files that differ only in their last number are frames
(``shot_0001.png``). Order is by the integer, never by the text.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

FRAME = re.compile(r"frame[_-]?(\d+)", re.IGNORECASE)
LAST_NUMBER = re.compile(r"^(.*?)(\d+)$")
DELAY = re.compile(r"delay[_-]?(\d+(?:\.\d+)?)(ms|s)", re.IGNORECASE)
# Suffixes that a folder's look is judged by; contents are checked later.
PICTURES = frozenset(("gif", "png", "apng", "jpg", "jpeg", "webp", "bmp", "tif", "tiff", "avif"))

LEAST_FRAMES = 3  # fewer numbered pictures are just pictures
LEAST_RENDERED = 8
CAMERA = re.compile(r"(img|dsc|dscf|dscn|mvi|pxl|gopr|dji|p|photo|image|screenshot)[_ -]?\d", re.I)
LEAST_SHARE = 0.8  # of the pictures in a folder


@dataclass(frozen=True, slots=True)
class FrameFile:
    """One file of a sequence. ``number_text`` is the number as written, in ASCII digits."""

    name: str
    number: int
    number_text: str
    delay_ms: float | None = None


@dataclass(frozen=True, slots=True)
class SequencePlan:
    """What a folder of names means. With a ``problem`` (a sentence) nothing may be stored."""

    frames: tuple[FrameFile, ...]  # by number
    skipped: tuple[tuple[str, str], ...]  # (name, why)
    gaps: tuple[tuple[int, int], ...]  # missing numbers, inclusive runs
    problem: str | None = None


def plan_sequence(names: Iterable[str], *, renumber: bool = False) -> SequencePlan:
    """Read a folder's file names as frames.

    Two files with one number are a problem, because any choice between them would be a
    guess; ``renumber`` gives 0, 1, 2 … in natural order instead.
    """
    names = sorted(names, key=natural)
    frames, skipped = _read(names)
    if renumber:
        frames = [
            FrameFile(frame.name, place, str(place), frame.delay_ms)
            for place, frame in enumerate(sorted(frames, key=lambda f: natural(f.name)))
        ]
    frames.sort(key=lambda frame: (frame.number, natural(frame.name)))
    problem = None
    for one, two in itertools.pairwise(frames):
        if one.number == two.number:
            problem = (
                f"Two files claim to be frame {one.number}: '{one.name}' and '{two.name}'. "
                "Nothing was added. Rename one, or let VidCache number them anew "
                "(--renumber)."
            )
            break
    gaps = tuple(
        (one.number + 1, two.number - 1)
        for one, two in itertools.pairwise(frames)
        if two.number > one.number + 1
    )
    return SequencePlan(tuple(frames), tuple(skipped), gaps, problem)


def looks_like_sequence(names: Sequence[str]) -> bool:
    """Would a person call a folder of these files one frame sequence?

    Files named ``frame…`` are. Files that only end in a number are when they look rendered
    (``shot_0001.png`` to ``shot_0250.png``: padded, without gaps), not when they look like
    a camera's pictures or a collection of GIFs. A person can always say so instead.
    """
    frames, _ = _by_word(names)
    strong = bool(frames)
    if not strong:
        frames, _ = _by_last_number(sorted(names, key=natural))
    pictures = sum(1 for name in names if _suffix(name) in PICTURES)
    numbered = sum(1 for frame in frames if _suffix(frame.name) in PICTURES)
    bare = sum(1 for frame in frames if not _suffix(frame.name))
    if numbered + bare < LEAST_FRAMES or numbered + bare < LEAST_SHARE * (pictures + bare):
        return False
    return strong or _looks_rendered(frames)


def _looks_rendered(frames: Sequence[FrameFile]) -> bool:
    numbers = sorted(frame.number for frame in frames)
    padded = {len(frame.number_text) for frame in frames} == {len(frames[0].number_text)}
    return (
        len(frames) >= LEAST_RENDERED
        and padded
        and len(frames[0].number_text) >= 3
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and _suffix(frames[0].name) != "gif"
        and not CAMERA.match(frames[0].name)
    )


def frame_key(ball_id: str, file: FrameFile) -> str:
    """The key of a frame's ball: ``video123_007.png`` (numbers past 999 grow longer)."""
    return f"{ball_id}_{file.number:03d}{PurePath(file.name).suffix.lower()}"


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key in which frame 10 comes after frame 9."""
    parts = re.split(r"(\d+)", name.casefold())
    return tuple((1, int(part), part) if part.isdecimal() else (0, 0, part) for part in parts)


def _read(names: Sequence[str]) -> tuple[list[FrameFile], list[tuple[str, str]]]:
    frames, skipped = _by_word(names)
    if frames:
        return frames, skipped
    return _by_last_number(names)


def _by_word(names: Sequence[str]) -> tuple[list[FrameFile], list[tuple[str, str]]]:
    frames, skipped = [], []
    for name in names:
        match = FRAME.search(PurePath(name).stem)
        if match:
            frames.append(_frame(name, match[1]))
        else:
            skipped.append((name, "it has no frame number"))
    return frames, skipped


def _by_last_number(names: Sequence[str]) -> tuple[list[FrameFile], list[tuple[str, str]]]:
    """Files of the commonest (prefix, suffix) that end in a number."""
    parsed: dict[str, tuple[tuple[str, str], str]] = {}
    for name in names:
        match = LAST_NUMBER.match(PurePath(name).stem)
        if match and _suffix(name) in PICTURES:
            parsed[name] = ((match[1], _suffix(name)), match[2])
    shapes = Counter(shape for shape, _ in parsed.values()).most_common(1)
    if not shapes or shapes[0][1] < LEAST_FRAMES:
        return [], [(name, "it has no frame number") for name in names]
    frames, skipped = [], []
    for name in names:
        if name in parsed and parsed[name][0] == shapes[0][0]:
            frames.append(_frame(name, parsed[name][1]))
        else:
            skipped.append((name, "it does not belong to the sequence"))
    return frames, skipped


def _frame(name: str, digits: str) -> FrameFile:
    text = "".join(str(unicodedata.digit(digit)) for digit in digits)
    delay = DELAY.search(name)
    milliseconds = None
    if delay:
        milliseconds = float(delay[1]) * (1000 if delay[2].lower() == "s" else 1)
    return FrameFile(name, int(text), text, milliseconds)


def _suffix(name: str) -> str:
    return PurePath(name).suffix.removeprefix(".").lower()
