"""What a person does in the player: one method for each action of ``keys.py``, named like it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QImage

from vidcache_gui.errors import UserError
from vidcache_gui.gui import words
from vidcache_gui.gui.player.channels import Channel
from vidcache_gui.gui.player.controls import AS_STORED, next_speed
from vidcache_gui.gui.player.frame_delay import parse_delay
from vidcache_gui.gui.player.keys import make_actions
from vidcache_gui.gui.player.timing import DelayPolicy, GapPolicy
from vidcache_gui.media.timecode import parse_place

if TYPE_CHECKING:
    from vidcache_gui.gui.player.view import PlayerView

CHANNELS = {
    "red": Channel.RED, "green": Channel.GREEN, "blue": Channel.BLUE,
    "opacity": Channel.ALPHA, "brightness": Channel.LUMA,
}  # fmt: skip
GAPS = {"hold_gaps": GapPolicy.HOLD, "blank_gaps": GapPolicy.BLANK, "skip_gaps": GapPolicy.SKIP}


class Operations(QObject):
    def __init__(self, view: "PlayerView") -> None:
        super().__init__(view)
        self._view = view
        self._engine = view.engine
        self.actions = make_actions(view, self.act)

    def act(self, id: str) -> None:
        getattr(self, id)()
        self._view.full_screen.wake()

    def show_states(self) -> None:
        """Checked is what is so."""
        head, canvas = self._engine.playhead, self._view.canvas
        states = {
            "loop": head.loop, "there_and_back": head.there_and_back,
            "every_frame": head.every_frame, "inspect": canvas.inspecting,
            "as_written": self._view.delay_policy is DelayPolicy.AS_WRITTEN,
            "bookmarks": self._view.bookmarks.isVisible(),
            **{id: canvas.channel is channel for id, channel in CHANNELS.items()},
            **{id: self._engine.gaps is policy for id, policy in GAPS.items()},
        }  # fmt: skip
        for id, checked in states.items():
            self.actions[id].setChecked(checked)
        self._view.controls.loop.setChecked(head.loop)

    # Play

    def play(self) -> None:
        self._toggle(backwards=False)

    def play_back(self) -> None:
        self._toggle(backwards=True)

    def _toggle(self, *, backwards: bool) -> None:
        engine = self._engine
        if engine.playing and engine.playhead.backwards == backwards:
            engine.pause()
        else:
            engine.play(backwards=backwards)

    def shuttle_back(self) -> None:
        self._engine.shuttle(-1)

    def pause(self) -> None:
        self._engine.shuttle(0)

    def shuttle_forward(self) -> None:
        self._engine.shuttle(1)

    def slower(self) -> None:
        self._engine.set_speed(next_speed(self._engine.playhead.speed, -1))

    def faster(self) -> None:
        self._engine.set_speed(next_speed(self._engine.playhead.speed, 1))

    def usual_speed(self) -> None:
        self._engine.set_speed(1.0)

    def loop(self) -> None:
        self._view.choose_loop(not self._engine.playhead.loop)

    def there_and_back(self) -> None:
        self._engine.set_there_and_back(not self._engine.playhead.there_and_back)
        self.show_states()

    def every_frame(self) -> None:
        self._engine.set_every_frame(not self._engine.playhead.every_frame)
        self.show_states()

    def as_written(self) -> None:
        written = self._view.delay_policy is DelayPolicy.AS_WRITTEN
        self._view.delay_policy = DelayPolicy.BROWSER if written else DelayPolicy.AS_WRITTEN
        self._engine.set_policy(self._view.delay_policy)
        self.show_states()

    # Delays

    def type_delay(self) -> None:
        controls = self._view.controls
        if controls.delay.isVisible():
            controls.delay.setFocus()
            controls.delay.selectAll()
        elif controls.frame_delay.isVisible():
            self._engine.pause()
            controls.frame_delay.type_delay()

    def usual_delays(self) -> None:
        if self._view.controls.presets.isVisible():
            self._view.controls.presets.showMenu()

    def take_delay(self, text: str) -> None:
        """The delay typed for the frame on screen."""
        delay = parse_delay(text)
        if delay is None:
            self._view.say(f"'{text}' is no delay. Write milliseconds, like 40.")
        else:
            self._view.edit_delays({self._engine.index: delay})

    def spread_delay(self, first: int, last: int) -> None:
        """Frames ``first..last`` stay as long as the one on screen."""
        seconds = self._engine.playhead.timing.duration(self._engine.index)
        self._view.edit_delays(dict.fromkeys(range(first, last + 1), round(seconds * 1000, 3)))

    def choose_all_delays(self, delay_ms: float) -> None:
        """``AS_STORED``: every frame its own again."""
        if self._view.controls.delay.isVisible():
            self._view.controls.delay.setValue(delay_ms)
        else:
            chosen = None if delay_ms == AS_STORED else delay_ms
            self._view.edit_delays(dict.fromkeys(range(self._engine.count), chosen))

    # Go

    def step_back(self) -> None:
        self._engine.step(-1)

    def step_forward(self) -> None:
        self._engine.step(1)

    def ten_back(self) -> None:
        self._engine.step(-10)

    def ten_forward(self) -> None:
        self._engine.step(10)

    def key_back(self) -> None:
        footage = self._engine.footage
        if footage is not None:
            self._go(footage.key_before(self._engine.index))

    def key_forward(self) -> None:
        footage = self._engine.footage
        if footage is not None:
            self._go(footage.key_after(self._engine.index))

    def first(self) -> None:
        self._go(0)

    def last(self) -> None:
        self._go(self._engine.count - 1)

    def go_to(self) -> None:
        if self._view.controls.number.isVisible():
            self._view.controls.number.type_over()

    def take_place(self, text: str) -> None:
        """Go where a person typed."""
        footage = self._engine.footage
        if footage is None:
            return
        starts = self._engine.playhead.timing.edges[:-1]
        try:
            self._go(parse_place(text, starts, self._view.rate, self._engine.index))
        except UserError as error:
            self._view.say(str(error))

    def bookmark_back(self) -> None:
        self._go(self._view.bookmarks.before(self._engine.index))

    def bookmark_forward(self) -> None:
        self._go(self._view.bookmarks.after(self._engine.index))

    def go_in(self) -> None:
        self._go(self._engine.playhead.marks[0])

    def go_out(self) -> None:
        self._go(self._engine.playhead.marks[1])

    def _go(self, index: int | None) -> None:
        if index is not None and self._engine.count:
            self._engine.pause()
            self._engine.seek(index)

    # Keep

    def mark_in(self) -> None:
        self.mark(self._engine.index, None)

    def mark_out(self) -> None:
        self.mark(None, self._engine.index)

    def mark(self, first: int | None, last: int | None) -> None:
        """Set one mark; the other one goes where it would lie on the wrong side."""
        if self._engine.footage is None:
            return
        now_first, now_last = self._engine.playhead.marks
        if first is not None:
            beyond = now_last is not None and now_last < first
            self._engine.set_marks(first, None if beyond else now_last)
        elif last is not None:
            beyond = now_first is not None and now_first > last
            self._engine.set_marks(None if beyond else now_first, last)

    def clear_marks(self) -> None:
        self._engine.set_marks(None, None)

    def bookmark(self) -> None:
        self.bookmark_at(self._engine.index)

    def bookmark_at(self, frame: int) -> None:
        """Bookmark a frame, or take its bookmark off."""
        if self._engine.footage is None:
            return
        if frame in self._view.bookmarks.frames:
            self._view.take_bookmark(frame)
        else:
            self._view.put_bookmark(frame)

    def note(self) -> None:
        self._engine.pause()
        self._view.write_note(self._engine.index)

    def bookmarks(self) -> None:
        self._view.show_bookmarks(not self._view.bookmarks.isVisible())

    def copy_frame(self) -> None:
        self._view.with_still(self._copy)

    def _copy(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self._view.say(f"Frame {self._engine.index} copied.")
        self._view.copied.emit()

    def copy_number(self) -> None:
        self._copy_text(str(self._engine.index))

    def copy_time(self) -> None:
        self._copy_text(self._view.controls.time.text)

    def copy_duration(self) -> None:
        seconds = self._engine.playhead.timing.duration(self._engine.index)
        self._copy_text(words.exact_duration(seconds))

    def _copy_text(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._view.say(f"{text} copied.")

    def save_frame(self) -> None:
        self._view.save_frame()

    def export(self) -> None:
        if self._engine.footage is not None:
            self._engine.pause()
            self._view.export_requested.emit(*self._engine.playhead.span)

    # Look

    def larger(self) -> None:
        self._view.canvas.zoom_by(1)

    def smaller(self) -> None:
        self._view.canvas.zoom_by(-1)

    def fit(self) -> None:
        self._view.canvas.set_zoom(None)

    def full_size(self) -> None:
        self._view.canvas.set_zoom(1.0)

    def double_size(self) -> None:
        self._view.canvas.set_zoom(2.0)

    def inspect(self) -> None:
        self._view.canvas.set_inspecting(not self._view.canvas.inspecting)
        self.show_states()

    def pixel_left(self) -> None:
        self._view.canvas.move_pixel(-1, 0)

    def pixel_right(self) -> None:
        self._view.canvas.move_pixel(1, 0)

    def pixel_up(self) -> None:
        self._view.canvas.move_pixel(0, -1)

    def pixel_down(self) -> None:
        self._view.canvas.move_pixel(0, 1)

    def _channel(self, channel: Channel) -> None:
        canvas = self._view.canvas
        canvas.set_channel(Channel.COLOUR if canvas.channel is channel else channel)
        self.show_states()

    def red(self) -> None:
        self._channel(Channel.RED)

    def green(self) -> None:
        self._channel(Channel.GREEN)

    def blue(self) -> None:
        self._channel(Channel.BLUE)

    def opacity(self) -> None:
        self._channel(Channel.ALPHA)

    def brightness(self) -> None:
        self._channel(Channel.LUMA)

    def _gaps(self, policy: GapPolicy) -> None:
        self._engine.set_gaps(policy)
        self.show_states()

    def hold_gaps(self) -> None:
        self._gaps(GapPolicy.HOLD)

    def blank_gaps(self) -> None:
        self._gaps(GapPolicy.BLANK)

    def skip_gaps(self) -> None:
        self._gaps(GapPolicy.SKIP)

    def switch_time(self) -> None:
        self._view.switch_time()

    def full_screen(self) -> None:
        self._view.full_screen_requested.emit()

    def more(self) -> None:
        self._view.controls.more.showMenu()

    def leave(self) -> None:
        self._view.leave()
