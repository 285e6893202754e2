"""Copies from and to remotes as actions of bulk jobs: durable, resumed, tried again like others.

Each item is durable, checked and journalled by itself (see ``pulling`` and ``pushing``), and
doing it again moves nothing, so a kill in the middle costs at most what was on its way.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk.lookup import ITEM_COLUMNS, Lookup
from vidcache_gui.core.bulk.records import BulkItem, BulkStatus, Outcome
from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes import known
from vidcache_gui.interfaces.remotes.known import Known

# The clients are imported by the first item: most jobs have none of these.
if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.interfaces.remotes.patience import Patience
    from vidcache_gui.interfaces.remotes.remote import Remote

PULL, PUSH = "pull", "push"
DOWN = 10.0  # seconds for which one that did not answer is not asked by the next item
Progress = Callable[[int], None]


class Connections:
    """One connection to each remote, for many threads; those that nobody uses are closed when
    another one is wanted, and at the end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.patience: Patience | None = None  # None: the usual
        self._clock = clock
        self._lock = threading.Lock()
        self._opening: dict[Known, threading.Lock] = {}
        self._open: dict[Known, Remote] = {}
        self._users: dict[Known, int] = {}
        self._down: dict[Known, tuple[float, UserError]] = {}

    @contextmanager
    def use(self, one: Known, stop: CancelToken) -> "Iterator[Remote]":
        """Raises RemoteError, Cancelled."""
        with self._lock:
            opening = self._opening.setdefault(one, threading.Lock())
            self._users[one] = self._users.get(one, 0) + 1
        try:
            with opening:
                remote = self._open.get(one) or self._connect(one, stop)
            yield remote
        finally:
            with self._lock:
                self._users[one] -= 1

    def _connect(self, one: Known, stop: CancelToken) -> "Remote":
        from vidcache_gui.interfaces.remotes.remote import Remote

        self._close(lambda other: not self._users.get(other))
        at, problem = self._down.get(one, (0.0, None))
        if problem is not None and self._clock() - at < DOWN:
            raise problem
        try:
            made = Remote.open(one.address, secret=one.token, patience=self.patience, stop=stop)
        except UserError as error:
            self._down[one] = (self._clock(), error)
            raise
        self._down.pop(one, None)
        with self._lock:
            self._open[one] = made
        return made

    def forget_problems(self) -> None:
        """A person tries again: ask at once."""
        self._down.clear()

    def close(self) -> None:
        self._close(lambda _: True)

    def _close(self, which: Callable[[Known], bool]) -> None:
        with self._lock:
            old = [self._open.pop(one) for one in list(self._open) if which(one)]
        for remote in old:
            remote.close()


class _Copies:
    """What copying both ways has in common."""

    def __init__(self, library: "Library", connections: Connections) -> None:
        self._library = library
        self._connections = connections

    def run(self, item: BulkItem, stop: CancelToken, progress: Progress) -> Outcome:
        """Raises UserError, Cancelled."""
        one = known.find(str(item.options["remote"]))
        with self._connections.use(one, stop) as remote:
            result = self._copy(item, remote, stop, progress)
        if result.status is Status.NEW:
            return Outcome(size=result.size, item_id=result.item_id, reason=result.reason)
        return Outcome(BulkStatus.SKIPPED, result.reason, item_id=result.item_id)

    def _copy(
        self, item: BulkItem, remote: "Remote", stop: CancelToken, progress: Progress
    ) -> SourceResult:
        raise NotImplementedError

    def close(self) -> None:
        """The library is being closed."""
        self._connections.close()


class Pulling(_Copies):
    """From a remote into the library. ``item`` (or ``bucket`` and ``ball_id``) is what it is
    there, ``to_bucket`` where it goes instead of the bucket it has there."""

    name = PULL
    columns: ClassVar[Mapping[str, bool]] = {"remote": True, **ITEM_COLUMNS, "to_bucket": False}

    def check(self, item: BulkItem) -> str:
        what = _what(item.options)
        into = item.options.get("to_bucket")
        where = f" into '{into}'" if into else ""
        return f"Copy '{what}' from '{_remote(item)}'{where}"

    def _copy(
        self, item: BulkItem, remote: "Remote", stop: CancelToken, progress: Progress
    ) -> SourceResult:
        from vidcache_gui.interfaces.remotes.pulling import Pull

        options = item.options
        pull = Pull(
            self._library, remote, bucket=options.get("to_bucket"), stop=stop, on_bytes=progress
        )
        if options.get("item"):
            return pull.item(str(options["item"]))
        _what(options)
        return pull.group(str(options["bucket"]), str(options["ball_id"]))


class Pushing(_Copies):
    """From the library to a remote."""

    name = PUSH
    columns: ClassVar[Mapping[str, bool]] = {"remote": True, **ITEM_COLUMNS, "to_bucket": False}

    def check(self, item: BulkItem) -> str:
        found = Lookup(self._library).item(item.options)
        return f"Copy '{found.name}' to '{_remote(item)}'"

    def _copy(
        self, item: BulkItem, remote: "Remote", stop: CancelToken, progress: Progress
    ) -> SourceResult:
        from vidcache_gui.interfaces.remotes.pushing import Push

        found = Lookup(self._library).item(item.options)
        bucket = item.options.get("to_bucket")
        return Push(self._library, remote, bucket=bucket, stop=stop, on_bytes=progress).item(found)


def register(library: "Library") -> Connections:
    """Teach the bulk jobs of a library to copy from and to remotes."""
    connections = Connections()
    library.register_bulk_action(Pulling(library, connections))
    library.register_bulk_action(Pushing(library, connections))
    return connections


def errand(library: "Library", action: str, title: str, size: int, **values: Any) -> BulkItem:
    """One copy. ``title``: what lists call it; ``size``: bytes, for the progress."""
    made = library.bulk_item(action, **values)
    return replace(made, options={**made.options, "title": title, "bytes": size})


def _remote(item: BulkItem) -> str:
    """Raises UserError where nobody knows it (any more)."""
    return known.find(str(item.options["remote"])).name


def _what(options: Mapping[str, Any]) -> str:
    if options.get("item"):
        return str(options["item"])
    if not (options.get("bucket") and options.get("ball_id")):
        raise UserError("It does not say what to copy: give an item, or a bucket and a ball_id.")
    return f"{options['bucket']}/{options['ball_id']}"
