"""Which of two aligned pictures holds finer detail, apart from noise and from exposure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.media.quality.align import laid
from vidcache_gui.media.quality.pictures import Pair, cut
from vidcache_gui.media.quality.spectrum import Power, Spectrum, spectrum, tiles

FLOOR = 2.0  # power of coding errors that say nothing, in squared grey levels
CALM = 25  # percent of the tiles that show what is there without detail: the noise
LOST = 4.0  # decibels below the better of both at which detail counts as lost
COARSE = 24  # rows of the pictures whose exposure is compared
FINE = 0.35  # of the band: what lies above it is fine
EQUAL = 0.3  # decibels: less is no difference
EVEN = 0.6  # as strong at the finest as below it: noise
EVERYWHERE = 0.4  # as strong in calm tiles as on average: noise
COARSER = 0.6  # of the bins of the larger
DROP = 0.2  # of the power just below the end of the smaller picture's band
STEADY = 3  # bins in a row: single ones go up and down


@dataclass(frozen=True, slots=True)
class Detail:
    """``lines``: see ``records.Measured``; ``level``: mean decibels of fine detail relative to
    the better; ``noise``: standard deviation of its own pixels in grey levels."""

    lines: float
    level: float
    noise: float


Mask = NDArray[np.bool_]  # (rows, columns) of tiles that count


def compare(pairs: Sequence[Pair], masks: Sequence[Mask]) -> tuple[Detail, Detail]:
    """``masks``: for each pair the tiles (``grid_of``) with nothing laid over them."""
    spectra = [_spectra(pair) for pair in pairs]
    kept = [mask.ravel() for mask in masks]
    one = np.concatenate([a.power[keep] for (a, _), keep in zip(spectra, kept, strict=True)])
    two = np.concatenate([b.power[keep] for (_, b), keep in zip(spectra, kept, strict=True)])
    lines = spectra[0][0].lines
    band_a, band_b = _band(one), _band(two)
    if not band_a or not band_b or not len(one):
        return Detail(0, 0, 0), Detail(0, 0, 0)
    mean_a, mean_b = one.mean(axis=0), two.mean(axis=0)
    # Pixels of different size: power for each unit of picture is what can be compared.
    size = _size_ratio(pairs[0])
    common = min(band_a, band_b)
    added = _added(one, two * size, common)
    added_a, added_b = max(0.0, -added), max(0.0, added / size)
    noise_a, noise_b = max(_noise(one, band_a), added_a), max(_noise(two, band_b), added_b)
    clean_a = _smooth(np.maximum(mean_a - added_a, 0))
    clean_b = _smooth(np.maximum(mean_b - added_b, 0)) * size
    exposure = _exposure(pairs)
    # Errors of the paler of both are enlarged with it when both are brought to one exposure.
    floor = FLOOR * max(1.0, 1 / exposure)
    clean_a, clean_b = clean_a + floor, clean_b / exposure + floor
    apart = 10 * np.log10(clean_b / clean_a)
    fine = slice(max(2, round(FINE * common)), common)
    weight = np.log10(np.maximum(clean_a, clean_b)[fine] / floor) + 0.02
    level = float((np.clip(apart[fine], -12, 12) * weight).sum() / weight.sum())
    step = lines[1] - lines[0]
    reach_a, reach_b = _reach(mean_a - noise_a, band_a), _reach(mean_b - noise_b, band_b)
    # Errors of finer pixels are finer: told in pixels of the coarser of both, they are smaller.
    coarse = max(1.0, size)
    own_a = _own((mean_a - noise_a) / coarse, reach_a, reach_b, -apart, common, -level)
    own_b = _own((mean_b - noise_b) * size / coarse, reach_b, reach_a, apart, common, level)
    return (
        Detail(float(own_a * step), min(0.0, -level), float(np.sqrt(noise_a))),
        Detail(float(own_b * step), min(0.0, level), float(np.sqrt(noise_b))),
    )


def _own(
    power: NDArray[np.float64],
    reach: int,
    others: int,
    apart: NDArray[np.float64],
    common: int,
    level: float,
) -> int:
    """Bins up to the finest detail of one picture, seen beside the other.

    ``reach``: what stands out in it alone; ``others``: in the other. ``apart``, ``level``:
    decibels by which it is finer than the other.
    """
    larger = bool(power[common:].any())
    if larger and not _ends(power, common, level):
        return reach
    if level < -EQUAL:
        reach = min(reach, _lost(apart, common))
    return min(reach, others) if larger else reach


def _exposure(pairs: Sequence[Pair]) -> float:
    """Power of b relative to a in coarse shapes, which no coding takes away."""
    powers = []
    for pair in pairs:
        one, two = laid(pair, COARSE)
        powers.append((float(two.var()) + 1) / (float(one.var()) + 1))
    return float(np.median(powers))


def grid_of(pair: Pair) -> tuple[int, int]:
    """(rows, columns) of the tiles of what both show."""
    return tiles(cut(pair.a.luma, pair.stretch.box_a).shape)


def _units(pair: Pair) -> tuple[tuple[float, float], tuple[float, float]]:
    """Lines of a's whole height for one cycle per pixel, down and across, in a and in b."""
    left, top, right, bottom = pair.stretch.box_a
    high = max(bottom - top, 1e-3)
    wide = max(right - left, 1e-3) * pair.a.luma.shape[1] / pair.a.luma.shape[0]
    found = []
    for luma, box in ((pair.a.luma, pair.stretch.box_a), (pair.b.luma, pair.stretch.box_b)):
        rows, columns = cut(luma, box).shape
        found.append((2 * rows / high, 2 * columns / wide))
    return found[0], found[1]


