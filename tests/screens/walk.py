"""What walks through the window have in common: their pictures, kept for eyes."""

import itertools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.screens.test_tour import OUT, ROOT
from vidcache_gui.gui import theme as themes
from vidcache_gui.gui.app import dress_app
from vidcache_gui.gui.demo import SIZES
from vidcache_gui.gui.demo.stage import Stage

WANTED = os.environ.get("VIDCACHE_SCREENS")
SHOWN = {"all": SIZES, "large": SIZES[1:]}.get(WANTED or "", SIZES[:1])

BOTH = (themes.Scheme.LIGHT, themes.Scheme.DARK)
SETTLE_MS = 150


class Walk(Stage):
    """States of the window, one after the other, each pictured in ``schemes`` (where much is
    shown, changing the theme costs more than to walk twice) and in each of ``SHOWN`` sizes.
    ``about``: what the names of the pictures begin with."""

    about = ""

    def __init__(self, app: QApplication, folder: Path, *schemes: themes.Scheme) -> None:
        dress_app(app)
        super().__init__(app, folder, SHOWN[0], folder / "settings.ini")
        self._schemes = schemes or BOTH
        self._shown = self.scheme = self._schemes[0]

    def settle(self) -> None:
        """Shorter than the tour does: what is awaited here is there."""
        loop = QEventLoop()
        QTimer.singleShot(SETTLE_MS, loop.quit)
        loop.exec()

    def picture(self, name: str) -> None:
        for scheme in sorted(self._schemes, key=lambda one: one is not self._shown):
            if scheme is not self._shown:
                self._theme.choose(scheme)
                self._shown = scheme
            for size in SHOWN:
                self._size = size
                self.window.resize(*size)
                self._grab(f"{self.about}-{name}-{scheme}")

    def end(self) -> None:
        self.window.close()
        self.window.deleteLater()

    def keep(self, states: Sequence[str], of_docs: Mapping[str, str]) -> None:
        """Every state was pictured and shows something; ``of_docs``: file names in the docs."""
        OUT.mkdir(exist_ok=True)
        for state, scheme, size in itertools.product(states, self._schemes, SHOWN):
            width, height = size
            name = f"{self.about}-{state}-{scheme}-{width}x{height}.png"
            image = QImage(str(self._screens / name))
            assert (image.width(), image.height()) == (width, height), state
            spots = itertools.product(range(0, width, 16), range(0, height, 16))
            assert len({image.pixel(x, y) for x, y in spots}) > 4, f"{state} is blank"
            image.save(str(OUT / name))
            wanted = WANTED == "readme"
            if wanted and scheme is themes.Scheme.LIGHT and state in of_docs:
                image.save(str(ROOT / "docs" / "images" / of_docs[state]))
