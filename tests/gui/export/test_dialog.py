"""The export dialog over a real library: choosing, running, stopping, failing, finding again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item, Query, SourceResult
from vidcache_gui.gui.background import Background
from vidcache_gui.gui.export.dialog import ExportDialog
from vidcache_gui.gui.export.form import ExportForm
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.session import Session
from vidcache_gui.gui.settings import Settings
from vidcache_gui.media.exporting.choices import Choices, Format, Order
from vidcache_gui.media.types import Kind


@pytest.fixture
def item(library: Library, tmp_path: Path) -> Item:
    clip = make.make_video(tmp_path / "clip.mp4", frames=48)
    return brought_in(library, clip)


def brought_in(library: Library, path: Path) -> Item:
    (result,) = [r for r in library.ingest([path]) if isinstance(r, SourceResult)]
    assert result.item_id is not None
    return library.items([result.item_id])[0]


@pytest.fixture
def session(app: QApplication, library: Library) -> Iterator[Session]:
    made = Session(library, Background())
    yield made
    made.close()


@pytest.fixture
def dialog(
    qtbot: Any, session: Session, item: Item, settings: Settings, tmp_path: Path
) -> Iterator[ExportDialog]:
    settings.export = {"folder": str(tmp_path)}
    made = opened(qtbot, session, item, settings, 10, 20)
    yield made
    if made.run.running:
        with qtbot.waitSignals([made.run.stopped, made.run.finished, made.run.failed], False):
            made.reject()
    put_away(made)


def opened(
    qtbot: Any, session: Session, item: Item, settings: Settings, first: int | None = None,
    last: int | None = None,
) -> ExportDialog:  # fmt: skip
    made = ExportDialog(session, item, (first, last), settings)
    with qtbot.waitSignal(made.filled):
        made.open()
    return made


def put_away(made: ExportDialog) -> None:
    made.done(0)
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def form_of(dialog: ExportDialog) -> ExportForm:
    assert dialog.form is not None
    return dialog.form


def write(qtbot: Any, dialog: ExportDialog) -> None:
    with qtbot.waitSignal(dialog.run.finished, timeout=30_000):
        QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)


def test_it_offers_what_is_marked_and_says_what_it_comes_to(dialog: ExportDialog) -> None:
    form = form_of(dialog)
    assert form.choices() == Choices(10, 20)
    assert form.format is Format.MP4
    assert dialog.estimate.text() == "11 frames · 0.5 s · 160 × 96"
    assert form.first.time.text() == "0:00:00.417"
    form.whole.click()
    assert dialog.estimate.text() == "48 frames · 2.0 s · 160 × 96"
    form.marked.click()
    form.size_kind.setCurrentIndex(form.size_kind.findData("half"))
    form.timing.setCurrentIndex(form.timing.findData("fps"))
    form.fps.setValue(12)
    form.order.setCurrentIndex(form.order.findData(Order.PING_PONG))
    assert dialog.estimate.text() == "10 frames · 0.8 s · 80 × 48"


def test_writing_a_file_and_what_is_said_then(
    qtbot: Any, dialog: ExportDialog, tmp_path: Path
) -> None:
    form_of(dialog).formats.choose(Format.GIF)
    write(qtbot, dialog)
    with Image.open(tmp_path / "clip 10-20.gif") as image:
        assert image.n_frames == 11
        assert make.read_number(image) == 10
    assert dialog.outcome.text.text().startswith("Wrote “clip 10-20.gif”: 11 frames, ")
    assert dialog.outcome.reveal.isVisible()
    assert dialog.outcome.open.isVisible()
    assert not dialog.outcome.play.isVisible()


def test_what_is_there_is_replaced_only_when_said(
    qtbot: Any, dialog: ExportDialog, tmp_path: Path
) -> None:
    (tmp_path / "clip 10-20.mp4").write_bytes(b"mine")
    destination = dialog.destination
    assert destination is not None
    destination.take_path(str(tmp_path / "clip 10-20.mp4"))
    assert destination.replace.isVisible()
    assert not dialog.export_button.isEnabled()
    dialog.start()
    assert not dialog.run.running
    destination.replace.click()
    assert dialog.export_button.isEnabled()
    write(qtbot, dialog)
    assert (tmp_path / "clip 10-20.mp4").stat().st_size > 4
    assert not destination.replace.isChecked()


def test_one_frame_as_a_picture(qtbot: Any, dialog: ExportDialog, tmp_path: Path) -> None:
    form = form_of(dialog)
    form.formats.choose(Format.JPEG)
    assert form.choices() == Choices(10, 10)
    assert not form.last.isVisible()
    assert dialog.estimate.text() == "160 × 96"
    write(qtbot, dialog)
    with Image.open(tmp_path / "clip 10.jpg") as image:
        assert make.read_number(image) == 10


def test_into_the_library_and_play_it(qtbot: Any, dialog: ExportDialog, library: Library) -> None:
    destination = dialog.destination
    assert destination is not None
    destination.where.choose("library")
    form_of(dialog).formats.choose(Format.FRAMES)
    assert destination.name.text() == "clip 10-20"
    assert "a frame sequence in videos" in destination.note.text()
    write(qtbot, dialog)
    (made,) = library.page(Query(kind=Kind.FRAMES))
    assert made.frame_count == 11
    with qtbot.waitSignal(dialog.play_requested) as seen:
        dialog.outcome.play.click()
    assert seen.args == [made.id]
    assert not dialog.isVisible()


def test_escape_stops_then_closes(qtbot: Any, dialog: ExportDialog, tmp_path: Path) -> None:
    form = form_of(dialog)
    form.formats.choose(Format.APNG)
    form.timing.setCurrentIndex(form.timing.findData("fps"))
    form.fps.setValue(240)
    form.speed.setValue(0.05)  # long enough not to be done before it is stopped
    before = sorted(tmp_path.iterdir())
    with qtbot.waitSignal(dialog.run.progressed, timeout=30_000):
        dialog.start()
    assert not form.isEnabled()
    with qtbot.waitSignal(dialog.run.stopped, timeout=30_000):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.outcome.text.text() == "Stopped. Nothing was written."
    assert sorted(tmp_path.iterdir()) == before
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_closing_window_stops_it(
    qtbot: Any, session: Session, dialog: ExportDialog, tmp_path: Path
) -> None:
    form = form_of(dialog)
    form.formats.choose(Format.APNG)
    form.timing.setCurrentIndex(form.timing.findData("fps"))
    form.fps.setValue(240)
    form.speed.setValue(0.05)
    before = sorted(tmp_path.iterdir())
    with qtbot.waitSignal(dialog.run.progressed, timeout=30_000):
        dialog.start()
    session.close()  # waits for the thread
    assert sorted(tmp_path.iterdir()) == before
    dialog.run._token = None  # its end was not delivered any more


def test_a_failure_is_a_sentence_and_leaves_the_choices(
    qtbot: Any, dialog: ExportDialog, tmp_path: Path
) -> None:
    assert dialog.destination is not None
    dialog.destination.take_path(str(tmp_path / "nowhere" / "out.mp4"))
    with qtbot.waitSignal(dialog.run.failed):
        dialog.start()
    assert dialog.outcome.text.text() == f"There is no folder '{tmp_path / 'nowhere'}'."
    assert form_of(dialog).isEnabled()
    assert dialog.export_button.isEnabled()


def test_what_cannot_be_is_said_before(dialog: ExportDialog) -> None:
    form = form_of(dialog)
    form.first.setValue(30)
    assert dialog.estimate.text() == "The range starts after it ends: from frame 30 to 20."
    assert not dialog.export_button.isEnabled()


def test_choices_come_back(
    qtbot: Any, dialog: ExportDialog, session: Session, item: Item, settings: Settings,
    tmp_path: Path,
) -> None:  # fmt: skip
    form = form_of(dialog)
    form.formats.choose(Format.WEBP)
    form.size_kind.setCurrentIndex(form.size_kind.findData("own"))
    form.width_box.setValue(100)
    write(qtbot, dialog)
    again = opened(qtbot, session, item, settings)
    assert form_of(again).format is Format.WEBP
    assert form_of(again).choices().size == (100, 96)
    assert form_of(again).choices().last == 47  # the range is not remembered
    assert not form_of(again).marked.isVisible()
    assert again.destination is not None
    assert again.destination.name.text() == str(tmp_path / "clip.webp")
    put_away(again)


@pytest.mark.parametrize(
    "kept", ["nonsense", "[]", json.dumps({"format": "avi", "size": 7, "fps": "x", "folder": 3})]
)
def test_spoilt_settings_do_no_harm(
    qtbot: Any, session: Session, item: Item, settings: Settings, kept: str
) -> None:
    settings._store.setValue("export", kept)
    made = opened(qtbot, session, item, settings)
    assert form_of(made).choices() == Choices(0, 47)
    put_away(made)


def test_every_control_has_a_name_a_tip_and_a_place_in_the_tab_order(
    qtbot: Any, dialog: ExportDialog
) -> None:
    form_of(dialog).more.click()
    reached = set()
    dialog.activateWindow()
    form_of(dialog).formats.setFocus()
    first = widget = QApplication.focusWidget()
    while widget is not None and (widget is not first or not reached):
        reached.add(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
        widget = QApplication.focusWidget()
    controls = [
        child
        for child in dialog.findChildren(QWidget)
        if child.isVisible()
        and child.isEnabled()
        and child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not child.objectName().startswith("qt_")
    ]
    assert {type(child).__name__ for child in controls} >= {
        "QToolButton",
        "QComboBox",
        "FrameField",
    }
    for child in controls:
        named = child.accessibleName() or (hasattr(child, "text") and child.text())
        assert named, child
        assert child.toolTip() or type(child).__name__ == "QLineEdit", child
    assert dialog.export_button in reached
    assert form_of(dialog).missing in reached
    assert dialog.destination is not None
    assert dialog.destination.name in reached


def test_from_the_library(
    qtbot: Any, window: MainWindow, library: Library, item: Item, tmp_path: Path
) -> None:
    window.show_library(library)
    qtbot.waitUntil(lambda: window.browser.model is not None and window.browser.model.is_listed)
    grid = window.browser.grid
    flags = grid.selectionModel().SelectionFlag
    grid.selectionModel().setCurrentIndex(
        window.browser.model.index(0, 0),
        flags.Select | flags.Rows,  # type: ignore[union-attr]
    )
    action = window.actions_by_id["export_frames"]
    qtbot.waitUntil(action.isEnabled)
    action.trigger()
    dialog = next(d for d in window.findChildren(QDialog) if isinstance(d, ExportDialog))
    qtbot.waitUntil(lambda: dialog.form is not None)
    dialog.play_requested.emit(item.id)
    qtbot.waitUntil(lambda: window.on_player)
    dialog.reject()
