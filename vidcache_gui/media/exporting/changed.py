"""What differs between two frames: animations store only that rectangle again."""

from typing import Any

from PIL import ImageChops

Box = tuple[int, int, int, int]  # left, top, right, bottom


def changed_box(before: Any, after: Any, *, even: bool = False) -> Box:
    """The smallest rectangle with all that differs; one pixel when nothing does, because
    an equal frame is a frame too. ``even``: starting at even pixels."""
    if before is None or before.mode != after.mode:
        return (0, 0, *after.size)
    box = ImageChops.difference(before, after).getbbox(alpha_only=False) or (0, 0, 1, 1)
    if even:
        box = (box[0] & ~1, box[1] & ~1, box[2], box[3])
    return box
