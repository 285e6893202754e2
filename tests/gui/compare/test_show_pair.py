"""A pair shown by its match, as a page that embeds the comparison does it."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.compare.conftest import item, on_screen, ready, shows
from tests.gui.compare.drawn import Drawn, scene, with_box
from tests.gui.compare.matched import match, stretch
from tests.gui.player.conftest import exposed
from vidcache_gui.core.records import Item
from vidcache_gui.gui.compare.engine import PairEngine
from vidcache_gui.gui.compare.pair import Pair
from vidcache_gui.gui.compare.stage import Mode
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.matching.records import Match, Transform

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


class Library:
    """Items over drawn footage, and how often each was opened."""

    def __init__(self) -> None:
        self.footage: dict[int, Drawn] = {}

    def add(self, footage: Drawn) -> Item:
        number = len(self.footage) + 1
        self.footage[number] = footage
        return item(number, footage)

    def open(self, what: Item) -> Drawn:
        return self.footage[what.id].again()


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def page(qtbot: QtBot, app: QApplication, library: Library) -> Iterator[CompareView]:
    engine = PairEngine(budget=64 << 20)
    yield from exposed(qtbot, CompareView(engine=engine, open_source=library.open, embedded=True))


def show(qtbot: QtBot, page: CompareView, a: Item, b: Item, found: Match) -> None:
    with qtbot.waitSignal(page.shown, timeout=20_000):
        page.show_pair(a, b, found)
    ready(qtbot, page)


def darkness(page: CompareView) -> float:
    """The mean of the difference as it is painted, where there is one."""
    image = page.canvas.composed()
    width, height = image.width(), image.height()
    seen = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    ground = seen[:, : width * 4].reshape(height, width, 4)[..., :3].max(axis=2)
    return float(ground[height // 3 : 2 * height // 3, 2 * width // 5 : 3 * width // 5].mean())


@pytest.mark.parametrize(
    ("mirrored", "rotation"), [(False, 0), (True, 0), (False, 90), (True, 270)]
)
def test_a_cropped_mirrored_turned_copy_lies_over_the_other(
    qtbot: QtBot, page: CompareView, library: Library, mirrored: bool, rotation: int
) -> None:
    whole = scene(12, (180, 320))
    turned = [np.rot90(picture, rotation // 90) for picture in whole]
    copies = [np.ascontiguousarray(p[:, ::-1] if mirrored else p) for p in turned]
    a = library.add(Drawn([picture[18:162, 32:288] for picture in whole]))
    b = library.add(Drawn(copies))
    laid = Transform(mirrored, rotation, (0, 0, 1, 1), (0.1, 0.1, 0.9, 0.9))
    show(qtbot, page, a, b, match(stretch(0, 0.48, 0, 0.48, laid)))
    page.set_mode(Mode.DIFFERENCE)
    ready(qtbot, page)
    assert darkness(page) < 8  # times 4: two levels of sampling
    qtbot.keyClick(page.canvas, Qt.Key.Key_Y)  # as they are
    ready(qtbot, page)
    assert not page.canvas.stage.is_laid
    assert darkness(page) > 12


def test_stretches_are_shown_each_with_its_own_offset(
    qtbot: QtBot, page: CompareView, library: Library
) -> None:
    pictures = scene(40)
    a = library.add(Drawn(pictures))
    b = library.add(Drawn(pictures[:20] + scene(10, first=900) + pictures[20:]))
    show(qtbot, page, a, b, match(stretch(0, 0.8, 0, 0.8), stretch(0.8, 1.6, 1.2, 2.0)))
    assert on_screen(page) == Pair(0, 0)
    qtbot.keyClick(page.canvas, Qt.Key.Key_PageDown)
    shows(qtbot, page, Pair(None, 20))
    assert page.canvas._problem(0) == "A does not have this."
    qtbot.keyClick(page.canvas, Qt.Key.Key_PageDown)
    shows(qtbot, page, Pair(20, 30))
    assert page.tools.offset.text() == "0.4 s"
    qtbot.keyClick(page.canvas, Qt.Key.Key_PageUp)
    shows(qtbot, page, Pair(None, 20))
    qtbot.keyClick(page.canvas, Qt.Key.Key_End)
    shows(qtbot, page, Pair(39, 49))
    assert page.map_row.summary.text().startswith("1.6 s in both, in 2 stretches")


def test_backwards_both_go_on_together(qtbot: QtBot, page: CompareView, library: Library) -> None:
    pictures = scene(30)
    a, b = library.add(Drawn(pictures)), library.add(Drawn(pictures[::-1]))
    show(qtbot, page, a, b, match(stretch(0, 1.16, 1.16, 0)))
    assert on_screen(page) == Pair(0, 29)
    page.engine.step(9)
    shows(qtbot, page, Pair(9, 20))


def test_a_match_is_placed_to_the_frame_while_it_is_looked_at(
    qtbot: QtBot, page: CompareView, library: Library
) -> None:
    pictures = scene(80)
    a, b = library.add(Drawn(pictures)), library.add(Drawn(pictures))
    found = match(stretch(0, 3.0, 0.1, 3.1))
    with qtbot.waitSignal(page.placing.placed, timeout=30_000):
        page.show_pair(a, b, found)
    page.engine.seek(page.engine.line.place_of_a(40))
    shows(qtbot, page, Pair(40, 40))
    assert not page.engine.changed
    with qtbot.waitSignal(page.shown, timeout=20_000):
        page.show_pair(a, b, found)
    page.engine.seek(page.engine.line.place_of_a(40))
    shows(qtbot, page, Pair(40, 40))  # remembered


def test_what_was_prefetched_is_not_opened_again(
    qtbot: QtBot, page: CompareView, library: Library
) -> None:
    pictures = scene(20)
    items = [library.add(Drawn(pictures)) for _ in range(4)]
    found = match(stretch(0, 0.0, 0, 0.0))  # nothing to be placed
    show(qtbot, page, items[0], items[1], found)
    page.prefetch(items[2], items[3], found)
    (ahead,) = page.engine.prefetched.pairs
    qtbot.waitUntil(lambda: all(side.is_ready(0) for side in ahead.sides), timeout=20_000)
    before = page.engine.sides
    with qtbot.waitSignal(page.shown, timeout=20_000):
        page.show_pair(items[2], items[3], found)
    assert on_screen(page) == Pair(0, 0)
    assert page.engine.sides == ahead.sides
    assert page.engine.sides != before
    assert [side.failure for side in before] == ["", ""]
    page.prefetch(items[0], items[1], found)
    page.clear()
    assert page.engine.count == 0


def test_the_next_difference_is_a_key_away(
    qtbot: QtBot, page: CompareView, library: Library
) -> None:
    pictures = scene(200)
    other = [with_box(p) if n in range(60, 80) else p for n, p in enumerate(pictures)]
    a, b = library.add(Drawn(pictures)), library.add(Drawn(other))
    show(qtbot, page, a, b, match(stretch(0, 8, 0, 8)))
    qtbot.keyClick(page.canvas, Qt.Key.Key_N)
    shows(qtbot, page, Pair(60, 60))
    qtbot.keyClick(page.canvas, Qt.Key.Key_N)
    status = page.map_row.status
    qtbot.waitUntil(lambda: status.text() == "no other difference after this", timeout=20_000)
    qtbot.keyClick(page.canvas, Qt.Key.Key_End)
    shows(qtbot, page, Pair(199, 199))
    qtbot.keyClick(page.canvas, Qt.Key.Key_P)
    shows(qtbot, page, Pair(60, 60))
    qtbot.keyClick(page.canvas, Qt.Key.Key_N, SHIFT)
    shows(qtbot, page, Pair(60, 60))


def test_escape_ends_a_search_before_it_leaves(
    qtbot: QtBot, page: CompareView, library: Library
) -> None:
    pictures = scene(400, (18, 32))
    a, b = library.add(Drawn(pictures)), library.add(Drawn(pictures))
    show(qtbot, page, a, b, match(stretch(0, 16, 0, 16)))
    page.find_difference(1)
    assert page.searching.running
    with qtbot.assertNotEmitted(page.close_requested):
        qtbot.keyClick(page.canvas, Qt.Key.Key_Escape)
    assert not page.searching.running
    with qtbot.waitSignal(page.close_requested):
        qtbot.keyClick(page.canvas, Qt.Key.Key_Escape)


def test_letters_choose_how_it_is_shown_and_digits_are_left_to_the_page(
    qtbot: QtBot, page: CompareView, library: Library
) -> None:
    a, b = (library.add(Drawn(scene(5))) for _ in range(2))
    show(qtbot, page, a, b, match(stretch(0, 0.2, 0, 0.2)))
    for key, mode in (
        (Qt.Key.Key_W, Mode.WIPE), (Qt.Key.Key_D, Mode.DIFFERENCE), (Qt.Key.Key_B, Mode.BLINK),
        (Qt.Key.Key_Q, Mode.BESIDE), (Qt.Key.Key_2, Mode.BESIDE), (Qt.Key.Key_O, Mode.A),
        (Qt.Key.Key_O, Mode.B), (Qt.Key.Key_O, Mode.BESIDE),
    ):  # fmt: skip
        qtbot.keyClick(page.canvas, key)
        assert page.canvas.mode is mode
    qtbot.keyClick(page.canvas, Qt.Key.Key_W)
    qtbot.keyPress(page.canvas, Qt.Key.Key_A)
    assert (page.canvas.mode, page.canvas.front) == (Mode.A, 0)
    qtbot.keyRelease(page.canvas, Qt.Key.Key_A)
    assert page.canvas.mode is Mode.WIPE
    qtbot.keyClick(page.canvas, Qt.Key.Key_D)
    qtbot.keyClick(page.canvas, Qt.Key.Key_E)
    assert page.canvas._layers.even
