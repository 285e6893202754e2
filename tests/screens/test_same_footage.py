"""Pictures of everything about same footage, for eyes: real clips, matches that are given."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.gui.similar.fake import FakeLibrary, match, segment
from tests.screens.walk import Walk
from vidcache_gui.core.records import Item, Query
from vidcache_gui.core.similar.records import CheckState, SimilarItem, Verdict
from vidcache_gui.gui import theme as themes
from vidcache_gui.matching.records import Explanation, Match, Relation, Tier, Transform
from vidcache_gui.media.sample import balls, dusk, frames, ripples, write_video

FPS = 10
PROOF = "Every second of one has its counterpart in the other, in the same order."
CHECKED = CheckState(15_003, 14_100, 12_340, 900, 3, False, True, "Dusk over the hills.mp4")
STATES = (
    "grid", "inspector", "find", "find-why", "find-picture", "find-nothing", "find-waiting",
    "matches", "why", "stretch", "decided", "segments", "nothing", "explain", "explain-not",
)  # fmt: skip
DOC_PICTURES = {"matches": "same-footage.png", "why": "same-footage-why.png"}


def make_clips(folder: Path) -> None:
    """Dusk, and what people do to footage."""
    folder.mkdir()
    whole = frames(dusk, 80, 384, 216)
    water = frames(ripples, 20, 384, 216)
    clips = {
        "Dusk over the hills.mp4": whole,
        "dusk_360_final(2).mp4": [picture[::2, ::2] for picture in whole],
        "Mirrored and fast.mp4": [whole[at * 5 // 4][:, ::-1] for at in range(64)],
        "Tall dusk.mp4": [picture[:, 180:300] for picture in whole],
        "Evening compilation.mp4": [*water, *whole[20:50], *water[::-1], *whole[60:75]],
        "Backwards.mp4": whole[10:40][::-1],
        "Ripples.mp4": water,
        "Bouncing balls.mp4": frames(balls, 20, 384, 216),
    }
    for name, pictures in clips.items():
        write_video(folder / name, pictures, codec="libx264", fps=FPS)


def plant(library: FakeLibrary) -> dict[str, Item]:
    """What the engine would find among the clips."""
    items = {item.name.partition(".")[0]: item for item in library.page(Query())}
    whole, small, fast, tall, mixed, back, water = (
        items[name]
        for name in ("Dusk over the hills", "dusk_360_final(2)", "Mirrored and fast", "Tall dusk",
                     "Evening compilation", "Backwards", "Ripples")
    )  # fmt: skip
    cropped = Transform(box_a=(180 / 384, 0.0, 300 / 384, 1.0))
    for a, b, found in (
        (whole, small, match(segment(0, 8, 0, 8), score=0.99, reasons=(PROOF,))),
        (whole, tall, match(segment(0, 8, 0, 8, cropped), score=0.97, reasons=(PROOF,))),
        (water, mixed, match(segment(0, 2, 0, 2), relation=Relation.CONTAINS, score=0.95,
                             coverage=(1.0, 0.25))),
        (whole, fast, match(segment(0, 8, 0, 6.4, Transform(mirrored=True)), tier=Tier.LIKELY)),
        (whole, mixed, match(segment(2, 5, 2, 5), segment(6, 7.5, 7, 8.5), tier=Tier.LIKELY,
                             relation=Relation.OVERLAP, score=0.8, coverage=(0.56, 0.53))),
        (whole, back, match(segment(1, 4, 3, 0), relation=Relation.CONTAINS, tier=Tier.LOOK,
                            coverage=(0.38, 1.0))),
        (small, mixed, match(segment(2, 5, 2, 5), tier=Tier.LOOK, relation=Relation.OVERLAP,
                             score=0.5, coverage=(0.38, 0.35))),
    ):  # fmt: skip
        library.give(a, b, found)
    library.give_family("Opening titles", [whole, small, tall, mixed])
    library.give_family("Station ident, blue", [water, mixed, items["Bouncing balls"]], 1.6)
    library.similar = [
        SimilarItem(one.item_b, one.match) for one in library.found if one.item_a == whole
    ]
    library.state = CHECKED
    return items


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a library with the clips in it."""
    made = tmp_path_factory.mktemp("same footage")
    make_clips(made / "clips")
    with FakeLibrary.open(made / "My archive") as library:
        for _ in library.ready().ingest([made / "clips"]):  # type: ignore[attr-defined]
            pass
    return made / "My archive"


