"""Everything a person can do in the player, in one table: actions, their keys and words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Spec:
    id: str  # the method of Operations it calls
    text: str
    keys: tuple[str, ...]
    group: str  # heading on the key sheet
    checkable: bool = False
    repeats: bool = False  # goes on while the key is held


SPECS: tuple[Spec, ...] = (
    Spec("play", "Play", ("Space",), "Play"),
    Spec("play_back", "Play backwards", ("Shift+Space",), "Play"),
    Spec("shuttle_back", "Backwards; again is faster", ("J",), "Play"),
    Spec("pause", "Pause", ("K",), "Play"),
    Spec("shuttle_forward", "Forwards; again is faster", ("L",), "Play"),
    Spec("slower", "Slower", ("[",), "Play"),
    Spec("faster", "Faster", ("]",), "Play"),
    Spec("usual_speed", "Usual speed", ("Backspace",), "Play"),
    Spec("loop", "Loop", ("R",), "Play", checkable=True),
    Spec("there_and_back", "There and back", ("T",), "Play", checkable=True),
    Spec("every_frame", "Show every frame, even if late", ("Alt+E",), "Play", checkable=True),
    Spec("type_delay", "Set the delay", ("D",), "Play"),
    Spec("usual_delays", "Usual delays", ("Alt+Down",), "Play"),
    Spec("as_written", "Delays as written in the file", ("Alt+W",), "Play", checkable=True),
    Spec("step_back", "One frame back", ("Left", ","), "Go", repeats=True),
    Spec("step_forward", "One frame forward", ("Right", "."), "Go", repeats=True),
    Spec("ten_back", "Ten frames back", ("Shift+Left",), "Go", repeats=True),
    Spec("ten_forward", "Ten frames forward", ("Shift+Right",), "Go", repeats=True),
    Spec("key_back", "Keyframe before", ("Ctrl+Left",), "Go", repeats=True),
    Spec("key_forward", "Next keyframe", ("Ctrl+Right",), "Go", repeats=True),
    Spec("first", "First frame", ("Home",), "Go"),
    Spec("last", "Last frame", ("End",), "Go"),
    Spec("go_to", "Go to a frame or time", ("G",), "Go"),
    Spec("bookmark_back", "Bookmark before", ("Ctrl+Up",), "Go"),
    Spec("bookmark_forward", "Next bookmark", ("Ctrl+Down",), "Go"),
    Spec("mark_in", "Play from here: mark in", ("I",), "Keep"),
    Spec("mark_out", "Play to here: mark out", ("O",), "Keep"),
    Spec("go_in", "Go to mark in", ("Shift+I",), "Go"),
    Spec("go_out", "Go to mark out", ("Shift+O",), "Go"),
    Spec("clear_marks", "Clear marks", ("X",), "Keep"),
    Spec("bookmark", "Bookmark this frame, or not any more", ("B",), "Keep"),
    Spec("note", "Note at this frame", ("N",), "Keep"),
    Spec("bookmarks", "Bookmarks", ("Shift+B",), "Keep", checkable=True),
    Spec("copy_frame", "Copy frame", ("C",), "Keep"),
    Spec("copy_number", "Copy frame number", ("Shift+C",), "Keep"),
    Spec("copy_time", "Copy time", ("Alt+T",), "Keep"),
    Spec("copy_duration", "Copy duration of this frame", ("Alt+Shift+T",), "Keep"),
    Spec("save_frame", "Save frame…", ("Ctrl+S",), "Keep"),
    Spec("export", "Export frames…", ("E",), "Keep"),
    Spec("larger", "Zoom in", ("+", "="), "Look", repeats=True),
    Spec("smaller", "Zoom out", ("-",), "Look", repeats=True),
    Spec("fit", "Fit into the window", ("0",), "Look"),
    Spec("full_size", "100 %", ("1",), "Look"),
    Spec("double_size", "200 %", ("2",), "Look"),
    Spec("inspect", "Look at single pixels", ("P",), "Look", checkable=True),
    Spec("pixel_left", "Pixel to the left", ("Alt+Shift+Left",), "Look", repeats=True),
    Spec("pixel_right", "Pixel to the right", ("Alt+Shift+Right",), "Look", repeats=True),
    Spec("pixel_up", "Pixel above", ("Alt+Shift+Up",), "Look", repeats=True),
    Spec("pixel_down", "Pixel below", ("Alt+Shift+Down",), "Look", repeats=True),
    Spec("red", "Red only", ("Alt+R",), "Look", checkable=True),
    Spec("green", "Green only", ("Alt+G",), "Look", checkable=True),
    Spec("blue", "Blue only", ("Alt+B",), "Look", checkable=True),
    Spec("opacity", "Opacity only", ("Alt+A",), "Look", checkable=True),
    Spec("brightness", "Brightness only", ("Alt+L",), "Look", checkable=True),
    Spec("hold_gaps", "Missing frames: the one before stays", ("Alt+1",), "Look", checkable=True),
    Spec("blank_gaps", "Missing frames: blank", ("Alt+2",), "Look", checkable=True),
    Spec("skip_gaps", "Missing frames: passed over", ("Alt+3",), "Look", checkable=True),
    Spec("switch_time", "Time or timecode", ("Ctrl+T",), "Look"),
    Spec("full_screen", "Full screen", ("F",), "Look"),
    Spec("more", "More", ("M",), "Look"),
    Spec("leave", "Leave full screen, then the player", ("Esc",), "Look"),
)


def native(keys: str) -> str:
    """Keys as people read them: arrows instead of their names."""
    text = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    for name, arrow in (("Left", "←"), ("Right", "→"), ("Up", "↑"), ("Down", "↓")):
        if text == name or text.endswith(f"+{name}"):
            return text[: -len(name)] + arrow
    return text


def rows() -> Iterator[tuple[str, str, str]]:
    """(heading, what, keys) for the key sheet."""
    for spec in SPECS:
        text = spec.text.removesuffix("…")
        yield f"Player: {spec.group.lower()}", text, " or ".join(map(native, spec.keys))


def make_actions(view: QWidget, act: Callable[[str], None]) -> dict[str, QAction]:
    """The actions by id; ``act(id)`` does one. Keys work anywhere within ``view``."""
    made: dict[str, QAction] = {}
    for spec in SPECS:
        action = QAction(spec.text, view)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setAutoRepeat(spec.repeats)
        action.setCheckable(spec.checkable)
        action.setToolTip(tip(spec))
        action.triggered.connect(lambda _=False, id=spec.id: act(id))
        made[spec.id] = action
    view.addActions(list(made.values()))
    return made


def tip(spec: Spec, text: str = "") -> str:
    return f"{text or spec.text.removesuffix('…')} ({native(spec.keys[0])})"


BY_ID = {spec.id: spec for spec in SPECS}
