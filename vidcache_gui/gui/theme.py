"""Colours, type sizes and spacing: one table for both themes, applied as palette and style.

The palette is applied explicitly because not every platform follows a request for a
colour scheme (the offscreen one never does), and because painting code needs colours
that no palette has (good, warn, danger, picture ground).
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from vidcache_gui.gui.style import style_sheet

SMALL, BODY, SECTION, TITLE = 11, 13, 15, 20  # px at 100 %
GRID = 4  # every distance is a multiple of this
RADIUS, TILE_RADIUS = 6, 4
MOTION_MS = 140


class Scheme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour the program uses, as ``#rrggbb``."""

    dark: bool
    window: str
    surface: str
    raised: str
    line: str
    control: str  # resting fill of buttons and fields
    hover: str
    strong_line: str  # outline of fields: visible against surface
    text: str
    muted: str
    accent: str
    accent_text: str
    selection: str  # fill behind selected rows
    good: str
    warn: str
    danger: str
    picture: str = "#101113"
    picture_text: str = "#ECEDEE"
    picture_muted: str = "#A0A5AC"


LIGHT = Tokens(
    dark=False,
    window="#F6F6F7",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#E2E2E5",
    control="#FFFFFF",
    hover="#ECECEF",
    strong_line="#C4C6CB",
    text="#1B1C1F",
    muted="#5E6268",
    accent="#2563EB",
    accent_text="#FFFFFF",
    selection="#DCE7FD",
    good="#157F3D",
    warn="#9A5B00",
    danger="#C62828",
)
DARK = Tokens(
    dark=True,
    window="#17181B",
    surface="#1E2024",
    raised="#272A2F",
    line="#303339",
    control="#272A2F",
    hover="#2C2F35",
    strong_line="#454950",
    text="#ECEDEE",
    muted="#A0A5AC",
    accent="#7AA7FF",
    accent_text="#0E1116",
    selection="#2A3A58",
    good="#5BD68A",
    warn="#F2B04C",
    danger="#FF7A73",
)


class Theme(QObject):
    """What the window looks like now; follows the system unless a person chose otherwise."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: Scheme = Scheme.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def choice(self) -> Scheme:
        return self._choice

    def choose(self, choice: Scheme) -> None:
        self._choice = choice
        self.apply()

    def apply(self) -> None:
        global _current
        wanted = DARK if self._is_dark() else LIGHT
        _current = wanted
        self._app.setPalette(palette_for(wanted))
        self._app.setStyleSheet(style_sheet(wanted))
        self.changed.emit()

    def _is_dark(self) -> bool:
        if self._choice is Scheme.SYSTEM:
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._choice is Scheme.DARK

    def _follow_system(self) -> None:
        if self._choice is Scheme.SYSTEM:
            self.apply()


_current = LIGHT


def tokens() -> Tokens:
    """The colours in force. Read while painting; never kept."""
    return _current


def color(name: str, alpha: float = 1.0) -> QColor:
    """A token as a QColor, optionally see-through."""
    value = QColor(getattr(_current, name))
    value.setAlphaF(alpha)
    return value


def palette_for(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: t.window,
        role.WindowText: t.text,
        role.Base: t.surface,
        role.AlternateBase: t.window,
        role.Text: t.text,
        role.PlaceholderText: t.muted,
        role.Button: t.control,
        role.ButtonText: t.text,
        role.BrightText: t.danger,
        role.ToolTipBase: t.raised,
        role.ToolTipText: t.text,
        role.Highlight: t.accent,
        role.HighlightedText: t.accent_text,
        role.Link: t.accent,
        role.LinkVisited: t.accent,
        role.Accent: t.accent,
        role.Light: t.hover,
        role.Midlight: t.hover,
        role.Mid: t.strong_line,
        role.Dark: t.strong_line,
        role.Shadow: t.line,
    }
    for which, value in pairs.items():
        palette.setColor(which, QColor(value))
    faded = QColor(t.muted)
    faded.setAlphaF(0.6)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, faded)
    return palette


def font(pixels: int = BODY, *, medium: bool = False, tabular: bool = False) -> QFont:
    """The system's font at a size of the scale; ``tabular`` lines digits up."""
    return QFont(_font(QApplication.font().key(), pixels, medium, tabular))


@lru_cache(maxsize=64)
def _font(system: str, pixels: int, medium: bool, tabular: bool) -> QFont:
    """Kept, because it is asked for with every cell that is painted."""
    result = QFont(QApplication.font())
    result.setPixelSize(pixels)
    if medium:
        result.setWeight(QFont.Weight.Medium)
    if tabular:
        result.setFeature(QFont.Tag("tnum"), 1)
    return result


def mono(pixels: int = BODY - 1) -> QFont:
    result = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if not QFontInfo(result).fixedPitch():
        result.setStyleHint(QFont.StyleHint.Monospace)
    result.setPixelSize(pixels)
    return result


def reduced_motion() -> bool:
    """Whether the desktop asks for no animation."""
    return not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)


def as_dict(t: Tokens) -> dict[str, str]:
    return {f.name: getattr(t, f.name) for f in fields(t) if f.name != "dark"}
