"""One isolated look at a file: facts, exact frame index, poster and filmstrip, in one decode.

These functions run in worker processes (``media.pool``): what they open may crash, hang or
lie. They return plain data, or raise UserError when there is no picture inside.
"""

import collections
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from PIL import ImageOps

from vidcache_gui.errors import UserError
from vidcache_gui.media import index as indexing
from vidcache_gui.media.animation import AnimationSource, open_picture, upright_size
from vidcache_gui.media.container import (
    DECODE_ERRORS,
    aspect_of,
    choose_threads,
    decode,
    explain,
    open_container,
    packets,
    picture_stream,
)
from vidcache_gui.media.fingerprint.pictures import shown
from vidcache_gui.media.fingerprint.sampler import Sampler, spacing
from vidcache_gui.media.fingerprint.small import Shrinker, from_frame
from vidcache_gui.media.fingerprint.small import from_pillow as small_from_pillow
from vidcache_gui.media.fingerprint.stream import StreamHash
from vidcache_gui.media.index import FrameIndex
from vidcache_gui.media.joined import Where, name_of, open_again, open_whole
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.pixels import Converter, from_pillow
from vidcache_gui.media.seeking import Pictures
from vidcache_gui.media.sniff import HEAD_BYTES, guess_by_name, sniff
from vidcache_gui.media.thumbnails import Strip, poster
from vidcache_gui.media.trial import Trial
from vidcache_gui.media.types import Inspection, Kind, MediaFacts, MediaType
from vidcache_gui.media.video import VideoSource

TRIAL_SHARE = 0.1  # of the time decoding took: how long seeking is tried out
BLANK = 1 << 20  # bytes of zeros in which no beginning of footage will be found
WHOLE_SECONDS = 3.0  # of CPU: what is decoded whole within it is known to be whole


@dataclass(frozen=True, slots=True)
class FramesInspection:
    """A look at the picture files of a group. ``damaged``: (place, reason)."""

    width: int
    height: int
    codec: str
    damaged: tuple[tuple[int, str], ...] = field(default=())
    poster: bytes | None = None
    strip: bytes | None = None
    fingerprint: bytes | None = None  # Fingerprint.to_bytes()


def inspect_file(where: Where, name: str = "") -> Inspection:
    """Look at one file, whole or in parts. ``name``: what it was called, for formats without a
    signature."""
    file = open_whole(where)
    try:
        media = sniff(file.read(HEAD_BYTES))
        file.seek(0)
        if media is None:
            media = _by_name(name or name_of(where))
            if not any(file.read(BLANK)):
                file.seek(0)
                return _blank(media)
            file.seek(0)
        if not media.demuxers:
            return _inspect_picture(file, media)
        return _inspect_video(file, media)
    finally:
        file.close()


def _by_name(name: str) -> MediaType:
    demuxers = guess_by_name(name)
    if not demuxers:
        raise UserError("It is not a video or picture that VidCache knows.")
    extension = name.rpartition(".")[2].lower()
    return MediaType(Kind.VIDEO, "video/mp2t" if "ts" in extension else "video/mpeg",
                     extension, demuxers)  # fmt: skip


def _blank(media: MediaType) -> Inspection:
    """An interrupted download with room set aside for all of it, say."""
    damaged = "There is nothing in it but zeros, as far as was looked."
    facts = MediaFacts(media.kind, media.mime, media.extension, damaged=damaged)
    return Inspection(facts, None, None, None)


