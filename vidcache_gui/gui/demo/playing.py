"""Playing, looking closely, comparing, and making something of a range of frames."""

from pathlib import Path

from PySide6.QtCore import QPoint

from vidcache_gui.core.records import Item
from vidcache_gui.gui.demo.stage import Stage
from vidcache_gui.gui.export.dialog import ExportDialog
from vidcache_gui.gui.player.view import PlayerView
from vidcache_gui.media.exporting.choices import Format


class Playing(Stage):
    def play(self) -> None:
        for name, picture in (
            ("Dusk over the hills", "player-video"),
            ("Colour wheel", "player-animation"),
            ("Ink sequence", "player-frames"),
            ("Interrupted", "player-damaged"),
        ):
            self._open(self.item(name))
            self.picture(picture)
            self.window.show_browser()

    def _open(self, item: Item) -> PlayerView:
        """In the player, at rest on a frame in its first half."""
        self.window.play(item)
        page = self.window.player
        assert page is not None
        engine = page.view.engine
        self.wait_until(lambda: engine.count > 0)
        engine.pause()
        engine.seek(engine.count // 3)
        self.wait_until(lambda: engine.count // 3 in engine.cache or bool(engine.damaged))
        self.settle()
        return page.view

    def look_closely(self) -> None:
        """Marks, bookmarks and their notes; single pixels; a channel; a frame that is missing."""
        view = self._open(self.item("Dusk over the hills"))
        engine, count = view.engine, view.engine.count
        engine.set_marks(count // 6, count * 2 // 3)
        for frame, note in ((count // 4, "The first star"), (count // 2, "The light goes")):
            view.put_bookmark(frame, note)
        view.show_bookmarks(True)
        self.picture("player-bookmarks")
        view.show_bookmarks(False)
        view.operations.inspect()
        view.canvas.set_zoom(4.0)
        full = view.canvas.viewport.full
        view.canvas.look_at(QPoint(full.width() // 2, full.height() // 2))
        self.settle()
        self.picture("player-zoomed")
        view.operations.inspect()
        view.canvas.set_zoom(None)
        view.operations.brightness()
        self.settle()
        self.picture("player-brightness")
        view.operations.brightness()
        view = self._open(self.item("Gapped sequence"))
        missing = min(view.engine.footage.missing) if view.engine.footage is not None else 0
        view.engine.seek(missing)
        self.wait_until(lambda: bool(view.canvas.message))
        self.picture("player-missing")
        self.window.show_browser()

    def compare(self) -> None:
        """A clip and itself a little later, and two of different shapes."""
        from vidcache_gui.gui.compare.pair import Alignment
        from vidcache_gui.gui.compare.stage import Mode

        a, b = self.item("Dusk over the hills"), self.item("Tall dusk")
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
            self.wait_until(lambda: bool(page.tools.figure.text))
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

    def export(self, folder: Path) -> None:
        """A range of frames: before, while and after it is written, and where it cannot be."""
        session = self.window.session
        assert session is not None
        item = self.item("Dusk over the hills")
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
