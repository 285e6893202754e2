"""What is drawn over one of two items and not over the other: logos, subtitles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.media.boxes import WHOLE, Box
from vidcache_gui.media.quality.align import HEIGHT, laid, sampled
from vidcache_gui.media.quality.pictures import Grey, Pair, correlation

CELL = 6  # pixels of pictures that are align.HEIGHT high
DIFFERENT = 0.18  # of the contrast of the picture: so far apart cells are drawn over
TIMES_USUAL = 4.0  # and so many times further apart than the usual cell
OFTEN = 0.7  # of the pictures: a logo is there so often
SOMETIMES = 2  # pictures at least, and
SELDOM = 0.25  # of the pictures: a subtitle is there so often
THERE = 0.3  # of the cells of something drawn differ where it is there
LARGEST = 0.4  # of the picture: more is another picture, nothing drawn over it
LEAST = 3  # cells
COARSEST = 48  # rows of pixels: with fewer a logo is a spot
TONES = 24  # steps of the exposure curve
SAME_EACH_TIME = 0.35  # of its power: a logo's difference stays, that of moving things does not
DARKEST, BRIGHTEST = 6, 246  # grey levels: beyond them exposure leaves no detail
SAME_THING = 0.9
FAINT = 25  # grey levels; what is drawn on plain white or black stands out more
HARD = 1.5  # grey levels from pixel to pixel: the edges of anything drawn
BEARS = 1.25  # times the edges of the other: less does not say whose picture it is


@dataclass(frozen=True, slots=True)
class Drawn:
    """A box in parts of what both show, and whose picture it is drawn over."""

    over: str  # "a" | "b"
    box: Box
    steady: bool  # always the same: a logo; else it comes and goes

    @property
    def reads_like_text(self) -> bool:
        """Wide, low, in the middle of the lower part (or the top): a line of subtitles."""
        left, top, right, bottom = self.box
        middle = abs((left + right) / 2 - 0.5) < 0.15
        placed = (top + bottom) / 2 > 0.66 or (top + bottom) / 2 < 0.2
        return middle and placed and right - left > 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """``covered[k]``: cells (rows, columns) of picture k that differ, drawn over in one."""

    drawn: tuple[Drawn, ...]
    covered: tuple[NDArray[np.bool_], ...]


def find(pairs: Sequence[Pair]) -> Found:
    """Pairs must lie over each other exactly (``align.refined``)."""
    if min(_fewest_rows(pair) for pair in pairs) < COARSEST:
        return Found((), ())
    greys = [_equally_fine(pair) for pair in pairs]
    shape = greys[0][0].shape
    greys = [pair for pair in greys if pair[0].shape == shape]
    apart = [_apart(one, two) for one, two in greys]
    differs = [_different(_cells(np.abs(each))) for each in apart]
    nothing = tuple(np.zeros_like(cells) for cells in differs)
    if np.mean(differs) > LARGEST:
        return Found((), nothing)
    drawn: list[Drawn] = []
    often = np.mean(differs, axis=0) >= OFTEN
    for part in _parts(often):
        when = _when(differs, part)
        if when and _stays(apart, when, part) and (over := _bearer(greys, when, part)):
            drawn.append(Drawn(over, _box(part), True))
        else:
            often &= ~part
    times = np.sum(differs, axis=0)
    least = min(len(greys), max(SOMETIMES, round(SELDOM * len(greys))))
    for part in _parts((times >= least) & ~_grown(often)):
        when = _when(differs, part)
        if len(when) >= least and (over := _bearer(greys, when, part)):
            words = Drawn(over, _box(part), False)
            if words.reads_like_text:  # else it is more likely something that moves
                drawn.append(words)
    if not drawn:
        return Found((), nothing)
    return Found(tuple(drawn), tuple(_grown(cells) for cells in differs))


def _when(differs: Sequence[NDArray[np.bool_]], part: NDArray[np.bool_]) -> list[int]:
    """The pictures in which a part of the cells differs."""
    return [k for k, cells in enumerate(differs) if cells[part].mean() > THERE]


def _apart(one: Grey, two: Grey) -> Grey:
    """By how much the first picture is brighter than the second at equal exposure, signed, in
    parts of its contrast.

    Exposure is a curve: the usual grey in the first for each grey in the second, so that what
    is drawn over a smaller part of the picture has no say in it.
    """
    edges = np.unique(np.percentile(two, np.linspace(0, 100, TONES + 1)))
    tone = np.clip(np.digitize(two, edges[1:-1]), 0, max(0, len(edges) - 2))
    there = [at for at in range(int(tone.max()) + 1) if (tone == at).any()]
    middle = [float(np.median(two[tone == at])) for at in there]
    usual = [float(np.median(one[tone == at])) for at in there]
    rest = one - np.interp(two, middle, usual).astype(np.float32)
    # Next to an edge the smallest shift makes a difference: that much is taken off.
    down, across = np.gradient(one)
    slack = 0.5 * (np.abs(down) + np.abs(across))
    result: Grey = np.sign(rest) * np.maximum(np.abs(rest) - slack, 0) / (one.std() + 4)
    return result


def _cells(apart: Grey) -> Grey:
    """Mean of each cell: (rows, columns)."""
    rows, columns = apart.shape[0] // CELL, apart.shape[1] // CELL
    whole = apart[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL)
    result: Grey = whole.mean(axis=(1, 3))
    return result


def _different(cells: Grey) -> NDArray[np.bool_]:
    usual = float(np.median(cells)) + 0.01
    result: NDArray[np.bool_] = cells > max(DIFFERENT, TIMES_USUAL * usual)
    return result


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """With the cells around."""
    wide = np.pad(mask, 1)
    grown = wide.copy()
    for axis in (0, 1):
        grown = grown | np.roll(grown, 1, axis) | np.roll(grown, -1, axis)
    result: NDArray[np.bool_] = grown[1:-1, 1:-1]
    return result


def _parts(mask: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Cells that hang together, a gap of one cell allowed; parts of too few cells left out."""
    left = _grown(mask)
    parts = []
    while left.any():
        part = np.zeros_like(left)
        part[tuple(np.argwhere(left)[0])] = True
        while True:
            more = _grown(part) & left
            if (more == part).all():
                break
            part = more
        left &= ~part
        if (part & mask).sum() >= LEAST:
            parts.append(part & mask)
    return parts


