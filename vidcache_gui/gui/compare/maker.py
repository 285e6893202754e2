"""Makes the picture of what differs, and figures about it, away from the window's thread."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter

from vidcache_gui.gui.compare.difference import (
    Figures,
    Look,
    difference,
    evened,
    figures,
    pixels_of,
)
from vidcache_gui.media.types import Frame

THREAD_NAME = "compare-difference"


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is to be compared. ``images`` lie at ``places``; compared is what lies in ``place``,
    drawn at ``size`` pixels. ``frames`` own the memory of the images. ``key`` tells whether
    what was made is still what is wanted."""

    key: object
    frames: tuple[Frame | None, Frame | None]
    images: tuple[QImage, QImage]
    places: tuple[QRectF, QRectF]
    place: QRectF
    size: QSize
    gain: int
    look: Look
    even: bool


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    key: object
    image: QImage
    place: QRectF
    figures: Figures


def make(task: Task) -> Made:
    """In any thread."""
    cuts = [
        _cut_out(image, place, task.place, task.size)
        for image, place in zip(task.images, task.places, strict=True)
    ]
    a, b = (pixels_of(cut) for cut in cuts)
    if task.even:
        b = evened(a, b)
    return Made(task.key, difference(a, b, task.gain, task.look), task.place, figures(a, b))


def _cut_out(image: QImage, lies: QRectF, place: QRectF, size: QSize) -> QImage:
    """What a picture shows at ``place``."""
    if lies == place and image.size() == size:
        return image
    cut = QImage(size, QImage.Format.Format_RGB32)
    cut.fill(0)
    painter = QPainter(cut)
    painter.scale(size.width() / place.width(), size.height() / place.height())
    painter.translate(-place.topLeft())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(lies, image)
    painter.end()
    return cut


class Maker(QObject):
    """One thread, and one task: the latest wins."""

    made = Signal(object)  # Made
    _done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self._ready = threading.Condition()
        self._thread: threading.Thread | None = None
        self._asked: object = None  # the key that was asked for last
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def ask(self, task: Task) -> None:
        """Nothing happens where the same was asked for just before."""
        if task.key == self._asked:
            return
        self._asked = task.key
        with self._ready:
            self._task = task
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, args=(self._done.emit,), name=THREAD_NAME, daemon=True
                )
                self._thread.start()
            self._ready.notify()

    def drop(self) -> None:
        """What was asked for is not wanted any more."""
        with self._ready:
            self._task, self._asked = None, None

    def stop(self) -> None:
        """Drop what waits and let the thread go; it is made again when it is needed."""
        with self._ready:
            self._task, self._asked = None, None
            self._thread = None
            self._ready.notify_all()

    def _work(self, tell: Callable[[object], None]) -> None:
        me = threading.current_thread()
        while True:
            with self._ready:
                while self._task is None and self._thread is me:
                    self._ready.wait()
                if self._thread is not me:
                    return
                task, self._task = self._task, None
            if task is not None:
                with suppress(RuntimeError):  # the program ends
                    tell(make(task))

    @Slot(object)
    def _deliver(self, made: Made) -> None:
        if made.key == self._asked:
            self.made.emit(made)
