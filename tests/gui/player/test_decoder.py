"""The decoder thread: the latest request wins, nothing decoded is thrown away."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media import make
from vidcache_gui.errors import UserError
from vidcache_gui.gui.player.cache import FrameCache
from vidcache_gui.gui.player.decoder import Decoder, Request
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import Frame


def frame(index: int, nbytes: int = 16) -> Frame:
    return Frame(index, nbytes // 4, 1, nbytes, np.zeros(nbytes, np.uint8))


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 40), st.booleans()), max_size=80),
    st.integers(16, 400),
)
def test_the_cache_never_exceeds_its_budget(puts: list[tuple[int, int, bool]], budget: int) -> None:
    cache = FrameCache(budget)
    for index, quarter, backwards in puts:
        cache.look_at(index, backwards=backwards)
        cache.put(frame(index, quarter * 4))
        assert cache.nbytes <= budget
        held = [cache.get(i) for first, last in cache.ranges() for i in range(first, last + 1)]
        assert sum(f.nbytes for f in held if f is not None) == cache.nbytes


def test_what_lies_behind_goes_first() -> None:
    cache = FrameCache(16 * 4)
    cache.look_at(10, backwards=False)
    for index in (8, 9, 10, 11):
        cache.put(frame(index))
    cache.put(frame(12))
    assert cache.ranges() == [(9, 12)]
    assert not cache.put(frame(3))


class Steps:
    """A source in memory, with a keyframe every ``gop`` frames, that counts its decodes."""

    has_alpha = False
    width, height = 2, 2

    def __init__(self, count: int, gop: int, broken: frozenset[int] = frozenset()) -> None:
        self.count, self.gop, self.broken = count, gop, broken
        self.durations = [0.04] * count
        self.starts = [n * 0.04 for n in range(count)]
        self.missing: frozenset[int] = frozenset()
        self.decoded: list[int] = []
        self.closed = False
        self.gate: Callable[[int], None] = lambda index: None

    def keyframe_before(self, index: int) -> int:
        return index // self.gop * self.gop

    def frames(self, first: int, last: int, size: object = None) -> Iterator[Frame]:
        for index in range(self.keyframe_before(first), last + 1):
            self.gate(index)
            self.decoded.append(index)
            if index in self.broken and index >= first:
                raise UserError(f"frame {index} is broken")
            if index not in self.broken:
                yield frame(index)

    def close(self) -> None:
        self.closed = True


class Listener:
    def __init__(self) -> None:
        self.heard: list[tuple[str, object]] = []
        self._changed = threading.Condition()

    def __call__(self, what: str, value: object) -> None:
        with self._changed:
            self.heard.append((what, value))
            self._changed.notify_all()

    def wait_for(self, done: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(done, 10)


def run(source: Steps, budget: int = 1 << 20) -> tuple[Decoder, FrameCache, Listener]:
    cache, listener = FrameCache(budget), Listener()
    decoder = Decoder(lambda: source, cache, listener)
    decoder.start()
    return decoder, cache, listener


def test_a_step_back_after_a_seek_is_ready() -> None:
    source = Steps(100, gop=25)
    decoder, cache, listener = run(source)
    decoder.want(Request(60, (2, 2)))
    listener.wait_for(lambda: 60 in cache)
    listener.wait_for(lambda: all(i in cache for i in range(50, 100)))
    before = list(source.decoded)
    decoder.want(Request(59, (2, 2)))  # a step back: everything it needs is here
    decoder.close()
    assert source.decoded[: len(before)] == before
    assert not set(source.decoded[len(before) :]) & set(range(50, 100))
    assert source.closed


def test_the_latest_request_wins() -> None:
    source = Steps(1000, gop=10)
    entered, go_on = threading.Event(), threading.Event()

    def gate(index: int) -> None:
        if index == 5:
            entered.set()
            assert go_on.wait(10)

    source.gate = gate
    decoder, cache, listener = run(source)
    decoder.want(Request(0, (2, 2)))
    assert entered.wait(10)
    for index in (300, 500, 700):
        decoder.want(Request(index, (2, 2)))
    go_on.set()
    listener.wait_for(lambda: 700 in cache)
    on_the_way = source.decoded[: source.decoded.index(700)]
    decoder.close()
    assert 300 not in on_the_way
    assert 500 not in on_the_way


def test_damaged_frames_are_told_and_the_rest_goes_on() -> None:
    source = Steps(20, gop=1, broken=frozenset({3, 4}))
    decoder, cache, listener = run(source)
    decoder.want(Request(0, (2, 2)))
    listener.wait_for(lambda: 19 in cache)
    assert decoder.damaged == {3: "frame 3 is broken", 4: "frame 4 is broken"}
    decoder.close()


def test_a_source_that_does_not_open_is_said() -> None:
    def refuse() -> Steps:
        raise UserError("it is gone")

    listener = Listener()
    decoder = Decoder(refuse, FrameCache(), listener)
    decoder.start()
    listener.wait_for(lambda: bool(listener.heard))
    assert listener.heard == [("failed", "it is gone")]
    decoder.close()


@pytest.mark.parametrize("name", ["a.mp4", "b.mkv", "c.gif", "d.webp"])
def test_real_footage_both_ways(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("gif"):
        make.make_gif(path, frames=30)
    elif name.endswith("webp"):
        make.make_webp(path, frames=30)
    else:
        make.make_video(path, frames=60, gop=30, bframes=2 if name == "b.mkv" else 0)
    inspection = inspect_file(str(path))
    cache, listener = FrameCache(), Listener()
    decoder = Decoder(
        lambda: open_source(str(path), inspection.facts, inspection.index), cache, listener
    )
    decoder.start()
    count = inspection.facts.frame_count
    for index in (count - 1, 0, count // 2, count // 2 - 1, count // 2 - 2, 3):
        decoder.want(Request(index, None))
        listener.wait_for(lambda at=index: at in cache)  # type: ignore[misc]
        shown = cache.get(index)
        assert shown is not None
        assert make.read_number(shown) == index
    decoder.close()
    assert decoder.damaged == {}
