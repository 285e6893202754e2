"""The main job: a library is made, footage dropped on it, browsed and managed."""

from PySide6.QtCore import QItemSelectionModel, QMimeData, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent
from PySide6.QtWidgets import QApplication

from vidcache_gui.core.records import JobState
from vidcache_gui.errors import UserError
from vidcache_gui.gui.demo.stage import Stage
from vidcache_gui.gui.library.sidebar import Place


class MainJob(Stage):
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
