"""What a manifest would do, read away from the window."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import UserError
from vidcache_gui.gui import words

if TYPE_CHECKING:
    from vidcache_gui.core.bulk.records import BulkItem
    from vidcache_gui.core.library import Library

CHECKED = 200  # lines that are looked up; the others are only counted
VERBS = {
    "put": "{} put in the library", "fetch": "{} fetched", "export": "{} exported",
    "tag": "{} tagged", "delete": "{} moved to the trash",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str  # what it would do, or why it cannot
    is_problem: bool


@dataclass(frozen=True, slots=True)
class Preview:
    counts: Mapping[str, int]  # items by action
    unreadable: int  # lines that are failures from the start
    lines: tuple[Line, ...]  # the first of them
    concurrency: int

    @property
    def items(self) -> int:
        return sum(self.counts.values())

    @property
    def writes(self) -> bool:
        """Something is written to a folder."""
        return any(self.counts.get(action) for action in ("fetch", "export"))


def read(library: "Library", path: str, into: str, stop: CancelToken) -> Preview:
    """Raises UserError where it is no manifest."""
    counts: Counter[str] = Counter()
    unreadable = 0
    lines: list[Line] = []
    try:
        with open(path, "rb") as file:
            for item in library.read_manifest(file, base=Path(path).parent, into=into):
                stop.check()
                if item.problem is None:
                    counts[item.action] += 1
                else:
                    unreadable += 1
                if len(lines) < CHECKED:
                    lines.append(_line(library, item))
    except OSError as error:
        raise UserError(f"'{path}' cannot be read ({error.strerror}).") from error
    return Preview(counts, unreadable, tuple(lines), library.bulk_concurrency)


def _line(library: "Library", item: "BulkItem") -> Line:
    try:
        return Line(item.line or 0, library.check_bulk_item(item), False)
    except UserError as error:
        return Line(item.line or 0, str(error), True)


def sentence(preview: Preview) -> str:
    """``900 put in the library, 3 moved to the trash. 4 lines cannot be read.``"""
    parts = [
        VERBS.get(action, f"{{}} × {action}").format(words.items(count))
        for action, count in preview.counts.items()
    ]
    said = f"{', '.join(parts)}." if parts else "Nothing in it can be done."
    if preview.unreadable:
        lines = words.plural(preview.unreadable, "line", "lines")
        said += f" {lines} cannot be read and will be listed as failed."
    return said
