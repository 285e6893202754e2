"""Small pieces of the window that several panes share."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from vidcache_gui.gui import icons, theme


class ElidedLabel(QLabel):
    """One line that gives way: elided where there is no room, whole on hover."""

    def __init__(
        self,
        text: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text.replace("\n", " "))
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(20, QFontMetrics(self.font()).height() + 2)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setFont(self.font())
        p.setPen(self.palette().color(self.foregroundRole()))
        if self.property("muted"):
            p.setPen(theme.color("muted"))
        for tone in ("danger", "good", "warn"):
            if self.property(tone):
                p.setPen(theme.color(tone))
        room = self.contentsRect()
        shown = QFontMetrics(self.font()).elidedText(self.text(), self._mode, room.width())
        p.drawText(room, self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
        if not self.toolTip() or self.property("own_tip"):
            self.setProperty("own_tip", True)
            self.setToolTip(self.text() if shown != self.text() else "")
        p.end()


class DragLabel(ElidedLabel):
    """A name that can be dragged away, and what it names with it."""

    dragged = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and not self.rect().contains(
            event.position().toPoint()
        ):
            self.dragged.emit()


def label(
    text: str = "",
    pixels: int = theme.BODY,
    *,
    medium: bool = False,
    muted: bool = False,
    wrap: bool = False,
    selectable: bool = False,
) -> QLabel:
    """A plain text label at a size of the scale."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(theme.font(pixels, medium=medium))
    made.setWordWrap(wrap)
    if muted:
        made.setProperty("muted", True)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


class Button(QPushButton):
    """Enter presses the one that has the focus, in dialogs that have a default button too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def button(
    text: str,
    act: Callable[[], object],
    *,
    primary: bool = False,
    flat: bool = False,
    danger: bool = False,
    icon: str = "",
) -> QPushButton:
    made = Button(text)
    for name, value in (("primary", primary), ("flat", flat), ("danger", danger)):
        if value:
            made.setProperty(name, True)
    if icon:
        icons.dress(made, icon, "accent_text" if primary else "text")
    made.setAutoDefault(False)
    made.clicked.connect(lambda: act())
    return made


def icon_button(
    name: str, tip: str, act: Callable[[], object] | None = None, color: str = "text"
) -> QToolButton:
    """An icon without words: the tip is its accessible name too."""
    made = QToolButton()
    icons.dress(made, name, color)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAutoRaise(True)
    if act is not None:
        made.clicked.connect(lambda: act())
    return made


def action_button(action: QAction, *, text: bool = False) -> QToolButton:
    made = QToolButton()
    made.setDefaultAction(action)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAccessibleName(action.text())
    made.setAutoRaise(True)
    if text:
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return made


def clearable(field: QLineEdit) -> None:
    """A cross at the end of a field that has something in it, of our own icons."""
    clear = QAction("Clear", field)
    icons.dress(clear, "close", "muted")
    clear.triggered.connect(field.clear)
    field.addAction(clear, QLineEdit.ActionPosition.TrailingPosition)
    clear.setVisible(bool(field.text()))  # only now: the field shows every action it is given
    field.textChanged.connect(lambda text: clear.setVisible(bool(text)))


def line(*, vertical: bool = False) -> QFrame:
    """A hairline."""
    made = QFrame()
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setObjectName("line")
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made
