"""The map over the time bar: what it says, and where a click leads."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.compare.matched import match, stretch
from vidcache_gui.gui.compare.line import Line
from vidcache_gui.gui.compare.pair import Alignment
from vidcache_gui.gui.compare.part_map import PartMap
from vidcache_gui.gui.compare.parts import Kind, Part, parts_of
from vidcache_gui.gui.compare.timemap import TimeMap
from vidcache_gui.gui.player.timing import Timing


def line(frames_a: int, frames_b: int, mapping: TimeMap) -> Line:
    return Line(Timing.even(frames_a, 0.1), Timing.even(frames_b, 0.1), mapping)


ADVERTISEMENT = line(
    90, 100, TimeMap.of(match(stretch(0, 3, 0, 3), stretch(5, 9, 6, 10), stretch(3, 5, 3, 5)))
)


@pytest.fixture
def shown(qtbot: QtBot, app: QApplication) -> PartMap:
    made = PartMap()
    qtbot.addWidget(made)
    made.resize(600, made.sizeHint().height())
    made.show_parts(ADVERTISEMENT, parts_of(ADVERTISEMENT))
    made.show()
    return made


def test_every_place_is_in_one_part() -> None:
    parts = parts_of(ADVERTISEMENT)
    assert parts == [
        Part(0, 29, Kind.SHARED, 0), Part(30, 49, Kind.SHARED, 2), Part(50, 59, Kind.ONLY_B),
        Part(60, 99, Kind.SHARED, 1),
    ]  # fmt: skip


def test_another_scene_in_each_and_something_backwards() -> None:
    made = line(90, 90, TimeMap.of(match(stretch(0, 3, 0, 3), stretch(6, 8.9, 8.9, 6))))
    kinds = [(part.kind, part.backwards) for part in parts_of(made)]
    assert kinds[0] == (Kind.SHARED, False)
    assert kinds[1][0] is Kind.BESIDE
    assert (Kind.SHARED, True) in kinds


def test_a_moment_beside_what_is_shared_is_shared() -> None:
    """Fingerprints do not look at every frame."""
    made = line(90, 90, TimeMap.of(match(stretch(0.2, 8.8, 0.2, 8.8))))
    assert parts_of(made) == [Part(0, 89, Kind.SHARED, 0)]
    made = line(90, 90, TimeMap.of(match(stretch(0.6, 9, 0.6, 9))))
    assert [part.kind for part in parts_of(made)] == [Kind.BESIDE, Kind.SHARED]


def test_without_a_match_nothing_is_said_to_be_the_same(qtbot: QtBot) -> None:
    made = line(50, 50, TimeMap.even(Alignment(1.0)))
    assert [part.kind for part in parts_of(made)] == [Kind.ONLY_B, Kind.UNKNOWN, Kind.ONLY_A]
    shown = PartMap()
    qtbot.addWidget(shown)
    shown.show_parts(made, parts_of(made))
    assert shown.summary == ""


def test_it_says_how_much_is_shared(shown: PartMap) -> None:
    assert shown.summary == "9.0 s in both, in 3 stretches  ·  1.0 s only in B"
    assert shown.text_at(0) == "In both: 0:00.0 of A is 0:00.0 of B"
    assert shown.text_at(55) == "Only in B: 0:05.5 of B"
    assert shown.summary in shown.accessibleDescription()


def test_a_click_leads_there_and_keys_from_part_to_part(qtbot: QtBot, shown: PartMap) -> None:
    went: list[int] = []
    shown.chosen.connect(went.append)
    shown.chosen.connect(shown.show_place)
    box = shown.box(shown.parts[2], 1)
    where = QPoint(round(box.left()) + 1, round(box.center().y()))
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=where)
    assert went == [50]
    shown.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(shown, key)
    assert went == [50, 60, 50, 30]
