"""Pictures of remotes, for eyes: added, looked through, played, copied, and out of reach."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from tests.interfaces.server.serving import Running, serving
from tests.screens.test_bulk import Gate
from tests.screens.walk import Walk
from vidcache_gui.core.library import Library
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.gui.remotes import frame_cache
from vidcache_gui.gui.remotes.room import RemotesRoom
from vidcache_gui.gui.remotes.standing import Reach
from vidcache_gui.interfaces.remotes import known
from vidcache_gui.interfaces.remotes.bulk import PULL
from vidcache_gui.media.sample import (
    balls,
    drift,
    dusk,
    frames,
    ripples,
    stars,
    wheel,
    write_video,
)

STATES = (
    "adding", "browsing", "nothing-found", "playing", "copying", "copied", "empty",
    "offline", "no-entry",
)  # fmt: skip


class Remotes(Walk):
    about = "remotes"

    @property
    def room(self) -> RemotesRoom:
        room = self.window.furnish().remotes.room
        assert room is not None
        return room

    def go_to(self, name: str) -> None:
        self.window.browser.sidebar.show_place(Place("remote", remote=name))

    def walk(self, library: Library, full: Running, empty: Running, shut: Running) -> None:
        window = self.window
        window.show_library(library)
        self.wait_until(lambda: window.furnish().remotes.room is not None)
        self._add(full.address)
        self._look()
        self._play()
        self._copy()
        for name, address, token in (
            ("empty", empty.address, None), ("office", "http://127.0.0.1:9", None),
            ("shut", shut.address, "wrong"),
        ):  # fmt: skip
            known.add(name, address, token)
        roster = self.room.roster
        assert roster is not None
        roster.read()
        self.wait_until(lambda: len(roster.remotes) == 4)
        for name, reach, state in (
            ("empty", Reach.THERE, "empty"), ("office", Reach.OFFLINE, "offline"),
            ("shut", Reach.SHUT, "no-entry"),
        ):  # fmt: skip
            self._show(name, reach)
            self.picture(state)

    def _show(self, name: str, reach: Reach) -> None:
        roster = self.room.roster
        assert roster is not None
        self.go_to(name)
        self.wait_until(lambda: roster.standing(name).reach is reach and self.room.page.is_blank)

    def _add(self, address: str) -> None:
        self.window.actions_by_id["add_remote"].trigger()
        dialog = self.room.dialog
        assert dialog is not None
        dialog.address.setText(address)
        dialog.address.textEdited.emit(address)
        dialog.name.setText("attic")
        dialog.try_it()
        self.wait_until(lambda: "It answers" in dialog.said.text())
        self.picture("adding")
        dialog.keep.click()
        self.wait_until(lambda: self._is_whole)

    @property
    def _is_whole(self) -> bool:
        model = self.room.page.model
        return model is not None and model.is_whole

    def _look(self) -> None:
        page = self.room.page
        self.wait_until(lambda: self.room._thumbnails is not None)
        thumbnails = self.room._thumbnails
        assert page.model is not None
        assert thumbnails is not None
        shown = page.model.loaded_items(range(page.model.rowCount()))
        self.wait_until(
            lambda: all(thumbnails.poster(one, 256) or thumbnails.is_absent(one) for one in shown)
        )
        page.grid.setCurrentIndex(page.model.index(1, 0))
        page.grid.setFocus()
        self.picture("browsing")
        page.search.setText("zebra")
        self.wait_until(lambda: page.is_blank)
        self.picture("nothing-found")
        page.search.clear()
        self.wait_until(lambda: self._is_whole and not page.is_blank)

    def _play(self) -> None:
        model = self.room.page.model
        assert model is not None
        rows = map(model.far, range(model.rowCount()))
        self.room.play(next(far for far in rows if far and far.item.name == "walk"))
        self.wait_until(lambda: self.window.on_player)
        player = self.window.player
        assert player is not None
        self.wait_until(lambda: player.view.engine.footage is not None)
        player.view.engine.pause()
        player.view.engine.seek(9)
        self.wait_until(lambda: player.view.engine.picture() is not None)
        self.picture("playing")
        self.window.show_browser()

    def _copy(self) -> None:
        session = self.window.session
        assert session is not None
        gate = Gate(session.library.bulk_actions[PULL], 3)
        session.library.register_bulk_action(gate)
        self.room.page.grid.selectAll()
        self.room.pull()
        self.window.actions_by_id["activity"].setChecked(True)
        library, panel = session.library, self.window.panel
        assert panel is not None
        self.wait_until(lambda: panel.results.rowCount() == 3)
        self.picture("copying")
        gate.open()
        self.wait_until(lambda: library.bulk_jobs()[0].finished_at is not None)
        self.wait_until(lambda: panel.results.rowCount() == 7)
        self.picture("copied")
        self.window.actions_by_id["activity"].setChecked(False)


@contextlib.contextmanager
def full_server(folder: Path) -> Iterator[Running]:
    with Library.open(folder / "full") as library:
        clips = []
        for scene in (balls, drift, dusk, ripples, stars, wheel):
            clips.append(folder / f"{scene.__name__}.mp4")
            write_video(clips[-1], frames(scene, 24, 320, 180), codec="h264", fps=24)
        for _ in library.ingest(clips):
            pass
        parts = folder / "walk"
        parts.mkdir()
        for number, picture in enumerate(frames(wheel, 24, 320, 180)):
            Image.fromarray(picture).save(parts / f"frame_{number}_delay-0.1s.png")
        library.put_frames("videos", "walk", parts)
    with serving(folder / "full") as running:
        yield running


@pytest.mark.slow
@pytest.mark.screens
def test_every_state_of_remotes_is_pictured(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "settings_file", lambda: tmp_path / "config" / "remotes.json")
    monkeypatch.setattr(frame_cache, "default_folder", lambda: tmp_path / "cache")
    stage = Remotes(qapp, tmp_path)
    with (
        full_server(tmp_path) as full,
        serving(tmp_path / "empty") as empty,
        serving(tmp_path / "shut", token="right") as shut,
    ):
        try:
            stage.walk(Library.open(tmp_path / "My archive", create=True), full, empty, shut)
        finally:
            stage.end()
    stage.keep(STATES, {"browsing": "remotes.png"})
