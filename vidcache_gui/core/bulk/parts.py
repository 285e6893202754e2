"""What bulk jobs of one library are made of; made at first use."""

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk import handed
from vidcache_gui.core.bulk.changes import Delete, Tag
from vidcache_gui.core.bulk.columns import bulk_item
from vidcache_gui.core.bulk.outs import Export, Fetch
from vidcache_gui.core.bulk.puts import Put
from vidcache_gui.core.bulk.records import HANDED, Action, BulkItem, Closable
from vidcache_gui.core.bulk.runner import Runner
from vidcache_gui.core.bulk.store import Store
from vidcache_gui.core.database import Database
from vidcache_gui.core.intake import Intake
from vidcache_gui.core.locks import RunToken

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

log = logging.getLogger(__name__)


class Parts:
    """The store, the actions by name, the runner, and the thread that runs what is started."""

    def __init__(
        self, library: "Library", database: Database, intake: Intake, run: RunToken
    ) -> None:
        self.store = Store(database, run)
        self._handed = library.path / "bulk"
        made: list[Action] = [
            Put(library, intake, self.store, self._handed), Fetch(library, self.store),
            Export(library, self.store), Tag(library, self.store), Delete(library, self.store),
        ]  # fmt: skip
        self.actions = {action.name: action for action in made}
        self.runner = Runner(self.store, self.actions)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put_item(self, job: str, values: Mapping[str, Any]) -> BulkItem:
        """An item of ``put``, whose source may be bytes."""
        values = dict(values)
        data = values.get("source")
        if isinstance(data, bytes | bytearray | memoryview):
            values["source"] = "bytes"
            item = bulk_item("put", values, self.actions, base=Path.cwd(), folder=Path.cwd())
            source = handed.keep(self._handed, job, item.options, bytes(data))
            return BulkItem(item.action, {**item.options, "source": source})
        return bulk_item("put", values, self.actions, base=Path.cwd(), folder=Path.cwd())

    def start(self, stop: CancelToken) -> None:
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                self.runner.wake()
                return
            self._thread = threading.Thread(target=self._run, args=(stop,), name="bulk")
            self._thread.start()

    def _run(self, stop: CancelToken) -> None:
        try:
            self.runner.run(lambda _: None, stop)
        except Exception:
            log.exception("bulk jobs ended by a bug; they go on at the next start")

    def remove(self, name: str) -> None:
        for source in self.store.remove(name, HANDED):
            (self._handed / Path(source.removeprefix(HANDED)).name).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of what is under way, at the next chunk; the library has said to stop."""
        self.runner.wake()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()
        for action in self.actions.values():
            if isinstance(action, Closable):
                action.close()
