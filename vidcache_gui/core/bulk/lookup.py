"""Which item a line of a bulk job is about."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from vidcache_gui.core.discover import normalise
from vidcache_gui.core.records import Ball, Item
from vidcache_gui.errors import UserError

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

ITEM_COLUMNS = {"item": False, "bucket": False, "ball_id": False}
LARGEST_ID = 18  # digits
Options = Mapping[str, Any]


class Lookup:
    """Finds items; those named by number are read at once."""

    def __init__(self, library: "Library", all_options: Iterable[Options] = ()) -> None:
        self._library = library
        numbers = [number for one in all_options if (number := _number(one)) is not None]
        self._known = {item.id: item for item in library.items(numbers)} if numbers else {}

    def item(self, options: Options) -> Item:
        """Raises UserError when nothing or more than one item fits."""
        number = _number(options)
        if number is not None and number in self._known:
            return self._known[number]
        text, bucket, ball_id = (options.get(name) for name in ("item", "bucket", "ball_id"))
        if text:
            return self._named(str(text), number)
        if not (bucket and ball_id):
            raise UserError("It does not say which item: give an item, or a bucket and a ball_id.")
        item = self._library.group_of(str(bucket), str(ball_id))
        if item is None:
            raise UserError(f"There are no frames called '{ball_id}' in the bucket '{bucket}'.")
        return item

    def _named(self, text: str, number: int | None) -> Item:
        if number is not None and (found := self._library.items([number])):
            return found[0]
        try:
            return self._library.find(text)
        except UserError:
            item = self._library.resolve(normalise(text))
            if item is None:
                raise
            return item


def names_ball(options: Options) -> bool:
    """Whether it is about one frame of a group rather than about an item."""
    return bool(options.get("key")) or options.get("frame_number") is not None


def find_ball(library: "Library", options: Options) -> Ball | None:
    """One frame, by its key, or by its group and number; None when there is none."""
    bucket, ball_id, key = (options.get(name) for name in ("bucket", "ball_id", "key"))
    if not bucket or not (key or ball_id):
        raise UserError("A frame is named by bucket and key, or by bucket, ball_id and number.")
    if key:
        return library.ball(str(bucket), str(key))
    number = options.get("frame_number")
    group = library.group(str(bucket), str(ball_id))
    return next((ball for ball in group if ball.frame_number == number), None)


def _number(options: Options) -> int | None:
    text = str(options.get("item") or "").removeprefix("#")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LARGEST_ID else None
