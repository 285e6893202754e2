"""The row under the time bar: step, play, where, how fast."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QMenu,
    QToolButton,
    QWidget,
)

from vidcache_gui.gui import icons, theme
from vidcache_gui.gui.parts import ElidedLabel
from vidcache_gui.gui.player.figures import EditableFigure, Figure
from vidcache_gui.gui.player.frame_delay import FrameDelay
from vidcache_gui.gui.player.giving_row import GivingRow
from vidcache_gui.gui.player.keys import BY_ID, tip

SPEEDS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0)
DELAYS = (10, 20, 40, 100, 200, 500)
LONGEST_DELAY = 60_000
AS_STORED = 0.0  # the delay box's value for "every frame its own"


_FIELD = """
QDoubleSpinBox { background: palette(base); color: palette(text); border: 1px solid palette(mid);
  border-radius: 6px; padding: 4px 8px; min-height: 18px; }
QDoubleSpinBox:focus { border: 2px solid palette(highlight); padding: 3px 7px; }
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0; border: none; }
"""  # NoButtons would leave a styled box no room for its text


class DelayBox(QDoubleSpinBox):
    """Milliseconds between frames; a fraction only where there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(AS_STORED, LONGEST_DELAY)
        self.setDecimals(2)
        self.setSuffix(" ms")
        self.setSpecialValueText("as stored")
        self.setKeyboardTracking(False)
        self.setStyleSheet(_FIELD)
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.setFixedWidth(88)
        self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.setAccessibleName("Delay between frames in milliseconds")
        self.setToolTip("How long each frame stays, in milliseconds (D)")

    def textFromValue(self, value: float) -> str:
        return f"{value:.2f}".rstrip("0").rstrip(".")


