"""Media made at test time. Every frame carries its number as a bar code of sixteen blocks.

``read_number`` gets the number back from any decoded :class:`Frame`, also after lossy
coding, scaling and quantising, so tests assert *which* frame they were given.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from vidcache_gui.media.types import Frame

BITS = 16
Pixels = NDArray[np.uint8]


def picture(number: int, size: tuple[int, int] = (160, 96), *, alpha: bool = False) -> Image.Image:
    """Frame ``number`` as RGB (or RGBA with a transparent corner): code on top, digits below."""
    width, height = size
    background = ((number * 37) % 200 + 28, (number * 91) % 200 + 28, (number * 53) % 200 + 28)
    image = Image.new("RGBA" if alpha else "RGB", size, (*background, 255))
    draw = ImageDraw.Draw(image)
    code = max(8, height // 4)
    for bit in range(BITS):
        left, right = width * bit // BITS, width * (bit + 1) // BITS - 1
        shade = 255 if number >> (BITS - 1 - bit) & 1 else 0
        draw.rectangle((left, 0, right, code - 1), fill=(shade, shade, shade, 255))
    draw.text((4, height // 2), str(number), fill=(255, 255, 255, 255))
    if alpha:
        image.paste((0, 0, 0, 0), (width * 3 // 4, height * 3 // 4, width, height))
    return image


def pixels(frame: Frame) -> Pixels:
    """A decoded frame as (height, width, 4) BGRA."""
    rows = np.frombuffer(frame.data, np.uint8, frame.height * frame.stride)
    return rows.reshape(frame.height, frame.stride)[:, : frame.width * 4].reshape(
        frame.height, frame.width, 4
    )


def read_number(frame: Frame | Image.Image) -> int:
    """The number written into a frame by :func:`picture`."""
    if isinstance(frame, Image.Image):
        shades = np.asarray(frame.convert("L"))
    else:
        shades = pixels(frame)[:, :, 1]
    height, width = shades.shape
    code = max(8, height // 4)
    number = 0
    for bit in range(BITS):
        left, right = width * bit // BITS, width * (bit + 1) // BITS
        inset = max(1, (right - left) // 4)
        block = shades[code // 4 : max(code * 3 // 4, code // 4 + 1), left + inset : right - inset]
        number = number << 1 | int(block.mean() > 127)
    return number


def make_video(
    path: Path,
    *,
    codec: str = "libx264",
    frames: int = 48,
    size: tuple[int, int] = (160, 96),
    fps: int = 24,
    gop: int = 12,
    bframes: int = 0,
    pix_fmt: str | None = None,
    container: str | None = None,
    times_ms: Sequence[int] | None = None,
    rotation: int = 0,
    sample_aspect: Fraction | None = None,
    audio: bool = False,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    first: int = 0,
) -> Path:
    """Encode ``frames`` numbered pictures (``first``, ``first + 1`` …).

    ``times_ms`` gives each frame its own time (variable frame rate: use a container with
    a fine time base: mkv, mp4, webm). ``rotation`` is degrees counter-clockwise (mp4, mov).
    """
    opened = av.open(
        str(path), "w", format=container, container_options=dict(container_options or {})
    )
    with opened as output:
        stream = output.add_stream(codec, rate=fps, options=_options(codec, options))
        stream.width, stream.height = size
        stream.pix_fmt = pix_fmt or _PIX_FMT.get(codec, "yuv420p")
        stream.gop_size = gop
        if codec not in _INTRA:
            stream.codec_context.max_b_frames = bframes
        if sample_aspect is not None:
            stream.codec_context.sample_aspect_ratio = sample_aspect
        if rotation:
            stream.set_display_rotation(rotation)
        if times_ms is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        sound = output.add_stream("aac", rate=44100) if audio else None
        for i in range(frames):
            image = picture(first + i, size, alpha=stream.pix_fmt.startswith("yuva"))
            frame = av.VideoFrame.from_image(image)
            if times_ms is not None:
                frame.pts, frame.time_base = times_ms[i], Fraction(1, 1000)
            else:
                frame.pts, frame.time_base = i, Fraction(1, fps)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if sound is not None:
            for i in range(max(1, frames * 44100 // fps // 1024)):
                tone = av.AudioFrame.from_ndarray(
                    np.zeros((2, 1024), np.float32), format="fltp", layout="stereo"
                )
                tone.sample_rate, tone.pts = 44100, i * 1024
                tone.time_base = Fraction(1, 44100)
                output.mux(sound.encode(tone))
            output.mux(sound.encode(None))
    return path


_INTRA = {"mjpeg", "ffv1", "png", "rawvideo", "huffyuv", "prores", "qtrle", "libsvtav1"}
_PIX_FMT = {"mjpeg": "yuvj420p", "png": "rgb24", "qtrle": "rgb24", "prores": "yuv422p10le"}
_FAST = {
    "libx264": {"preset": "ultrafast", "x264-params": "log-level=none"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
}


def _options(codec: str, given: dict[str, str] | None) -> dict[str, str]:
    options = dict(_FAST.get(codec, {}))
    for name, value in (given or {}).items():
        if name.endswith("-params") and name in options:
            value = f"{options[name]}:{value}"
        options[name] = value
    return options


def make_audio(path: Path, seconds: float = 0.5) -> Path:
    """A file with sound and no picture."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("aac", rate=44100)
        for i in range(int(seconds * 44100) // 1024 + 1):
            frame = av.AudioFrame.from_ndarray(
                np.zeros((2, 1024), np.float32), format="fltp", layout="stereo"
            )
            frame.sample_rate, frame.pts, frame.time_base = 44100, i * 1024, Fraction(1, 44100)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def make_gif(
    path: Path,
    frames: int = 10,
    size: tuple[int, int] = (160, 96),
    delays_ms: int | Sequence[int] = 40,
    loop: int = 0,
) -> Path:
    """An animated GIF (or, with one frame, a still one)."""
    images = [picture(i, size).quantize(64) for i in range(frames)]
    images[0].save(
        path,
        "GIF",
        save_all=frames > 1,
        append_images=images[1:],
        duration=delays_ms if isinstance(delays_ms, int) else list(delays_ms),
        loop=loop,
    )
    return path


def make_apng(
    path: Path,
    frames: int = 10,
    size: tuple[int, int] = (160, 96),
    delays_ms: int | Sequence[int] = 40,
    *,
    alpha: bool = False,
) -> Path:
    images = [picture(i, size, alpha=alpha) for i in range(frames)]
    images[0].save(
        path,
        "PNG",
        save_all=True,
        append_images=images[1:],
        duration=delays_ms if isinstance(delays_ms, int) else list(delays_ms),
        loop=0,
    )
    return path


def make_webp(
    path: Path,
    frames: int = 10,
    size: tuple[int, int] = (160, 96),
    delays_ms: int | Sequence[int] = 40,
    *,
    alpha: bool = False,
) -> Path:
    images = [picture(i, size, alpha=alpha) for i in range(frames)]
    images[0].save(
        path,
        "WEBP",
        save_all=frames > 1,
        append_images=images[1:],
        duration=delays_ms if isinstance(delays_ms, int) else list(delays_ms),
        lossless=True,
        method=0,
    )
    return path


def make_image(path: Path, number: int = 0, size: tuple[int, int] = (160, 96)) -> Path:
    """A still picture; the type follows the name's extension (PNG without one)."""
    picture(number, size).save(path, None if path.suffix else "PNG")
    return path


def make_frames(
    folder: Path,
    frames: int | Iterable[int] = 10,
    *,
    pattern: str = "frame_{:03d}.png",
    size: tuple[int, int] = (160, 96),
    kind: str | None = None,
) -> Path:
    """A folder of numbered pictures; ``kind`` (a Pillow format) overrides the extension's.

    ``make_frames(folder, [0, 1, 5], pattern="frame_{:03d}", kind="GIF")`` gives three GIFs
    without extensions and a gap, as the sample frames of existing servers are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(frames) if isinstance(frames, int) else frames:
        image = picture(number, size)
        if kind == "GIF" or (kind is None and pattern.endswith(".gif")):
            image = image.quantize(64)
        image.save(folder / pattern.format(number), kind)
    return folder
