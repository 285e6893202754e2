"""Whether two small pictures show the same, cell by cell, and where a difference begins."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.gui.compare.peek import Grey

Cells = NDArray[np.bool_]  # (height, width)
GRID = (36, 64)  # cells of a picture, (height, width): about 30 pixels of a 1080p film each
CLEAR, FAINT = 20.0, 8.0  # grey levels by which a cell begins to differ, and goes on doing so
LEAST_CELLS = 2  # that differ together: one alone is noise, unless it differs very much
STRIKING = 48.0  # grey levels
REMEMBERED = 24  # pairs: what differed a moment ago is not a new difference
MOST_GAIN = 3.0


def apart(a: Grey, b: Grey) -> Grey:
    """How far every cell of b is from what a shows there or right beside it, in grey levels.

    Brightness and contrast do not count, nor does what lies less than a cell elsewhere.
    """
    gain = float(np.clip(max(a.std(), 1.0) / max(b.std(), 1.0), 1 / MOST_GAIN, MOST_GAIN))
    b = (b - b.mean()) * gain + a.mean()
    found: Grey = np.maximum(_outside(a, b), _outside(b, a))
    return found


def _outside(one: Grey, other: Grey) -> Grey:
    low, high = _around(one, np.minimum), _around(one, np.maximum)
    return np.maximum(np.maximum(low - other, other - high), 0.0)


def _around(cells: NDArray[np.generic], least: np.ufunc) -> Grey:
    """The least (or most) of every cell and its eight neighbours."""
    padded = np.pad(cells, 1, mode="edge")
    rows = least(least(padded[:-2], padded[1:-1]), padded[2:])
    made: Grey = least(least(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    return made


class Onsets:
    """Fed with pair after pair, tells where a difference begins that was not there before."""

    def __init__(self) -> None:
        self._before: deque[Cells] = deque(maxlen=REMEMBERED)

    def feed(self, found: Grey) -> bool:
        """``found``: of :func:`apart`."""
        clear = found > CLEAR
        new = clear
        if self._before:
            known = np.logical_or.reduce(list(self._before))
            new = clear & ~_around(known, np.maximum).astype(bool)
        begins = int(new.sum()) >= LEAST_CELLS or bool((found[new] > STRIKING).any())
        self._before.append(found > FAINT)
        return begins
