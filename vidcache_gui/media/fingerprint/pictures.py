"""Fingerprints of what Pillow opens (animations, still pictures, sequences of them) and of GIFs."""

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from PIL import ImageOps

from vidcache_gui.media.animation import delays_of, open_picture
from vidcache_gui.media.container import choose_threads, decode, open_container, packets
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.fingerprint.sampler import Sampler, spacing
from vidcache_gui.media.fingerprint.small import Shrinker, draft, from_pillow
from vidcache_gui.media.openfile import open_regular

LEAST, INSTEAD = 0.02, 0.1  # seconds: delays below the one are shown as the other, as browsers do
_ROUNDING = 1e-7


def shown(delays: Iterable[float]) -> list[float]:
    """Seconds that the frames of an animation stay when it is played as browsers play it."""
    return [INSTEAD if delay < LEAST - _ROUNDING else delay for delay in delays]


def of_picture(file: BinaryIO, extension: str) -> Fingerprint | None:
    """Of a still picture or an animation. What comes before damage counts."""
    image = open_picture(file)
    delays = shown(delays_of(file, image.format))
    if len(delays) < 2:
        return _of_still(image)
    duration = sum(delays)
    sampler = Sampler(spacing(duration))
    starts = [0.0, *itertools.accumulate(delays)]
    if extension == "gif":
        _sample_gif(file, starts, sampler)
    else:
        _sample_animation(image, starts, sampler)
    return sampler.fingerprint(duration)


def _of_still(image: Any) -> Fingerprint | None:
    sampler = Sampler(1.0)
    with contextlib.suppress(Exception):  # Pillow raises many kinds of error on damaged files
        draft(image)
        sampler.take(0.0, from_pillow(ImageOps.exif_transpose(image)))
    return sampler.fingerprint(0.0)


def _sample_gif(file: BinaryIO, starts: Sequence[float], sampler: Sampler) -> None:
    """By libavcodec, which draws a GIF's frames in half the time that Pillow takes."""
    container = open_container(file, ("gif",))
    try:
        stream = container.streams.video[0]
        choose_threads(stream, 1)
        shrinker = Shrinker(0)
        for time, picture in zip(starts, decode(stream, packets(container, stream)), strict=False):
            if sampler.wants(time):
                sampler.take(time, shrinker.shrink(picture))
    finally:
        container.close()


def _sample_animation(image: Any, starts: Sequence[float], sampler: Sampler) -> None:
    # An APNG may carry a picture for programs that know no APNG; it is no frame.
    offset = 1 if getattr(image, "default_image", False) else 0
    with contextlib.suppress(Exception):
        for number, time in enumerate(starts[:-1]):
            image.seek(number + offset)  # each is drawn onto the one before
            if sampler.wants(time):
                sampler.take(time, from_pillow(image))


FEW = 240  # frames of a sequence of which none is passed over


def of_frames(paths: Sequence[str], delays: Sequence[float]) -> Fingerprint | None:
    """Of a frame sequence. A picture that is missing or damaged leaves the one before it."""
    duration = sum(delays)
    # How fast frames follow each other is often not known: all of a few are looked at.
    every = 0.0 if len(paths) <= FEW else spacing(duration)
    sampler = Sampler(every or min(delays, default=1.0) or 0.001)
    for path, time in zip(paths, _starts(delays), strict=True):
        if not sampler.wants(time):
            continue
        with contextlib.suppress(Exception), open_regular(path) as file:
            image = open_picture(file)
            draft(image)
            sampler.take(time, from_pillow(ImageOps.exif_transpose(image)))
    return sampler.fingerprint(duration)


def _starts(delays: Sequence[float]) -> Iterator[float]:
    return itertools.islice(itertools.accumulate(delays, initial=0.0), len(delays))
