"""What the actions do. The window is told nothing but which page to show."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu

from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.ingest.sources import Look, is_manifest, look_at, sources_of
from vidcache_gui.gui.library.browser import Browser
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.gui.session import Notice, Session

if TYPE_CHECKING:
    from vidcache_gui.core.records import Item
    from vidcache_gui.gui.main_window import MainWindow

NEED_LIBRARY = (
    "add_files", "add_folder", "add_link", "paste", "activity", "select_all", "find", "view_grid",
    "view_list", "larger", "smaller", "sidebar", "inspector", "find_like_file", "same_footage",
    "review", "run_manifest", "synchronise",
)  # fmt: skip
NEED_ONE = ("open", "rename", "reveal", "export_frames", "find_similar")
NEED_TWO = ("compare", "explain")
NEED_SOME = ("add_tag", "export", "push", "copy", "copy_hash", "remove")


class Commands(QObject):
    """Connects the actions of a window; one method an action, named like it."""

    def __init__(self, window: "MainWindow", browser: Browser) -> None:
        super().__init__(window)
        self._window = window
        self._browser = browser
        actions = window.actions_by_id
        for name in (
            "new_library", "open_library", "add_files", "add_folder", "add_link", "paste",
            "preferences", "undo", "redo", "select_all", "open", "compare", "rename", "add_tag",
            "export", "export_frames", "copy", "copy_hash", "reveal", "remove", "restore",
            "empty_trash", "shortcuts", "about", "find_similar", "find_like_file",
            "find_like_picture", "explain", "same_footage", "review", "run_manifest",
            "synchronise",
        ):  # fmt: skip
            actions[name].triggered.connect(partial(self._act, name))
        self._browser.selection_changed.connect(self.enable)
        self._browser.menu_requested.connect(self.show_menu)
        self._browser.add_requested.connect(self.add_files)
        self._browser.empty_trash_requested.connect(self.empty_trash)
        self._browser.restore_requested.connect(self.restore)
        self._browser.place_changed.connect(self._hear_place)
        QGuiApplication.clipboard().dataChanged.connect(self._enable_picture)

    def _act(self, name: str, _checked: bool = False) -> None:
        getattr(self, name)()

    @property
    def _session(self) -> Session | None:
        return self._window.session

    def enable(self, count: int) -> None:
        """Only what can be done now can be chosen."""
        actions = self._window.actions_by_id
        here = self._session is not None and self._window.on_browser
        trash = self._browser.query.trash
        actions.enable(NEED_LIBRARY, here)
        actions.enable(NEED_ONE, here and count == 1)
        actions.enable(NEED_TWO, here and count == 2)
        actions.enable(NEED_SOME, here and count > 0)
        actions.enable(("remove",), here and count > 0 and not trash)
        actions.enable(("restore",), here and count > 0 and trash)
        actions.enable(("empty_trash",), here and trash)
        self._enable_picture()
        window = self._window
        on_page = window.on_player or window.on_comparison or window.reviewing.is_shown
        actions.enable(("back",), on_page)

    def _enable_picture(self) -> None:
        """Only while there is a picture on the clipboard."""
        here = self._session is not None and self._window.on_browser
        data = QGuiApplication.clipboard().mimeData() if here else None
        held = data is not None and data.hasImage()  # None: somebody else's has just gone
        self._window.actions_by_id.enable(("find_like_picture",), held)

    def _hear_place(self, place: Place) -> None:
        self.enable(0)
        if place.name == "footage":
            self._window.desk.show_footage()
        elif place.name == "review":
            self._window.reviewing.enter()

    # Libraries

    def new_library(self) -> None:
        self._ask_folder(
            "Choose an empty folder for the new library",
            lambda path: self._window.open_library(path, create=True),
        )

    def open_library(self) -> None:
        self._ask_folder(
            "Choose the folder of a library", lambda path: self._window.open_library(path)
        )

    def synchronise(self) -> None:
        """Offer to make this library and something else hold the same."""
        from vidcache_gui.gui.sync.dialog import SyncDialog

        session = self._session
        if session is not None:
            SyncDialog(session, session.library.name, self._window).open()

    # Adding

    def add_files(self) -> None:
        dialog = self._file_dialog("Choose files to add")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self.add(paths))
        dialog.open()

    def add_folder(self) -> None:
        self._ask_folder("Choose a folder to add", lambda path: self.add([path]))

    def add_link(self) -> None:
        self.add_with_options([])

    def paste(self) -> None:
        data = QGuiApplication.clipboard().mimeData()
        sources = sources_of(data)
        if sources:
            self.add(sources)
        else:
            self._window.toast.show_notice(
                Notice("There are no files or links on the clipboard to add.")
            )

    def add(self, sources: Sequence[str], ask: bool = False) -> None:
        """Bring sources in, to where the sidebar stands."""
        from vidcache_gui.core.intake import Target

        if self._session is None or not sources:
            return
        if is_manifest(sources):
            self.show_manifest(sources[0])
            return
        if ask:
            self.add_with_options(sources)
            return
        bucket, prefix = self._window.drop_place()
        self._session.add(list(sources), Target(bucket, prefix))

    def run_manifest(self) -> None:
        dialog = self._file_dialog("Choose a manifest")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Manifests (*.csv *.tsv *.jsonl *.ndjson)", "All files (*)"])
        dialog.fileSelected.connect(self.show_manifest)
        dialog.open()

    def show_manifest(self, path: str) -> None:
        """Ask whether to run it, showing what it will do."""
        from vidcache_gui.gui.bulk.dialog import RunManifest

        if self._session is None:
            return
        dialog = RunManifest(self._session, path, self._window)
        dialog.started.connect(lambda: self._window.actions_by_id["activity"].setChecked(True))
        self._open(dialog)

    def add_with_options(self, sources: Sequence[str]) -> None:
        from vidcache_gui.gui.ingest.add_dialog import AddDialog

        session = self._session
        if session is None:
            return
        bucket, prefix = self._window.drop_place()

        def ask(found: tuple[Look, list[str]]) -> None:
            look, buckets = found
            dialog = AddDialog(sources, buckets, bucket, prefix, look, self._window)
            dialog.accepted.connect(lambda: session.add(dialog.sources(), dialog.target()))
            self._open(dialog)

        library = session.library
        session.background.run(
            Purpose.READ,
            lambda: (look_at(sources), [bucket.name for bucket in library.buckets()]),
            ask,
        )

    # Items

    def open(self) -> None:
        items = self._browser.selected_items(1)
        if items:
            self._window.play(items[0])

    def compare(self) -> None:
        items = self._browser.selected_items(2)
        if len(items) == 2:
            self._window.compare(items[0], items[1])

    def explain(self) -> None:
        items = self._browser.selected_items(2)
        if len(items) == 2:
            self._window.desk.explain(items[0], items[1])

    def same_footage(self) -> None:
        if self._browser.sidebar.place != Place("footage"):
            self._browser.sidebar.show_place(Place("footage"))
        else:
            self._window.desk.show_footage()

    def review(self) -> None:
        self._window.reviewing.enter()

    def find_similar(self) -> None:
        items = self._browser.selected_items(1)
        if items:
            self._window.desk.find_item(items[0])

    def find_like_file(self) -> None:
        dialog = self._file_dialog("Choose a file to find footage like it")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self._window.desk.find_file(path))
        dialog.open()

    def find_like_picture(self) -> None:
        self._window.desk.find_picture(QGuiApplication.clipboard().image())

    def rename(self) -> None:
        self._window.actions_by_id["inspector"].setChecked(True)
        self._browser.inspector.edit_name()

    def add_tag(self) -> None:
        self._window.actions_by_id["inspector"].setChecked(True)
        self._browser.inspector.edit_tags()

    def remove(self) -> None:
        session = self._session
        if session is not None:
            self._browser.with_selected_ids(session.remove)

    def restore(self) -> None:
        session = self._session
        if session is not None:
            self._browser.with_selected_ids(session.restore)

    def empty_trash(self) -> None:
        from vidcache_gui.gui.dialogs import EmptyTrash

        session = self._session
        if session is None:
            return

        def ask(found: tuple[int, int]) -> None:
            count, size = found
            if not count:
                return
            dialog = EmptyTrash(count, size, self._window)
            dialog.accepted.connect(session.empty_trash)
            self._open(dialog)

        session.read_trash_size(ask)

    def export(self) -> None:
        session = self._session
        items = self._browser.selected_items()
        if session is not None and items:
            self._ask_folder(
                "Choose a folder to export to", lambda path: session.export(items, path)
            )

    def export_frames(self) -> None:
        items = self._browser.selected_items(1)
        if items:
            self.export_item(items[0])

    def export_item(self, item: "Item", first: int | None = None, last: int | None = None) -> None:
        """Offer to make something of frames ``first..last``; None: of all."""
        from vidcache_gui.gui.export.dialog import ExportDialog

        session = self._session
        if session is None:
            return
        dialog = ExportDialog.for_item(
            session, item, first, last, settings=self._window.settings, parent=self._window
        )
        dialog.play_requested.connect(self._play_id)
        dialog.open()

    def _play_id(self, item_id: int) -> None:
        session = self._session
        if session is not None:
            library = session.library
            session.background.run(
                Purpose.READ,
                lambda: library.items([item_id]),
                lambda found: self._window.play(found[0]) if found else None,
            )

    def copy(self) -> None:
        model = self._browser.model
        if model is not None:
            rows = [model.row_of(item.id) for item in self._browser.selected_items(100)]
            data = model.mimeData([model.index(row, 0) for row in rows if row is not None])
            QGuiApplication.clipboard().setMimeData(data)

    def copy_hash(self) -> None:
        hashes = "\n".join(item.hash for item in self._browser.selected_items())
        QGuiApplication.clipboard().setText(hashes)

    def reveal(self) -> None:
        items = self._browser.selected_items(1)
        if self._session is None or not items:
            return
        if items[0].is_group:
            folder = self._session.library.path
        else:
            folder = self._session.library.blob_path(items[0].hash).parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def select_all(self) -> None:
        self._browser.view.selectAll()

    def undo(self) -> None:
        if self._session is not None:
            self._session.undo()

    def redo(self) -> None:
        if self._session is not None:
            self._session.redo()

    def show_menu(self, point: QPoint) -> None:
        ids = [
            "open",
            "compare",
            "-",
            "find_similar",
            "explain",
            "-",
            "rename",
            "add_tag",
            "export",
            "export_frames",
            "copy",
        ]
        ids += ["copy_hash", "reveal", "-"]
        ids.append("restore" if self._browser.query.trash else "remove")
        menu = QMenu(self._window)
        self._window.actions_by_id.fill(menu, ids)
        self._window.furnish().remotes.fill(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

    # Dialogs

    def preferences(self) -> None:
        from vidcache_gui.gui.dialogs import Preferences

        dialog = Preferences(self._window.settings, self._window)
        dialog.scheme_chosen.connect(self._window.theme.choose)
        dialog.cache_changed.connect(self._set_cache)
        dialog.player_changed.connect(self._set_player_memory)
        session = self._session
        if session is not None:
            library, run = session.library, session.background.run
            run(Purpose.READ, lambda: library.bulk_concurrency, dialog.show_at_a_time)
            dialog.at_a_time_changed.connect(
                lambda count: run(Purpose.CATALOG, lambda: library.set_bulk_concurrency(count))
            )
        self._open(dialog)

    def shortcuts(self) -> None:
        from vidcache_gui.gui.dialogs import Shortcuts

        self._open(Shortcuts(self._window))

    def about(self) -> None:
        from vidcache_gui.gui.dialogs import About

        self._open(About(self._window))

    def _set_player_memory(self, megabytes: int) -> None:
        if self._window.player is not None:
            self._window.player.view.set_memory(megabytes)
        if self._window.comparison is not None:
            self._window.comparison.set_memory(megabytes)

    def _set_cache(self, megabytes: int) -> None:
        if self._browser.thumbnails is not None:
            self._browser.thumbnails.set_budget(megabytes * 1_000_000)

    def _open(self, dialog: QDialog) -> None:
        """Without a nested event loop; it goes when it is closed."""
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _file_dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _ask_folder(self, title: str, receive: Callable[[str], object]) -> None:
        dialog = self._file_dialog(title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(receive)
        dialog.open()
