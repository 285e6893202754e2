"""The formats as people are told about them."""

from dataclasses import dataclass

from vidcache_gui.media.exporting.choices import Format
from vidcache_gui.media.types import Kind


@dataclass(frozen=True, slots=True)
class Offer:
    format: Format
    name: str
    line: str  # one line that says what it is good for


OFFERS = (
    Offer(Format.GIF, "GIF", "Plays everywhere. 256 colours a frame; part of a GIF stays exact."),
    Offer(Format.WEBP, "WebP", "Plays in browsers. All colours, see-through, small files."),
    Offer(Format.APNG, "APNG", "Plays in browsers. Exact pixels, large files."),
    Offer(Format.MP4, "MP4", "Plays everywhere, smallest. Every frame keeps its own time."),
    Offer(Format.FRAMES, "Frames", "Every frame a PNG of its own, numbered."),
    Offer(Format.PNG, "PNG", "One frame, exact."),
    Offer(Format.JPEG, "JPEG", "One frame, small."),
)
BY_FORMAT = {offer.format: offer for offer in OFFERS}
STILL_OFFERS = (Format.PNG, Format.JPEG)


def offers_for(kind: Kind) -> tuple[Offer, ...]:
    if kind is Kind.IMAGE:
        return tuple(offer for offer in OFFERS if offer.format in STILL_OFFERS)
    return OFFERS


def usual(kind: Kind) -> Format:
    """What to offer first: what the footage already is, where that can be written."""
    return {Kind.VIDEO: Format.MP4, Kind.IMAGE: Format.PNG}.get(kind, Format.GIF)
