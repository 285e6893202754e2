"""Posters and filmstrips of what is in view, decoded off the main thread, kept by bytes."""

import logging
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QImage

from vidcache_gui.core.records import Item
from vidcache_gui.gui.background import Background, Purpose

log = logging.getLogger(__name__)

SIDES = (128, 256, 512)  # posters are kept at the smallest of these that is large enough


class Picture(StrEnum):
    POSTER = "poster"
    STRIP = "strip"


@dataclass(frozen=True, slots=True)
class Wanted:
    hash: str
    picture: Picture
    side: int


class Pictures(Protocol):
    """Where they come from: a library, or a remote. Asked away from the window."""

    def poster(self, item: Item) -> bytes | None:
        """A JPEG; None where there is none."""
        ...

    def strip(self, item: Item) -> bytes | None: ...


class Thumbnails(QObject):
    """Ask with an item; None means not yet (``arrived`` follows) or never (``is_absent``)."""

    arrived = Signal(int)  # item id

    def __init__(
        self,
        background: Background,
        pictures: Pictures,
        budget: int,
        parent: Any = None,
        *,
        purpose: Purpose = Purpose.NOW,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._pictures = pictures
        self._purpose = purpose
        self._budget = budget  # bytes
        self._used = 0
        self._images: OrderedDict[Wanted, QImage] = OrderedDict()
        self._absent: set[Wanted] = set()
        self._asked: set[Wanted] = set()

    def poster(self, item: Item, side: int) -> QImage | None:
        """The poster at about ``side`` device pixels; a smaller one while that is loading."""
        wanted = Wanted(item.hash, Picture.POSTER, _round_up(side))
        image = self._get(wanted, item)
        if image is None:
            for other in SIDES:
                stand_in = self._images.get(Wanted(item.hash, Picture.POSTER, other))
                if stand_in is not None:
                    return stand_in
        return image

    def strip(self, item: Item) -> QImage | None:
        return self._get(Wanted(item.hash, Picture.STRIP, 0), item)

    def is_absent(self, item: Item) -> bool:
        """Whether the library has no poster of this item."""
        return any(Wanted(item.hash, Picture.POSTER, side) in self._absent for side in SIDES)

    def forget(self, item: Item) -> None:
        """Ask again for what was missing: the item was looked at anew."""
        self._absent = {wanted for wanted in self._absent if wanted.hash != item.hash}

    def set_budget(self, budget: int) -> None:
        self._budget = budget
        self._trim()

    @property
    def used_bytes(self) -> int:
        return self._used

    def _get(self, wanted: Wanted, item: Item) -> QImage | None:
        image = self._images.get(wanted)
        if image is not None:
            self._images.move_to_end(wanted)
            return image
        if wanted not in self._absent and wanted not in self._asked:
            self._ask(wanted, item)
        return None

    def _ask(self, wanted: Wanted, item: Item) -> None:
        self._asked.add(wanted)
        pictures = self._pictures

        def read() -> QImage | None:
            of = pictures.poster if wanted.picture is Picture.POSTER else pictures.strip
            data = of(item)
            return None if data is None else decode(data, wanted.side)

        future = self._background.run(
            self._purpose,
            read,
            lambda image: self._receive(wanted, item.id, image),
            lambda error: self._give_up(wanted, error),
        )
        future.add_done_callback(lambda done: self._drop(wanted, done))

    def _drop(self, wanted: Wanted, future: "Future[Any]") -> None:
        if future.cancelled():  # it scrolled out of view: it will be asked for again
            self._asked.discard(wanted)

    def _receive(self, wanted: Wanted, item_id: int, image: QImage | None) -> None:
        self._asked.discard(wanted)
        if image is None:
            self._absent.add(wanted)
        else:
            self._images[wanted] = image
            self._used += image.sizeInBytes()
            self._trim()
        self.arrived.emit(item_id)

    def _give_up(self, wanted: Wanted, error: Exception) -> None:
        self._asked.discard(wanted)
        self._absent.add(wanted)
        log.warning("no picture for %s: %s", wanted.hash[:12], error)

    def _trim(self) -> None:
        while self._used > self._budget and len(self._images) > 1:
            _, image = self._images.popitem(last=False)
            self._used -= image.sizeInBytes()


def decode(data: bytes, side: int = 0) -> QImage | None:
    """A JPEG as an image no larger than ``side`` (0: as it is); None if it is broken."""
    # No QImageReader over a QBuffer: see icons.image. Named, because looking for the kind asks
    # the SVG reader too, which connects signals: in a thread that holds the interpreter, while
    # the window's thread disconnects some and waits for the interpreter, both wait for ever.
    image = QImage.fromData(QByteArray(data), "JPG")  # type: ignore[arg-type]  # stubs: bytes
    if image.isNull():
        return None
    if side and max(image.width(), image.height()) > side:
        keep = Qt.AspectRatioMode.KeepAspectRatio
        image = image.scaled(side, side, keep, Qt.TransformationMode.SmoothTransformation)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _round_up(side: int) -> int:
    return next((known for known in SIDES if known >= side), SIDES[-1])
