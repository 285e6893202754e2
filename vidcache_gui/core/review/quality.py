"""Which of two items is the better one: every difference weighed, in words.

Weights are in parts of what a person just notices. They were set on half of the clips of the
near-duplicate corpus and checked on the other half, see ``tests/bench/quality``.
"""

import math
from collections.abc import Iterator
from typing import Literal

from vidcache_gui.core.review.quality_records import Point, Proposal, Side
from vidcache_gui.core.similar.words import clock
from vidcache_gui.matching.records import Match, Relation
from vidcache_gui.media.quality.records import Measured, PairMeasured
from vidcache_gui.media.types import Kind

NEAR_TIE = 0.7  # less in all is a near tie
MEASURED_DECIBELS = 0.08  # of fine detail; coding again always takes some
SEEN_DECIBELS = 0.3
FEWER_LINES = 0.88  # of the other's: that much is measured surely
MORE_PIXELS = 1.15  # times the rows of the other
ALIKE = 1.3  # times the rows of the other: noise of pixels of other sizes is not the same noise
# How many bits others need for a picture that H.264 codes in one.
BITS = {
    "hevc": 0.65, "vp9": 0.7, "av1": 0.55, "h264": 1.0, "vp8": 1.2, "vc1": 1.2, "wmv3": 1.4,
    "mpeg4": 1.8, "msmpeg4v3": 1.9, "theora": 1.7, "wmv2": 2.0, "flv1": 2.2, "mpeg2video": 2.2,
    "mpeg1video": 2.6, "mjpeg": 5.0, "gif": 8.0,
}  # fmt: skip


def weigh(
    a: Side, b: Side, match: Match | None, measured: PairMeasured | None
) -> tuple[Point, ...]:
    """All that makes one better than the other, the weightiest first."""
    points = [*_length(a, b, match), *_file(a, b)]
    if measured is not None:
        speed = abs(match.segments[0].speed) if match and match.segments else 1.0
        points += [*_sharpness(measured), *_picture(measured), *_rate(a, b, measured, speed)]
        points += _drawn(measured)
    else:
        points += _stored(a, b)
    return tuple(sorted(points, key=lambda point: -point.weight))


def propose(points: tuple[Point, ...], a: Side, b: Side, match: Match | None) -> Proposal:
    """The better one. Where nothing tells them apart, the one that came first stays."""
    sums = {"a": 0.0, "b": 0.0}
    for point in points:
        sums[point.better] += point.weight
    margin = sums["a"] - sums["b"]
    keep: Literal["a", "b"] = "a" if margin > 0 else "b"
    if not points:
        keep = "a" if (a.item.added_at, a.item.id) <= (b.item.added_at, b.item.id) else "b"
    reasons = tuple(point.why for point in points if point.better == keep)
    against = tuple(point.why for point in points if point.better != keep)
    near = abs(margin) < NEAR_TIE
    if near:
        reasons = (_tie(match, bool(points)), *reasons)
    return Proposal(keep, reasons, near, against, abs(margin))


def _tie(match: Match | None, differ: bool) -> str:
    if match is not None and match.relation is Relation.SAME_STREAM:
        return "Both hold the very same compressed pictures; either will do."
    if differ:
        return "They are nearly equal; either will do."
    return "Nothing that was looked at tells them apart; this one was here first."


def _better(difference: float) -> Literal["a", "b"]:
    return "a" if difference > 0 else "b"


def _length(a: Side, b: Side, match: Match | None) -> Iterator[Point]:
    """What of the footage only one of them has."""
    if match is None or not match.segments:
        return
    missing = {
        "a": (1 - match.coverage_a) * (a.item.duration or 0.0),
        "b": (1 - match.coverage_b) * (b.item.duration or 0.0),
    }
    more = missing["a"] - missing["b"]
    longest = max(a.item.duration or 0.0, b.item.duration or 0.0)
    if longest <= 0 or abs(more) < max(0.4, 0.03 * longest):
        return
    winner = _better(more)
    part = abs(more) / longest
    seconds = clock(missing[winner])
    yield Point(
        "Length", winner, 2.0 + 8.0 * min(1.0, part * 1.5),
        f"Longer: it shows {seconds} that the other has not.",
    )  # fmt: skip


