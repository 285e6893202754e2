"""Keeps with the item what a person notes about its frames, and brings it back."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog

from vidcache_gui.core.records import Changes, Item
from vidcache_gui.gui.background import Background, Purpose

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.gui.player.view import PlayerView

DRAGGED_SIDE = 160  # px of the picture under the pointer
FAST_PNG = 80  # Qt's "quality" of a PNG: how little time is spent on making it small

Change = Callable[[Callable[[], Changes]], None]


class Keeper(QObject):
    """Bookmarks and delays of the item that ``view`` shows, by way of ``background``.

    ``change``: makes an undoable change in the catalog, away from the window; whoever gives
    it calls :meth:`reload` when something changed.
    """

    def __init__(self, view: "PlayerView") -> None:
        super().__init__(view)
        self._view = view
        self._library: Library | None = None
        self._background: Background | None = None
        self._change: Change | None = None
        self._item: Item | None = None
        self._asked = 0  # changes asked for so far
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        view.bookmark_set.connect(self._set_bookmark)
        view.bookmark_removed.connect(
            lambda frame: self._make(lambda library, id: library.unbookmark(id, frame))
        )
        view.delays_changed.connect(self._set_delays)
        view.delay_changed.connect(
            lambda ms: self._make(lambda library, id: library.set_delay(id, ms or None))
        )
        view.save_requested.connect(self._ask_where)
        view.drag_requested.connect(self._write_for_drag)
        view.file_drag_requested.connect(self.drag_file)

    def show(self, library: "Library", item: Item, background: Background, change: Change) -> None:
        """From now on the view is about this item."""
        self._library, self._item = library, item
        self._background, self._change = background, change
        self.reload()

    def show_elsewhere(self, background: Background) -> None:
        """The view is about something that is not in the library: single frames can be saved."""
        self.clear()
        self._background = background

    def clear(self) -> None:
        self._library = self._item = self._background = self._change = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def reload(self, changed: Changes | None = None) -> None:
        """Bring what is kept back into view, unless ``changed`` is about other items."""
        library, item = self._library, self._item
        if library is None or item is None or self._background is None:
            return
        if changed is not None and item.id not in changed.updated:
            return

        asked = self._asked

        def show(notes: tuple[Any, Any]) -> None:
            # What was read before a later change is old: that change brings its own news.
            if self._item is item and self._asked == asked:
                self._view.show_notes(*notes)

        self._background.run(
            Purpose.CATALOG, lambda: (library.bookmarks(item.id), library.delays(item.id)), show
        )

    # Notes

    def _make(self, act: "Callable[[Library, int], Changes]") -> None:
        library, item = self._library, self._item
        if library is not None and item is not None and self._change is not None:
            self._asked += 1
            self._change(lambda: act(library, item.id))

    def _set_bookmark(self, frame: int, note: str) -> None:
        self._make(lambda library, id: library.bookmark(id, frame, note))

    def _set_delays(self, delays_ms: Mapping[int, float | None]) -> None:
        self._make(lambda library, id: library.set_delays(id, delays_ms))

    # Single frames out

    def _ask_where(self, image: QImage, name: str) -> None:
        dialog = QFileDialog(self._view, "Save frame")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["PNG, lossless (*.png)", "JPEG (*.jpg *.jpeg)"])
        dialog.setDefaultSuffix("png")
        dialog.selectFile(name)
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("jpg" if "jpg" in chosen else "png")
        )
        dialog.fileSelected.connect(lambda path: self.save(image, Path(path)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def save(self, image: QImage, path: Path) -> None:
        """Write a frame, away from the window; says how it went."""

        def work() -> str:
            fine = image.save(str(path), None, 95 if path.suffix.lower() != ".png" else FAST_PNG)
            return f"Saved as {path.name}." if fine else f"{path.name} could not be written."

        if self._background is not None:
            self._background.run(Purpose.WORK, work, self._view.say)

    def _write_for_drag(self, image: QImage, name: str) -> None:
        """Other programs take files: write one, and drag it if the button is still down."""
        if self._background is None:
            return
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="vidcache-frame-")
        path = Path(self._folder.name) / name.replace("/", "_")
        self._background.run(
            Purpose.NOW,
            lambda: image.save(str(path), "PNG", FAST_PNG),  # type: ignore[call-overload]
            lambda fine: self._drag(image, path) if fine else None,
        )

    def drag_file(self) -> None:
        """Drag the item itself: other programs get its file under its name."""
        from vidcache_gui.gui.library import drag as dragging

        if self._library is not None and self._item is not None:
            drag = QDrag(self._view)
            drag.setMimeData(dragging.mime_data(self._library, [self._item]))
            drag.exec(Qt.DropAction.CopyAction)

    def _drag(self, image: QImage, path: Path) -> None:
        if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        data.setImageData(image)
        drag = QDrag(self._view)
        drag.setMimeData(data)
        drag.setPixmap(QPixmap.fromImage(image.scaled(
            DRAGGED_SIDE, DRAGGED_SIDE, Qt.AspectRatioMode.KeepAspectRatio
        )))  # fmt: skip
        drag.exec(Qt.DropAction.CopyAction)
