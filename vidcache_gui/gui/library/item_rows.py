"""What the views of items ask of a model, wherever the items are."""

from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel

from vidcache_gui.core.records import Item


class ItemRows(QAbstractTableModel):
    """One row an item, which may not have been read yet."""

    is_removing = False  # then the current item changes without anybody's wish

    def item(self, row: int) -> Item | None:
        """The item of a row; None while it is being read (``dataChanged`` follows)."""
        raise NotImplementedError

    def row_of(self, item_id: int) -> int | None:
        """Where an item is, if its row is loaded."""
        raise NotImplementedError

    def loaded_items(self, rows: Iterable[int]) -> list[Item]:
        """The items of those rows that are loaded, in row order."""
        raise NotImplementedError

    def find_name(self, text: str, start: int) -> int | None:
        """The next loaded row from ``start`` on (and around) whose name begins with text."""
        raise NotImplementedError
