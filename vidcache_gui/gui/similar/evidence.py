"""The pictures that prove a match, decoded in the background, newest wish first."""

import logging
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.player.enlarge import image_of
from vidcache_gui.media.types import FrameSource

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

log = logging.getLogger(__name__)

SIDE = (320, 240)  # px, at most
KEPT = 240  # pictures: about 60 MB
ROUNDING = 1e-4  # seconds: a time that was rounded down still means its frame

Key = tuple[str, int]  # content hash, milliseconds


class EvidencePictures(QObject):
    """Ask with :meth:`want`, look with :meth:`picture`; ``arrived`` says when to look again."""

    arrived = Signal()

    def __init__(self, background: Background, library: "Library", parent: Any = None) -> None:
        super().__init__(parent)
        self._background = background
        self._library = library
        self._images: OrderedDict[Key, QImage] = OrderedDict()
        self._absent: set[Key] = set()
        self._asked: set[Key] = set()
        self._wanted: list[tuple[Item, list[float]]] = []
        self._keys: frozenset[Key] = frozenset()  # of these; read by the thread that decodes

    def picture(self, item: Item, seconds: float) -> QImage | None:
        key = key_of(item, seconds)
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
        return image

    def is_absent(self, item: Item, seconds: float) -> bool:
        """Whether there is no such picture: it cannot be decoded."""
        return key_of(item, seconds) in self._absent

    def want(self, wanted: Sequence[tuple[Item, Sequence[float]]]) -> None:
        """Decode these, and nothing else that was wanted before."""
        self._wanted = [(item, list(times)) for item, times in wanted]
        self._keys = frozenset(key_of(item, t) for item, times in self._wanted for t in times)
        self._ask_missing()

    def _ask_missing(self) -> None:
        for item, times in self._wanted:
            missing = sorted(
                t for t in set(times)
                if not {key_of(item, t)} & (self._asked | self._absent | self._images.keys())
            )  # fmt: skip
            if missing:
                self._ask(item, missing)

    def _ask(self, item: Item, times: list[float]) -> None:
        keys = [key_of(item, seconds) for seconds in times]
        self._asked.update(keys)

        def read() -> None:
            source = self._library.open_source(item)
            try:
                for key, seconds in zip(keys, times, strict=True):
                    if key not in self._keys:
                        continue
                    image = _decode(source, seconds, lambda key=key: key not in self._keys)
                    if image is not None or key in self._keys:
                        self._background.tell(key, self._receive, (key, image))
            finally:
                source.close()

        def failed(error: Exception) -> None:
            self._asked.difference_update(keys)
            self._absent.update(key for key in keys if key not in self._images)
            log.info("no pictures of %s: %s", item.hash[:12], error)
            self.arrived.emit()

        future = self._background.run(Purpose.EVIDENCE, read, lambda _: self._end(keys), failed)
        future.add_done_callback(lambda done: self._drop(keys, done))

    def _end(self, keys: list[Key]) -> None:
        """Some were passed over because something else was looked at meanwhile."""
        self._asked.difference_update(keys)
        if self._keys & set(keys) - self._images.keys() - self._absent:
            self._ask_missing()

    def _drop(self, keys: list[Key], future: "Future[Any]") -> None:
        if future.cancelled():
            self._asked.difference_update(keys)

    def _receive(self, arrival: tuple[Key, QImage | None]) -> None:
        key, image = arrival
        if image is None:
            self._absent.add(key)
        else:
            self._images[key] = image
            while len(self._images) > KEPT:
                self._images.popitem(last=False)
        self.arrived.emit()


def key_of(item: Item, seconds: float) -> Key:
    return item.hash, round(seconds * 1000)


def _decode(source: FrameSource, seconds: float, stop: Any) -> QImage | None:
    """The frame on screen at that time; None where it cannot be decoded or is not wanted."""
    if not source.count:
        return None
    index = min(max(bisect_right(source.starts, seconds + ROUNDING) - 1, 0), source.count - 1)
    try:
        for frame in source.frames(index, index, SIDE, prefix=False, stop=stop):
            if frame.index == index:
                return image_of(frame).copy()
    except UserError as error:
        log.info("frame %d cannot be shown: %s", index, error)
    return None
