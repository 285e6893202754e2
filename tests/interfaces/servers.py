"""Web servers on the loopback address that answer as a test says, and asking them."""

import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.interfaces.fetch import Fetched, Limits, fetch

BODY = os.urandom(1_500_000)
QUICK = Limits(connect=5, read=5, total=30, pause=0.01)

Script = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers each path by a script of the test's."""

    server: "Server"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        self.close_connection = True
        self.server.scripts[self.path.partition("?")[0]](self)

    def raw(self, data: bytes) -> None:
        try:
            self.wfile.write(data)
        except OSError:
            self.server.hung_up.set()

    def head(self, *lines: str, status: str = "200 OK") -> None:
        self.raw("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1"))

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scripts: dict[str, Script] = {"/clip.mp4": send_body}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.hung_up = threading.Event()
        self.release = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # clients that hang up are the point of half of these tests


def send_body(handler: Handler) -> None:
    handler.head(f"Content-Length: {len(BODY)}", "Content-Type: Video/MP4; charset=x")
    handler.raw(BODY)


@contextmanager
def serving() -> Iterator[Server]:
    found = Server()
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        found.release.set()
        found.shutdown()
        found.server_close()
        thread.join()


def get(url: str, out: io.BytesIO | Any = None, **options: Any) -> tuple[Fetched, bytes]:
    out = out if out is not None else io.BytesIO()
    options = {
        "token": CancelToken(), "on_bytes": lambda *_: None, "allow_private": True,
        "limits": QUICK, **options,
    }  # fmt: skip
    fetched = fetch(url, out, **options)
    return fetched, out.getvalue() if isinstance(out, io.BytesIO) else b""
