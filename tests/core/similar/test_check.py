"""Checking a library: everything once, resumable, pausable, by one process at a time."""

import threading
from pathlib import Path

import pytest

from tests.core.similar.library_of import check, fill, pairs
from tests.core.similar.world import World, match
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.catalog import MatchRow
from vidcache_gui.core.library import Library
from vidcache_gui.core.locks import FileLock
from vidcache_gui.core.similar.records import CheckState, Verdict
from vidcache_gui.matching.records import Match, Relation, Tier
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint


def test_a_library_from_before_is_checked(library: Library, world: World) -> None:
    fill(library, "a:0-9", "a:3-6", "b:0-5", "c:0-2")
    world.broken.add("c:0-2")
    assert library.check_state() == CheckState(4, 0, 0, 4, 0, False, False)
    told = check(library)
    assert told[-1] == CheckState(4, 3, 3, 0, 1, False, False)
    assert told[-1].done
    (found,) = library.matches()
    assert {found.item_a.name, found.item_b.name} == {"a:0-9", "a:3-6"}
    assert found.match.relation is Relation.CONTAINS
    assert library.match_counts() == {(Relation.CONTAINS, Tier.CERTAIN): 1}
    assert sorted(world.looked) == ["a:0-9", "a:3-6", "b:0-5", "c:0-2"]


def test_a_second_pass_decodes_nothing(library: Library, world: World) -> None:
    fill(library, "a:0-9", "a:3-6", "a:5-9 b:0-9")
    check(library)
    before, ids = pairs(library), [one.id for one in library.matches()]
    assert len(before) == 3
    world.looked.clear()
    compared = world.compared
    check(library)
    assert world.compared == compared, "nothing was new"
    library.rescan()
    assert library.check_state().checked == 0
    assert pairs(library) == before, "what was found is listed until it is found again"
    check(library)
    assert world.compared == compared + 3
    assert world.looked == []
    assert (pairs(library), [one.id for one in library.matches()]) == (before, ids)


