"""The review page as a part of the window: made when first wanted, gone with its library."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from vidcache_gui.gui.main_window import MainWindow
    from vidcache_gui.gui.review.desk import ReviewDesk
    from vidcache_gui.gui.review.review_page import ReviewPage


class ReviewRoom(QObject):
    """``page`` is None until somebody comes in."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.page: ReviewPage | None = None
        self._desk: ReviewDesk | None = None

    @property
    def is_shown(self) -> bool:
        return self.page is not None and self._window.pages.currentWidget() is self.page

    @property
    def foot(self) -> int:
        """Height of the bar at the lower edge, which messages must not cover."""
        return self.page.bar.height() if self.page is not None and self.is_shown else 0

    def enter(self) -> None:
        """Show what is to be decided, in place of the list."""
        window = self._window
        if window.session is None:
            return
        if self.page is None or self._desk is None:
            from vidcache_gui.gui.review.desk import ReviewDesk
            from vidcache_gui.gui.review.review_page import ReviewPage

            self.page = page = ReviewPage()
            page.compare.follow(window.settings)
            page.set_thumbnails(window.browser.thumbnails)
            page.left.connect(self.leave)
            full_screen = window.actions_by_id["full_screen"]
            page.compare.full_screen_requested.connect(full_screen.toggle)
            window.pages.addWidget(page)
            self._desk = ReviewDesk(page, window.session)
        window.show_in_place(self.page)
        self._desk.open()
        window.commands.enable(0)

    def leave(self) -> None:
        """Esc leaves full screen first, then the review."""
        full_screen = self._window.actions_by_id["full_screen"]
        if full_screen.isChecked():
            full_screen.setChecked(False)
            return
        self._window.show_browser()
        self._window.browser.leave_place("review")

    def rest(self) -> None:
        """Something else is shown: let go of the footage."""
        if self._desk is not None:
            self._desk.close()

    def close(self) -> None:
        """The library is being closed."""
        if self.page is not None:
            self.page.let_go()
            self._window.pages.removeWidget(self.page)
            self.page.deleteLater()
            self.page = self._desk = None
