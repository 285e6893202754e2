"""The parent's end of one worker process: start it, ask it, know how it died."""

import contextlib
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import time
from typing import BinaryIO

from vidcache_gui.media.wire import LARGEST_ANSWER, Allowed, Job, Reply, receive, send
from vidcache_gui.media.worker import FLAG

START_DEADLINE = 60.0  # seconds; it takes 0.3 s, and a busy machine with a slow disk much more


class Death(Exception):
    """The worker ended while it was needed. ``code`` is as subprocess has it: negative for
    a signal; None: it had to be ended. ``log`` is the end of what it wrote to stderr."""

    def __init__(self, code: int | None, log: str) -> None:
        super().__init__(f"a worker ended with code {code}\n{log}".strip())
        self.code = code
        self.log = log

    @property
    def signal(self) -> int | None:
        return -self.code if self.code is not None and self.code < 0 else None


class WorkerProcess:
    """One started worker. One thread at a time asks it; any thread may kill it.

    That thread must outlive the worker: the kernel ends a worker when the *thread* that
    started it is gone (PR_SET_PDEATHSIG).
    """

    def __init__(self, memory_limit: int, allowed: Allowed) -> None:
        """Starts the process without waiting for it. Raises OSError if that fails."""
        self.jobs = 0
        self.resident = 0  # bytes, after the last job
        self._allowed = allowed
        self._log: BinaryIO = tempfile.TemporaryFile(prefix="vidcache-worker-")  # noqa: SIM115
        self._connection, theirs = socket.socketpair()
        try:
            arguments, environment = _command(theirs.fileno(), memory_limit, allowed.extra)
            self._process = subprocess.Popen(
                arguments,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # Ctrl+C in a terminal reaches the whole group
            )
        except BaseException:
            self._connection.close()
            self._log.close()
            raise
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self) -> None:
        """Raises Death, TimeoutError or HostileAnswer."""
        try:
            receive(self._connection, time.monotonic() + START_DEADLINE, largest=100)
        except EOFError:
            raise self._death() from None

    def ask(self, job: Job) -> Reply:
        """Run one job. Raises Death, TimeoutError after ``job.deadline`` seconds, or
        HostileAnswer; after any of these the worker is of no more use."""
        until = time.monotonic() + job.deadline
        self.jobs += 1
        try:
            self._connection.settimeout(job.deadline)
            send(self._connection, pickle.dumps(job, protocol=5))
            reply = self._allowed.loads(receive(self._connection, until, LARGEST_ANSWER))
        except (EOFError, ConnectionError):
            raise self._death() from None
        if not isinstance(reply, Reply):
            raise TypeError(f"a worker answered with a {type(reply).__name__}")
        self.resident = reply.resident
        return reply

    def kill(self) -> None:
        """End the process now; the thread that is asking it hears of a Death."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """Kill, reap and let go of everything. The asking thread calls this."""
        self.kill()
        self._reap()
        self._connection.close()
        self._log.close()

    def _reap(self) -> None:
        # Longer only when stuck in the kernel, on a dead network disk perhaps.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)

    def _death(self) -> Death:
        """The connection ended: how did the process? It may need a moment to be gone."""
        code: int | None
        try:
            code = self._process.wait(2)
        except subprocess.TimeoutExpired:
            code = None  # it hung up on us and lives
            self.kill()
            self._reap()
        with contextlib.suppress(OSError):
            size = os.fstat(self._log.fileno()).st_size
            tail = os.pread(self._log.fileno(), 8000, max(0, size - 8000))
            return Death(code, tail.decode(errors="replace"))
        return Death(code, "")


def _command(
    fd: int, memory_limit: int, allowed: tuple[str, ...]
) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment that start a worker of this program."""
    arguments = [str(fd), str(memory_limit), str(os.getpid()), *allowed]
    environment = dict(os.environ)
    # Each thread of theirs reserves address space, which is what is limited.
    environment["OPENBLAS_NUM_THREADS"] = environment["OMP_NUM_THREADS"] = "1"
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG, *arguments], environment
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, environment.get("PYTHONPATH")]))
    # -P: the folder we happen to stand in may be full of downloads, one called numpy.py.
    return [sys.executable, "-P", "-m", "vidcache_gui.media.worker", *arguments], environment
