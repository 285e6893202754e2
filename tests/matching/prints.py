"""Fingerprints of frames that never were a file: the matcher's tests need no decoder."""

import numpy as np
from PIL import Image

from tests.matching.scenes import RATE, Frames
from vidcache_gui.media.fingerprint.fingerprint import SIDE, Fingerprint

LOOKS = 8  # pictures a second
ALIKE = 1.5  # grey levels, mean: less is the same picture
LONGEST = 2000  # milliseconds that a picture stands for, at most


def fingerprint(frames: Frames, rate: float = RATE) -> Fingerprint:
    """What the fingerprint of these frames is like; ``rate``: frames a second."""
    duration = len(frames) / rate
    times: list[int] = []
    ends: list[int] = []
    pictures: list[np.ndarray] = []
    step = max(1.0, rate / LOOKS)
    place = 0.0
    while round(place) < len(frames):
        number = round(place)
        place += step
        grey = Image.fromarray(frames[number]).convert("L")
        small = np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32)
        picture = small.round().astype(np.uint8)
        time, end = round(number / rate * 1000), round(min(duration, (number + step) / rate) * 1000)
        change = np.abs(picture.astype(int) - pictures[-1]).mean() if pictures else 255
        if change < ALIKE and time - times[-1] < LONGEST:
            ends[-1] = end
        else:
            times.append(time)
            ends.append(end)
            pictures.append(picture)
    return Fingerprint(
        duration,
        np.asarray(times, np.uint32),
        np.asarray(ends, np.uint32),
        np.asarray(pictures, np.uint8).reshape(-1, SIDE, SIDE),
    )
