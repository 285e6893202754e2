"""Writing MP4 (H.264) in which every frame keeps its own time."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, BinaryIO

import av
import av.error
import numpy as np

from vidcache_gui.errors import UserError
from vidcache_gui.media.exporting.choices import Quality
from vidcache_gui.media.exporting.timeline import Ticks

CLOCK = 90_000  # ticks a second: 24, 25, 30 and 30/1.001 frames a second are whole ticks
LONGEST = 0x7FFFFFFF
_CRF = {Quality.LOSSLESS: "0", Quality.HIGH: "16", Quality.SMALL: "26"}


def write_mp4(
    out: BinaryIO,
    pictures: Iterable[tuple[Any, float]],
    *,
    size: tuple[int, int],
    quality: Quality,
    fps: float,
) -> None:
    """Write (RGB picture or array, delay in ms). ``fps``: about how many there are a second.

    ``size`` must be even, see :func:`even_size`. Raises UserError when it cannot be encoded.
    """
    clock = Ticks(CLOCK / 1000, LONGEST)
    stays: dict[int, int] = {}
    time = 0
    with av.open(out, "w", format="mp4", options={"movflags": "write_colr"}) as container:
        stream = None
        for image, delay_ms in pictures:
            if stream is None:
                stream = _stream(container, size, quality, fps)
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            if quality is not Quality.LOSSLESS:
                picture = picture.reformat(
                    format="yuv420p", dst_colorspace="itu709", dst_color_range=1
                )
            picture.pts, picture.time_base = time, Fraction(1, CLOCK)
            stays[time] = max(1, clock.take(delay_ms))
            time += stays[time]
            _mux(container, _encoded(stream, picture), stays)
        if stream is not None:
            _mux(container, _encoded(stream, None), stays)


def even_size(width: int, height: int) -> tuple[int, int]:
    """H.264 stores colour for two by two pixels: at most one column and row are added."""
    return width + width % 2, height + height % 2


def to_even(image: Any) -> Any:
    """The picture with its last column or row repeated where its size is odd."""
    width, height = even_size(*image.size)
    if (width, height) == image.size:
        return image
    array = np.asarray(image)
    edges = ((0, height - image.height), (0, width - image.width), (0, 0))
    return np.pad(array, edges, mode="edge")


def _encoded(stream: Any, picture: Any) -> Any:
    try:
        return stream.encode(picture)
    except av.error.FFmpegError as error:
        raise UserError(
            f"These frames cannot be made an MP4 ({error.strerror}). Choose another format or size."
        ) from error


def _mux(container: Any, packets: list[Any], stays: dict[int, int]) -> None:
    """Encoders do not pass on how long a frame stays; the last one's is nowhere else."""
    for packet in packets:
        packet.duration = stays.pop(packet.pts, packet.duration)
        container.mux(packet)


def _stream(container: Any, size: tuple[int, int], quality: Quality, fps: float) -> Any:
    rate = Fraction(min(max(fps, 1), 1000)).limit_denominator(1001)
    lossless = quality is Quality.LOSSLESS
    stream = container.add_stream("libx264rgb" if lossless else "libx264", rate=rate)
    stream.width, stream.height = size
    stream.pix_fmt = "rgb24" if lossless else "yuv420p"
    stream.time_base = stream.codec_context.time_base = Fraction(1, CLOCK)
    # No B-frames: their durations are kept in decoding order, and the last would be lost.
    stream.options = {"crf": _CRF[quality], "preset": "medium", "bf": "0"}
    if not lossless:
        context = stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = context.color_range = 1
    return stream
