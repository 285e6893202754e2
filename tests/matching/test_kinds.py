"""What may be done to footage without hiding it, and what must not be taken for the same."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.matching import scenes
from tests.matching.prints import fingerprint
from tests.matching.scenes import RATE, Frames, film, scene
from vidcache_gui.matching.matcher import compare
from vidcache_gui.matching.records import Box, Match, Relation, Segment, Tier, Transform

NEAR = 0.35  # seconds


@cache
def footage() -> Frames:
    """Three shots, 7.5 s."""
    return film(1)


@cache
def other() -> Frames:
    return film(2)


def match_of(a: Frames, b: Frames, rate_b: float = RATE) -> Match | None:
    return compare(fingerprint(a), fingerprint(b, rate_b)).match


# --- pictures -----------------------------------------------------------------------------------


def seen(
    frames: Frames, time: float, box: Box, turn: Transform | None = None
) -> NDArray[np.float32]:
    """The part of the picture at ``time`` seconds, small and grey."""
    picture = frames[min(len(frames) - 1, int(time * RATE))]
    grey = np.asarray(Image.fromarray(picture).convert("L").resize((96, 96)), np.float32)
    if turn is not None:
        grey = np.rot90(grey[:, ::-1] if turn.mirrored else grey, -turn.rotation // 90)
    left, top, right, bottom = (round(part * 96) for part in box)
    part = Image.fromarray(np.ascontiguousarray(grey[top:bottom, left:right]))
    return np.asarray(part.resize((24, 24), Image.Resampling.BILINEAR), np.float32)


def likeness(a: Frames, b: Frames, segment: Segment) -> float:
    """Correlation of the two footages' pictures laid over each other as the segment says."""
    worth = []
    for part in (0.2, 0.5, 0.8):
        time = segment.a0 + part * (segment.a1 - segment.a0)
        one = seen(a, time, segment.transform.box_a)
        two = seen(b, segment.time_in_b(time), segment.transform.box_b, segment.transform)
        worth.append(np.corrcoef(one.ravel(), two.ravel())[0, 1])
    return float(np.mean(worth))


WHOLE_COPIES: dict[str, Callable[[Frames], Frames]] = {
    "same": lambda f: f,
    "grainy": lambda f: scenes.noisy(f, 25),
    "thumbnail": lambda f: scenes.resized(f, 48, 28),
    "larger": lambda f: scenes.resized(f, 320, 192),
    "other shape": lambda f: scenes.resized(f, 96, 96),
    "grey": lambda f: np.repeat(f.mean(axis=3, keepdims=True), 3, axis=3).astype(np.uint8),
    "bright": lambda f: scenes.toned(f, lambda p: p * 1.4 + 40),
    "very dark": lambda f: scenes.toned(f, lambda p: p * 0.18),
    "little contrast": lambda f: scenes.toned(f, lambda p: 100 + p * 0.2),
    "gamma": lambda f: scenes.toned(f, lambda p: 255 * (p / 255) ** 0.5),
    "few levels": lambda f: f // 64 * 85,
    "channels swapped": lambda f: f[..., ::-1],
    "blurred": lambda f: scenes.resized(scenes.resized(f, 20, 12), 160, 96),
    "logo": scenes.with_logo,
    "subtitles": scenes.subtitled,
    "banner": scenes.with_banner,
    "letterbox": lambda f: scenes.padded(f, 16, 0),
    "white letterbox": lambda f: scenes.padded(f, 16, 0, 255),
    "pillarbox": lambda f: scenes.padded(f, 0, 26),
    "windowbox": lambda f: scenes.padded(f, 14, 24),
    "coloured frame": lambda f: scenes.padded(f, 8, 13, 110),
    "letterbox and logo": lambda f: scenes.with_logo(scenes.padded(f, 16, 0)),
    "letterbox and subtitles": lambda f: scenes.subtitled(scenes.padded(f, 16, 0)),
    "crop of 10 %": lambda f: scenes.cropped(f, 0.05, 0.05, 0.95, 0.95),
    "crop of 20 %": lambda f: scenes.cropped(f, 0.1, 0.1, 0.9, 0.9),
    "crop of 30 %": lambda f: scenes.cropped(f, 0.15, 0.15, 0.85, 0.85),
    "crop of a corner": lambda f: scenes.cropped(f, 0, 0, 0.9, 0.9),
    "crop of a side": lambda f: scenes.cropped(f, 0.25, 0, 1, 1),
    "moves in": scenes.zoomed,
    "inset": lambda f: scenes.inset(f, other()),
}


