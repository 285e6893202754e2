"""The answer to "find footage like this"."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QRect, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from vidcache_gui.core.records import Changes, Item
from vidcache_gui.gui import theme, words
from vidcache_gui.gui.blank import Blank
from vidcache_gui.gui.ingest.drop_target import DropOverlay
from vidcache_gui.gui.library.drag import ITEMS_MIME
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.parts import ElidedLabel, button, icon_button, label
from vidcache_gui.gui.similar.evidence import EvidencePictures
from vidcache_gui.gui.similar.finder import Finder, Found, Question, of_file, of_picture
from vidcache_gui.gui.similar.match_model import ResultModel
from vidcache_gui.gui.similar.match_pane import MatchPane
from vidcache_gui.gui.similar.match_row import paint_picture, paint_tile

if TYPE_CHECKING:
    from vidcache_gui.gui.session import Session


class SimilarPage(QWidget):
    """Takes pictures that are dropped on it: each is a new question."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Footage like this")
        self.setAcceptDrops(True)
        self._finder: Finder | None = None
        self._question: Question | None = None
        self._trashed: set[int] = set()  # hits that were moved to the trash from here
        self.model = ResultModel(self)
        self.pane = MatchPane(alone=True)
        self.pane.set_model(self.model)
        self.pane.left.connect(self.left)
        self.blank = Blank()
        self.tile = _Tile()
        self._title = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._title.setFont(theme.font(theme.SECTION, medium=True))
        self._facts = label("", muted=True)
        self.overlay = DropOverlay(self)
        self._stack = QStackedWidget()
        for page in (self.pane, self.blank, self._build_waiting(), QWidget()):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_head())
        column.addWidget(self._stack, 1)

    def _build_head(self) -> QWidget:
        head = QWidget()
        head.setFixedHeight(60)
        self.back = icon_button("back", "Back to the list (Esc)", self.left.emit)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch()
        texts.addWidget(self._title)
        texts.addWidget(self._facts)
        texts.addStretch()
        across = QHBoxLayout(head)
        across.setContentsMargins(8, 0, 16, 0)
        across.setSpacing(8)
        across.addWidget(self.back)
        across.addWidget(self.tile)
        across.addSpacing(4)
        across.addLayout(texts, 1)
        return head

    def _build_waiting(self) -> QWidget:
        page = QWidget()
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(280)
        self._progress.setAccessibleName("Comparing")
        self._waiting = label("", muted=True)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.cancel = button("Cancel", self._cancel)
        self.cancel.setToolTip("Stop looking and go back (Esc)")
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self._progress, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._waiting)
        column.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page

    # A library

    def set_session(
        self,
        session: "Session | None",
        thumbnails: Thumbnails | None,
        pictures: EvidencePictures | None,
    ) -> None:
        if self._finder is not None:
            self._finder.cancel()
        self._finder = None
        self._question = None
        self.model.show([])
        self.tile.thumbnails = thumbnails
        if thumbnails is not None:
            thumbnails.arrived.connect(self.tile.update)
        self.pane.set_session(session, thumbnails, pictures)
        if session is not None:
            self._finder = Finder(session, session)
            self._finder.slow.connect(self._show_waiting)
            self._finder.found.connect(self._show_found)
            self._finder.failed.connect(self._show_failure)
            session.changed.connect(self._follow)

    @property
    def question(self) -> Question | None:
        return self._question

    def ask(self, question: Question) -> None:
        """Find footage like something; what was found before goes when the answer comes."""
        if self._finder is None:
            return
        self._question = question
        self._trashed.clear()
        self._title.setText(f"Footage like {question.quoted}")
        self._facts.setText("")
        self.tile.show_question(question, question.image)
        self._stack.setCurrentIndex(3)
        self._finder.ask(question)

    def _show_waiting(self) -> None:
        question = self._question
        if question is None:
            return
        doing = f"Looking at {question.quoted}" if question.item is None else "Comparing"
        self._waiting.setText(f"{doing}…")
        self._stack.setCurrentIndex(2)
        self.cancel.setFocus()

    def _show_found(self, found: Found) -> None:
        question = self._question
        if question is None:
            return
        self.tile.show_question(question, found.picture)
        self.pane.set_query_picture(found.picture)
        self.model.show(found.rows)
        among = f"compared with {words.items(found.compared)}"
        count = len(found.rows)
        self._facts.setText(f"{words.plural(count, 'match', 'matches')} · {among}")
        if count:
            self._stack.setCurrentWidget(self.pane)
            self.pane.setFocus()
            return
        self._facts.setText("")
        self.blank.say("Nothing like it is here", none_words(found.compared))
        self._stack.setCurrentWidget(self.blank)
        self.setFocus()

    def _show_failure(self, text: str) -> None:
        self._facts.setText("")
        self.blank.say("It could not be compared", text)
        self._stack.setCurrentWidget(self.blank)
        self.setFocus()

    def _follow(self, changes: Changes) -> None:
        """What goes to the trash leaves the results; what comes back from it returns."""
        if self.model.drop_items(changes.removed):
            self._trashed.update(changes.removed)
        elif self._question is not None and self._trashed & set(changes.added):
            self.ask(self._question)

    def _cancel(self) -> None:
        if self._finder is not None:
            self._finder.cancel()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
            event.accept()
        else:
            super().keyPressEvent(event)

    # What is dropped here is looked for, not added

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event.mimeData()) is None:
            event.ignore()  # the window takes it, to add it
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.overlay.show_text("Find footage like this", "It is only compared, and not added.")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.overlay.hide()
        question = _dropped(event.mimeData())
        if question is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.ask(question)


def _dropped(data: QMimeData) -> Question | None:
    """One file, or a picture that is none; None for anything else, as several files."""
    urls = data.urls()
    if len(urls) == 1 and urls[0].isLocalFile() and not data.hasFormat(ITEMS_MIME):
        return of_file(Path(urls[0].toLocalFile()))
    image = QImage(data.imageData()) if data.hasImage() else QImage()
    return None if image.isNull() else of_picture(image)


def none_words(compared: int) -> str:
    if not compared:
        return "There is nothing in this library yet that it could be compared with."
    return (
        f"It was compared with {words.items(compared)}: none of them shows the same footage, "
        "as a whole or in part."
    )


class _Tile(QWidget):
    """What was asked about, small."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(64, 40)
        self.thumbnails: Thumbnails | None = None
        self._item: Item | None = None
        self._image: QImage | None = None

    def show_question(self, question: Question, image: QImage | None) -> None:
        self._item, self._image = question.item, image
        self.setVisible(self._item is not None or image is not None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        tile = QRect(0, 2, 64, 36)
        paint_tile(p, tile, self._item, self.thumbnails, self.devicePixelRatioF())
        if self._image is not None:
            path = QPainterPath()
            path.addRoundedRect(tile, theme.TILE_RADIUS, theme.TILE_RADIUS)
            paint_picture(p, tile, path, self._image)
        p.end()
