"""Manifests: CSV or JSON lines that say what a bulk job is to do.

They come from spreadsheets, scripts and strangers. A line that cannot be read is one failure,
with its number and the reason; a column nobody knows is refused before anything is begun,
because then nothing in the file may mean what it seems to. Cells are data: nothing in them is
ever evaluated.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from vidcache_gui.core.bulk.columns import all_columns, bulk_item
from vidcache_gui.core.bulk.records import Action, BulkItem
from vidcache_gui.errors import UserError

LONGEST_LINE = 1 << 20  # bytes
DELIMITERS = (",", ";", "\t")


class Manifest:
    """What a manifest holds, a line at a time. Iterate it once."""

    def __init__(
        self, file: BinaryIO, actions: Mapping[str, Action], *, base: Path, folder: Path
    ) -> None:
        """``base``: where relative sources start; ``folder``: what is written stays in it.

        Raises UserError when it cannot be a manifest at all, with line and column.
        """
        self._lines = _lines(file)
        self._actions = actions
        self._base = base
        self._folder = folder
        self._columns: list[str] = []
        self._delimiter = ","
        self._held: tuple[int, bytes | None] | None = None
        self._begin()

    def __iter__(self) -> Iterator[BulkItem]:
        if self._held is not None:
            yield self._item(*self._held)
        for number, line in self._lines:
            if line is None or line.strip():
                yield self._item(number, line)

    def _begin(self) -> None:
        """Read the first line: the header of a CSV, or the first object."""
        for number, line in self._lines:
            if line is None:
                raise UserError(f"Line {number} is longer than a manifest's line can be (1 MiB).")
            if not line.strip():
                continue
            text = _decode(line.removeprefix(b"\xef\xbb\xbf"), f"Line {number}: it")
            if text.lstrip().startswith("{"):
                self._held = (number, text.encode())
            else:
                self._read_header(number, text)
            return
        raise UserError("The manifest is empty.")

    def _read_header(self, number: int, text: str) -> None:
        known = all_columns(self._actions)
        readings = [(d, [c.strip().lower() for c in _split(text, d)]) for d in DELIMITERS]
        self._delimiter, columns = max(readings, key=lambda one: sum(c in known for c in one[1]))
        for place, name in enumerate(columns, 1):
            if name not in known:
                raise UserError(
                    f"Line {number}, column {place}: '{name[:80]}' is no column of a manifest. "
                    f"The columns are {', '.join(known)}."
                )
            if name in columns[: place - 1]:
                raise UserError(f"Line {number}, column {place}: '{name}' is there twice.")
        if "action" not in columns:
            raise UserError(f"Line {number}: there is no column 'action'.")
        self._columns = columns

    def _item(self, number: int, line: bytes | None) -> BulkItem:
        try:
            if line is None:
                raise UserError("It is longer than a line can be (1 MiB).")
            text = _decode(line, "It")
            values = self._cells(text) if self._columns else self._object(text)
            action = values.pop("action", "")
            if not isinstance(action, str):
                raise UserError("Its action is no text.")
            return bulk_item(
                action, values, self._actions, base=self._base, folder=self._folder, line=number
            )
        except UserError as error:
            return BulkItem("", {}, number, problem=str(error))

    def _cells(self, text: str) -> dict[str, Any]:
        cells = _split(text, self._delimiter)
        if len(cells) > len(self._columns) and any(cells[len(self._columns) :]):
            raise UserError(
                f"It has {len(cells)} cells, and there are {len(self._columns)} columns."
            )
        return dict(zip(self._columns, cells, strict=False))

    def _object(self, text: str) -> dict[str, Any]:
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UserError(f"It is not JSON ({str(error)[:120]}).") from error
        if not isinstance(values, dict):
            raise UserError("It is no JSON object.")
        known = all_columns(self._actions)
        for name in values:
            if name not in known:
                raise UserError(f"'{name[:80]}' is no key of a manifest.")
        return values


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """(number from 1, line); None for one that is too long, which is passed over unread."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield number, line
            continue
        while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield number, None


def _decode(line: bytes, what: str) -> str:
    try:
        text = line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise UserError(f"{what} is not UTF-8 text.") from error
    if "\0" in text:
        raise UserError(f"{what} holds a NUL character.")
    return text


def _split(text: str, delimiter: str) -> list[str]:
    """The cells of one line. A line break inside quotes is not known here; JSON lines know it."""
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UserError(f"Its quotes are not closed or a cell is too long ({error}).") from error
    return rows[0] if rows else []