def _inspect_picture(file: Any, media: MediaType) -> Inspection:
    base = MediaFacts(media.kind, media.mime, media.extension, container=media.extension.upper())
    try:
        source = AnimationSource(file)
    except UserError as error:
        facts = replace(base, damaged=f"It could not be read: {error}. The bytes are kept.")
        return Inspection(facts, None, None, None)
    kind = Kind.ANIMATION if source.count > 1 else Kind.IMAGE
    duration = sum(source.durations) if source.count > 1 else None
    facts = replace(
        base, kind=kind, width=source.width, height=source.height, frame_count=source.count,
        duration=duration, fps=source.count / duration if duration else None,
        codec=media.extension, has_alpha=source.has_alpha,
    )  # fmt: skip
    strip = Strip(source.count)
    delays = shown(source.durations) if source.count > 1 else [0.0]
    starts = list(itertools.accumulate(delays, initial=0.0))
    sampler = Sampler(spacing(starts[-1]))
    first, seen, damaged = None, 0, None
    try:
        for frame in source.frames(
            0, source.count - 1, strip.size_for(source.width, source.height)
        ):
            first = first or frame
            strip.take(frame)
            if sampler.wants(starts[frame.index]):
                sampler.take(starts[frame.index], from_frame(frame))
            seen += 1
    except UserError as error:
        damaged = f"{error} The bytes are kept."
    facts = replace(facts, checked_frames=seen, damaged=damaged)
    still = _full_poster(file, source) if first is not None else None
    return Inspection(
        facts, None, still, strip.jpeg() if kind is Kind.ANIMATION else None,
        sampler.to_bytes(starts[-1]),
    )  # fmt: skip


def _full_poster(file: Any, source: AnimationSource) -> bytes | None:
    """The poster is larger than a tile: draw one frame again for it."""
    try:
        middle = 0 if source.count == 1 else source.count // 3
        *_, frame = source.frames(middle, middle, (512, 512))
        return poster(frame)
    except UserError:
        return None


def _inspect_video(file: Any, media: MediaType) -> Inspection:
    base = MediaFacts(Kind.VIDEO, media.mime, media.extension)
    try:
        container = open_container(file, media.demuxers)
    except UserError as error:
        facts = replace(base, damaged=f"It could not be read: {error}. The bytes are kept.")
        return Inspection(facts, None, None, None)
    try:
        stream = picture_stream(container)
        if stream is None and container.streams.audio:
            raise UserError("It has sound but no picture.")
        if stream is None:
            facts = replace(base, damaged="Nothing could be read inside. The bytes are kept.")
            return Inspection(facts, None, None, None)
        if stream.codec_context is None:
            unknown = "It uses a codec that VidCache does not know. The bytes are kept."
            return Inspection(replace(base, damaged=unknown), None, None, None)
        facts = _facts(base, container, stream)
        announced = _announced(container, stream)
        hashed = StreamHash(stream)
        given = hashed.tap(packets(container, stream))
        found = indexing.build(container, stream, given)
        collections.deque(given, maxlen=0)  # the index may have given up early
    finally:
        container.close()
    inspection = _watch(file, media, facts, found, announced)
    return replace(inspection, stream=hashed.hexdigest())


def _facts(base: MediaFacts, container: Any, stream: Any) -> MediaFacts:
    context = stream.codec_context
    extra = {key: str(value)[:500] for key, value in list(container.metadata.items())[:50]}
    if stream.codec_context.codec_tag:
        extra["codec_tag"] = str(stream.codec_context.codec_tag)
    return replace(
        base, width=context.width, height=context.height, codec=context.name,
        container=container.format.long_name or container.format.name,
        pixel_format=context.pix_fmt or "", bit_rate=stream.bit_rate or container.bit_rate or None,
        has_audio=bool(container.streams.audio),
        fps=float(stream.average_rate) if stream.average_rate else None, extra=extra,
    )  # fmt: skip


