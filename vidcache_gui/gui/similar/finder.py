"""One search for footage like something, away from the window; the latest one counts."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.similar.sides import Shown, Side

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.similar.records import SimilarItem
    from vidcache_gui.gui.session import Session

STILL = 512  # pixels of the longer side
SLOW_MS = 300  # less is over before anybody has read that it is under way


@dataclass(frozen=True, slots=True)
class Question:
    """What to find footage like: an item, a file, or a picture."""

    name: str
    item: Item | None = None
    path: Path | None = None
    image: QImage | None = None

    @property
    def side(self) -> Side:
        return Side.of(self.item) if self.item is not None else Side(self.name)

    @property
    def quoted(self) -> str:
        return self.name if self.item is None and self.path is None else f"“{self.name}”"


def of_file(path: Path) -> Question:
    return Question(path.name, path=path)


def of_picture(image: QImage) -> Question:
    return Question("the picture", image=image)


@dataclass(frozen=True, slots=True)
class Found:
    rows: list[Shown]
    compared: int  # items in the library that could be compared
    picture: QImage | None  # of what is not in the library


class Finder(QObject):
    """``slow`` when it takes a moment; then exactly one of found and failed, or neither
    when it was cancelled or another question came."""

    slow = Signal()
    found = Signal(object)  # Found
    failed = Signal(str)

    def __init__(self, session: "Session", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stop = CancelToken()
        self._wait = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._wait.timeout.connect(self.slow)

    def ask(self, question: Question) -> None:
        self.cancel()
        self._stop = stop = CancelToken()
        library = self._session.library
        self._wait.start()

        def answer(act: Callable[[Any], None], value: Any) -> None:
            if not stop.cancelled:
                self._wait.stop()
                act(value)

        self._session.background.run(
            Purpose.SIMILAR,
            lambda: find(library, question, stop),
            lambda found: answer(self.found.emit, found),
            lambda error: answer(self._fail, error),
        )

    def cancel(self) -> None:
        """Nobody waits for the answer any more: the search ends."""
        self._stop.cancel()
        self._wait.stop()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.failed.emit(str(error))
        else:
            self._session.report(error)
            self.failed.emit("Something went wrong inside VidCache.")


def find(library: "Library", question: Question, stop: CancelToken) -> Found:
    picture = None
    if question.item is not None:
        hits = library.similar_to(question.item.id, stop=stop)
    elif question.path is not None:
        hits = library.similar_to_file(question.path, stop=stop)
        picture = _still(question.path)
    elif question.image is not None:
        hits = library.similar_to_picture(png(question.image), stop=stop)
        picture = question.image
    else:
        raise ValueError("a question about nothing")
    state = library.check_state()
    compared = state.fingerprinted - (question.item is not None)
    return Found(_rows(library, question, hits), max(0, compared), picture)


def _rows(library: "Library", question: Question, hits: "list[SimilarItem]") -> list[Shown]:
    verdicts: dict[str, str] = {}
    if question.item is not None:
        for decision in library.decisions(item=question.item.id):
            other = {decision.hash_a, decision.hash_b} - {question.item.hash}
            verdicts |= {hash: decision.verdict.value for hash in other}
    return [
        Shown(number, question.side, Side.of(hit.item), hit.match, verdicts.get(hit.item.hash, ""))
        for number, hit in enumerate(hits)
    ]


def _still(path: Path) -> QImage | None:
    """What a file that is a picture or an animation begins with; None for anything else."""
    # Not by Qt, which asks all its readers what it is: see thumbnails.decode.
    try:
        with Image.open(path) as opened:
            opened.draft("RGB", (STILL, STILL))
            still = opened.convert("RGBA")
    except Exception:  # there is no end to what a broken picture raises
        return None
    still.thumbnail((STILL, STILL))
    form = QImage.Format.Format_RGBA8888
    return QImage(still.tobytes(), still.width, still.height, 4 * still.width, form).copy()


def png(image: QImage) -> bytes:
    # Not through a QBuffer: a Python-made device must not be used off the main thread.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "picture.png")
        if not image.save(str(path)):
            raise UserError("This picture cannot be read.")
        return path.read_bytes()
