"""The decoder thread: the latest request wins, nothing decoded is thrown away."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gui.player.footage import Steps
from tests.media import make
from vidcache_gui.errors import UserError
from vidcache_gui.gui.player.cache import FrameCache
from vidcache_gui.gui.player.decoder import Decoder
from vidcache_gui.gui.player.windows import AHEAD, Request
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import FrameSource

SIZE = (2, 2)
FRAME_BYTES = 16


class Rig:
    """A decoder with ears."""

    def __init__(self, open_it: Callable[[], FrameSource], budget: int = 1 << 20) -> None:
        self.cache = FrameCache(budget)
        self.opened: list[Any] = []
        self.frames: list[tuple[int, int]] = []
        self.failed: list[str] = []
        self._changed = threading.Condition()
        self.decoder = Decoder(
            open_it, self.cache,
            on_opened=lambda footage: self.hear(self.opened, footage),
            on_frame=lambda index, generation: self.hear(self.frames, (index, generation)),
            on_failed=lambda sentence: self.hear(self.failed, sentence),
        )  # fmt: skip

    def hear(self, ears: list[Any], what: Any) -> None:
        with self._changed:
            ears.append(what)
            self._changed.notify_all()

    def wait_for(self, done: Callable[[], bool]) -> None:
        """Not everything that can be waited for is told, so it is looked at now and then."""
        with self._changed:
            assert any(self._changed.wait_for(done, 0.002) for _ in range(10_000))

    def has(self, index: int, size: tuple[int, int] | None = SIZE) -> bool:
        return self.cache.has(self.decoder, size, index)


Start = Callable[..., Rig]


@pytest.fixture
def start() -> Iterator[Start]:
    rigs: list[Rig] = []

    def make_rig(source: Any, budget: int = 1 << 20) -> Rig:
        rigs.append(Rig(source if callable(source) else lambda: source, budget))
        rigs[-1].decoder.start()
        return rigs[-1]

    yield make_rig
    for rig in rigs:
        rig.decoder.stop()
        assert rig.decoder.join(20)


def test_a_step_back_after_a_seek_is_ready(start: Start) -> None:
    source = Steps(100, gop=25)
    rig = start(source)
    rig.decoder.want(Request(60, SIZE))
    rig.wait_for(lambda: rig.has(60))
    assert all(rig.has(index) for index in range(50, 60))
    assert source.decoded[:11] == list(range(50, 61))


def test_the_group_of_pictures_behind_a_resting_playhead_is_prefetched(start: Start) -> None:
    source = Steps(200, gop=25)
    rig = start(source, budget=150 * FRAME_BYTES)
    rig.decoder.want(Request(100, SIZE))
    rig.wait_for(lambda: all(rig.has(index) for index in range(50, 100)))
    before = len(source.decoded)
    for index in (99, 98, 97, 96):
        rig.decoder.want(Request(index, SIZE))
        assert rig.decoder.frame(index, SIZE) is not None
    assert len(source.decoded) <= before + AHEAD  # nothing at or behind it is decoded again


def test_the_latest_request_wins(start: Start) -> None:
    source = Steps(1000, gop=10)
    entered, go_on = threading.Event(), threading.Event()

    def gate(index: int) -> None:
        if index == 5:
            entered.set()
            assert go_on.wait(20)

    source.gate = gate
    rig = start(source)
    rig.decoder.want(Request(0, SIZE))
    assert entered.wait(20)
    generations = [rig.decoder.want(Request(index, SIZE)) for index in (300, 500, 700)]
    go_on.set()
    rig.wait_for(lambda: rig.has(700))
    assert not {300, 500} & set(source.decoded[: source.decoded.index(700)])
    assert (700, generations[-1]) in rig.frames
    assert generations == sorted(set(generations))


def test_the_same_request_again_is_no_news(start: Start) -> None:
    rig = start(Steps(10))
    request = Request(3, SIZE)
    assert rig.decoder.want(request) == rig.decoder.want(Request(3, SIZE))


def test_damaged_frames_are_told_and_the_rest_goes_on(start: Start) -> None:
    source = Steps(20, broken=frozenset({3, 4}), missing=frozenset({9}))
    rig = start(source)
    rig.decoder.want(Request(0, SIZE))
    rig.wait_for(lambda: rig.has(19))
    assert rig.decoder.damaged == {
        3: "Frame 3 is broken.",
        4: "Frame 4 is broken.",
        9: "Frame 9 is missing.",
    }
    assert rig.opened[0].missing == {9}
    assert {3, 4, 9} <= {index for index, _ in rig.frames}


def test_frames_that_silently_do_not_come_are_damaged(start: Start) -> None:
    """As decoders do with broken packets: the frame after them is the next thing seen."""

    class Silent(Steps):
        def frames(self, first: int, last: int, *args: Any, **how: Any) -> Iterator[Any]:
            for frame in super().frames(first, last, *args, **how):
                if frame.index not in (5, 18, 19):
                    yield frame

    rig = start(Silent(20))
    rig.decoder.want(Request(4, SIZE))
    rig.wait_for(lambda: set(rig.decoder.damaged) == {5, 18, 19})
    assert rig.decoder.damaged[5] == "Frame 5 could not be read: its data is damaged."


def test_our_own_faults_damage_a_frame_and_not_the_player(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    def gate(index: int) -> None:
        if index == 2:
            raise ZeroDivisionError

    source = Steps(6)
    source.gate = gate
    rig = start(source)
    rig.decoder.want(Request(1, SIZE))
    rig.wait_for(lambda: rig.has(5))
    assert rig.decoder.damaged == {2: "Frame 2 could not be read (ZeroDivisionError)."}
    assert "decoding frame 2 failed" in caplog.text


def test_a_source_that_does_not_open_is_said(start: Start) -> None:
    def refuse() -> FrameSource:
        raise UserError("it is gone")

    rig = start(refuse)
    rig.wait_for(lambda: bool(rig.failed))
    assert rig.failed == ["it is gone"]


def test_footage_without_frames_is_said(start: Start) -> None:
    source = Steps(0)
    rig = start(source)
    rig.wait_for(lambda: bool(rig.failed))
    assert rig.failed == ["It has no frames."]
    assert source.closed.wait(20)


def test_a_source_is_used_and_closed_in_one_thread(start: Start) -> None:
    source = Steps(50, gop=10)
    opened_in: list[int] = []

    def open_it() -> FrameSource:
        opened_in.append(threading.get_ident())
        return source

    rig = start(open_it)
    rig.decoder.want(Request(30, SIZE))
    rig.wait_for(lambda: rig.has(30))
    rig.decoder.stop()
    assert source.closed.wait(20)
    assert source.threads == set(opened_in)
    assert threading.get_ident() not in source.threads


def test_after_stopping_nothing_is_told_or_kept(start: Start) -> None:
    source = Steps(50)
    entered, go_on = threading.Event(), threading.Event()

    def gate(index: int) -> None:
        entered.set()
        assert go_on.wait(20)

    source.gate = gate
    rig = start(source)
    rig.decoder.want(Request(30, SIZE))
    assert entered.wait(20)
    rig.decoder.stop()
    go_on.set()
    assert rig.decoder.join(20)
    assert rig.frames == []
    assert rig.cache.nbytes == 0


def test_a_frame_too_large_for_the_cache_is_still_shown(start: Start) -> None:
    rig = start(Steps(5), budget=4)
    for index in (0, 3, 1):
        rig.decoder.want(Request(index, SIZE))
        rig.wait_for(lambda at=index: rig.decoder.frame(at, SIZE) is not None)  # type: ignore[misc]
    assert rig.cache.nbytes == 0


def test_another_size_is_another_frame(start: Start) -> None:
    rig = start(Steps(5, side=8))
    for size, side in (((4, 4), 4), (None, 8)):
        rig.decoder.want(Request(2, size))
        rig.wait_for(lambda size=size: rig.decoder.frame(2, size) is not None)  # type: ignore[misc]
        found = rig.decoder.frame(2, size)
        assert found is not None
        assert found.width == side


def make_footage(folder: Path, name: str) -> Path:
    path = folder / name
    if name.endswith("gif"):
        return make.make_gif(path, frames=30)
    if name.endswith("webp"):
        return make.make_webp(path, frames=30)
    if name.endswith("png"):
        return make.make_apng(path, frames=30)
    return make.make_video(path, frames=60, gop=30, bframes=2 if name == "b.mkv" else 0)


@pytest.mark.parametrize("name", ["a.mp4", "b.mkv", "c.gif", "d.webp", "e.png"])
def test_real_footage_both_ways(start: Start, tmp_path: Path, name: str) -> None:
    path = make_footage(tmp_path, name)
    inspection = inspect_file(str(path))
    rig = start(lambda: open_source(str(path), inspection.facts, inspection.index))
    count = inspection.facts.frame_count
    for index in (count - 1, 0, count // 2, count // 2 - 1, count // 2 - 2, 3, count - 2):
        rig.decoder.want(Request(index, None))
        rig.wait_for(lambda at=index: rig.has(at, None))  # type: ignore[misc]
        shown = rig.decoder.frame(index, None)
        assert shown is not None
        assert make.read_number(shown) == index
    assert rig.decoder.damaged == {}


def test_a_film_larger_than_the_cache_backwards(start: Start, tmp_path: Path) -> None:
    """Every frame is the right one, and stepping does not decode each group anew."""
    path = make.make_video(tmp_path / "long.mp4", frames=120, gop=60, bframes=2)
    inspection = inspect_file(str(path))
    rig = start(
        lambda: open_source(str(path), inspection.facts, inspection.index),
        budget=40 * 160 * 96 * 4,
    )
    for index in range(119, -1, -1):
        rig.decoder.want(Request(index, None, backwards=True, playing=True))
        rig.wait_for(lambda at=index: rig.decoder.frame(at, None) is not None)  # type: ignore[misc]
        shown = rig.decoder.frame(index, None)
        assert shown is not None
        assert make.read_number(shown) == index
        assert rig.cache.nbytes <= rig.cache.budget
    assert len(rig.frames) < 120 * 4


def test_a_long_group_is_not_started_anew_with_every_frame_that_is_shown(start: Start) -> None:
    """Backwards through groups larger than the cache; eight frames are decoded while one shows."""
    source = Steps(600, gop=200)
    rig = start(source, budget=120 * FRAME_BYTES)
    decoded: list[int] = []
    may_decode = threading.Semaphore(1000)

    def gate(index: int) -> None:
        assert may_decode.acquire(timeout=20)
        rig.hear(decoded, index)

    def nothing_more() -> None:
        while may_decode.acquire(blocking=False):
            pass

    source.gate = gate
    late = []
    for at in range(599, 100, -1):
        if at < 599 and not rig.has(at):
            late.append(at)
        enough = len(decoded) + 8 if at < 599 else 10_000  # the first time all of it
        rig.decoder.want(Request(at, SIZE, backwards=True, playing=True))
        if at < 599:
            may_decode.release(8)
        rig.wait_for(lambda enough=enough: rig.decoder.settled or len(decoded) >= enough)
        nothing_more()
    may_decode.release(1000)
    assert late == []
