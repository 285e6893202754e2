"""The comparison as a page: names, pictures, time bar, controls. Thin: the engine decides."""

import contextlib
import time
from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.gui.compare.acts import ALONE, PairActs, signed
from vidcache_gui.gui.compare.ahead import Ask, Open
from vidcache_gui.gui.compare.canvas import PairCanvas
from vidcache_gui.gui.compare.engine import PairEngine, Shown
from vidcache_gui.gui.compare.head import PairHead
from vidcache_gui.gui.compare.line import A
from vidcache_gui.gui.compare.map_row import MapRow
from vidcache_gui.gui.compare.pair import Alignment, frame_at
from vidcache_gui.gui.compare.pair_bar import PairBar
from vidcache_gui.gui.compare.pair_controls import PairControls
from vidcache_gui.gui.compare.part_map import PartMap
from vidcache_gui.gui.compare.parts import parts_of
from vidcache_gui.gui.compare.searching import Placing, Searching
from vidcache_gui.gui.compare.stage import Mode
from vidcache_gui.gui.compare.timemap import TimeMap, first_transform
from vidcache_gui.gui.compare.tools import Tools
from vidcache_gui.gui.player.cache import default_budget
from vidcache_gui.gui.player.full_screen import FullScreen
from vidcache_gui.gui.player.timing import DelayPolicy
from vidcache_gui.gui.settings import Settings
from vidcache_gui.matching.records import Match
from vidcache_gui.media.types import FrameSource, Kind

FIGURES_EVERY = 0.25  # seconds, while playing: nobody reads them faster
EDGE_STEP = 0.02
OpenItem = Callable[[Item], FrameSource]


