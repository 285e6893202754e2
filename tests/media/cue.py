"""What a decoder may do to the process it runs in, on cue. Runs inside workers only."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from vidcache_gui.errors import UserError


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Answer:
    colour: Colour
    data: bytes
    sizes: tuple[int, ...]


def echo(value: Any) -> Any:
    return value


def answer(count: int) -> Answer:
    return Answer(Colour.RED, b"x" * count, (1, 2, 3))


def process() -> int:
    return os.getpid()


def modules() -> list[str]:
    return sorted(sys.modules)


def limits() -> dict[str, int]:
    names = ("RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_CPU")
    found = {name: resource.getrlimit(getattr(resource, name))[0] for name in names}
    status = Path("/proc/self/status").read_text()
    found["no_new_privs"] = int(status.split("NoNewPrivs:")[1].split()[0])
    death_signal = ctypes.c_int()
    ctypes.CDLL(None).prctl(2, ctypes.byref(death_signal), 0, 0, 0)
    found["death_signal"] = death_signal.value
    return found


def descriptors() -> list[str]:
    found = []
    for fd in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the listing itself is gone by now
            found.append(os.readlink(f"/proc/self/fd/{fd}"))
    return found


def segfault() -> None:
    ctypes.string_at(0)


def segfault_once(marker: str) -> str:
    """Crashes the first time, works in the fresh worker."""
    if not os.path.exists(marker):
        Path(marker).touch()
        segfault()
    return "second time"


def abort() -> None:
    os.abort()


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave(code: int) -> None:
    os._exit(code)


def leave_politely() -> None:
    sys.exit(3)


def close_the_line() -> None:
    """The worker lives on, with nobody to talk to."""
    os.closerange(3, 256)
    time.sleep(3600)


def hang() -> None:
    threading.Event().wait()


def hang_in_c() -> None:
    """Not even a signal handler of Python's would run."""
    ctypes.CDLL(None).pause()


def spin() -> None:
    while True:
        pass


def use_up_processor_time() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (1, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    spin()


def wait_for(path: str, started: str | None = None) -> str:
    """Done once ``path`` exists; says it began by making ``started``."""
    if started is not None:
        Path(started).touch()
    while not os.path.exists(path):
        time.sleep(0.005)
    return path


def note(path: str, text: str) -> None:
    with open(path, "a") as file:
        file.write(text + "\n")


def eat_memory() -> int:
    held = []
    while True:
        held.append(bytearray(64 * 1024 * 1024))


_kept: list[bytearray] = []


def keep(count: int) -> int:
    """A library that leaks."""
    _kept.append(bytearray(count))
    return os.getpid()


def write_much(path: str, count: int) -> None:
    with open(path, "wb") as file:
        file.write(bytes(count))


def unpicklable() -> Any:
    return lambda: None


class Rude:
    def __reduce__(self) -> Any:
        return (os.system, ("touch /tmp/vidcache-was-taken-over",))


def rude() -> Any:
    return Rude()


def stranger() -> Any:
    return Path("/etc/passwd")


def babble() -> None:
    """Writes nonsense where the answer belongs."""
    for fd in map(int, os.listdir("/proc/self/fd")):  # its number is the parent's: any
        with contextlib.suppress(OSError):
            if fd > 2:
                os.write(fd, b"\xff" * 64)
    time.sleep(3600)


def refuse() -> None:
    raise UserError("There is no picture in it – “sorry”.")


class Odd(Exception):
    def __init__(self, a: int, b: int) -> None:  # cannot be rebuilt from its args
        super().__init__("odd")

    def __str__(self) -> str:
        raise ValueError("not even its text works")


def odd() -> None:
    raise Odd(1, 2)


def stop_iteration() -> None:
    raise StopIteration


def attribute_error() -> None:
    raise AttributeError("'NoneType' object has no attribute 'x'")


def interrupt() -> None:
    raise KeyboardInterrupt


def noisy() -> str:
    sys.stdout.write("to stdout\n" * 10_000)
    sys.stderr.write("to stderr\n" * 500_000)
    sys.stdout.flush()
    return "heard"
