"""The whole window takes what is dropped, and says beforehand what will happen."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from vidcache_gui.gui import icons, theme
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.ingest.sources import (
    Look,
    describe,
    is_manifest,
    look_at,
    may_hold_sources,
    sources_of,
)


class DropOverlay(QWidget):
    """A veil over the window with one sentence, while something hangs over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Drop target")
        self._text = ""
        self._hint = ""
        self.hide()

    @property
    def text(self) -> str:
        return self._text

    def show_text(self, text: str, hint: str) -> None:
        self._text, self._hint = text, hint
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.fillRect(self.rect(), theme.color("window", 0.72))
        frame = self.rect().adjusted(10, 10, -10, -10)
        p.setBrush(theme.color("accent", 0.08))
        p.setPen(QPen(theme.color("accent"), 2))
        p.drawRoundedRect(frame, 10, 10)
        title = theme.font(theme.TITLE, medium=True)
        width = QFontMetrics(title).horizontalAdvance(self._text) + 96
        width = min(max(width, 360), self.width() - 80)
        card = QRect(0, 0, width, 136)
        card.moveCenter(self.rect().center())
        p.setBrush(theme.color("raised"))
        p.setPen(QPen(theme.color("strong_line"), 1))
        p.drawRoundedRect(card, 10, 10)
        dpr = self.devicePixelRatioF()
        p.drawPixmap(
            card.center().x() - 13, card.top() + 20, icons.pixmap("drop", 28, "accent", dpr)
        )
        align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        p.setPen(theme.color("text"))
        p.setFont(title)
        room = QRect(card.left() + 24, card.top() + 56, card.width() - 48, 32)
        shown = QFontMetrics(title).elidedText(
            self._text, Qt.TextElideMode.ElideMiddle, room.width()
        )
        p.drawText(room, align, shown)
        p.setPen(theme.color("muted"))
        p.setFont(theme.font())
        p.drawText(
            QRect(card.left() + 16, card.top() + 92, card.width() - 32, 24), align, self._hint
        )
        p.end()


class DropTarget(QObject):
    """Watches a window's drag events. ``dropped`` carries the sources."""

    dropped = Signal(object, bool)  # list[str], with options asked for (Shift held)

    def __init__(
        self, window: QWidget, background: Callable[[], Background], place: Callable[[], str]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._background = background
        self._place = place
        self.overlay = DropOverlay(window)
        self._sources: list[str] = []
        self._look: Look | None = None
        self.enabled = True
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            return self._enter(event)
        if kind == QEvent.Type.DragMove and isinstance(event, QDropEvent) and self._sources:
            self._accept(event)
            return True
        if kind == QEvent.Type.DragLeave:
            self._leave()
        if kind == QEvent.Type.Drop and isinstance(event, QDropEvent) and self._sources:
            self._drop(event)
            return True
        if kind == QEvent.Type.Resize and self.overlay.isVisible():
            self.overlay.setGeometry(self._window.rect())
        return False

    def describe(self, sources: Sequence[str]) -> None:
        """Show the overlay for sources, first from a glance, then from a look at the disk."""
        self._sources = list(sources)
        self._look = None
        self._say()
        self._background().run(
            Purpose.WORK, lambda: look_at(sources), lambda look: self._refine(list(sources), look)
        )

    def _enter(self, event: QDragEnterEvent) -> bool:
        if not self.enabled or not may_hold_sources(event.mimeData()):
            return False
        sources = sources_of(event.mimeData())
        if not sources:
            return False
        self._accept(event)
        self.describe(sources)
        return True

    def _accept(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _drop(self, event: QDropEvent) -> None:
        self._accept(event)
        sources = self._sources
        ask = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._leave()
        self.dropped.emit(sources, ask)

    def _leave(self) -> None:
        self._sources = []
        self._look = None
        self.overlay.hide()

    def _refine(self, sources: list[str], look: Look) -> None:
        if sources == self._sources:
            self._look = look
            self._say()

    def _say(self) -> None:
        text = describe(self._sources, self._look, self._place(), as_frames=False)
        hint = "The originals stay where they are. Hold Shift for options."
        if is_manifest(self._sources):
            hint = "It shows what it will do before anything is done."
        self.overlay.show_text(text, hint)
