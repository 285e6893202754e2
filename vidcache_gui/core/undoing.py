"""Taking changes back: the half of :class:`core.library.Library` that reads the journal."""

from collections.abc import Callable

from vidcache_gui.core import journal
from vidcache_gui.core.database import Database
from vidcache_gui.core.growing import Settling
from vidcache_gui.core.records import Changes, UndoEntry


class Undoing:
    """Any change of any session, in any order."""

    _database: Database
    _settling: Settling

    def undo(self) -> Changes:
        return self._then_look(lambda: journal.undo(self._database))

    def redo(self) -> Changes:
        return self._then_look(lambda: journal.redo(self._database))

    def undo_entry(self, entry_id: int) -> Changes:
        """Take back any change of the history. What later changes have set again stays as it
        is; ``note`` of the result says so. Raises UserError when nothing of it can be undone."""
        return self._then_look(lambda: journal.undo_entry(self._database, entry_id))

    def redo_entry(self, entry_id: int) -> Changes:
        """Make a change again that was taken back, as if it had never been."""
        return self._then_look(lambda: journal.redo_entry(self._database, entry_id))

    def history(self, limit: int = 100) -> list[UndoEntry]:
        """Undoable changes, newest first."""
        return journal.history(self._database, limit)

    def _then_look(self, act: Callable[[], Changes]) -> Changes:
        """Groups that got balls back, or lost some again, want to be looked at."""
        changes = act()
        self._settling.recall()
        return changes
