"""The table of what differs between two items, for people."""

import time
from collections.abc import Sequence

from vidcache_gui.core.review.quality import bits_per_second, depth_of
from vidcache_gui.core.review.quality_records import Fact, Point, Side
from vidcache_gui.core.similar.words import clock
from vidcache_gui.matching.records import Match
from vidcache_gui.media.quality.records import Measured, PairMeasured
from vidcache_gui.media.types import Kind

UNKNOWN = "not known"
UNMEASURED = "not measured"
BLOCKS = ((0.55, "hardly any"), (1.0, "some"), (1.7, "clearly seen"))
NOISE = ((1.0, "hardly any"), (3.0, "some"), (6.0, "clearly seen"))
STRONG = "strong"

Values = tuple[str, str, str]  # label, a, b


def table(
    a: Side, b: Side, match: Match | None, measured: PairMeasured | None, points: Sequence[Point]
) -> tuple[Fact, ...]:
    """What is shown first matters most. Rows that say nothing are left out."""
    rows: list[Values] = [
        *_measured_first(measured),
        ("Stored resolution", _resolution(a), _resolution(b)),
        ("Length", _length(a), _length(b)),
        *_coverage(match),
        *_measured_rest(measured),
        ("Frame rate", *_rates(a, b, measured)),
        ("Codec", _codec(a), _codec(b)),
        ("Bit rate", _bit_rate(a), _bit_rate(b)),
        ("Colour depth", _depth(a), _depth(b)),
        ("Sound", _sound(a), _sound(b)),
        ("Condition", a.item.damaged or "whole", b.item.damaged or "whole"),
        ("Size", size_text(a.item.size), size_text(b.item.size)),
        ("Added", _date(a), _date(b)),
        ("From", _source(a), _source(b)),
    ]  # fmt: skip
    return tuple(_fact(row, points) for row in rows)


def _fact(row: Values, points: Sequence[Point]) -> Fact:
    label, a, b = row
    about = [point for point in points if point.label == label]
    if not about:
        return Fact(label, a, b)
    first = max(about, key=lambda point: point.weight)
    why = " ".join(point.why for point in about if point.better == first.better)
    return Fact(label, a, b, first.better, why)


def _measured_first(measured: PairMeasured | None) -> list[Values]:
    if measured is None:
        return [("True resolution", UNMEASURED, UNMEASURED)]
    a, b = measured.a, measured.b
    return [
        ("True resolution", _lines(a), _lines(b)),
        ("Fine detail", _detail(a), _detail(b)),
        ("Picture shown", _shown(a), _shown(b)),
    ]


def _measured_rest(measured: PairMeasured | None) -> list[Values]:
    if measured is None:
        return []
    a, b = measured.a, measured.b
    rows = [
        ("Coding blocks", _grade(a.blocks, BLOCKS), _grade(b.blocks, BLOCKS)),
        ("Noise", _grade(a.noise, NOISE), _grade(b.noise, NOISE)),
    ]
    for label, one, two in (
        ("Logo", _there(a.logos), _there(b.logos)),
        ("Subtitles", _there(a.subtitles), _there(b.subtitles)),
        ("Banding", _steps(a), _steps(b)),
        ("Interlacing", _torn(a), _torn(b)),
        ("Colour", _colour(a), _colour(b)),
    ):
        if one != two:
            rows.append((label, one, two))
    rows.append(("Contrast", _contrast(a), _contrast(b)))
    return rows


def _lines(side: Measured) -> str:
    return f"about {side.lines:.0f} lines of {side.stored_lines}"


def _detail(side: Measured) -> str:
    """Power in decibels as a share of strength."""
    share = 10 ** (side.detail / 20)
    return "all of it" if share > 0.97 else f"{share * 100:.0f} % of the other's"


def _shown(side: Measured) -> str:
    if side.extra > 0.02:
        return f"{side.extra * 100:.0f} % more than the other shows"
    if side.bars > 0.03:
        return f"{side.bars * 100:.0f} % of it is bars"
    return "no more than the other"


def _grade(value: float, grades: tuple[tuple[float, str], ...]) -> str:
    return next((word for limit, word in grades if value < limit), STRONG)


def _there(boxes: Sequence[object]) -> str:
    return "yes" if boxes else "none"


def _steps(side: Measured) -> str:
    return "in steps" if side.banding > 0.12 else "smooth"


def _torn(side: Measured) -> str:
    return "torn where it moves" if side.combing > 0.3 else "none"


def _colour(side: Measured) -> str:
    return "grey" if side.colour < 3 else "in colour"


def _contrast(side: Measured) -> str:
    text = f"{side.contrast:.0f} of 128"
    return f"{text}, {side.clipped * 100:.0f} % burnt out" if side.clipped > 0.05 else text


def _resolution(side: Side) -> str:
    return f"{side.item.width} × {side.item.height}" if side.item.width else UNKNOWN


def _length(side: Side) -> str:
    if side.item.kind is Kind.IMAGE:
        return "a single picture"
    count = side.item.frame_count
    frames = f"{count:,} frame{'s' if count != 1 else ''}"
    return f"{clock(side.item.duration)}, {frames}" if side.item.duration else frames


def _coverage(match: Match | None) -> list[Values]:
    if match is None:
        return []
    return [("Also in the other", _share(match.coverage_a), _share(match.coverage_b))]


def _share(part: float) -> str:
    return "all of it" if part > 0.99 else f"{part * 100:.0f} %"


def _rates(a: Side, b: Side, measured: PairMeasured | None) -> tuple[str, str]:
    true = (measured.a.rate, measured.b.rate) if measured else (None, None)
    return _rate(a, true[0]), _rate(b, true[1])


def _rate(side: Side, true: float | None) -> str:
    if not side.item.fps:
        return UNKNOWN if side.item.kind is not Kind.IMAGE else "a single picture"
    text = f"{side.item.fps:.3g} a second"
    if true and true < 0.9 * side.item.fps:
        return f"{text}, {true:.0f} of them different"
    return text


def _codec(side: Side) -> str:
    return side.item.codec or UNKNOWN


def _bit_rate(side: Side) -> str:
    rate = bits_per_second(side)
    if not rate:
        return UNKNOWN
    return f"{rate / 1e6:.1f} Mbit/s" if rate >= 1e6 else f"{rate / 1000:.0f} kbit/s"


def _depth(side: Side) -> str:
    return "256 colours" if side.item.codec == "gif" else f"{depth_of(side)} bits a colour"


def size_text(size: int) -> str:
    """Bytes as people read them."""
    value, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{size} bytes" if unit == "bytes" else f"{value:.3g} {unit}"


def _sound(side: Side) -> str:
    return "yes" if side.facts.get("has_audio") else "none"


def _date(side: Side) -> str:
    return time.strftime("%d %B %Y", time.localtime(side.item.added_at / 1000)).lstrip("0")


def _source(side: Side) -> str:
    return side.aliases[0].source if side.aliases else UNKNOWN
