"""The main job without a display: footage is made, dropped, browsed, played, and pictured.

``python main.py --demo DIR`` leaves ``DIR/footage`` (what was dropped), ``DIR/library`` (what
became of it) and ``DIR/screens`` (every state of the window, light and dark). The tests make
their pictures with the same tour.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from vidcache_gui.errors import UserError
from vidcache_gui.gui.demo.finding import Finding
from vidcache_gui.gui.demo.main_job import MainJob
from vidcache_gui.gui.demo.playing import Playing

SIZES = ((1280, 800), (1920, 1080))


def run_demo(folder: Path, *, sizes: Iterable[tuple[int, int]] = SIZES) -> int:
    """Make everything in ``folder``; the exit code. Says on stdout what is where."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from vidcache_gui.gui.app import collect_on_main_thread, make_app
    from vidcache_gui.media.sample import make_footage

    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()) and not (folder / "footage").is_dir():
        raise UserError(f"'{folder}' holds other files. Name a new folder for the demo.")
    for part in ("footage", "library", "screens"):
        shutil.rmtree(folder / part, ignore_errors=True)
    sys.stdout.write("Making footage …\n")
    make_footage(folder / "footage")
    app = make_app()
    collector = collect_on_main_thread(app)
    try:
        with tempfile.TemporaryDirectory() as private:
            for number, size in enumerate(sizes):
                tour = Tour(app, folder, size, Path(private) / f"{number}.ini")
                tour.run(first=number == 0)
    finally:
        collector.stop()
    pictures = len(list((folder / "screens").glob("*.png")))
    sys.stdout.write(
        f"Dropped:  {folder / 'footage'}\nLibrary:  {folder / 'library'}\n"
        f"Pictures: {folder / 'screens'} ({pictures} files)\n"
    )
    return 0


class Tour(MainJob, Playing, Finding):
    """Walks one window through its states and keeps a picture of each, in both themes."""

    def run(self, *, first: bool) -> None:
        """All states; the first time footage is dropped, later the library is opened again."""
        try:
            self.picture("welcome")
            self.open_library()
            if first:
                self.picture("empty")
                self.drag_over()
                self.drop()
            self.browse()
            self.manage()
            self.play()
            self.look_closely()
            self.compare()
            self.dialogs()
            with tempfile.TemporaryDirectory() as folder:
                if first:
                    self.bring_back(Path(folder))
                self.find()
                self.export(Path(folder))
        finally:
            self.window.close()
