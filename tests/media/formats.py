"""Small footage in every codec and container that is played, made with PyAV.

Every frame carries its number as a bar code (see ``make.read_number``) on moving noise, so
that no two pictures are alike and a wrong one is never taken for the right one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tests.media.make import BITS, make_apng, make_gif, make_webp

SIZE = (160, 96)
RATE = 25


@dataclass(frozen=True)
class Format:
    """How to make one kind of file. ``times``: milliseconds at which frame i is shown."""

    extension: str
    codec: str
    container: str | None = None
    pixels: str = "yuv420p"
    gop: int = 24
    bframes: int = 0
    options: dict[str, str] = field(default_factory=dict)
    times: Callable[[int], int] | None = None
    size: tuple[int, int] = SIZE
    remux: Callable[[Path, Path], None] | None = None  # what is done to the finished file


def noisy(number: int, size: tuple[int, int] = SIZE, seed: int = 5) -> NDArray[np.uint8]:
    """RGB picture ``number``: bar code on top, drifting coloured noise below, (h, w, 3)."""
    width, height = size
    chance = np.random.default_rng(seed)
    coarse = chance.integers(30, 226, (height // 8 + 2, width // 8 + 64, 3), np.uint8)
    drift = np.roll(coarse, -(number % 60), axis=1).repeat(8, 0).repeat(8, 1)
    picture = np.ascontiguousarray(drift[:height, :width])
    grain = np.random.default_rng(number).integers(-14, 15, picture.shape)
    picture = np.clip(picture.astype(np.int16) + grain, 0, 255).astype(np.uint8)
    code = max(8, height // 4)
    for bit in range(BITS):
        shade = 235 if number >> (BITS - 1 - bit) & 1 else 16
        picture[:code, width * bit // BITS : width * (bit + 1) // BITS] = shade
    return picture


def make(form: Format, path: Path, frames: int) -> Path:
    """Encode ``frames`` numbered pictures in this format; returns the file."""
    if form.codec in _ANIMATIONS:
        _ANIMATIONS[form.codec](path, frames)
        return path
    target = path.with_name("plain-" + path.name) if form.remux else path
    opened = av.open(str(target), "w", format=form.container)
    with opened as output:
        stream: Any = output.add_stream(form.codec, rate=RATE, options=dict(form.options))
        stream.width, stream.height = form.size
        stream.pix_fmt = form.pixels
        stream.gop_size = form.gop
        if form.bframes:
            stream.codec_context.max_b_frames = form.bframes
        if form.times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        if form.codec in _RATES and "flags" not in form.options:
            stream.bit_rate = 2_000_000
        for number in range(frames):
            picture = noisy(number, form.size)
            if form.pixels in _WITH_ALPHA:
                alpha = np.full((*picture.shape[:2], 1), 255, np.uint8)
                alpha[form.size[1] // 2 :, : 4 + number % 100] = 90
                frame = av.VideoFrame.from_ndarray(np.dstack((picture, alpha)), format="rgba")
            else:
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            if form.times is not None:
                frame.pts, frame.time_base = form.times(number), Fraction(1, 1000)
            else:
                frame.pts, frame.time_base = number, Fraction(1, RATE)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    if form.remux:
        form.remux(target, path)
        target.unlink()
    return path


def copy(
    source: Path,
    target: Path,
    change: Callable[[list[Any]], list[Any]] = list,
    container: str | None = None,
) -> None:
    """Packets into another file, not decoded; ``change`` may drop, join or re-time them."""
    with av.open(str(source)) as given, av.open(str(target), "w", format=container) as output:
        stream = output.add_stream_from_template(given.streams.video[0])
        packets = [packet for packet in given.demux(video=0) if packet.size]
        for packet in change(packets):
            packet.stream = stream
            output.mux(packet)


def trim(source: Path, target: Path) -> None:
    """As "-ss 1.3 -c copy" does it: from a keyframe on, an edit list hiding what is too early."""

    def later(packets: list[Any]) -> list[Any]:
        rate = packets[0].time_base
        cut = round(Fraction(13, 10) / rate)
        key = max(at for at, p in enumerate(packets) if p.is_keyframe and p.pts <= cut)
        for packet in packets[key:]:
            packet.pts, packet.dts = packet.pts - cut, packet.dts - cut
        return packets[key:]

    copy(source, target, later)


def unmarked(source: Path, target: Path) -> None:
    """A file that says of every packet that it is a keyframe."""

    def all_keys(packets: list[Any]) -> list[Any]:
        for packet in packets:
            packet.is_keyframe = True
        return packets

    copy(source, target, all_keys)


def broken_off(source: Path, target: Path) -> None:
    """Begins in the middle of a group of pictures, as recordings do."""
    copy(source, target, lambda packets: packets[5:])


_RATES = {"mpeg1video", "mpeg2video", "flv", "wmv2", "mpeg4", "dvvideo", "h263p", "msmpeg4"}
_WITH_ALPHA = {"yuva420p", "yuva444p10le", "yuva444p", "rgba", "gbrap"}
_ANIMATIONS: dict[str, Callable[[Path, int], object]] = {
    "gif": make_gif, "apng": make_apng, "webp": make_webp,
}  # fmt: skip

_X264 = {"preset": "veryfast", "x264-params": "log-level=none:scenecut=0"}
_X265 = {"preset": "veryfast"}
_QUICK = {"deadline": "realtime", "cpu-used": "8"}
_LAGGED = {"deadline": "good", "cpu-used": "5", "lag-in-frames": "16", "auto-alt-ref": "1"}
_SVT = {"preset": "10", "svtav1-params": "lp=1"}
_PLAIN = {**_LAGGED, "auto-alt-ref": "0"}
_CLOSED = {"flags": "+cgop", "sc_threshold": "1000000000"}
_FIELDS = {"flags": "+ildct+ilme"}
_4444 = {"profile": "4444"}
_CONTEXT = {"level": "3", "coder": "range_tab", "context": "1"}
_SMALL = {"flags": "+qscale", "global_quality": str(31 * 118)}  # several pictures a packet
_SHARP = {"flags": "+qscale", "global_quality": str(3 * 118)}
_HQ = {"b": "90M"}


def _x264(more: str) -> dict[str, str]:
    return {**_X264, "x264-params": _X264["x264-params"] + ":" + more}


def _x265(more: str) -> dict[str, str]:
    return {**_X265, "x265-params": "log-level=none:" + more}


def _vfr(number: int) -> int:
    return number * 40 + (number * number * 7) % 33 + (number // 50) * 1500


FORMATS: dict[str, Format] = {
    "h264 mp4": Format("mp4", "libx264", options=_X264),
    "h264 b mp4": Format("mp4", "libx264", bframes=3, options=_X264),
    "h264 pyramid mkv": Format("mkv", "libx264", bframes=6, options=_x264("b-pyramid=strict")),
    "h264 open gop mp4": Format("mp4", "libx264", bframes=3, options=_x264("open-gop=1")),
    "h264 open gop ts": Format("ts", "libx264", bframes=3, options=_x264("open-gop=1")),
    "h264 open gop mkv": Format("mkv", "libx264", bframes=3, options=_x264("open-gop=1")),
    "h264 intra refresh mp4": Format("mp4", "libx264", options=_x264("intra-refresh=1")),
    "h264 intra refresh ts": Format("ts", "libx264", options=_x264("intra-refresh=1")),
    "h264 intra refresh mkv": Format("mkv", "libx264", options=_x264("intra-refresh=1")),
    "h264 interlaced mp4": Format("mp4", "libx264", bframes=2, options=_x264("tff=1")),
    "h264 interlaced ts": Format("ts", "libx264", bframes=2, options=_x264("tff=1")),
    "h264 10 bit mkv": Format("mkv", "libx264", pixels="yuv420p10le", bframes=2, options=_X264),
    "h264 4:4:4 mp4": Format("mp4", "libx264", pixels="yuv444p", bframes=2, options=_X264),
    "h264 rgb mp4": Format("mp4", "libx264rgb", pixels="rgb24", bframes=2, options=_X264),
    "h264 vfr mkv": Format("mkv", "libx264", bframes=3, options=_X264, times=_vfr),
    "h264 vfr mp4": Format("mp4", "libx264", bframes=3, options=_X264, times=_vfr),
    "h264 flv": Format("flv", "libx264", bframes=3, options=_X264),
    "h264 avi": Format("avi", "libx264", bframes=3, options=_X264),
    "h264 avi without b": Format("avi", "libx264", options=_X264),
    "h264 nut": Format("nut", "libx264", bframes=3, options=_X264),
    "h264 raw": Format("h264", "libx264", "h264", bframes=3, options=_X264),
    "h264 trimmed mp4": Format("mp4", "libx264", bframes=3, options=_X264, remux=trim),
    "h264 trimmed mov": Format("mov", "libx264", bframes=3, options=_X264, remux=trim),
    "h264 open gop trimmed mp4": Format(
        "mp4", "libx264", bframes=3, options=_x264("open-gop=1"), remux=trim
    ),
    "h264 all marked mkv": Format("mkv", "libx264", bframes=3, options=_X264, remux=unmarked),
    "h264 all marked mp4": Format("mp4", "libx264", bframes=3, options=_X264, remux=unmarked),
    "h264 broken off ts": Format("ts", "libx264", bframes=3, options=_X264, remux=broken_off),
    "h264 broken off mkv": Format("mkv", "libx264", bframes=3, options=_X264, remux=broken_off),
    "hevc mp4": Format("mp4", "libx265", bframes=3, options=_x265("open-gop=0")),
    "hevc open gop mp4": Format("mp4", "libx265", bframes=4, options=_x265("open-gop=1")),
    "hevc open gop mkv": Format("mkv", "libx265", bframes=4, options=_x265("open-gop=1")),
    "hevc open gop ts": Format("ts", "libx265", bframes=4, options=_x265("open-gop=1")),
    "hevc raw": Format("hevc", "libx265", "hevc", bframes=3, options=_x265("open-gop=1")),
    "hevc 10 bit mkv": Format(
        "mkv", "libx265", pixels="yuv420p10le", bframes=3, options=_x265("open-gop=1")
    ),
    "hevc intra refresh mp4": Format("mp4", "libx265", options=_x265("intra-refresh=1")),
    "vp8 webm": Format("webm", "libvpx", options=_LAGGED),
    "vp8 ogg": Format("ogv", "libvpx", "ogg", options=_QUICK),
    "vp8 ivf": Format("ivf", "libvpx", options=_LAGGED),
    "vp9 webm": Format("webm", "libvpx-vp9", options=_LAGGED),
    "vp9 quick mp4": Format("mp4", "libvpx-vp9", options=_QUICK),
    "vp9 vfr webm": Format("webm", "libvpx-vp9", options=_LAGGED, times=_vfr),
    "vp9 ivf": Format("ivf", "libvpx-vp9", options=_LAGGED),
    "vp9 alpha webm": Format("webm", "libvpx-vp9", pixels="yuva420p", options=_PLAIN),
    "av1 mp4": Format("mp4", "libsvtav1", options=_SVT),
    "av1 webm": Format("webm", "libsvtav1", options=_SVT),
    "av1 ivf": Format("ivf", "libsvtav1", options=_SVT),
    "av1 obu": Format("obu", "libsvtav1", "obu", options=_SVT),
    "mpeg4 avi": Format("avi", "mpeg4"),
    "mpeg4 b avi": Format("avi", "mpeg4", bframes=2),
    "mpeg4 b mp4": Format("mp4", "mpeg4", bframes=2),
    "mpeg4 b mkv": Format("mkv", "mpeg4", bframes=2),
    "mpeg4 raw": Format("m4v", "mpeg4", "m4v", bframes=2),
    "mpeg1 ps": Format("mpg", "mpeg1video", "mpeg", gop=12, bframes=2),
    "mpeg1 ps without b": Format("mpg", "mpeg1video", "mpeg", gop=12),
    "mpeg1 small ps": Format("mpg", "mpeg1video", "mpeg", gop=24, options=_SMALL),
    "mpeg1 small b ps": Format("mpg", "mpeg1video", "mpeg", gop=24, bframes=2, options=_SMALL),
    "mpeg2 small ps": Format("vob", "mpeg2video", "vob", gop=24, bframes=2, options=_SMALL),
    "h263 avi": Format("avi", "h263p", options=_SHARP, size=(352, 288)),
    "mpeg1 raw": Format("m1v", "mpeg1video", "mpeg1video", gop=12, bframes=2),
    "mpeg1 ts": Format("ts", "mpeg1video", gop=12, bframes=2),
    "mpeg2 ps": Format("mpg", "mpeg2video", "vob", gop=12, bframes=2),
    "mpeg2 closed ps": Format("mpg", "mpeg2video", "vob", gop=12, bframes=2, options=_CLOSED),
    "mpeg2 raw": Format("m2v", "mpeg2video", "mpeg2video", gop=12, bframes=2),
    "mpeg2 ts": Format("ts", "mpeg2video", gop=12, bframes=2),
    "mpeg2 interlaced ts": Format("ts", "mpeg2video", gop=12, bframes=2, options=_FIELDS),
    "mpeg2 mkv": Format("mkv", "mpeg2video", gop=12, bframes=2),
    "mpeg2 mp4": Format("mp4", "mpeg2video", gop=12, bframes=2),
    "mjpeg avi": Format("avi", "mjpeg", pixels="yuvj420p"),
    "mjpeg mov": Format("mov", "mjpeg", pixels="yuvj422p"),
    "prores mov": Format("mov", "prores_ks", pixels="yuv422p10le"),
    "prores 4444 mov": Format("mov", "prores_ks", pixels="yuva444p10le", options=_4444),
    "ffv1 mkv": Format("mkv", "ffv1"),
    "ffv1 alpha mkv": Format("mkv", "ffv1", pixels="yuva444p"),
    "ffv1 long gop mkv": Format("mkv", "ffv1", gop=30, options=_CONTEXT),
    "png mov": Format("mov", "png", pixels="rgba"),
    "dnxhd mxf": Format("mxf", "dnxhd", pixels="yuv422p", size=(1280, 720), options=_HQ),
    "wmv2 asf": Format("wmv", "wmv2", "asf"),
    "flv1 flv": Format("flv", "flv"),
    "raw y4m": Format("y4m", "wrapped_avframe", "yuv4mpegpipe"),
    "raw avi": Format("avi", "rawvideo", pixels="bgr24"),
    "utvideo avi": Format("avi", "utvideo", pixels="gbrp"),
    "cinepak avi": Format("avi", "cinepak", pixels="rgb24"),
    "snow nut": Format("nut", "snow"),
    "gif": Format("gif", "gif"),
    "apng": Format("png", "apng"),
    "webp": Format("webp", "webp"),
}  # fmt: skip
