"""Two libraries that are synchronised hold the same, and nothing is lost."""

from pathlib import Path

import pytest

from tests.core.sync.libraries import Libraries as Pair
from tests.core.sync.libraries import empty, libraries, put
from tests.media.make import make_image
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Ball, Query
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.core.sync.plan import make_plan
from vidcache_gui.core.sync.records import Act, Plan, Report, Way
from vidcache_gui.core.sync.run import carry_out
from vidcache_gui.errors import UserError

__all__ = ["empty", "libraries"]


@pytest.fixture
def pair(libraries: Pair) -> Pair:
    return libraries


def plan(pair: Pair, way: Way = Way.BOTH, *, mirror: bool = False) -> Plan:
    return make_plan(pair[0].side(), pair[1].side(), way, mirror=mirror)


def sync(pair: Pair, way: Way = Way.BOTH, *, mirror: bool = False) -> Report:
    report = carry_out(pair[0].side(), pair[1].side(), plan(pair, way, mirror=mirror))
    assert not report.failures
    return report


def balls(library: Library, ball_id: str | None) -> list[Ball]:
    return library.get_by_ball_id("videos", ball_id or "")


def keys(library: Library) -> dict[str, str]:
    return {ball.key: ball.hash for _, ball in library.ball_page()}


def test_files_travel_with_all_that_is_known_of_them(pair: Pair, tmp_path: Path) -> None:
    one, two = pair
    picture = make_image(tmp_path / "sea.png", 3)
    list(one.ingest([picture]))
    item = one.find("sea.png")
    one.tag([item.id], add=["blue"])
    one.set_meta(item.id, {"camera": "old", "takes": [1, 2]})
    one.bookmark(item.id, 0, "begins")
    one.move([item.id], bucket="holiday", prefix="2024/sea")
    report = sync(pair)
    assert report.moved == picture.stat().st_size
    found = two.details(two.find("sea.png").id)
    assert (found.item.bucket, found.item.prefix, found.item.tags) == (
        "holiday", "2024/sea", ("blue",)
    )  # fmt: skip
    assert found.meta == {"camera": "old", "takes": [1, 2]}
    assert [mark.note for mark in found.bookmarks] == ["begins"]
    assert [alias.source for alias in found.aliases] == [str(picture)]
    assert two.get_bytes(found.item.hash) == picture.read_bytes()
    assert two.poster(found.item) == one.poster(item)
    assert (found.item.width, found.item.codec) == (item.width, item.codec)


def test_a_second_run_moves_nothing(pair: Pair) -> None:
    one, two = pair
    put(one, "clip_0", b"first", frame_number="0")
    put(two, "other_0", b"second", "other")
    assert sync(pair).done == 4
    assert plan(pair).steps == ()
    assert keys(one) == keys(two)
    assert len(keys(one)) == 2
    assert one.group("videos", "clip")[0].tags == two.group("videos", "clip")[0].tags


def test_the_newer_content_wins_and_the_older_is_in_the_trash(pair: Pair) -> None:
    one, two = pair
    put(one, "clip_0", b"older", updated_at="1700000000")  # seconds
    put(two, "clip_0", b"newer", updated_at="1700000001000000000")  # nanoseconds
    assert [step.act for step in plan(pair).steps if step.id[0] == "b"] == [Act.REPLACE]
    sync(pair)
    assert one.get_bytes(one.group("videos", "clip")[0].hash) == b"newer"
    [trashed] = one.page(Query(trash=True))
    assert [one.get_bytes(ball.hash) for ball in balls(one, trashed.ball_id)] == [b"older"]


def test_each_detail_is_as_it_was_set_last(pair: Pair) -> None:
    one, two = pair
    put(one, "clip_0", b"same", updated_at="1700000000")
    sync(pair)
    mine, theirs = one.find("clip"), two.find("clip")
    one.tag([mine.id], add=["from one"])
    two.tag([theirs.id], add=["from two"])
    one.rename(mine.id, "first name")
    sync(pair)
    assert one.find("first name").tags == two.find("first name").tags == ("from one", "from two")
    two.tag([theirs.id], remove=["from one"])
    sync(pair)
    assert one.find("first name").tags == ("from two",)
    one.undo()  # what came by synchronising is a change like any other
    assert one.find("first name").tags == ("from one", "from two")


def test_what_was_deleted_is_not_brought_back(pair: Pair) -> None:
    one, two = pair
    put(one, "clip_0", b"first")
    put(one, "clip_1", b"second")
    sync(pair)
    one.remove_ball("videos", "clip_0")
    assert [step.act for step in plan(pair).steps] == [Act.KEEP]
    sync(pair)
    assert list(keys(one)) == ["clip_1"]
    assert len(keys(two)) == 2
    one.remove([one.find("clip").id])
    one.empty_trash()
    sync(pair)
    assert keys(one) == {}
    assert len(keys(two)) == 2
    assert not plan(pair, Way.TO).to_do


