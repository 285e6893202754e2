"""Servers that misbehave: each path, or each method and path, is answered by a script."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Liar"

    def _any(self) -> None:
        self._body: bytes | None = None
        path = self.path.partition("?")[0]
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        script = self.server.script(self.command, path)
        if script is None:
            self.say({"detail": "Not Found"}, 404)
        else:
            script(self)

    do_GET = do_POST = do_DELETE = _any

    def body(self) -> bytes:
        """Of the request; read once."""
        if self._body is None:
            self._body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return self._body

    def say(self, value: Any, status: int = 200, **headers: str) -> None:
        self.body()
        self.send(json.dumps(value).encode(), status, **headers)

    def send(self, data: bytes, status: int = 200, **headers: str) -> None:
        length = headers.pop("length", str(len(data)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if length:
            self.send_header("Content-Length", length)
        else:
            self.close_connection = True
        self.end_headers()
        self.wfile.write(data)
        self.server.sent += len(data)

    def break_off(self, data: bytes, length: int) -> None:
        """Send the beginning of ``length`` bytes, all of which arrives."""
        self.send(data, length=str(length))
        self.close_connection = True

    def reset(self) -> None:
        """Break the connection off, hard."""
        self.wfile.flush()
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()

    def trickle(self, data: bytes) -> None:
        """A byte at a time, until nobody listens any more."""
        while not self.server.release.wait(0.05):
            try:
                self.wfile.write(data)
            except OSError:
                break
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


class Liar(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scripts: dict[str, Script] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.release = threading.Event()
        self.sent = 0  # bytes of bodies

    def script(self, method: str, path: str) -> Script | None:
        return self.scripts.get(f"{method} {path}") or self.scripts.get(path)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def asked(self, path: str) -> int:
        return sum(seen.partition("?")[0] == path for _, seen, _ in self.seen)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # clients that hang up are the point


@contextmanager
def lying(scripts: dict[str, Script]) -> Iterator[Liar]:
    found = Liar()
    found.scripts.update(scripts)
    with running(found):
        yield found


@contextmanager
def running(found: Liar) -> Iterator[None]:
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        found.release.set()
        found.shutdown()
        found.server_close()
        thread.join()


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.01)
