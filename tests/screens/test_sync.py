"""Pictures of synchronising, for eyes: chosen, compared, mirrored, running, ended."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.media import make
from tests.screens.walk import Walk
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.library import Library
from vidcache_gui.core.sync.pair import SidePair
from vidcache_gui.core.sync.records import Way
from vidcache_gui.gui.sync import phrases
from vidcache_gui.gui.sync.dialog import SyncDialog
from vidcache_gui.interfaces.remotes import known

STATES = (
    "begin", "chosen", "out-of-reach", "mirror", "preview", "running", "failures", "alike",
)  # fmt: skip


def put(library: Library, key: str, data: bytes, ball_id: str, **tags: str) -> None:
    incoming = library.incoming()
    incoming.write(data)
    library.put_ball(incoming, BallFacts("videos", key, ball_id, tags))


class Sync(Walk):
    about = "sync"
    held: threading.Event

    @property
    def dialog(self) -> SyncDialog:
        return next(one for one in self.window.findChildren(SyncDialog) if one.isVisible())

    def compare(self) -> None:
        self.dialog.compare()
        self.wait_until(lambda: not self.dialog.run.running)

    def walk(self, library: Library, damaged: Path) -> None:
        window = self.window
        window.show_library(library)
        self.wait_until(lambda: window.browser.model is not None and window.browser.model.is_listed)
        window.actions_by_id["synchronise"].trigger()
        form = self.dialog.form
        self.picture("begin")
        form.other.setCurrentText("http://192.168.1.20:8020")
        form.way.choose(Way.TO)
        self.picture("chosen")
        form.other.setCurrentText("~/not there")
        self.compare()
        self.picture("out-of-reach")
        form.other.setCurrentText("~/Backup")
        form.mirror.setChecked(True)
        self.compare()
        self.picture("mirror")
        form.way.choose(Way.BOTH)
        self.compare()
        self.picture("preview")
        damaged.chmod(0o644)
        damaged.write_bytes(b"bitten by a disk")
        self.dialog.start()
        self.wait_until(lambda: self.dialog.bar.value() > 0)
        self.picture("running")
        self.held.set()
        self.wait_until(lambda: not self.dialog.run.running)
        self.picture("failures")
        self.dialog.reject()
        window.actions_by_id["synchronise"].trigger()
        self.dialog.form.other.setCurrentText("~/Backup")
        self.dialog.form.way.choose(Way.FROM)
        self.compare()
        assert self.dialog.said.text() == phrases.ALIKE_FROM
        self.picture("alike")
        self.dialog.reject()


@pytest.mark.slow
@pytest.mark.screens
def test_every_state_of_synchronising_is_pictured(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(known, "settings_file", lambda: tmp_path / "config" / "remotes.json")
    clips = [
        make.make_video(tmp_path / name, size=(160, 90), frames=12, first=first)
        for name, first in (("harbour.mp4", 0), ("walk by the sea.mp4", 20), ("dunes.mp4", 40))
    ]
    library = Library.open(tmp_path / "My archive", create=True)
    with Library.open(tmp_path / "Backup") as backup:
        for _ in library.ingest(clips[:2]):
            pass
        for _ in backup.ingest(clips[1:]):
            pass
        for number in range(24):
            tags = {"frame_number": str(number)}
            put(library, f"loop_{number}", b"frame %d" % number, "loop", **tags)
        put(backup, "still_0", b"only there", "still")
        put(library, "cover_0", b"older", "cover", updated_at="1700000000")
        put(backup, "cover_0", b"newer", "cover", updated_at="1700000001")
        library.tag([library.find("walk by the sea.mp4").id], add=["best", "sea"])
        backup.remove([backup.find("dunes.mp4").id])
    stage = Sync(qapp, tmp_path)
    stage.held = threading.Event()
    carry_out = SidePair.carry_out

    def slowly(*args: Any, on_progress: Callable[[int, int, str], None], **more: Any) -> Any:
        def progress(done: int, moved: int, title: str) -> None:
            on_progress(done, moved, title)
            if done:
                stage.held.wait(60)

        return carry_out(*args, on_progress=progress, **more)

    monkeypatch.setattr(SidePair, "carry_out", slowly)
    try:
        stage.walk(library, library.blob_path(library.find("harbour.mp4").hash))
    finally:
        stage.held.set()
        stage.end()
    stage.keep(STATES, {"preview": "synchronise.png"})
