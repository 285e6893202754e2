"""Remotes in the window: added, looked at, played, copied from and to, gone."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.interfaces.remotes.liars import Handler, lying
from tests.interfaces.server.serving import Running, serving
from tests.media import make
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk.records import BulkItem, BulkJob, Outcome
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import JobState, Query
from vidcache_gui.gui import icons
from vidcache_gui.gui.library.drag import FAR_MIME, ITEMS_MIME
from vidcache_gui.gui.library.sidebar import Place, Sidebar
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.remotes.dialog import RemoteDialog, name_of
from vidcache_gui.gui.remotes.model import FarModel
from vidcache_gui.gui.remotes.page import FarPage
from vidcache_gui.gui.remotes.room import RemotesRoom
from vidcache_gui.gui.remotes.standing import Reach
from vidcache_gui.gui.theme import Scheme
from vidcache_gui.interfaces.remotes import known
from vidcache_gui.interfaces.remotes.bulk import PULL, errand, register
from vidcache_gui.interfaces.remotes.patience import Patience

NOBODY = "http://127.0.0.1:9"  # a port on which nothing listens


class Walk:
    """A person at the window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot

    @property
    def room(self) -> RemotesRoom:
        room = self.window.furnish().remotes.room
        assert room is not None
        return room

    @property
    def page(self) -> FarPage:
        return self.room.page

    @property
    def sidebar(self) -> Sidebar:
        return self.window.browser.sidebar

    @property
    def model(self) -> FarModel:
        assert self.page.model is not None
        return self.page.model

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=30_000)

    def names(self) -> list[str]:
        return sorted(item.name for item in self.model.loaded_items(range(self.model.rowCount())))

    def know(self, name: str, address: str, token: str | None = None) -> None:
        known.add(name, address, token)
        roster = self.room.roster
        assert roster is not None
        roster.read()
        self.until(lambda: name in roster.remotes)

    def go_to(self, name: str) -> None:
        self.sidebar.show_place(Place("remote", remote=name))

    def look_at(self, name: str, address: str) -> None:
        self.know(name, address)
        self.go_to(name)
        self.until(lambda: self.model.is_whole)

    def select(self, *names: str) -> None:
        self.page.grid.clearSelection()
        for row in range(self.model.rowCount()):
            item = self.model.item(row)
            if item is not None and item.name in names:
                index = self.model.index(row, 0)
                mode = self.page.grid.selectionModel().SelectionFlag.Select
                self.page.grid.selectionModel().select(index, mode)
        assert len(self.page.selected()) == len(names)

    def ended(self, number: int = 1) -> BulkJob:
        """The copy made last, of so many, once it is over."""
        session = self.window.session
        assert session is not None
        over = (JobState.DONE, JobState.CANCELLED)
        jobs = session.library.bulk_jobs
        self.until(lambda: len(jobs()) == number and jobs()[0].state in over)
        return jobs()[0]

    def drop(self, place: Place, data: QMimeData) -> None:
        row = self.sidebar._rows[place]
        at = QPointF(self.sidebar.visualItemRect(row).center())
        copy = Qt.DropAction.CopyAction
        none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
        self.sidebar.dropEvent(QDropEvent(at, copy, data, left, none))


class Endless:
    """An action that goes on until it is stopped."""

    name = "wait"
    columns: ClassVar[dict[str, bool]] = {}

    def check(self, item: BulkItem) -> str:
        return "Wait"

    def run(self, item: BulkItem, stop: CancelToken, progress: Callable[[int], None]) -> Outcome:
        while True:
            stop.check()
            threading.Event().wait(0.01)


@pytest.fixture
def walk(window: MainWindow, library: Library, qtbot: QtBot) -> Walk:
    window.show_library(library)
    made = Walk(window, qtbot)
    made.until(lambda: window.furnish().remotes.room is not None)
    return made


def items(library: Library) -> dict[str, str]:
    return {item.name: item.bucket for item in library.page(Query(), None, 100)}


def test_a_remote_is_added_by_its_address_and_looked_at(walk: Walk, far: Running) -> None:
    walk.window.actions_by_id["add_remote"].trigger()
    dialog = walk.room.dialog
    assert isinstance(dialog, RemoteDialog)
    assert not dialog.keep.isEnabled()
    QTest.keyClicks(dialog.address, far.address.removeprefix("http://"))
    assert dialog.name.text() == "127.0.0.1"
    dialog.try_it()
    walk.until(lambda: "looked through, searched" in dialog.said.text())
    dialog.name.clear()
    QTest.keyClicks(dialog.name, "attic")
    dialog.keep.click()
    walk.until(lambda: walk.page.name == "attic" and walk.model.is_whole)
    assert known.find("attic").address == far.address
    assert walk.names() == ["clip 0.mp4", "clip 1.mp4", "clip 2.mp4", "walk"]
    walk.until(lambda: walk.page.count_text == "4 items")
    assert walk.window.actions_by_id["pull"].isEnabled()


