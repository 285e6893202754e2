"""Connections: what uvicorn leaves open about clients that connect and say nothing.

A request's head must come within ``Limits.head``; beyond ``Limits.connections`` the one that
has idled longest is closed for the newcomer, or else the one whose body has been waited for
longest, so that a thousand sockets that say nothing keep nobody out.
"""

import asyncio
import contextlib
import os
from typing import Any, BinaryIO

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from vidcache_gui.interfaces.server.settings import Limits

STEP = 1024 * 1024
LONG_STEP = 4 * STEP  # for quick readers: fewer turns of the loop
QUICK = 0.25  # seconds for one step
QUICK_STEPS = 16  # in a row: more than the buffers of both ends swallow
QUIET = 5.0  # seconds for the next part of a body, where there is no room for others
PATIENCE = 4  # times ``stall`` that a reader may take for one step: 9 kB a second, or 35


class _Passed:
    """Stands for body bytes that h11 counts and does not see."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count


class Connection(H11Protocol):
    """One connection. Requests find it as ``scope["state"]["connection"]``."""

    limits = Limits()
    open: dict["Connection", None]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.app_state = {**self.app_state, "connection": self}
        self.bytes_passed = 0
        self.moved = self.loop.time()  # when bytes last came or went
        self.is_sending = False
        self._step: asyncio.Timeout | None = None  # for one part of a file
        self._head_timer: asyncio.TimerHandle | None = None
        self._reader_timer: asyncio.TimerHandle | None = None

    @property
    def is_gone(self) -> bool:
        return self.transport.is_closing()

    @property
    def is_idle(self) -> bool:
        """No request is being answered."""
        cycle: Any = self.cycle  # None before the first request, whatever its type says
        return cycle is None or bool(cycle.response_complete)

    @property
    def is_waited_for(self) -> bool:
        """More of a body is to come, or to be taken, and it is not us who hold it up."""
        comes = not self.is_idle and self.cycle.more_body and not self.flow.read_paused
        return comes or self.is_sending

    def abort(self) -> None:
        """Close at once; what the client has not read yet is lost to it."""
        self.transport.abort()

    def make_room(self) -> None:
        """Close for the sake of others. Where the kernel copies to the socket that ends first:
        its number may be another connection's as soon as it is closed."""
        if not self.is_sending:
            self.abort()
        elif self._step is not None:
            with contextlib.suppress(RuntimeError):  # it ends already
                self._step.reschedule(self.loop.time())

    async def send_file(self, file: BinaryIO, first: int, count: int) -> bool:
        """Body bytes straight from a file to the socket, by the kernel; False when they cannot
        all be sent, and then the connection is no more.

        The kernel is asked to read ahead, so that the loop seldom waits for a disk.
        """
        if self.is_gone:
            return False
        passed: Any = _Passed(count)
        self.conn.send_with_data_passthrough(h11.Data(data=passed))
        step, quick = STEP, 0
        self.is_sending = True
        while count:
            part, start = min(count, step), self.loop.time()
            self.moved = start
            os.posix_fadvise(file.fileno(), first, 2 * LONG_STEP, os.POSIX_FADV_WILLNEED)
            try:
                async with asyncio.timeout(self.limits.stall * PATIENCE) as self._step:
                    sent = await self.loop.sendfile(self.transport, file, first, part)
            except (TimeoutError, OSError, RuntimeError):  # slow, gone, closing
                sent = 0
            self.bytes_passed += sent
            if sent < part:
                self.abort()
                return False
            first, count = first + part, count - part
            quick = quick + 1 if self.loop.time() - start < QUICK else 0
            step = LONG_STEP if quick >= QUICK_STEPS else STEP
        self.is_sending = False
        return True

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.open[self] = None
        if len(self.open) > self.limits.connections:
            idle = (one for one in self.open if one.is_idle and one is not self)
            oldest = next(idle, None) or self._quietest()
            del self.open[oldest]  # its end is heard later; the next newcomer needs another
            oldest.make_room()
        self._wait_for_head()

    def _quietest(self) -> "Connection":
        """The one that has not sent, or read, more of a body for longest, if that is long."""
        waited = [one for one in self.open if one.is_waited_for]
        found = min(waited, key=lambda one: one.moved, default=self)
        return found if self.loop.time() - found.moved > QUIET else self

    def connection_lost(self, exc: Exception | None) -> None:
        self.open.pop(self, None)
        self._stop_waiting()
        self._stop_watching()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.moved = self.loop.time()
        super().data_received(data)
        if self.is_idle:
            self._wait_for_head()
        else:
            self._stop_waiting()

    def send_400_response(self, msg: str) -> None:
        """What came is no HTTP, be it a head or a part of a body; in the middle of an answer, or
        behind it, nothing can be said of that any more."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        body = b'{"detail":"This is no HTTP request."}'
        headers = [
            ("Content-Type", "application/json"), ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]  # fmt: skip
        head = h11.Response(status_code=400, reason="Bad Request", headers=headers)
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def pause_writing(self) -> None:
        """The client is slower than we: bytes wait in memory for it, also behind the last answer
        and when the connection is only kept to send them."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_watching()

    def _watch_reader(self) -> None:
        left = self.transport.get_write_buffer_size()
        patience = self.limits.stall * PATIENCE
        self._reader_timer = self.loop.call_later(patience, self._check_reader, left)

    def _check_reader(self, before: int) -> None:
        if self.transport.get_write_buffer_size() < before:
            self._watch_reader()
        else:
            self.abort()

    def _stop_watching(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None

    def _wait_for_head(self) -> None:
        if self._head_timer is None and not self.transport.is_closing():
            self._head_timer = self.loop.call_later(self.limits.head, self._too_late)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_late(self) -> None:
        self._head_timer = None
        if self.is_idle:
            self.abort()


def connection_class(limits: Limits) -> type[Connection]:
    """The connections of one server."""
    return type("ServedConnection", (Connection,), {"limits": limits, "open": {}})
