"""What a manifest would do, read away from the window."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
    "put": "Put {} in the library", "fetch": "Fetch {}", "export": "Export {}",
    "tag": "Tag {}", "delete": "Move {} to the trash", "pull": "Copy {} from a remote",
    "push": "Copy {} to a remote",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str  # what it would do, or why it cannot; paths short
    is_problem: bool
    whole: str = ""  # the same with whole paths


@dataclass(frozen=True, slots=True)
class Preview:
    counts: Mapping[str, int]  # items by action
    unreadable: int  # lines that are failures from the start
    lines: tuple[Line, ...]  # the first of them
    concurrency: int
    name: str = ""  # for the job: one that no other has

    @property
    def problems(self) -> int:
        """Lines that cannot be done as things are, as far as they were looked up."""
        return max(self.unreadable, sum(line.is_problem for line in self.lines))

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
                    lines.append(_line(library, item, (into, str(Path(path).parent))))
    except OSError as error:
        raise UserError(f"'{path}' cannot be read ({error.strerror}).") from error
    name = library.free_bulk_name(Path(path).stem)
    return Preview(counts, unreadable, tuple(lines), library.bulk_concurrency, name)


def _line(library: "Library", item: "BulkItem", folders: Sequence[str]) -> Line:
    try:
        text, is_problem = library.check_bulk_item(item), False
    except UserError as error:
        text, is_problem = str(error), True
    return Line(item.line or 0, _short(text, folders), is_problem, text)


def _short(text: str, folders: Sequence[str]) -> str:
    """Paths from the folder on that everything is in, so that their ends can be read."""
    for folder in folders:
        text = text.replace(f"'{folder.rstrip('/')}/", "'")
    return text


def sentence(preview: Preview) -> str:
    """``Put 900 items in the library, move 3 items to the trash. 4 lines cannot be done …``"""
    parts = [
        VERBS.get(action, f"{action.capitalize()} {{}}").format(words.items(count))
        for action, count in preview.counts.items()
    ]
    parts = [part if at == 0 else part[0].lower() + part[1:] for at, part in enumerate(parts)]
    said = f"{', '.join(parts)}." if parts else "Nothing in it can be done."
    if preview.problems:
        lines = words.plural(preview.problems, "line", "lines")
        least = "At least " if preview.items + preview.unreadable > CHECKED else ""
        said += f" {least}{lines} cannot be done and will be listed as failed."
    return said