def _sharpness(measured: PairMeasured) -> Iterator[Point]:
    a, b = measured.a, measured.b
    level = a.detail - b.detail
    lines = math.log2(max(1.0, a.lines) / max(1.0, b.lines))
    ratio = 2 ** -abs(lines)
    by_lines = 4.0 * lines if ratio < FEWER_LINES else 0.0
    by_level = 2.0 * level if abs(level) >= MEASURED_DECIBELS else 0.0
    # Both say the same thing; what one misses the other may see.
    total = max((by_lines, by_level), key=abs)
    if by_lines * by_level < 0:
        total = by_lines + by_level
    if abs(total) < 2.0 * SEEN_DECIBELS:
        yield from _enlarged(a, b)
    if not total:
        return
    winner = _better(total)
    best, other = (a, b) if winner == "a" else (b, a)
    yield Point("True resolution", winner, min(8.0, abs(total)), _sharper(best, other))


def _enlarged(a: Measured, b: Measured) -> Iterator[Point]:
    """Both show the same detail; one stores it in more pixels than it takes."""
    larger, smaller, winner = (a, b, "b") if a.stored_lines > b.stored_lines else (b, a, "a")
    if larger.stored_lines > MORE_PIXELS * smaller.stored_lines:
        yield Point(
            "True resolution", _better(1.0 if winner == "a" else -1.0), 1.2,
            f"As sharp; the other was enlarged to {larger.stored_lines} lines, which added "
            "nothing.",
        )  # fmt: skip


def _sharper(best: Measured, other: Measured) -> str:
    if other.lines >= FEWER_LINES * best.lines:
        if best.detail - other.detail < SEEN_DECIBELS:
            return "A trace sharper, hardly to be seen."
        if other.stored_lines > 1.1 * best.stored_lines and other.bars < 0.05:
            return (
                f"Sharper: the other was enlarged to {other.stored_lines} lines, which added "
                "nothing."
            )
        return "Sharper: it keeps fine detail that coding took from the other."
    here, there = _about(best.lines), _about(other.lines)
    if other.stored_lines > 1.25 * other.lines and other.stored_lines >= best.stored_lines:
        return f"Sharper: really about {here} lines; the other is about {there}, enlarged."
    if other.stored_lines > 1.25 * other.lines:
        return f"Sharper: really about {here} lines; the other shows about {there}."
    return f"Sharper: about {here} lines against {there}."


def _about(lines: float) -> int:
    """A height people know, where it is near one."""
    for usual in (144, 240, 270, 288, 360, 480, 540, 576, 720, 1080, 1440, 2160, 4320):
        if abs(lines - usual) <= 0.04 * usual:
            return usual
    return int(round(lines, -1)) if lines >= 100 else round(lines)


def _picture(measured: PairMeasured) -> Iterator[Point]:
    a, b = measured.a, measured.b
    extra = a.extra - b.extra
    if abs(extra) > 0.02:
        yield Point(
            "Picture shown", _better(extra), min(8.0, 2.5 + 20 * abs(extra)),
            f"Shows more of the picture: the other is cropped by {_percent(abs(extra))}.",
        )  # fmt: skip
    bars = b.bars - a.bars
    if abs(bars) > 0.03:
        yield Point(
            "Picture shown", _better(bars), 1.0,
            f"No bars: {_percent(abs(bars))} of the other's picture is bars.",
        )  # fmt: skip
    blocks = b.blocks - a.blocks
    if 0.03 < abs(blocks) <= 0.2:
        yield Point(
            "Coding blocks", _better(blocks), 0.5 * abs(blocks),
            "A trace cleaner, hardly to be seen.",
        )  # fmt: skip
    if abs(blocks) > 0.2:
        yield Point(
            "Coding blocks", _better(blocks), min(2.5, 1.5 * abs(blocks)),
            "Cleaner: the other shows the blocks it was coded in.",
        )  # fmt: skip
    noise = b.noise - a.noise
    stands_out = abs(noise) > 2.0 and max(a.noise, b.noise) > 2.0 * min(a.noise, b.noise)
    alike = max(a.stored_lines, b.stored_lines) < ALIKE * min(a.stored_lines, b.stored_lines)
    # What lost its noise to coding lost detail, too. Noise over equal detail was added.
    if alike and stands_out and abs(a.detail - b.detail) < 0.8:
        yield Point(
            "Noise", _better(noise), min(2.5, abs(noise)), "Cleaner: the other has more noise."
        )
    colour = a.colour - b.colour
    if abs(colour) > 6 and min(a.colour, b.colour) < 3:
        yield Point("Colour", _better(colour), 4.0, "In colour; the other is grey.")
    if abs(math.log2((a.contrast + 1) / (b.contrast + 1))) > 0.5:
        yield Point(
            "Contrast", _better(a.contrast - b.contrast), 1.5,
            "Fuller range from dark to bright; the other is flat.",
        )  # fmt: skip
    clipped = b.clipped - a.clipped
    if abs(clipped) > 0.05:
        yield Point(
            "Contrast", _better(clipped), 1.0,
            f"{_percent(abs(clipped))} more of the other's picture is plain black or white.",
        )  # fmt: skip
    banding = b.banding - a.banding
    if abs(banding) > 0.08:
        yield Point(
            "Banding", _better(banding), 0.4, "Smoother: the other's gradients are in steps."
        )
    combing = b.combing - a.combing
    if abs(combing) > 0.25:
        yield Point(
            "Interlacing", _better(combing), 2.0, "The other is torn into lines where it moves."
        )


