"""Our own SVG icons, drawn in the text colour of the theme, cached per size and screen.

An icon file uses ``currentColor``; it is replaced before drawing. Rendering goes through
Qt's svg plugin, so that QtSvg is not imported. Icons are made when something is
about to be shown (:func:`dress`), and made again when the theme changes (:func:`retint`).
"""

from functools import cache, lru_cache
from typing import Protocol

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget

from vidcache_gui.gui.resources import icon_path
from vidcache_gui.gui.theme import tokens

_NAME = "vidcache_icon"
_COLOR = "vidcache_icon_color"


class _TakesIcon(Protocol):
    def setIcon(self, icon: QIcon) -> None: ...
    def setProperty(self, name: str, value: object) -> bool: ...
    def property(self, name: str) -> object: ...


@cache
def _source(name: str) -> bytes:
    return icon_path(name).read_bytes()


@lru_cache(maxsize=1024)
def image(name: str, width: int, height: int, hex_color: str) -> QImage:
    """The icon as an image of exactly ``width`` x ``height`` device pixels."""
    svg = _source(name).replace(b"currentColor", hex_color.encode())
    svg = svg.replace(b"<svg ", f'<svg width="{width}" height="{height}" '.encode(), 1)
    # Not QImageReader over a QBuffer made here: a Python-made device needs the interpreter
    # lock inside Qt's plugin lock, and a second thread doing the same ends in a deadlock.
    result = QImage.fromData(QByteArray(svg))
    if result.isNull():
        raise ValueError(f"icon {name} cannot be drawn")
    return result.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def pixmap(
    name: str, size: int = 16, color: str = "text", dpr: float = 1.0, height: int = 0
) -> QPixmap:
    """The icon at ``size`` logical pixels in a token's colour (or a ``#rrggbb``)."""
    hex_color = color if color.startswith("#") else str(getattr(tokens(), color))
    result = QPixmap.fromImage(
        image(name, round(size * dpr), round((height or size) * dpr), hex_color)
    )
    result.setDevicePixelRatio(dpr)
    return result


def icon(name: str, color: str = "text") -> QIcon:
    """An icon for the main screen's pixel ratio, with a faded look when disabled."""
    screen = QGuiApplication.primaryScreen()
    dpr = max(1.0, screen.devicePixelRatio() if screen else 1.0)
    result = QIcon()
    for size in (16, 20):
        result.addPixmap(pixmap(name, size, color, dpr))
        result.addPixmap(pixmap(name, size, "strong_line", dpr), QIcon.Mode.Disabled)
    return result


def dress(target: _TakesIcon, name: str, color: str = "text") -> None:
    """Give an action or button its icon now, and again whenever the theme changes."""
    target.setProperty(_NAME, name)
    target.setProperty(_COLOR, color)
    target.setIcon(icon(name, color))


def retint(root: QWidget) -> None:
    """Redraw every dressed icon below ``root`` in the colours of the theme."""
    targets: list[QObject] = [*root.findChildren(QAbstractButton), *root.findChildren(QAction)]
    for target in targets:
        name = target.property(_NAME)
        if isinstance(name, str) and isinstance(target, QAbstractButton | QAction):
            color = target.property(_COLOR)
            target.setIcon(icon(name, color if isinstance(color, str) else "text"))


def app_icon() -> QIcon:
    result = QIcon()
    for size in (16, 32, 48, 64, 128, 256):
        result.addPixmap(QPixmap.fromImage(image("vidcache", size, size, "#000000")))
    return result
