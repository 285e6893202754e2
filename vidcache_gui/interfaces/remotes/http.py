"""Asking one server: the part that both protocols share.

Requests go to the address that was given and to nowhere else, whatever the server says. Those
that may be repeated are, with pauses, when the network fails or the server is busy.
"""

import functools
import json
import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

import httpcore
import httpx

from vidcache_gui import __version__
from vidcache_gui.cancel import CancelToken
from vidcache_gui.closing import Closing
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.addresses import Resolve, TlsRefused, system_resolve
from vidcache_gui.interfaces.remotes.patience import Patience, persist
from vidcache_gui.interfaces.remotes.pool import Backend, Turn, Turns
from vidcache_gui.interfaces.remotes.problems import (
    Damaged,
    Missing,
    Passing,
    Refused,
    RemoteError,
)

T = TypeVar("T")

CONNECTIONS = 8
KEEP = 4.0  # seconds an idle connection is kept: less than servers wait (ours: 5)
LARGEST_JSON = 16 * 1024 * 1024
LARGEST_REMARK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3
_BUSY = frozenset({429, 500, 502, 503, 504})
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


class Answer:
    """What a server answered. Its body is read once, by the thread that asked."""

    def __init__(self, http: "Http", response: httpcore.Response, turn: Turn) -> None:
        self.where = http.where
        self.status = response.status
        self.headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        self._response = response
        self._turn = turn
        self._patience = http.patience
        self._missing = http.missing

    @property
    def length(self) -> int | None:
        """Bytes its body says to have."""
        value = self.headers.get("content-length", "")
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None

    def parts(self) -> Iterator[bytes]:
        """The body as it comes, which must be fast enough on average. Raises httpcore's errors,
        which whoever asked turns into sentences."""
        if self.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise Damaged(f"'{self.where}' sent packed bytes, unasked.")
        start, done = time.monotonic(), 0
        turn, patience = self._turn, self._patience
        turn.paused = 0.0
        turn.until = start + patience.grace
        for part in self._response.iter_stream():
            done += len(part)
            handed = time.monotonic()
            yield part
            turn.paused += time.monotonic() - handed  # ours, not the server's
            turn.until = start + turn.paused + patience.grace + done / patience.slowest

    def small(self, most: int = LARGEST_JSON) -> bytes:
        """The whole body, which may have ``most`` bytes."""
        body = bytearray()
        for part in self.parts():
            body += part
            if len(body) > most:
                raise Damaged(f"'{self.where}' sent an answer of more than {most:,} bytes.")
        return bytes(body)

    def json(self) -> Any:
        try:
            return json.loads(self.small())
        except (ValueError, RecursionError) as error:
            raise Damaged(f"'{self.where}' did not answer as its protocol says.") from error

    def object(self) -> dict[str, Any]:
        found = self.json()
        if not isinstance(found, dict):
            raise Damaged(f"'{self.where}' did not answer as its protocol says.")
        return found

    def check(self) -> "Answer":
        """This answer, if it is a success. Raises RemoteError."""
        if 200 <= self.status < 300:
            return self
        raise self.problem()

    def problem(self) -> RemoteError:
        """What an answer that is no success means."""
        where, status = self.where, self.status
        if status in _REDIRECTS:
            to = plain(self.headers.get("location", "nowhere"))
            return Refused(
                f"'{where}' sends us on to '{to}'. That is another address, so nobody was asked "
                "there; if it is right, use it instead.",
                status=status,
            )  # fmt: skip
        said, code = self._said()
        if status in (404, 410) or any(word in said.lower() for word in self._missing):
            return Missing(said or f"'{where}' does not have this.", status=404, code=code)
        if status in _BUSY:
            remark = f": {said}" if said else "."
            text = f"'{where}' has a problem just now (status {status}){remark}"
            after = self.headers.get("retry-after", "")
            seconds = float(after) if after.isascii() and after.isdecimal() else None
            return Passing(text, status=status, code=code, after=seconds)
        if status == 401:
            return Refused(f"'{where}' asks for a token, and this was not it.", status=401)
        remark = f": {said}" if said else "."
        return Refused(
            f"'{where}' refused this (status {status}){remark}", status=status, code=code
        )

    def _said(self) -> tuple[str, int]:
        """(sentence, code) of a FastAPI-like error body; empty where it is none."""
        try:
            body = json.loads(self.small(LARGEST_REMARK))
        except (ValueError, RecursionError, Damaged, httpcore.TimeoutException):
            return "", 0
        except (httpcore.NetworkError, httpcore.ProtocolError):
            return "", 0
        detail = body.get("detail") if isinstance(body, dict) else None
        if isinstance(detail, list) and detail and isinstance(detail[0], dict):
            detail = detail[0]
        if isinstance(detail, dict):
            code = detail.get("code")
            said = _sentence(plain(str(detail.get("msg", ""))))
            return said, code if isinstance(code, int) else 0
        return (_sentence(plain(detail)) if isinstance(detail, str) else ""), 0


