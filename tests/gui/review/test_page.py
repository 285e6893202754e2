"""Deciding by keys: what is shown next, what is written down, and taking it back."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.gui.compare.stage import Mode
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.review.cautions import CautionDialog
from vidcache_gui.gui.review.decision_bar import Act
from vidcache_gui.gui.review.desk import ReviewDesk
from vidcache_gui.gui.review.review_page import ReviewPage
from vidcache_gui.gui.settings import Settings

Key = Qt.Key
Press = Callable[..., None]


def trashed(library: Library) -> set[str]:
    return {item.name for item in library.page(Query(trash=True))}


def choose(desk: ReviewDesk, press: Press, count: int) -> None:
    """By keys, to the first group of so many items."""
    for key in (Key.Key_Up, Key.Key_Down):
        for _ in range(desk.model.rowCount()):
            if len(names(desk)) != count:
                press(key, Qt.KeyboardModifier.ControlModifier)
    assert len(names(desk)) == count


def names(desk: ReviewDesk) -> tuple[str, ...]:
    """Of the group that is shown."""
    assert desk._group is not None
    return tuple(item.name for item in desk._group.items)


def test_the_first_pair_is_shown_and_told_of(page: ReviewPage, desk: ReviewDesk) -> None:
    assert desk.model.rowCount() == 2
    assert page.count.text() == "0 of 2 decided"
    assert len(names(desk)) in (2, 3)
    assert page.bar.outcome.text().startswith("Keep A: ")
    assert page.compare.items is not None
    assert [item.name for item in page.compare.items] == list(names(desk)[:2])
    said = desk.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert names(desk)[0] in said


def test_keep_a_moves_b_to_the_trash_and_undo_brings_it_back(
    qtbot: QtBot, window: MainWindow, library: Library, page: ReviewPage, desk: ReviewDesk,
    press: Press,
) -> None:  # fmt: skip
    keep, gone = names(desk)[:2]
    press(Key.Key_1)
    qtbot.waitUntil(lambda: trashed(library) == {gone}, timeout=10_000)
    qtbot.waitUntil(lambda: gone not in names(desk))
    undo = window.actions_by_id["undo"]
    qtbot.waitUntil(lambda: undo.isEnabled() and "Keep" in undo.text(), timeout=10_000)
    undo.trigger()
    qtbot.waitUntil(lambda: trashed(library) == set(), timeout=10_000)
    qtbot.waitUntil(lambda: desk.model.decided() == [], timeout=10_000)
    assert keep


def test_a_group_is_decided_item_by_item_and_stays_in_its_place(
    qtbot: QtBot, library: Library, page: ReviewPage, desk: ReviewDesk, press: Press
) -> None:
    choose(desk, press, 3)
    row, first = page.queue.currentIndex().row(), names(desk)
    press(Key.Key_4)
    assert names(desk) == (first[0], first[2])
    assert page.queue.currentIndex().row() == row
    press(Key.Key_3)
    assert page.queue.currentIndex().row() != row
    assert desk.model.row(row).said == "Both kept"  # type: ignore[union-attr]
    assert desk.model.rowCount() == 2
    qtbot.waitUntil(lambda: len(library.decisions()) == 2, timeout=10_000)
    said = {one.verdict for one in library.decisions()}
    assert said == {Verdict.NOT_A_MATCH, Verdict.KEEP_BOTH}
    qtbot.waitUntil(lambda: page.count.text() == "1 of 2 decided", timeout=10_000)


def test_everything_decided_leaves_a_page_that_says_so(
    qtbot: QtBot, window: MainWindow, library: Library, page: ReviewPage, desk: ReviewDesk,
    press: Press,
) -> None:  # fmt: skip
    for _ in range(3):
        press(Key.Key_4)
    assert page.blank.isVisible()
    assert page.blank.title == "Nothing is left to decide"
    qtbot.waitUntil(lambda: len(library.decisions()) == 3, timeout=10_000)
    qtbot.waitUntil(lambda: "Not a match" in window.actions_by_id["undo"].text())
    window.actions_by_id["undo"].trigger()
    qtbot.waitUntil(page.pair.isVisible, timeout=10_000)
    assert len(desk.model.decided()) == 1


def test_with_shift_it_is_said_of_the_whole_group(
    qtbot: QtBot, window: MainWindow, library: Library, page: ReviewPage, desk: ReviewDesk,
    press: Press,
) -> None:  # fmt: skip
    choose(desk, press, 3)
    press(Key.Key_4, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(library.decisions()) == 2, timeout=10_000)
    assert len(names(desk)) == 2, "the next group is shown"
    qtbot.waitUntil(lambda: page.count.text() == "1 of 2 decided", timeout=10_000)
    assert "and 2 others" in library.history()[0].label
    qtbot.waitUntil(lambda: "Not a match" in window.actions_by_id["undo"].text())
    window.actions_by_id["undo"].trigger()
    qtbot.waitUntil(lambda: library.decisions() == [], timeout=10_000)


def test_only_a_keeps_one_of_a_whole_group(
    qtbot: QtBot, library: Library, page: ReviewPage, desk: ReviewDesk, press: Press
) -> None:
    choose(desk, press, 3)
    qtbot.waitUntil(lambda: page.bar.plan(Act.KEEP_A_ALONE) is not None, timeout=10_000)
    keep, *others = names(desk)
    press(Key.Key_1, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: trashed(library) == set(others), timeout=10_000)
    assert keep not in others


def test_the_last_copy_of_some_seconds_is_asked_about(
    qtbot: QtBot, library: Library, page: ReviewPage, desk: ReviewDesk, press: Press
) -> None:
    press(Key.Key_2)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CautionDialog)
    dialog.reject()
    assert trashed(library) == set()
    whole = names(desk)[0]
    press(Key.Key_2)
    again = QApplication.activeModalWidget()
    assert isinstance(again, CautionDialog)
    again.go_on.click()
    qtbot.waitUntil(lambda: trashed(library) == {whole}, timeout=10_000)


def test_skip_and_link(
    qtbot: QtBot, library: Library, page: ReviewPage, desk: ReviewDesk, press: Press
) -> None:
    choose(desk, press, 2)
    assert page.bar.buttons[Act.LINK].isEnabled()
    press(Key.Key_5)
    qtbot.waitUntil(lambda: len(library.decisions()) == 1, timeout=10_000)
    assert library.decisions()[0].verdict is Verdict.LINKED
    press(Key.Key_S)
    qtbot.waitUntil(lambda: library.review_progress().skipped == 1, timeout=10_000)
    assert {desk.model.row(row).said for row in (0, 1)} == {"Linked", "Skipped"}  # type: ignore[union-attr]


def test_members_and_groups_by_keys(page: ReviewPage, desk: ReviewDesk, press: Press) -> None:
    choose(desk, press, 3)
    assert page.members.isVisible()
    press(Key.Key_X)
    assert page.compare.items is not None
    assert page.compare.items[1].name == names(desk)[2]
    press(Key.Key_X)
    assert page.compare.items[1].name == names(desk)[1]


def test_a_filter_that_lets_nothing_through_says_so(
    qtbot: QtBot, page: ReviewPage, desk: ReviewDesk
) -> None:
    page.filters.text.setText("nothing-is-called-so")
    page.filters.text.returnPressed.emit()
    qtbot.waitUntil(page.blank.isVisible, timeout=10_000)
    assert page.blank.title == "Nothing of this kind is left to decide"
    page.filters.text.clear()
    qtbot.waitUntil(page.pair.isVisible, timeout=10_000)


def test_escape_leaves_and_the_sidebar_comes_back(
    qtbot: QtBot, window: MainWindow, page: ReviewPage, press: Press
) -> None:
    press(Key.Key_Escape)
    assert window.on_browser
    window.browser.sidebar.show_place(Place("review"))
    qtbot.waitUntil(lambda: window.reviewing.is_shown)
    window.actions_by_id["back"].trigger()
    assert window.on_browser
    assert window.browser.sidebar.place == Place("footage")


def from_menu(page: ReviewPage, text: str) -> None:
    next(action for action in page.actions() if action.text() == text).trigger()


def test_what_is_taken_over_can_be_changed(
    qtbot: QtBot, library: Library, page: ReviewPage
) -> None:
    from_menu(page, "What is taken over…")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=10_000)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    dialog.form.tags.setChecked(False)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not library.merge_rules().tags, timeout=10_000)
    dialog.buckets.item(0).setCheckState(Qt.CheckState.Checked)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: library.protected_buckets() == ["videos"], timeout=10_000)
    qtbot.waitUntil(lambda: bool(page.bar.plan(Act.KEEP_A).blocking), timeout=10_000)  # type: ignore[union-attr]
    dialog.accept()


def test_any_decision_is_taken_back_from_the_list(
    qtbot: QtBot, library: Library, page: ReviewPage, press: Press
) -> None:
    press(Key.Key_4)
    press(Key.Key_3)
    qtbot.waitUntil(lambda: len(library.decisions()) == 2, timeout=10_000)
    from_menu(page, "Decisions…")
    dialog = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: dialog.list.count() >= 2, timeout=10_000)  # type: ignore[union-attr]
    dialog.list.setCurrentRow(1)  # type: ignore[union-attr]
    dialog.change.click()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: len(library.decisions()) == 1, timeout=10_000)
    assert library.decisions()[0].verdict is Verdict.KEEP_BOTH
    dialog.accept()  # type: ignore[union-attr]


def test_why_they_match_is_told(qtbot: QtBot, page: ReviewPage) -> None:
    from_menu(page, "Why do these match?")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    dialog.reject()


def test_pairs_are_looked_at_as_the_last_time(
    page: ReviewPage, press: Press, settings: Settings
) -> None:
    press(Qt.Key.Key_D)
    assert page.compare.canvas.mode is Mode.DIFFERENCE
    press(Qt.Key.Key_O)
    assert page.compare.canvas.mode is Mode.A
    later = CompareView(embedded=True)
    later.follow(settings)
    assert later.canvas.mode is Mode.DIFFERENCE
    later.shut_down()
    later.deleteLater()
