"""The remotes a person knows, how each one stands, and one connection to each.

Names, addresses and tokens are those of :mod:`interfaces.remotes.known`; nothing is kept here.
"""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import Cancelled
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.remotes.standing import Reach, Standing, standing_of
from vidcache_gui.interfaces.remotes import known
from vidcache_gui.interfaces.remotes.known import Known
from vidcache_gui.interfaces.remotes.patience import Patience
from vidcache_gui.interfaces.remotes.remote import Remote

# A person waits: what is not there is told soon, and asked again by them.
LOOKING = Patience(connect=5.0, silence=15.0, head=20.0, attempts=2)


class Roster(QObject):
    """``changed``: the list, or how one of it stands."""

    changed = Signal()
    failed = Signal(object)  # Exception

    def __init__(self, background: Background, parent: Any = None) -> None:
        super().__init__(parent)
        self._background = background
        self.remotes: dict[str, Known] = {}
        self._standing: dict[str, Standing] = {}
        self._lock = threading.Lock()
        self._open: dict[Known, Remote] = {}
        self._dropped: list[Remote] = []  # somebody may still be using them
        self._stop = CancelToken()

    def standing(self, name: str) -> Standing:
        return self._standing.get(name, Standing())

    def read(self, then: Callable[[], None] | None = None) -> None:
        """Take the list as it is kept now."""

        def show(found: list[Known]) -> None:
            before, self.remotes = self.remotes, {one.name: one for one in found}
            for name in [name for name in self._standing if self.remotes.get(name) !=
                         before.get(name)]:  # fmt: skip
                del self._standing[name]
            self.changed.emit()
            if then is not None:
                then()
            for one in found:
                if self.standing(one.name).reach is Reach.UNKNOWN:
                    self._look_for(one)

        self._run(Purpose.READ, known.known, show)

    def _look_for(self, one: Known) -> None:
        """Ask quietly how it stands; nobody waits for that."""

        def there(remote: Remote) -> None:
            if self.remotes.get(one.name) == one:
                self.say(one.name, Standing(Reach.THERE, spoken=remote.spoken))

        def not_there(error: Exception) -> None:
            # Who looks at it meanwhile asks more patiently, and knows better.
            if self.remotes.get(one.name) == one and not self.standing(one.name).reach.is_known:
                self.say(one.name, standing_of(error))

        self._background.run(Purpose.REACH, lambda: self.connection(one), there, not_there)

    def keep(
        self,
        new: Known,
        instead: str,
        done: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Remember a remote, in the place of the one called ``instead``, if any."""

        def work() -> None:
            known.add(new.name, new.address, new.token)
            if instead and instead != new.name:
                known.remove(instead)

        self._background.run(Purpose.CATALOG, work, lambda _: self.read(done), failed)

    def forget(self, name: str) -> None:
        self._background.run(
            Purpose.CATALOG, lambda: known.remove(name), lambda _: self.read(), self.failed.emit
        )

    def connection(self, one: Known, stop: CancelToken | None = None) -> Remote:
        """For a background thread. Shared: whoever asks does not close it. Raises RemoteError."""
        with self._lock:
            found = self._open.get(one)
        if found is not None:
            return found
        made = Remote.open(one.address, secret=one.token, patience=LOOKING, stop=stop or self._stop)
        with self._lock:
            if self._stop.cancelled:
                made.close()
                raise Cancelled
            first = self._open.setdefault(one, made)
        if first is not made:  # somebody else asked at the same time
            made.close()
        return first

    def drop(self, one: Known) -> None:
        """Ask anew the next time who answers there."""
        with self._lock:
            old = self._open.pop(one, None)
            if old is not None:
                self._dropped.append(old)

    def say(self, name: str, standing: Standing) -> None:
        if name in self.remotes and self._standing.get(name) != standing:
            self._standing[name] = standing
            self.changed.emit()

    def hear(self, one: Known, error: Exception) -> Standing:
        """A question failed: so it stands with the remote."""
        self.drop(one)
        found = standing_of(error)
        self.say(one.name, found)
        return found

    def asking(self, name: str) -> None:
        if self.standing(name).reach is Reach.UNKNOWN:
            self.say(name, Standing(Reach.ASKING))

    def close(self) -> None:
        self._stop.cancel()
        with self._lock:
            remotes = [*self._open.values(), *self._dropped]
            self._open, self._dropped = {}, []
        for remote in remotes:
            remote.close()

    def _run(self, purpose: Purpose, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._background.run(purpose, work, done, self.failed.emit)
