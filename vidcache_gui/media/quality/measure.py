"""Two items measured where they show the same. Runs in worker processes (``media.pool``)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.errors import UserError
from vidcache_gui.media.boxes import Box
from vidcache_gui.media.quality import blocks, detail, laidover, surroundings
from vidcache_gui.media.quality.align import laid, refined
from vidcache_gui.media.quality.motion import SECONDS, true_rate
from vidcache_gui.media.quality.pictures import Luma, Pair, correlation, cut, opened, pairs
from vidcache_gui.media.quality.records import Material, Measured, PairMeasured, Stretch
from vidcache_gui.media.types import FrameSource

RESCALED = 1.05  # times as many pixels: the other's grid of blocks may have been scaled along
ENOUGH = 0.2  # of the tiles must be free of what is drawn over them
ALIGNED = 0.7  # correlation below which differences are no sign of something drawn


def measure_pair(a: Material, b: Material, stretches: tuple[Stretch, ...]) -> PairMeasured:
    """Raises UserError where no picture of one can be read at the times both show the same."""
    if not stretches:
        raise UserError("They show nothing in common that could be compared.")
    longest = max(stretches, key=lambda s: s.a1 - s.a0)
    with opened(a) as source_a, opened(b) as source_b:
        seen = pairs(source_a, source_b, stretches)
        if not seen:
            raise UserError("Their pictures could not be compared.")
        rate_a = _rate(source_a, longest.a0, longest.a1)
        rate_b = _rate(source_b, min(longest.b0, longest.b1), max(longest.b0, longest.b1))
    return _compared(refined(seen), rate_a, rate_b)


def _rate(source: FrameSource, start: float, end: float) -> float | None:
    free = max(0.0, end - start - SECONDS)
    parts = (0.25, 0.75) if free > SECONDS else (0.5,)
    return true_rate(source, [start + free * part for part in parts])


def _compared(seen: list[Pair], rate_a: float | None, rate_b: float | None) -> PairMeasured:
    alike = _mean([correlation(*laid(pair)) for pair in seen])
    over = laidover.find(seen) if alike > ALIGNED else laidover.Found((), ())
    fine_a, fine_b = detail.compare(seen, _uncovered(seen, over))
    scale = _rows(seen[0]) / len(seen[0].a.luma)
    a = _side("a", seen, over, fine_a, rate_a, 1 / scale)
    b = _side("b", seen, over, fine_b, rate_b, scale)
    if b.extra > a.extra:  # lines are counted over the picture that shows more
        one = seen[0].stretch
        more = (one.box_a[3] - one.box_a[1]) / max(1e-3, one.box_b[3] - one.box_b[1])
        a, b = _over(a, more), _over(b, more)
    return PairMeasured(a, b, len(seen), alike)


def _rows(pair: Pair) -> float:
    """Rows of pixels b has for the whole height of a's picture."""
    box_a, box_b = pair.stretch.box_a, pair.stretch.box_b
    return float(len(pair.b.luma) * (box_b[3] - box_b[1]) / max(1e-3, box_a[3] - box_a[1]))


def _over(side: Measured, more: float) -> Measured:
    return replace(
        side, lines=side.lines * more, stored_lines=round(side.stored_lines * more)
    )  # fmt: skip


def _side(
    name: str,
    seen: Sequence[Pair],
    over: laidover.Found,
    fine: detail.Detail,
    rate: float | None,
    scale: float,
) -> Measured:
    """``scale``: pixels of this one for one of the other."""
    shots = [pair.a if name == "a" else pair.b for pair in seen]
    boxes = [pair.stretch.box_a if name == "a" else pair.stretch.box_b for pair in seen]
    pictures = [shot.luma for shot in shots]
    shown = [cut(luma, box) for luma, box in zip(pictures, boxes, strict=True)]
    outside = surroundings.around(pictures, boxes)
    drawn = [one for one in over.drawn if one.over == name]
    stored = len(seen[0].a.luma) if name == "a" else round(_rows(seen[0]))
    return Measured(
        stored_lines=stored, lines=min(float(stored), fine.lines), detail=fine.level,
        noise=fine.noise, rate=rate, blocks=_blocks(pictures, scale),
        banding=_mean([blocks.banding(luma) for luma in shown]),
        combing=_mean([blocks.combed(luma) for luma in pictures]),
        colour=_mean([shot.colour for shot in shots]) / max(0.1, 1 - outside.bars),
        contrast=_mean([float(luma.std()) for luma in shown]),
        clipped=_mean([float(((luma <= 1) | (luma >= 254)).mean()) for luma in shown]),
        logos=_boxes(boxes[0], [one for one in drawn if not one.reads_like_text]),
        subtitles=_boxes(boxes[0], [one for one in drawn if one.reads_like_text]),
        extra=outside.scene, bars=outside.bars,
    )  # fmt: skip


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _blocks(pictures: Sequence[Luma], scale: float) -> float:
    periods = {float(blocks.BLOCK)}
    if scale > RESCALED:
        periods.add(blocks.BLOCK * scale)
    return max(
        float(np.median([blocks.blockiness(luma, period) for luma in pictures]))
        for period in periods
    )


def _boxes(outer: Box, drawn: Sequence[laidover.Drawn]) -> tuple[Box, ...]:
    """Boxes in parts of what both show, in parts of the whole picture."""
    left, top = outer[:2]
    wide, high = outer[2] - left, outer[3] - top
    return tuple(
        (left + x0 * wide, top + y0 * high, left + x1 * wide, top + y1 * high)
        for x0, y0, x1, y1 in (one.box for one in drawn)
    )


def _uncovered(seen: Sequence[Pair], over: laidover.Found) -> list[NDArray[np.bool_]]:
    """For each pair the tiles of its spectrum with nothing drawn over them."""
    masks = []
    for at, pair in enumerate(seen):
        rows, columns = detail.grid_of(pair)
        free = np.ones((rows, columns), bool)
        if at < len(over.covered):
            cells = over.covered[at]
            high = np.array_split(np.arange(cells.shape[0]), rows)
            wide = np.array_split(np.arange(cells.shape[1]), columns)
            free = np.array([[not cells[np.ix_(y, x)].any() for x in wide] for y in high])
        masks.append(free if free.mean() > ENOUGH else np.ones_like(free))
    return masks
