"""Which network addresses a download may connect to, and connecting to exactly those.

An address from outside can name this machine or its neighbours (a router, a cloud's metadata
service) in dozens of spellings, or answer two look-ups differently. So a name is looked up
once, every address found is judged by its number, and the connection goes to those numbers.
"""

import contextlib
import errno
import ipaddress
import os
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import UserError

Resolve = Callable[[str, int], Sequence[str]]  # host, port -> addresses, best first

SLICE = 0.2  # seconds between two looks at the token while waiting for the network
MOST_ADDRESSES = 6

_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REFUSED_4 = tuple(
    ipaddress.IPv4Network(text)
    for text in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4")
)
_REFUSED_6 = tuple(
    ipaddress.IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "3fff::/20")  # protocols; documentation
)


class TlsRefused(httpcore.ConnectError):
    """No secure connection; ``why`` is the certificate's fault, "" if it was something else.
    (The cause does not survive httpcore, which raises on from None.)"""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        refused = isinstance(error, ssl.SSLCertVerificationError)
        self.why = str(getattr(error, "verify_message", "")) if refused else ""


class LookUpFailed(Exception):
    """The name could not be looked up just now; later it may."""


def system_resolve(host: str, port: int) -> list[str]:
    """Ask the system. Raises UserError for no such name, LookUpFailed if it may work later."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise LookUpFailed(f"'{host}' could not be looked up; is the network there?") from error
        raise UserError(f"There is no server named '{host}'.") from error
    except (UnicodeError, ValueError, OSError) as error:
        raise UserError(f"'{host[:80]}' is not a server's name.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether this number belongs to a machine on the open internet."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv4Address):
        return _is_public_4(number)
    if number.scope_id is not None:
        return False
    inner = number.ipv4_mapped or number.sixtofour
    if number in _NAT64:
        inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        return _is_public_4(inner)
    if inner is not None and not _is_public_4(inner):
        return False
    if number.ipv4_mapped is not None:
        return True
    return number in _UNICAST_6 and number.is_global and not _in(number, _REFUSED_6)


def _is_public_4(number: ipaddress.IPv4Address) -> bool:
    return number.is_global and not number.is_multicast and not _in(number, _REFUSED_4)


def _in(number: Any, networks: Iterable[Any]) -> bool:
    return any(number in network for network in networks)


def checked_addresses(host: str, port: int, resolve: Resolve, allow_private: bool) -> list[str]:
    """Look ``host`` up once. Raises UserError if any of its addresses is not public:
    a name that mixes them is up to no good."""
    addresses = list(resolve(host, port))
    if not addresses:
        raise UserError(f"There is no server named '{host}'.")
    private = [address for address in addresses if not is_public(address)]
    if private and not allow_private:
        raise UserError(
            f"'{host}' is on this computer or its own network ({private[0]}), not on the "
            "internet. Nothing was downloaded. Allow private addresses if you meant it."
        )
    return addresses[:MOST_ADDRESSES]


class Watch:
    """What can end a download from outside: the token, and the time it may take in all.
    Time spent paused does not count."""

    def __init__(self, token: CancelToken, seconds: float) -> None:
        self._token = token
        self._seconds = seconds
        self._until = time.monotonic() + seconds

    def check(self) -> None:
        """Raises Cancelled, or UserError when the time is up."""
        before = time.monotonic()
        self._token.check()
        now = time.monotonic()
        self._until += now - before
        if now > self._until:
            raise UserError(
                f"The download took longer than {self._seconds:,.0f} s and was stopped."
            )

    def sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.check()
            time.sleep(min(SLICE, left))


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the given addresses whatever the name, so that no second look-up can
    lead elsewhere. TLS still checks the certificate against the name."""

    def __init__(self, addresses: Sequence[str], watch: Watch) -> None:
        self._addresses = addresses
        self._watch = watch

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: OSError = OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))
        for address in self._addresses:
            try:
                return _Stream(_connect(address, port, timeout, self._watch), self._watch)
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise httpcore.ConnectTimeout(str(failure)) from failure
        raise httpcore.ConnectError(failure.strerror or str(failure)) from failure


def _connect(address: str, port: int, timeout: float | None, watch: Watch) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        code = connection.connect_ex((address, port))
        if code == errno.EINPROGRESS:
            poll = select.poll()
            poll.register(connection, select.POLLOUT)
            for _ in _slices(timeout, watch):
                if poll.poll(SLICE * 1000):
                    break
            code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


def _slices(timeout: float | None, watch: Watch) -> Iterable[None]:
    """One turn for each short wait; raises TimeoutError after ``timeout`` seconds."""
    end = time.monotonic() + (timeout if timeout is not None else 3600)
    while time.monotonic() < end:
        watch.check()
        yield
    raise TimeoutError("no answer")


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait can be cancelled."""

    def __init__(self, connection: socket.socket, watch: Watch) -> None:
        self._connection = connection
        self._watch = watch
        connection.settimeout(SLICE)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            for _ in _slices(timeout, self._watch):
                with contextlib.suppress(TimeoutError):
                    return self._connection.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(error.strerror or str(error)) from error
        raise AssertionError

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        try:
            for _ in _slices(timeout, self._watch):
                if not view:
                    return
                with contextlib.suppress(TimeoutError):
                    view = view[self._connection.send(view) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(error.strerror or str(error)) from error

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            secured = ssl_context.wrap_socket(
                self._connection, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            self._connection = secured
            secured.settimeout(SLICE)
            for _ in _slices(timeout, self._watch):
                with contextlib.suppress(TimeoutError):
                    secured.do_handshake()
                    return self
        except TimeoutError as error:
            self.close()
            raise httpcore.ConnectTimeout(str(error)) from error
        except (ssl.SSLError, ValueError) as error:
            self.close()
            raise TlsRefused(error) from error
        except OSError as error:
            self.close()
            raise httpcore.ConnectError(error.strerror or str(error)) from error
        except BaseException:
            self.close()
            raise
        raise AssertionError

    def close(self) -> None:
        self._connection.close()

    def get_extra_info(self, info: str) -> Any:
        if info == "socket":
            return self._connection
        if info == "is_readable":
            return bool(select.select([self._connection], [], [], 0)[0])
        return None
