"""The page of all matches: deciding, filtering, why, shared segments, the check."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.gui.similar.conftest import Give
from tests.gui.similar.fake import FakeLibrary, match, segment
from vidcache_gui.core.records import Item
from vidcache_gui.core.similar.records import FoundMatch
from vidcache_gui.errors import UserError
from vidcache_gui.gui.library.sidebar import _COUNT, Place
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.similar.explain_dialog import ExplainDialog
from vidcache_gui.gui.similar.footage_page import FootagePage
from vidcache_gui.gui.similar.match_row import RowPlan
from vidcache_gui.matching.records import Explanation, Relation, Tier

Open = Callable[[], FootagePage]


@pytest.fixture
def page(qtbot: QtBot, opened: MainWindow) -> Open:
    """The page, listed. Fill the library first."""

    def show() -> FootagePage:
        opened.actions_by_id["same_footage"].trigger()
        made = opened.desk.footage
        assert made.model is not None
        with qtbot.waitSignal(made.model.listed):
            pass
        return made

    return show


def key(qtbot: QtBot, page: FootagePage, which: Qt.Key) -> None:
    qtbot.keyClick(page.pane.view, which)


def verdict(page: FootagePage, row: int) -> str:
    assert page.model is not None
    shown = page.model.shown(row)
    return "not read" if shown is None else shown.verdict


def test_the_sidebar_counts_and_opens_the_page(
    qtbot: QtBot, give: Give, opened: MainWindow, page: Open
) -> None:
    give(7)
    row = opened.browser.sidebar._rows[Place("footage")]
    opened.session.checking.refresh()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: row.data(0, _COUNT) == 7)
    made = page()
    assert opened.browser.sidebar.place == Place("footage")
    assert made.isVisible()
    assert made._count.text() == "7"
    key(qtbot, made, Qt.Key.Key_Escape)
    assert not opened.browser.on_page
    assert opened.browser.sidebar.place == Place("all")


def test_decisions_stay_in_place_and_can_be_undone(
    qtbot: QtBot, give: Give, page: Open, opened: MainWindow, library: FakeLibrary
) -> None:
    found = give(5)
    made = page()
    view = made.pane.view
    key(qtbot, made, Qt.Key.Key_N)
    assert verdict(made, 0) == "not a match"
    assert view.currentIndex().row() == 1
    key(qtbot, made, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: len(library.decided) == 2)
    assert made.model is not None
    assert made.model.rowCount() == 5
    qtbot.waitUntil(lambda: opened.toast.text == "Both are kept: “clip 0” and “clip 2”")
    opened.session.undo()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: verdict(made, 1) == "")
    assert verdict(made, 0) == "not a match"
    view.setCurrentIndex(made.model.index(0))
    assert made.pane.not_a_match.text() == "Take back “Not a match”"
    key(qtbot, made, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: not library.decided)
    qtbot.waitUntil(lambda: verdict(made, 0) == "")  # what undo asked for may be told before
    assert [made.model.shown(row).id for row in range(5)] == [one.id for one in found]  # type: ignore[union-attr]


def test_filters(qtbot: QtBot, page: Open, library: FakeLibrary, items: list[Item]) -> None:
    for number, tier in enumerate(Tier):
        found = match(segment(0, 1, 0, 1), tier=tier, relation=Relation.OVERLAP)
        library.give(items[number], items[number + 1], found)
    made = page()
    assert made.model is not None
    with qtbot.waitSignal(made.model.listed):
        made.choose(tier=Tier.LIKELY)
    assert made.model.rowCount() == 1
    with qtbot.waitSignal(made.model.listed):
        made.choose(Relation.RE_ENCODE, Tier.LIKELY)
    assert made.blank.isVisible()
    assert made.blank.title == "No matches of this kind"


def test_what_is_found_meanwhile_is_announced(
    qtbot: QtBot, give: Give, page: Open, library: FakeLibrary, opened: MainWindow
) -> None:
    give(3)
    made = page()
    assert made.model is not None
    key(qtbot, made, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: len(library.decided) == 1)
    give(6)
    opened.session.checking.refresh()  # type: ignore[union-attr]
    qtbot.waitUntil(made.new.isVisible)
    assert made.model.rowCount() == 3
    with qtbot.waitSignal(made.model.listed):
        made.new.click()
    assert made.model.rowCount() > 3
    assert not made.new.isVisible()


def test_a_click_on_the_map_compares_from_there(
    qtbot: QtBot, page: Open, opened: MainWindow, library: FakeLibrary, items: list[Item]
) -> None:
    stretch = segment(2, 6, 1, 4.2)  # b is 1.25 × as fast
    library.give(items[8], items[9], match(stretch, relation=Relation.OVERLAP))
    made = page()
    view = made.pane.view
    shown = view.shown
    assert shown is not None
    drawn = RowPlan(view.visualRect(view.currentIndex()), alone=False).map_of(shown)
    spot = QPoint(round(drawn.x_of(0, 4)), round(drawn.bars[0].center().y()))
    qtbot.mouseMove(view.viewport(), spot)
    with qtbot.waitSignal(made.pane.compare_requested) as asked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert asked.args[1] == pytest.approx(4, abs=0.1)
    comparison = opened.comparison
    assert comparison is not None
    assert opened.on_comparison
    assert comparison.items is not None
    assert [item.name for item in comparison.items] == ["clip 8", "clip 9"]
    laid = comparison.engine.alignment
    assert laid.rate == pytest.approx(0.8)
    assert laid.offset + laid.rate * 4 == pytest.approx(stretch.time_in_b(4), abs=0.1)
    opened.show_browser()
    assert made.isVisible()  # back to where one was
    assert view.hasFocus()


def test_what_cannot_be_listed_is_said(
    qtbot: QtBot, give: Give, opened: MainWindow, library: FakeLibrary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    give(3)

    def fail(**_: object) -> list[FoundMatch]:
        raise UserError("The catalog cannot be read.")

    monkeypatch.setattr(library, "matches", fail)
    opened.desk.show_footage()
    blank = opened.desk.footage.blank
    qtbot.waitUntil(lambda: blank.isVisible() and blank.text == "The catalog cannot be read.")


def test_stretches_by_keys(
    qtbot: QtBot, page: Open, library: FakeLibrary, items: list[Item]
) -> None:
    found = match(segment(0, 2, 0, 2), segment(5, 9, 3, 7), relation=Relation.OVERLAP)
    library.give(items[8], items[9], found)
    made = page()
    view = made.pane.view
    key(qtbot, made, Qt.Key.Key_W)
    assert len(made.pane.why.strip.pairs) == 8
    key(qtbot, made, Qt.Key.Key_Right)
    key(qtbot, made, Qt.Key.Key_Right)
    assert view.stretch == 1
    assert {number for number, *_ in made.pane.why.strip.pairs} == {1}
    with qtbot.waitSignal(made.pane.compare_requested) as asked:
        key(qtbot, made, Qt.Key.Key_Return)
    assert asked.args[1] == 5
    made.window().show_browser()  # type: ignore[attr-defined]
    key(qtbot, made, Qt.Key.Key_W)
    assert not made.pane.why.isVisible()


def test_a_hundred_thousand_matches_are_as_quick_as_ten(
    qtbot: QtBot, page: Open, library: FakeLibrary, give: Give, items: list[Item],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The rows exist; only the pages in view are read."""
    first = give(200)
    monkeypatch.setattr(
        library, "match_counts", lambda: {(Relation.RE_ENCODE, Tier.CERTAIN): 100_000}
    )
    made = page()
    assert made.model is not None
    assert made.model.rowCount() == 100_000
    assert made._count.text() == "100,000"
    assert len(library.pages_read) == 1
    qtbot.waitUntil(lambda: made.pane.view.verticalScrollBar().maximum() > 10_000_000)
    assert made.model.shown(0).id == first[0].id  # type: ignore[union-attr]


