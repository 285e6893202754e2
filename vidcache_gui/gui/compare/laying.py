"""Where two pictures lie over each other. Arithmetic in parts of a common ground, no pixels."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize

from vidcache_gui.matching.records import Transform

SAME_SHAPE = 0.02  # pictures whose proportions differ by less are stretched onto each other
HARDLY = 1.05  # a picture is not enlarged for so little more detail of the other


@dataclass(frozen=True, slots=True)
class Laying:
    """``full``: the ground both lie on, in pixels of the finer of the two. ``spots``: where each
    lies on it, in parts of 1. ``common``: the part of the ground that is the same in both."""

    full: QSize
    spots: tuple[QRectF, QRectF]
    common: QRectF
    alike: bool  # they cover each other, so that their pixels can be compared


def turned_size(size: QSize, transform: Transform | None) -> QSize:
    """Of B's picture once it is upright like A's."""
    if transform is not None and transform.rotation % 180:
        return size.transposed()
    return size


def turned_words(transform: Transform | None) -> str:
    """What is done to B's picture, for its label."""
    if transform is None:
        return ""
    mirrored = " · mirrored back" if transform.mirrored else ""
    return mirrored + (f" · turned by {transform.rotation}°" if transform.rotation else "")


def as_they_are(a: QSize, b: QSize) -> Laying:
    """Each fitted into a ground as large as the larger one."""
    full = max(a, b, key=lambda size: size.width() * size.height())
    spots = (_fitted(a, full), _fitted(b, full))
    alike = not a.isEmpty() and not b.isEmpty() and _same_shape(a, b)
    return Laying(full, spots, spots[0].intersected(spots[1]), alike)


def laid_over(a: QSize, b: QSize, transform: Transform) -> Laying:
    """B (mirrored and turned) over A, so that ``box_b`` lies on ``box_a``."""
    b = turned_size(b, transform)
    if a.isEmpty() or b.isEmpty():
        return as_they_are(a, b)
    left_a, top_a, right_a, bottom_a = transform.box_a
    left_b, top_b, right_b, bottom_b = transform.box_b
    across = (right_a - left_a) / (right_b - left_b)
    down = (bottom_a - top_a) / (bottom_b - top_b)
    of_a = QRectF(0, 0, 1, 1)
    of_b = QRectF(left_a - left_b * across, top_a - top_b * down, across, down)
    whole = of_a.united(of_b)
    finer = max(1.0, b.width() / across / a.width(), b.height() / down / a.height())
    finer = 1.0 if finer < HARDLY else finer
    full = QSize(
        max(1, round(whole.width() * a.width() * finer)),
        max(1, round(whole.height() * a.height() * finer)),
    )
    common = QRectF(left_a, top_a, right_a - left_a, bottom_a - top_a)
    spots = _within(of_a, whole), _within(of_b, whole)
    return Laying(full, spots, _within(common, whole), True)


def _within(part: QRectF, whole: QRectF) -> QRectF:
    return QRectF(
        (part.left() - whole.left()) / whole.width(), (part.top() - whole.top()) / whole.height(),
        part.width() / whole.width(), part.height() / whole.height(),
    )  # fmt: skip


def _fitted(size: QSize, full: QSize) -> QRectF:
    if size.isEmpty() or size == full or _same_shape(size, full):
        return QRectF(0, 0, 1, 1)
    scale = min(full.width() / size.width(), full.height() / size.height())
    width, height = size.width() * scale / full.width(), size.height() * scale / full.height()
    return QRectF((1 - width) / 2, (1 - height) / 2, width, height)


def _same_shape(one: QSize, other: QSize) -> bool:
    proportion = one.width() * other.height() / max(1, one.height() * other.width())
    return abs(proportion - 1) < SAME_SHAPE