def _drawn(measured: PairMeasured) -> Iterator[Point]:
    a, b = measured.a, measured.b
    for label, one, two, text in (
        ("Logo", a.logos, b.logos, "No logo; the other has one."),
        ("Subtitles", a.subtitles, b.subtitles, "No subtitles in the picture; the other has some."),
    ):
        if bool(one) != bool(two):
            yield Point(label, "b" if one else "a", 3.0, text)


def _rate(a: Side, b: Side, measured: PairMeasured, speed: float) -> Iterator[Point]:
    """``speed``: seconds of a that pass in one second of b."""
    true = measured.a.rate, measured.b.rate
    one, two = true if true[0] and true[1] else (a.item.fps, b.item.fps)
    if not one or not two:
        return
    two /= max(speed, 1e-3)  # in a second of what is shown, however fast it goes by
    ratio = math.log2(one / two)
    if abs(ratio) <= 0.15:
        return
    winner = _better(ratio)
    here, there = (one, two) if winner == "a" else (two, one)
    if true[0] and true[1]:
        weight, frames = 4.0, "different pictures"
    else:  # hardly anything moves, so a frame more or less is hardly seen
        weight, frames = 1.2, "frames"
    yield Point(
        "Frame rate", winner, min(5.0, weight * abs(ratio)),
        f"Smoother motion: {here:.0f} {frames} a second; the other has {there:.0f}.",
    )  # fmt: skip


def _stored(a: Side, b: Side) -> Iterator[Point]:
    """Where nothing could be measured, what the files say must do."""
    ratio = math.log2(max(1, a.item.width * a.item.height) / max(1, b.item.width * b.item.height))
    if abs(ratio) > 0.1:
        yield Point(
            "Stored resolution", _better(ratio), min(4.0, 2 * abs(ratio)),
            "Stored larger; whether it is really sharper was not measured.",
        )  # fmt: skip
    rates = [_h264_rate(side) for side in (a, b)]
    if rates[0] and rates[1]:
        ratio = math.log2(rates[0] / rates[1])
        if abs(ratio) > 0.4:
            yield Point(
                "Bit rate", _better(ratio), min(1.0, 0.4 * abs(ratio)),
                "Coded with more bits, its codec taken into account.",
            )  # fmt: skip


def _file(a: Side, b: Side) -> Iterator[Point]:
    if bool(a.item.damaged) != bool(b.item.damaged):
        yield Point("Condition", "b" if a.item.damaged else "a", 6.0, "The other is damaged.")
    sound = [bool(side.facts.get("has_audio")) for side in (a, b)]
    if sound[0] != sound[1]:
        yield Point("Sound", "a" if sound[0] else "b", 3.0, "Has sound; the other has none.")
    depth = [depth_of(side) for side in (a, b)]
    if depth[0] != depth[1]:
        yield Point(
            "Colour depth", _better(depth[0] - depth[1]), 0.5, "Finer shades: more bits a colour.",
        )  # fmt: skip
    palette = [side.item.codec == "gif" for side in (a, b)]
    if palette[0] != palette[1]:
        yield Point(
            "Colour depth", "b" if palette[0] else "a", 0.2,
            "All colours; the other is a GIF with 256 of them.",
        )  # fmt: skip


def bits_per_second(side: Side) -> float | None:
    """Of the whole file where the stream does not say."""
    if side.item.kind is Kind.IMAGE:
        return None
    given = side.facts.get("bit_rate")
    if given:
        return float(given)
    return side.item.size * 8 / side.item.duration if side.item.duration else None


def _h264_rate(side: Side) -> float | None:
    rate = bits_per_second(side)
    factor = BITS.get(side.item.codec)
    return rate / factor if rate and factor else None


def depth_of(side: Side) -> int:
    """Bits of a colour."""
    pixel = str(side.facts.get("pixel_format", ""))
    for bits in (16, 14, 12, 10):
        if f"{bits}le" in pixel or f"{bits}be" in pixel:
            return bits
    return 8


def _percent(part: float) -> str:
    return f"{round(part * 100)} %"
