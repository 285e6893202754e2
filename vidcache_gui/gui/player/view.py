"""The player as a page: picture, time bar, controls. Thin: the engine decides."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.gui import words
from vidcache_gui.gui.player.canvas import Canvas
from vidcache_gui.gui.player.controls import AS_STORED, Controls, next_speed
from vidcache_gui.gui.player.engine import PlayerEngine
from vidcache_gui.gui.player.film_strip import FilmStrip
from vidcache_gui.gui.player.footage import Footage
from vidcache_gui.gui.player.full_screen import FullScreen
from vidcache_gui.gui.player.time_bar import TimeBar
from vidcache_gui.gui.player.timing import BROWSER_LEAST, DelayPolicy
from vidcache_gui.media.types import Frame, FrameSource, Kind

KEYS = (  # for the key sheet: (what, keys)
    ("Play or pause", "Space"),
    ("Back, pause, forward; again is faster", "J, K, L"),
    ("Step one frame", "←, →"),
    ("Step ten frames", "Shift+←, Shift+→"),
    ("First, last frame", "Home, End"),
    ("Go to a frame", "G"),
    ("Set the delay, usual delays", "D, Alt+↓"),
    ("Loop", "R"),
    ("Slower, faster", "[, ]"),
    ("Zoom; fit; 100 %", "+, −; 0; 1"),
    ("Copy the frame", "C"),
    ("Full screen", "F"),
    ("Leave full screen, then the player", "Esc"),
)


class PlayerView(QWidget):
    """Shows one item frame by frame."""

    close_requested = Signal()
    full_screen_requested = Signal()  # whoever owns the window turns it on or off
    delay_changed = Signal(float)  # ms chosen for a group; 0: its frames' own delays again
    copied = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, engine: PlayerEngine | None = None
    ) -> None:
        super().__init__(parent)
        self.item: Item | None = None
        self.engine = engine or PlayerEngine()
        self.engine.setParent(self)
        self._looping: bool | None = None  # as a person left it
        self._autoplay = True
        self._copying = False
        self.canvas = Canvas()
        self.strip = FilmStrip()
        self.bar = TimeBar()
        self.controls = Controls()
        self.panel = QWidget()
        self.panel.setAutoFillBackground(True)
        below = QVBoxLayout(self.panel)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.strip)
        below.addSpacing(4)
        below.addWidget(self.bar)
        below.addWidget(self.controls)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.panel)
        self.full_screen = FullScreen(self, layout, self.canvas, self.panel)
        self.setFocusProxy(self.canvas)
        self._connect_engine()
        self._connect_controls()
        self._make_shortcuts()
        application = QGuiApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.engine.shut_down)

    def show_item(
        self, item: Item, open_source: Callable[[], FrameSource], *, autoplay: bool = True
    ) -> None:
        """Open an item; ``open_source`` is called in the decoder's thread."""
        self.item, self._autoplay = item, autoplay
        self.controls.note.setProperty("warn", bool(item.damaged))
        moves = item.kind is not Kind.IMAGE
        loop = self._looping if self._looping is not None else item.kind is not Kind.VIDEO
        self.controls.loop.setChecked(loop)
        self.controls.show_parts(moves=moves, delay=item.kind is Kind.FRAMES, short_delays=False)
        self.controls.show_speed(1.0)
        self.bar.set_count(item.frame_count)
        self.bar.setVisible(moves)
        self.controls.of.setText(f"/ {item.frame_count}")
        self.canvas.set_footage(item.width, item.height)
        self.canvas.show_frame(None)
        self.strip.show_strip(None)
        self.engine.set_speed(1.0)
        self.engine.set_loop(loop)
        self.engine.open(open_source, self.canvas.wanted_size())

    def show_strip(self, jpeg: bytes | None) -> None:
        """The item's stored filmstrip, after :meth:`show_item`; optional."""
        shown = self.item is not None and self.item.kind is not Kind.IMAGE
        self.strip.show_strip(jpeg if shown else None)

    def clear(self) -> None:
        """Stop and let go of the footage. Never waits."""
        self.engine.close()
        self.item = None
        self._copying = False
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
        engine.failed.connect(self._show_failure)
        engine.frame_changed.connect(self._show_place)
        engine.picture_changed.connect(self._show_picture)
        engine.playing_changed.connect(self.controls.show_playing)
        engine.pace_changed.connect(self._show_pace)
        engine.cache_changed.connect(self._show_cache)
        self.canvas.size_wanted.connect(lambda: engine.set_size(self.canvas.wanted_size()))
        self.canvas.wheel_turned.connect(lambda notches: engine.step(-notches))
        self.canvas.double_clicked.connect(self.full_screen_requested)
        self.bar.scrubbed.connect(engine.seek)
        self.strip.scrubbed.connect(lambda place: engine.seek(int(place * engine.count)))
        self.bar.label_of = self._label_of

    def _connect_controls(self) -> None:
        engine, controls = self.engine, self.controls
        for button, act in (
            (controls.first, self.go_first), (controls.last, self.go_last),
            (controls.back, lambda: engine.step(-1)), (controls.forward, lambda: engine.step(1)),
            (controls.play, engine.toggle), (controls.fit, lambda: self.canvas.set_zoom(None)),
            (controls.full, self.full_screen_requested.emit), (controls.loop, self._take_loop),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, act=act: act())
        controls.number.number_entered.connect(self._go_to_number)
        controls.number.left.connect(self.setFocus)
        controls.delay.lineEdit().returnPressed.connect(self.setFocus)
        controls.delay_chosen.connect(self._take_delay)
        controls.speed_chosen.connect(engine.set_speed)
        controls.every_frame.toggled.connect(engine.set_every_frame)
        controls.as_written.toggled.connect(self._take_policy)
        controls.copy.triggered.connect(self.copy_frame)

    def _make_shortcuts(self) -> None:
        engine, canvas, controls = self.engine, self.canvas, self.controls
        table: dict[str, Callable[[], object]] = {
            "Space": engine.toggle, "J": lambda: engine.shuttle(-1),
            "K": lambda: engine.shuttle(0), "L": lambda: engine.shuttle(1),
            "Left": lambda: engine.step(-1), "Right": lambda: engine.step(1),
            "Shift+Left": lambda: engine.step(-10), "Shift+Right": lambda: engine.step(10),
            "Home": self.go_first, "End": self.go_last,
            "G": controls.number.type_number, "D": self._type_delay,
            "Alt+Down": controls.presets.showMenu, "M": controls.more.showMenu,
            "R": controls.loop.click, "F": self.full_screen_requested.emit,
            "[": lambda: self._change_speed(-1), "]": lambda: self._change_speed(1),
            "+": lambda: canvas.zoom_by(1), "=": lambda: canvas.zoom_by(1),
            "-": lambda: canvas.zoom_by(-1), "0": lambda: canvas.set_zoom(None),
            "1": lambda: canvas.set_zoom(1.0), "C": self.copy_frame,
            "Escape": self._leave,
        }  # fmt: skip
        for keys, act in table.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
            shortcut.activated.connect(self.full_screen.wake)

    # Showing

    def _show_footage(self, footage: Footage) -> None:
        kind = self.item.kind if self.item is not None else Kind.VIDEO
        short = kind is Kind.ANIMATION and min(footage.durations) < BROWSER_LEAST
        self.controls.show_parts(
            moves=footage.count > 1, delay=kind is Kind.FRAMES, short_delays=short
        )
        self.bar.setVisible(footage.count > 1)
        self.bar.set_count(footage.count)
        self.controls.of.setText(f"/ {footage.count}")
        self.controls.number.set_count(footage.count)
        self.engine.set_policy(self._policy(kind))
        own = {round(seconds * 1000, 3) for seconds in footage.durations}
        chosen = own.pop() if len(own) == 1 else AS_STORED
        self.controls.show_delay(chosen, has_own=chosen == AS_STORED)
        self.canvas.set_footage(footage.width, footage.height)
        if self._autoplay:
            self.engine.play()

    def _policy(self, kind: Kind) -> DelayPolicy:
        """Only animations have delays that browsers would not keep."""
        if kind is Kind.ANIMATION and not self.controls.as_written.isChecked():
            return DelayPolicy.BROWSER
        return DelayPolicy.AS_WRITTEN

    def _show_failure(self, reason: str) -> None:
        self.canvas.show_frame(None, reason)

    def _show_picture(self, frame: Frame | None, problem: str) -> None:
        if frame is None and not problem:
            return
        self.canvas.show_frame(frame, problem)
        if self._copying and frame is not None and frame.index == self.engine.index:
            self._copying = False
            self._copy_shown()
            self.engine.set_size(self.canvas.wanted_size())

    def _show_place(self, index: int) -> None:
        self.bar.show_index(index)
        self.controls.number.show_number(index)
        self._show_time()

    def _show_time(self) -> None:
        at = self.engine.playhead.timing.start(self.engine.index)
        self.controls.time.show_text(words.exact_duration(at))
        note = " · ".join(self._notes())
        if note != self.controls.note.text():
            self.controls.note.setText(note)

    def _notes(self) -> list[str]:
        notes, head, footage = [], self.engine.playhead, self.engine.footage
        if footage is not None and footage.number(head.index) != head.index:
            notes.append(f"numbered {footage.number(head.index)}")
        if head.skipped:
            notes.append(f"{head.skipped} skipped")
        if head.late:
            notes.append(f"{head.late} late")
        if self.item is not None and self.item.damaged:
            notes.append(self.item.damaged)
        return notes

    def _show_pace(self) -> None:
        self.controls.show_speed(self.engine.playhead.speed)
        self._show_time()

    def _show_cache(self) -> None:
        footage = self.engine.footage
        if footage is not None:
            damaged = self.engine.damaged.keys() - footage.missing
            self.bar.set_states(self.engine.cached(), sorted(footage.missing), sorted(damaged))

    def _label_of(self, index: int) -> str:
        if index >= self.engine.count:
            return ""
        parts = [f"frame {index}", words.exact_duration(self.engine.playhead.timing.start(index))]
        if self.engine.footage is not None and index in self.engine.footage.missing:
            parts.append("missing")
        elif index in self.engine.damaged:
            parts.append("damaged")
        return " · ".join(parts)

    # Acting

    def go_first(self) -> None:
        self.engine.pause()
        self.engine.seek(0)

    def go_last(self) -> None:
        self.engine.pause()
        self.engine.seek(self.engine.count - 1)

    def _go_to_number(self, index: int) -> None:
        self.engine.pause()
        self.engine.seek(index)

    def _leave(self) -> None:
        """Escape leaves a field first, then full screen or the player."""
        if self.panel.isAncestorOf(self.focusWidget()):
            self.setFocus()
        else:
            self.close_requested.emit()

    def _type_delay(self) -> None:
        if self.controls.delay.isVisible():
            self.controls.delay.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.controls.delay.selectAll()

    def _take_delay(self, delay_ms: float) -> None:
        self.engine.set_delay(delay_ms / 1000 if delay_ms else None)
        self.delay_changed.emit(delay_ms)

    def _take_loop(self) -> None:
        self._looping = self.controls.loop.isChecked()
        self.engine.set_loop(self._looping)

    def _take_policy(self, as_written: bool) -> None:
        self.engine.set_policy(DelayPolicy.AS_WRITTEN if as_written else DelayPolicy.BROWSER)

    def _change_speed(self, steps: int) -> None:
        self.engine.set_speed(next_speed(self.engine.playhead.speed, steps))

    def copy_frame(self) -> None:
        """Put the current frame on the clipboard, at its full size."""
        if self.engine.footage is None or self.engine.index in self.engine.damaged:
            return
        self.engine.pause()
        self._copying = True
        self.engine.set_size(None)
        shown = self.engine.picture()
        if self._copying and shown is not None:
            self._show_picture(shown, "")

    def _copy_shown(self) -> None:
        QGuiApplication.clipboard().setImage(self.canvas.image())
        self.copied.emit()
