"""One window, walked through its states: waiting, and pictures in both themes."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QRectF, QSettings, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog

from vidcache_gui.core.records import Item, Query
from vidcache_gui.errors import UserError
from vidcache_gui.gui import theme as themes
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.settings import Settings

PATIENCE_MS = 120_000
SETTLE_MS = 250
SHADOW = 24  # px


class Stage:
    """A window on a library in ``folder``, whose pictures go to ``folder/screens``."""

    def __init__(self, app: QApplication, folder: Path, size: tuple[int, int], ini: Path) -> None:
        self._folder = folder
        self._screens = folder / "screens"
        self._screens.mkdir(parents=True, exist_ok=True)
        self._size = size
        self._theme = themes.Theme(app, themes.Scheme.LIGHT)
        self._theme.apply()
        self.window = MainWindow(
            Settings(QSettings(str(ini), QSettings.Format.IniFormat)), self._theme
        )
        self.window.resize(*size)
        self.window.show()

    # Waiting

    def wait_until(self, done: Callable[[], bool]) -> None:
        """Run the event loop until something is so. Raises UserError after two minutes."""
        loop = QEventLoop()
        look, end = QTimer(interval=20), QTimer(singleShot=True, interval=PATIENCE_MS)
        look.timeout.connect(lambda: loop.quit() if done() else None)
        end.timeout.connect(loop.quit)
        look.start()
        end.start()
        if not done():
            loop.exec()
        if not done():
            raise UserError("The demo waited two minutes for a step that did not happen.")

    def settle(self) -> None:
        """Let what is on its way to the screen arrive."""
        loop = QEventLoop()
        QTimer.singleShot(SETTLE_MS, loop.quit)
        loop.exec()

    # Pictures

    def picture(self, name: str) -> None:
        """The window as it is now (and a dialog in front of it), light and dark."""
        for scheme in (themes.Scheme.LIGHT, themes.Scheme.DARK):
            self._theme.choose(scheme)
            self._grab(f"{name}-{scheme}")
        self._theme.choose(themes.Scheme.LIGHT)

    def _grab(self, name: str) -> None:
        self.settle()
        image = self.window.grab()
        for dialog in self._dialogs():
            self._paint_over(image, dialog.grab())
        width, height = self._size
        image.save(str(self._screens / f"{name}-{width}x{height}.png"))

    def _dialogs(self) -> list[QDialog]:
        return [w for w in self.window.findChildren(QDialog) if w.isVisible()]

    @staticmethod
    def _paint_over(image: QPixmap, dialog: QPixmap) -> None:
        """With the shadow that every desktop gives a dialog: without it nothing tells them
        apart."""
        place = QRectF(0, 0, *dialog.deviceIndependentSize().toTuple())
        place.moveCenter(QRectF(0, 0, *image.deviceIndependentSize().toTuple()).center())
        painter = QPainter(image)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 2))
        for width in range(SHADOW):
            spread = QRectF(place).adjusted(-width, -width // 2, width, width)
            painter.drawRoundedRect(spread, width, width)
        painter.setBrush(QColor(128, 128, 128))
        painter.drawRect(place.adjusted(-1, -1, 1, 1))
        painter.drawPixmap(place.topLeft(), dialog)
        painter.end()

    # The library

    def items(self) -> list[Item]:
        session = self.window.session
        assert session is not None
        return session.library.page(Query(), None, 1000)

    def item(self, name: str) -> Item:
        """The item whose name begins like this."""
        found = [item for item in self.items() if item.name.startswith(name)]
        if not found:
            raise UserError(f"The demo did not find '{name}' in its library.")
        return found[0]