def _size_ratio(pair: Pair) -> float:
    a, b = _units(pair)
    return (a[0] * a[1]) / (b[0] * b[1])


def _spectra(pair: Pair) -> tuple[Spectrum, Spectrum]:
    unit_a, unit_b = _units(pair)
    top = max(min(unit_a), min(unit_b)) / 2
    grid = grid_of(pair)
    return (
        spectrum(cut(pair.a.luma, pair.stretch.box_a).astype(np.float32), grid, unit_a, top),
        spectrum(cut(pair.b.luma, pair.stretch.box_b).astype(np.float32), grid, unit_b, top),
    )


def _band(power: Power) -> int:
    """How many bins the pixels can hold."""
    held = np.flatnonzero(power.sum(axis=0) > 0)
    return int(held[-1]) + 1 if len(held) else 0


def _noise(power: Power, band: int) -> float:
    """Power of what is everywhere alike, also where there is no detail."""
    top = power[:, band * 2 // 3 : band].mean(axis=1)
    return float(np.percentile(top, CALM))


def _added(one: Power, two: Power, common: int) -> float:
    """Power of the noise that b has more than a; negative: a has more.

    Noise is equally strong at all fine frequencies and all over the picture; detail falls off
    steeply, and is where there is something to see.
    """
    if common < COARSER * one.shape[1]:
        return 0.0  # what is finest in one is coarse in the other, and there even detail is flat
    half, quarter = common // 2, common * 3 // 4
    more = 1.0 if two[:, quarter:common].sum() > one[:, quarter:common].sum() else -1.0
    excess = (two - one) * more
    tops = excess[:, quarter:common].mean(axis=1)
    top, below = float(tops.mean()), float(excess[:, half:quarter].mean())
    weaker = (one if more > 0 else two)[:, quarter:common]
    flat = top > EVEN * below and float(np.percentile(tops, CALM)) > EVERYWHERE * top
    if not flat or top < max(2 * FLOOR, float(weaker.mean())):
        return 0.0
    return more * (top + max(below, 0.0)) / 2


def _ends(power: NDArray[np.float64], common: int, level: float) -> bool:
    """Whether detail of the larger picture ends where the smaller one's must: it was enlarged.

    ``level``: decibels by which its detail is finer below that. Nature goes on falling there as
    it did before; what was enlarged drops.
    """
    if level > EQUAL:
        return False
    below = float(power[common * 3 // 4 : common].mean())
    above = float(power[common : common * 4 // 3].mean())
    return below < 2 * FLOOR or above < DROP * below


def _smooth(power: NDArray[np.float64]) -> NDArray[np.float64]:
    wide = np.pad(power, 1, mode="edge")
    result: NDArray[np.float64] = wide[:-2] / 4 + wide[1:-1] / 2 + wide[2:] / 4
    return result


def _reach(power: NDArray[np.float64], band: int) -> int:
    """Bins up to the finest detail that stands out from coding errors."""
    seen = np.flatnonzero(_smooth(power)[:band] > FLOOR / 2)
    reach = int(seen[-1]) + 1 if len(seen) else 1
    return band if reach >= band - 1 else reach


def _lost(apart: NDArray[np.float64], common: int) -> int:
    """Bins up to where detail of the other is not there any more.

    Never beyond ``common``, the last bin both can hold: what has less than the other below it
    was not made with more above it, but enlarged.
    """
    gone = apart[:common] < -LOST
    for at in range(common - STEADY + 1):
        if gone[at:].mean() > 0.8 and gone[at]:
            return at
    return common