def test_names_are_made_of_addresses_and_never_taken_twice() -> None:
    assert name_of("http://attic.example.org:8020") == "attic"
    assert name_of("http://192.168.1.20:8020", {"192.168.1.20"}) == "192.168.1.20-2"
    assert name_of("http://[::1]:8020") == "1"
    assert name_of("nonsense") == "remote"


def test_ctrl_f_finds_by_name_there_and_shows_everything_again(walk: Walk, far: Running) -> None:
    walk.look_at("attic", far.address)
    walk.window.actions_by_id["find"].trigger()
    walk.page.search.setText("clip 2")
    walk.until(lambda: walk.model.is_whole and walk.names() == ["clip 2.mp4"])
    walk.page.search.setText("nothing like it")
    walk.until(lambda: walk.page.is_blank)
    assert walk.page.blank.title == "Nothing is called “nothing like it”"
    walk.page._help.click()
    walk.until(lambda: walk.model.is_whole and len(walk.names()) == 4)


def test_a_bucket_is_chosen_where_there_are_several(walk: Walk, tmp_path: Path) -> None:
    with serving(tmp_path / "two") as two:
        for frames, bucket in enumerate(("films", "loops"), start=2):
            incoming = two.library.incoming()
            clip = make.make_gif(tmp_path / f"{bucket}.gif", frames=frames)
            incoming.write(clip.read_bytes())
            two.library.receive(incoming, f"app:{bucket}", f"{bucket}.gif", Target(bucket, ""))
        folder = tmp_path / "walk"
        folder.mkdir()
        make.picture(0, (64, 48)).save(folder / "frame_0.png")
        two.library.put_frames("loops", "walk", folder)
        walk.look_at("two", two.address)
        buckets = walk.page.buckets
        walk.until(buckets.isVisible)
        assert [buckets.itemText(at) for at in range(3)] == ["All buckets", "films", "loops"]
        buckets.setCurrentIndex(2)
        walk.until(lambda: walk.model.is_whole and walk.names() == ["loops.gif", "walk"])
        walk.page.search.setText("walk")
        walk.until(lambda: walk.model.is_whole and walk.names() == ["walk"])
        buckets.setCurrentIndex(1)
        walk.until(lambda: walk.page.is_blank)
        walk.page._help.click()
        walk.until(lambda: walk.model.is_whole and len(walk.names()) == 3)


def test_the_page_follows_the_theme_before_it_is_first_shown(walk: Walk) -> None:
    """Its icons were those of the other theme, and could hardly be seen."""
    walk.window.theme.choose(Scheme.DARK)
    (again,) = [
        tool for tool in walk.page.findChildren(QToolButton) if tool.toolTip().startswith("List")
    ]
    expected = icons.icon("retry", "muted").pixmap(16).toImage()
    assert again.icon().pixmap(16).toImage() == expected


def test_pictures_come_and_enter_plays_at_once(walk: Walk, far: Running) -> None:
    walk.look_at("attic", far.address)
    walk.until(lambda: walk.room._thumbnails is not None)
    thumbnails = walk.room._thumbnails
    assert thumbnails is not None
    walk.until(lambda: thumbnails.used_bytes > 0)
    row = next(far.item.id for far in map(walk.model.far, range(4)) if far and far.first)
    walk.page.grid.setCurrentIndex(walk.model.index(row, 0))
    QTest.keyClick(walk.page.grid, Qt.Key.Key_Return)
    walk.until(lambda: walk.window.player is not None and walk.window.on_player)
    player = walk.window.player
    assert player is not None
    walk.until(lambda: player.view.engine.footage is not None)
    player.view.engine.pause()
    player.view.engine.seek(7)
    walk.until(lambda: player.view.engine.picture() is not None)
    frame = player.view.engine.picture()
    assert frame is not None
    assert make.read_number(frame) == 7
    player.view.put_bookmark(3)
    assert "Copy it to the library" in player.view.controls.note.text()
    walk.window.show_browser()
    player.view.shut_down()
    assert walk.window.browser.on_page, "one is back where one was"


def test_what_is_dragged_onto_a_bucket_comes_into_the_library(
    walk: Walk, far: Running, library: Library
) -> None:
    walk.look_at("attic", far.address)
    walk.select("clip 1.mp4", "walk")
    data = walk.model.mimeData(walk.page.grid.selectionModel().selectedIndexes())
    assert data.hasFormat(FAR_MIME)
    walk.drop(Place("all"), data)
    job = walk.ended()
    assert job.succeeded == 2
    assert job.name == "2 items from attic"
    assert items(library) == {"clip 1.mp4": "videos", "walk": "videos"}
    walk.select("clip 1.mp4")
    walk.window.actions_by_id["pull"].trigger()
    assert walk.ended(2).skipped == 1


