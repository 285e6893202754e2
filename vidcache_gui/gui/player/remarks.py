"""What is worth saying beside the time, and about the frame under the pointer."""

from collections.abc import Callable, Sequence

from vidcache_gui.core.records import Bookmark, Item
from vidcache_gui.gui.player.engine import PlayerEngine


def about_playing(engine: PlayerEngine, item: Item | None) -> list[str]:
    """The frame's own number, where it has another; what was skipped or late; damage."""
    notes, head, footage = [], engine.playhead, engine.footage
    if footage is not None and footage.number(head.index) != head.index:
        notes.append(f"numbered {footage.number(head.index)}")
    if head.skipped:
        notes.append(f"{head.skipped} skipped")
    if head.late:
        notes.append(f"{head.late} late")
    if item is not None and item.damaged:
        notes.append(item.damaged)
    return notes


def about_frame(
    engine: PlayerEngine, index: int, time_of: Callable[[int], str], marks: Sequence[Bookmark]
) -> str:
    """``frame 12 · 0:00:00.480 · missing · The first star``; empty beyond the end."""
    if index >= engine.count:
        return ""
    parts = [f"frame {index}", time_of(index)]
    if engine.footage is not None and index in engine.footage.missing:
        parts.append("missing")
    elif index in engine.damaged:
        parts.append("damaged")
    parts += [mark.note or "bookmark" for mark in marks if mark.frame == index]
    return " · ".join(parts)
