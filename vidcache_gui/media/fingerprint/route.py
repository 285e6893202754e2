"""Which packets of a video are decoded for its fingerprint, decided before any is.

Decoding is nearly all that a fingerprint costs. Short footage is decoded from start to end, but
for the pictures that no other picture needs; footage of which keyframes are dense, and long
footage, only at its keyframes, with gaps between them filled as far as the budget goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.media.fingerprint.sampler import MIDDLE, SHORTEST, spacing

DENSE = 0.25  # seconds between pictures that are as good as any for short footage
GAPS = (5.0, 10.0, 20.0, 60.0, float("inf"))  # seconds without a picture, sparser and sparser
BUDGET = 90.0  # seconds of decoding, as estimated below
_PER_PICTURE, _PIXELS, _BYTES = 2e-4, 4e8, 2e7  # seconds, and what is decoded in a second
_REORDERED = ("h264", "hevc", "mpeg4", "mpeg2video", "vc1", "wmv3")  # may have B-pictures

Times = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Packets:
    """What demuxing said of a video's packets, in the order of the file."""

    times: Times  # seconds from the first picture
    keys: Mask  # True where decoding can start
    spare: Mask  # True for pictures that no other is drawn from, where that is known
    sizes: NDArray[np.int64]  # bytes
    duration: float  # seconds
    pixels: int  # of a picture
    codec: str


@dataclass(frozen=True, slots=True)
class Route:
    """``feed``: the packets given to the decoder, but for those that are ``spare``, if any are.

    ``skip``: what the decoder leaves out itself (AVDISCARD). ``step``: seconds between looks.
    ``expected``: pictures that will be looked at.
    """

    feed: Mask
    spare: Mask | None
    skip: str
    step: float
    expected: int


def choose(packets: Packets) -> list[Route]:
    """The cheapest route that is good enough, and then those to try if it gives too little."""
    step = spacing(packets.duration)
    everything = np.ones(len(packets.times), bool)
    whole = [Route(everything, None, "DEFAULT", step, looks(packets.times, step))]
    # Fast movement in a few seconds is compared picture by picture: the same ones are needed.
    for skip, chosen, spare in _cheaper(packets) if packets.duration > SHORTEST else ():
        if _are_enough(packets, chosen):
            expected = looks(packets.times[chosen], step)
            whole.insert(0, Route(everything, spare, skip, step, expected))
    short = packets.duration <= MIDDLE and _cost(packets, everything) <= 2 * BUDGET
    if _reach(packets.times[packets.keys], packets.duration) <= max(DENSE, step):
        feed = thinned(packets, step)
        if _cost(packets, feed) <= BUDGET:
            dense = Route(feed, None, "DEFAULT", step, int(feed.sum()))
            return [dense, whole[-1]] if short else [dense]
    if packets.duration <= MIDDLE and _cost(packets, _decoded(packets, whole[0])) <= BUDGET:
        return whole
    return [_sparse(packets, whole[0], step)]


def looks(times: Times, step: float) -> int:
    """How many pictures of these times lie on a grid of that step."""
    return len(np.unique(np.floor(times / step + 1e-3)))


def anchors(packets: Packets) -> Mask:
    """Pictures shown after all that came before them in the file: no B-pictures."""
    latest = np.maximum.accumulate(packets.times)
    before = np.concatenate(([-np.inf], latest[:-1]))
    return np.asarray(packets.times > before)


def thinned(packets: Packets, step: float) -> Mask:
    """The keyframes, one in each step."""
    feed = np.zeros(len(packets.times), bool)
    places = np.flatnonzero(packets.keys)
    _, first = np.unique(np.floor(packets.times[places] / step + 1e-3), return_index=True)
    feed[places[first]] = True
    return feed


def _reach(times: Times, duration: float) -> float:
    """The longest time without one of these pictures."""
    if not len(times):
        return float("inf")
    return float(np.diff(np.sort(times), prepend=0.0, append=duration).max())


def _cheaper(packets: Packets) -> Iterator[tuple[str, Mask, Mask]]:
    """What the decoder may leave out, the pictures it then gives, and those it need not get."""
    yield "NONREF", ~packets.spare, packets.spare
    if packets.codec in _REORDERED:
        first = anchors(packets)
        if not first.all():
            # It reads the head of each before it leaves it out, if it gets it. H.264's fills a
            # gap with the picture before; what others do about one is their own affair.
            spare = ~first if packets.codec == "h264" else packets.spare & ~first
            yield "BIDIR", first, spare


def _are_enough(packets: Packets, chosen: Mask) -> bool:
    """Whether these pictures come often enough. (Some encoders spare all but the first.)"""
    gaps = np.diff(np.sort(packets.times[chosen]), append=packets.duration)
    return len(gaps) > 0 and float(np.percentile(gaps, 98)) <= DENSE


def _decoded(packets: Packets, route: Route) -> Mask:
    if route.skip == "BIDIR":
        return route.feed & anchors(packets)
    return route.feed if route.spare is None else route.feed & ~route.spare


def _cost(packets: Packets, decoded: Mask) -> float:
    """About how many seconds of processor time decoding takes."""
    count = int(decoded.sum())
    size = int(packets.sizes[decoded].sum())
    return count * (_PER_PICTURE + packets.pixels / _PIXELS) + size / _BYTES


def _sparse(packets: Packets, whole: Route, step: float) -> Route:
    """Keyframes, and between them as much of ``whole`` as can be afforded."""
    for gap in GAPS:
        feed = _filled(packets, step, gap)
        expected = int((feed & packets.keys).sum())
        route = Route(feed, whole.spare, whole.skip, step, expected)
        if _cost(packets, _decoded(packets, route)) <= BUDGET:
            return route
    cost = _cost(packets, thinned(packets, step))
    while cost > BUDGET and step < packets.duration:
        step *= 2
        cost = _cost(packets, thinned(packets, step))
    feed = thinned(packets, step)
    return Route(feed, None, "DEFAULT", step, int(feed.sum()))


def _filled(packets: Packets, step: float, gap: float) -> Mask:
    """Keyframes a step apart; where the next is further than ``gap``, what follows them, too."""
    feed = thinned(packets, step)
    starts = np.flatnonzero(feed)
    ends = np.append(starts[1:], len(feed))
    for start, end in zip(starts, ends, strict=True):
        time = packets.times[start]
        until = packets.times[end] if end < len(feed) else packets.duration
        if until - time <= gap:
            continue
        target = time + gap * np.ceil((until - time) / gap - 1)
        reached = np.flatnonzero(packets.times[start:end] >= target)
        feed[start : start + reached[0] + 1 if len(reached) else end] = True
    return feed
