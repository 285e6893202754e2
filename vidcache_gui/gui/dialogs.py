"""Preferences, the key sheet, about, and the questions that need an answer."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui import __version__
from vidcache_gui.core.bulk.store import MOST_CONCURRENCY
from vidcache_gui.gui import icons, theme, words
from vidcache_gui.gui.actions import SPECS, UNLISTED_KEYS
from vidcache_gui.gui.compare.keys import KEYS as COMPARE_KEYS
from vidcache_gui.gui.fields import number
from vidcache_gui.gui.parts import button, label
from vidcache_gui.gui.player.keys import rows as player_rows
from vidcache_gui.gui.settings import Settings
from vidcache_gui.gui.theme import Scheme

CACHE_SIZES = (64, 128, 256, 512, 1024)  # MB
PLAYER_SIZES = (0, 128, 256, 512, 1024, 2048, 4096)  # MB; 0: as this machine allows
SCHEMES = (
    (Scheme.SYSTEM, "As the system"),
    (Scheme.LIGHT, "Light"),
    (Scheme.DARK, "Dark"),
)


class Preferences(QDialog):
    """Every change takes effect at once; Close only closes."""

    scheme_chosen = Signal(object)  # Scheme
    cache_changed = Signal(int)  # MB
    player_changed = Signal(int)  # MB; 0: as this machine allows
    at_a_time_changed = Signal(int)  # items of bulk jobs in the library that is open

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setWindowTitle("Preferences")
        self.setMinimumWidth(420)
        self._scheme = QComboBox()
        for scheme, text in SCHEMES:
            self._scheme.addItem(text, scheme)
        self._scheme.setCurrentIndex([s for s, _ in SCHEMES].index(settings.scheme))
        self._scheme.currentIndexChanged.connect(self._choose_scheme)
        self._bucket = QLineEdit(settings.default_bucket)
        self._bucket.editingFinished.connect(self._choose_bucket)
        self._cache = QComboBox()
        sizes = sorted({*CACHE_SIZES, settings.cache_mb})
        for megabytes in sizes:
            self._cache.addItem(words.size(megabytes * 1_000_000), megabytes)
        self._cache.setCurrentIndex(sizes.index(settings.cache_mb))
        self._cache.currentIndexChanged.connect(self._choose_cache)
        self._player = QComboBox()
        self._player.setToolTip("More frames stay decoded: going back and looping is instant")
        players = sorted({*PLAYER_SIZES, settings.player_mb})
        for megabytes in players:
            text = words.size(megabytes * 1_000_000) if megabytes else "As this machine allows"
            self._player.addItem(text, megabytes)
        self._player.setCurrentIndex(players.index(settings.player_mb))
        self._player.currentIndexChanged.connect(self._choose_player)
        tip = "How many items of a bulk job, or of a copy from or to a remote, go side by side"
        self._at_a_time = number("Items at a time", tip, 1, MOST_CONCURRENCY, 1)
        self._at_a_time.setEnabled(False)  # until a library says
        self._at_a_time.valueChanged.connect(self.at_a_time_changed)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.addRow("Theme", self._scheme)
        form.addRow("Bucket for new items", self._bucket)
        form.addRow("Memory for thumbnails", self._cache)
        form.addRow("Memory for the player's frames", self._player)
        form.addRow("Copies and bulk items at a time", self._at_a_time)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addWidget(label("Preferences", theme.TITLE, medium=True))
        column.addLayout(form)
        column.addStretch()
        column.addLayout(closing(self))

    def show_at_a_time(self, count: int) -> None:
        """What the library that is open says."""
        with QSignalBlocker(self._at_a_time):
            self._at_a_time.setValue(count)
        self._at_a_time.setEnabled(True)

    def _choose_scheme(self, place: int) -> None:
        self._settings.scheme = SCHEMES[place][0]
        self.scheme_chosen.emit(SCHEMES[place][0])

    def _choose_bucket(self) -> None:
        self._settings.default_bucket = self._bucket.text()
        self._bucket.setText(self._settings.default_bucket)

    def _choose_cache(self) -> None:
        value = int(self._cache.currentData())
        self._settings.cache_mb = value
        self.cache_changed.emit(value)

    def _choose_player(self) -> None:
        value = int(self._player.currentData())
        self._settings.player_mb = value
        self.player_changed.emit(value)


class Shortcuts(QDialog):
    """All keys on one sheet, made from the table of actions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(960, 680)
        sheet = QWidget()
        sheet.setObjectName("sheet")
        across = QHBoxLayout(sheet)
        across.setContentsMargins(4, 0, 12, 0)
        across.setSpacing(40)
        columns = (QVBoxLayout(), QVBoxLayout())
        for column in columns:
            column.setSpacing(6)
            across.addLayout(column, 1)
        for group, rows in key_rows().items():
            column = columns[1 if group.startswith("Player") else 0]
            column.addLayout(self._group(group, rows))
            column.addSpacing(12)
        for column in columns:
            column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(sheet)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addWidget(label("Keyboard shortcuts", theme.TITLE, medium=True))
        column.addWidget(area, 1)
        column.addLayout(closing(self))

    def _group(self, title: str, rows: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(label(title, theme.SMALL, medium=True, muted=True), 0, 0)
        for place, (text, keys) in enumerate(rows, start=1):
            grid.addWidget(label(text), place, 0)
            right = label(keys, muted=True)
            right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(right, place, 1)
        return grid


def key_rows() -> dict[str, list[tuple[str, str]]]:
    """What can be done by keyboard, by group: (words, keys)."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for spec in SPECS:
        keys = [
            QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in spec.keys
        ]
        if keys:
            text = spec.text.removesuffix("…")
            rows.setdefault(spec.group, []).append((text, " or ".join(keys)))
    compared = [("Compare", *row) for row in COMPARE_KEYS]
    for group, text, how in (*UNLISTED_KEYS, *player_rows(), *compared):
        rows.setdefault(group, []).append((text, how))
    return rows


class About(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About VidCache")
        picture = QLabel()
        picture.setPixmap(icons.pixmap("vidcache", 64, "text", self.devicePixelRatioF()))
        text = QVBoxLayout()
        text.setSpacing(4)
        text.addWidget(label("VidCache", theme.TITLE, medium=True))
        text.addWidget(label(f"Version {__version__}", muted=True, selectable=True))
        text.addSpacing(8)
        text.addWidget(
            label(
                "An archive for videos, GIFs and frame sequences. Everything is kept byte for "
                "byte, once, and found again.",
                wrap=True,
            )
        )
        text.addWidget(label("Apache License 2.0", muted=True))
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addLayout(across)
        column.addLayout(closing(self))
        self.setFixedWidth(420)


class EmptyTrash(QDialog):
    """Names how much is deleted for good; the safe answer is the default."""

    def __init__(self, count: int, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Empty trash")
        what = words.items(count)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(8)
        column.addWidget(label(f"Delete {what} for good?", theme.SECTION, medium=True))
        column.addWidget(
            label(
                f"{what.capitalize()}, {words.size(size)}, will be deleted from this library. "
                "This cannot be undone. The originals you added them from are not touched.",
                wrap=True,
            )
        )
        column.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.addStretch()
        keep = button("Keep", self.reject)
        keep.setDefault(True)
        buttons.addWidget(keep)
        buttons.addWidget(button(f"Delete {what}", self.accept, danger=True))
        column.addLayout(buttons)
        self.setFixedWidth(440)


def closing(dialog: QDialog) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch()
    close = button("Close", dialog.accept)
    close.setToolTip("Close (Esc)")
    close.setDefault(True)
    row.addWidget(close)
    return row
