"""mpv driven over its JSON socket, to measure against: no window, no sound, no user's settings."""

import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

ARGUMENTS = (
    "--no-config", "--vo=null", "--ao=null", "--no-audio", "--no-sub", "--pause", "--keep-open=yes",
    "--idle=no", "--hr-seek=yes", "--hwdec=no", "--really-quiet", "--load-scripts=no", "--ytdl=no",
    "--no-input-default-bindings", "--no-terminal",
)  # fmt: skip
_TICKS = os.sysconf("SC_CLK_TCK")


class Mpv:
    """A paused mpv showing one file. Use as a context manager; it is ended on leaving."""

    def __init__(self, path: Path | str, *arguments: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        address = os.path.join(self._folder.name, "mpv")
        self._process = subprocess.Popen(
            ["mpv", *ARGUMENTS, f"--input-ipc-server={address}", *arguments, "--", str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        self._events: list[dict[str, Any]] = []
        self._unread = b""
        self._asked = 0
        self._socket = self._connect(address)

    def _connect(self, address: str) -> socket.socket:
        limit = time.monotonic() + 20
        while True:
            link = socket.socket(socket.AF_UNIX)
            try:
                link.connect(address)
                return link
            except OSError:
                link.close()
                if time.monotonic() > limit or self._process.poll() is not None:
                    raise
                time.sleep(0.01)

    def __enter__(self) -> "Mpv":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(10)
        self._folder.cleanup()

    def command(self, *words: Any, seconds: float = 60) -> Any:
        """Run one command and return its data. Raises RuntimeError with mpv's own word."""
        self._asked += 1
        asked = self._asked
        told = json.dumps({"command": list(words), "request_id": asked}).encode() + b"\n"
        self._socket.sendall(told)
        limit = time.monotonic() + seconds
        while True:
            heard = self._hear(limit)
            if heard.get("request_id") == asked and "error" in heard:
                if heard["error"] != "success":
                    raise RuntimeError(f"{words}: {heard['error']}")
                return heard.get("data")
            self._events.append(heard)

    def get(self, name: str) -> Any:
        return self.command("get_property", name)

    def forget(self) -> None:
        """Drop the events heard so far: a following wait_for means what comes from now on."""
        self._events.clear()

    def wait_for(self, event: str, seconds: float = 60) -> dict[str, Any]:
        """The next event of this name ("playback-restart": a seek is done and shown)."""
        limit = time.monotonic() + seconds
        while True:
            while self._events:
                heard = self._events.pop(0)
                if heard.get("event") == event:
                    return heard
            self._events.append(self._hear(limit))

    def seek(self, seconds: float) -> None:
        """An exact seek, waited for."""
        self.forget()
        self.command("seek", seconds, "absolute+exact")
        self.wait_for("playback-restart")

    def _hear(self, limit: float) -> dict[str, Any]:
        while b"\n" not in self._unread:
            self._socket.settimeout(max(0.01, limit - time.monotonic()))
            more = self._socket.recv(65536)
            if not more:
                raise RuntimeError("mpv went away")
            self._unread += more
        line, self._unread = self._unread.split(b"\n", 1)
        heard: dict[str, Any] = json.loads(line)
        return heard

    def cpu_seconds(self) -> float:
        """User and system time of the process with all its threads, ended children included."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(field) for field in fields[11:15]) / _TICKS

    @property
    def pid(self) -> int:
        return self._process.pid
