"""The dialog that synchronises: compare, look, do, stop."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.core.sync.libraries import put as put_ball
from tests.interfaces.remotes.liars import running
from tests.interfaces.remotes.strangers import Peer
from tests.interfaces.sync.strange import store
from vidcache_gui.core.library import Library
from vidcache_gui.core.sync.merge import DISABLED
from vidcache_gui.core.sync.records import Way
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.sync import phrases
from vidcache_gui.gui.sync.dialog import SyncDialog
from vidcache_gui.gui.sync.plan_model import ACT, WHAT, WHY
from vidcache_gui.interfaces.sync.verdict import REPLACED


def put(library: Library, key: str, data: bytes, ball_id: str = "clip", **tags: str) -> None:
    put_ball(library, key, data, ball_id, frame_number=key.rpartition("_")[2], **tags)


@pytest.fixture
def dialog(window: MainWindow, library: Library, qtbot: QtBot) -> SyncDialog:
    window.show_library(library)
    window.actions_by_id["synchronise"].trigger()
    found = window.findChild(SyncDialog)
    assert isinstance(found, SyncDialog)
    qtbot.waitUntil(found.isVisible)
    return found


def column(dialog: SyncDialog, at: int) -> list[str]:
    model = dialog.model
    return [model.data(model.index(row, at)) for row in range(model.rowCount())]


def test_compare_look_and_do(
    dialog: SyncDialog, library: Library, qtbot: QtBot, tmp_path: Path
) -> None:
    with Library.open(tmp_path / "backup") as other:
        put(other, "there_0", b"only there", "there")
    for number in range(3):
        put(library, f"clip_{number}", b"frame %d" % number)
    assert not dialog.compare_button.isEnabled()
    assert dialog.table.horizontalHeader().isHidden()
    dialog.form.other.setCurrentText(str(tmp_path / "backup"))
    with qtbot.waitSignal(dialog.run.compared):
        qtbot.keyClick(dialog.form.other, Qt.Key.Key_Return)
    assert "videos/clip: 3 frames" in column(dialog, WHAT)
    assert set(column(dialog, ACT)) == {"Copy"}
    assert dialog.start_button.hasFocus()
    dialog.form.way.choose(Way.TO)  # another choice: what is listed no longer holds
    assert dialog.said.text() == phrases.AGAIN
    assert not dialog.start_button.isEnabled()
    dialog.form.way.choose(Way.BOTH)
    with qtbot.waitSignal(dialog.run.compared):
        dialog.compare()
    with qtbot.waitSignal(dialog.run.finished):
        qtbot.keyClick(dialog.start_button, Qt.Key.Key_Return)
    assert dialog.said.property("good")
    with Library.open(tmp_path / "backup") as other:
        assert len(other.group("videos", "clip")) == 3
    assert len(library.group("videos", "there")) == 1
    with qtbot.waitSignal(dialog.run.compared):
        dialog.compare()
    assert dialog.said.text() == phrases.ALIKE
    put(library, "only_0", b"only here", "only")
    dialog.form.way.choose(Way.FROM)  # says nothing of what is only here
    with qtbot.waitSignal(dialog.run.compared):
        dialog.compare()
    assert dialog.said.text() == phrases.ALIKE_FROM
    dialog.reject()


def test_a_mirror_needs_a_direction_and_says_what_goes(
    dialog: SyncDialog, library: Library, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    shutil.copy(Path(__file__), tmp_path / "folder" / "notes.py")
    assert not dialog.form.mirror.isEnabled()
    dialog.form.way.choose(Way.TO)
    dialog.form.mirror.setChecked(True)
    dialog.form.other.setCurrentText(str(tmp_path / "folder"))
    with qtbot.waitSignal(dialog.run.compared):
        dialog.compare()
    assert column(dialog, ACT) == ["Move to trash"]
    assert column(dialog, WHAT) == ["notes.py"]
    assert dialog.said.property("warn")
    assert "1 to the trash" in dialog.said.text()
    assert dialog.start_button.text() == "Synchronise, trash 1"
    assert dialog.table.hasFocus()
    assert not dialog.start_button.isDefault()  # Enter only compares again
    dialog.reject()
    assert (tmp_path / "folder" / "notes.py").exists()


def test_a_server_that_is_not_ours(dialog: SyncDialog, library: Library, qtbot: QtBot) -> None:
    peer = Peer()
    for number in range(3):
        put(library, f"clip_{number}", b"%d" % number, updated_at="1800000000")
    store(peer, "other_0", b"old", ball_id="other", is_disabled=True)
    store(peer, "clip_0", b"0", tags={"frame_number": "9"})
    store(peer, "clip_1", b"older")
    store(peer, "clip_2", b"2", tags={"frame_number": "2"}, is_disabled=True)
    with running(peer):
        dialog.form.other.setCurrentText(peer.address)
        with qtbot.waitSignal(dialog.run.compared):
            dialog.compare()
        rows = list(zip(*(column(dialog, at) for at in (ACT, WHAT, WHY)), strict=True))
        assert rows == [
            ("Replace", "videos/clip_1", REPLACED),
            ("Change details", "videos/clip_2", DISABLED),
            ("Change details", "videos/clip_0", ""),
            ("Leave as it is", "videos/other_0", DISABLED),
        ]
        with qtbot.waitSignal(dialog.run.finished):
            dialog.start()
        assert dialog.said.property("good")
        with qtbot.waitSignal(dialog.run.compared):
            dialog.compare()
        assert column(dialog, ACT) == ["Leave as it is"]
    dialog.reject()


def test_what_cannot_be_reached_is_told(dialog: SyncDialog, qtbot: QtBot, tmp_path: Path) -> None:
    dialog.form.other.setCurrentText(str(tmp_path / "nowhere"))
    with qtbot.waitSignal(dialog.run.failed):
        dialog.compare()
    assert "There is no folder" in dialog.said.text()
    assert dialog.said.property("danger")
    dialog.reject()


def test_stopping_and_failures(
    dialog: SyncDialog,
    library: Library,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    put(library, "clip_0", b"frame")
    blob = library.blob_path(library.group("videos", "clip")[0].hash)
    blob.chmod(0o644)
    blob.write_bytes(b"other")
    Library.open(tmp_path / "backup").close()
    dialog.form.other.setCurrentText(str(tmp_path / "backup"))
    with qtbot.waitSignal(dialog.run.compared):
        dialog.compare()
    with qtbot.waitSignal(dialog.run.finished):
        dialog.start()
    assert dialog.said.text().startswith("0 of 2 steps done")
    assert "Compare again" in dialog.said.text()
    assert any("another one" in why for why in column(dialog, WHY))
    with qtbot.waitSignal(dialog.run.stopped):
        dialog.compare()
        dialog.reject()  # stops; the dialog stays
    assert dialog.isVisible()
    assert dialog.said.text() == phrases.STOPPED
    dialog.reject()
    assert not dialog.isVisible()
