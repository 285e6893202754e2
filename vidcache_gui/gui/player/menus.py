"""The player's menus, made of its actions."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from vidcache_gui.gui.player.operations import Operations

MORE: tuple[str | tuple[str, tuple[str, ...]], ...] = (
    "there_and_back",
    "every_frame",
    "as_written",
    "-",
    ("Marks", ("mark_in", "mark_out", "-", "go_in", "go_out", "-", "clear_marks")),
    ("Bookmarks", ("bookmark", "note", "-", "bookmark_back", "bookmark_forward", "-",
                   "bookmarks")),
    ("Go", ("go_to", "-", "key_back", "key_forward", "ten_back", "ten_forward")),
    ("Picture", ("fit", "full_size", "double_size", "-", "red", "green", "blue", "opacity",
                 "brightness", "-", "inspect")),
    ("Missing frames", ("hold_gaps", "blank_gaps", "skip_gaps")),
    "-",
    ("Copy", ("copy_frame", "copy_number", "copy_time", "copy_duration")),
    "save_frame",
    "export",
)  # fmt: skip


def make_more(parent: QWidget, actions: Mapping[str, QAction]) -> QMenu:
    """Everything that has no button of its own."""
    menu = QMenu(parent)
    for entry in MORE:
        if isinstance(entry, str):
            _add(menu, entry, actions)
            continue
        title, ids = entry
        sub = menu.addMenu(title)
        for id in ids:
            _add(sub, id, actions)
    return menu


def _add(menu: QMenu, id: str, actions: Mapping[str, QAction]) -> None:
    if id == "-":
        menu.addSeparator()
    else:
        menu.addAction(actions[id])


def show_bar_menu(parent: QWidget, at: QPoint, index: int, operations: Operations) -> QMenu:
    """What can be done about the frame under the pointer on the time bar."""
    menu = QMenu(parent)
    menu.addAction(f"Mark in at frame {index}", lambda: operations.mark(index, None))
    menu.addAction(f"Mark out at frame {index}", lambda: operations.mark(None, index))
    menu.addAction(operations.actions["clear_marks"])
    menu.addSeparator()
    menu.addAction(f"Bookmark frame {index}, or not any more",
                   lambda: operations.bookmark_at(index))  # fmt: skip
    menu.popup(at)
    return menu
