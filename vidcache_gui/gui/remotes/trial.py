"""Trying an address a person typed, without holding up the window."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from vidcache_gui.cancel import CancelToken
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.remotes.standing import Reach, Standing, standing_of
from vidcache_gui.interfaces.remotes.patience import Patience
from vidcache_gui.interfaces.remotes.remote import Remote

ONCE = Patience(connect=5.0, silence=10.0, head=15.0, attempts=1)


class Trial(QObject):
    """``told`` with how it stands, for the latest question only."""

    told = Signal(object)  # Standing

    def __init__(self, background: Background, parent: Any = None) -> None:
        super().__init__(parent)
        self._background = background
        self._stop = CancelToken()

    def ask(self, address: str, token: str | None) -> None:
        self.stop()
        self._stop = stop = CancelToken()
        self.told.emit(Standing(Reach.ASKING))

        def work() -> Standing:
            with Remote.open(address, secret=token, patience=ONCE, stop=stop) as remote:
                return Standing(Reach.THERE, spoken=replace(remote.spoken))

        def tell(standing: Standing) -> None:
            if stop is self._stop:
                self.told.emit(standing)

        self._background.run(Purpose.FAR, work, tell, lambda error: tell(standing_of(error)))

    def stop(self) -> None:
        self._stop.cancel()
