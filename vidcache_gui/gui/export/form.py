"""What can be chosen about an export: which frames, how large, how fast, as what."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QVBoxLayout, QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.gui import theme, words
from vidcache_gui.gui.export.formats import BY_FORMAT, STILL_OFFERS, offers_for, usual
from vidcache_gui.gui.fields import (
    ChoiceRow,
    FrameField,
    combo,
    decimal,
    heading,
    link,
    number,
    row,
)
from vidcache_gui.gui.parts import label
from vidcache_gui.media.exporting.choices import (
    KEEPS_ALPHA,
    LOOPS,
    Background,
    Choices,
    Format,
    Missing,
    Order,
    Quality,
)
from vidcache_gui.media.types import Kind

FITS = 1280
WITH_QUALITY = (Format.WEBP, Format.MP4, Format.JPEG)


class ExportForm(QWidget):
    """The choices; ``changed`` whenever one of them does."""

    changed = Signal()
    reshaped = Signal()  # it needs another height

    def __init__(
        self, item: Item, delays_ms: Sequence[float], marks: tuple[int | None, int | None]
    ) -> None:
        super().__init__()
        self.item = item
        self.delays_ms = delays_ms
        first, last = marks[0] or 0, len(delays_ms) - 1 if marks[1] is None else marks[1]
        whole = (first, last) == (0, len(delays_ms) - 1)
        self._marked = None if whole else (first, last)
        starts = [0.0, *accumulate(delay / 1000 for delay in delays_ms)]
        offers = offers_for(item.kind)
        self.formats = ChoiceRow(
            [(offer.format, offer.name, offer.line) for offer in offers], "Format"
        )
        self.line = label("", theme.SMALL, muted=True)
        count = len(delays_ms)
        self.first = FrameField("From frame", "The first frame of the range", count, starts)
        self.last = FrameField("To frame", "The last frame of the range, included", count, starts)
        self._to = label("to", muted=True)
        self.whole = link("Whole item", "From the first frame to the last", self.take_all)
        self.marked = link("Marked range", "What is marked in the player", self._take_marked)
        self._make_size()
        self._make_timing()
        self._make_more()
        self._build()
        self._connect()
        self.take_all()
        self._take_marked()
        self.formats.choose(usual(item.kind))

    def _make_size(self) -> None:
        width, height = self.item.width, self.item.height
        self.size_kind = combo(
            "Size", "How large the result is",
            [("original", f"Original, {width} × {height}"),
             ("half", f"Half, {max(1, width // 2)} × {max(1, height // 2)}"),
             ("fits", f"Fits {FITS} × {FITS}"), ("own", "Fits my own size")],
        )  # fmt: skip
        self.width_box = number("Width", "Largest width in pixels", 1, 16384, max(1, width))
        self.height_box = number("Height", "Largest height in pixels", 1, 16384, max(1, height))
        self.enlarge = QCheckBox("May grow")
        self.enlarge.setToolTip("Make small footage larger, up to this size")
        self._own_size = row(self.width_box, label("×", muted=True), self.height_box, self.enlarge)

    def _make_timing(self) -> None:
        self.timing = combo(
            "Frame rate", "Which frames are shown, and how long each stays",
            [("stored", "As stored"), ("fps", "My own rate"), ("delay", "One delay for all")],
        )  # fmt: skip
        self.fps = decimal(
            "Frames a second", "At each tick the frame that is on screen then", 0.1, 240, 25, "fps"
        )
        self.delay = decimal("Delay", "How long every frame stays", 1, 60_000, 40, "ms")

    def _make_more(self) -> None:
        self.order = combo(
            "Order", "In which direction the frames go",
            [(Order.FORWARD, "Forward"), (Order.BACKWARDS, "Backwards"),
             (Order.PING_PONG, "There and back")],
        )  # fmt: skip
        self.speed = decimal("Speed", "2 is twice as fast", 0.05, 100, 1, "×")
        self.loop = combo(
            "Repeat", "How often an animation plays",
            [(None, "As the original"), (0, "For ever"), (1, "Once"), (2, "Twice"),
             (3, "Three times")],
        )  # fmt: skip
        self.quality = combo(
            "Quality", "How exact pictures stay",
            [(None, "What suits the footage"), (Quality.LOSSLESS, "Without any loss"),
             (Quality.HIGH, "High"), (Quality.SMALL, "Small file")],
        )  # fmt: skip
        self.background = combo(
            "Behind see-through", "For formats without transparency",
            [(Background.BLACK, "Black"), (Background.WHITE, "White")],
        )  # fmt: skip
        self.missing = combo(
            "Frames that cannot be read", "What stands in for them",
            [(Missing.HOLD, "The frame before stays"), (Missing.BLANK, "Blank"),
             (Missing.SKIP, "Left out"), (Missing.FAIL, "Write nothing")],
        )  # fmt: skip

    def _build(self) -> None:
        self._form = form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._range = row(self.first, self.first.time, self._to, self.last, self.last.time)
        form.addRow(heading("Format"), self.formats)
        form.addRow(heading(""), self.line)
        form.addRow(heading("Frames"), self._range)
        self._quick = row(self.whole, self.marked)
        form.addRow(heading(""), self._quick)
        form.addRow(heading("Size"), row(self.size_kind, self._own_size))
        form.addRow(heading("Frame rate"), row(self.timing, self.fps, self.delay))
        self.more = link("More choices", "Order, speed, quality and more", self._toggle_more)
        form.addRow(heading(""), row(self.more))
        self._more_rows = (
            ("Order", self.order), ("Speed", self.speed), ("Repeat", self.loop),
            ("Quality", self.quality), ("Behind see-through", self.background),
            ("Unreadable frames", self.missing),
        )  # fmt: skip
        for text, field in self._more_rows:
            form.addRow(heading(text), row(field))
        self._showing_more = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)

    def _connect(self) -> None:
        self.formats.chosen.connect(self._say)
        for field in (self.first, self.last, self.width_box, self.height_box):
            field.valueChanged.connect(self._say)
        for other in (self.fps, self.delay, self.speed):
            other.valueChanged.connect(self._say)
        self.enlarge.toggled.connect(self._say)
        for choice in (
            self.size_kind, self.timing, self.order, self.loop, self.quality, self.background,
            self.missing,
        ):  # fmt: skip
            choice.currentIndexChanged.connect(self._say)

    def take_all(self) -> None:
        self.first.setValue(0)
        self.last.setValue(len(self.delays_ms) - 1)

    def _take_marked(self) -> None:
        if self._marked is not None:
            self.first.setValue(self._marked[0])
            self.last.setValue(self._marked[1])

    def _toggle_more(self) -> None:
        self._showing_more = not self._showing_more
        self._say()
        self.reshaped.emit()

    @property
    def format(self) -> Format:
        return Format(str(self.formats.value))

    def choices(self) -> Choices:
        timing, quality = self.timing.currentData(), self.quality.currentData()
        return Choices(
            first=self.first.value(),
            last=self.first.value() if self.format in STILL_OFFERS else self.last.value(),
            size=self._size(),
            enlarge=self.size_kind.currentData() == "own" and self.enlarge.isChecked(),
            fps=self.fps.value() if timing == "fps" else None,
            delay_ms=self.delay.value() if timing == "delay" else None,
            speed=self.speed.value(),
            order=Order(self.order.currentData()),  # Qt hands words back as plain text
            loop=self.loop.currentData(),
            quality=Quality(quality) if quality else None,
            background=Background(self.background.currentData()),
            missing=Missing(self.missing.currentData()),
        )

    def _size(self) -> tuple[int, int] | None:
        width, height = max(1, self.item.width // 2), max(1, self.item.height // 2)
        own = self.width_box.value(), self.height_box.value()
        sizes = {"half": (width, height), "fits": (FITS, FITS), "own": own}
        return sizes.get(self.size_kind.currentData())

    def _say(self, *_: object) -> None:
        """Show what belongs to the choices made so far."""
        format, form = self.format, self._form
        self.line.setText(BY_FORMAT[format].line)
        still, more = format in STILL_OFFERS, self._showing_more
        for widget in (self._to, self.last, self.last.time):
            widget.setVisible(not still)
        alone = self.item.kind is Kind.IMAGE
        form.setRowVisible(self._range, not alone)
        form.setRowVisible(self._quick, not still)
        self.marked.setVisible(self._marked is not None)
        self._own_size.setVisible(self.size_kind.currentData() == "own")
        timing = self.timing.currentData()
        self.fps.setVisible(timing == "fps")
        self.delay.setVisible(timing == "delay")
        self._show_row(self.timing, not still)
        self.more.setText("Fewer choices" if more else "More choices")
        shown = {
            self.order: not still, self.speed: not still, self.loop: format in LOOPS,
            self.quality: format in WITH_QUALITY,
            self.background: format not in KEEPS_ALPHA and self.item.kind is not Kind.VIDEO,
            self.missing: True,
        }  # fmt: skip
        for field, wanted in shown.items():
            self._show_row(field, more and wanted)
        self.changed.emit()

    def _show_row(self, field: QWidget, shown: bool) -> None:
        holder = field.parentWidget()
        assert holder is not None
        self._form.setRowVisible(holder, shown)

    # Remembering

    def state(self) -> dict[str, Any]:
        """What is worth keeping for the next time; the range is not."""
        return {
            "format": self.format.value, "size": self.size_kind.currentData(),
            "width": self.width_box.value(), "height": self.height_box.value(),
            "timing": self.timing.currentData(), "fps": self.fps.value(),
            "delay": self.delay.value(), "quality": self.quality.currentData(),
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> None:
        """Take what fits from :meth:`state`; a list of anything else is passed over."""
        if state.get("format") in {offer.format.value for offer in offers_for(self.item.kind)}:
            self.formats.choose(Format(state["format"]))
        for name, box in (("size", self.size_kind), ("timing", self.timing),
                          ("quality", self.quality)):  # fmt: skip
            at = box.findData(state.get(name)) if state.get(name) is not None else -1
            if at >= 0:
                box.setCurrentIndex(at)
        for name, field in (("width", self.width_box), ("height", self.height_box)):
            if isinstance(state.get(name), int):
                field.setValue(state[name])
        for name, part in (("fps", self.fps), ("delay", self.delay)):
            if isinstance(state.get(name), int | float):
                part.setValue(state[name])


def result_line(frames: int, seconds: float, width: int, height: int, *, still: bool) -> str:
    """``41 frames · 1.6 s · 640 × 360``"""
    size = f"{width} × {height}"
    return size if still else f"{words.frames(frames)} · {words.duration(seconds)} · {size}"
