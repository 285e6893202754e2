"""What a person does in a comparison: a row of keys, and a method for each."""

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui import words
from vidcache_gui.gui.compare.ahead import Open
from vidcache_gui.gui.compare.canvas import PairCanvas
from vidcache_gui.gui.compare.engine import PairEngine
from vidcache_gui.gui.compare.line import A
from vidcache_gui.gui.compare.pair_controls import PairControls
from vidcache_gui.gui.compare.part_map import PartMap
from vidcache_gui.gui.compare.searching import Searching
from vidcache_gui.gui.compare.stage import Mode
from vidcache_gui.gui.compare.tools import MODES, Tools
from vidcache_gui.gui.player.controls import next_speed
from vidcache_gui.gui.player.full_screen import FullScreen
from vidcache_gui.media.timecode import parse_place

EDGE_STEP = 0.02
ALONE = (Mode.A, Mode.B)


class PairActs(QWidget):
    """The part of the comparison that does; ``view`` makes the parts and shows what became."""

    close_requested = Signal()
    mode_changed = Signal(Mode)
    full_screen_requested = Signal()  # whoever owns the window turns it on or off

    engine: PairEngine
    canvas: PairCanvas
    controls: PairControls
    tools: Tools
    map: PartMap
    searching: Searching
    panel: QWidget
    full_screen: FullScreen
    items: tuple[Item, Item] | None
    _sources: tuple[Open, Open] | None
    _embedded: bool
    _labels = True
    _said = ""  # what became of copying or saving
    _mode_before = Mode.BESIDE  # what one alone goes back to
    _holds: Mode | None = None  # the mode to go back to when a key is let go

    def show_note(self) -> None:
        raise NotImplementedError

    def swap(self) -> None:
        raise NotImplementedError

    def make_shortcuts(self) -> None:
        engine, canvas, controls = self.engine, self.canvas, self.controls
        table: dict[str, Callable[[], object]] = {}
        for number, (mode, _, key, _) in enumerate(MODES, 1):
            if key:
                table[key] = partial(self.set_mode, mode)
            if not self._embedded:
                table[str(number)] = partial(self.set_mode, mode)
        table |= {
            "Space": engine.toggle, "Shift+Space": self._play_back, "J": lambda: engine.shuttle(-1),
            "K": lambda: engine.shuttle(0), "L": lambda: engine.shuttle(1),
            "Left": lambda: engine.step(-1), "Right": lambda: engine.step(1),
            "Shift+Left": lambda: engine.step(-10), "Shift+Right": lambda: engine.step(10),
            "Home": lambda: self._go(0), "End": lambda: self._go(engine.count - 1),
            "G": controls.number.type_over, "M": controls.more.showMenu,
            "R": controls.loop.click, "F": self.full_screen_requested.emit,
            "[": lambda: self._change_speed(-1), "]": lambda: self._change_speed(1),
            "+": lambda: canvas.zoom_by(1), "=": lambda: canvas.zoom_by(1),
            "-": lambda: canvas.zoom_by(-1), "0": lambda: canvas.set_zoom(None),
            "Z": lambda: canvas.set_zoom(1.0), "C": self.copy_picture,
            "Ctrl+S": self.save_picture,
            "V": self._turn, "T": self._toggle_labels, "X": self.swap,
            ",": lambda: engine.nudge(-1), ".": lambda: engine.nudge(1),
            "<": lambda: engine.nudge(-10), ">": lambda: engine.nudge(10),
            "U": lambda: engine.set_linked(not engine.linked), "Backspace": engine.reset,
            "Ctrl+Left": lambda: self._move_edge(-1), "Ctrl+Right": lambda: self._move_edge(1),
            "Up": lambda: self._change_strength(1), "Down": lambda: self._change_strength(-1),
            "PgUp": lambda: self.map.go(-1), "PgDown": lambda: self.map.go(1),
            "O": self._toggle_alone, "E": self.tools.even.click, "Y": self.tools.lay.click,
            "N": lambda: self.find_difference(1), "P": lambda: self.find_difference(-1),
            "Shift+N": lambda: self.find_difference(0), "Escape": self._leave,
        }  # fmt: skip
        if self._embedded:
            del table["X"]
        for keys, act in table.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
            shortcut.activated.connect(self.full_screen.wake)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._hold(event, True)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._hold(event, False)

    def _hold(self, event: QKeyEvent, on: bool) -> None:
        """H: the other picture; A: A alone, as long as it is held."""
        if event.isAutoRepeat() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
        elif event.key() == Qt.Key.Key_H:
            self.canvas.peek(on)
        elif event.key() == Qt.Key.Key_A:
            if on and self._holds is None and self.canvas.mode is not Mode.A:
                self._holds = self.canvas.mode
                self.set_mode(Mode.A)
            elif not on and self._holds is not None:
                self.set_mode(self._holds)
        else:
            event.ignore()

    # Modes

    def set_mode(self, mode: Mode) -> None:
        self._holds = None if mode is not Mode.A else self._holds
        if mode not in ALONE:
            self._mode_before = mode
        self.tools.show_mode(mode)
        self.canvas.set_mode(mode)
        self.mode_changed.emit(mode)

    def _toggle_alone(self) -> None:
        """A alone, B alone, back to both."""
        after = {Mode.A: Mode.B, Mode.B: self._mode_before}
        self.set_mode(after.get(self.canvas.mode, Mode.A))

    def _turn(self) -> None:
        self.canvas.set_upright(not self.canvas.stage.is_upright)

    def _toggle_labels(self) -> None:
        self._labels = not self._labels
        self.canvas.set_labels(self._labels)

    def _move_edge(self, steps: int) -> None:
        self.canvas.set_edge(self.canvas.edge + steps * EDGE_STEP)

    def _change_strength(self, steps: int) -> None:
        if self.canvas.mode is Mode.DIFFERENCE:
            self.tools.choose_next(self.tools.gain, steps)
        elif self.canvas.mode is Mode.BLINK:
            self.tools.choose_next(self.tools.blink, -steps)

    # Going

    def find_difference(self, steps: int) -> None:
        """The next one (above zero), the one before (below), the first one (0)."""
        if self._sources is not None and self.engine.count:
            self.engine.pause()
            place = -1 if steps == 0 else self.engine.place
            self.searching.find(self._sources, self.engine.line, place, steps or 1)

    def _go(self, place: int) -> None:
        self.engine.pause()
        self.engine.seek(place)

    def _play_back(self) -> None:
        if self.engine.playing:
            self.engine.pause()
        else:
            self.engine.play(backwards=True)

    def _take_place(self, text: str) -> None:
        """A frame of A, as in the player: a number, a time, a part."""
        a = self.engine.sides[A].timing
        if a is None:
            return
        try:
            frame = parse_place(text, a.edges[:-1], None, self.engine.pair.a or 0)
        except UserError as error:
            self._say(str(error))
        else:
            self._go(self.engine.line.place_of_a(frame))

    def _change_speed(self, steps: int) -> None:
        self.engine.set_speed(next_speed(self.engine.playhead.speed, steps))

    def _leave(self) -> None:
        """Escape ends a search first, then leaves a field, moving B alone, full screen or the
        page. Embedded, the page is the other's to leave."""
        if self.searching.running:
            self.searching.cancel()
        elif self.panel.isAncestorOf(self.focusWidget()):
            self.setFocus()
        elif not self.engine.linked:
            self.engine.set_linked(True)
        else:
            self.close_requested.emit()

    # Keeping

    def copy_picture(self) -> None:
        """What is on screen, without the names over it."""
        if self.engine.count:
            QGuiApplication.clipboard().setImage(self.canvas.composed())
            self._say("copied")

    def save_picture(self) -> None:
        if self.items is None or not self.engine.count:
            return
        image = self.canvas.composed()
        dialog = QFileDialog(self, "Save the picture", filter="Pictures (*.png)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.selectFile("comparison.png")
        dialog.fileSelected.connect(
            lambda path: self._say("saved" if image.save(path) else "could not be saved there")
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _say(self, what: str) -> None:
        self._said = what
        self.show_note()


def signed(seconds: float) -> str:
    """As a clock, with a sign where it is before the beginning."""
    sign = "−" if math.copysign(1, seconds) < 0 and round(seconds, 3) else ""
    return sign + words.exact_duration(abs(seconds))
