"""The pictures two items show at the same times, laid over each other."""

import bisect
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.errors import UserError
from vidcache_gui.media.boxes import Box
from vidcache_gui.media.quality.records import Material, Stretch
from vidcache_gui.media.types import Frame, FrameSource, Kind, MediaFacts

Luma = NDArray[np.uint8]  # (h, w)
Grey = NDArray[np.float32]

TIMES = 8  # pictures that are compared
MARGIN = 0.06  # of a stretch, at both ends: matches end a little sooner or later than measured
NEAR = 0.1  # seconds before and after, in which the frame that shows the same is looked for
SMALL = (96, 96)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One decoded picture: its luma, and its mean distance from grey in levels."""

    luma: Luma
    colour: float


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """What both show at one time: whole upright pictures of both, b's laid as a's."""

    a: Shot
    b: Shot
    stretch: Stretch


@contextmanager
def opened(material: Material) -> Iterator[FrameSource]:
    """Raises UserError for what cannot be shown."""
    if material.kind is Kind.FRAMES:
        from vidcache_gui.media.frames_source import SequenceSource

        numbers = range(len(material.paths))
        delays = [seconds * 1000 for seconds in material.delays]
        source: FrameSource = SequenceSource(material.paths, numbers, delays)
    else:
        from vidcache_gui.media.source import open_source

        facts = MediaFacts(
            material.kind, "", material.extension, rotation=material.rotation
        )  # fmt: skip
        source = open_source(material.paths, facts, material.index)
    try:
        yield source
    finally:
        source.close()


def pairs(a: FrameSource, b: FrameSource, stretches: Sequence[Stretch]) -> list[Pair]:
    """Up to TIMES pairs; fewer where pictures cannot be read. Longest stretches first."""
    places = _places(stretches)
    seen_a = _read(a, [time for _, time, _ in places])
    seen_b = _around(b, [time for _, _, time in places])
    found = []
    for (stretch, _, time_b), one in zip(places, seen_a, strict=True):
        near = seen_b.get(time_b, [])
        if one is None or not near:
            continue
        laid = [Shot(laid_over(shot.luma, stretch), shot.colour) for shot in near]
        found.append(Pair(one, max(laid, key=lambda s: _likeness(one, s, stretch)), stretch))
    return found


def laid_over(luma: Luma, stretch: Stretch) -> Luma:
    """b's picture mirrored and turned as the match says."""
    if stretch.mirrored:
        luma = luma[:, ::-1]
    return np.ascontiguousarray(np.rot90(luma, -stretch.rotation // 90))


def _places(stretches: Sequence[Stretch]) -> list[tuple[Stretch, float, float]]:
    """(stretch, time in a, time in b) of the pictures to compare."""
    longest = sorted(stretches, key=lambda s: s.a0 - s.a1)[:3]
    total = sum(s.a1 - s.a0 for s in longest)
    if total <= 0:  # still pictures
        return [(s, s.a0, s.b0) for s in longest[:1]]
    places = []
    for stretch in longest:
        count = max(1, round(TIMES * (stretch.a1 - stretch.a0) / total))
        for at in range(count):
            part = MARGIN + (1 - 2 * MARGIN) * (at + 0.5) / count
            places.append((
                stretch, stretch.a0 + part * (stretch.a1 - stretch.a0),
                stretch.b0 + part * (stretch.b1 - stretch.b0),
            ))  # fmt: skip
    return sorted(places, key=lambda place: place[1])


def frame_at(source: FrameSource, time: float) -> int:
    """The number of the frame that is shown at a time."""
    return min(source.count - 1, max(0, bisect.bisect_right(source.starts, time + 1e-6) - 1))


def _read(source: FrameSource, times: Sequence[float]) -> list[Shot | None]:
    return [next(iter(_shots(source, at, at)), None) for at in (frame_at(source, t) for t in times)]


def _around(source: FrameSource, times: Sequence[float]) -> dict[float, list[Shot]]:
    """Shots near each of these times; read in order, since going back costs most."""
    found = {}
    for time in sorted(times):
        at = frame_at(source, time)
        first = max(0, min(frame_at(source, time - NEAR), at - 1))
        last = min(source.count - 1, max(frame_at(source, time + NEAR), at + 1))
        found[time] = _shots(source, first, last)
    return found


def _shots(source: FrameSource, first: int, last: int) -> list[Shot]:
    try:
        return [shot(frame) for frame in source.frames(first, last, prefix=False)
                if first <= frame.index <= last]  # fmt: skip
    except UserError:
        return []  # a damaged place says nothing about the others


def shot(frame: Frame) -> Shot:
    rows = np.frombuffer(frame.data, np.uint8, frame.height * frame.stride)
    bgra = rows.reshape(frame.height, frame.stride)[:, : frame.width * 4].reshape(
        frame.height, frame.width, 4
    )
    blue, green, red = (bgra[:, :, channel].astype(np.uint16) for channel in range(3))
    luma = ((blue * 29 + green * 150 + red * 77 + 128) >> 8).astype(np.uint8)
    some = bgra[::8, ::8, :3].astype(np.int16)
    return Shot(luma, float((some.max(axis=2) - some.min(axis=2)).mean()))


def cut(luma: Luma, box: Box) -> Luma:
    """The part of a picture within a box."""
    height, width = luma.shape
    left, right = round(box[0] * width), round(box[2] * width)
    top, bottom = round(box[1] * height), round(box[3] * height)
    return luma[top : max(bottom, top + 1), left : max(right, left + 1)]


def shrunk(luma: Luma, size: tuple[int, int]) -> Grey:
    """(height, width) = ``size``, by averages over areas."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(luma))
    return np.asarray(image.resize(size[::-1], Image.Resampling.BOX), np.float32)


def _likeness(one: Shot, other: Shot, stretch: Stretch) -> float:
    return correlation(
        shrunk(cut(one.luma, stretch.box_a), SMALL), shrunk(cut(other.luma, stretch.box_b), SMALL)
    )


def correlation(x: Grey, y: Grey) -> float:
    x, y = x - x.mean(), y - y.mean()
    power = float((x * x).sum()) * float((y * y).sum())
    return float((x * y).sum()) / (math.sqrt(power) + 1e-6)
