"""The process that looks into files nobody vouches for. Started by :mod:`.pool`, one job at a time.

``python -P -m vidcache_gui.media.worker FD MEMORY_LIMIT PARENT ALLOWED…`` reads jobs from the
socket FD and answers each on it; it ends when the socket does. A message is eight bytes of
length and a pickle. The parent's pickles are trusted; ours are not, see :mod:`.wire`.
"""

import contextlib
import ctypes
import faulthandler
import gc
import importlib
import io
import math
import os
import pickle
import signal
import socket
import sys
import traceback
import warnings

from vidcache_gui.errors import UserError
from vidcache_gui.media.wire import Allowed, Job, Reply, dumps, receive, send

WARM = ("av", "PIL.Image", "numpy", "vidcache_gui.media.inspect")
LARGEST_FILE = 1024 * 1024  # bytes a job may write to any one file: it has no reason to
FLAG = "--decode-worker"
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def main(arguments: list[str]) -> None:
    """Serve jobs until the parent hangs up. Never returns."""
    fd, memory_limit, parent, *allowed = arguments
    os.set_inheritable(int(fd), False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to answer
    faulthandler.enable()
    warnings.simplefilter("ignore")
    sys.stdout = sys.stderr = _Noise()
    _give_up_powers(int(parent))
    _warm_up()
    _limit_resources(int(memory_limit))
    connection = socket.socket(fileno=int(fd))
    try:
        _serve(connection, Allowed(tuple(allowed)))
    except (EOFError, OSError):
        pass  # the parent is gone or wants us gone
    finally:
        os._exit(0)  # no library gets to hang in its own shutdown


class _Noise(io.TextIOBase):
    """What libraries print. Where it no longer fits, that is no reason for a job to fail."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            os.write(2, text.encode(errors="replace"))
        return len(text)


def _serve(connection: socket.socket, allowed: Allowed) -> None:
    send(connection, pickle.dumps(os.getpid()))
    while True:
        job: Job = pickle.loads(receive(connection))
        _limit_processor(job.deadline)
        answer = _run(job, allowed)
        try:
            payload = dumps(answer)
        except Exception as error:
            payload = dumps(_failed(error))
        del answer, job
        gc.collect(0)
        send(connection, payload)


def _run(job: Job, allowed: Allowed) -> Reply:
    try:
        function = allowed.function(job.function)
        return Reply("result", function(*job.arguments), resident=resident_bytes())
    except UserError as error:
        return Reply("user", str(error), resident=resident_bytes())
    except MemoryError:
        return Reply("memory", "", resident=resident_bytes())
    except BaseException as error:  # SystemExit, too: a job does not end the worker
        return _failed(error)


def _failed(error: BaseException) -> Reply:
    trace = "".join(traceback.format_exception(error, limit=-20))
    return Reply("error", type(error).__name__, trace[-20_000:], resident_bytes())


def resident_bytes() -> int:
    """Memory this process holds now; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _warm_up() -> None:
    """Import what every job needs. A module that fails here fails again, loudly, in the job."""
    for name in WARM:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    with contextlib.suppress(Exception):
        import av.logging

        av.logging.set_libav_level(av.logging.PANIC)


def _give_up_powers(parent: int) -> None:
    """Die with the parent, gain no privileges, be the first the kernel kills for memory.

    Each of these is a second line of defence, so a system without it goes on.
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)  # it died before we could ask to be told
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("800")


def _limit_resources(memory_limit: int) -> None:
    try:
        import resource
    except ImportError:  # not a Unix
        return
    for kind, value in (
        (resource.RLIMIT_AS, memory_limit),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
    ):
        with contextlib.suppress(OSError, ValueError):
            _, hard = resource.getrlimit(kind)
            if hard != resource.RLIM_INFINITY:
                value = min(value, hard)
            resource.setrlimit(kind, (value, value))


def _limit_processor(deadline: float) -> None:
    """The kernel's own deadline, for when nobody is left to hold us to the real one."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        seconds = used + (deadline + 5) * (os.cpu_count() or 1)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), hard))


def run_if_asked(arguments: list[str]) -> None:
    """For a frozen program, whose executable is its own interpreter: become a worker."""
    if len(arguments) > 1 and arguments[1] == FLAG:
        main(arguments[2:])


if __name__ == "__main__":
    main(sys.argv[1:])
