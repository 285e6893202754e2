"""What the command line prints: lines for people, JSON objects for programs.

Names come from other people's disks and sites. On a terminal a control character can
rewrite what is shown, so none is ever printed as it is.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


class Output:
    """Results on stdout; progress, summaries and errors on stderr.

    ``before_line`` is called before anything is printed: it takes a progress line off the
    terminal that would otherwise be overwritten half.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.before_line: Callable[[], None] = lambda: None

    def record(self, values: dict[str, Any], text: str) -> None:
        """One result: the object with ``--json``, else its line for people."""
        self.line(json.dumps(values, default=str) if self.as_json else text)

    def line(self, text: str) -> None:
        self.before_line()
        print(text, flush=True)  # noqa: T201

    def heading(self, text: str) -> None:
        """A line above a list, where a person reads it (not in a pipe)."""
        if not self.as_json and sys.stdout.isatty():
            self.line(text)

    def note(self, text: str) -> None:
        """A sentence beside the results."""
        self.before_line()
        print(plain(text), file=sys.stderr, flush=True)  # noqa: T201

    def error(self, text: str) -> None:
        if self.as_json:
            self.line(json.dumps({"error": text}))
        self.note(text)


def plain(text: str) -> str:
    """Text that cannot steer a terminal: control and direction characters spelled out."""
    return UNSAFE.sub(_spell, text)


def _spell(match: re.Match[str]) -> str:
    code = ord(match.group())
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return match.group().encode("unicode_escape", "surrogatepass").decode("ascii")


class Columns:
    """Lines up columns as rows come, without knowing them all: a column only grows."""

    def __init__(self, align: str) -> None:
        """``align``: one of ``<`` and ``>`` per column but the last, which is never padded."""
        self._align = align
        self._widths = [0] * len(align)

    def line(self, cells: Sequence[str]) -> str:
        shown = []
        for place, cell in enumerate(plain(cell) for cell in cells):
            if place < len(self._align):
                self._widths[place] = max(self._widths[place], len(cell))
                cell = f"{cell:{self._align[place]}{self._widths[place]}}"
            shown.append(cell)
        return "  ".join(shown).rstrip()

    def fit(self, rows: Iterable[Sequence[str]]) -> None:
        """Make room for these rows before the first of them is printed."""
        for row in rows:
            self.line(row)


def human_size(size: float) -> str:
    """Decimal units, as disks and downloads are sold: 5.9 MB."""
    if size < 1000:
        return f"{size:.0f} B"
    units = iter(("kB", "MB", "GB", "TB"))
    unit = next(units)
    size /= 1000
    while size >= 999.5 and unit != "TB":
        size /= 1000
        unit = next(units)
    return f"{size:.1f} {unit}" if size < 99.5 else f"{size:.0f} {unit}"


def human_time(seconds: float) -> str:
    """0:31, 1:02:03; below ten seconds with tenths."""
    if seconds < 10:
        return f"0:{seconds:04.1f}"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def human_wait(seconds: float) -> str:
    """As exact as an estimate deserves: 8 s, 3 min, 2 h."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 90 * 60 else f"{round(seconds / 3600)} h"


def human_date(milliseconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(milliseconds / 1000))


def count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
