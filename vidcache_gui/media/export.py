"""Frames out: GIF, animated WebP, APNG, MP4, a folder of PNGs, or one frame as PNG or JPEG.

Every frame of the source is a frame of the result, with its own delay, also where two are
equal, unless something else was chosen. Written beside the destination, synced, and renamed
when whole. Only as many frames are in memory as going backwards needs.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import UserError
from vidcache_gui.media.exporting import timeline
from vidcache_gui.media.exporting.choices import (
    KEEPS_ALPHA,
    STILLS,
    SUFFIXES,
    Choices,
    Exported,
    Format,
    Quality,
)
from vidcache_gui.media.exporting.output import new_file, new_folder, synced_file
from vidcache_gui.media.joined import Where
from vidcache_gui.media.types import FrameSource

OnFrame = Callable[[int, int, int], None]  # (frames done, frames in all, bytes so far)
FASTEST_GIF_MS = 20


def export_frames(
    source: FrameSource,
    destination: Path,
    choices: Choices | None = None,
    *,
    format: Format | None = None,
    original: Where | None = None,
    delays_ms: Sequence[float] | None = None,
    overwrite: bool = False,
    token: CancelToken | None = None,
    on_frame: OnFrame | None = None,
) -> Exported:
    """Write a range of frames.

    ``format``: None takes the destination's suffix (no suffix: a folder of PNGs).
    ``original``: the animation's file the source shows, whole or in parts, so that its own data
    can be copied.
    ``delays_ms``: one per frame of the range, instead of the source's own. Raises UserError
    (unreadable frame, impossible choice, existing destination, full disk) or Cancelled;
    nothing is left behind then.
    """
    choices = choices or Choices()
    first, last = choices.check(source.count)
    format = format or format_of(destination, last - first + 1)
    if format in STILLS and first != last:
        raise UserError("This format holds one frame. Choose one, or a format that moves.")
    job = Job(source, choices, format, original, delays_ms, token or CancelToken(), on_frame)
    if format is Format.FRAMES:
        with new_folder(destination) as folder:
            job.write_folder(folder)
    else:
        with new_file(destination, overwrite=overwrite) as out:
            job.write_file(out)
    return job.result()


def format_of(destination: Path, frames: int) -> Format:
    """The format a name asks for. Raises UserError for one that cannot be written."""
    suffix = destination.suffix.lower()
    if suffix == ".png" and frames == 1:
        return Format.PNG
    if suffix not in SUFFIXES:
        known = ", ".join(name for name in SUFFIXES if name)
        raise UserError(f"'{suffix}' cannot be written. Choose one of {known}.")
    return SUFFIXES[suffix]


class Job:
    """One export on its way, with cancelling, progress and what to say at the end."""

    def __init__(
        self,
        source: FrameSource,
        choices: Choices,
        format: Format,
        original: Where | None,
        delays_ms: Sequence[float] | None,
        token: CancelToken,
        on_frame: OnFrame | None,
    ) -> None:
        self._source = source
        self._choices = choices
        self._format = format
        self._original = original
        self._first, last = choices.check(source.count)
        self._stored_ms = list(delays_ms) if delays_ms is not None else [
            source.durations[at] * 1000 for at in range(self._first, last + 1)
        ]  # fmt: skip
        self._token = token
        self._on_frame = on_frame
        self._steps = timeline.steps(
            self._stored_ms, self._first, choices, animation=original is not None,
            raw=format is not Format.MP4,
        )  # fmt: skip
        self._reader = self._make_reader()
        self._delays: list[float] = []
        self._written = 0
        self._size = self._reader.size
        self._notes: list[str] = []

    def _make_reader(self) -> Any:
        from vidcache_gui.media.exporting.reading import Reader

        keeps_alpha = self._format in KEEPS_ALPHA
        return Reader(
            self._source, self._exact() if keeps_alpha else None, self._steps, self._token,
            size=self._choices.size, enlarge=self._choices.enlarge,
            missing=self._choices.missing,
            opaque_on=None if keeps_alpha else self._choices.background,
        )  # fmt: skip

    def _exact(self) -> Any:
        from vidcache_gui.media.exporting.exact import ExactAnimation, ExactFiles
        from vidcache_gui.media.frames_source import SequenceSource

        source = self._source
        if not source.has_alpha:
            return None
        if isinstance(source, SequenceSource):
            return ExactFiles(source.paths, source.numbers, (source.width, source.height))
        return ExactAnimation(self._original) if self._original is not None else None

    def write_file(self, out: BinaryIO) -> None:
        if not self._copy_data(out):
            write = {
                Format.GIF: self._gif, Format.WEBP: self._webp, Format.APNG: self._apng,
                Format.MP4: self._mp4, Format.PNG: self._still, Format.JPEG: self._still,
            }[self._format]  # fmt: skip
            write(out)
        out.flush()
        self._written = out.tell()

    def _copy_data(self, out: BinaryIO) -> bool:
        """Take over compressed pictures as they are, where that is possible."""
        from vidcache_gui.media.exporting.copying import copy_data

        if self._choices.retimed or self._size != (self._source.width, self._source.height):
            return False
        delays = [step.delay_ms for step in self._steps]
        copied = copy_data(
            self._source, self._original, self._format, out, self._first, delays,
            loop=self._choices.loop, quality=self._choices.quality, token=self._token,
        )  # fmt: skip
        if copied is None:
            out.seek(0)
            out.truncate()
            return False
        self._token.check()
        self._delays = delays
        self._notes += copied
        self._tell(out.tell())
        return True

    def pictures(self, out: BinaryIO | None) -> Iterator[tuple[Any, float]]:
        """(picture, delay in ms) of every frame of the result, with progress between."""
        for picture, step in self._reader:
            yield picture, step.delay_ms
            self._delays.append(step.delay_ms)
            self._token.check()
            if out is not None:
                self._tell(out.tell())

    def _tell(self, size: int) -> None:
        if self._on_frame is not None:
            self._on_frame(len(self._delays), len(self._steps), size)

    @property
    def _loop(self) -> int:
        from vidcache_gui.media.exporting.copying import loop_of

        return loop_of(self._original) if self._choices.loop is None else self._choices.loop

    def _gif(self, out: BinaryIO) -> None:
        from vidcache_gui.media.exporting.gifwrite import write_gif

        reduced = write_gif(
            out, self.pictures(out), loop=self._loop, alpha=self._source.has_alpha,
            colours=self._choices.colours, dither=self._choices.dither,
        )  # fmt: skip
        if reduced:
            self._notes.append(
                f"{_frames(reduced)} had more than {self._choices.colours} colours; a GIF frame "
                "cannot have more, so they were reduced."
            )

    def _webp(self, out: BinaryIO) -> None:
        from vidcache_gui.media.exporting.chunkwrite import write_webp

        quality = self._choices.quality or self._suiting_quality()
        write_webp(out, self.pictures(out), loop=self._loop, quality=quality)

    def _suiting_quality(self) -> Quality:
        """Drawn and already reduced pictures stay exact; those of films would be huge."""
        from vidcache_gui.media.frames_source import SequenceSource

        drawn = self._original is not None or isinstance(self._source, SequenceSource)
        return Quality.LOSSLESS if drawn else Quality.HIGH

    def _apng(self, out: BinaryIO) -> None:
        from vidcache_gui.media.exporting.chunkwrite import write_apng

        write_apng(out, self.pictures(out), loop=self._loop, alpha=self._source.has_alpha)

    def _mp4(self, out: BinaryIO) -> None:
        from vidcache_gui.media.exporting.mp4 import even_size, to_even, write_mp4

        made = even_size(*self._size)
        if made != self._size:
            self._notes.append(
                f"MP4 needs even sizes: {self._size[0]} × {self._size[1]} became "
                f"{made[0]} × {made[1]} by repeating the last row or column of pixels."
            )
        seconds = sum(step.delay_ms for step in self._steps) / 1000
        write_mp4(
            out, ((to_even(picture), delay) for picture, delay in self.pictures(out)), size=made,
            quality=self._choices.quality or Quality.HIGH, fps=len(self._steps) / seconds,
        )  # fmt: skip
        self._size = made

    def _still(self, out: BinaryIO) -> None:
        for picture, _ in self.pictures(out):
            if self._format is Format.JPEG:
                small = self._choices.quality is Quality.SMALL
                picture.save(
                    out, "JPEG", quality=75 if small else 95, subsampling=2 if small else 0
                )
            else:
                picture.save(out, "PNG", compress_level=6)

    def write_folder(self, folder: Path) -> None:
        """PNGs numbered as in the source, or from 0 where the order is another."""
        as_stored = not (self._choices.retimed or self._choices.from_zero)
        most = self._source.count if as_stored else len(self._steps)
        digits = max(4, len(str(most - 1)))
        for at, (picture, step) in enumerate(self._reader):
            number = step.index if as_stored else at
            with synced_file(folder / f"frame_{number:0{digits}d}.png") as out:
                picture.save(out, "PNG", compress_level=3)
                self._written += out.tell()
            self._delays.append(step.delay_ms)
            self._token.check()
            self._tell(self._written)

    def result(self) -> Exported:
        lost = len(self._reader.lost)
        if not self._delays:
            raise UserError(f"None of these frames could be read. {self._reader.reason}".strip())
        if lost:
            what = {"hold": "the frame before each stands in", "blank": "they are blank",
                    "skip": "they are left out"}[self._choices.missing.value]  # fmt: skip
            self._notes.insert(0, f"{_frames(lost)} could not be read; {what}.")
        quick = sum(0 < delay < FASTEST_GIF_MS - 0.01 for delay in self._delays)
        if self._format is Format.GIF and self._original is None and quick:
            self._notes.append(
                f"{_frames(quick)} stay less than {FASTEST_GIF_MS} ms; most programs show such "
                "GIF frames for 100 ms. 50 frames a second is the most they play."
            )
        return Exported(
            len(self._delays), sum(self._delays) / 1000, self._size[0], self._size[1],
            self._written, lost, tuple(self._delays), tuple(self._notes),
        )  # fmt: skip


def estimate(
    source_size: tuple[int, int], delays_ms: Sequence[float], choices: Choices, format: Format,
    *, animation: bool,
) -> Exported:  # fmt: skip
    """What an export will come to, without decoding anything. Bytes and single delays are
    not known (0, none). ``delays_ms``: of all frames of the source.
    """
    from vidcache_gui.media.exporting.mp4 import even_size
    from vidcache_gui.media.exporting.reading import target_size

    first, last = choices.check(len(delays_ms))
    frames, length = timeline.outline(
        delays_ms[first : last + 1], choices, animation=animation, raw=format is not Format.MP4
    )
    width, height = target_size(*source_size, choices.size, choices.enlarge)
    if format is Format.MP4:
        width, height = even_size(width, height)
    return Exported(frames, length / 1000, width, height, 0, 0, ())


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count:,} frames"
