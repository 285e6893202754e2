"""Play, pause, shuttle, speed: what every player does with its playhead, one item or two."""

from collections.abc import Callable

from PySide6.QtCore import SignalInstance

from vidcache_gui.gui.player.playhead import FASTEST, Playhead


class Transport:
    """For engines: they own the playhead and the signals, and say how places are shown."""

    playhead: Playhead
    playing_changed: SignalInstance
    pace_changed: SignalInstance

    @property
    def count(self) -> int:
        raise NotImplementedError

    def _tell_place(self) -> None:
        raise NotImplementedError

    def _show(self) -> None:
        raise NotImplementedError

    def _stopped_playing(self) -> None:
        raise NotImplementedError

    def _arm(self, *, again: bool = True) -> None:
        raise NotImplementedError

    @property
    def playing(self) -> bool:
        return self.playhead.playing

    def play(self, *, backwards: bool = False) -> None:
        if self.count < 2:
            return
        was, before = self.playing, self.playhead.index
        if not was:
            self.playhead.skipped = self.playhead.late = 0
        self.playhead.play(backwards=backwards)
        if self.playhead.index != before:
            self._tell_place()
        if not was:
            self.playing_changed.emit(True)
        self._show()

    def pause(self) -> None:
        if self.playing:
            self.playhead.pause()
            self._stopped_playing()

    def toggle(self) -> None:
        if self.playing:
            self.pause()
        else:
            self.play()

    def shuttle(self, direction: int) -> None:
        """J, K, L: -1 plays backwards, 1 forwards, again is twice as fast; 0 pauses."""
        backwards = direction < 0
        if direction == 0:
            self.pause()
        elif self.playing and self.playhead.backwards == backwards:
            self.set_speed(min(FASTEST, self.playhead.speed * 2))
        else:
            self.set_speed(1.0)
            self.play(backwards=backwards)

    def set_speed(self, speed: float) -> None:
        self.playhead.set_speed(speed)
        self.pace_changed.emit()
        self._arm()

    def set_every_frame(self, every_frame: bool) -> None:
        self.playhead.every_frame = every_frame

    def _move(self, act: Callable[[], None]) -> None:
        before = self.playhead.index
        act()
        if self.playhead.index != before:
            self._tell_place()
        self._show()