class Controls(GivingRow):
    """Widgets only; the view connects them."""

    delay_chosen = Signal(float)  # ms; AS_STORED: every frame its own
    speed_chosen = Signal(float)
    all_delays_chosen = Signal(float)  # ms for every frame; AS_STORED: every frame its own
    delay_spread = Signal()  # the delay of the current frame is for every frame
    marked_delay_spread = Signal()  # … for every frame between the marks

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row.setContentsMargins(12, 0, 12, 8)
        self._row.setSpacing(2)
        self.buttons: dict[str, QToolButton] = {}
        self.first = self._button("first", "first")
        self.back = self._button("step-back", "step_back", repeats=True)
        self.play_back = self._button("play-back", "play_back")
        self.play = self._button("play", "play")
        self.forward = self._button("step-forward", "step_forward", repeats=True)
        self.last = self._button("last", "last")
        self._row.addSpacing(12)
        self._build_readout()
        self._build_pace()
        self.loop = self._button("loop", "loop", checkable=True)
        self.bookmark = self._button("bookmark", "bookmark")
        self.export = self._button("export", "export")
        self.fit = self._button("fit", "fit")
        self.more = self._button("more", "more")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.full = self._button("fullscreen", "full_screen")
        self._settle_row((  # what can be done without, first to go first
            self.delay_label, self.caption, self.fit, self.first, self.last, self.export,
            self.bookmark, self.play_back, self.speed, self.time, self.presets, self.frame_delay,
        ))  # fmt: skip

    # Building

    def _button(
        self, icon: str, id: str, *, checkable: bool = False, repeats: bool = False
    ) -> QToolButton:
        """A button for the action ``id``; the view connects it."""
        spec = BY_ID[id]
        button = QToolButton()
        icons.dress(button, icon)
        button.setIconSize(QSize(20, 20))
        button.setToolTip(tip(spec))
        button.setAccessibleName(spec.text.removesuffix("…"))
        button.setCheckable(checkable)
        button.setAutoRepeat(repeats)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.addWidget(button)
        self.buttons[id] = button
        return button

    def _label(self, text: str, pixels: int, tip: str = "") -> QLabel:
        made = QLabel(text)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setFont(theme.font(pixels, tabular=True))
        made.setProperty("muted", True)
        made.setToolTip(tip)
        return made

    def _build_readout(self) -> None:
        self.caption = self._label("frame", theme.BODY)
        medium = theme.font(theme.TITLE, medium=True, tabular=True)
        self.number = EditableFigure(medium, "000", "Frame number", right=True)
        self.number.setToolTip("Click and type a frame (120), a time (1:02.5) or a part (50%) (G)")
        self.caption.setBuddy(self.number)
        self.of = self._label("", theme.SECTION, "How many frames there are")
        self.time = Figure(theme.font(theme.SECTION, tabular=True), "00:00:00.000")
        self.time.setToolTip("When this frame appears. Click for its timecode (Ctrl+T)")
        self.time.setAccessibleName("Time")
        self.note = ElidedLabel()
        self.note.setFont(theme.font(theme.SMALL, tabular=True))
        self.note.setProperty("muted", True)
        for widget, space in ((self.caption, 0), (self.number, 0), (self.of, 8), (self.time, 8)):
            self._row.addWidget(widget)
            self._row.addSpacing(space)
        self._row.addWidget(self.note, 1)

    def _build_pace(self) -> None:
        self.delay_label = self._label("delay", theme.BODY)
        self.delay = DelayBox()
        self.delay.setFont(theme.font(theme.BODY, tabular=True))
        self.delay_label.setBuddy(self.delay)
        self.delay.valueChanged.connect(self.delay_chosen)
        self._row.addWidget(self.delay_label)
        self._row.addSpacing(4)
        self._row.addWidget(self.delay)
        self.frame_delay = FrameDelay(theme.font(theme.SECTION, tabular=True))
        self._row.addWidget(self.frame_delay)
        self.presets = self._button("chevron-down", "usual_delays")
        self.presets.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.presets.setMenu(self._presets_menu())
        self._row.addSpacing(8)
        self.speed = QComboBox()
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g}×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("Speed ([ slower, ] faster)")
        self.speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.speed.setFixedWidth(72)
        self.speed.activated.connect(lambda at: self.speed_chosen.emit(SPEEDS[at]))
        self._row.addWidget(self.speed)
        self._row.addSpacing(8)

    def _presets_menu(self) -> QMenu:
        menu = QMenu(self)
        for delay in DELAYS:
            preset = menu.addAction(f"{delay} ms · {1000 / delay:g} frames a second")
            preset.triggered.connect(lambda _=False, ms=delay: self.all_delays_chosen.emit(ms))
        menu.addSeparator()
        self.to_all = menu.addAction("Every frame as this one", self.delay_spread.emit)
        self.to_marked = menu.addAction("Marked frames as this one", self.marked_delay_spread.emit)
        self.as_stored = menu.addAction(
            "As stored", lambda: self.all_delays_chosen.emit(AS_STORED)
        )  # fmt: skip
        return menu

    # Showing

    def show_playing(self, playing: bool, backwards: bool) -> None:
        for button, id, back in ((self.play, "play", False), (self.play_back, "play_back", True)):
            now = playing and back == backwards
            text = "Pause" if now else BY_ID[id].text
            icons.dress(button, "pause" if now else id.replace("_", "-"))
            button.setAccessibleName(text)
            button.setToolTip(tip(BY_ID[id], text))

    def show_delay(self, delay_ms: float, *, has_own: bool) -> None:
        """``has_own``: the frames have delays of their own to go back to."""
        self.delay.blockSignals(True)
        self.delay.setMinimum(AS_STORED if has_own else 1)
        self.delay.setValue(delay_ms)
        self.delay.blockSignals(False)
        self.as_stored.setVisible(has_own)

    def show_speed(self, speed: float) -> None:
        at = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - speed))
        self.speed.setCurrentIndex(at)

    def show_parts(self, *, moves: bool, group: bool, animation: bool) -> None:
        """``moves``: there is more than one frame; the rest is about whose delays to choose."""
        shown: dict[QWidget, bool] = dict.fromkeys(
            (
                self.first, self.back, self.play_back, self.play, self.forward, self.last,
                self.speed, self.loop, self.caption, self.number, self.of, self.time, self.note,
                self.bookmark, self.export,
            ),
            moves,
        )  # fmt: skip
        shown[self.delay] = moves and group
        shown[self.frame_delay] = moves and animation
        shown |= dict.fromkeys((self.presets, self.delay_label), moves and (group or animation))
        self._absent = {part for part, there in shown.items() if not there}
        for part, there in shown.items():
            part.setVisible(there)
        self.to_all.setVisible(animation)
        self.to_marked.setVisible(animation)
        self.as_stored.setText("As in the file" if animation else "As stored")
        self._give_way()


def next_speed(speed: float, steps: int) -> float:
    """The next of SPEEDS in one direction; the last one at the end."""
    if steps > 0:
        return next((s for s in SPEEDS if s > speed * 1.01), SPEEDS[-1])
    return next((s for s in reversed(SPEEDS) if s < speed * 0.99), SPEEDS[0])
