"""One line on the terminal that says how far the work is; nothing in a pipe or a log."""

import os
import shutil
import sys
import time
from types import TracebackType

from vidcache_gui.interfaces.cli.output import Output, plain

WIDTH = 20
EVERY = 0.1  # seconds between two paintings
EIGHTHS = " ▏▎▍▌▋▊▉█"


class ProgressLine:
    """Use as a context manager: the line is gone when the work is over."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._visible = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._painted = False
        self._last = 0.0

    def __enter__(self) -> "ProgressLine":
        self._output.before_line = self.clear
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._output.before_line = lambda: None
        self.clear()

    def show(self, done: float, total: float, text: str) -> None:
        """Paint the line, unless that has just been done."""
        now = time.monotonic()
        if not self._visible or now - self._last < EVERY:
            return
        self._last = now
        line = f"{bar(done, total)} {plain(text)}"
        room = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f"\r{line[:room]}\x1b[K")
        sys.stderr.flush()
        self._painted = True

    def clear(self) -> None:
        if self._painted:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._painted = False
            self._last = 0.0


def bar(done: float, total: float) -> str:
    """A bar of WIDTH characters, exact to an eighth of one."""
    share = min(1.0, max(0.0, done / total)) if total > 0 else 0.0
    eighths = int(share * WIDTH * 8)
    full, part = divmod(eighths, 8)
    blocks = "█" * full + (EIGHTHS[part] if part else "")
    return f"▕{blocks:<{WIDTH}}▏"