@pytest.mark.parametrize("kind", WHOLE_COPIES)
def test_a_copy_shows_the_same_from_start_to_end(kind: str) -> None:
    copy = WHOLE_COPIES[kind](footage())

    match = match_of(footage(), copy)

    assert match is not None
    assert match.relation is Relation.RE_ENCODE
    assert match.tier is not Tier.LOOK
    assert min(match.coverage_a, match.coverage_b) > 0.8
    longest = match.segments[0]
    assert abs(longest.b0 - longest.a0) < NEAR
    assert longest.speed == pytest.approx(1, abs=0.05)
    assert not longest.transform.mirrored
    assert longest.transform.rotation == 0
    assert likeness(footage(), copy, longest) > 0.3  # a banner hides a quarter


TURNED: dict[str, Callable[[Frames], Frames]] = {
    "mirrored": lambda f: f[:, :, ::-1],
    "upside down": lambda f: f[:, ::-1],
    "a quarter turn": lambda f: np.rot90(f, -1, (1, 2)),
    "a half turn": lambda f: np.rot90(f, 2, (1, 2)),
    "three quarter turns": lambda f: np.rot90(f, 1, (1, 2)),
    "transposed": lambda f: f.transpose(0, 2, 1, 3),
    "transposed the other way": lambda f: np.rot90(f, 2, (1, 2)).transpose(0, 2, 1, 3),
    "mirrored in a pillarbox": lambda f: scenes.padded(f[:, :, ::-1], 0, 26),
    "mirrored, 10 % cropped": lambda f: scenes.cropped(f[:, :, ::-1], 0.05, 0.05, 0.95, 0.95),
}


@pytest.mark.parametrize("kind", TURNED)
def test_a_turned_copy_is_found_with_its_turn(kind: str) -> None:
    copy = TURNED[kind](footage())

    match = match_of(footage(), copy)

    assert match is not None
    assert match.relation is Relation.RE_ENCODE
    turn = match.segments[0].transform
    assert turn.mirrored or turn.rotation
    assert likeness(footage(), copy, match.segments[0]) > 0.6


# --- time ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """``a`` becomes ``b``; ``stretches``: what of a is where in b, as a0, a1, b0, b1."""

    b: Callable[[Frames], Frames]
    stretches: tuple[tuple[float, float, float, float], ...]
    relations: tuple[Relation, ...] = (Relation.CONTAINS,)
    rate: float = RATE


def part(frames: Frames, start: float, end: float) -> Frames:
    return frames[round(start * RATE) : round(end * RATE)]


def joined(*pieces: Frames) -> Frames:
    return np.concatenate(pieces)


