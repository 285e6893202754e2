"""What programs do to single balls is undone like everything else, in any order."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interfaces.server.serving import wait_until
from tests.media import make
from vidcache_gui.core import journal
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query
from vidcache_gui.errors import UserError


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps come so slowly that each is its own."""
    monkeypatch.setattr(journal, "SERIES_MS", -1)


def put(library: Library, key: str, data: bytes, group: str = "walk", **tags: str) -> int:
    incoming = library.incoming()
    incoming.write(data)
    return library.put_ball(incoming, BallFacts("clips", key, group, tags)).item_id


def held(library: Library, group: str = "walk") -> dict[str, bytes]:
    return {ball.key: library.get_bytes(ball.hash) for ball in library.group("clips", group)}


def fill(library: Library, count: int = 3) -> dict[str, bytes]:
    for number in range(count):
        put(library, f"walk_{number}", b"%d" % number, frame_number=str(number))
    return held(library)


def trash(library: Library) -> list[int]:
    return [item.frame_count for item in library.page(Query(trash=True))]


def test_balls_removed_one_after_the_other_come_back_at_once(library: Library) -> None:
    whole = fill(library)
    for key in ("walk_0", "walk_2"):
        assert library.remove_ball("clips", key) == 1
    assert list(held(library)) == ["walk_1"]
    assert trash(library) == [2]
    (entry,) = library.history()
    assert entry.label == "Remove frames of 'walk'"
    library.undo()
    assert held(library) == whole
    assert trash(library) == []
    assert "former_key" not in library.group("clips", "walk")[0].tags
    library.redo()
    assert list(held(library)) == ["walk_1"]
    (item,) = library.page(Query())
    assert (item.frame_count, item.size) == (1, 1)
    assert list(library.verify()) == []


@pytest.mark.usefixtures("one_by_one")
def test_the_last_takes_the_group_along_and_any_one_can_be_taken_back(library: Library) -> None:
    whole = fill(library)
    library.tag([library.page(Query())[0].id], add=["mine"])
    for key in whole:
        library.remove_ball("clips", key)
    assert library.page(Query()) == []
    (group,) = library.page(Query(trash=True))
    assert (group.name, group.tags, group.frame_count) == ("walk", ("mine",), 3)
    third, second, first = (entry.id for entry in library.history()[:3])
    library.undo_entry(third)
    assert list(held(library)) == ["walk_2"]
    library.undo_entry(first)
    assert list(held(library)) == ["walk_0", "walk_2"]
    library.redo_entry(third)
    assert held(library) == {}
    library.undo_entry(second)
    library.undo_entry(third)
    assert held(library) == whole
    assert trash(library) == []


def test_restoring_the_group_is_enough_where_all_were_removed(library: Library) -> None:
    whole = fill(library)
    for key in whole:
        library.remove_ball("clips", key)
    library.restore([item.id for item in library.page(Query(trash=True))])
    assert held(library) == whole
    library.undo()
    assert held(library) == {}
    library.undo()
    assert held(library) == whole


@pytest.mark.parametrize("balls", [1, 2])
def test_other_bytes_for_a_key_are_taken_back(library: Library, balls: int) -> None:
    whole = fill(library, balls)
    item_id = put(library, "walk_0", b"new", frame_number="0")
    assert held(library) == {**whole, "walk_0": b"new"}
    assert library.undo().label == "Undo Replace frames of 'walk'"
    assert held(library) == whole
    library.redo()
    assert held(library) == {**whole, "walk_0": b"new"}
    library.undo()
    assert [item.id for item in library.page(Query())] == [item_id], "it is the same item"
    assert library.page(Query(trash=True))[0].frame_count == 1


@pytest.mark.parametrize("data", [b"0", b"new"])
@pytest.mark.parametrize("balls", [1, 2])
def test_a_ball_put_into_another_group_is_missed_by_none(
    library: Library, balls: int, data: bytes
) -> None:
    whole = fill(library, balls)
    put(library, "walk_0", data, "run")
    assert held(library, "run") == {"walk_0": data}
    library.undo()
    groups = [held(library, item.ball_id or "") for item in library.page(Query())]
    assert [sorted(group.values()) for group in groups] == [sorted(whole.values())]


def test_what_is_said_of_a_ball_is_taken_back(library: Library) -> None:
    fill(library, 1)
    before = library.ball("clips", "walk_0")
    library.describe_ball(BallFacts("clips", "walk_0", "walk", {"a": "b"}, "image/gif", "me"))
    library.disable_ball("clips", "walk_0")
    after = library.ball("clips", "walk_0")
    assert after is not None
    assert (after.tags["a"], after.content_type, after.is_disabled) == ("b", "image/gif", True)
    library.undo()
    library.undo()
    assert library.ball("clips", "walk_0") == before
    library.describe_ball(BallFacts("clips", "walk_0", "walk", {"frame_number": "0"}))
    assert all(entry.undone for entry in library.history()), "the same words are no change"


def test_a_key_that_was_used_again_keeps_its_new_bytes(library: Library) -> None:
    fill(library)
    library.remove_ball("clips", "walk_1")
    put(library, "walk_1", b"again")
    with pytest.raises(UserError, match="changes nothing now"):
        library.undo()
    assert held(library)["walk_1"] == b"again"
    assert trash(library) == [1]


def test_what_was_deleted_for_good_is_said_to_be(library: Library) -> None:
    fill(library)
    library.remove_ball("clips", "walk_1")
    library.empty_trash()
    assert not library.history()[0].possible
    with pytest.raises(UserError, match="deleted when the trash was emptied"):
        library.undo()


def test_a_group_is_looked_at_again_when_a_removal_is_undone(
    library: Library, tmp_path: Path
) -> None:
    make.make_frames(tmp_path / "frames", 2)
    by_hand = library.put_frames("clips", "hand", tmp_path / "frames")
    for number, path in enumerate(sorted((tmp_path / "frames").iterdir())):
        put(library, f"walk_{number}", path.read_bytes(), frame_number=str(number))
    library.remove_ball("clips", "walk_1")

    def looked_at() -> bool:
        found = library.group_of("clips", "walk")
        return found is not None and found.hash == by_hand.hash

    library.settle_groups()
    library.undo()
    wait_until(looked_at)