class Http(Closing):
    """One server. Every method may be called from any thread, some at once."""

    def __init__(
        self,
        address: str,
        *,
        secret: str | None = None,
        patience: Patience | None = None,
        connections: int = CONNECTIONS,
        resolve: Resolve = system_resolve,
        missing: tuple[str, ...] = ("no available peers",),
    ) -> None:
        """``secret``: sent as ``Authorization: Bearer …``. ``missing``: words in an error that
        mean "not found" whatever its status (a MictlanX router wraps its 404 in a 500)."""
        self.address = base_address(address)
        parts = urlsplit(self.address)
        self.where = parts.netloc
        self.patience = patience or Patience()
        self.missing = missing
        self._scheme = parts.scheme
        self._host = httpx.URL(self.address).raw_host
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._base = parts.path.rstrip("/")
        self._secret = secret
        self._turns = Turns()
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls() if parts.scheme == "https" else None,
            max_connections=connections, max_keepalive_connections=connections,
            keepalive_expiry=KEEP, network_backend=Backend(self._turns, resolve),
        )  # fmt: skip

    def close(self) -> None:
        self._pool.close()

    def ask(
        self,
        method: str,
        path: str,
        use: Callable[[Answer], T],
        *,
        stop: CancelToken | None = None,
        repeat: bool = True,
        **options: Any,
    ) -> T:
        """What ``use`` makes of the answer, whatever its status. ``repeat``: ask again when
        something passing is in the way; ``use`` may then be called more than once.

        Options are those of :meth:`asking`. Raises RemoteError, Cancelled.
        """
        stop = stop or CancelToken()

        def once() -> T:
            with self.asking(method, path, stop=stop, **options) as answer:
                return use(answer)

        return persist(self.patience, stop, once) if repeat else once()

    def json(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """The JSON object of an answer that must be a success."""
        return self.ask(method, path, lambda answer: answer.check().object(), **options)

    @contextmanager
    def asking(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        given: Any = None,
        body: Iterable[bytes] | None = None,
        wait: float | None = None,
        stop: CancelToken | None = None,
    ) -> Iterator[Answer]:
        """One attempt. ``given``: a JSON body; ``body``: any other, a part at a time (with its
        ``Content-Length`` among the headers). ``wait``: seconds until the answer begins."""
        sent = dict(headers or {})
        if given is not None:
            data = json.dumps(given).encode()
            sent |= {"Content-Type": "application/json", "Content-Length": str(len(data))}
            body = [data]
        target = self._base + path + (f"?{urlencode(query)}" if query else "")
        turn = Turn(stop or CancelToken())
        with self._turns.taken(turn), self._sentences():
            for _ in range(_MOST_REDIRECTS):
                with self._once(method, target, sent, body, wait, turn) as answer:
                    onward = self._onward(method, target, answer)
                    if onward is None:
                        yield answer
                        return
                target = onward
            raise Refused(f"'{self.where}' sends us in circles.")

    @contextmanager
    def _once(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: Iterable[bytes] | None,
        wait: float | None,
        turn: Turn,
    ) -> Iterator[Answer]:
        patience = self.patience
        wait = wait or patience.head
        seconds = {
            "connect": patience.connect, "read": max(patience.silence, wait),
            "write": patience.silence, "pool": patience.head,
        }  # fmt: skip
        turn.allow(patience.connect + wait if body is None else None)
        with self._pool.stream(
            method,
            httpcore.URL(
                scheme=self._scheme.encode(), host=self._host, port=self._port,
                target=target.encode("ascii"),
            ),
            headers=self._headers(headers),
            content=None if body is None else _timed(body, turn, wait),
            extensions={"timeout": seconds},
        ) as response:  # fmt: skip
            seconds["read"] = patience.silence  # the answer has begun: from here on it flows
            yield Answer(self, response, turn)

    def _headers(self, more: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        headers = {
            "Host": urlsplit(self.address).netloc, "User-Agent": f"VidCache/{__version__}",
            "Accept": "*/*", "Accept-Encoding": "identity", **more,
        }  # fmt: skip
        if self._secret:
            headers["Authorization"] = f"Bearer {self._secret}"
        return [(name.encode("ascii"), value.encode()) for name, value in headers.items()]

    def _onward(self, method: str, target: str, answer: Answer) -> str | None:
        """Where the same server has it, if it says so and asking there changes nothing."""
        location = answer.headers.get("location")
        if answer.status not in _REDIRECTS or not location or method not in ("GET", "HEAD"):
            return None
        here = f"{self._scheme}://{urlsplit(self.address).netloc}"
        try:
            there = httpx.URL(urljoin(here + target, location))
        except (httpx.InvalidURL, ValueError):
            return None
        port = there.port or (443 if there.scheme == "https" else 80)
        if (there.scheme, there.raw_host, port) != (self._scheme, self._host, self._port):
            return None
        return there.raw_path.decode("ascii")

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise self._explain(error) from error

    def _explain(self, error: Exception) -> RemoteError:
        where = self.where
        if isinstance(error, TlsRefused):
            why = f" ({error.why})" if error.why else ""
            return Refused(f"No secure connection with '{where}' could be made{why}.")
        if isinstance(error, (httpcore.ConnectError, httpcore.ConnectTimeout)):
            return Passing(f"'{where}' could not be reached ({error}).")
        if isinstance(error, httpcore.TimeoutException):
            return Passing(f"'{where}' stopped answering, or answers too slowly.")
        if isinstance(error, httpcore.LocalProtocolError):
            if "Content-Length" in str(error):
                return Refused("It became shorter while it was being sent; send it again.")
            return Refused("This cannot be asked of a server.")
        if "incomplete" in str(error) or "without sending" in str(error):
            return Passing(f"'{where}' broke off before the end of its answer.")
        if isinstance(error, httpcore.NetworkError):
            return Passing(f"The connection with '{where}' broke ({error}).")
        return Passing(f"'{where}' does not answer as a web server should.")


def _timed(body: Iterable[bytes], turn: Turn, wait: float) -> Iterator[bytes]:
    """A body on its way; once it is out the answer has ``wait`` seconds to begin."""
    yield from body
    turn.allow(wait)


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def base_address(address: str) -> str:
    """A server's address as it is kept: scheme, host, port, perhaps a path. Raises UserError."""
    text = address.strip()
    try:
        url = httpx.URL(text)
        url.raw_host.decode("ascii")
        host = url.host
    except (httpx.InvalidURL, ValueError) as error:
        raise UserError(f"'{plain(text)}' is not a server's address.") from error
    if url.scheme not in ("http", "https") or not host:
        raise UserError("A server's address begins with http:// or https://.")
    if url.userinfo or url.query or url.fragment:
        raise UserError(
            "A server's address is host, port and perhaps a path; a token is given by itself."
        )
    return str(url).rstrip("/")


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def plain(text: str, longest: int = 300) -> str:
    """What a remote says, as a part of one line."""
    return _CONTROL.sub(" ", text).strip()[:longest]


def segment(name: str) -> str:
    """A name as one part of a path, whatever is in it."""
    return name.replace(".", "%2E") if set(name) <= {"."} else quote(name, safe="")
