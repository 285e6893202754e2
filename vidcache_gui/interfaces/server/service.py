"""A server that runs: its sockets, its thread, its end."""

import asyncio
import contextlib
import logging
import resource
import socket
import threading

import uvicorn

from vidcache_gui.core.library import Library
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.server.app import application
from vidcache_gui.interfaces.server.connections import connection_class
from vidcache_gui.interfaces.server.log import OnRequest
from vidcache_gui.interfaces.server.settings import Settings

BACKLOG = 1024
FILES = 4096  # descriptors: connections, blobs being read, uploads
FAREWELL = 5  # seconds for requests that are being answered when it stops


class Service:
    """One library served at one or more ports. Any thread may start and stop it, once."""

    def __init__(self, library: Library, settings: Settings, tell: OnRequest | None = None) -> None:
        """Raises UserError when others could use the library unasked."""
        if not settings.is_local and settings.token is None and not settings.open_to_all:
            raise UserError(
                f"Everybody who reaches {settings.host} could read and delete what is in this "
                "library. Give a token (--token), or say --no-token if that is meant."
            )
        self.settings = settings
        self._sockets: list[socket.socket] = []
        config = uvicorn.Config(
            application(library, settings, tell), http=connection_class(settings.limits),
            loop="asyncio", ws="none", lifespan="off", log_config=None, access_log=False,
            proxy_headers=False, server_header=False, backlog=BACKLOG,
            h11_max_incomplete_event_size=settings.limits.head_bytes,
            timeout_graceful_shutdown=FAREWELL, timeout_keep_alive=settings.limits.idle,
        )  # fmt: skip
        logger = logging.getLogger("uvicorn.error")
        logger.setLevel(logging.ERROR)
        logger.addFilter(_is_news)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)
        self._ended = threading.Event()
        self._library = library

    @property
    def addresses(self) -> list[str]:
        """Where it answers, as people type it; the ports are real ones even if 0 was asked."""
        return [
            f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
            for host, port in (one.getsockname()[:2] for one in self._sockets)
        ]

    def start(self) -> None:
        """Listen and answer. Raises UserError when an address cannot be had."""
        _allow_files()
        try:
            for port in self.settings.ports:
                self._sockets += _listen(self.settings.host, port)
        except BaseException:
            self._close()
            raise
        self._library.settle_groups()
        self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Until it has ended; False when it still runs."""
        return self._ended.wait(seconds)

    def stop(self, *, at_once: bool = False) -> None:
        """Answer what is being asked (a few seconds at most), then end.

        ``at_once``: break it off; what is being stored is stored or not there at all.
        """
        self._server.force_exit = at_once
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._close()

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(self._sockets))
        finally:
            self._ended.set()

    def _close(self) -> None:
        for one in self._sockets:
            one.close()
        self._sockets = []


def _is_news(record: logging.LogRecord) -> bool:
    """Not that an answer was broken off, by the client or because the server is to stop."""
    error = record.exc_info[1] if record.exc_info else None
    text = str(record.msg)
    broken_off = "graceful" in text or "without completing" in text
    return not broken_off and not isinstance(error, asyncio.CancelledError)


def _listen(host: str, port: int) -> list[socket.socket]:
    """Sockets of one port. ``localhost`` is both loopback addresses, where both exist."""
    hosts = ["127.0.0.1", "::1"] if host == "localhost" else [host]
    sockets: list[socket.socket] = []
    for one in hosts:
        try:
            sockets.append(_bind(one, port))
        except OSError as error:
            if sockets:
                continue  # a machine without IPv6
            raise UserError(
                f"Port {port} of {host} cannot be used ({error.strerror or error}). Is another "
                "server running there? Choose another port."
            ) from error
        port = sockets[0].getsockname()[1]
    return sockets


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only where the protocol is named; else every answer on a
    # connection that is kept waits 40 ms for the client's acknowledgement of its head.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((host, port))
        listening.setblocking(False)
        listening.listen(BACKLOG)  # from here on clients may come: they wait for the loop
    except BaseException:
        listening.close()
        raise
    return listening


def _allow_files() -> None:
    """Room for every connection the limits allow, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft < most:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
