"""Small footage made as large as it is painted, once per frame, in the decoder's thread."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from vidcache_gui.media.types import Frame


def image_of(frame: Frame) -> QImage:
    """A QImage over the frame's memory: the frame must be kept as long as the image."""
    format = QImage.Format.Format_RGB32
    if frame.has_alpha:
        format = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(frame.data, frame.width, frame.height, frame.stride, format)


def enlarged(image: QImage, width: int, height: int) -> QImage:
    """Smoothly; QImage does it at half the price of QPainter."""
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def enlarge(frame: Frame, width: int, height: int) -> Frame:
    """A frame of this size in memory of its own. May be called from any thread."""
    image = enlarged(image_of(frame), width, height)
    data = bytes(image.constBits())
    return Frame(frame.index, width, height, image.bytesPerLine(), data, frame.has_alpha)
