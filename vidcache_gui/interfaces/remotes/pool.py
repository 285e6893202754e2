"""Connections to one server, kept between requests; every wait on them can be cancelled."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.addresses import (
    LookUpFailed,
    PinnedBackend,
    Resolve,
    Watch,
    checked_addresses,
)

WIDE = 256 * 1024


class Turn(Watch):
    """One request's claim on a connection: who may cancel it, and when it is too late."""

    def __init__(self, stop: CancelToken) -> None:
        self._stop = stop
        self.until: float | None = None  # by time.monotonic()
        self.paused = 0.0  # seconds

    def allow(self, seconds: float | None) -> None:
        """From now on; None: as long as it takes."""
        self.until = None if seconds is None else time.monotonic() + seconds

    def check(self) -> None:
        """Raises Cancelled, or httpcore.ReadTimeout when the time is up."""
        before = time.monotonic()
        self._stop.check()
        now = time.monotonic()
        if now - before > 1e-3:
            self.paused += now - before
            if self.until is not None:
                self.until += now - before
        if self.until is not None and now > self.until:
            raise httpcore.ReadTimeout("too slow")


class Turns(Watch):
    """The turn of whichever request a thread is at: connections outlive requests."""

    def __init__(self) -> None:
        self._local = threading.local()

    def check(self) -> None:
        turn: Turn | None = getattr(self._local, "turn", None)
        if turn is not None:
            turn.check()

    @contextmanager
    def taken(self, turn: Turn) -> Iterator[None]:
        before = getattr(self._local, "turn", None)
        self._local.turn = turn
        try:
            yield
        finally:
            self._local.turn = before


class Backend(httpcore.NetworkBackend):
    """Looks a name up once for each new connection, and connects to what was found. The
    person named this server, so it may be on this machine or network."""

    def __init__(self, turns: Turns, resolve: Resolve) -> None:
        self._turns = turns
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self._turns.check()
        try:
            addresses = checked_addresses(host, port, self._resolve, allow_private=True)
        except (LookUpFailed, UserError) as error:
            raise httpcore.ConnectError(str(error).rstrip(".")) from error
        return _Wide(PinnedBackend(addresses, self._turns).connect_tcp(host, port, timeout))


class _Wide(httpcore.NetworkStream):
    """Reads as much as there is at a time: httpcore asks for 64 KB, and every turn costs."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max(max_bytes, WIDE), timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, *args: Any, **options: Any) -> httpcore.NetworkStream:
        self._stream = self._stream.start_tls(*args, **options)
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
