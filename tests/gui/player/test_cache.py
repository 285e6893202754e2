"""The frame cache: never over its budget, and what goes is what is least wanted."""

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gui.player.footage import frame
from vidcache_gui.gui.player.cache import FrameCache, Look, runs_of

SMALL, LARGE = (2, 2), (4, 4)


def filled(indices: range, budget: int, at: int, *, backwards: bool = False) -> FrameCache:
    cache = FrameCache(budget)
    cache.open("a")
    cache.look_at("a", SMALL, Look(at, backwards))
    for index in indices:
        cache.put("a", SMALL, frame(index))
    return cache


@settings(max_examples=200)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]),
            st.sampled_from([SMALL, LARGE, None]),
            st.integers(0, 30),
            st.integers(1, 40),
            st.booleans(),
            st.booleans(),
        ),
        max_size=80,
    ),
    budget=st.integers(0, 400),
    less=st.integers(0, 400),
)
def test_it_never_exceeds_its_budget(
    steps: list[tuple[str, tuple[int, int] | None, int, int, bool, bool]], budget: int, less: int
) -> None:
    cache = FrameCache(budget)
    cache.open("a")
    cache.open("b")
    for source, size, index, quarter, backwards, loops in steps:
        if loops:
            cache.look_at(source, size, Look(index, backwards, (0, 30), loop=True))
        came_in = cache.put(source, size, frame(index, quarter * 4))
        assert cache.has(source, size, index) or not came_in
        assert cache.nbytes <= budget
        assert cache.nbytes == held(cache)
    cache.set_budget(less)
    assert cache.nbytes <= less
    assert cache.nbytes == held(cache)


def held(cache: FrameCache) -> int:
    frames = [
        cache.get(source, size, index)
        for source in "ab"
        for size in (SMALL, LARGE, None)
        for first, last in cache.runs(source, size)
        for index in range(first, last + 1)
    ]
    return sum(found.nbytes for found in frames if found is not None)


@settings(max_examples=200)
@given(
    indices=st.sets(st.integers(0, 40), min_size=6, max_size=30),
    at=st.integers(0, 40),
    backwards=st.booleans(),
    lap=st.sampled_from([0, 41]),
)
def test_what_goes_is_the_farthest(indices: set[int], at: int, backwards: bool, lap: int) -> None:
    """Passed frames count double; with a loop the way round counts."""
    cache = FrameCache(5 * 16)
    cache.open("a")
    cache.look_at("a", SMALL, Look(at, backwards, (0, 40) if lap else None, loop=bool(lap)))
    for index in indices:
        cache.put("a", SMALL, frame(index))

    def distance(index: int) -> int:
        ahead = at - index if backwards else index - at
        if lap:
            ahead %= lap
            return min(ahead, 2 * (lap - ahead))
        return ahead if ahead >= 0 else -2 * ahead

    kept = {i for first, last in cache.runs("a", SMALL) for i in range(first, last + 1)}
    assert len(kept) == 5
    assert max(map(distance, kept)) <= min(map(distance, indices - kept))


def test_behind_the_playhead_goes_first() -> None:
    cache = filled(range(8, 12), 4 * 16, at=10)
    assert cache.put("a", SMALL, frame(12))
    assert cache.runs("a", SMALL) == [(9, 12)]
    assert not cache.put("a", SMALL, frame(3))


def test_going_back_what_lies_ahead_goes_first() -> None:
    cache = filled(range(8, 12), 4 * 16, at=9, backwards=True)
    assert cache.put("a", SMALL, frame(7))
    assert cache.runs("a", SMALL) == [(7, 10)]
    assert 7 in cache
    assert 11 not in cache


def test_other_sources_and_sizes_go_before_what_is_watched() -> None:
    cache = filled(range(4), 6 * 16, at=0)
    cache.open("b")
    cache.look_at("b", LARGE, Look(0))
    for index in range(6):
        assert cache.put("b", LARGE, frame(index))
    assert cache.runs("a", SMALL) == []
    assert not cache.put("a", SMALL, frame(0))


def test_a_source_that_was_forgotten_cannot_come_back() -> None:
    cache = filled(range(4), 100 * 16, at=0)
    cache.forget("a")
    assert cache.nbytes == 0
    assert not cache.put("a", SMALL, frame(1))


def test_a_frame_larger_than_the_budget_is_not_kept() -> None:
    cache = filled(range(3), 3 * 16, at=0)
    assert not cache.put("a", SMALL, frame(9, 64))
    assert cache.runs("a", SMALL) == [(0, 2)]


def test_threads_may_share_it() -> None:
    cache = FrameCache(50 * 16)
    cache.open("a")

    def work(start: int) -> None:
        for step in range(2000):
            index = (start + step * 7) % 200
            cache.look_at("a", SMALL, Look(index, bool(step % 2)))
            cache.put("a", SMALL, frame(index))
            assert cache.nbytes <= cache.budget

    threads = [threading.Thread(target=work, args=(n * 50,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.nbytes == held(cache) == 50 * 16


def test_what_lies_outside_the_marks_goes_first() -> None:
    cache = FrameCache(6 * 16)
    cache.open("a")
    cache.look_at("a", SMALL, Look(12, span=(10, 15), loop=True))
    for index in (9, 16, 30, 10, 11, 15):
        assert cache.put("a", SMALL, frame(index))
    for index in (12, 13, 14):
        assert cache.put("a", SMALL, frame(index))
    assert cache.runs("a", SMALL) == [(10, 15)]
    assert not cache.put("a", SMALL, frame(16))


def test_room_is_left_for_frames_that_are_elsewhere() -> None:
    cache = filled(range(10), 10 * 16, at=0)
    cache.reserve(3 * 16)
    assert cache.runs("a", SMALL) == [(0, 6)]
    assert cache.room(16) == 7
    cache.reserve(20 * 16)
    assert cache.nbytes == 0
    assert not cache.put("a", SMALL, frame(0))


def test_the_nearest_frame() -> None:
    cache = filled(range(0, 40, 10), 100 * 16, at=0)
    assert [cache.nearest("a", SMALL, at) for at in (0, 4, 6, 22, 99)] == [0, 0, 10, 20, 30]
    assert cache.nearest("a", LARGE, 0) is None


def test_runs() -> None:
    assert runs_of([]) == []
    assert runs_of([3]) == [(3, 3)]
    assert runs_of([0, 1, 2, 5, 7, 8]) == [(0, 2), (5, 5), (7, 8)]
