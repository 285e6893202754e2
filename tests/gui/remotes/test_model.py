"""A list that comes while it is looked at: no further than is wanted, in order, to its end."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from vidcache_gui.cancel import CancelToken
from vidcache_gui.gui.background import Background
from vidcache_gui.gui.remotes.far import of_file
from vidcache_gui.gui.remotes.model import AHEAD, FarModel
from vidcache_gui.gui.remotes.stream import Batch
from vidcache_gui.interfaces.remotes.problems import Passing
from vidcache_gui.interfaces.remotes.records import RemoteFile

COUNT, PAGE = 20_000, 200


def batch(first: int) -> Batch:
    files = (
        RemoteFile(f"{row:064x}", f"clip {row}.mp4", row) for row in range(first, first + PAGE)
    )
    return [(row, of_file(file).at(row)) for row, file in enumerate(files, first)]


def paged(stop: CancelToken, pace: Callable[[int], None]) -> Iterator[Batch]:
    for first in range(0, COUNT, PAGE):
        yield batch(first)
        pace(first + PAGE)


@pytest.fixture
def model(background: Background) -> Iterator[FarModel]:
    made = FarModel(background)
    yield made
    made.stop()


def test_rows_come_as_they_are_scrolled_to(model: FarModel, qtbot: QtBot) -> None:
    model.show(paged)
    qtbot.waitUntil(lambda: model.rowCount() == AHEAD)
    assert not model.is_whole
    assert model.item(10) is not None
    while not model.is_whole:
        with qtbot.waitSignal(model.news):
            model.item(model.rowCount() - 1)
    assert model.rowCount() == COUNT
    last = model.item(COUNT - 1)
    assert last is not None
    assert (last.id, last.name) == (COUNT - 1, f"clip {COUNT - 1}.mp4")
    assert model.find_name("clip 9000", 8_000) == 9_000


def test_rows_that_are_told_of_again_change_in_place(model: FarModel, qtbot: QtBot) -> None:
    def twice(stop: CancelToken, pace: Callable[[int], None]) -> Iterator[Batch]:
        yield batch(0)
        _, far = batch(PAGE)[0]
        yield [(7, far.at(7)), (PAGE, far.at(PAGE))]

    model.show(twice)
    qtbot.waitUntil(lambda: model.is_whole)
    assert model.rowCount() == PAGE + 1
    seven = model.item(7)
    assert seven is not None
    assert (seven.id, seven.name) == (7, f"clip {PAGE}.mp4")


def test_what_came_stays_when_the_list_breaks_off(model: FarModel, qtbot: QtBot) -> None:
    def broken(stop: CancelToken, pace: Callable[[int], None]) -> Iterator[Batch]:
        yield batch(0)
        raise Passing("'attic' went away.")

    with qtbot.waitSignal(model.failed) as failed:
        model.show(broken)
    assert str(failed.args[0]) == "'attic' went away."
    assert model.rowCount() == PAGE


def test_another_list_takes_the_place_of_one_that_waits(model: FarModel, qtbot: QtBot) -> None:
    def few(stop: CancelToken, pace: Callable[[int], None]) -> Iterator[Batch]:
        yield batch(0)[:3]

    model.show(paged)
    qtbot.waitUntil(lambda: model.rowCount() == AHEAD)
    model.show(few)
    qtbot.waitUntil(lambda: model.is_whole)
    assert model.rowCount() == 3