def test_shared_segments_have_names_that_can_be_changed(
    qtbot: QtBot, page: Open, library: FakeLibrary, items: list[Item], opened: MainWindow
) -> None:
    library.give_family("Segment 1", items[:4])
    made = page()
    qtbot.waitUntil(lambda: made.families.model.rowCount() == 1)
    assert made.families_button.text() == "Shared segments  1"
    made.families_button.click()
    assert made.families.isVisible()
    assert made.families.members.rowCount() == 4
    view = made.families.list
    view.setFocus()
    view.edit(view.currentIndex())
    editor = view.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Opening titles")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: library.families()[0].name == "Opening titles")
    qtbot.waitUntil(lambda: view.currentIndex().data() == "Opening titles")
    made.families.member_list.setCurrentIndex(made.families.members.index(2))
    qtbot.waitUntil(lambda: opened.browser.inspector.name.text() == "clip 2")
    made.matches_button.click()
    assert made.blank.title == "No two items show the same footage"


def test_the_check_is_told_of_paused_and_begun_again(
    qtbot: QtBot, page: Open, library: FakeLibrary, opened: MainWindow, items: list[Item]
) -> None:
    library.state = replace(library.state, checked=4)
    made = page()
    qtbot.waitUntil(lambda: made.state.text() == "4 of 12 items compared")
    assert opened.activity.text == "Comparing footage: 4 of 12"
    assert made.blank.title == "Nothing found so far"
    made.pause.click()
    qtbot.waitUntil(lambda: made.pause.text() == "Resume")
    assert library.state.paused
    assert not opened.activity.isVisible()  # nobody is reminded of what they paused
    made.pause.click()
    qtbot.waitUntil(lambda: made.pause.text() == "Pause")
    assert opened.activity.isVisible()
    library.tell(replace(library.state, checked=12))
    qtbot.waitUntil(lambda: made.state.text() == "All 12 items compared")
    assert not made.pause.isVisible()
    assert not opened.activity.isVisible()
    made._rescan()
    qtbot.waitUntil(lambda: made.state.text() == "0 of 12 items compared")


