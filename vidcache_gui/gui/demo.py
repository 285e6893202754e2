"""The main job without a display: footage is made, dropped, browsed, played, and pictured.

``python main.py --demo DIR`` leaves ``DIR/footage`` (what was dropped), ``DIR/library`` (what
became of it) and ``DIR/screens`` (every state of the window, light and dark). The tests make
their pictures with the same tour.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import (
    QEventLoop,
    QItemSelectionModel,
    QMimeData,
    QPointF,
    QSettings,
    Qt,
    QTimer,
    QUrl,
)
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog

from vidcache_gui.core.records import Item, JobState, Query
from vidcache_gui.errors import UserError
from vidcache_gui.gui import theme as themes
from vidcache_gui.gui.export.dialog import ExportDialog
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.settings import Settings
from vidcache_gui.media.exporting.choices import Format

SIZES = ((1280, 800), (1920, 1080))
PATIENCE_MS = 120_000
SETTLE_MS = 250


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


class Tour:
    """Walks one window through its states and keeps a picture of each, in both themes."""

    def __init__(self, app: QApplication, folder: Path, size: tuple[int, int], ini: Path) -> None:
        self._folder = folder
        self._screens = folder / "screens"
        self._screens.mkdir(parents=True, exist_ok=True)
        self._size = size
        self._theme = themes.Theme(app, themes.Scheme.LIGHT)
        self._theme.apply()
        self.window = MainWindow(
            Settings(QSettings(str(ini), QSettings.Format.IniFormat)), self._theme
        )
        self.window.resize(*size)
        self.window.show()

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
            self.compare()
            self.dialogs()
        finally:
            self.window.close()

    # Waiting

    def wait_until(self, done: Callable[[], bool]) -> None:
        """Run the event loop until something is so. Raises UserError after two minutes."""
        loop = QEventLoop()
        look, end = QTimer(interval=20), QTimer(singleShot=True, interval=PATIENCE_MS)
        look.timeout.connect(lambda: loop.quit() if done() else None)
        end.timeout.connect(loop.quit)
        look.start()
        end.start()
        if not done():
            loop.exec()
        if not done():
            raise UserError("The demo waited two minutes for a step that did not happen.")

    def settle(self) -> None:
        """Let what is on its way to the screen arrive."""
        loop = QEventLoop()
        QTimer.singleShot(SETTLE_MS, loop.quit)
        loop.exec()

    # Pictures

    def picture(self, name: str) -> None:
        """The window as it is now (and a dialog in front of it), light and dark."""
        for scheme in (themes.Scheme.LIGHT, themes.Scheme.DARK):
            self._theme.choose(scheme)
            self.settle()
            image = self.window.grab()
            for dialog in self._dialogs():
                self._paint_over(image, dialog.grab())
            width, height = self._size
            image.save(str(self._screens / f"{name}-{scheme}-{width}x{height}.png"))
        self._theme.choose(themes.Scheme.LIGHT)

    def _dialogs(self) -> list[QDialog]:
        return [w for w in self.window.findChildren(QDialog) if w.isVisible()]

    @staticmethod
    def _paint_over(image: QPixmap, dialog: QPixmap) -> None:
        ratio = image.devicePixelRatio()
        painter = QPainter(image)
        left = (image.width() - dialog.width()) / 2 / ratio
        painter.drawPixmap(QPointF(left, (image.height() - dialog.height()) / 2 / ratio), dialog)
        painter.end()

    # The main job

    def open_library(self) -> None:
        self.window.open_library(self._folder / "library", create=True)
        self.wait_until(lambda: self.window.session is not None)
        self.settle()

    def _mime(self) -> QMimeData:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self._folder / "footage"))])
        return mime

    def drag_over(self) -> None:
        """Footage is over the window, not let go of yet."""
        mime, middle = self._mime(), self.window.rect().center()
        held = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier)  # fmt: skip
        QApplication.sendEvent(self.window, QDragEnterEvent(middle, *held))
        QApplication.sendEvent(self.window, QDragMoveEvent(middle, *held))
        self.settle()
        self.picture("drop")
        QApplication.sendEvent(self.window, QDragLeaveEvent())

    def drop(self) -> None:
        """Let go; watch it come in."""
        self.window.actions_by_id["activity"].setChecked(True)
        self.window.commands.add([str(self._folder / "footage")])
        session = self.window.session
        assert session is not None
        library = session.library
        self.wait_until(lambda: bool(library.jobs()) and library.jobs()[0].sources_done > 2)
        self.picture("ingesting")
        self.wait_until(lambda: library.jobs()[0].state is JobState.DONE)
        self.wait_until(
            lambda: self.window.browser.view.model().rowCount() >= library.stats().items
        )
        self.settle()
        self.picture("activity")
        self.window.actions_by_id["activity"].setChecked(False)

    def _row_of(self, name: str) -> int:
        model = self.window.browser.view.model()
        for row in range(model.rowCount()):
            if str(model.index(row, 0).data(Qt.ItemDataRole.DisplayRole)).startswith(name):
                return row
        raise UserError(f"The demo did not find '{name}' in its library.")

    def select(self, *names: str) -> None:
        view = self.window.browser.view
        view.selectionModel().clear()
        for name in names:
            index = view.model().index(self._row_of(name), 0)
            view.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.Select
                | QItemSelectionModel.SelectionFlag.Rows
            )  # fmt: skip
        self.settle()

    def browse(self) -> None:
        self.settle()
        self.picture("grid")
        self.select("Dusk over the hills")
        self.picture("inspector")
        self.select("Ripples", "Colour wheel", "Ink sequence")
        self.picture("selection")
        self.select("Interrupted")
        self.picture("damaged")
        self.window.actions_by_id["view_list"].trigger()
        self.select("Ink sequence")
        self.picture("list")
        self.window.actions_by_id["view_grid"].trigger()
        self.window.bar.search.setText("no such footage")
        self.settle()
        self.settle()
        self.picture("nothing-found")
        self.window.bar.search.clear()
        self.settle()

    def manage(self) -> None:
        """Remove (with undo in reach), the trash, and back again."""
        session = self.window.session
        assert session is not None
        self.select("Small balls")
        self.window.actions_by_id["remove"].trigger()
        self.wait_until(lambda: session.library.stats().trashed == 1)
        self.settle()
        self.picture("removed")
        self.window.browser.sidebar.show_place(Place("trash"))
        self.settle()
        self.picture("trash")
        self.window.browser.sidebar.show_place(Place("all"))
        self.window.actions_by_id["undo"].trigger()
        self.wait_until(lambda: session.library.stats().trashed == 0)
        self.settle()

    def play(self) -> None:
        for name, picture in (
            ("Dusk over the hills", "player-video"),
            ("Colour wheel", "player-animation"),
            ("Ink sequence", "player-frames"),
            ("Interrupted", "player-damaged"),
        ):
            self._play(name, picture)

    def _play(self, name: str, picture: str) -> None:
        session = self.window.session
        assert session is not None
        (item,) = [i for i in self._items() if i.name.startswith(name)]
        self.window.play(item)
        page = self.window.player
        assert page is not None
        engine = page.view.engine
        self.wait_until(lambda: engine.count > 0)
        engine.pause()
        engine.seek(engine.count // 3)
        self.wait_until(lambda: engine.count // 3 in engine.cache or bool(engine.damaged))
        self.settle()
        self.picture(picture)
        self.window.show_browser()

    def compare(self) -> None:
        """A clip and itself a little later, and two of different shapes."""
        from vidcache_gui.gui.compare.pair import Alignment
        from vidcache_gui.gui.compare.stage import Mode

        names = {item.name: item for item in self._items()}
        (a,) = [item for name, item in names.items() if name.startswith("Dusk over the hills")]
        (b,) = [item for name, item in names.items() if name.startswith("Tall dusk")]
        self.window.compare(a, a)
        page = self.window.comparison
        assert page is not None
        engine = page.engine
        self.wait_until(lambda: engine.count > 0)
        engine.align(Alignment(0.1))
        engine.seek(engine.count // 3)
        page.canvas.set_blink(0)  # the pictures are the same every time
        for mode in Mode:
            page.set_mode(mode)
            self.settle()
            self.wait_until(lambda: page.canvas.figures() is not None)
            self.picture(f"compare-{mode.name.lower()}")
        page.set_mode(Mode.BESIDE)
        self.window.compare(a, b)
        self.wait_until(lambda: engine.count > 0)
        engine.seek(engine.count // 3)
        self.wait_until(lambda: None not in engine.pair)
        self.settle()
        self.settle()
        self.picture("compare-shapes")
        self.window.show_browser()

    def _items(self) -> list[Item]:
        session = self.window.session
        assert session is not None
        return session.library.page(Query(), None, 1000)

    def dialogs(self) -> None:

        for name in ("preferences", "shortcuts", "about"):
            self.window.actions_by_id[name].trigger()
            self.settle()
            self.picture(name)
            for dialog in self._dialogs():
                dialog.reject()
            self.settle()
        self.window.commands.add_with_options([str(self._folder / "footage")])
        self.wait_until(lambda: bool(self._dialogs()))
        self.picture("add-with-options")
        for dialog in self._dialogs():
            dialog.reject()
        self.settle()
        with tempfile.TemporaryDirectory() as folder:
            self.export(Path(folder))

    def export(self, folder: Path) -> None:
        """A range of frames: before, while and after it is written, and where it cannot be."""
        session = self.window.session
        assert session is not None
        (item,) = [i for i in self._items() if i.name.startswith("Dusk over the hills")]
        dialog = ExportDialog.for_item(
            session, item, item.frame_count // 4, item.frame_count // 2,
            settings=self.window.settings, parent=self.window,
        )  # fmt: skip
        dialog.open()
        self.wait_until(lambda: dialog.destination is not None)
        form, destination = dialog.form, dialog.destination
        assert form is not None
        assert destination is not None
        self.picture("export-fresh")
        form.take_all()
        form.formats.choose(Format.APNG)
        form.order.setCurrentIndex(2)  # there and back takes twice as long: time for a picture
        destination.take_path(str(folder / "Dusk.png"))
        some: list[int] = []
        dialog.run.progressed.connect(lambda done, total, size: some.append(done))
        dialog.start()
        self.wait_until(lambda: bool(some))
        self.picture("export-running")
        self.wait_until(lambda: not dialog.run.running)
        self.picture("export-done")
        destination.take_path(str(folder / "no such folder" / "Dusk.png"))
        dialog.start()
        self.wait_until(lambda: not dialog.run.running)
        self.picture("export-failed")
        dialog.reject()
        self.settle()
