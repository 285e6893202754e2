"""The player as a page: picture, bookmarks, time bar, controls. Thin: the engine decides."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vidcache_gui.core.records import Bookmark, Item
from vidcache_gui.gui import words
from vidcache_gui.gui.player import menus, remarks
from vidcache_gui.gui.player.bookmarks import Bookmarks
from vidcache_gui.gui.player.cache import default_budget
from vidcache_gui.gui.player.canvas import Canvas
from vidcache_gui.gui.player.controls import AS_STORED, Controls
from vidcache_gui.gui.player.engine import PlayerEngine
from vidcache_gui.gui.player.enlarge import image_of
from vidcache_gui.gui.player.film_strip import FilmStrip
from vidcache_gui.gui.player.footage import Footage
from vidcache_gui.gui.player.full_screen import FullScreen
from vidcache_gui.gui.player.operations import Operations
from vidcache_gui.gui.player.time_bar import TimeBar
from vidcache_gui.gui.player.timing import BROWSER_LEAST, DelayPolicy
from vidcache_gui.media.timecode import frame_rate, timecode
from vidcache_gui.media.types import Frame, FrameSource, Kind

FIGURES_MS = 50  # while playing, numbers and the bar are renewed no more often: 20 times a second
SAID_MS = 4000  # how long a passing message stays beside the time


class PlayerView(QWidget):
    """Shows one item frame by frame.

    What a person wants kept goes out as signals; whoever shows the item keeps it and brings
    it back with :meth:`show_notes`.
    """

    close_requested = Signal()
    full_screen_requested = Signal()  # whoever owns the window turns it on or off
    delay_changed = Signal(float)  # ms chosen for a group; 0: its frames' own delays again
    delays_changed = Signal(object)  # {frame: ms, or None for the file's own}
    bookmark_set = Signal(int, str)  # frame, note
    bookmark_removed = Signal(int)
    export_requested = Signal(int, int)  # first and last frame
    save_requested = Signal(object, str)  # QImage, suggested file name
    drag_requested = Signal(object, str)  # QImage, file name
    file_drag_requested = Signal()
    copied = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, engine: PlayerEngine | None = None
    ) -> None:
        super().__init__(parent)
        self.item: Item | None = None
        self.engine = engine or PlayerEngine()
        self.engine.setParent(self)
        self.rate: int | None = None  # whole frames a second, where they are even
        self.delay_policy = DelayPolicy.BROWSER  # for animations
        self._looping: bool | None = None  # as a person left it
        self._autoplay = True
        self._timecoded = False
        self._delays: dict[int, float] = {}  # ms of single frames, as people chose them
        self._still_for: Callable[[QImage], None] | None = None
        self.canvas = Canvas()
        self.bookmarks = Bookmarks()
        self.bookmarks.hide()
        self.strip = FilmStrip()
        self.bar = TimeBar()
        self.controls = Controls()
        self.panel = QWidget()
        self._said = QTimer(self, singleShot=True, interval=SAID_MS)
        self._said.timeout.connect(self._show_notes_line)
        self._passing = ""
        self._figures = QTimer(self, singleShot=True, interval=FIGURES_MS)
        self._figures.timeout.connect(self._show_place)
        layout = self._lay_out()
        self.full_screen = FullScreen(self, layout, self.canvas, self.panel)
        self.setFocusProxy(self.canvas)
        self.operations = Operations(self)
        self.controls.more.setMenu(menus.make_more(self, self.operations.actions))
        self._connect_engine()
        self._connect_controls()
        self._connect_bookmarks()
        self.operations.show_states()
        application = QGuiApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.engine.shut_down)

    def _lay_out(self) -> QVBoxLayout:
        self.panel.setAutoFillBackground(True)
        below = QVBoxLayout(self.panel)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.strip)
        below.addSpacing(4)
        below.addWidget(self.bar)
        below.addWidget(self.controls)
        above = QHBoxLayout()
        above.setSpacing(1)
        above.addWidget(self.canvas, 1)
        above.addWidget(self.bookmarks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above, 1)
        layout.addWidget(self.panel)
        return layout

    # An item

    def show_item(
        self, item: Item, open_source: Callable[[], FrameSource], *, autoplay: bool = True
    ) -> None:
        """Open an item; ``open_source`` is called in the decoder's thread."""
        self.item, self._autoplay, self._still_for = item, autoplay, None
        self.rate, self._passing = None, ""
        self.controls.note.setProperty("warn", bool(item.damaged))
        loop = self._looping if self._looping is not None else item.kind is not Kind.VIDEO
        self._show_parts(item.frame_count)
        self.controls.show_speed(1.0)
        self.bar.set_count(item.frame_count)
        self.canvas.set_footage(item.width, item.height)
        self.canvas.show_frame(None)
        self.strip.show_strip(None)
        self.show_notes([], {})
        self.engine.set_speed(1.0)
        self.engine.set_loop(loop)
        self.engine.open(open_source, self.canvas.wanted_size())
        self.operations.show_states()

    def show_strip(self, jpeg: bytes | None) -> None:
        """The item's stored filmstrip, after :meth:`show_item`; optional."""
        shown = self.item is not None and self.item.kind is not Kind.IMAGE
        self.strip.show_strip(jpeg if shown else None)

    def show_notes(self, marks: Sequence[Bookmark], delays_ms: Mapping[int, float]) -> None:
        """Bookmarks of the item, and the delays chosen for single frames."""
        self._delays = dict(delays_ms)
        self.engine.set_delays({at: ms / 1000 for at, ms in delays_ms.items()})
        self.bookmarks.show_marks(marks, self._time_of)
        self.bar.set_bookmarks(self.bookmarks.frames)
        self._show_time()

    def set_memory(self, megabytes: int) -> None:
        """For decoded frames; 0: as this machine allows."""
        self.engine.cache.set_budget(megabytes * 1_000_000 or default_budget())
        self._show_cache()

    def clear(self) -> None:
        """Stop and let go of the footage. Never waits."""
        self.engine.close()
        self.item = self._still_for = None
        self.canvas.show_frame(None)
        self.bar.set_count(1)

    def shut_down(self) -> None:
        """Clear, and wait for the decoder to be gone (at most two seconds)."""
        self.clear()
        self.engine.shut_down()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.full_screen.watch_window()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.full_screen.place()

    # Connecting

    def _connect_engine(self) -> None:
        engine = self.engine
        engine.opened.connect(self._show_footage)
        engine.failed.connect(lambda reason: self.canvas.show_frame(None, reason))
        engine.frame_changed.connect(self._follow)
        engine.picture_changed.connect(self._show_picture)
        engine.playing_changed.connect(self._show_playing)
        engine.pace_changed.connect(self._show_pace)
        engine.cache_changed.connect(self._show_cache)
        engine.marks_changed.connect(lambda: self.bar.set_marks(engine.playhead.marks))
        canvas = self.canvas
        canvas.size_wanted.connect(self._follow_size)
        canvas.wheel_turned.connect(lambda notches: engine.step(-notches))
        canvas.double_clicked.connect(self.full_screen_requested)
        canvas.dragged_out.connect(self._drag_out)
        canvas.menu_wanted.connect(self.controls.more.menu().popup)
        engine.preview_wanted.connect(self._show_tile)
        self.bar.scrubbed.connect(self._scrub)
        self.bar.sliderReleased.connect(engine.rest)
        self.bar.menu_wanted.connect(
            lambda index, at: menus.show_bar_menu(self, at, index, self.operations)
        )
        self.strip.scrubbed.connect(lambda place: engine.scrub(int(place * engine.count)))
        self.strip.released.connect(engine.rest)
        self.bar.label_of = self._label_of

    def _connect_controls(self) -> None:
        controls, operations = self.controls, self.operations
        for id, button in controls.buttons.items():
            if id not in ("more", "usual_delays"):  # these open their menus by themselves
                button.clicked.connect(lambda _=False, id=id: operations.act(id))
        controls.number.entered.connect(operations.take_place)
        controls.frame_delay.entered.connect(operations.take_delay)
        for field in (controls.number, controls.frame_delay):
            field.left.connect(self.setFocus)
        controls.time.clicked.connect(self.switch_time)
        controls.delay.lineEdit().returnPressed.connect(self.setFocus)
        controls.delay_chosen.connect(self._take_delay)
        controls.all_delays_chosen.connect(operations.choose_all_delays)
        controls.delay_spread.connect(lambda: operations.spread_delay(0, self.engine.count - 1))
        controls.marked_delay_spread.connect(
            lambda: operations.spread_delay(*self.engine.playhead.span)
        )
        controls.speed_chosen.connect(self.engine.set_speed)

    def _connect_bookmarks(self) -> None:
        self.bookmarks.chosen.connect(self._go_to)
        self.bookmarks.noted.connect(self.put_bookmark)
        self.bookmarks.removed.connect(self.take_bookmark)
        self.bookmarks.closed.connect(lambda: self.show_bookmarks(False))

    # Showing

    def _show_parts(self, frames: int) -> None:
        kind = self.item.kind if self.item is not None else Kind.VIDEO
        moves = frames > 1 and kind is not Kind.IMAGE
        self.controls.show_parts(
            moves=moves, group=kind is Kind.FRAMES, animation=kind is Kind.ANIMATION
        )
        self.bar.setVisible(moves)
        self.controls.of.setText(f"/ {frames}")
        self.controls.number.set_widest("0" * max(2, len(str(frames))))

    def _show_footage(self, footage: Footage) -> None:
        kind = self.item.kind if self.item is not None else Kind.VIDEO
        short = kind is Kind.ANIMATION and min(footage.durations) < BROWSER_LEAST
        self._show_parts(footage.count)
        self.operations.actions["as_written"].setVisible(short)
        has_keys = footage.keyframes is not None and len(footage.keyframes) > 1
        for id in ("key_back", "key_forward"):
            self.operations.actions[id].setEnabled(has_keys)
        self.rate = frame_rate(footage.durations)
        self.bar.set_count(footage.count)
        animated = kind is Kind.ANIMATION  # only those have delays that browsers would not keep
        self.engine.set_policy(self.delay_policy if animated else DelayPolicy.AS_WRITTEN)
        own = {round(seconds * 1000, 3) for seconds in footage.durations}
        chosen = own.pop() if len(own) == 1 else AS_STORED
        self.controls.show_delay(chosen, has_own=chosen == AS_STORED)
        self.canvas.set_footage(footage.width, footage.height)
        self.show_notes(self.bookmarks.marks, self._delays)
        if self._autoplay:
            self.engine.play()

    def _show_picture(self, frame: Frame | None, problem: str) -> None:
        if frame is None and not problem:
            return
        self.canvas.show_frame(frame, problem)
        if self._still_for is None:
            return
        if frame is not None and frame.index == self.engine.index:
            take, self._still_for = self._still_for, None
            take(image_of(frame).copy())
            self._follow_size()
        elif problem:
            self._still_for = None
            self._follow_size()

    def _follow_size(self) -> None:
        """Not while a frame is being waited for at its full size: it would never come."""
        if self._still_for is None:
            self.engine.set_size(self.canvas.wanted_size())

    def _scrub(self, index: int) -> None:
        """Dragged along the bar; keys and the wheel step and want the frame itself."""
        if self.bar.isSliderDown():
            self.engine.scrub(index)
        else:
            self.engine.seek(index)

    def _show_tile(self, index: int) -> None:
        tile = self.strip.tile_at(index / max(1, self.engine.count))
        if not tile.isNull():
            self.canvas.show_stand_in(tile)

    def _follow(self) -> None:
        """The playhead moved: its place is shown at once, except while many go by."""
        if not self.engine.playing:
            self._show_place()
        elif not self._figures.isActive():
            self._figures.start()

    def _show_place(self) -> None:
        index = self.engine.index
        self.bar.show_index(index)
        self.controls.number.show_text(str(index))
        self._show_time()
        if self.bookmarks.isVisible():
            self.bookmarks.show_current(index)

    def _show_playing(self, playing: bool) -> None:
        self._show_place()
        self.controls.show_playing(playing, self.engine.playhead.backwards)

    def _show_time(self) -> None:
        index, timing = self.engine.index, self.engine.playhead.timing
        self.controls.time.show_text(self._time_of(index))
        footage = self.engine.footage
        if footage is not None and self.controls.frame_delay.isVisible():
            edited = index in self._delays
            self.controls.frame_delay.show_delay(
                footage.durations[index], timing.duration(index), edited
            )
        self._show_notes_line()

    def _time_of(self, index: int) -> str:
        if self._timecoded and self.rate is not None:
            return timecode(index, self.rate)
        timing = self.engine.playhead.timing
        return words.exact_duration(timing.start(min(index, timing.count - 1)))

    def switch_time(self) -> None:
        """Show times, or timecodes that count frames, where frames are even."""
        if self.rate is None:
            self.say("Its frames are not evenly spaced, so there is no timecode.")
            return
        self._timecoded = not self._timecoded
        self.show_notes(self.bookmarks.marks, self._delays)

    def say(self, text: str) -> None:
        """A passing message beside the time."""
        self._passing = text
        self._said.start()
        self.controls.note.setText(text)

    def _show_notes_line(self) -> None:
        if self._passing and self._said.isActive():
            return
        self._passing = ""
        note = " · ".join(remarks.about_playing(self.engine, self.item))
        if note != self.controls.note.text():
            self.controls.note.setText(note)

    def _show_pace(self) -> None:
        self.controls.show_speed(self.engine.playhead.speed)
        self._show_time()

    def _show_cache(self) -> None:
        footage = self.engine.footage
        if footage is not None:
            damaged = self.engine.damaged.keys() - footage.missing
            self.bar.set_states(self.engine.cached(), sorted(footage.missing), sorted(damaged))

    def _label_of(self, index: int) -> str:
        return remarks.about_frame(self.engine, index, self._time_of, self.bookmarks.marks)

    # Acting

    def _go_to(self, index: int) -> None:
        self.engine.pause()
        self.engine.seek(index)

    def leave(self) -> None:
        """Escape leaves a field first, then full screen or the player."""
        focused = self.focusWidget()
        if self.panel.isAncestorOf(focused) or self.bookmarks.isAncestorOf(focused):
            self.setFocus()
        else:
            self.close_requested.emit()

    def choose_loop(self, on: bool) -> None:
        self._looping = on
        self.engine.set_loop(on)
        self.operations.show_states()

    def show_bookmarks(self, shown: bool) -> None:
        self.bookmarks.setVisible(shown)
        self.bookmarks.show_current(self.engine.index)
        self.operations.show_states()
        if not shown:
            self.setFocus()

    def write_note(self, frame: int) -> None:
        """Bookmark a frame and let a person type what is there."""
        if self.engine.footage is None:
            return
        self.show_bookmarks(True)
        if frame not in self.bookmarks.frames:
            self.put_bookmark(frame)
        self.bookmarks.edit_note(frame)

    def put_bookmark(self, frame: int, note: str = "") -> None:
        """Bookmark a frame, or change its note; shown at once, then kept."""
        others = [mark for mark in self.bookmarks.marks if mark.frame != frame]
        self.show_notes([*others, Bookmark(frame, note)], self._delays)
        self.bookmark_set.emit(frame, note)

    def take_bookmark(self, frame: int) -> None:
        others = [mark for mark in self.bookmarks.marks if mark.frame != frame]
        self.show_notes(others, self._delays)
        self.bookmark_removed.emit(frame)

    def edit_delays(self, delays_ms: Mapping[int, float | None]) -> None:
        """Other delays for single frames, now and kept."""
        merged = {**self._delays, **delays_ms}
        kept = {at: ms for at, ms in merged.items() if ms is not None}
        self.show_notes(self.bookmarks.marks, kept)
        self.delays_changed.emit(dict(delays_ms))

    def _take_delay(self, delay_ms: float) -> None:
        self.engine.set_delay(delay_ms / 1000 if delay_ms else None)
        self.delay_changed.emit(delay_ms)

    def with_still(self, take: Callable[[QImage], None]) -> None:
        """Pause and hand over the current frame at its full size, once it is decoded."""
        if self.engine.footage is None or self.engine.trouble(self.engine.index):
            return
        self.engine.pause()
        self._still_for = take
        self.engine.set_size(None)
        shown = self.engine.picture()
        if shown is not None:  # decoded at that size before: nothing more will come
            self._show_picture(shown, "")

    def save_frame(self) -> None:
        self._give_still(self.save_requested)

    def _give_still(self, signal: SignalInstance) -> None:
        self.with_still(lambda image: signal.emit(image, self._file_name()))

    def _drag_out(self, whole: bool) -> None:
        if whole:
            self.file_drag_requested.emit()
        else:
            self._give_still(self.drag_requested)

    def _file_name(self) -> str:
        name = self.item.name if self.item is not None else "frame"
        footage = self.engine.footage
        number = footage.number(self.engine.index) if footage is not None else self.engine.index
        return f"{name.rsplit('.', 1)[0]}_{number:06d}.png"
