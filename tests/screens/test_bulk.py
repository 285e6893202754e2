"""Pictures of bulk jobs, for eyes: a manifest looked at, run, paused, failed and tried again."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from tests.media import make
from tests.screens.walk import Walk
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk.records import Action, BulkItem, Outcome
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import JobState
from vidcache_gui.gui.bulk.dialog import RunManifest
from vidcache_gui.gui.ingest.activity_panel import ActivityPanel

STATES = (
    "every-kind", "problems", "no-manifest", "running", "paused", "failed", "failed-only",
    "tried-again",
)  # fmt: skip
EVERY_KIND = """action,source,item,destination,format,from,to,tags
put,new/holiday.mp4,,,,,,beach;2026
put,https://example.org/clips/waves.webm,,,,,,
fetch,,harbour.mp4,originals/harbour.mp4,,,,
export,,walk.mp4,previews/walk.gif,gif,0:00.2,0:01,
export,,harbour.mp4,previews/harbour.webp,webp,,,
tag,,walk.mp4,,,,,best;outdoors
delete,,harbour.mp4,,,,,
"""
PROBLEMS = """action,source,item,destination,format,tags
put,new/picture 00.png,,,,
put,new/not there.mp4,,,,
delte,,walk.mp4,,,
fetch,,walk.mp4,../../somewhere else.mp4,,
export,,harbour.mp4,previews/harbour.doc,doc,
tag,,a film that nobody has ever added to this library under this very long name.mp4,,,best
tag,,walk.mp4,,,best
"""


class Gate:
    """Puts as ever, but holds after so many, until it is opened."""

    def __init__(self, inner: Action, free: int) -> None:
        self._inner = inner
        self._free = threading.Semaphore(free)

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def columns(self) -> Mapping[str, bool]:
        return self._inner.columns

    def check(self, item: BulkItem) -> str:
        return self._inner.check(item)

    def run(self, item: BulkItem, stop: CancelToken, progress: Callable[[int], None]) -> Outcome:
        while not self._free.acquire(timeout=0.05):
            stop.check()
        return self._inner.run(item, stop, progress)

    def open(self) -> None:
        self._free.release(100)


class Bulk(Walk):
    about = "bulk"

    @property
    def panel(self) -> ActivityPanel:
        assert self.window.panel is not None
        return self.window.panel

    def show(self, path: Path) -> RunManifest:
        self.window.commands.show_manifest(str(path))
        shown = [one for one in self.window.findChildren(RunManifest) if one.isVisible()]
        self.wait_until(lambda: shown[0].summary.text() != "Reading it…")
        return shown[0]

    def walk(self, library: Library, folder: Path) -> None:
        window = self.window
        window.show_library(library)
        for name, text in (("every-kind", EVERY_KIND), ("problems", PROBLEMS)):
            (folder / f"{name}.csv").write_text(text)
            dialog = self.show(folder / f"{name}.csv")
            dialog.folder.setText("~/Exports")
            self.picture(name)
            dialog.reject()
        (folder / "films.csv").write_text("title,year\nThe Third Man,1949\n")
        dialog = self.show(folder / "films.csv")
        self.picture("no-manifest")
        dialog.reject()
        self._run(library, folder)

    def _run(self, library: Library, folder: Path) -> None:
        lines = [f"put,new/picture {number:02}.png" for number in range(24)]
        missing = folder / "new" / "picture 23.png"
        missing.unlink()
        (folder / "bring in the pictures.csv").write_text("\n".join(("action,source", *lines)))
        gate = Gate(library.bulk_actions["put"], 9)
        library.register_bulk_action(gate)
        dialog = self.show(folder / "bring in the pictures.csv")
        dialog.at_a_time.setValue(2)
        dialog.run.click()
        self.wait_until(lambda: self.window.panel is not None)
        self.wait_until(lambda: self.panel.results.rowCount() == 9)
        self.picture("running")
        self.panel._pause.click()
        self.wait_until(lambda: self.panel._pause.text() == "Resume")
        self.picture("paused")
        gate.open()
        self.panel._pause.click()
        name = "bring in the pictures"
        self.wait_until(lambda: library.bulk_job(name).state is JobState.DONE)
        self.wait_until(lambda: self.panel._retry.isVisible())
        self.wait_until(lambda: self.panel.results.rowCount() == 24)
        self.picture("failed")
        self.panel._failed.click()
        self.wait_until(lambda: self.panel.results.rowCount() == 1)
        self.picture("failed-only")
        Image.new("RGB", (64, 36), (9, 99, 199)).save(missing)
        self.panel._retry.click()
        self.wait_until(lambda: library.bulk_job(name).succeeded == 24)
        self.wait_until(lambda: self.panel._title.text() == f"{name}: 24 done")
        self.picture("tried-again")


@pytest.mark.slow
@pytest.mark.screens
def test_every_state_of_bulk_jobs_is_pictured(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    new = tmp_path / "new"
    new.mkdir()
    for number in range(24):
        Image.new("RGB", (64, 36), (number * 9, 80, 160)).save(new / f"picture {number:02}.png")
    clips = [
        make.make_video(tmp_path / name, size=(160, 90), frames=48, first=first)
        for name, first in (("harbour.mp4", 0), ("walk.mp4", 60), ("new/holiday.mp4", 120))
    ]
    library = Library.open(tmp_path / "My archive", create=True)
    for _ in library.ingest(clips[:2]):
        pass
    stage = Bulk(qapp, tmp_path)
    try:
        stage.walk(library, tmp_path)
    finally:
        stage.end()
    stage.keep(STATES, {"every-kind": "bulk.png"})
