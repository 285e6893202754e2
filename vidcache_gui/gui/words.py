"""Numbers as people read them."""

import re
import time
from collections.abc import Mapping

from vidcache_gui.core.records import Item, SourceResult
from vidcache_gui.media.types import Kind

KIND_WORDS = {
    Kind.VIDEO: "Video",
    Kind.ANIMATION: "Animation",
    Kind.IMAGE: "Picture",
    Kind.FRAMES: "Frame sequence",
    Kind.DATA: "Other data",
}
KIND_ICONS = {
    Kind.VIDEO: "video",
    Kind.ANIMATION: "animation",
    Kind.IMAGE: "image",
    Kind.FRAMES: "frames",
    Kind.DATA: "data",
}
STATUS_WORDS = {
    "succeeded": "done",
    "new": "new",
    "duplicate": "already here",
    "url_alias": "known from a new place",
    "skipped": "skipped",
    "failed": "failed",
}
_HEIGHTS = {2160: "4K", 4320: "8K"}


def size(count: int) -> str:
    """5.9 MB; powers of 1000, three significant digits at most."""
    if count < 1000:
        return "1 byte" if count == 1 else f"{count} bytes"
    value = float(count)
    for unit in ("kB", "MB", "GB", "TB", "PB"):
        value /= 1000
        if value < 999.5 or unit == "PB":
            break
    return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"


def exact_size(count: int) -> str:
    return "1 byte" if count == 1 else f"{count:,} bytes"


def duration(seconds: float | None) -> str:
    """0:31, 1:02:03; under ten seconds with a decimal."""
    if seconds is None:
        return ""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def exact_duration(seconds: float | None) -> str:
    """0:00:31.048"""
    if seconds is None:
        return ""
    ms = round(seconds * 1000)
    hours, ms = divmod(ms, 3_600_000)
    minutes, ms = divmod(ms, 60_000)
    return f"{hours}:{minutes:02}:{ms // 1000:02}.{ms % 1000:03}"


def time_left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{max(1, round(seconds))} s left"
    if seconds < 3600:
        return f"{round(seconds / 60)} min left"
    return f"{seconds / 3600:.1f} h left"


def number(count: int) -> str:
    return f"{count:,}"


def items(count: int) -> str:
    return "1 item" if count == 1 else f"{count:,} items"


def frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count:,} frames"


def resolution(width: int, height: int) -> str:
    """1080p for the usual shapes, 640 × 360 for others."""
    if not width or not height:
        return ""
    short = min(width, height)
    if short in (480, 720, 1080, 1440):
        return f"{short}p"
    return _HEIGHTS.get(short, f"{width} × {height}")


def moment(ms: int) -> str:
    """A point in time, as the locale-free 2026-11-21 04:42."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(ms / 1000))


def badge(item: Item) -> str:
    """What stands in the corner of a picture: how long, or how many."""
    if item.kind is Kind.IMAGE:
        return ""
    if item.kind is Kind.FRAMES or item.duration is None:
        return number(item.frame_count) if item.frame_count else ""
    return duration(item.duration)


def facts_line(item: Item) -> str:
    """``0:31 · 1080p · 5.9 MB``"""
    first = frames(item.frame_count) if item.kind is Kind.FRAMES else duration(item.duration)
    if item.kind is Kind.IMAGE:
        first = ""
    if item.kind is Kind.DATA and item.frame_count > 1:
        first = f"{number(item.frame_count)} parts"
    parts = (first, resolution(item.width, item.height), size(item.size))
    return " · ".join(part for part in parts if part)


def summary(counts: Mapping[str, int]) -> str:
    """``480 new · 12 already here · 2 failed``; a fixed order, nothing that is zero."""
    parts = [
        f"{counts[status]:,} {word}" for status, word in STATUS_WORDS.items() if counts.get(status)
    ]
    return " · ".join(parts) or "nothing to do"


def place(source: str) -> str:
    """Where something is known from: an address or path as it is, an export in words."""
    match = re.fullmatch(r"export:([0-9a-f]+)#frames=(\d+)-(\d+)", source)
    if match is None:
        return source
    hash, first, last = match.groups()
    which = f"frame {first}" if first == last else f"frames {first} to {last}"
    return f"Made of {which} of {hash[:12]}"


def result_reason(result: SourceResult) -> str:
    """Why a source ended as it did, in a sentence; empty when there is nothing to say."""
    said = (result.reason, result.damaged, result.look_alike, result.remembered)
    return " ".join(text for text in said if text)


def plural(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def item_place(bucket: str, prefix: str) -> str:
    return f"{bucket}/{prefix}" if prefix else bucket
