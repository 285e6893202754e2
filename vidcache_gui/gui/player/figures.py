"""Numbers that change with every frame, painted for next to nothing.

A QLabel or QLineEdit under a style sheet costs more per change than the picture itself.
"""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetrics,
    QIntValidator,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from vidcache_gui.gui import theme

PADDING = 6


class Figure(QWidget):
    """One line of text of a width that does not change with it."""

    def __init__(
        self, font: QFont, widest: str = "", *, right: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(font)
        self._text = ""
        self._flags = Qt.AlignmentFlag.AlignVCenter | (
            Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        )
        self._hovered = False
        self.set_widest(widest)

    def set_widest(self, text: str) -> None:
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(text) + 2 * PADDING
        self.setFixedSize(QSize(width, metrics.height() + PADDING))

    @property
    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        if self._hovered or self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.color("accent" if self.hasFocus() else "strong_line"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.setFont(self.font())
        painter.drawText(self.rect().adjusted(PADDING, 0, -PADDING, 0), self._flags, self._text)


class FrameNumber(Figure):
    """The current frame's number; click (or Tab and type), type another, press Enter."""

    number_entered = Signal(int)
    left = Signal()  # the keyboard is free again

    def __init__(self, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(font, "000", right=True, parent=parent)
        self.setAccessibleName("Frame number")
        self.setToolTip("Click and type a frame number (G)")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.editor = _NumberEditor(self)

    def show_number(self, number: int) -> None:
        self.show_text(str(number))

    def set_count(self, frames: int) -> None:
        """Room for the widest number, so that nothing beside it moves while playing."""
        self.set_widest("0" * max(2, len(str(frames))))
        self.editor.setGeometry(self.rect())

    def type_number(self) -> None:
        self.editor.open(self._text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setAccessibleDescription(self._text)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.type_number()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.type_number()

    def enterEvent(self, event: QEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()


class _NumberEditor(QLineEdit):
    """Lies over the number while another one is typed."""

    def __init__(self, over: FrameNumber) -> None:
        super().__init__(over)
        self._over = over
        self.setProperty("quiet", True)
        self.setFont(over.font())
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setValidator(QIntValidator(0, 2**31 - 1, self))
        self.setAccessibleName("Frame number")
        self.hide()
        self.returnPressed.connect(self._enter)

    def open(self, text: str) -> None:
        self.setText(text)
        self.setGeometry(self._over.rect())
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def _enter(self) -> None:
        typed = self.text()
        self._over.left.emit()
        if typed:
            self._over.number_entered.emit(int(typed))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        event.accept()  # Enter goes no further: it would open the field again

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hide()
