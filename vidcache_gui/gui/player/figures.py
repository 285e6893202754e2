"""Numbers that change with every frame, painted for next to nothing.

A QLabel or QLineEdit under a style sheet costs more per change than the picture itself.
"""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetrics,
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

    clicked = Signal()

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()
        else:
            event.ignore()

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


class EditableFigure(Figure):
    """A figure that can be typed over: click it (or Tab to it), type, press Enter."""

    entered = Signal(str)
    left = Signal()  # the keyboard is free again

    def __init__(
        self, font: QFont, widest: str, name: str, *, right: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(font, widest, right=right, parent=parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.editor = _Editor(self, right=right)

    def set_widest(self, text: str) -> None:
        super().set_widest(text)
        if hasattr(self, "editor"):
            self.editor.setGeometry(self.rect())

    def type_over(self, text: str | None = None) -> None:
        """Open the field with ``text`` (default: what is shown), ready to be replaced."""
        self.editor.open(self._text if text is None else text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setAccessibleDescription(self._text)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.type_over()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.type_over()
        else:
            event.ignore()

    def enterEvent(self, event: QEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()


class _Editor(QLineEdit):
    """Lies over the figure while another one is typed; wider than it where there is need."""

    def __init__(self, over: EditableFigure, *, right: bool) -> None:
        super().__init__(over)
        self._over = over
        self.setProperty("quiet", True)
        self.setFont(over.font())
        if right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(20)
        self.setAccessibleName(over.accessibleName())
        self.hide()
        self.returnPressed.connect(self._enter)

    def open(self, text: str) -> None:
        self.setText(text)
        self.setGeometry(self._over.rect())
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def _enter(self) -> None:
        typed = self.text().strip()
        self._over.left.emit()
        if typed:
            self._over.entered.emit(typed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        event.accept()  # Enter goes no further: it would open the field again

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hide()