class SameFootage(Walk):
    """The states, one after the other."""

    about = "same"

    def walk(self, library: FakeLibrary) -> None:
        items = plant(library)
        window = self.window
        window.show_library(library)
        browser = window.browser
        self.wait_until(lambda: browser.model is not None and browser.model.is_listed)
        self.settle()
        self._theme.choose(self.scheme)
        self.picture("grid")
        whole = items["Dusk over the hills"]
        assert browser.model is not None
        row = browser.model.row_of(whole.id) or 0
        flags = QItemSelectionModel.SelectionFlag
        browser.grid.selectionModel().setCurrentIndex(
            browser.model.index(row, 0), flags.ClearAndSelect | flags.Rows
        )
        self.wait_until(browser.inspector.same.isVisible)
        self.picture("inspector")
        self._find(library, whole)
        self._matches(library)
        self._explain(library, items)
        window.close()

    def _find(self, library: FakeLibrary, whole: Item) -> None:
        results = self.window.desk.results
        self.window.actions_by_id["find_similar"].trigger()
        self.wait_until(results.pane.isVisible)
        self.picture("find")
        results.pane.show_why(True)
        self.picture("find-why")
        poster = QImage.fromData(library.poster(whole) or b"")
        self.window.desk.find_picture(poster)
        self.settle()
        self.wait_until(results.pane.isVisible)
        self.picture("find-picture")
        results.pane.show_why(False)
        library.similar = []
        self.window.desk.find_item(whole)
        self.wait_until(results.blank.isVisible)
        self.picture("find-nothing")
        library.gate = threading.Event()
        self.window.desk.find_item(whole)
        self.wait_until(results.cancel.isVisible)
        self.picture("find-waiting")
        library.gate.set()

    def _matches(self, library: FakeLibrary) -> None:
        page = self.window.desk.footage
        self.window.actions_by_id["same_footage"].trigger()
        self.wait_until(page.pane.isVisible)
        self.picture("matches")
        page.pane.show_why(True)
        self.picture("why")
        assert page.model is not None
        page.pane.view.setCurrentIndex(page.model.index(4))
        page.pane.view.choose_stretch(1)
        page.pane.view.choose_stretch(1)
        self.picture("stretch")
        page.pane.show_why(False)
        page.pane.view.setCurrentIndex(page.model.index(0))
        page.pane.decide(Verdict.KEEP_BOTH)
        page.pane.decide(Verdict.NOT_A_MATCH)
        self.picture("decided")
        page.families_button.click()
        self.picture("segments")
        page.matches_button.click()
        library.found.clear()
        library.state = replace(CHECKED, fingerprinted=15_000, checked=15_000, waiting=0)
        page.open()
        self.wait_until(page.blank.isVisible)
        self.picture("nothing")

    def _explain(self, library: FakeLibrary, items: dict[str, Item]) -> None:
        a, b = items["Dusk over the hills"], items["Evening compilation"]
        found: Match = match(
            segment(2, 5, 2, 5), segment(6, 7.5, 7, 8.5), tier=Tier.LIKELY,
            relation=Relation.OVERLAP, coverage=(0.56, 0.53),
        )  # fmt: skip
        steps = (
            "Both have enough pictures to tell: 33 of the first, 35 of the second.",
            "18 pictures of the first look like pictures of the second.",
            "They lie on two lines at the same speed: 0:02.0 to 0:05.0 and 0:06.0 to 0:07.5.",
            "Laid over each other they agree: the correlation is 0.98.",
            "Neither is a part of the other, so they overlap.",
        )
        library.answer = Explanation(found, steps)
        for name, answer in (
            ("explain", library.answer),
            ("explain-not", Explanation(None, (steps[0], "No picture of one looks like any of "
                                               "the other: the nearest are 23 of 64 bits apart."))),
        ):  # fmt: skip
            library.answer = answer
            self.window.desk.explain(a, b)
            self.picture(name)
            for dialog in self._dialogs():
                dialog.reject()


@pytest.mark.slow
@pytest.mark.screens
@pytest.mark.parametrize("scheme", [themes.Scheme.LIGHT, themes.Scheme.DARK])
def test_every_state_of_same_footage_is_pictured(
    qapp: QApplication, folder: Path, tmp_path: Path, scheme: themes.Scheme
) -> None:
    library = FakeLibrary.open(folder)
    assert isinstance(library, FakeLibrary)
    stage = SameFootage(qapp, tmp_path, scheme)
    try:
        stage.walk(library.ready())
    finally:
        stage.end()
    stage.keep(STATES, DOC_PICTURES)
