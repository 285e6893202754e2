"""The server that is on, or none. No Qt: it is switched in a background thread."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from vidcache_gui.errors import Cancelled
from vidcache_gui.interfaces.server.extra import load
from vidcache_gui.interfaces.server.settings import Settings

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.interfaces.server.log import Served
    from vidcache_gui.interfaces.server.service import Service


class Switch:
    """Of one library. Any thread may call; what takes long holds up nobody but the caller."""

    def __init__(self, library: "Library", tell: "Callable[[Served], None]") -> None:
        """``tell`` hears of every request in the server's thread and must not wait."""
        self._library = library
        self._tell = tell
        self._lock = threading.Lock()
        self._service: Service | None = None
        self._closed = False

    def on(self, settings: Settings) -> list[str]:
        """Start serving; where it listens. Raises UserError when that cannot be."""
        service = load()(self._library, settings, self._tell)
        service.start()
        with self._lock:
            closed = self._closed
            if not closed:
                self._service = service
        if closed:
            service.stop(at_once=True)
            raise Cancelled("the library was closed meanwhile")
        return service.addresses

    def off(self) -> None:
        """Answer what is being asked, then end."""
        service = self._take()
        if service is not None:
            service.stop()

    def close(self) -> None:
        """The library is being closed: break off what is under way, and never start again."""
        with self._lock:
            self._closed = True
        service = self._take()
        if service is not None:
            service.stop(at_once=True)

    def _take(self) -> "Service | None":
        with self._lock:
            service, self._service = self._service, None
        return service
