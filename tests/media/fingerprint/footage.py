"""Footage that moves smoothly, as cameras see it, and ways to put it into other boxes."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from vidcache_gui.media.fingerprint import hashes
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.fingerprint.look import Look

SIZE = (160, 96)
FAST = {
    "libx264": {"preset": "veryfast", "x264-params": "log-level=none"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
}


def scene(place: float, size: tuple[int, int] = SIZE, seed: int = 5) -> Any:
    """A look at a wide landscape of clouds from ``place`` on, RGB."""
    random = np.random.default_rng(seed)
    wide = Image.fromarray(random.integers(0, 256, (12, 120, 3), dtype=np.uint8))
    left = place * 0.25 % 100
    return wide.resize(size, Image.Resampling.BICUBIC, box=(left, 0, left + 20, 12))


def encode(
    path: Path,
    *,
    codec: str = "libx264",
    frames: int = 60,
    fps: int = 24,
    options: dict[str, str] | None = None,
    pix_fmt: str = "yuv420p",
    full_range: bool = False,
    still: bool = False,
    **settings: Any,
) -> Path:
    """Frame ``i`` is ``scene(i)``; ``settings``: attributes of the codec context."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream(
            codec, rate=fps, options={**FAST.get(codec, {}), **(options or {})}
        )
        stream.width, stream.height = SIZE
        stream.pix_fmt = pix_fmt
        for name, value in settings.items():
            setattr(stream.codec_context, name, value)
        if full_range:
            stream.codec_context.color_range = 2
        for i in range(frames):
            frame = av.VideoFrame.from_image(scene(0 if still else i))
            if full_range:
                frame = frame.reformat(format=pix_fmt, dst_color_range=2)
            frame.pts, frame.time_base = i, Fraction(1, fps)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def remux(source: Path, target: Path, *, title: str = "", first: int = 0) -> Path:
    """The same packets (from number ``first`` on) in the container that ``target`` names."""
    with av.open(str(source)) as given, av.open(str(target), "w") as output:
        if title:
            output.metadata["title"] = title
        stream = output.add_stream_from_template(given.streams.video[0], opaque=True)
        for number, packet in enumerate(given.demux(given.streams.video[0])):
            if packet.size and number >= first:
                packet.stream = stream
                output.mux(packet)
    return target


def read(look: Look) -> Fingerprint:
    assert look.fingerprint is not None
    return Fingerprint.from_bytes(look.fingerprint)


def apart(one: Fingerprint, other: Fingerprint) -> list[int]:
    """Bits of 256 between the pictures that both have at the same time, within 2 ms."""
    found = []
    for i, time in enumerate(one.times.astype(int)):
        j = int(np.abs(other.times.astype(int) - time).argmin())
        if abs(int(other.times[j]) - time) <= 2:
            pair = np.stack((one.pictures[i], other.pictures[j]))
            a, b = hashes.phash256(pair)
            found.append(int(np.bitwise_count(a ^ b).sum()))
    return found
