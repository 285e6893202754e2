"""Frames out: GIF, animated WebP, APNG, MP4 or a folder of PNGs.

Every frame of the source is a frame of the result, with its own delay, also where two are
equal. Written beside the destination, synced, and renamed when whole.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Frame, FrameSource

OnProgress = Callable[[int, int], None]  # (frames done, frames in all)
DEFAULT_MS = 40.0


def export_frames(
    source: FrameSource,
    destination: Path,
    *,
    delays_ms: Sequence[float] | None = None,
    first: int = 0,
    last: int | None = None,
    size: tuple[int, int] | None = None,
    overwrite: bool = False,
    token: CancelToken | None = None,
    on_progress: OnProgress | None = None,
) -> None:
    """Write frames ``first..last`` in the format the destination's suffix names.

    No suffix: a folder of ``frame_0000.png`` …. ``delays_ms``: one per exported frame; None:
    the source's own. Raises UserError (unreadable frame, unknown suffix, existing
    destination, full disk) or Cancelled; nothing is left behind then.
    """
    last = source.count - 1 if last is None else last
    delays = list(delays_ms) if delays_ms is not None else [
        source.durations[at] * 1000 for at in range(first, last + 1)
    ]  # fmt: skip
    write = _WRITERS.get(destination.suffix.lower())
    if write is None:
        known = ", ".join(suffix for suffix in _WRITERS if suffix)
        raise UserError(f"'{destination.suffix}' cannot be written. Choose one of {known}.")
    if os.path.lexists(destination) and not overwrite:
        raise UserError(f"'{destination}' exists already and was not overwritten.")
    job = _Job(source, first, last, size, delays, token or CancelToken(), on_progress)
    temporary = destination.with_name(f".{uuid.uuid4().hex}{destination.suffix}.part")
    try:
        write(job, temporary)
        _sync(temporary)
        if overwrite and destination.is_dir():
            raise UserError(f"'{destination}' is a folder; it is not replaced.")
        os.replace(temporary, destination)
    except OSError as error:
        raise UserError(f"'{destination}' could not be written ({error.strerror}).") from error
    finally:
        if temporary.is_dir():
            shutil.rmtree(temporary, ignore_errors=True)
        else:
            temporary.unlink(missing_ok=True)


class _Job:
    """The frames to write, one after the other, with cancelling and progress."""

    def __init__(
        self,
        source: FrameSource,
        first: int,
        last: int,
        size: tuple[int, int] | None,
        delays: list[float],
        token: CancelToken,
        on_progress: OnProgress | None,
    ) -> None:
        self.source = source
        self.first = first
        self.total = last - first + 1
        self.size = size
        self.delays = delays
        self._token = token
        self._on_progress = on_progress
        self._last = last

    def frames(self) -> Iterator[Frame]:
        for frame in self.source.frames(self.first, self._last, self.size):
            if frame.index < self.first:
                continue
            yield frame
            self.step(frame.index - self.first + 1)

    def step(self, done: int) -> None:
        self._token.check()
        if self._on_progress is not None:
            self._on_progress(done, self.total)

    def images(self) -> Iterator[Any]:
        """Pillow images: RGBA with straight alpha, or RGB."""
        from PIL import Image

        for frame in self.frames():
            mode = "RGBa" if frame.has_alpha else "RGBA"
            image = Image.frombuffer(
                "RGBA", (frame.width, frame.height), frame.data, "raw", "BGRA", frame.stride, 1
            )
            if frame.has_alpha:
                yield Image.merge(mode, image.split()).convert("RGBA")
            else:
                yield image.convert("RGB")


def _gif(job: _Job, path: Path) -> None:
    from vidcache_gui.media import gifwrite

    with path.open("xb") as out:
        originals = _whole_gifs(job)
        if originals is not None:
            gifwrite.write_header(out, job.source.width, job.source.height)
            for at, data in enumerate(originals):
                gifwrite.write_frame(out, data, job.delays[at])
                job.step(at + 1)
        else:
            for at, image in enumerate(job.images()):
                if at == 0:
                    gifwrite.write_header(out, *image.size)
                gifwrite.write_frame(out, gifwrite.encode(image), job.delays[at])
        out.write(gifwrite.TRAILER)


def _whole_gifs(job: _Job) -> list[bytes] | None:
    """The files of a sequence, if each is one full GIF picture: their data is kept as it is."""
    from vidcache_gui.media import gifwrite
    from vidcache_gui.media.frames_source import SequenceSource
    from vidcache_gui.media.openfile import open_regular

    if not isinstance(job.source, SequenceSource) or job.size is not None or job.source.missing:
        return None
    found = []
    for path in job.source.paths[job.first : job.first + job.total]:
        with open_regular(str(path)) as file:
            data = file.read()
        size = job.source.width, job.source.height
        if data[:3] != b"GIF" or not gifwrite.is_whole_picture(data, *size):
            return None
        found.append(data)
    return found


def _apng(job: _Job, path: Path) -> None:
    from vidcache_gui.media import chunkwrite

    with path.open("xb") as out:
        chunkwrite.write_apng(out, job.images(), job.delays, alpha=job.source.has_alpha)


def _webp(job: _Job, path: Path) -> None:
    from vidcache_gui.media import chunkwrite

    with path.open("xb") as out:
        chunkwrite.write_webp(out, job.images(), job.delays)


def _mp4(job: _Job, path: Path) -> None:
    import av
    import numpy as np

    with av.open(str(path), "w", format="mp4") as container:
        stream = None
        time = 0.0
        stays: dict[int, int] = {}
        for at, image in enumerate(job.images()):
            rgb = np.asarray(image.convert("RGB"))
            rgb = rgb[: rgb.shape[0] // 2 * 2 or None, : rgb.shape[1] // 2 * 2 or None]
            if stream is None:
                stream = _video_stream(container, rgb.shape[1], rgb.shape[0])
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            picture = picture.reformat(format="yuv420p", dst_colorspace="itu709", dst_color_range=1)
            picture.pts, picture.time_base = round(time), Fraction(1, 1000)
            delay = job.delays[at] or DEFAULT_MS
            stays[round(time)] = round(delay)
            _mux(container, stream.encode(picture), stays)
            time += delay
        if stream is not None:
            _mux(container, stream.encode(None), stays)


def _mux(container: Any, packets: list[Any], stays: dict[int, int]) -> None:
    """Encoders do not pass on how long a frame stays; the last one's is nowhere else."""
    for packet in packets:
        packet.duration = stays.get(packet.pts, packet.duration)
        container.mux(packet)


def _video_stream(container: Any, width: int, height: int) -> Any:
    stream = container.add_stream("libx264", rate=1000)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
    # No B-frames: their durations are kept in decoding order, and the last would be lost.
    stream.options = {"crf": "16", "preset": "medium", "bf": "0"}
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = context.color_range = 1
    return stream


def _folder(job: _Job, path: Path) -> None:
    path.mkdir()
    digits = max(4, len(str(job.total - 1)))
    for at, image in enumerate(job.images()):
        with (path / f"frame_{at:0{digits}d}.png").open("xb") as out:
            image.save(out, "PNG", compress_level=3)
            out.flush()
            os.fsync(out.fileno())


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


_WRITERS: dict[str, Callable[[_Job, Path], None]] = {
    ".gif": _gif, ".webp": _webp, ".png": _apng, ".apng": _apng, ".mp4": _mp4, "": _folder,
}  # fmt: skip
