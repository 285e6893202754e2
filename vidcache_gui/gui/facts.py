"""What the inspector lists about an item, as rows of text. No widgets."""

from dataclasses import dataclass
from typing import Any

from vidcache_gui.core.records import Item, ItemDetails
from vidcache_gui.gui import words

HASH_SHOWN = 12  # characters; the whole is on hover and is what gets copied


@dataclass(frozen=True, slots=True)
class Fact:
    title: str
    shown: str
    whole: str | None = None  # exact value: on hover, and what Copy copies
    mono: bool = False
    copies: bool = False


def fact_rows(item: Item, details: ItemDetails | None) -> list[Fact]:
    """Facts in reading order; what is unknown is left out."""
    extra: dict[str, Any] = details.facts if details is not None else {}
    rows = [
        Fact("Length", words.duration(item.duration), words.exact_duration(item.duration)),
        Fact("Frames", words.number(item.frame_count) if item.frame_count else ""),
        _gaps(details),
        Fact("Delay", f"{item.delay_ms:g} ms" if item.delay_ms else ""),
        _delays(details),
        _bookmarks(details),
        Fact("Picture", f"{item.width} × {item.height}" if item.width else ""),
        Fact("Frame rate", f"{item.fps:.4g} fps" if item.fps else ""),
        Fact("Format", _format(item, extra)),
        Fact("Bit rate", _bit_rate(extra.get("bit_rate"))),
        Fact("Sound", "yes" if extra.get("has_audio") else ""),
        Fact("Size", words.size(item.size), words.exact_size(item.size)),
        Fact("Added", words.moment(item.added_at)),
        Fact("Removed", words.moment(item.removed_at) if item.removed_at else ""),
        Fact("Group", item.ball_id or "", item.ball_id, copies=True),
        Fact("BLAKE3", item.hash[:HASH_SHOWN], item.hash, mono=True, copies=True),
    ]
    if details is not None and details.sha256:
        rows.append(
            Fact("SHA-256", details.sha256[:HASH_SHOWN], details.sha256, mono=True, copies=True)
        )
    return [row for row in rows if row.shown]


def _format(item: Item, extra: dict[str, Any]) -> str:
    known = "" if item.is_group else item.mime.rpartition("/")[2]
    container = str(extra.get("extension") or known)
    parts = [container.upper(), item.codec]
    parts.append(str(extra.get("pixel_format") or ""))
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _bit_rate(value: Any) -> str:
    if not isinstance(value, int | float) or value <= 0:
        return ""
    return f"{value / 1e6:.1f} Mb/s" if value >= 1e6 else f"{value / 1e3:.0f} kb/s"


def _delays(details: ItemDetails | None) -> Fact:
    changed = len(details.delays) if details is not None else 0
    return Fact("Delays", f"{words.frames(changed)} changed" if changed else "")


def _bookmarks(details: ItemDetails | None) -> Fact:
    marks = details.bookmarks if details is not None else ()
    whole = "\n".join(f"frame {mark.frame}  {mark.note}".rstrip() for mark in marks)
    notes = [mark.note or f"frame {mark.frame}" for mark in marks]
    return Fact("Bookmarks", ", ".join(notes), whole)


def _gaps(details: ItemDetails | None) -> Fact:
    gaps = details.gaps if details is not None else ()
    runs = [str(first) if first == last else f"{first}–{last}" for first, last in gaps]
    return Fact("Missing", ", ".join(runs), ", ".join(runs))
