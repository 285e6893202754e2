"""What is looked at and what is kept."""

import numpy as np
import pytest

from vidcache_gui.media.fingerprint.fingerprint import SIDE, Fingerprint
from vidcache_gui.media.fingerprint.sampler import RUN, Sampler, spacing


def sample(levels: list[float], fps: float, step: float) -> Fingerprint:
    """Footage of flat pictures; a part of a level is a part of the picture one level up."""
    sampler = Sampler(step)
    for i, level in enumerate(levels):
        if sampler.wants(i / fps):
            picture = np.full(SIDE * SIDE, int(level), np.uint8)
            picture[: int(level % 1 * SIDE * SIDE)] += 1
            sampler.take(i / fps, picture.reshape(SIDE, SIDE))
    found = sampler.fingerprint(len(levels) / fps)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("seconds", "looks"),
    [(1.0, 12), (5.0, 12), (20.0, 5), (60.0, 5), (500.0, 4), (3000.0, 2), (10_000.0, 1), (None, 5)],
)
def test_looks_a_second(seconds: float | None, looks: int) -> None:
    assert spacing(seconds) == pytest.approx(1 / looks)


@pytest.mark.parametrize("fps", [8, 10, 23.976, 24, 25, 29.97, 30, 50, 60])
def test_looks_are_as_many_as_the_grid_has_or_the_footage(fps: float) -> None:
    found = sample([i * 10 % 250 for i in range(int(fps * 10))], fps, 1 / 8)
    assert abs(len(found) - min(fps, 8) * 10) <= 1
    assert np.diff(found.times.astype(int)).max() <= 1000 / 8 + 1000 / fps + 2


def test_a_still_is_one_run_however_long_it_lasts() -> None:
    found = sample([100.0] * 400, 8, 1 / 8)
    assert found.times.tolist() == [0]
    assert found.ends.tolist() == [50_000]
    assert found.duration == 50


def test_slow_movement_still_gives_a_picture_in_time() -> None:
    found = sample([100 + i / 16 for i in range(160)], 8, 1 / 8)  # half a level a second
    assert len(found) >= 20 / (RUN + 0.25)
    assert np.diff(found.times.astype(int)).max() <= (RUN + 0.25) * 1000


def test_each_picture_stays_until_the_next_and_the_last_to_the_end() -> None:
    found = sample([10, 10, 10, 200, 200, 50, 50, 50], 8, 1 / 8)
    assert found.times.tolist() == [0, 375, 625]
    assert found.ends.tolist() == [375, 625, 1000]
    assert found.pictures[:, 0, 0].tolist() == [10, 200, 50]


def test_times_that_stand_still_or_go_back_are_passed_over() -> None:
    sampler = Sampler(1 / 8)
    for time, level in ((0.0, 0), (1.0, 50), (0.5, 100), (1.0, 150), (2.0, 200)):
        if sampler.wants(time):
            sampler.take(time, np.full((SIDE, SIDE), level, np.uint8))
    found = sampler.fingerprint(3.0)
    assert found is not None
    assert found.times.tolist() == [0, 1000, 2000]


def test_nothing_seen_is_no_fingerprint() -> None:
    assert Sampler(1.0).fingerprint(5.0) is None
    assert Sampler(1.0).to_bytes(5.0) is None


def test_stored_fingerprints_come_back_as_they_were() -> None:
    found = sample([i * 7 % 250 for i in range(64)], 8, 1 / 8)
    again = Fingerprint.from_bytes(found.to_bytes())
    assert again.duration == found.duration
    for name in ("times", "ends", "pictures"):
        assert np.array_equal(getattr(again, name), getattr(found, name))
    for bad in (b"", b"VCfp", found.to_bytes()[:-9], b"x" * 100):
        with pytest.raises(ValueError, match="fingerprint"):
            Fingerprint.from_bytes(bad)
