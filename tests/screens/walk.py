"""What walks through the window have in common: their pictures, kept for eyes."""

import itertools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.screens.test_tour import OUT, ROOT
from vidcache_gui.gui import theme as themes
from vidcache_gui.gui.app import dress_app
from vidcache_gui.gui.demo import SIZES
from vidcache_gui.gui.demo.stage import Stage


class Walk(Stage):
    """States of the window, one after the other, each pictured in one theme only: changing it
    costs more than to walk twice. ``about``: what the names of the pictures begin with."""

    about = ""

    def __init__(self, app: QApplication, folder: Path, scheme: themes.Scheme) -> None:
        dress_app(app)
        size = SIZES[1] if os.environ.get("VIDCACHE_SCREENS") == "large" else SIZES[0]
        super().__init__(app, folder, size, folder / "settings.ini")
        self.scheme = scheme

    def picture(self, name: str) -> None:
        self._grab(f"{self.about}-{name}-{self.scheme}")

    def end(self) -> None:
        self.window.close()
        self.window.deleteLater()

    def keep(self, states: Sequence[str], of_docs: Mapping[str, str]) -> None:
        """Every state was pictured and shows something; ``of_docs``: file names in the docs."""
        OUT.mkdir(exist_ok=True)
        width, height = self._size
        for state in states:
            name = f"{self.about}-{state}-{self.scheme}-{width}x{height}.png"
            image = QImage(str(self._screens / name))
            assert (image.width(), image.height()) == (width, height), state
            spots = itertools.product(range(0, width, 16), range(0, height, 16))
            assert len({image.pixel(x, y) for x, y in spots}) > 4, f"{state} is blank"
            image.save(str(OUT / name))
            wanted = os.environ.get("VIDCACHE_SCREENS") == "readme"
            if wanted and self.scheme is themes.Scheme.LIGHT and state in of_docs:
                image.save(str(ROOT / "docs" / "images" / of_docs[state]))
