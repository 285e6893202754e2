"""How long the frame on screen stays: shown with every frame of an animation, and changed."""

import re

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from vidcache_gui.gui.player.figures import EditableFigure
from vidcache_gui.gui.player.keys import native


class FrameDelay(EditableFigure):
    """``40 ms``; ``0 → 100 ms`` where the file's own delay is not the one played; ``40 ms *``
    where a person chose it."""

    def __init__(self, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(font, "0 → 10000 ms", "Delay of this frame", right=True, parent=parent)

    def show_delay(self, stored: float, played: float, edited: bool) -> None:
        """Seconds the file says, seconds it is played; whether a person chose those."""
        own, now = _ms(stored), _ms(played)
        if edited:
            self.show_text(f"{now} ms *")
            tip = f"Chosen by you; the file says {own} ms. Click and type another"
        elif own != now:
            self.show_text(f"{own} → {now} ms")
            tip = f"The file says {own} ms; browsers play {now} ms. Click and type another"
        else:
            self.show_text(f"{now} ms")
            tip = "How long this frame stays. Click and type another"
        tip = f"{tip} ({native('D')})"
        if tip != self.toolTip():
            self.setToolTip(tip)

    def type_delay(self) -> None:
        """Only the number that is played is offered to be changed."""
        numbers = re.findall(r"[\d.]+", self.text)
        self.type_over(numbers[-1] if numbers else "")


def parse_delay(text: str) -> float | None:
    """Milliseconds as typed (``40``, ``12.5 ms``); None if that is no delay."""
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(?:ms)?", text.strip())
    value = float(match[1].replace(",", ".")) if match else 0.0
    return value if value > 0 else None


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f}".rstrip("0").rstrip(".")
