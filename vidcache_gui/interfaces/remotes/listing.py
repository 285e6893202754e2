"""A long JSON list, an element at a time: a bucket may hold more than fits in memory."""

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any

LARGEST = 4 * 1024 * 1024  # characters of one element
FARTHEST = 2 * LARGEST  # … from one element to the next
_SPACE = " \t\r\n"


class _Reader:
    """JSON text of which only what was not used yet is held."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._json = json.JSONDecoder()
        self._text = ""
        self._at = 0
        self.idle = 0  # characters since the last element of the list

    def _more(self) -> bool:
        for part in self._parts:
            text = self._decode(part)
            if text:
                self.idle += len(text)
                if self.idle > FARTHEST:
                    raise ValueError("nothing is listed")
                self._text = self._text[self._at :] + text
                self._at = 0
                if len(self._text) > LARGEST:
                    raise ValueError("an element is too large")
                return True
        return False

    def peek(self) -> str:
        """The next character that is no space. Raises ValueError at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                raise ValueError("it ends too early")

    def take(self, one_of: str) -> str:
        found = self.peek()
        if found not in one_of:
            raise ValueError(f"{found!r} instead of one of {one_of!r}")
        self._at += 1
        return found

    def value(self) -> Any:
        if self.peek() in "-0123456789":
            self._whole_number()
        while True:
            try:
                value, self._at = self._json.raw_decode(self._text, self._at)
            except ValueError:
                # By half of what there is, so that bytes that come one by one are not tried
                # one by one.
                wanted = len(self._text) - self._at
                wanted += wanted // 2
                if not self._more():
                    raise
                while len(self._text) < wanted and self._more():
                    pass
                continue
            return value

    def _whole_number(self) -> None:
        """A number may go on in the next part."""
        end = self._at
        while True:
            while end < len(self._text):
                if self._text[end] not in "-+.eE0123456789":
                    return
                end += 1
            before = end - self._at
            if not self._more():
                return
            end = self._at + before


def elements(parts: Iterable[bytes], name: str | None) -> Iterator[Any]:
    """The elements of the list that the text is, or of its field ``name``.

    Raises ValueError or RecursionError for what is no such JSON.
    """
    reader = _Reader(parts)
    if reader.peek() == "[":
        yield from _list(reader)
        return
    reader.take("{")
    while reader.peek() != "}":
        key = reader.value()
        reader.take(":")
        if key == name and reader.peek() == "[":
            yield from _list(reader)
        else:
            reader.value()
        if reader.peek() != "}":
            reader.take(",")


def _list(reader: _Reader) -> Iterator[Any]:
    reader.take("[")
    while reader.peek() != "]":
        yield reader.value()
        reader.idle = 0
        if reader.peek() != "]":
            reader.take(",")
    reader.take("]")
