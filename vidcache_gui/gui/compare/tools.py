"""The row of the comparison: how the pair is shown, and how the two are aligned."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLabel, QToolButton, QWidget

from vidcache_gui.gui import icons, theme
from vidcache_gui.gui.compare.difference import Figures, Look
from vidcache_gui.gui.compare.pair import FASTEST, Alignment
from vidcache_gui.gui.compare.stage import Mode
from vidcache_gui.gui.parts import label
from vidcache_gui.gui.player.controls import DelayBox
from vidcache_gui.gui.player.figures import Figure
from vidcache_gui.gui.player.giving_row import GivingRow

GAINS = (1, 2, 4, 8, 16)
BLINKS = (100, 200, 350, 500, 1000, 2000, 0)  # ms; 0: by hand
LONGEST_OFFSET = 360_000.0  # seconds
MODES = (  # (mode, words, its key beside the number, what it is for)
    (Mode.BESIDE, "Side by side", "Q", "Both pictures beside or above each other"),
    (Mode.WIPE, "Wipe", "W", "A and B meet at an edge; drag it, or Ctrl+← and Ctrl+→"),
    (Mode.DIFFERENCE, "Difference", "D", "Only what is not the same; ↑ and ↓ change the gain"),
    (Mode.BLINK, "Blink", "B", "A and B in turn; ↑ faster, ↓ slower"),
    (Mode.A, "A", "O", "Only A, with O again only B; hold A for a glance, H for the other"),
    (Mode.B, "B", "", "Only B; hold H to see A"),
)


class NumberBox(DelayBox):
    """A number with a unit, as the player's delay."""

    def __init__(self, name: str, tip: str, least: float, most: float, unit: str) -> None:
        super().__init__()
        self.setSpecialValueText("")
        self.setDecimals(4)
        self.setRange(least, most)
        self.setSuffix(unit)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setFont(theme.font(theme.BODY, tabular=True))

    def textFromValue(self, value: float) -> str:
        return f"{value:.4f}".rstrip("0").rstrip(".")

    def show_value(self, value: float) -> None:
        """Without telling anybody."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)


class Tools(GivingRow):
    """Widgets only; the view connects them."""

    mode_chosen = Signal(object)  # Mode
    offset_chosen = Signal(float)  # seconds
    rate_chosen = Signal(float)
    look_chosen = Signal(object)  # Look
    gain_chosen = Signal(int)
    blink_chosen = Signal(int)  # ms; 0: by hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode, self._can_lay = Mode.BESIDE, False
        self._row.setContentsMargins(12, 4, 12, 0)
        self._row.setSpacing(2)
        self._build_modes()
        self._build_options()
        self._row.addStretch(1)
        self.figure = Figure(
            theme.font(theme.SMALL, tabular=True), "mean 88.88 · 88.8 dB", right=True
        )
        self.figure.setToolTip(
            "How far the two pictures are apart at the size they are shown: the mean of the "
            "difference (of 255), and the signal-to-noise ratio"
        )
        self.figure.setAccessibleName("Difference")
        self._row.addWidget(self.figure)
        self._row.addSpacing(12)
        self._build_alignment()
        self._settle_row((  # what can be done without, first to go first
            *self._names, self.reset, self.rate, self.look, self.figure, self.offset,
            self.turn, self.number, self.link, self.lay, self.even, self.blink, self.gain,
        ))  # fmt: skip
        self.show_mode(Mode.BESIDE)
        self.show_alignment(Alignment(), linked=True, changed=False)

    # Building

    def _build_modes(self) -> None:
        self.modes: dict[Mode, QToolButton] = {}
        self._group = QButtonGroup(self)
        for mode, words, key, tip in MODES:
            button = QToolButton()
            button.setText(words)
            button.setCheckable(True)
            button.setToolTip(f"{tip} ({key})" if key else tip)
            button.setAccessibleName(words)
            button.clicked.connect(lambda _=False, mode=mode: self.mode_chosen.emit(mode))
            self._group.addButton(button)
            self._row.addWidget(button)
            self.modes[mode] = button
        self._row.addSpacing(12)

    def _build_options(self) -> None:
        self.turn = self._button("turn", "Beside or above each other (V)")
        self.lay = self._button(
            "link", "Laid over each other as the match says, or as they are (Y)", checkable=True
        )
        self.lay.setText("Laid over")
        self.lay.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.lay.setChecked(True)
        self.look = self._combo("What of the difference", [str(look) for look in Look], list(Look))
        self.gain = self._combo("Gain (↑, ↓)", [f"× {gain}" for gain in GAINS], GAINS)
        self.gain.setCurrentIndex(GAINS.index(4))
        every = [f"every {ms / 1000:g} s" if ms else "by hand (H)" for ms in BLINKS]
        self.even = self._button(
            "link", "Even out brightness and contrast before they are compared (E)", checkable=True
        )
        self.even.setText("Even light")
        self.even.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.blink = self._combo("How long each picture stays (↑, ↓)", every, BLINKS)
        self.blink.setCurrentIndex(BLINKS.index(500))
        for box, told in (
            (self.look, self.look_chosen), (self.gain, self.gain_chosen),
            (self.blink, self.blink_chosen),
        ):  # fmt: skip
            box.currentIndexChanged.connect(
                lambda at, box=box, told=told: told.emit(box.itemData(at))
            )

    def _build_alignment(self) -> None:
        self._names: list[QLabel] = []
        self.number = Figure(theme.font(theme.SECTION, tabular=True), "B 88888 / 88888", right=True)
        self.number.setToolTip("The frame of B that is shown, and how many there are")
        self.number.setAccessibleName("Frame of B")
        self._row.addWidget(self.number)
        self._row.addSpacing(8)
        self.link = self._button("link", "", checkable=True)
        self.offset = NumberBox(
            "Offset in seconds",
            "Which second of B belongs to the start of A. By one frame of B: , and .",
            -LONGEST_OFFSET, LONGEST_OFFSET, " s",
        )  # fmt: skip
        self.rate = NumberBox(
            "Rate",
            "How many seconds of B pass in one second of A; below zero: backwards",
            -FASTEST,
            FASTEST,
            " ×",
        )
        self.offset.valueChanged.connect(self.offset_chosen)
        self.rate.valueChanged.connect(self.rate_chosen)
        for words, box in (("offset", self.offset), ("rate", self.rate)):
            named = label(words, muted=True)
            named.setBuddy(box)
            self._names.append(named)
            self._row.addSpacing(4)
            self._row.addWidget(named)
            self._row.addSpacing(4)
            self._row.addWidget(box)
        self.reset = self._button("retry", "Back to the alignment it was opened with (Backspace)")

    def _button(self, icon: str, tip: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        icons.dress(button, icon)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(checkable)
        self._row.addWidget(button)
        return button

    def _combo(self, name: str, words: Sequence[str], values: Sequence[object]) -> QComboBox:
        box = QComboBox()
        for word, value in zip(words, values, strict=True):
            box.addItem(word, value)
        box.setToolTip(name)
        box.setAccessibleName(name)
        self._row.addWidget(box)
        return box

    # Showing

    def show_mode(self, mode: Mode) -> None:
        self._mode = mode
        self.modes[mode].setChecked(True)
        options: dict[QWidget, tuple[Mode, ...]] = {
            self.turn: (Mode.BESIDE, Mode.WIPE), self.look: (Mode.DIFFERENCE,),
            self.gain: (Mode.DIFFERENCE,), self.blink: (Mode.BLINK,),
            self.even: (Mode.DIFFERENCE,), self.lay: tuple(Mode) if self._can_lay else (),
        }  # fmt: skip
        self._absent = {part for part, modes in options.items() if mode not in modes}
        for part in options:
            part.setVisible(part not in self._absent)
        self._give_way()

    def show_can_lay(self, can: bool) -> None:
        """Whether a match says where the two lie over each other."""
        if can != self._can_lay:
            self._can_lay = can
            self.show_mode(self._mode)

    def show_alignment(self, alignment: Alignment, *, linked: bool, changed: bool) -> None:
        """``changed``: it is not what the two were opened with."""
        self.offset.show_value(alignment.offset)
        self.rate.show_value(alignment.rate)
        self.reset.setEnabled(changed)
        self.link.setChecked(linked)
        tip = "Move B alone, to find the frame that matches (U)"
        if not linked:
            tip = "These two frames match: move both together again (U)"
        self.link.setToolTip(tip)
        self.link.setAccessibleName(tip)

    def show_figures(self, found: Figures | None) -> None:
        if found is None:
            text = ""
        elif found.none:
            text = "no difference"
        elif found.mean < 0.005:
            text = "hardly any difference"
        else:
            text = f"mean {found.mean:.2f} · {found.psnr:.1f} dB"
        self.figure.show_text(text)

    @staticmethod
    def choose_next(box: QComboBox, steps: int) -> None:
        box.setCurrentIndex(min(max(box.currentIndex() + steps, 0), box.count() - 1))
