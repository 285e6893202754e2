"""Downloading what an address holds, from a server nobody vouches for.

http and https only; where it may connect is :mod:`.addresses`' business and is checked anew
for every redirect; no proxies or passwords from the environment; sizes, times and encodings
are bounded; a body that ends early is an error. Local files are not fetched: add the file.
"""

import base64
import errno
import functools
import ssl
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import httpcore
import httpx

from vidcache_gui import __version__
from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.addresses import (
    LookUpFailed,
    PinnedBackend,
    Resolve,
    TlsRefused,
    Watch,
    checked_addresses,
    system_resolve,
)
from vidcache_gui.interfaces.names import file_name

MAX_BYTES = 64 * 1024**3
LONGEST_ADDRESS = 16_384  # characters
_DECODE_STEP = 1024 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 500, 502, 503, 504})

OnBytes = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was downloaded. ``name`` is data for people and catalog, never a path."""

    final_url: str
    name: str
    content_type: str  # "video/mp4", lower case, no parameters; "" if the server said none
    size: int  # bytes written


@dataclass(frozen=True, slots=True)
class Limits:
    connect: float = 15.0  # seconds until the server takes the connection
    read: float = 30.0  # seconds of silence
    total: float = 12 * 3600.0  # seconds for all of it, redirects and retries included
    redirects: int = 5
    attempts: int = 3
    pause: float = 1.0  # seconds before the second attempt; doubles for each further one


class _Transient(Exception):
    """Failed in a way that may pass. Its text is a sentence for people."""


def fetch(
    url: str,
    out: BinaryIO,
    *,
    token: CancelToken,
    on_bytes: OnBytes,
    allow_private: bool = False,
    max_bytes: int = MAX_BYTES,
    limits: Limits | None = None,
    resolve: Resolve = system_resolve,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """Download ``url`` into ``out`` (seekable; written from where it stands).

    ``on_bytes(done, total)`` hears bytes, ``total`` None while unknown; ``done`` falls back
    to 0 when a broken download starts over. Raises UserError with a sentence for people, or
    Cancelled; what ``out`` holds by then is the caller's to discard.
    """
    limits = limits or Limits()
    request = _Request(
        out, Watch(token, limits.total), on_bytes, allow_private, max_bytes, limits, resolve, tls
    )
    start = out.tell()
    for attempt in range(limits.attempts):
        try:
            return request.run(url)
        except _Transient as error:
            if attempt == limits.attempts - 1:
                raise UserError(f"{error} Nothing was added; try again later.") from error
            out.seek(start)
            out.truncate()
            on_bytes(0, None)
            request.watch.sleep(limits.pause * 2**attempt)
    raise UserError("Nothing was downloaded.")  # no attempt was allowed


@dataclass(frozen=True, slots=True)
class _Request:
    """One download: what stays the same over its redirects and attempts."""

    out: BinaryIO
    watch: Watch
    on_bytes: OnBytes
    allow_private: bool
    max_bytes: int
    limits: Limits
    resolve: Resolve
    tls: ssl.SSLContext | None

    def run(self, address: str) -> Fetched:
        """One attempt, following redirects. Raises UserError, _Transient or Cancelled."""
        url = _parse(address)
        for _ in range(self.limits.redirects + 1):
            answer = self._follow(url)
            if isinstance(answer, Fetched):
                return answer
            url = answer
        raise UserError(
            f"The server redirected more than {self.limits.redirects} times. "
            "Nothing was downloaded."
        )

    def _follow(self, url: httpx.URL) -> Fetched | httpx.URL:
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if url.scheme == "https" else 80)
        self.watch.check()
        try:
            addresses = checked_addresses(host, port, self.resolve, self.allow_private)
        except LookUpFailed as error:
            raise _Transient(str(error)) from error
        tls = (self.tls or _default_tls()) if url.scheme == "https" else None
        backend = PinnedBackend(addresses, self.watch)
        seconds = {"connect": self.limits.connect, "read": self.limits.read}
        seconds |= {"write": self.limits.read, "pool": self.limits.connect}
        try:
            with (
                httpcore.ConnectionPool(ssl_context=tls, network_backend=backend) as pool,
                pool.stream(
                    "GET",
                    httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=port, target=url.raw_path
                    ),
                    headers=_headers(url),
                    extensions={"timeout": seconds},
                ) as response,
            ):
                return self._answer(url, host, response)
        except (
            httpcore.NetworkError,
            httpcore.TimeoutException,
            httpcore.ProtocolError,
        ) as error:
            raise _explain_network(host, error) from error

    def _answer(
        self, url: httpx.URL, host: str, response: httpcore.Response
    ) -> Fetched | httpx.URL:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        if response.status in _REDIRECTS and "location" in headers:
            return _join(url, headers["location"])
        if response.status != 200:
            raise _explain_status(host, response.status)
        size = self._receive(response, headers)
        content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        name = file_name(url, headers.get("content-disposition", ""))
        return Fetched(str(url.copy_with(userinfo=b"", fragment=None)), name, content_type, size)

    def _receive(self, response: httpcore.Response, headers: dict[str, str]) -> int:
        encoding = headers.get("content-encoding", "identity").strip().lower()
        length = headers.get("content-length", "")
        total = int(length) if encoding == "identity" and length.isdecimal() else None
        if total is not None and total > self.max_bytes:
            raise self._too_large()
        done = 0
        for part in _decoded(response.iter_stream(), encoding):
            done += len(part)
            if done > self.max_bytes:
                raise self._too_large()
            self._write(part)
            self.on_bytes(done, total)
        return done

    def _write(self, part: bytes) -> None:
        view = memoryview(part)
        try:
            while view:  # a raw file may take less than it is given
                view = view[self.out.write(view) :]
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            why = "The disk is full" if full else f"The disk reported an error ({error.strerror})"
            raise UserError(
                f"{why}. This was not added; everything stored before is safe."
            ) from error

    def _too_large(self) -> UserError:
        return UserError(
            f"The file is larger than the {self.max_bytes:,} bytes a download may have. "
            "It was not added."
        )


def _parse(address: str) -> httpx.URL:
    if len(address) > LONGEST_ADDRESS:
        raise UserError("This address is too long to be one.")
    try:
        url = httpx.URL(address.strip())
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise UserError(f"'{address[:200]}' is not an address that can be downloaded.") from error
    if url.scheme not in ("http", "https") or not host:
        raise UserError("Only addresses that begin with http:// or https:// can be downloaded.")
    return url


def _join(url: httpx.URL, location: str) -> httpx.URL:
    try:
        # Servers send raw UTF-8 here, against the rules.
        location = location.encode("latin-1").decode("utf-8", errors="replace")
        return _parse(str(url.join(location)))
    except (httpx.InvalidURL, ValueError) as error:
        raise UserError("The server redirected to something that is no address.") from error


def _headers(url: httpx.URL) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"Host", url.netloc),
        (b"User-Agent", f"VidCache/{__version__}".encode()),
        (b"Accept", b"*/*"),
        (b"Accept-Encoding", b"identity"),
        (b"Connection", b"close"),
    ]
    if url.userinfo:
        pair = f"{url.username}:{url.password}".encode()
        headers.append((b"Authorization", b"Basic " + base64.b64encode(pair)))
    return headers


@functools.cache
def _default_tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _decoded(parts: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The body's own bytes, at most a megabyte at a time however much they expand.

    We ask for no encoding; some servers send one anyway.
    """
    if encoding in ("", "identity"):
        yield from parts
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise UserError(f"The server sent the file encoded as '{encoding[:40]}', unasked.")
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, as its head says
    try:
        for part in parts:
            rest = part
            while rest and not decoder.eof:
                yield decoder.decompress(rest, _DECODE_STEP)
                rest = decoder.unconsumed_tail
    except zlib.error as error:
        raise UserError("What the server sent is damaged: it cannot be unpacked.") from error
    if not decoder.eof:
        raise _Transient("The download broke off before its end.")


