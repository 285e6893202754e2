"""One line below the window while the library is served, so that nobody forgets it."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from vidcache_gui.gui import icons, theme
from vidcache_gui.gui.parts import ElidedLabel, button


class ServingLine(QWidget):
    opened = Signal()  # show more
    stopped = Signal()  # switch it off

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("activity_line")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(34)
        self.setAccessibleName("Local server")
        self._sign = QLabel()
        self._text = ElidedLabel()
        self._text.setFont(theme.font(tabular=True))
        show = button("Show", self.opened.emit, flat=True)
        show.setToolTip("Local server: addresses, settings and requests (Ctrl+Shift+S)")
        stop = button("Switch off", self.stopped.emit, flat=True)
        stop.setToolTip("No other program can reach this library then")
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 0, 8, 0)
        across.setSpacing(8)
        across.addWidget(self._sign)
        across.addWidget(self._text, 1)
        across.addWidget(show)
        across.addWidget(stop)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, text: str) -> None:
        """Nothing to say hides it."""
        self._draw()
        self._text.setText(text)
        self.setVisible(bool(text))

    def _draw(self) -> None:
        self._sign.setPixmap(icons.pixmap("server", 16, "good", self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self.text:
            self._draw()  # in the colours of the theme
        super().changeEvent(event)
