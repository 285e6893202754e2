"""Joins the pages about same footage with the window: what they ask for, and where they show."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from vidcache_gui.gui.library.browser import Browser
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.gui.similar.evidence import EvidencePictures
from vidcache_gui.gui.similar.explain_dialog import ExplainDialog
from vidcache_gui.gui.similar.finder import Question, of_file, of_picture
from vidcache_gui.gui.similar.footage_page import FootagePage
from vidcache_gui.gui.similar.match_pane import BAR_HEIGHT
from vidcache_gui.gui.similar.phrases import main_segment
from vidcache_gui.gui.similar.sides import Shown, segment_at
from vidcache_gui.gui.similar.similar_page import SimilarPage

if TYPE_CHECKING:
    from vidcache_gui.core.records import Item
    from vidcache_gui.gui.main_window import MainWindow
    from vidcache_gui.gui.session import Session


class Desk(QObject):
    """Both pages lie in place of the browser's list; one library at a time."""

    def __init__(self, window: "MainWindow", browser: Browser) -> None:
        super().__init__(window)
        self._window = window
        self._browser = browser
        self._session: Session | None = None
        self._pictures: EvidencePictures | None = None
        self.footage = FootagePage()
        self.results = SimilarPage()
        for pane in (self.footage.pane, self.results.pane):
            pane.compare_requested.connect(self.compare)
            pane.play_requested.connect(window.play)
            pane.explain_requested.connect(self.explain)
        self.footage.subject_changed.connect(self._show_subject)
        self.results.pane.current_changed.connect(self._show_hit)
        self.footage.families.play_requested.connect(window.play)
        self.footage.left.connect(browser.return_to_list)
        self.results.left.connect(self._leave_results)

    def set_session(self, session: "Session | None") -> None:
        if self._pictures is not None:
            self._pictures.want([])
            self._pictures.deleteLater()
        self._session, self._pictures = session, None
        if session is not None:
            self._pictures = EvidencePictures(session.background, session.library, self)
        thumbnails = self._browser.thumbnails if session is not None else None
        for page in (self.footage, self.results):
            page.set_session(session, thumbnails, self._pictures)

    # Pages

    def show_footage(self) -> None:
        if self._session is not None:
            self._browser.show_page(self.footage, BAR_HEIGHT)
            self.footage.open()

    def _ask(self, question: Question) -> None:
        if self._session is not None:
            self._browser.show_page(self.results, BAR_HEIGHT)
            self.results.ask(question)

    def find_item(self, item: "Item") -> None:
        self._ask(Question(item.name, item=item))

    def find_file(self, path: str) -> None:
        self._ask(of_file(Path(path)))

    def find_picture(self, image: QImage) -> None:
        if not image.isNull():
            self._ask(of_picture(image))

    def _leave_results(self) -> None:
        """Back to where one was: the list, or the page of all matches."""
        if self._browser.sidebar.place == Place("footage"):
            self.show_footage()
        else:
            self._browser.leave_page()
            self._browser.focus_list()

    # What the pages ask for

    def compare(self, shown: Shown, at: float | None = None) -> None:
        """Both side by side as the match says: ``at`` a second of a, or where it begins."""
        if shown.items is None:
            return
        match = shown.match
        segment = main_segment(match) if at is None else segment_at(match, at)
        if segment is None:
            self._window.compare(*shown.items)
            return
        begins = segment.a0 if at is None else at
        self._window.compare(*shown.items, shown.match, begins)

    def explain(self, a: "Item", b: "Item") -> None:
        if self._session is None:
            return
        dialog = ExplainDialog(self._session, a, b, self._window)
        dialog.compare_requested.connect(self.compare)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # The inspector shows what the current row is about

    def _show_subject(self, items: "list[Item]") -> None:
        """Two are shown, but one key must not move both to the trash."""
        self._browser.show_page_items(items, act=len(items) == 1)

    def _show_hit(self, shown: Shown | None) -> None:
        if self.results.isVisible():
            item = shown.b.item if shown is not None else None
            self._browser.show_page_items([item] if item is not None else [])
