"""A fingerprint made ready for comparing: its views, their hashes, and what tells something."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.content import content_boxes
from vidcache_gui.matching.records import WHOLE, Box
from vidcache_gui.matching.resample import crop
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.fingerprint.hashes import informative, orient_all, phash64

MIDDLE: Box = (0.075, 0.075, 0.925, 0.925)  # lies between crops of 5 and of 25 %


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Some pictures of footage seen through a box: ``rows`` (m,) numbers of pictures, ``boxes``
    (m, 4), ``turned`` (8, m) uint64, the hashes in all orientations."""

    name: str  # whole | content | middle
    rows: NDArray[np.int64]
    boxes: NDArray[np.float64]
    turned: NDArray[np.uint64]

    @property
    def hashes(self) -> NDArray[np.uint64]:
        """(m,), as it is."""
        plain: NDArray[np.uint64] = self.turned[0]
        return plain


@dataclass(frozen=True, slots=True, eq=False)
class Footage:
    """``times``, ``ends``: seconds (n,); ``pictures``: float32 (n, SIDE, SIDE)."""

    duration: float
    times: NDArray[np.float64]
    ends: NDArray[np.float64]
    pictures: NDArray[np.float32]
    small: NDArray[np.float32]  # the same at half the side: enough to find out where
    telling: NDArray[np.bool_]  # pictures with enough in them to be told from others
    views: tuple[View, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.times)

    @property
    def middles(self) -> NDArray[np.float64]:
        return (self.times + self.ends) / 2

    def at(self, seconds: NDArray[np.float64], fine: bool = True) -> NDArray[np.float32]:
        """Pictures at these times (k,), blended between the neighbours of a moment."""
        times, pictures = self.times, self.pictures if fine else self.small
        if len(times) == 1:
            return np.repeat(pictures, len(seconds), axis=0)
        right = np.searchsorted(times, seconds, side="right")
        np.minimum(np.maximum(right, 1, out=right), len(times) - 1, out=right)
        start = times.take(right - 1)
        gap = times.take(right) - start
        where = (seconds - start) / gap
        # Across a gap longer than sampling leaves, the picture before stays; so do the ends.
        where = np.where(gap > 0.6, np.rint(where - 0.45), where)
        part = np.minimum(np.maximum(where, 0), 1).astype(np.float32)[:, None, None]
        before = pictures.take(right - 1, axis=0)
        after = pictures.take(right, axis=0)
        after -= before
        after *= part
        after += before
        return after


def prepare(fingerprint: Fingerprint, *, content: bool = True, crops: bool = True) -> Footage:
    """Hashes and views of a fingerprint: some microseconds a picture, so they are never stored."""
    pictures = fingerprint.pictures
    telling = informative(pictures)
    rows = np.flatnonzero(telling)
    floats = pictures.astype(np.float32)
    whole = np.tile(np.asarray(WHOLE), (len(rows), 1))
    views = [View("whole", rows, whole, orient_all(phash64(pictures[rows])))]
    if content and len(rows):
        boxes = content_boxes(pictures)
        inner = np.flatnonzero(telling & ((boxes[:, 2:] - boxes[:, :2]).prod(axis=1) < 0.95))
        if len(inner):
            views.append(_view("content", inner, boxes[inner], floats))
    if crops and len(rows):
        views.append(_view("middle", rows, np.tile(np.asarray(MIDDLE), (len(rows), 1)), floats))
    return Footage(
        fingerprint.duration, fingerprint.times / 1000.0, fingerprint.ends / 1000.0, floats,
        _halved(floats), telling, tuple(views),
    )  # fmt: skip


def _halved(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    count, side, _ = pictures.shape
    halved: NDArray[np.float32] = pictures.reshape(count, side // 2, 2, side // 2, 2).mean((2, 4))
    return halved


def _view(
    name: str, rows: NDArray[np.int64], boxes: NDArray[np.float64], pictures: NDArray[np.float32]
) -> View:
    seen = np.empty((len(rows), *pictures.shape[1:]), np.float32)
    kinds, which = np.unique(boxes, axis=0, return_inverse=True)
    for number, box in enumerate(kinds):
        here = np.flatnonzero(which == number)
        seen[here] = crop(pictures[rows[here]], tuple(box))
    return View(name, rows, boxes, orient_all(phash64(seen)))