def test_a_check_that_stops_disturbs_nobody_and_can_be_tried_again(
    qtbot: QtBot, page: Open, library: FakeLibrary, opened: MainWindow, items: list[Item]
) -> None:
    made = page()
    qtbot.waitUntil(lambda: library.checks == 1)
    library.broken = UserError("The disk is full.")
    qtbot.waitUntil(lambda: made.state.text() == "Comparing stopped: The disk is full.")
    assert not opened.toast.isVisible()
    library.broken = None
    made.pause.click()
    qtbot.waitUntil(lambda: library.checks == 2)
    qtbot.waitUntil(lambda: made.state.text() == "All 12 items compared")


def test_why_two_chosen_items_match_or_not(
    qtbot: QtBot, give: Give, opened: MainWindow, library: FakeLibrary, items: list[Item]
) -> None:
    steps = ("A has 40 pictures.", "No picture of A looks like one of B.")
    library.answer = Explanation(None, steps)
    opened.actions_by_id["select_all"].trigger()
    qtbot.waitUntil(lambda: opened.browser.selected_count() == 10)
    assert not opened.actions_by_id["explain"].isEnabled()
    opened.desk.explain(items[0], items[1])
    dialog = opened.findChild(ExplainDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.head.text() == "They do not match")
    assert dialog._steps_text == list(steps)
    assert not dialog.map.isVisible()
    dialog.reject()
    found: FoundMatch = give(1)[0]
    library.answer = Explanation(found.match, steps)
    opened.desk.explain(items[0], items[1])
    dialog = next(d for d in opened.findChildren(ExplainDialog) if d.isVisible())
    qtbot.waitUntil(lambda: dialog.head.text() == "They match")
    assert dialog.map.isVisible()
    with qtbot.waitSignal(dialog.compare_requested):
        dialog.side_by_side.click()
    assert opened.on_comparison
