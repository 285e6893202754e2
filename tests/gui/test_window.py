"""The window over a real library: doing, undoing, searching, dropping, leaving."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Bookmark, JobState
from vidcache_gui.gui.actions import SPECS
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.settings import Settings

Fill = Callable[..., list[int]]


def opened(qtbot: Any, window: MainWindow, library: Library) -> None:
    window.show_library(library)
    qtbot.waitUntil(lambda: window.browser.model is not None and window.browser.model.is_listed)


def count(window: MainWindow) -> int:
    return window.browser.model.rowCount() if window.browser.model is not None else -1


def select(window: MainWindow, *rows: int) -> None:
    grid, model = window.browser.grid, window.browser.model
    assert model is not None
    grid.clearSelection()
    flags = grid.selectionModel().SelectionFlag
    for row in rows:
        grid.selectionModel().setCurrentIndex(model.index(row, 0), flags.Select | flags.Rows)


def trigger(qtbot: Any, window: MainWindow, name: str) -> None:
    action = window.actions_by_id[name]
    qtbot.waitUntil(action.isEnabled)
    action.trigger()


def test_first_paint_comes_before_the_furniture(qtbot: Any, window: MainWindow) -> None:
    with qtbot.waitSignal(window.first_painted):
        assert window._furniture is None
    assert window.pages.currentWidget() is window.welcome


def test_remove_undo_redo_restore(
    qtbot: Any, window: MainWindow, library: Library, fill: Fill
) -> None:
    fill(12)
    opened(qtbot, window, library)
    select(window, 1, 2, 3)
    trigger(qtbot, window, "remove")
    qtbot.waitUntil(lambda: count(window) == 9)
    qtbot.waitUntil(lambda: window.toast.text == "Moved 3 items to the trash")
    qtbot.waitUntil(lambda: window.actions_by_id["undo"].text() == "Undo Remove 3 items")
    trigger(qtbot, window, "undo")
    qtbot.waitUntil(lambda: count(window) == 12)
    qtbot.waitUntil(lambda: window.actions_by_id["redo"].text() == "Redo Remove 3 items")
    trigger(qtbot, window, "redo")
    qtbot.waitUntil(lambda: count(window) == 9)
    window.browser.sidebar.show_place(Place("trash"))
    qtbot.waitUntil(lambda: window.browser.query.trash and count(window) == 3)
    window.browser.grid.selectAll()
    trigger(qtbot, window, "restore")
    qtbot.waitUntil(lambda: count(window) == 0)
    assert window.browser.empty.title == "The trash is empty"
    assert library.stats().items == 12


def test_emptying_the_trash_asks_and_says_how_much(
    qtbot: Any, window: MainWindow, library: Library, fill: Fill
) -> None:
    library.remove(fill(3))
    opened(qtbot, window, library)
    window.browser.sidebar.show_place(Place("trash"))
    qtbot.waitUntil(lambda: count(window) == 3)
    trigger(qtbot, window, "empty_trash")
    qtbot.waitUntil(lambda: bool(window.findChildren(QDialog)))
    dialog = window.findChildren(QDialog)[0]
    words = " ".join(
        label.text() for label in dialog.findChildren(QWidget) if hasattr(label, "text")
    )
    assert "Delete 3 items for good?" in words
    assert "3.0 kB" in words
    dialog.accept()
    qtbot.waitUntil(lambda: library.stats().trashed == 0)
    qtbot.waitUntil(lambda: count(window) == 0)


def test_rename_in_the_inspector(
    qtbot: Any, window: MainWindow, library: Library, fill: Fill
) -> None:
    fill(3)
    opened(qtbot, window, library)
    select(window, 0)
    qtbot.waitUntil(lambda: window.browser.inspector.name.text() == "clip 2")
    trigger(qtbot, window, "rename")
    QTest.keyClicks(window.browser.inspector.name, "Evening")
    QTest.keyClick(window.browser.inspector.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.browser.model.item(0).name == "Evening")  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "Evening" in window.toast.text)


def test_tags_go_on_and_off(qtbot: Any, window: MainWindow, library: Library, fill: Fill) -> None:
    ids = fill(3)
    opened(qtbot, window, library)
    select(window, 0, 1)
    editor = window.browser.inspector.several_tags
    qtbot.waitUntil(editor.isVisible)
    editor.tag_added.emit("cats")
    qtbot.waitUntil(lambda: library.tags() == [("cats", 2)])
    qtbot.waitUntil(lambda: editor._tags == ("cats",))
    qtbot.waitUntil(lambda: Place("tag", tag="cats") in window.browser.sidebar._rows)
    editor.tag_removed.emit("cats")
    qtbot.waitUntil(lambda: library.tags() == [])
    assert library.items(ids)[0].tags == ()


def test_searching_while_typing(
    qtbot: Any, window: MainWindow, library: Library, fill: Fill
) -> None:
    fill(25)
    opened(qtbot, window, library)
    trigger(qtbot, window, "find")
    QTest.keyClicks(window.bar.search, "bucket:films longer:20")
    qtbot.waitUntil(lambda: count(window) == 2)
    QTest.keyClick(window.bar.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: count(window) == 25)
    QTest.keyClicks(window.bar.search, "zzz")
    qtbot.waitUntil(lambda: window.browser.empty.title == "Nothing matches “zzz”")


def test_both_shapes_show_the_same_selection(
    qtbot: Any, window: MainWindow, library: Library, fill: Fill
) -> None:
    fill(10)
    opened(qtbot, window, library)
    select(window, 2, 4)
    trigger(qtbot, window, "view_list")
    table = window.browser.table
    assert table.isVisible()
    assert sorted({index.row() for index in table.selectedIndexes()}) == [2, 4]
    with qtbot.waitSignal(window.browser.opened) as seen:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert seen.args[0].name == window.browser.model.item(4).name  # type: ignore[union-attr]


def test_moving_items_to_a_bucket_updates_the_sidebar(
    qtbot: Any, window: MainWindow, library: Library, fill: Fill
) -> None:
    ids = fill(4)
    opened(qtbot, window, library)
    window.browser.sidebar.items_dropped.emit(ids[:2], Place("bucket", "keep", "best"))
    qtbot.waitUntil(lambda: Place("bucket", "keep", "best") in window.browser.sidebar._rows)
    window.browser.sidebar.show_place(Place("bucket", "keep"))
    qtbot.waitUntil(lambda: count(window) == 2)


def test_a_change_by_another_program_shows_up(
    qtbot: Any, window: MainWindow, library: Library, fill: Fill
) -> None:
    fill(5)
    opened(qtbot, window, library)
    with Library.open(library.path) as other:
        other.remove([other.page(window.browser.query)[0].id])
    qtbot.waitUntil(lambda: count(window) == 4)


def test_a_drop_says_what_it_will_do_and_does_it(
    qtbot: Any, window: MainWindow, library: Library, tmp_path: Path
) -> None:
    opened(qtbot, window, library)
    folder = make.make_frames(tmp_path / "shots", 12)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    assert window.drop.overlay.isVisible()
    qtbot.waitUntil(lambda: window.drop.overlay.text == "Add 12 frames as one sequence to videos")
    drop = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, drop)
    assert drop.dropAction() == Qt.DropAction.CopyAction
    assert not window.drop.overlay.isVisible()
    qtbot.waitUntil(lambda: count(window) == 1, timeout=30_000)
    item = window.browser.model.item(0)  # type: ignore[union-attr]
    assert item is not None
    assert item.frame_count == 12
    qtbot.waitUntil(lambda: window.activity.text == "shots: 1 new", timeout=10_000)
    trigger(qtbot, window, "activity")
    assert window.panel is not None
    qtbot.waitUntil(lambda: window.panel.results.rowCount() == 1)  # type: ignore[union-attr]
    assert library.jobs()[0].state is JobState.DONE


def test_a_drag_that_leaves_leaves_nothing(
    qtbot: Any, window: MainWindow, library: Library, tmp_path: Path
) -> None:
    opened(qtbot, window, library)
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.webm")])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, enter)
    qtbot.waitUntil(lambda: window.drop.overlay.text == "Add 1 link to videos")
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.drop.overlay.isVisible()
    assert library.jobs() == []


def test_playing_and_coming_back(
    qtbot: Any, window: MainWindow, library: Library, tmp_path: Path
) -> None:
    clip = make.make_gif(tmp_path / "loop.gif", frames=4)
    list(library.ingest([clip]))
    opened(qtbot, window, library)
    QTest.keyClick(window.browser.grid, Qt.Key.Key_Right)
    QTest.keyClick(window.browser.grid, Qt.Key.Key_Return)
    assert window.on_player
    assert not window.actions_by_id["remove"].isEnabled()
    with qtbot.waitSignal(window.player.closed):  # type: ignore[union-attr]
        window.player.view.close_requested.emit()  # type: ignore[union-attr]
    assert window.on_browser
    assert window.browser.grid.hasFocus()


def test_what_is_noted_while_playing_is_kept_and_can_be_undone_there(
    qtbot: Any, window: MainWindow, library: Library, tmp_path: Path
) -> None:
    clip = make.make_gif(tmp_path / "loop.gif", frames=4)
    list(library.ingest([clip]))
    opened(qtbot, window, library)
    item = library.find("loop.gif")
    window.play(item)
    page = window.player
    assert page is not None
    view = page.view
    qtbot.waitUntil(lambda: view.engine.count == 4, timeout=20_000)
    view.engine.pause()
    view.engine.seek(2)
    QTest.keyClicks(view.canvas, "b")
    assert view.bookmarks.frames == [2]
    view.edit_delays({2: 250.0})
    qtbot.waitUntil(lambda: library.delays(item.id) == {2: 250}, timeout=20_000)
    assert library.bookmarks(item.id) == [Bookmark(2)]
    undo = window.actions_by_id["undo"]
    qtbot.waitUntil(lambda: undo.text() == "Undo Change delays", timeout=20_000)
    QTest.keyClick(view.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "*" not in view.controls.frame_delay.text, timeout=20_000)
    qtbot.waitUntil(lambda: undo.text() == "Undo Bookmark frame 2", timeout=20_000)
    QTest.keyClick(view.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: view.bookmarks.frames == [], timeout=20_000)
    assert library.bookmarks(item.id) == []
    window.show_browser()


def test_opening_what_is_no_library_says_so(qtbot: Any, window: MainWindow, tmp_path: Path) -> None:
    with qtbot.waitSignal(window.library_failed) as seen:
        window.open_library(tmp_path / "nothing here")
    assert "no VidCache library" in seen.args[0]
    assert window.pages.currentWidget() is window.welcome


def test_a_second_window_is_refused_politely(
    qtbot: Any, window: MainWindow, tmp_path: Path
) -> None:
    with (
        Library.open(tmp_path / "shared", gui=True),
        qtbot.waitSignal(window.library_failed) as seen,
    ):
        window.open_library(tmp_path / "shared")
    assert seen.args[0]


def test_another_library_can_be_opened(
    qtbot: Any, window: MainWindow, library: Library, fill: Fill, tmp_path: Path
) -> None:
    fill(5)
    opened(qtbot, window, library)
    with qtbot.waitSignal(window.library_opened):
        window.open_library(tmp_path / "Other", create=True)
    qtbot.waitUntil(lambda: count(window) == 0 and window.browser.model.is_listed)  # type: ignore[union-attr]
    assert window.windowTitle().startswith("Other")
    assert window.settings.recent_libraries[0].name == "Other"


def test_geometry_and_choices_come_back(
    qtbot: Any, app: QApplication, window: MainWindow, settings: Settings, library: Library
) -> None:
    opened(qtbot, window, library)
    trigger(qtbot, window, "view_list")
    window.browser.grid.set_cell_size(260)
    window.actions_by_id["inspector"].setChecked(False)
    qtbot.waitUntil(lambda: window.minimumSizeHint().width() < 790)
    window.resize(790, 600)  # the offscreen screen is 800 × 800, and windows come back inside
    window.close()
    again = MainWindow(settings, window.theme)
    assert again.browser.mode == "list"
    assert again.browser.grid.cell_size == 260
    assert not again.actions_by_id["inspector"].isChecked()
    assert again.size() == window.size()
    again.close()
    again.deleteLater()


def test_every_focusable_widget_has_a_name(
    qtbot: Any, window: MainWindow, library: Library, fill: Fill
) -> None:
    fill(3)
    opened(qtbot, window, library)
    select(window, 0)
    trigger(qtbot, window, "activity")
    qtbot.waitUntil(lambda: window.browser.inspector.name.isVisible())
    nameless = [
        f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.objectName().startswith("qt_")
        and not (widget.accessibleName() or (hasattr(widget, "text") and widget.text()))
    ]
    assert not nameless


def test_tab_reaches_every_pane(
    qtbot: Any, window: MainWindow, library: Library, fill: Fill
) -> None:
    fill(3)
    opened(qtbot, window, library)
    window.activateWindow()
    window.browser.grid.setFocus()
    seen = set()
    for _ in range(60):
        widget = QApplication.focusWidget()
        seen.add(type(widget).__name__)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert {"GridView", "Sidebar", "SearchBar", "QComboBox", "QToolButton"} <= seen


def test_no_two_actions_share_a_key() -> None:
    keys = [key for spec in SPECS for key in spec.keys]
    assert len(keys) == len(set(keys))


def test_exporting_names_what_failed(
    qtbot: Any, window: MainWindow, library: Library, tmp_path: Path
) -> None:
    clips = [make.make_gif(tmp_path / f"{name}.gif", frames=n) for n, name in ((3, "a"), (4, "b"))]
    list(library.ingest(clips))
    opened(qtbot, window, library)
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.gif").write_bytes(b"something of somebody's")
    model = window.browser.model
    assert model is not None
    assert window.session is not None
    window.session.export(model.loaded_items(range(2)), str(out))
    qtbot.waitUntil(lambda: "Exported" in window.toast.text)
    assert (out / "b.gif").read_bytes() == clips[1].read_bytes()
    assert (out / "a.gif").read_bytes() == b"something of somebody's"