def test_a_rescan_forgets_what_is_not_found_again(
    library: Library, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, *_ = fill(library, "a:0-9", "a:3-6", "b:0-5")
    library.mark(one, two, Verdict.KEEP_BOTH)
    check(library)
    monkeypatch.setattr("tests.core.similar.world.match", lambda a, b: None)
    library.rescan()
    seq, _ = library.changes_since(None)
    check(library)
    assert library.matches(decided=True) == []
    assert library.changes_since(seq)[1].matches
    assert [decision.verdict for decision in library.decisions()] == [Verdict.KEEP_BOTH]


def test_fingerprints_can_be_made_again(library: Library, world: World) -> None:
    fill(library, "a:0-9", "a:3-6")
    world.broken.add("a:3-6")
    check(library)
    assert library.check_state().failed == 1
    world.broken.clear()
    world.looked.clear()
    library.rescan()
    check(library)
    assert world.looked == ["a:3-6"], "what failed is tried again, nothing else"
    library.rescan(recompute=True)
    check(library)
    assert sorted(world.looked) == ["a:0-9", "a:3-6", "a:3-6"]
    assert pairs(library) == {("a:0-9", "a:3-6")}


def test_pausing_stops_after_the_item_and_resuming_goes_on(library: Library, world: World) -> None:
    fill(library, *(f"a:{n}-{n + 5}" for n in range(8)))
    world.on_look = lambda name: library.pause_check() if len(world.looked) == 3 else None
    told = check(library)
    assert told[-1].paused
    assert 0 < told[-1].fingerprinted < 8
    assert told[-1].fingerprinted == len(world.looked), "what was looked at is kept"
    check(library)
    assert library.check_state().fingerprinted < 8
    library.resume_check()
    assert check(library)[-1].done
    assert len(world.looked) == 8


def test_a_stop_is_followed_at_once(library: Library, world: World) -> None:
    fill(library, *(f"a:{n}-{n + 5}" for n in range(8)))
    stop = CancelToken()
    world.on_find = stop.cancel
    library.check(lambda state: None, stop=stop)
    assert world.compared == 1
    assert not library.check_state().done
    world.on_find = lambda: None
    assert check(library)[-1].done


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("step", range(6))
def test_a_kill_at_any_step_loses_at_most_that_step(tmp_path: Path, step: int) -> None:
    names = ["a:0-9", "a:3-6", "a:5-9 b:0-9"]
    world = World()
    steps = iter(range(100))

    def die() -> None:
        if next(steps) == step:
            raise Killed

    def die_looking(name: str) -> None:
        die()

    world.on_look, world.on_find = die_looking, die
    library = Library.open(tmp_path / "library")
    world.live_in(library)
    fill(library, *names)
    with pytest.raises(Killed):
        library.check(lambda state: None)
    library._parts.sidecar.save = lambda: None  # type: ignore[method-assign]  # it died before
    library.close()
    done = library.check_state().fingerprinted
    after = World()
    with Library.open(tmp_path / "library") as again:
        after.live_in(again)
        assert check(again)[-1].done
        assert len(pairs(again)) == 3
        assert len(after.looked) == 3 - done


def test_a_bug_in_one_comparison_does_not_stop_the_others(library: Library, world: World) -> None:
    fill(library, "a:0-9", "a:3-6", "b:1-4")

    def break_first() -> None:
        if world.compared == 1:
            raise ZeroDivisionError

    world.on_find = break_first
    state = check(library)[-1]
    assert (state.fingerprinted, state.checked) == (3, 2)
    assert pairs(library) == {("a:0-9", "a:3-6")}


def test_two_libraries_objects_on_one_folder_find_each_others_items(
    tmp_path: Path, world: World
) -> None:
    """As a window and a command line do: one writes the index, the other reads."""
    with Library.open(tmp_path / "library") as one, Library.open(tmp_path / "library") as two:
        world.live_in(one)
        world.live_in(two)
        fill(one, "a:0-9")
        check(one)
        fill(two, "a:3-6")
        check(two)
        assert pairs(two) == {("a:0-9", "a:3-6")}
        fill(one, "a:5-8")
        check(one)
        assert len(pairs(one)) == 3
    assert len(world.looked) == 3


def test_where_another_process_checks_this_one_follows(library: Library, world: World) -> None:
    fill(library, "a:0-9")
    lock = FileLock(library.path / "run" / "check.lock")
    assert lock.acquire()
    assert library.check_state().running
    told: list[CheckState] = []
    heard = threading.Event()

    def hear(state: CheckState) -> None:
        told.append(state)
        heard.set()

    thread = threading.Thread(target=library.check, args=(hear,))
    thread.start()
    assert heard.wait(60)
    assert told[0].running
    assert not world.looked
    lock.release()
    thread.join(60)
    assert told[-1].done


def test_a_check_that_goes_on_for_ever_sees_what_comes_in(library: Library) -> None:
    done: dict[int, threading.Event] = {1: threading.Event(), 2: threading.Event()}

    def hear(state: CheckState) -> None:
        if state.done and state.total in done:
            done[state.total].set()

    stop = CancelToken()
    thread = threading.Thread(
        target=library.check, args=(hear,), kwargs={"stop": stop, "forever": True}
    )
    thread.start()
    fill(library, "a:0-9")
    assert done[1].wait(60)
    fill(library, "a:2-4")
    assert done[2].wait(60)
    stop.cancel()
    library._parts.checker.wake()
    thread.join(60)
    assert len(library.matches()) == 1


def test_the_end_is_told_though_it_was_so_before(library: Library) -> None:
    """All is compared again and nothing is new: what was told on the way is not the last word."""
    fill(library, "a:0-9", "a:2-4")
    told: list[CheckState] = []
    ends = threading.Semaphore(0)
    stop = CancelToken()

    def hear(state: CheckState) -> None:
        told.append(state)
        if state.done and not state.running:
            ends.release()

    thread = threading.Thread(
        target=library.check, args=(hear,), kwargs={"stop": stop, "forever": True}
    )
    thread.start()
    try:
        assert ends.acquire(timeout=60)
        library.rescan()
        assert ends.acquire(timeout=10)
    finally:
        stop.cancel()
        library._parts.checker.wake()
        thread.join(60)
    orders = [state.order for state in told]
    assert orders == sorted(set(orders))
    assert library.check_state().order > orders[-1]


def test_each_pair_is_asked_about_once_and_from_the_same_side(
    library: Library, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a rescan cannot find other than what was found as the items came in."""
    asked: list[tuple[float, float]] = []

    def note(a: Fingerprint, b: Fingerprint) -> Match | None:
        asked.append((a.duration, b.duration))
        return match(a, b)

    monkeypatch.setattr("tests.core.similar.world.match", note)
    for seconds in (5, 9, 3, 7):
        fill(library, f"a:0-{seconds}")
        check(library)
    first = sorted(asked)
    assert first == [(3.0, 5.0), (3.0, 9.0), (7.0, 3.0), (7.0, 5.0), (7.0, 9.0), (9.0, 5.0)]
    asked.clear()
    library.rescan()
    check(library)
    assert sorted(asked) == first


def test_an_item_is_compared_with_what_came_after_it_and_was_not_checked(
    library: Library,
) -> None:
    one, *_ = fill(library, "a:0-9", "a:3-6", "b:0-9")
    check(library)
    library.rescan()
    with library._database.write():
        MatchRow.delete().execute()
    assert [similar.item.name for similar in library.similar_to(one)] == ["a:3-6"]


def test_a_number_in_the_index_is_never_given_twice(library: Library, world: World) -> None:
    (gone,) = fill(library, "c:0-9")
    check(library)
    world.broken.add("c:0-9")
    library.rescan(recompute=True)
    check(library)
    library.remove([gone])
    library.empty_trash()
    for name in ("a:0-9", "a:3-6"):
        fill(library, name)
        check(library)
    assert pairs(library) == {("a:0-9", "a:3-6")}