def _explain_network(host: str, error: Exception) -> UserError | _Transient:
    if isinstance(error, TlsRefused):
        if error.why:
            return UserError(f"'{host}' could not prove that it is '{host}' ({error.why}).")
        return UserError(f"No secure connection with '{host}' could be made.")
    if isinstance(error, (httpcore.ConnectError, httpcore.ConnectTimeout)):
        return _Transient(f"'{host}' could not be reached ({error}).")
    if isinstance(error, httpcore.TimeoutException):
        return _Transient(f"'{host}' stopped sending.")
    if isinstance(error, httpcore.LocalProtocolError):
        return UserError("This address cannot be asked for.")
    if "incomplete" in str(error) or "without sending" in str(error):
        return _Transient("The download broke off before its end.")
    if isinstance(error, httpcore.NetworkError):
        return _Transient(f"The connection with '{host}' broke ({error}).")
    return _Transient(f"'{host}' did not answer as a web server should.")


def _explain_status(host: str, status: int) -> UserError | _Transient:
    if status in _BUSY:
        return _Transient(f"'{host}' has a problem just now (status {status}).")
    words = {
        401: "asks for a password",
        403: "does not allow this download",
        404: "has nothing at this address",
        410: "has nothing at this address any more",
    }
    said = words.get(status, "did not send the file")
    return UserError(f"'{host}' {said} (status {status}). Nothing was added.")