class CompareView(PairActs):
    """Shows two items as pairs of frames."""

    close_requested = Signal()
    full_screen_requested = Signal()  # whoever owns the window turns it on or off
    shown = Signal()  # both first frames of a pair are painted (or why there is none)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        engine: PairEngine | None = None,
        open_source: OpenItem | None = None,
        embedded: bool = False,
    ) -> None:
        """``open_source``: what :meth:`show_pair` opens items with, in the decoders' threads.

        ``embedded``: a part of another page, which has names, digits and Escape of its own.
        """
        super().__init__(parent)
        self.items: tuple[Item, Item] | None = None
        self.open_source = open_source
        self._match: Match | None = None  # as it was given
        self._embedded = embedded
        self._awaited = False  # the first frames of a pair are still to be painted
        self._sources: tuple[Open, Open] | None = None
        self.searching, self.placing = Searching(self), Placing(self)
        self.engine = engine or PairEngine()
        self.engine.setParent(self)
        self._go_to_b: int | None = None  # after A and B were changed over
        self._go_to_time: float | None = None  # seconds of A, once it is open
        self._measured = 0.0
        self.head = PairHead()
        if embedded:  # which one is A is the page's to say
            self.head.back.hide()
            self.head.swap.hide()
        self.canvas = PairCanvas()
        self.map_row = MapRow()
        self.map = PartMap()
        self.bar = PairBar()
        self.tools = Tools()
        self.controls = PairControls()
        self.panel = QWidget()
        self.panel.setAutoFillBackground(True)
        below = QVBoxLayout(self.panel)
        below.setContentsMargins(0, 4, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.map_row)
        below.addWidget(self.map)
        below.addWidget(self.bar)
        below.addWidget(self.tools)
        below.addSpacing(4)
        below.addWidget(self.controls)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.panel)
        self.full_screen = FullScreen(self, column, cast(Any, self.canvas), self.panel)
        self.setFocusProxy(self.canvas)
        self._connect_engine()
        self._connect_controls()
        self.make_shortcuts()
        application = QGuiApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.engine.shut_down)

    def show_items(
        self,
        items: tuple[Item, Item],
        sources: tuple[Open, Open],
        alignment: Alignment | TimeMap = Alignment(),  # noqa: B008 (it is immutable)
        at: float | None = None,
        *,
        opened_with: TimeMap | None = None,
        key: object = None,
    ) -> None:
        """``sources`` are opened in the decoders' threads. ``at``: the second of A to begin at;
        ``opened_with``: what Backspace goes back to, if not to ``alignment``; ``key``: of
        what was prefetched."""
        mapping = TimeMap.even(alignment) if isinstance(alignment, Alignment) else alignment
        self._go_to_time = at
        self.items, self._sources = items, sources
        self._said = ""
        self._awaited = True
        a, b = items
        self.head.show_items(a, b)
        loop = Kind.VIDEO not in (a.kind, b.kind)
        self.controls.loop.setChecked(loop)
        self.canvas.show_pair(None)
        self.canvas.set_footage(
            QSize(a.width, a.height), QSize(b.width, b.height), first_transform(mapping)
        )
        self.tools.show_figures(None)
        self.engine.set_speed(1.0)
        self.engine.set_loop(loop)
        self._match = None
        self.searching.forget()
        self.map_row.show_status("")
        self.engine.open(self._ask(items, sources, mapping, opened_with=opened_with, key=key))
        self.engine.set_sizes(*self.canvas.wanted_sizes())

    @staticmethod
    def _ask(
        items: tuple[Item, Item], sources: tuple[Open, Open], mapping: TimeMap, **more: Any
    ) -> Ask:
        return Ask(sources, mapping, (_policy(items[0]), _policy(items[1])), **more)

    def show_pair(self, a: Item, b: Item, match: Match | None, at: float | None = None) -> None:
        """Two items laid over each other as ``match`` (of a with b) says; None: from the start.

        Returns at once; :attr:`shown` tells when both are on screen. Fast where
        :meth:`prefetch` was told of them before. ``at``: the second of A to begin at.
        """
        if self.open_source is None:
            raise ValueError("open_source is not set")
        opener = self.open_source
        sources = (lambda: opener(a), lambda: opener(b))
        mapping, key = self._mapping(a, b, match)
        self.show_items((a, b), sources, mapping, at, key=key)
        if match is not None:
            self._match = match
            self.placing.place(key, match, self._ask((a, b), sources, mapping), first=True)

    def _mapping(self, a: Item, b: Item, match: Match | None) -> tuple[TimeMap, object]:
        """As exact as it is known by now; and by what the pair is known again."""
        key = a.id, b.id, match
        if match is not None:
            match = self.placing.known(key, match) or match
        return TimeMap.of(match), key

    def _show_placed(self, match: Match, placed: Match) -> None:
        """The match is known to the frame now; what a person aligned since stays."""
        if match is self._match and not self.engine.changed:
            self.engine.place_anew(TimeMap.of(placed))

    def prefetch(self, a: Item, b: Item, match: Match | None) -> None:
        """Open these two and decode where they begin, while another pair is looked at."""
        if self.open_source is None:
            raise ValueError("open_source is not set")
        opener = self.open_source
        sources = (lambda: opener(a), lambda: opener(b))
        mapping, key = self._mapping(a, b, match)
        sizes = QSize(a.width, a.height), QSize(b.width, b.height)
        stage = self.canvas.stage.copy_for(*sizes, first_transform(mapping))
        wanted = stage.wanted_size(0), stage.wanted_size(1)
        ask = self._ask((a, b), sources, mapping, key=key, sizes=wanted)
        self.engine.prefetch(ask)
        if match is not None:
            self.placing.place(key, match, ask, first=False)

    def swap(self) -> None:
        """B becomes A: now every frame of it has a place of its own."""
        if self.items is None or self._sources is None:
            return
        b = self.engine.pair.a
        self.show_items(
            self.items[::-1], self._sources[::-1], self.engine.map.inverse(),
            opened_with=self.engine.opened_with.inverse(),
        )  # fmt: skip
        self._go_to_b = b

    def clear(self) -> None:
        """Stop and let go of the footage. Never waits."""
        self.engine.prefetched.forget()
        self.engine.close()
        self.searching.forget()
        self.placing.stop()
        self.items = self._sources = None
        self.canvas.show_pair(None)

    def shut_down(self) -> None:
        """Clear, and wait for the decoders to be gone (at most two seconds each)."""
        self.clear()
        self.canvas.stop()
        self.engine.shut_down()
        self.searching.join(2.0)
        self.placing.join(2.0)

    def follow(self, settings: Settings) -> None:
        """Look at pairs as they were looked at the last time; one alone is no way to begin."""
        self.set_memory(settings.player_mb)
        with contextlib.suppress(ValueError):
            self.set_mode(Mode(settings.compare_mode))

        def remember(mode: Mode) -> None:
            if mode not in ALONE:
                settings.compare_mode = mode.value

        self.mode_changed.connect(remember)

    def set_memory(self, megabytes: int) -> None:
        """For the decoded frames of both together; 0: as much as suits the machine."""
        self.engine.set_budget(megabytes * 1_000_000 if megabytes else default_budget())

    def show_bars(self, shown: bool) -> None:
        """In full screen only the pictures and their controls stay."""
        self.head.setVisible(shown)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.full_screen.watch_window()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.full_screen.place()

    # Connecting

    def _connect_engine(self) -> None:
        engine, canvas = self.engine, self.canvas
        engine.opened.connect(self._show_footage)
        engine.place_changed.connect(self._show_place)
        engine.pair_changed.connect(self._show_pair)
        engine.playing_changed.connect(self._show_playing)
        engine.pace_changed.connect(lambda: self.controls.show_speed(engine.playhead.speed))
        engine.alignment_changed.connect(self._show_alignment)
        engine.cache_changed.connect(self._show_cache)
        canvas.size_wanted.connect(lambda: engine.set_sizes(*canvas.wanted_sizes()))
        canvas.wheel_turned.connect(lambda notches: engine.step(-notches))
        canvas.measured.connect(self.tools.show_figures)
        canvas.pair_painted.connect(self._tell_painted)
        canvas.double_clicked.connect(self.full_screen_requested)
        self.map.chosen.connect(self._go)
        self.map_row.wanted.connect(self.find_difference)
        self.searching.told.connect(self.map_row.show_status)
        self.searching.found.connect(self._go)
        self.placing.placed.connect(self._show_placed)
        self.bar.scrubbed.connect(engine.seek)
        self.bar.label_of = self._label_of
        self.head.left.connect(self.close_requested)
        self.head.swap_requested.connect(self.swap)

    def _connect_controls(self) -> None:
        engine, controls, tools, canvas = self.engine, self.controls, self.tools, self.canvas
        for button, act in (
            (controls.first, lambda: self._go(0)),
            (controls.last, lambda: self._go(engine.count - 1)),
            (controls.back, lambda: engine.step(-1)), (controls.forward, lambda: engine.step(1)),
            (controls.play, engine.toggle), (controls.play_back, self._play_back),
            (controls.fit, lambda: canvas.set_zoom(None)),
            (controls.full, self.full_screen_requested.emit),
            (controls.loop, lambda: engine.set_loop(controls.loop.isChecked())),
            (tools.link, lambda: engine.set_linked(not engine.linked)),
            (tools.reset, engine.reset), (tools.turn, self._turn),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, act=act: act())
        controls.number.entered.connect(self._take_place)
        controls.number.left.connect(self.setFocus)
        controls.speed_chosen.connect(engine.set_speed)
        controls.every_pair.toggled.connect(engine.set_every_frame)
        controls.copy.triggered.connect(self.copy_picture)
        controls.save.triggered.connect(self.save_picture)
        tools.mode_chosen.connect(self.set_mode)
        tools.offset_chosen.connect(engine.set_offset)
        tools.rate_chosen.connect(engine.set_rate)
        tools.even.toggled.connect(canvas.set_even)
        tools.lay.toggled.connect(canvas.set_laid)
        tools.look_chosen.connect(canvas.set_look)
        tools.gain_chosen.connect(canvas.set_gain)
        tools.blink_chosen.connect(canvas.set_blink)
        for box in (tools.offset, tools.rate):
            box.lineEdit().returnPressed.connect(self.setFocus)

    # Showing

    def _show_footage(self) -> None:
        a, b = (side.footage for side in self.engine.sides)
        self.controls.of.setText(f"/ {self.engine.line.count_a}")
        widest = max(2, len(str(self.engine.line.count_a)))
        self.controls.number.set_widest("0" * widest)
        sizes = [QSize(of.width, of.height) if of else QSize() for of in (a, b)]
        if tuple(sizes) != self.canvas.stage.sizes:
            self.canvas.set_footage(sizes[0], sizes[1], first_transform(self.engine.map))
        if self._go_to_b is not None:
            self.engine.seek(self.engine.line.place_of_b(self._go_to_b))
            self._go_to_b = None
        timing = self.engine.sides[A].timing
        if self._go_to_time is not None and timing is not None:
            frame = frame_at(timing, self._go_to_time, timing.duration(0))
            self.engine.seek(self.engine.line.place_of_a(frame))
        self._go_to_time = None

    def _show_pair(self, shown: Shown) -> None:
        self.canvas.show_pair(shown)
        self.tools.show_can_lay(self.canvas.stage.can_lay)
        now = time.monotonic()
        if not self.engine.playing or now - self._measured > FIGURES_EVERY:
            self._measured = now
            self.canvas.measure()

    def _tell_painted(self) -> None:
        if self._awaited:
            self._awaited = False
            self.shown.emit()

    def _show_playing(self, playing: bool) -> None:
        self.controls.show_playing(playing, self.engine.playhead.backwards)
        if not playing:
            self.canvas.measure()

    def _show_place(self, place: int) -> None:
        pair, line = self.engine.pair, self.engine.line
        self._said = ""
        self.bar.show_index(place)
        self.map.show_place(place)
        self.controls.number.show_text("–" if pair.a is None else str(pair.a))
        b = "–" if pair.b is None else str(pair.b)
        self.tools.number.show_text(f"B {b} / {line.count_b}")
        self.controls.time.show_text(signed(line.time(place)) if self.engine.count else "")
        if len(line.map.pieces) > 1:
            self._show_line_here()
        self.show_note()

    def show_note(self) -> None:
        head = self.engine.playhead
        notes = [self._said] if self._said else []
        if not self.engine.linked:
            notes.append("moving B alone")
        if head.skipped:
            notes.append(f"{head.skipped} skipped")
        if head.late:
            notes.append(f"{head.late} late")
        note = " · ".join(notes)
        if note != self.controls.note.text():
            self.controls.note.setText(note)

    def _show_alignment(self) -> None:
        line = self.engine.line
        self._show_line_here()
        self.map.show_parts(line, parts_of(line) if line.count else [])
        self.map_row.show_summary(self.map.summary)
        if self.bar.maximum() != max(0, line.count - 1):
            self.bar.set_count(line.count)
        self._show_cache()
        self.show_note()

    def _show_line_here(self) -> None:
        engine = self.engine
        self.tools.show_alignment(engine.alignment, linked=engine.linked, changed=engine.changed)

    def _show_cache(self) -> None:
        self.bar.set_states(self.engine.cached(), [], [])

    def _label_of(self, place: int) -> str:
        if place >= self.engine.count:
            return ""
        pair = self.engine.line.pair(place)
        a = "no A" if pair.a is None else f"A {pair.a}"
        b = "no B" if pair.b is None else f"B {pair.b}"
        return f"{a} · {b} · {signed(self.engine.line.time(place))}"


def _policy(item: Item) -> DelayPolicy:
    """Only animations have delays that browsers would not keep."""
    return DelayPolicy.BROWSER if item.kind is Kind.ANIMATION else DelayPolicy.AS_WRITTEN
