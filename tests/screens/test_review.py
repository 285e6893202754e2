"""Pictures of reviewing, for eyes: real clips, real matches, real measures."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.screens.test_same_footage import make_clips
from tests.screens.walk import Walk
from vidcache_gui.core.library import Library
from vidcache_gui.gui import theme as themes
from vidcache_gui.gui.review.review_page import ReviewPage

STATES = (
    "pair", "all-facts", "wipe", "difference", "blink", "next", "caution", "merging", "history",
    "rules", "tried", "nothing",
)  # fmt: skip
DOC_PICTURES = {"pair": "review.png"}
Key = Qt.Key


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a library with the clips in it, compared."""
    made = tmp_path_factory.mktemp("review")
    make_clips(made / "clips")
    with Library.open(made / "My archive", create=True) as library:
        for _ in library.ingest([made / "clips"]):
            pass
        library.check(lambda _: None)
    return made / "My archive"


class Reviewing(Walk):
    """The states, one after the other, by keyboard alone."""

    about = "review"

    @property
    def page(self) -> ReviewPage:
        assert self.window.reviewing.page is not None
        return self.window.reviewing.page

    def press(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        QTest.keyClick(self.page.compare.focusProxy() or self.page.compare, key, modifiers)

    def walk(self, library: Library) -> None:
        window = self.window
        window.show_library(library)
        self.wait_until(lambda: window.browser.model is not None and window.browser.model.is_listed)
        self._theme.choose(self.scheme)
        window.actions_by_id["review"].trigger()
        self.wait_until(lambda: self.page.queue.row is not None)
        self._await_pair()
        self.picture("pair")
        self.page.facts.all.click()
        self.picture("all-facts")
        self.page.facts.all.click()
        for key, name in ((Key.Key_W, "wipe"), (Key.Key_D, "difference"), (Key.Key_B, "blink")):
            self.press(key)
            self.picture(name)
        self.press(Key.Key_Q)
        self.press(Key.Key_3)
        self._await_pair()
        self.picture("next")
        self._ask_before_the_last_copy_goes()
        self._dialogs_of_the_menu()
        while self.page.pair.isVisible():
            self.press(Key.Key_4)
        self.picture("nothing")
        window.close()

    def _await_pair(self) -> None:
        """Both pictures, the plans and the measured facts are there."""
        page = self.page
        self.wait_until(lambda: page.compare.engine.count > 0 and bool(page.bar.outcome.text()))
        self.wait_until(lambda: page.facts.measured)

    def _ask_before_the_last_copy_goes(self) -> None:
        for _ in range(6):
            self.press(Key.Key_2)
            if self._dialogs():
                break
            self.press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            self._await_pair()
        self.picture("caution")
        for dialog in self._dialogs():
            dialog.reject()

    def _dialogs_of_the_menu(self) -> None:
        desk = self.page.desk
        assert desk is not None
        for show, name in ((desk.show_merging, "merging"), (desk.show_history, "history")):
            show()
            self.wait_until(lambda: bool(self._dialogs()))
            self.picture(name)
            self._close()
        desk.show_rules()
        self.wait_until(lambda: bool(self._dialogs()))
        dialog = self._dialogs()[0]
        dialog.new.click()  # type: ignore[attr-defined]
        self.wait_until(lambda: dialog.list.count() > 0)  # type: ignore[attr-defined]
        self.picture("rules")
        dialog.try_it.click()  # type: ignore[attr-defined]
        self.wait_until(lambda: dialog.stack.currentIndex() == 1)  # type: ignore[attr-defined]
        self.picture("tried")
        self._close()

    def _close(self) -> None:
        for dialog in self._dialogs():
            dialog.accept()
        self.wait_until(lambda: not self._dialogs())


@pytest.mark.slow
@pytest.mark.screens
@pytest.mark.parametrize("scheme", [themes.Scheme.LIGHT, themes.Scheme.DARK])
def test_every_state_of_reviewing_is_pictured(
    qapp: QApplication, folder: Path, tmp_path: Path, scheme: themes.Scheme
) -> None:
    stage = Reviewing(qapp, tmp_path, scheme)
    try:
        stage.walk(Library.open(folder))
    finally:
        stage.end()
    stage.keep(STATES, DOC_PICTURES)
