"""Items as numbered frames: gaps in their numbers, delays that people chose."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media import make
from vidcache_gui.core.footage import with_gaps
from vidcache_gui.core.library import Library
from vidcache_gui.errors import UserError


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as lib:
        yield lib


@pytest.mark.parametrize(
    ("numbers", "filled"),
    [
        ([0, 1, 2, 5, 6], [0, 1, 2, 3, 4, 5, 6]),
        ([10, 20, 40, 50, 60], [10, 20, 30, 40, 50, 60]),
        ([3], [3]),
        ([], []),
        ([0, 0, 0], [0, 0, 0]),  # without numbers of their own
        ([0, 1, 2, 4, 7, 1000], [0, 1, 2, 4, 7, 1000]),  # more gap than frames
        ([0, 10, 20, 25], [0, 10, 20, 25]),  # out of step
        ([1, 1, 2, 4], [1, 1, 2, 4]),
    ],
)
def test_missing_numbers_are_found_where_numbers_count(
    numbers: list[int], filled: list[int]
) -> None:
    assert with_gaps(numbers) == filled


@given(st.sets(st.integers(0, 10_000), min_size=1, max_size=40))
def test_no_frame_is_ever_lost(numbers: set[int]) -> None:
    filled = with_gaps(sorted(numbers))
    assert numbers <= set(filled)
    assert filled == sorted(set(filled))
    assert len(filled) <= 2 * len(numbers)


def test_a_group_with_gaps_has_a_place_for_each_missing_frame(
    library: Library, tmp_path: Path
) -> None:
    make.make_frames(tmp_path / "shot", 6)
    sorted((tmp_path / "shot").iterdir())[3].unlink()
    library.put_frames("videos", "shot", tmp_path / "shot")
    item = library.find("shot")
    library.set_delay(item.id, 20)
    source = library.open_source(library.find("shot"))
    assert (source.count, source.missing) == (6, frozenset({3}))
    assert list(source.durations) == [0.02] * 6
    assert [frame.index for frame in source.frames(4, 5)] == [4, 5]
    with pytest.raises(UserError, match="Frame 3 is missing"):
        list(source.frames(3, 3))


def test_chosen_delays_are_played_and_the_files_own_stay(library: Library, tmp_path: Path) -> None:
    path = make.make_gif(tmp_path / "a.gif", frames=4, delays_ms=[0, 10, 20, 30])
    list(library.ingest([path]))
    item = library.find("a.gif")
    library.set_delays(item.id, {1: 500, 3: 5, 99: 7})
    source = library.open_source(item)
    assert list(source.durations) == [0, 0.5, 0.02, 0.005]
    assert list(source.starts) == pytest.approx([0, 0, 0.5, 0.52])
    source.close()
    stored = library.open_source(item, as_stored=True)
    assert list(stored.durations) == [0, 0.01, 0.02, 0.03]
    stored.close()
    library.undo()
    assert library.delays(item.id) == {}
