"""The switch in the window: real server, real client, and what the window says of both."""

import os
import socket
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from vidcache_client import VidCacheClient

from tests.interfaces.server.mictlanx import Peer
from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.serving.choices import Choices
from vidcache_gui.gui.serving.dialog import ServingDialog
from vidcache_gui.gui.serving.room import ServingRoom
from vidcache_gui.gui.settings import Settings
from vidcache_gui.gui.theme import Scheme
from vidcache_gui.interfaces.server.settings import Access

Serve = Callable[..., str]


@pytest.fixture
def room(qtbot: QtBot, window: MainWindow, library: Library) -> ServingRoom:
    """Of a window that shows the library; any free port is chosen."""
    window.serving.choices = Choices(ports="0")
    window.show_library(library)
    qtbot.waitUntil(lambda: window.browser.model is not None and window.browser.model.is_listed)
    return window.serving


@pytest.fixture
def dialog(window: MainWindow, room: ServingRoom) -> ServingDialog:
    window.actions_by_id["serve"].trigger()
    assert room.dialog is not None
    return room.dialog


@pytest.fixture
def serve(qtbot: QtBot, room: ServingRoom) -> Serve:
    def switch_on(**choices: object) -> str:
        room.choices = replace(room.choices, **choices)  # type: ignore[arg-type]
        room.switch_on()
        qtbot.waitUntil(lambda: room.state.is_on)
        return room.state.addresses[0]

    return switch_on


def count(window: MainWindow) -> int:
    return window.browser.model.rowCount() if window.browser.model is not None else -1


def put(client: VidCacheClient, path: Path) -> dict[str, object]:
    begun = client.upload_init("https://example.org/one.mp4", bucket="clips")
    with path.open("rb") as file:
        return client.upload_stream(begun["upload_id"], file)


def test_a_published_clients_upload_shows_in_the_open_window(
    qtbot: QtBot, window: MainWindow, serve: Serve, tmp_path: Path
) -> None:
    address = serve()
    with VidCacheClient(address) as client:
        done = put(client, make.make_video(tmp_path / "clip.mp4", frames=8))
        assert done["status"] == "new"
        qtbot.waitUntil(lambda: count(window) == 1)
        row = window.browser.model.index(0, 0) if window.browser.model is not None else None
        assert row is not None
        assert row.data() == "one.mp4"
        client.delete(str(done["hash"]))
    qtbot.waitUntil(lambda: count(window) == 0)
    undo = window.actions_by_id["undo"]
    qtbot.waitUntil(lambda: undo.text() == "Undo Remove 1 item")
    undo.trigger()
    qtbot.waitUntil(lambda: count(window) == 1)


def test_frames_put_by_a_mictlanx_client_become_one_sequence(
    qtbot: QtBot, window: MainWindow, room: ServingRoom, serve: Serve, tmp_path: Path
) -> None:
    peer = Peer(serve())
    make.make_frames(tmp_path / "frames", 3)
    for number, path in enumerate(sorted((tmp_path / "frames").iterdir())):
        peer.put_frame("videos", "walk", number, path.read_bytes())
    assert window.session is not None
    library = window.session.library
    qtbot.waitUntil(lambda: [item.frame_count for item in library.page(Query())] == [3])
    qtbot.waitUntil(lambda: count(window) == 1)
    qtbot.waitUntil(lambda: room.log.rowCount() > 0)
    peer.ask("DELETE", "/buckets/videos/walk_001")
    undo = window.actions_by_id["undo"]
    qtbot.waitUntil(lambda: undo.text() == "Undo Remove frames of 'walk'")
    undo.trigger()
    qtbot.waitUntil(lambda: len(library.group("videos", "walk")) == 3)


def test_the_switch_the_log_and_the_line(
    qtbot: QtBot, room: ServingRoom, dialog: ServingDialog
) -> None:
    assert "No other program" in dialog.said.text()
    assert not room.line.isVisible()
    dialog.switch.click()
    qtbot.waitUntil(lambda: room.state.is_on)
    address = dialog.addresses.addresses[0]
    assert not dialog.form.ports.isEnabled()
    for path in ("/health", "/browse", "/nowhere?<b>x</b>"):
        httpx.get(address + path)
    qtbot.waitUntil(lambda: room.log.rowCount() == 3)
    shown = [room.log.text(row).split("\t")[1:4] for row in range(3)]
    assert shown[1] == ["127.0.0.1", "GET /browse", "200 done"]
    assert shown[2][2] == "404 not found"
    assert "<b>" not in str(room.log.index(2, 2).data(3)), "a tool tip with others' markup"
    assert room.line.text == (
        f"Served to this computer at {address} · 3 requests, 1 of them failed"
    )
    dialog.log.filter.choose(True)
    assert room.log.rowCount() == 1
    dialog.log.table.selectAll()
    qtbot.keyClick(dialog.log.table, "c", modifier=Qt.KeyboardModifier.ControlModifier)
    assert "404 not found" in QGuiApplication.clipboard().text()
    dialog.switch.click()
    qtbot.waitUntil(lambda: not room.state.is_on)
    assert not room.line.isVisible()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address + "/health")
    assert dialog.form.ports.isEnabled()


