"""A real server of a real library on free ports, and clients that speak to it byte by byte."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from vidcache_gui.core.library import Library
from vidcache_gui.interfaces.server.log import Served
from vidcache_gui.interfaces.server.service import Service
from vidcache_gui.interfaces.server.settings import Settings


@dataclass
class Running:
    library: Library
    addresses: list[str]
    served: list[Served] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.addresses[0]

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=60, **options)

    def raw(self, *parts: bytes) -> bytes:
        """Send bytes over a connection of its own; everything that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            for part in parts:
                connection.sendall(part)
            return read_all(connection)

    def temporary(self) -> list[Path]:
        return [path for path in (self.library.path / "tmp").rglob("*") if path.is_file()]

    def blobs(self) -> set[str]:
        return {path.name for path in (self.library.path / "blobs").rglob("*") if path.is_file()}


@contextmanager
def serving(library: Path, fetch: Any = None, **settings: Any) -> Iterator[Running]:
    settings.setdefault("ports", (0,))
    with Library.open(library, fetch=fetch) as opened:
        served: list[Served] = []
        service = Service(opened, Settings(**settings), served.append)
        service.start()
        try:
            yield Running(opened, service.addresses, served)
        finally:
            service.stop()
    assert service.wait(0), "its thread has ended"


def read_all(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    found = b""
    try:
        while part := connection.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.01)


def status_of(response: bytes) -> int:
    return int(response.split(b" ", 2)[1])