def _announced(container: Any, stream: Any) -> float | None:
    """How long the pictures last by the file's own word, in seconds, where that is certain."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    if container.duration and not container.streams.audio:
        return float(container.duration) / 1_000_000
    return None


def _watch(
    file: Any,
    media: MediaType,
    facts: MediaFacts,
    found: FrameIndex | None,
    announced: float | None,
) -> Inspection:
    """Decode: all of it while that is quick, else up to the limit and then some keyframes."""
    container = open_container(file, media.demuxers)
    try:
        stream = picture_stream(container)
        choose_threads(stream, 2)
        watch = _Watch(stream, found)
        given = packets(container, stream)
        whole = watch.run(decode(stream, given), WHOLE_SECONDS if found is not None else 3600)
        time_base = stream.time_base
        rate = stream.average_rate or stream.base_rate or 25
    except DECODE_ERRORS as error:
        facts = replace(
            facts, damaged=f"It could not be read: {explain(error)}. The bytes are kept."
        )
        return Inspection(facts, None, None, None)
    finally:
        container.close()
    if not watch.times:
        facts = replace(facts, damaged="None of its pictures could be decoded. The bytes are kept.")
        return Inspection(facts, None, None, None)
    index, damaged = _agree(found, watch, whole, time_base, rate)
    if not index.counted:
        index = _trusted(file, media, index, watch)
    facts = replace(
        facts, rotation=watch.rotation, width=watch.size[0], height=watch.size[1],
        frame_count=len(index), checked_frames=len(watch.times), damaged=damaged,
        duration=float(index.durations.sum()),
    )  # fmt: skip
    if facts.duration:
        facts = replace(facts, fps=len(index) / facts.duration)
    if announced and not damaged and (facts.duration or 0) < announced * 0.95 - 0.2:
        there = f"{facts.duration or 0:.1f} of {announced:.1f} seconds"
        facts = replace(
            facts, damaged=f"The file ends early: {there} are there. All bytes are kept."
        )
    strip = watch.strip
    if not whole:
        strip = _sample(file, media, index, facts.rotation)
    fingerprint = watch.sampler.to_bytes(facts.duration or 0.0) if whole else None
    return Inspection(facts, index.to_bytes(), watch.poster_jpeg(), strip.jpeg(), fingerprint)


class _Watch:
    """What is noted of each picture while a video is decoded from its start."""

    def __init__(self, stream: Any, found: FrameIndex | None) -> None:
        self.times: list[int | None] = []
        expected = len(found) if found is not None else 0
        self.strip = Strip(expected)
        self.trial = Trial(found) if found is not None else None
        self.seconds = 0.0  # CPU time it took
        self.rotation = 0
        self.size = (0, 0)
        self.sampler = Sampler(spacing(float(found.durations.sum()) if found else None))
        self._seconds_at = _clock(stream, found)
        self._stream = stream
        self._expected = expected
        self._poster: Any = None
        self._converter: Any = None
        self._shrinker: Any = None

    def run(self, pictures: Iterator[Any], seconds: float) -> bool:
        """True when the end was reached within ``seconds`` of CPU time."""
        start = time.process_time()
        for picture in pictures:
            self._take(picture)
            self.seconds = time.process_time() - start
            if self.seconds > seconds:
                return False
        return True

    def _take(self, picture: Any) -> None:
        at = len(self.times)
        self.times.append(picture.pts)
        if self.trial:
            self.trial.note(picture)
        if self._converter is None:
            self.rotation = -picture.rotation % 360
            self._converter = Converter(self.rotation, aspect_of(self._stream))
            self._shrinker = Shrinker(self.rotation)
            self.size = self._converter.shown_size(picture.width, picture.height)
        if self.strip.wants(at):
            self.strip.take(self._converter.convert(picture, at, self.strip.size_for(*self.size)))
        if self._poster is None or at == min(self._expected // 5, 250):
            self._poster = self._converter.convert(picture, at, (512, 512))
        seconds = self._seconds_at(picture, at)
        if self.sampler.wants(seconds):
            self.sampler.take(seconds, self._shrinker.shrink(picture))

    def poster_jpeg(self) -> bytes | None:
        return poster(self._poster) if self._poster is not None else None


def _clock(stream: Any, found: FrameIndex | None) -> Callable[[Any, int], float]:
    """From a picture and its place to the seconds at which it is shown."""
    if found is None:
        rate = float(stream.average_rate or stream.base_rate or 25)
        return lambda picture, at: at / rate
    zero, tick = int(found.pts[0]), found.numerator / found.denominator
    return lambda picture, at: ((zero if picture.pts is None else picture.pts) - zero) * tick


def _agree(
    found: FrameIndex | None, watch: _Watch, whole: bool, time_base: Any, rate: Any
) -> tuple[FrameIndex, str | None]:
    """The index that decoding confirms, and what is wrong where the two disagree."""
    times = [time for time in watch.times if time is not None]
    in_order = all(one < two for one, two in itertools.pairwise(times))
    if found is None or not times or not in_order:
        # Packet times say nothing about presentation (AVI with B-frames, raw streams):
        # frames are counted, evenly spaced.
        ticks = max(1, round(1 / (rate * time_base)))
        frames = len(watch.times) if whole or found is None else len(found)
        return indexing.count(frames, time_base, ticks), None
    if not whole:
        return found, None
    kept = found.keep(np.asarray(times, np.int64))
    lost = len(found) - len(kept)
    if lost == 0:
        return kept, None
    if lost > 1 and found.pts[-1] > kept.pts[-1]:
        return kept, f"It breaks off after frame {len(kept)} of {len(found)}. The bytes are kept."
    return kept, f"{lost} of {len(found)} frames could not be read. The bytes are kept."


def _trusted(file: Any, media: MediaType, index: FrameIndex, watch: _Watch) -> FrameIndex:
    """The index with those keyframes at which decoding really can begin."""
    if watch.trial is None:
        return index
    with open_again(file) as again:
        for strict in (False, True):
            if strict:
                container = open_container(again, media.demuxers)
                sure = indexing.build(container, picture_stream(container), strict=True)
                container.close()
                clean = sure.pts[sure.keys] if sure is not None else index.pts[:0]
                index = index.without_keys(np.flatnonzero(~np.isin(index.pts, clean)))
            pictures = Pictures(again, media.demuxers, index)
            try:
                if watch.trial.agrees(pictures, watch.seconds * TRIAL_SHARE):
                    return pictures.index
            finally:
                pictures.close()
    return index.without_keys(range(len(index)))


def _sample(file: Any, media: MediaType, index: FrameIndex, rotation: int) -> Strip:
    """A filmstrip from the keyframes nearest to its places, for what is too long to decode."""
    strip = Strip(len(index))
    source = VideoSource(open_again(file), media.demuxers, index, rotation)
    try:
        size = strip.size_for(source.width, source.height)
        for place in strip.places:
            key = index.keyframe_before(place)
            try:
                frame = next(iter(source.frames(key, key, size)))
            except (UserError, StopIteration):
                continue
            strip.put(place, frame)
    finally:
        source.close()
    return strip


def inspect_frames(paths: list[str], delays: Sequence[float] | None = None) -> FramesInspection:
    """Look at the files of a group: the first size, which cannot be read, poster and strip.

    ``delays``: seconds that each is shown, for the fingerprint; without them there is none.
    """
    strip = Strip(len(paths))
    starts = list(itertools.accumulate(delays or [], initial=0.0))
    sampler = Sampler(spacing(starts[-1]))
    width = height = 0
    codec = ""
    damaged: list[tuple[int, str]] = []
    cover: bytes | None = None
    for place, path in enumerate(paths):
        try:
            with open_regular(path) as file, open_picture(file) as image:
                image.load()
                if not width:
                    (width, height), codec = upright_size(image), str(image.format).lower()
                if strip.wants(place):
                    strip.take(from_pillow(image, place, strip.size_for(width, height)))
                if cover is None or place == len(paths) // 3:
                    cover = poster(from_pillow(image, place, (512, 512)))
                if delays and sampler.wants(starts[place]):
                    sampler.take(starts[place], small_from_pillow(ImageOps.exif_transpose(image)))
        except Exception as error:
            reason = str(error) if isinstance(error, UserError) else "its data is damaged"
            damaged.append((place, reason))
    return FramesInspection(
        width, height, codec, tuple(damaged), cover, strip.jpeg(), sampler.to_bytes(starts[-1])
    )