def test_what_was_deleted_before_they_ever_met_stays_so(pair: Pair, tmp_path: Path) -> None:
    one, two = pair
    picture = make_image(tmp_path / "sea.png", 3)
    for library in (two, one):
        list(library.ingest([picture]))
        put(library, "clip_0", b"first")
    one.remove([one.find("clip").id, one.find("sea.png").id])
    assert {step.act for step in plan(pair).steps} == {Act.KEEP}
    sync(pair)
    assert one.page(Query()) == []
    assert len(two.page(Query())) == 2


def test_what_comes_back_later_travels_again(pair: Pair) -> None:
    one, two = pair
    put(one, "clip_0", b"first")
    sync(pair)
    one.remove([one.find("clip").id])
    two.remove([two.find("clip").id])
    two.restore([two.page(Query(trash=True))[0].id])
    assert sync(pair).moved == 0
    assert list(keys(one)) == ["clip_0"]
    assert plan(pair).steps == ()


def test_a_mirror_says_what_goes_and_puts_it_in_the_trash(pair: Pair) -> None:
    one, two = pair
    put(one, "clip_0", b"first")
    put(two, "extra_0", b"second", "extra")
    put(two, "clip_1", b"third")
    with pytest.raises(UserError, match="direction"):
        plan(pair, mirror=True)
    going = {step.title for step in plan(pair, Way.TO, mirror=True).steps if step.act is Act.TRASH}
    assert going == {"videos/extra", "videos/extra_0", "videos/clip_1"}
    sync(pair, Way.TO, mirror=True)
    assert keys(one) == keys(two)
    assert list(keys(two)) == ["clip_0"]
    kept = [ball for item in two.page(Query(trash=True)) for ball in balls(two, item.ball_id)]
    assert sorted(two.get_bytes(ball.hash) for ball in kept) == [b"second", b"third"]
    assert plan(pair, Way.TO, mirror=True).steps == ()


def test_one_way_leaves_the_other_side_alone(pair: Pair) -> None:
    one, two = pair
    put(one, "clip_0", b"first")
    put(two, "extra_0", b"second", "extra")
    sync(pair, Way.FROM)
    assert set(keys(one)) == {"clip_0", "extra_0"}
    assert set(keys(two)) == {"extra_0"}


def test_disabled_balls_are_not_spread_but_their_flag_is(pair: Pair) -> None:
    one, two = pair
    put(one, "clip_0", b"first")
    sync(pair)
    put(one, "clip_1", b"second")
    for key in ("clip_0", "clip_1"):
        one.disable_ball("videos", key)
    one.describe_ball(BallFacts("videos", "clip_0", "clip", is_disabled=True))
    sync(pair)
    [only] = two.group("videos", "clip")
    assert only.is_disabled


def test_decisions_travel_and_are_taken_back(pair: Pair, tmp_path: Path) -> None:
    one, two = pair
    list(one.ingest([make_image(tmp_path / f"{n}.png", n) for n in (1, 2)]))
    a, b = one.page(Query())
    one.mark(a.id, b.id, Verdict.NOT_A_MATCH)
    sync(pair)
    assert [d.verdict for d in two.decisions()] == [Verdict.NOT_A_MATCH]
    two.undo()
    sync(pair)
    assert one.decisions() == []
    assert plan(pair).steps == ()


def test_cancelled_goes_on_where_it_was(pair: Pair) -> None:
    one, two = pair
    for number in range(4):
        put(one, f"clip{number}_0", b"%d" % number, f"clip{number}")
    stop = CancelToken()
    report = carry_out(
        one.side(), two.side(), plan(pair), stop=stop, workers=1,
        on_outcome=lambda outcome: stop.cancel(),
    )  # fmt: skip
    assert report.cancelled
    assert report.done == 1
    left = plan(pair)
    assert 0 < len(left.to_do) < 8
    sync(pair)
    assert keys(one) == keys(two)


def test_damaged_bytes_are_not_spread(pair: Pair) -> None:
    one, two = pair
    put(one, "clip_0", b"first")
    put(one, "clip_1", b"second")
    blob = one.blob_path(one.group("videos", "clip")[0].hash)
    blob.chmod(0o644)
    blob.write_bytes(b"FIRST")
    report = carry_out(one.side(), two.side(), plan(pair))
    assert [outcome.step.title for outcome in report.failures] == ["videos/clip_0"]
    assert "another one" in (report.failures[0].error or "")
    assert list(keys(two)) == ["clip_1"]
