"""The player as a page: picture, time bar, controls. Thin: the engine decides."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.records import Item
from vidcache_gui.gui import icons, theme, words
from vidcache_gui.gui.player.cache import DEFAULT_BUDGET
from vidcache_gui.gui.player.canvas import Canvas
from vidcache_gui.gui.player.engine import PlayerEngine
from vidcache_gui.gui.player.time_bar import TimeBar
from vidcache_gui.media.types import Frame, FrameSource, Kind

SPEEDS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0)
DELAYS = (10, 20, 33, 40, 50, 100, 200, 500)
RESIZE_MS = 120

KEYS = (  # for the key sheet: (what, keys)
    ("Play or pause", "Space, K"),
    ("Play backwards", "J"),
    ("Step one frame", "←, →"),
    ("Step ten frames", "Shift+←, Shift+→"),
    ("First, last frame", "Home, End"),
    ("Go to a frame", "G"),
    ("Loop", "R"),
    ("Slower, faster", "[, ]"),
    ("Zoom", "+, −, 0 fits, 1 is 100 %"),
    ("Copy the frame", "C"),
    ("Full screen", "F"),
)


class PlayerView(QWidget):
    """Shows one item frame by frame."""

    close_requested = Signal()
    full_screen_requested = Signal()
    delay_changed = Signal(float)  # ms, when a person chose one for a group

    def __init__(self, parent: QWidget | None = None, *, budget: int = DEFAULT_BUDGET) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.engine = PlayerEngine(self, budget=budget)
        self.item: Item | None = None
        self._numbers: list[int] | None = None
        self._delay_ms: float | None = None
        self.canvas = Canvas(self)
        self.bar = TimeBar(self)
        self._build()
        self._connect()
        self._make_shortcuts()
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.setInterval(RESIZE_MS)
        self._resized.timeout.connect(self._renew_size)

    def show_item(
        self, item: Item, open_source: Callable[[], FrameSource], *, delay_ms: float | None = None
    ) -> None:
        """Open an item; ``open_source`` is called in the decoder's thread."""
        self.item = item
        self._delay_ms = delay_ms or item.delay_ms
        self.canvas.set_footage(item.width, item.height)
        self.canvas.set_frame(None)
        self._show_controls(item.kind)
        self.bar.set_count(item.frame_count)
        self._show_numbers(0)
        self.engine.open(open_source, self.canvas.wanted_size())

    def clear(self) -> None:
        """Stop and let go of the footage."""
        self.engine.close()
        self.item = None
        self.canvas.set_frame(None)

    # Building

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        self.controls = QWidget(self)
        self.controls.setObjectName("player_controls")
        box = QVBoxLayout(self.controls)
        box.setContentsMargins(8, 4, 8, 8)
        box.setSpacing(4)
        box.addWidget(self.bar)
        box.addLayout(self._build_row())
        layout.addWidget(self.controls)

    def _build_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self.first = self._button("first", "First frame", "Home")
        self.back = self._button("step-back", "Step back", "←")
        self.play = self._button("play", "Play", "Space")
        self.forward = self._button("step-forward", "Step forward", "→")
        self.last = self._button("last", "Last frame", "End")
        for button in (self.first, self.back, self.play, self.forward, self.last):
            row.addWidget(button)
        row.addSpacing(12)
        self._build_readout(row)
        row.addStretch(1)
        self._build_pace(row)
        self.loop = self._button("loop", "Loop", "R", checkable=True)
        self.loop.setChecked(True)
        self.fit = self._button("fit", "Fit into the window", "0")
        self.full = self._button("fullscreen", "Full screen", "F")
        for button in (self.loop, self.fit, self.full):
            row.addWidget(button)
        return row

    def _build_readout(self, row: QHBoxLayout) -> None:
        caption = QLabel("Frame")
        caption.setProperty("muted", True)
        self.number = QSpinBox()
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setFont(theme.font(theme.TITLE, medium=True, tabular=True))
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setKeyboardTracking(False)
        self.number.setRange(1, 1)
        self.number.setFixedWidth(72)
        self.number.setAccessibleName("Frame number")
        self.number.setToolTip("Type a frame number and press Enter (G)")
        caption.setBuddy(self.number)
        self.of = QLabel()
        self.of.setFont(theme.font(theme.SECTION, tabular=True))
        self.of.setProperty("muted", True)
        self.time = QLabel()
        self.time.setFont(theme.font(theme.BODY, tabular=True))
        self.time.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.time.setToolTip("When this frame appears, from the start")
        self.note = QLabel()
        self.note.setFont(theme.font(theme.SMALL, tabular=True))
        self.note.setProperty("muted", True)
        for widget, space in ((caption, 6), (self.number, 4), (self.of, 16), (self.time, 12)):
            row.addWidget(widget)
            row.addSpacing(space)
        row.addWidget(self.note)

    def _build_pace(self, row: QHBoxLayout) -> None:
        self.delay_label = QLabel("Delay")
        self.delay_label.setProperty("muted", True)
        self.delay = QDoubleSpinBox()
        self.delay.setRange(0, 10_000)
        self.delay.setDecimals(0)
        self.delay.setSuffix(" ms")
        self.delay.setSpecialValueText("as stored")
        self.delay.setKeyboardTracking(False)
        self.delay.setAccessibleName("Delay between frames in milliseconds")
        self.delay.setToolTip("Milliseconds each frame stays")
        self.delay_label.setBuddy(self.delay)
        self.delay.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.delay.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.delay.setFixedWidth(96)
        self.presets = self._button("chevron-down", "Usual delays", "Alt+↓")
        self.presets.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.presets)
        for ms in DELAYS:
            menu.addAction(f"{ms} ms  ({1000 / ms:.0f} a second)", partial(self.delay.setValue, ms))
        self.presets.setMenu(menu)
        self.speed = QComboBox()
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g}×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("Speed: 1× is the file's own timing ([ slower, ] faster)")
        for widget in (self.delay_label, self.delay, self.presets, self.speed):
            row.addWidget(widget)
            row.addSpacing(4)

    def _button(self, icon: str, text: str, keys: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        icons.dress(button, icon)
        button.setIconSize(QSize(20, 20))
        button.setToolTip(f"{text} ({keys})")
        button.setAccessibleName(text)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _connect(self) -> None:
        engine = self.engine
        engine.opened.connect(self._show_source)
        engine.failed.connect(self._show_failure)
        engine.frame_changed.connect(self._show_frame)
        engine.playing_changed.connect(self._show_playing)
        engine.cache_changed.connect(self._show_cache)
        self.first.clicked.connect(lambda: self._go(0))
        self.last.clicked.connect(lambda: self._go(engine.count - 1))
        self.back.clicked.connect(lambda: engine.step(-1))
        self.forward.clicked.connect(lambda: engine.step(1))
        self.play.clicked.connect(engine.toggle)
        self.loop.toggled.connect(engine.set_loop)
        self.fit.clicked.connect(lambda: self.canvas.set_zoom(None))
        self.full.clicked.connect(self.full_screen_requested)
        self.canvas.double_clicked.connect(self.full_screen_requested)
        self.canvas.size_wanted.connect(lambda: self._resized.start())
        self.bar.scrubbed.connect(engine.seek)
        self.bar.label_of = self._label_of
        self.number.editingFinished.connect(self._go_to_typed)
        self.delay.valueChanged.connect(self._take_delay)
        self.speed.currentIndexChanged.connect(lambda at: engine.set_speed(SPEEDS[at]))

    def _make_shortcuts(self) -> None:
        engine = self.engine
        table: dict[str, Callable[[], object]] = {
            "Space": engine.toggle, "K": engine.toggle,
            "J": lambda: engine.play(backwards=True), "L": engine.play,
            "Left": lambda: engine.step(-1), "Right": lambda: engine.step(1),
            "Shift+Left": lambda: engine.step(-10), "Shift+Right": lambda: engine.step(10),
            "Home": lambda: self._go(0), "End": lambda: self._go(engine.count - 1),
            "G": self._type_number, "R": self.loop.toggle, "F": self.full_screen_requested.emit,
            "[": lambda: self._change_speed(-1), "]": lambda: self._change_speed(1),
            "+": lambda: self.canvas.zoom_by(1), "=": lambda: self.canvas.zoom_by(1),
            "-": lambda: self.canvas.zoom_by(-1), "0": lambda: self.canvas.set_zoom(None),
            "1": lambda: self.canvas.set_zoom(1.0), "C": self.copy_frame,
            "Escape": self.close_requested.emit, "Alt+Down": self.presets.showMenu,
        }  # fmt: skip
        for keys, act in table.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # Showing

    def _show_controls(self, kind: Kind) -> None:
        is_group, moves = kind is Kind.FRAMES, kind is not Kind.IMAGE
        for widget in (self.delay_label, self.delay, self.presets):
            widget.setVisible(is_group)
        self.speed.setVisible(moves and not is_group)
        self.controls.setVisible(moves)

    def _show_source(self, source: FrameSource) -> None:
        self.bar.set_count(source.count)
        self.number.setRange(1, source.count)
        self.of.setText(f"/ {source.count:,}")
        digits = self.number.fontMetrics().horizontalAdvance("0" * len(str(source.count)))
        self.number.setFixedWidth(max(56, digits + 32))
        self._numbers = getattr(source, "numbers", None)
        self.canvas.set_footage(source.width, source.height)
        self.engine.set_size(self.canvas.wanted_size())
        if self.item is not None and self.item.kind is Kind.FRAMES:
            self._show_delay(source)
        if self.engine.count > 1:
            self.engine.play()

    def _show_delay(self, source: FrameSource) -> None:
        """One delay for all frames, or "as stored" when they have their own."""
        own = {round(seconds * 1000, 3) for seconds in source.durations}
        chosen = self._delay_ms or (own.pop() if len(own) == 1 else 0)
        self.delay.blockSignals(True)
        self.delay.setValue(chosen)
        self.delay.blockSignals(False)
        if chosen:
            self.engine.set_delay(chosen / 1000)

    def _show_failure(self, reason: str) -> None:
        self.canvas.set_frame(None, reason)

    def _show_frame(self, index: int, frame: Frame | None, problem: str) -> None:
        if frame is not None:
            self.canvas.set_frame(frame)
        elif problem:
            self.canvas.set_frame(None, problem)
        self._show_numbers(index)

    def _show_numbers(self, index: int) -> None:
        self.bar.show_index(index)
        if not self.number.hasFocus():
            self.number.blockSignals(True)
            self.number.setValue(index + 1)
            self.number.blockSignals(False)
        at = self.engine.playhead.start_of(min(index, self.engine.playhead.count - 1))
        self.time.setText(words.exact_duration(at))
        self.note.setText(self._note(index))

    def _note(self, index: int) -> str:
        parts = []
        if self._numbers and index < len(self._numbers) and self._numbers[index] != index + 1:
            parts.append(f"no. {self._numbers[index]}")
        if self.engine.playhead.skipped and self.engine.playhead.playing:
            parts.append(f"{self.engine.playhead.skipped} skipped")
        return " · ".join(parts)

    def _label_of(self, index: int) -> str:
        at = words.exact_duration(self.engine.playhead.start_of(index))
        return f"Frame {index + 1} · {at}"

    def _show_playing(self, playing: bool) -> None:
        icons.dress(self.play, "pause" if playing else "play")
        self.play.setAccessibleName("Pause" if playing else "Play")
        self.play.setToolTip("Pause (Space)" if playing else "Play (Space)")

    def _show_cache(self) -> None:
        self.bar.set_states(self.engine.cache.ranges(), self.engine.damaged)

    # Acting

    def _renew_size(self) -> None:
        if self.item is not None:
            self.engine.set_size(self.canvas.wanted_size())

    def _go(self, index: int) -> None:
        self.engine.pause()
        self.engine.seek(index)

    def _type_number(self) -> None:
        self.number.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.number.selectAll()

    def _go_to_typed(self) -> None:
        index = self.number.value() - 1
        if self.number.hasFocus():
            self.setFocus()
        if index != self.engine.playhead.index:
            self._go(index)

    def _take_delay(self, ms: float) -> None:
        if ms > 0:
            self._delay_ms = ms
            self.engine.set_delay(ms / 1000)
            self.delay_changed.emit(ms)

    def _change_speed(self, steps: int) -> None:
        if self.speed.isVisible():
            at = min(max(self.speed.currentIndex() + steps, 0), len(SPEEDS) - 1)
            self.speed.setCurrentIndex(at)

    def copy_frame(self) -> None:
        """Put the frame on screen on the clipboard."""
        frame = self.engine.cache.get(self.engine.playhead.index)
        if frame is not None:
            format = QImage.Format.Format_ARGB32_Premultiplied
            if not frame.has_alpha:
                format = QImage.Format.Format_RGB32
            image = QImage(frame.data, frame.width, frame.height, frame.stride, format)
            QGuiApplication.clipboard().setImage(image.copy())
