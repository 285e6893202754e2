"""What was fetched from remotes to be shown, kept on disk up to a limit."""

import contextlib
import hashlib
import os
import re
import tempfile
import threading
from pathlib import Path

BUDGET = 2_000_000_000  # bytes
LEAN = 0.9  # of the budget is left when something has to go
PLAIN = re.compile(r"[0-9a-f]{64}")


class FrameCache:
    """By SHA-256, so a frame is fetched once whichever remote it is on. Thread-safe."""

    def __init__(self, folder: Path | None = None, budget: int = BUDGET) -> None:
        self._folder = folder or default_folder()
        self._budget = budget
        self._lock = threading.Lock()
        self._used: int | None = None  # bytes; None: not counted yet

    def get(self, sha256: str) -> bytes | None:
        """What was kept under this name; None where it is gone, or not what it was."""
        path = self._path(sha256)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        if hashlib.sha256(data).hexdigest() == sha256:
            return data
        path.unlink(missing_ok=True)
        return None

    def put(self, sha256: str, data: bytes) -> None:
        """Keep what has been checked. A full disk is no reason to fail: it is only a cache."""
        path = self._path(sha256)
        if len(data) > self._budget // 4:
            return
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fd, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
            try:
                with os.fdopen(fd, "wb") as file:
                    file.write(data)
                os.replace(temporary, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
                raise
            self._make_room(len(data))

    def _path(self, sha256: str) -> Path:
        if not PLAIN.fullmatch(sha256):
            raise ValueError("a SHA-256 in lower case")
        return self._folder / sha256[:2] / sha256

    def _make_room(self, more: int) -> None:
        """Drop what was not looked at for longest."""
        with self._lock:
            if self._used is not None and self._used + more <= self._budget:
                self._used += more
                return
            kept = []
            for path in self._folder.glob("??/*"):
                with contextlib.suppress(OSError):
                    about = path.stat()
                    kept.append((about.st_mtime_ns, about.st_size, path))
            used = sum(size for _, size, _ in kept)
            if used > self._budget:
                for _, size, path in sorted(kept):
                    if used <= self._budget * LEAN:
                        break
                    with contextlib.suppress(OSError):
                        path.unlink()
                        used -= size
            self._used = used


def default_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("vidcache") / "remotes"