def test_items_dragged_onto_a_remote_are_sent_there(
    walk: Walk, library: Library, tmp_path: Path
) -> None:
    clip = make.make_gif(tmp_path / "mine.gif", frames=3)
    incoming = library.incoming()
    incoming.write(clip.read_bytes())
    library.receive(incoming, "app:mine", "mine.gif", Target("clips", ""))
    (mine,) = library.page(Query(), None, 10)
    with serving(tmp_path / "empty") as running:
        walk.look_at("empty", running.address)
        walk.until(lambda: walk.page.is_blank)
        assert walk.page.blank.title == "Nothing is on it yet"
        data = QMimeData()
        data.setData(ITEMS_MIME, str(mine.id).encode())
        walk.drop(Place("remote", remote="empty"), data)
        assert walk.ended().succeeded == 1
        assert running.library.content(mine.hash) is not None
        walk.room.look_again()
        walk.until(lambda: walk.model.is_whole and walk.names() == ["mine.gif"])


def test_one_that_does_not_answer_says_so_and_what_helps(walk: Walk, library: Library) -> None:
    walk.know("gone", NOBODY)
    walk.go_to("gone")
    roster = walk.room.roster
    assert roster is not None
    walk.until(lambda: roster.standing("gone").reach is Reach.OFFLINE)
    assert walk.page.is_blank
    assert walk.page.blank.title == "It does not answer"
    walk.room.remove("gone")
    assert walk.page.name == "gone", "first one is asked"
    roster.forget("gone")
    walk.until(lambda: walk.sidebar.place == Place("all") and not known.known())


def test_the_sidebar_says_quietly_who_is_not_there(walk: Walk, far: Running) -> None:
    walk.know("attic", far.address)
    walk.know("gone", NOBODY)
    rows = {name: walk.sidebar._rows[Place("remote", remote=name)] for name in ("attic", "gone")}
    said = Qt.ItemDataRole.UserRole + 1
    walk.until(lambda: rows["gone"].data(0, said) == "offline")
    assert "could not be reached" in rows["gone"].toolTip(0)
    walk.until(lambda: "played and copied" in rows["attic"].toolTip(0))
    assert rows["attic"].data(0, said) == ""


def test_a_wrong_token_is_told_apart_and_leads_to_the_settings(
    walk: Walk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(tmp_path / "shut", token="right") as running:
        walk.know("shut", running.address, "wrong-secret")
        walk.go_to("shut")
        walk.until(lambda: walk.page.is_blank)
        assert walk.page.blank.title == "It does not let us in"
        walk.page._help.click()
        dialog = walk.room.dialog
        assert dialog is not None
        dialog.token.setText("right")
        dialog.keep.click()
        walk.until(lambda: walk.page.blank.title == "Nothing is on it yet")
    assert "wrong-secret" not in caplog.text


def test_a_slow_one_holds_nobody_up(walk: Walk) -> None:
    def slowly(handler: Handler) -> None:
        handler.server.release.wait(60)

    with lying({"/openapi.json": slowly}) as liar:
        walk.know("slow", liar.address)
        walk.go_to("slow")
        walk.until(lambda: liar.asked("/openapi.json") > 0)
        assert walk.page.count_text == "Asking…"
        walk.sidebar.show_place(Place("all"))
        assert not walk.window.browser.on_page
        walk.window.close()


def test_a_copy_that_cannot_be_made_says_why_and_can_be_tried_again(
    walk: Walk, far: Running, library: Library
) -> None:
    walk.look_at("attic", far.address)
    walk.select("clip 0.mp4")
    session = walk.window.session
    assert session is not None
    session._know_remotes()
    assert session._connections is not None
    session._connections.patience = Patience(attempts=1)
    known.add("attic", NOBODY)
    walk.room.pull()
    job = walk.ended()
    assert job.failed == 1
    (result,) = library.bulk_results(job.name)
    assert result.label == "clip 0.mp4"
    assert "127.0.0.1:9" in (result.reason or "")
    known.add("attic", far.address)
    session.retry(-job.id)
    walk.until(lambda: library.bulk_job(job.name).succeeded == 1)
    assert "clip 0.mp4" in items(library)


def test_a_copy_under_way_goes_on_when_the_library_is_opened_again(
    window: MainWindow, library: Library, far: Running, qtbot: QtBot
) -> None:
    """It was asked for, and the program ended before it was done."""
    known.add("attic", far.address)
    register(library)
    (file,) = [one for one in far.library.page(Query(), None, 10) if one.name == "clip 2.mp4"]
    copy = errand(library, PULL, file.name, file.size, remote="attic", item=file.hash)
    library.add_to_bulk("“clip 2.mp4” from attic", [copy])
    window.show_library(library)
    qtbot.waitUntil(lambda: "clip 2.mp4" in items(library), timeout=10_000)


def test_a_paused_copy_lets_those_behind_it_go_on(
    walk: Walk, far: Running, library: Library
) -> None:
    walk.look_at("attic", far.address)
    walk.select("clip 2.mp4")
    session = walk.window.session
    assert session is not None
    library.register_bulk_action(Endless())
    first, _ = library.add_to_bulk("first", [library.bulk_item("wait")])
    walk.until(lambda: library.bulk_job("first").state is JobState.RUNNING)
    library.pause_bulk("first")
    walk.room.pull()
    assert walk.ended(2).succeeded == 1
    assert library.bulk_job("first").state is JobState.PAUSED
    session.cancel(-first.id)
    walk.until(lambda: library.bulk_job("first").state is JobState.CANCELLED)