def _box(part: NDArray[np.bool_]) -> Box:
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    high, wide = part.shape
    return (
        float(columns[0] / wide), float(rows[0] / high),
        float((columns[-1] + 1) / wide), float((rows[-1] + 1) / high),
    )  # fmt: skip


def _pixels(part: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    seen = np.zeros(shape, bool)
    cells = np.kron(part, np.ones((CELL, CELL), bool))
    seen[: cells.shape[0], : cells.shape[1]] = cells
    return seen


def _stays(apart: Sequence[Grey], when: Sequence[int], part: NDArray[np.bool_]) -> bool:
    """Whether the difference is the same picture each time."""
    where = _pixels(part, apart[0].shape)
    seen = np.stack([apart[k][where] for k in when])
    power = float((seen**2).mean())
    return len(when) < 2 or float((seen.mean(axis=0) ** 2).mean()) > SAME_EACH_TIME * power


def _bearer(
    greys: Sequence[tuple[Grey, Grey]], when: Sequence[int], part: NDArray[np.bool_]
) -> str:
    """Whose picture has it ("": no telling): what is drawn has hard edges, and they stay while
    the footage moves."""
    where = _pixels(part, greys[0][0].shape)
    edges, means = [], []
    for which in (0, 1):
        mean = np.mean([greys[k][which] for k in when], axis=0)
        down, across = np.gradient(mean)
        edges.append(float(np.hypot(down, across)[where].mean()) + 0.1)
        means.append(mean[where])
    if correlation(means[0], means[1]) > SAME_THING:
        return ""  # both show it, in other shades
    which = 0 if edges[0] > edges[1] else 1
    if edges[which] < max(HARD, BEARS * edges[1 - which]) or _burnt_out(greys, when, where, which):
        return ""
    return "ab"[which]


def _burnt_out(
    greys: Sequence[tuple[Grey, Grey]], when: Sequence[int], where: NDArray[np.bool_], which: int
) -> bool:
    """Whether exposure took away detail there, rather than somebody drawing some."""
    drawn = np.stack([greys[k][which][where] for k in when])
    plain = np.stack([greys[k][1 - which][where] for k in when])
    at_the_end = float(((plain < DARKEST) | (plain > BRIGHTEST)).mean()) > 0.5
    return at_the_end and float(np.abs(drawn - plain).mean()) < FAINT


def _fewest_rows(pair: Pair) -> float:
    """Pixels down what both show, in the one that has fewer."""
    return min(
        float(luma.shape[0] * (box[3] - box[1]))
        for luma, box in (
            (pair.a.luma, pair.stretch.box_a), (pair.b.luma, pair.stretch.box_b),
        )
    )  # fmt: skip


def _equally_fine(pair: Pair) -> tuple[Grey, Grey]:
    """Both over each other, and no finer than the coarser of them."""
    rows = _fewest_rows(pair)
    if rows >= HEIGHT:
        return laid(pair)
    full = laid(pair)[0].shape
    one, two = (
        sampled(np.clip(np.rint(grey), 0, 255).astype(np.uint8), WHOLE, full)
        for grey in laid(pair, int(rows * 0.9))
    )
    return one, two
