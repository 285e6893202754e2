"""What is on a remote as numbered frames: ahead, from the cache first, only what is shown."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gui.remotes.conftest import FRAMES
from tests.interfaces.remotes.archives import remote_of
from tests.interfaces.remotes.liars import wait_until
from tests.interfaces.server.serving import Running, serving
from tests.media import make
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.errors import Cancelled
from vidcache_gui.gui.remotes.far import Far
from vidcache_gui.gui.remotes.fetching import FrameFetcher
from vidcache_gui.gui.remotes.frame_cache import FrameCache
from vidcache_gui.gui.remotes.opening import Opening
from vidcache_gui.gui.remotes.posters import FarPosters
from vidcache_gui.gui.remotes.sequence import FarSequence, in_order
from vidcache_gui.gui.remotes.stream import listed
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.media.types import Kind


@pytest.fixture
def remote(far: Running) -> Iterator[Remote]:
    with remote_of(far) as found:
        yield found


@pytest.fixture
def cache(tmp_path: Path) -> FrameCache:
    return FrameCache(tmp_path / "frames")


def everything(remote: Remote, text: str = "") -> list[Far]:
    rows: dict[int, Far] = {}
    for batch in listed(remote, text, "", CancelToken(), lambda _: None):
        rows.update(batch)
    assert list(sorted(rows)) == list(range(len(rows)))
    return [rows[row] for row in sorted(rows)]


def one(remote: Remote, name: str) -> Far:
    return next(far for far in everything(remote) if far.item.name == name)


def test_files_and_groups_are_listed_once_and_found_by_name(remote: Remote) -> None:
    found = {far.item.name: far.item for far in everything(remote)}
    assert set(found) == {"clip 0.mp4", "clip 1.mp4", "clip 2.mp4", "walk"}
    assert found["walk"].kind is Kind.FRAMES
    assert found["walk"].frame_count == FRAMES
    assert found["clip 0.mp4"].kind is Kind.VIDEO
    assert found["clip 0.mp4"].duration
    assert [far.item.name for far in everything(remote, "lip 1")] == ["clip 1.mp4"]
    assert [far.item.name for far in everything(remote, "WAL")] == ["walk"]


def test_a_group_plays_by_frame_number_and_is_fetched_once(
    remote: Remote, cache: FrameCache, library: Library
) -> None:
    opening = Opening(one(remote, "walk"), remote, library, cache)
    source = opening()
    assert isinstance(source, FarSequence)
    assert (source.count, source.width, source.height) == (FRAMES, 64, 48)
    assert set(source.durations) == {0.1}
    shown = [make.read_number(frame) for frame in source.frames(0, FRAMES - 1)]
    assert shown == list(range(FRAMES))
    assert source._fetcher.fetched == FRAMES
    source.close()
    again = Opening(one(remote, "walk"), remote, library, cache)()
    assert isinstance(again, FarSequence)
    assert [make.read_number(frame) for frame in again.frames(7, 8)] == [7, 8]
    assert again._fetcher.fetched == 0
    again.close()


def test_frames_that_are_in_the_library_are_taken_from_there(
    remote: Remote, far: Running, cache: FrameCache
) -> None:
    source = Opening(one(remote, "walk"), remote, far.library, cache)()
    assert isinstance(source, FarSequence)
    assert [make.read_number(frame) for frame in source.frames(3, 4)] == [3, 4]
    assert source._fetcher.fetched == 0
    source.close()


def test_a_frame_that_was_damaged_in_the_cache_is_fetched_again(
    remote: Remote, cache: FrameCache, tmp_path: Path
) -> None:
    balls = in_order(remote.balls.group("videos", "walk"))
    first = balls[0]
    assert first is not None
    assert first.sha256 is not None
    fetcher = FrameFetcher(remote.balls, balls[:1], {}, cache)
    data = fetcher.load(0)
    (path,) = (tmp_path / "frames").glob("??/*")
    path.write_bytes(b"something else")
    assert cache.get(first.sha256) is None
    assert not path.exists()
    fetcher.close()
    assert data.startswith(b"\x89PNG")


def test_the_cache_keeps_within_its_budget_what_was_looked_at_last(tmp_path: Path) -> None:
    cache = FrameCache(tmp_path, budget=1000)
    blocks = [bytes([n]) * 240 for n in range(6)]
    names = [hashlib.sha256(block).hexdigest() for block in blocks]
    for name, block in zip(names, blocks, strict=True):
        cache.put(name, block)
        cache.get(names[0])
    kept = [cache.get(name) is not None for name in names]
    assert kept[0]
    assert kept[-1]
    assert not all(kept)
    assert sum(path.stat().st_size for path in tmp_path.glob("??/*")) <= 1000


def test_a_film_plays_by_ranges_frame_by_frame_wherever_one_goes(
    remote: Remote, library: Library, cache: FrameCache
) -> None:
    source = Opening(one(remote, "clip 1.mp4"), remote, library, cache)()
    assert (source.count, source.width, source.height) == (30, 64, 48)
    for first, last in ((0, 29), (17, 20), (3, 3), (29, 29), (12, 14)):
        shown = [
            (frame.index, make.read_number(frame))
            for frame in source.frames(first, last, prefix=False)
        ]
        assert shown == [(at, 100 + at) for at in range(first, last + 1)]
    source.close()


def test_a_large_film_is_not_fetched_to_be_played(
    tmp_path: Path, library: Library, cache: FrameCache
) -> None:
    clip = make.make_video(
        tmp_path / "large.mp4", size=(64, 48), frames=40, options={"movflags": "faststart"}
    )
    padded = tmp_path / "padded.mp4"
    free = 12_000_000
    padded.write_bytes(clip.read_bytes() + free.to_bytes(4, "big") + b"free" + b"\0" * (free - 8))
    with Library.open(tmp_path / "far") as far:
        for _ in far.ingest([padded]):
            pass
    with serving(tmp_path / "far") as running, remote_of(running) as remote:
        source = Opening(everything(remote)[0], remote, library, cache)()
        shown = [make.read_number(frame) for frame in source.frames(20, 22, prefix=False)]
        sent = sum(served.sent for served in running.served)
        source.close()
    assert shown == [20, 21, 22]
    assert sent < free / 4


def test_pictures_come_from_the_first_frame_and_from_the_start_of_a_file(
    remote: Remote, cache: FrameCache
) -> None:
    found = everything(remote)
    posters = FarPosters(remote, lambda item: found[item.id], cache)
    try:
        for far in found:
            if far.item.name in ("walk", "clip 0.mp4"):
                jpeg = posters.poster(far.item)
                assert jpeg is not None
                assert jpeg.startswith(b"\xff\xd8")
                assert posters.strip(far.item) is None
    finally:
        posters.close()


def test_what_is_left_before_it_is_open_fetches_nothing(
    remote: Remote, library: Library, cache: FrameCache
) -> None:
    opening = Opening(one(remote, "walk"), remote, library, cache)
    opening.cancel()
    with pytest.raises(Cancelled):
        opening()
    wait_until(lambda: not any(t.name.startswith("far-frame") for t in threading.enumerate()))
