"""The first page: make a library, open one, or go back to a recent one."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from vidcache_gui.gui import icons, theme
from vidcache_gui.gui.parts import ElidedLabel, button, icon_button, label


class Picture(QWidget):
    """An icon as an illustration, in the muted colour."""

    def __init__(self, name: str, width: int, height: int) -> None:
        super().__init__()
        self._name = name
        self._shown = QSize(width, height)
        self.setFixedSize(width, height)

    def show_icon(self, name: str, width: int, height: int) -> None:
        """Another one, in the middle of the same room."""
        self._name, self._shown = name, QSize(width, height)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        dpr = self.devicePixelRatioF()
        room = QRect(QPoint(), self._shown)
        room.moveCenter(self.rect().center())
        p.drawPixmap(room, icons.pixmap(self._name, room.width(), "muted", dpr, room.height()))
        p.end()


class RecentLibrary(QToolButton):
    """A library that was open before: its name, and where it is."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.setFixedHeight(52)
        self.setMinimumWidth(360)
        self.setAccessibleName(f"Open {path.name}, {path.parent}")
        self.setToolTip(str(path))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        name = ElidedLabel(path.name)
        name.setFont(theme.font(medium=True))
        folder = ElidedLabel(shortened(path.parent), Qt.TextElideMode.ElideMiddle)
        folder.setFont(theme.font(theme.SMALL))
        folder.setProperty("muted", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        for line in (name, folder):
            line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(line)

    def sizeHint(self) -> QSize:
        return QSize(360, 52)


class Welcome(QWidget):
    """Shown when no library is open."""

    create_requested = Signal()
    open_requested = Signal()
    library_chosen = Signal(object)  # Path
    library_forgotten = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Welcome")
        self._column = QVBoxLayout(self)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._column.setSpacing(8)
        self._column.addStretch(2)
        self._column.addWidget(Picture("empty", 160, 112), 0, Qt.AlignmentFlag.AlignHCenter)
        title = label("An archive for moving pictures", theme.TITLE, medium=True)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(title)
        words = label(
            "A library is a folder you choose. It keeps everything you add once, byte for byte, "
            "and remembers every place it came from.",
            muted=True,
            wrap=True,
        )
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setFixedWidth(420)
        words.setMinimumHeight(40)
        self._column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addSpacing(8)
        across = QHBoxLayout()
        across.setSpacing(8)
        across.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.new_button = button("New library…", self.create_requested.emit, primary=True)
        across.addWidget(self.new_button)
        across.addWidget(button("Open library…", self.open_requested.emit))
        self._column.addLayout(across)
        self._column.addSpacing(16)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self._column.addLayout(self._recent)
        self._column.addStretch(3)

    def show_recent(self, paths: Sequence[Path]) -> None:
        while (entry := self._recent.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.deleteLater()
        if not paths:
            return
        holder = QWidget()
        holder.setFixedWidth(420)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = label("Recent", theme.SMALL, medium=True, muted=True)
        head.setContentsMargins(12, 0, 0, 4)
        column.addWidget(head)
        for path in paths[:6]:
            across = QHBoxLayout()
            across.setSpacing(0)
            row = RecentLibrary(path)
            row.clicked.connect(partial(self._choose, path))
            across.addWidget(row, 1)
            forget = icon_button(
                "close",
                f"Forget {path.name} (the library stays)",
                partial(self.library_forgotten.emit, path),
                "muted",
            )
            across.addWidget(forget)
            column.addLayout(across)
        self._recent.addWidget(holder, 0, Qt.AlignmentFlag.AlignHCenter)

    def _choose(self, path: Path, _checked: bool = False) -> None:
        self.library_chosen.emit(path)


def shortened(folder: Path) -> str:
    """A folder with the home as ~."""
    try:
        below = folder.relative_to(Path.home())
    except ValueError:
        return str(folder)
    return "~" if str(below) == "." else f"~/{below}"