BOTH = (Relation.RE_ENCODE,)
SOME = (Relation.CONTAINS, Relation.OVERLAP)
CHANGES = {
    "5 a second": Change(lambda f: f[:: RATE // 4], ((0, 7.5, 0, 7.5),), BOTH, 4),
    "half the speed": Change(lambda f: scenes.at_speed(f, 0.5), ((0, 7.5, 0, 15),), BOTH),
    "0.8 times the speed": Change(lambda f: scenes.at_speed(f, 0.8), ((0, 7.5, 0, 9.375),), BOTH),
    "1.1 times the speed": Change(lambda f: scenes.at_speed(f, 1.1), ((0, 7.5, 0, 6.82),), BOTH),
    "1.25 times the speed": Change(lambda f: scenes.at_speed(f, 1.25), ((0, 7.5, 0, 6),), BOTH),
    "twice the speed": Change(lambda f: scenes.at_speed(f, 2), ((0, 7.5, 0, 3.75),), BOTH),
    "film to PAL": Change(lambda f: f, ((0, 7.5, 0, 7.2),), BOTH, RATE * 25 / 24),
    "reversed": Change(lambda f: f[::-1], ((0, 7.5, 7.5, 0),), BOTH),
    "reversed and mirrored": Change(lambda f: f[::-1, :, ::-1], ((0, 7.5, 7.5, 0),), BOTH),
    "without the start": Change(lambda f: part(f, 1, 7.5), ((1, 7.5, 0, 6.5),), (*BOTH, *SOME)),
    "the middle": Change(lambda f: part(f, 2, 5), ((2, 5, 0, 3),)),
    "two seconds": Change(lambda f: part(f, 3, 5), ((3, 5, 0, 2),)),
    "the middle, cropped, with a logo": Change(
        lambda f: scenes.with_logo(scenes.cropped(part(f, 2, 5.5), 0.1, 0.1, 0.9, 0.9)),
        ((2, 5.5, 0, 3.5),),
    ),
    "after a title": Change(
        lambda f: joined(np.repeat(other()[:1], 3 * RATE, axis=0), f), ((0, 7.5, 3, 10.5),)
    ),
    "between other footage": Change(
        lambda f: joined(part(other(), 0, 4), part(f, 1, 6), part(other(), 4, 7)),
        ((1, 6, 4, 9),),
        SOME,
    ),
    "before other footage": Change(lambda f: joined(f, other()), ((0, 7.5, 0, 7.5),)),
    "one of a compilation": Change(
        lambda f: joined(
            part(other(), 0, 2.5), part(f, 2, 4.5), part(film(3), 0, 2.5), part(film(4), 0, 2.5)
        ),
        ((2, 4.5, 2.5, 5),),
        SOME,
    ),
    "parts swapped": Change(
        lambda f: joined(part(f, 4, 7.5), part(f, 0, 3)),
        ((4, 7.5, 0, 3.5), (0, 3, 3.5, 6.5)),
        (*BOTH, *SOME),
    ),
    "the middle left out": Change(
        lambda f: joined(part(f, 0, 3.5), part(f, 5, 7.5)),
        ((0, 3.5, 0, 3.5), (5, 7.5, 3.5, 6)),
        (*BOTH, *SOME),
    ),
    "standing still for a while": Change(
        lambda f: joined(part(f, 0, 4), np.repeat(part(f, 4, 5)[:1], 2 * RATE, 0), part(f, 4, 7.5)),
        ((0, 4, 0, 4), (4, 7.5, 6, 9.5)),
        (*BOTH, *SOME),
    ),
    # A stretch of one is matched once: that it is shown again is not said.
    "played twice": Change(lambda f: joined(f, f), ((0, 7.5, 0, 7.5),), (*BOTH, *SOME)),
    "forth and back": Change(lambda f: joined(f, f[::-1]), ((0, 7.5, 0, 7.5),), (*BOTH, *SOME)),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_in_time_is_found_where_it_is(kind: str) -> None:
    change = CHANGES[kind]

    match = match_of(footage(), change.b(footage()), change.rate)

    assert match is not None
    assert match.relation in change.relations
    for wanted in change.stretches:
        assert any(agrees(segment, wanted) for segment in match.segments), (wanted, match.segments)


def agrees(segment: Segment, wanted: tuple[float, float, float, float]) -> bool:
    """The segment lies on the wanted line through time, for most of its length."""
    a0, a1, b0, b1 = wanted
    common = min(segment.a1, a1) - max(segment.a0, a0)
    if common < 0.6 * (a1 - a0):
        return False
    middle = (max(segment.a0, a0) + min(segment.a1, a1)) / 2
    expected = b0 + (middle - a0) * (b1 - b0) / (a1 - a0)
    speed = (a1 - a0) / (b1 - b0)
    return (
        abs(segment.time_in_b(middle) - expected) < NEAR and abs(segment.speed / speed - 1) < 0.08
    )


# --- what is not the same -----------------------------------------------------------------------


def flat(colour: float, seconds: float = 5) -> Frames:
    return np.full((round(seconds * RATE), 96, 160, 3), colour, np.uint8)


def fade(start: float, end: float) -> Frames:
    levels = np.linspace(start, end, 5 * RATE)[:, None, None, None]
    return np.broadcast_to(levels, (5 * RATE, 96, 160, 3)).astype(np.uint8)


def snow(seed: int) -> Frames:
    return np.random.default_rng(seed).integers(0, 255, (4 * RATE, 96, 160, 3), np.uint8)


def card(seed: int) -> Frames:
    """Other words in the same place, in one style."""
    random, frames = np.random.default_rng(seed), flat(10, 4)
    left = int(random.integers(20, 50))
    while left < 130:
        wide = int(random.integers(3, 12))
        frames[:, 40:54, left : left + wide] = 230
        left += wide + int(random.integers(2, 6))
    return frames


def slide(seed: int) -> Frames:
    frames, random = flat(245, 5), np.random.default_rng(seed)
    frames[:, :14] = (30, 60, 120)
    for row in range(3):
        frames[:, 30 + row * 20 : 36 + row * 20, 16 : int(random.integers(50, 150))] = 40
    return frames


DIFFERENT: dict[str, tuple[Callable[[], Frames], Callable[[], Frames]]] = {
    "other footage": (footage, other),
    "one logo": (lambda: scenes.with_logo(footage()), lambda: scenes.with_logo(other())),
    "one banner": (lambda: scenes.with_banner(footage()), lambda: scenes.with_banner(other())),
    "one frame": (
        lambda: scenes.padded(footage(), 14, 24, 110),
        lambda: scenes.padded(other(), 14, 24, 110),
    ),
    "one subtitle": (lambda: scenes.subtitled(footage()), lambda: scenes.subtitled(other())),
    "one template": (
        lambda: scenes.blurred_sides(footage()),
        lambda: scenes.blurred_sides(other()),
    ),
    "both dark": (
        lambda: scenes.toned(footage(), lambda p: p * 0.1),
        lambda: scenes.toned(other(), lambda p: p * 0.1),
    ),
    "black": (lambda: flat(0), lambda: flat(0, 8)),
    "black and white": (lambda: flat(0), lambda: flat(255)),
    "fades": (lambda: fade(0, 200), lambda: fade(0, 120)),
    "a fade and footage": (lambda: fade(200, 0), footage),
    "snow": (lambda: snow(1), lambda: snow(2)),
    "title cards": (lambda: card(1), lambda: card(2)),
    "slides": (lambda: slide(1), lambda: slide(2)),
    "slides and footage": (lambda: slide(1), footage),
    "other half": (lambda: part(footage(), 0, 2.5), lambda: part(footage(), 5, 7.5)),
}


@pytest.mark.parametrize("kind", DIFFERENT)
def test_what_only_looks_alike_is_not_found(kind: str) -> None:
    one, two = DIFFERENT[kind]
    explanation = compare(fingerprint(one()), fingerprint(two()))
    assert explanation.match is None
    assert explanation.steps


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_another_take_in_the_same_room_is_not_certain(seed: int) -> None:
    """Camera and room stand still; what moves in it moves otherwise."""
    match = match_of(scene(seed, 4, still=True), scene(seed, 4, take=1, still=True))
    assert match is None or match.tier is Tier.LOOK


def test_the_same_take_in_a_room_is_found_again() -> None:
    """The test above would pass if still cameras were never matched."""
    take = scene(11, 4, still=True)
    match = match_of(take, scenes.noisy(take, 8))
    assert match is not None
    assert match.tier is not Tier.LOOK


def test_a_shared_title_does_not_make_the_same_footage() -> None:
    title = scene(50, 2.5)
    match = match_of(joined(title, footage()), joined(title, other()))
    # That it is a title only a third item with it could tell: see core.similar.families.
    assert match is None or match.relation is Relation.OVERLAP
    assert match is None or max(match.coverage_a, match.coverage_b) < 0.4