def test_the_network_is_let_in_with_a_token_only(
    qtbot: QtBot, room: ServingRoom, dialog: ServingDialog, window: MainWindow
) -> None:
    form = dialog.form
    form.reach.choose(True)
    token = form.token.token
    assert len(token) > 20
    assert form.warning.isVisible()
    assert form.token.field.echoMode() is form.token.field.EchoMode.Password
    form.token.copy.click()
    assert QGuiApplication.clipboard().text() == token
    form.token.field.clear()
    form.token.field.textEdited.emit("")
    assert "token" in dialog.said.text()
    assert not dialog.switch.isEnabled()
    form.token.make.click()
    assert form.token.token != token
    dialog.switch.click()
    qtbot.waitUntil(lambda: room.state.is_on)
    address = room.state.addresses[-1]
    assert all("0.0.0.0" not in one for one in room.state.addresses)
    assert httpx.get(f"{address}/browse").status_code == 401
    known = {"Authorization": f"Bearer {form.token.token}"}
    assert httpx.get(f"{address}/browse", headers=known).status_code == 200


def test_downloads_are_off_until_they_are_allowed(
    qtbot: QtBot, room: ServingRoom, dialog: ServingDialog
) -> None:
    form = dialog.form
    assert not room.choices.settings().downloads
    qtbot.keyClick(form.downloads, Qt.Key.Key_Space)
    assert room.choices.settings().downloads
    assert "download" in dialog.allowed.text()
    form.access.choose(Access.READ)
    assert not form.downloads.isEnabled()
    assert not room.choices.settings().downloads
    assert "download" not in dialog.allowed.text()


def test_the_sign_of_the_line_follows_the_theme(window: MainWindow, room: ServingRoom) -> None:
    room.line.say("Served")
    light = room.line._sign.pixmap().toImage()
    window.theme.choose(Scheme.DARK)
    assert room.line._sign.pixmap().toImage() != light


def test_a_port_that_is_taken_is_said_in_a_sentence(
    qtbot: QtBot, room: ServingRoom, dialog: ServingDialog
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        dialog.form.ports.setText(str(port))
        dialog.form.ports.textEdited.emit(str(port))
        dialog.switch.click()
        qtbot.waitUntil(lambda: bool(room.state.problem))
    assert dialog.said.text().startswith(f"Port {port} of 127.0.0.1 cannot be used")
    assert dialog.switch.isEnabled()
    dialog.switch.click()
    qtbot.waitUntil(lambda: room.state.is_on)


def test_only_what_was_chosen_is_exposed(serve: Serve) -> None:
    address = serve(access=Access.READ, mictlanx=False)
    assert httpx.get(f"{address}/browse").status_code == 200
    assert httpx.get(f"{address}/api/v4/stats").status_code == 404
    assert httpx.post(f"{address}/upload/init", json={}).status_code == 403


def test_closing_the_library_ends_it_even_in_the_middle_of_an_upload(
    window: MainWindow, serve: Serve
) -> None:
    address = serve()
    port = int(address.rpartition(":")[2])
    head = b"POST /upload/init HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n{"
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(head)
        httpx.get(f"{address}/health")
        window.close_library()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{address}/health")
    assert not window.serving.state.has_library


def test_without_the_extra_it_says_what_to_install(
    qtbot: QtBot, room: ServingRoom, dialog: ServingDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vidcache_gui.interfaces.server.service", None)
    dialog.switch.click()
    qtbot.waitUntil(lambda: bool(room.state.problem))
    assert "pip install 'vidcache[server]'" in dialog.said.text()


def test_choices_are_kept_privately_and_serving_begins_by_itself_if_asked(
    qtbot: QtBot, window: MainWindow, library: Library, settings: Settings, tmp_path: Path
) -> None:
    window.serving.choices = Choices(ports="0")
    window.serving.open()
    dialog = window.serving.dialog
    assert dialog is not None
    dialog.form.token.make.click()
    dialog.form.at_start.setChecked(True)
    again = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    assert Choices.from_dict(again.serving) == dialog.form.choices
    assert stat.S_IMODE(os.stat(tmp_path / "settings.ini").st_mode) == 0o600
    window.show_library(library)
    qtbot.waitUntil(lambda: window.serving.state.is_on)
