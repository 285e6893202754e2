"""Every state of the window, grabbed to pictures for people to look at.

``python -m tests.screens.tour [OUT]`` leaves them in OUT (default: ``tests/screens/out``).
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, QSettings, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from tests.screens.scenes import make_footage
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import JobState, Progress
from vidcache_gui.gui.app import dress_app
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.settings import Settings
from vidcache_gui.gui.theme import Scheme, Theme

OUT = Path(__file__).parent / "out"
SIZES = ((1280, 800), (1920, 1080))


def settle(until: Callable[[], object] = lambda: True, seconds: float = 30) -> None:
    """Run the event loop until something holds and everything has been painted."""
    ending = time.monotonic() + seconds
    while not until():
        if time.monotonic() > ending:
            raise TimeoutError("the window did not get there")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for _ in range(12):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.01)


def footage_library(folder: Path, *, share: float = 1.0) -> Path:
    """A library with real things in it: stored, tagged, one removed, one damaged."""
    path = folder / "My archive"
    with Library.open(path) as library:
        sources = make_footage(folder / "footage", share=share)
        from vidcache_gui.core.intake import Target

        results = list(
            library.ingest(
                [str(s) for s in sources], Target("videos", "", {"camera": "X100", "take": 3})
            )
        )
        assert results
        items = library.items([item.id for item in _all(library)])
        by_name = {item.name: item for item in items}
        some = [item.id for item in items]
        library.move(some[1:4], bucket="films", prefix="trips/coast")
        library.move(some[5:7], bucket="films", prefix="trips")
        library.move(some[8:10], bucket="videos", prefix="archive")
        library.tag(some[:3], add=["sea", "keep"])
        library.tag(some[4:9], add=["evening"])
        library.tag(some[2:3], add=["for the film"])
        library.remove(
            [item.id for name, item in by_name.items() if "Rooftops" in name or "Snow" in name]
        )
    return path


def _all(library: Library) -> list:  # type: ignore[type-arg]
    from vidcache_gui.core.records import Query

    return library.page(Query(sort="name", descending=False), None, 500)


@contextmanager
def window_on(
    app: QApplication, library: Path | None, folder: Path, scheme: Scheme, size: tuple[int, int]
) -> Iterator[MainWindow]:
    """A shown window with a library in it, its pictures loaded."""
    settings = Settings(
        QSettings(str(folder / f"{scheme}-{size[0]}.ini"), QSettings.Format.IniFormat)
    )
    settings.scheme = scheme
    theme = Theme(app, scheme)
    theme.apply()
    window = MainWindow(settings, theme)
    window.resize(*size)
    window.show()
    if library is not None:
        window.open_library(library)
        settle(lambda: window.browser.model is not None and window.browser.model.is_listed)
        settle(
            lambda: (
                window.browser.sidebar.topLevelItem(0).data(0, Qt.ItemDataRole.UserRole + 1)
                is not None
            )
        )
    settle()
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Tour:
    """Walks a window through its states; ``grab`` keeps each."""

    def __init__(self, window: MainWindow, out: Path, suffix: str) -> None:
        self.window = window
        self.out = out
        self.suffix = suffix
        self.taken: list[Path] = []

    def grab(self, name: str, widget: QWidget | None = None) -> None:
        settle()
        picture: QPixmap = (widget or self.window).grab()
        path = self.out / f"{name}-{self.suffix}.png"
        if not picture.save(str(path)):
            raise OSError(f"{path} could not be written")
        self.taken.append(path)

    def browse(self) -> None:
        window, browser = self.window, self.window.browser
        self.grab("grid")
        model = browser.model
        assert model is not None
        row = next(n for n in range(model.rowCount()) if (i := model.item(n)) and "Train" in i.name)
        browser.grid.setCurrentIndex(model.index(row, 0))
        browser.grid.setFocus()
        settle(lambda: browser.inspector._details is not None)
        self.grab("grid-selected")
        point = browser.grid.visualRect(model.index(0, 0)).center() + QPoint(30, -30)
        browser.grid._hover(point)
        settle()
        self.grab("grid-scrub")
        browser.grid._hover(None)
        for row in (1, 2, 5):
            browser.grid.selectionModel().select(
                model.index(row, 0),
                browser.grid.selectionModel().SelectionFlag.Select
                | browser.grid.selectionModel().SelectionFlag.Rows,
            )
        self.grab("grid-several")
        browser.grid.set_cell_size(112)
        self.grab("grid-small")
        browser.grid.set_cell_size(188)
        window._set_mode("list")
        self.grab("list")
        window._set_mode("grid")
        self._places()

    def _places(self) -> None:
        from vidcache_gui.gui.library.sidebar import Place

        browser = self.window.browser
        for name, place in (
            ("bucket", Place("bucket", "films")),
            ("damaged", Place("damaged")),
            ("trash", Place("trash")),
        ):
            browser.sidebar.show_place(place)
            settle(lambda: browser.model is not None and browser.model.rowCount() > 0)
            browser.grid.selectAll()
            self.grab(name)
        browser.sidebar.show_place(Place("all"))
        self.window.bar.search.setText("nothing is called this")
        settle(lambda: browser.empty.isVisible())
        self.grab("search-empty")
        self.window.bar.search.clear()
        settle(lambda: browser.model is not None and browser.model.rowCount() > 0)

    def over(self) -> None:
        """What lies over the window: drop, messages, activity, dialogs."""
        window = self.window
        assert window.session is not None
        folder = window.session.library.path.parent / "footage" / "timelapse frames"
        window.drop.describe([str(folder)])
        settle(lambda: "as one sequence" in window.drop.overlay.text)
        self.grab("drop")
        window.drop._leave()
        items = window.browser.model.loaded_items(range(3))  # type: ignore[union-attr]
        window.session.remove([item.id for item in items])
        settle(lambda: bool(window.toast.text))
        self.grab("toast")
        window.session.undo()
        settle(lambda: "Undone" in window.toast.text)
        window.toast.hide()
        window.actions_by_id["activity"].setChecked(True)
        settle(lambda: window.panel is not None and window.panel.results.rowCount() > 0)
        self.grab("activity")
        job = window.panel.jobs.job(window.panel.jobs.index(0))  # type: ignore[union-attr]
        running = Progress(
            job.id, JobState.RUNNING, False, 34, 500, 1_200_000_000, 8_400_000_000,
            310_000_000.0, 118.0,
        )  # fmt: skip
        from dataclasses import replace

        window.session.jobs_changed.emit(
            [replace(job, state=JobState.RUNNING, sources_done=34, sources_total=500)]
        )
        window.session.job_progressed.emit(running)
        self.grab("ingesting")
        window.session.jobs_changed.emit([job])
        window.actions_by_id["activity"].setChecked(False)
        for name in ("preferences", "shortcuts", "about"):
            getattr(window.commands, name)()
            self._dialog(name)
        window.browser.sidebar.show_place(type(window.browser.sidebar.place)("trash"))
        settle(
            lambda: (
                window.browser.model is not None
                and window.browser.query.trash
                and window.browser.model.rowCount() == 2
            )
        )
        window.commands.empty_trash()
        settle(lambda: bool(window.findChildren(QDialog)))
        self._dialog("empty-trash")
        window.browser.sidebar.show_place(type(window.browser.sidebar.place)("all"))
        window.commands.add_with_options([str(folder)])
        settle(lambda: bool(window.findChildren(QDialog)))
        self._dialog("add-options")

    def _dialog(self, name: str) -> None:
        settle()
        dialog = self.window.findChildren(QDialog)[-1]
        self.grab(name, dialog)
        dialog.reject()
        settle(lambda: not self.window.findChildren(QDialog))

    def play(self) -> None:
        window = self.window
        model = window.browser.model
        assert model is not None
        settle(lambda: model.item(0) is not None)
        item = next(
            i for n in range(model.rowCount()) if (i := model.item(n)) and "timelapse" in i.name
        )
        window.play(item)
        time.sleep(0.3)
        settle()
        time.sleep(0.3)
        self.grab("player")
        window.show_browser()


def run(app: QApplication, out: Path, *, share: float = 1.0) -> list[Path]:
    """All states in both themes; the large size only for what changes with it."""
    out.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="vidcache-tour-") as temporary:
        folder = Path(temporary)
        library = footage_library(folder, share=share)
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            with window_on(app, None, folder, scheme, SIZES[0]) as window:
                window.welcome.show_recent([library, Path.home() / "Films" / "Festival 2026"])
                tour = Tour(window, out, f"{scheme}-1280")
                tour.grab("welcome")
                taken += tour.taken
            empty = folder / f"Empty {scheme}"
            Library.open(empty).close()
            with window_on(app, empty, folder, scheme, SIZES[0]) as window:
                tour = Tour(window, out, f"{scheme}-1280")
                tour.grab("empty")
                taken += tour.taken
            with window_on(app, library, folder, scheme, SIZES[0]) as window:
                tour = Tour(window, out, f"{scheme}-1280")
                tour.browse()
                tour.over()
                tour.play()
                taken += tour.taken
            with window_on(app, library, folder, scheme, SIZES[1]) as window:
                tour = Tour(window, out, f"{scheme}-1920")
                tour.browse()
                taken += tour.taken
    return taken


if __name__ == "__main__":
    application = QApplication([])
    dress_app(application)
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    for picture in run(application, target):
        sys.stdout.write(f"{picture}\n")
