"""What goes over the socket between the pool and its workers.

A decoder that was taken over by the file it read can answer anything, so the parent loads
its answers with an unpickler that knows plain values and our own dataclasses and enums:
nothing that runs code. Send arrays as bytes.
"""

import importlib
import io
import pickle
import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from enum import Enum
from typing import Any

from vidcache_gui.errors import BugError

PREFIX = "vidcache_gui.media."
LARGEST_ANSWER = 256 * 1024 * 1024  # bytes
_NAME = re.compile(r"[a-z_][a-z0-9_.]*:[a-z][a-z0-9_]*")
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Job:
    function: str  # "vidcache_gui.media.inspect:inspect_file"
    arguments: tuple[Any, ...]
    deadline: float  # seconds


@dataclass(frozen=True, slots=True)
class Reply:
    kind: str  # result | user | memory | error
    value: Any  # the result; the UserError's text; the exception's name
    trace: str = ""
    resident: int = 0  # bytes of memory the worker holds now


class HostileAnswer(Exception):
    """A worker sent something no honest worker sends."""


class Allowed:
    """The modules whose functions may run in a worker and whose values may come back."""

    def __init__(self, extra: tuple[str, ...] = ()) -> None:
        self.extra = extra

    def _has(self, module: str) -> bool:
        return module.startswith(PREFIX) or module in self.extra

    def check(self, function: str) -> None:
        """Raises BugError for what must never run in a worker."""
        if not _NAME.fullmatch(function) or not self._has(function.partition(":")[0]):
            raise BugError(f"{function!r} is not a function that workers may run")

    def function(self, name: str) -> Callable[..., Any]:
        self.check(name)
        module, _, attribute = name.partition(":")
        function: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
        return function

    def loads(self, payload: bytes) -> Any:
        """Raises HostileAnswer for anything but plain values, dataclasses and enums."""
        try:
            return _PlainUnpickler(payload, self._has).load()
        except HostileAnswer:
            raise
        except Exception as error:
            raise HostileAnswer(f"unreadable answer: {error}") from error


class _PlainPickler(pickle.Pickler):
    def reducer_override(self, value: object) -> Any:
        # Python 3.11.0 to 3.11.3 (Debian 12 has 3.11.2) pickle an enum as a call of
        # getattr, which the other end must refuse; by its value, as all others do.
        return (type(value), (value.value,)) if isinstance(value, Enum) else NotImplemented


def dumps(value: object) -> bytes:
    """What :meth:`Allowed.loads` accepts, the same from every Python."""
    payload = io.BytesIO()
    _PlainPickler(payload, protocol=5).dump(value)
    return payload.getvalue()


class _PlainUnpickler(pickle.Unpickler):
    def __init__(self, payload: bytes, has: Callable[[str], bool]) -> None:
        super().__init__(io.BytesIO(payload))
        self._has = has

    def find_class(self, module: str, name: str) -> Any:
        if self._has(module) and "." not in name:
            found = getattr(importlib.import_module(module), name)
            ours = isinstance(found, type) and found.__module__ == module
            if ours and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise HostileAnswer(f"an answer names {module}.{name}")


def send(connection: socket.socket, payload: bytes) -> None:
    connection.sendall(_LENGTH.pack(len(payload)))
    connection.sendall(payload)


def receive(
    connection: socket.socket, until: float | None = None, largest: int | None = None
) -> bytes:
    """One message. Raises EOFError when the other end is gone, TimeoutError when
    ``until`` (of the monotonic clock) has passed, HostileAnswer beyond ``largest`` bytes."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, until))
    if largest is not None and length > largest:
        raise HostileAnswer(f"an answer of {length} bytes")
    return _exactly(connection, length, until)


def _exactly(connection: socket.socket, count: int, until: float | None) -> bytes:
    data = bytearray()
    while len(data) < count:
        if until is not None:
            # 0 would mean "do not block", which fails in another way.
            connection.settimeout(max(1e-3, until - time.monotonic()))
        try:
            part = connection.recv(min(count - len(data), 1 << 20))
        except ConnectionError as error:
            raise EOFError from error
        if not part:
            raise EOFError
        data += part
    return bytes(data)
