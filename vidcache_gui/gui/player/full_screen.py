"""Full screen: the picture fills it, the controls lie over it and fade when left alone."""

from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, Qt, QTimer
from PySide6.QtWidgets import QGraphicsOpacityEffect, QVBoxLayout, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.player.canvas import Canvas

IDLE_MS = 2500


class FullScreen(QObject):
    """Follows the state of the window that ``view`` is in.

    ``panel`` (the controls) is the last part of ``layout`` in a window and floats over
    ``canvas`` in full screen.
    """

    def __init__(self, view: QWidget, layout: QVBoxLayout, canvas: Canvas, panel: QWidget) -> None:
        super().__init__(view)
        self._view, self._layout, self._canvas, self._panel = view, layout, canvas, panel
        self._window: QWidget | None = None
        self.on = False
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self._fade)
        self._fading: QPropertyAnimation | None = None
        canvas.setMouseTracking(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.WindowStateChange and watched is self._window:
            self._follow()
        elif kind in (QEvent.Type.MouseMove, QEvent.Type.Enter) and self.on:
            self.wake()
        return False

    def watch_window(self) -> None:
        """The view is shown, perhaps in another window than before."""
        window = self._view.window()
        if window is not self._window:
            if self._window is not None:
                self._window.removeEventFilter(self)
            self._window = window
            window.installEventFilter(self)
        self._follow()

    def _follow(self) -> None:
        on = self._view.window().isFullScreen()
        if on == self.on:
            return
        self.on = on
        for part in (self._canvas, self._panel):
            # Only now: a filter in Python sees every paint event as well.
            part.installEventFilter(self) if on else part.removeEventFilter(self)
        if on:
            self._layout.removeWidget(self._panel)
            self.place()
            self._panel.raise_()
            self.wake()
        else:
            self._idle.stop()
            self._stop_fading()
            self._canvas.unsetCursor()
            self._layout.addWidget(self._panel)
            self._panel.show()

    def place(self) -> None:
        """The view has another size."""
        if not self.on:
            return
        height = self._panel.sizeHint().height()
        self._panel.setGeometry(0, self._view.height() - height, self._view.width(), height)

    def wake(self) -> None:
        """Show the controls; they go again when nothing happens."""
        if self.on:
            self._stop_fading()
            self._panel.show()
            self._canvas.unsetCursor()
            self._idle.start()

    def _fade(self) -> None:
        focus = self._view.focusWidget()
        busy = self._panel.isAncestorOf(focus)
        if self._panel.underMouse() or busy:
            self._idle.start()
            return
        self._canvas.setCursor(Qt.CursorShape.BlankCursor)
        if theme.reduced_motion():
            self._panel.hide()
            return
        effect = QGraphicsOpacityEffect(self._panel)
        self._panel.setGraphicsEffect(effect)
        self._fading = QPropertyAnimation(effect, b"opacity", self)
        self._fading.setDuration(theme.MOTION_MS)
        self._fading.setStartValue(1.0)
        self._fading.setEndValue(0.0)
        self._fading.finished.connect(self._panel.hide)
        self._fading.start()

    def _stop_fading(self) -> None:
        if self._fading is not None:
            self._fading.stop()
            self._fading.deleteLater()
            self._fading = None
            self._panel.setGraphicsEffect(None)  # type: ignore[arg-type]
