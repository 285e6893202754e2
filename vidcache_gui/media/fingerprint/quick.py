"""The fingerprint of a video by decoding as little of it as its route says."""

import collections
import itertools
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np

from vidcache_gui.errors import UserError
from vidcache_gui.media import index as indexing
from vidcache_gui.media.container import (
    DECODE_ERRORS,
    MOST_BAD_PACKETS,
    choose_threads,
    decode,
    drain,
    open_container,
    packets,
    picture_stream,
)
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.fingerprint.route import BUDGET, Packets, Route, choose
from vidcache_gui.media.fingerprint.sampler import Sampler, spacing
from vidcache_gui.media.fingerprint.small import Shrinker
from vidcache_gui.media.fingerprint.stream import StreamHash
from vidcache_gui.media.index import FrameIndex

KEEP = 32 * 1024**2  # bytes of a file whose packets are kept while they are read once
ENOUGH = 0.8  # of the pictures a route promised
HURRY = 2 * BUDGET  # seconds of processor time after which only keyframes are decoded


def of_video(file: BinaryIO, demuxers: Sequence[str]) -> tuple[Fingerprint | None, str | None]:
    """The fingerprint (None if no picture can be decoded) and the stream hash.

    Raises UserError where there is no moving picture or it cannot be opened.
    """
    footage = _Footage(file, demuxers)
    try:
        return _sampled(footage), footage.hash.hexdigest()
    finally:
        footage.close()


class _Footage:
    """A video whose packets were read once, and can be had again."""

    def __init__(self, file: BinaryIO, demuxers: Sequence[str]) -> None:
        self._file, self._demuxers = file, demuxers
        self._kept: list[Any] | None = [] if file.seek(0, os.SEEK_END) <= KEEP else None
        self._times: list[int | None] = []
        self._keys: list[bool] = []
        self._sizes: list[int] = []
        self._spare: list[bool] = []
        self._open()
        self.hash = StreamHash(self.stream)
        try:
            given = self._noted(packets(self._container, self.stream))
            self.index = indexing.build(self._container, self.stream, given)
            collections.deque(given, maxlen=0)  # where the index gave up
        except DECODE_ERRORS as error:
            self.close()
            raise UserError("Its data is damaged.") from error

    def _open(self) -> None:
        self._container = open_container(self._file, self._demuxers)
        self.stream = picture_stream(self._container)
        if self.stream is None or self.stream.codec_context is None:
            self.close()
            raise UserError("It has no picture that can be decoded.")

    def _noted(self, given: Iterable[Any]) -> Iterator[Any]:
        for packet in given:
            self._spare.append(self.hash.update(packet))
            self._times.append(packet.pts)
            self._keys.append(packet.is_keyframe)
            self._sizes.append(packet.size)
            if self._kept is not None:
                self._kept.append(packet)
            yield packet

    def packets_of(self, index: FrameIndex) -> Packets:
        context = self.stream.codec_context
        pts = np.asarray(self._times, np.int64)
        clean = np.isin(pts, index.pts[index.keys])
        return Packets(
            (pts - index.pts[0]) * (index.numerator / index.denominator),
            np.asarray(self._keys, bool) & clean, np.asarray(self._spare, bool),
            np.asarray(self._sizes, np.int64),
            float(index.durations.sum()), context.width * context.height,
            context.codec.canonical_name,
        )  # fmt: skip

    def again(self) -> Iterator[Any]:
        """All packets from the first on, for a decoder that has seen none."""
        if self._kept is not None and not self.stream.codec_context.is_open:
            return iter(self._kept)
        self.close()
        self._open()
        return packets(self._container, self.stream)

    def close(self) -> None:
        self._container.close()


def _sampled(footage: _Footage) -> Fingerprint | None:
    index = footage.index
    if index is None:
        return _counted(footage)
    routes = choose(footage.packets_of(index))
    best: Sampler | None = None
    for route in routes:
        given = footage.again()
        sampler = Sampler(route.step)
        _Looker(footage.stream, index, sampler).run(given, route)
        if best is None or sampler.looked > best.looked:
            best = sampler
        if sampler.looked >= ENOUGH * route.expected:
            break
    assert best is not None
    return best.fingerprint(float(index.durations.sum()))


class _Looker:
    """One decoder on its way along a route."""

    def __init__(self, stream: Any, index: FrameIndex, sampler: Sampler) -> None:
        self._stream = stream
        self._zero = int(index.pts[0])
        self._tick = index.numerator / index.denominator
        self._sampler = sampler
        self._shrinker: Shrinker | None = None

    def run(self, given: Iterable[Any], route: Route) -> None:
        prepare(self._stream, route.skip)
        context = self._stream.codec_context
        started = time.process_time()
        hurry = gap = False
        floor: int | None = None
        bad = 0
        spares = itertools.repeat(False) if route.spare is None else route.spare.tolist()
        for fed, spare, packet in zip(route.feed.tolist(), spares, given, strict=False):
            if spare:
                continue
            if not fed or (hurry and not packet.is_keyframe):
                gap = True
                continue
            if gap and not context.codec.intra_only:
                # What was left out would be made up for, at the price of decoding it.
                self._look(drain(self._stream), floor)
                context.flush_buffers()
                floor = packet.pts
                hurry = time.process_time() - started > HURRY
            gap = False
            try:
                self._look(packet.decode(), floor)
                bad = 0
            except DECODE_ERRORS:
                bad += 1
                if bad > MOST_BAD_PACKETS:
                    break
        self._look(drain(self._stream), floor)

    def _look(self, pictures: list[Any], floor: int | None) -> None:
        """``floor``: pictures before it were drawn upon others that were left out."""
        for picture in pictures:
            if picture.pts is None or (floor is not None and picture.pts < floor):
                continue
            time = (picture.pts - self._zero) * self._tick
            if self._sampler.wants(time):
                self._shrinker = self._shrinker or Shrinker(-picture.rotation)
                self._sampler.take(time, self._shrinker.shrink(picture))


def prepare(stream: Any, skip: str) -> None:
    """Let the decoder leave out what small pictures do not show. Before it decodes anything."""
    choose_threads(stream, 1)
    stream.codec_context.options = {"skip_loop_filter": "all"}
    stream.codec_context.skip_frame = skip


def _counted(footage: _Footage) -> Fingerprint | None:
    """Of a video whose packets tell no times: its pictures are counted, so all are decoded."""
    given = footage.again()
    stream = footage.stream
    prepare(stream, "DEFAULT")
    rate = float(stream.average_rate or stream.base_rate or 25)
    sampler = Sampler(spacing(None))
    shrinker: Shrinker | None = None
    count = 0
    for count, picture in enumerate(decode(stream, given), 1):
        at = (count - 1) / rate
        if sampler.wants(at):
            shrinker = shrinker or Shrinker(-picture.rotation)
            sampler.take(at, shrinker.shrink(picture))
    return sampler.fingerprint(count / rate)
