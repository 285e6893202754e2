"""A world without pixels: footage is a list of scenes, and looking at it knows them.

Item names say what they show: ``a:0-9.mp4`` is the seconds 0 to 9 of scene a, and
``a:0-4 b:10-12.gif`` has a second part. What shows the same seconds of the same scene matches.
"""

import re
from collections.abc import Callable, Container, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item
from vidcache_gui.core.similar.looker import Looked
from vidcache_gui.core.similar.parts import Parts
from vidcache_gui.core.similar.sidecar import Load
from vidcache_gui.errors import UserError
from vidcache_gui.matching.index import HashIndex
from vidcache_gui.matching.records import (
    Evidence,
    Match,
    Relation,
    Segment,
    Tier,
    Transform,
)
from vidcache_gui.media.fingerprint.fingerprint import SIDE, Fingerprint
from vidcache_gui.media.types import Inspection, Kind, MediaFacts

_PART = re.compile(r"(\w):(\d+)-(\d+)")


def scenes(text: str) -> list[tuple[int, int]]:
    """(scene, second of it) for each second of what a name says."""
    return [
        (ord(name), second)
        for name, start, end in _PART.findall(text)
        for second in range(int(start), int(end))
    ]


def fingerprint(text: str) -> Fingerprint:
    """One picture a second; its first pixels say which second of which scene it is."""
    shown = scenes(text)
    pictures = np.zeros((len(shown), SIDE, SIDE), np.uint8)
    for place, pair in enumerate(shown):
        pictures[place, 0, :2] = pair
    times = np.arange(len(shown), dtype=np.uint32) * 1000
    return Fingerprint(float(len(shown)), times, times + 1000, pictures)


def match(a: Fingerprint, b: Fingerprint) -> Match | None:
    """What both show, by the runs of equal seconds."""
    one = [tuple(picture[0, :2]) for picture in a.pictures]
    two = [tuple(picture[0, :2]) for picture in b.pictures]
    runs: list[tuple[int, int, int]] = []
    for place, scene in enumerate(one):
        if scene not in two:
            continue
        other = two.index(scene)
        last = runs[-1] if runs else None
        if last and (last[0] + last[2], last[1] + last[2]) == (place, other):
            runs[-1] = (last[0], last[1], last[2] + 1)
        else:
            runs.append((place, other, 1))
    if not runs:
        return None
    covered_a, covered_b = (sum(run[2] for run in runs) / len(x) for x in (one, two))
    return Match(
        relation(covered_a, covered_b), Tier.CERTAIN if len(one) > 1 else Tier.LOOK,
        min(covered_a, covered_b),
        tuple(
            Segment(float(x), float(x + n), float(y), float(y + n), Transform(), 8.0, 0.9,
                    (Evidence(float(x), float(y), 8),))
            for x, y, n in sorted(runs, key=lambda run: -run[2])
        ),
        covered_a, covered_b, ("They show the same seconds.",),
    )  # fmt: skip


def relation(covered_a: float, covered_b: float) -> Relation:
    whole = (covered_a == 1, covered_b == 1)
    if all(whole):
        return Relation.RE_ENCODE
    return Relation.CONTAINS if any(whole) else Relation.OVERLAP


@dataclass
class World:
    """What looking and comparing was asked for, and how it goes."""

    looked: list[str] = field(default_factory=list)  # names, in order
    compared: int = 0
    broken: set[str] = field(default_factory=set)  # names of what cannot be looked at
    streams: dict[str, str] = field(default_factory=dict)  # by name
    on_look: Callable[[str], None] = lambda name: None
    on_find: Callable[[], None] = lambda: None

    def live_in(self, library: Library) -> None:
        """Look and compare in this world from now on."""
        self.take_over(library._parts)

    def take_in(self, library: Library) -> None:
        """Anything is a film to the intake, which leaves looking at it to the looker."""
        facts = MediaFacts(Kind.VIDEO, "video/mp4", "mp4", frame_count=1)
        library._intake.inspect = lambda path, token: Inspection(facts, None, None, None)  # type: ignore[method-assign]
        library._intake._check_media = lambda *_: None  # type: ignore[method-assign]

    def take_over(self, parts: Parts) -> None:
        parts.comparer.looker = self.looker()  # type: ignore[assignment]
        parts.sidecar.matcher = self.matcher

    def looker(self, *_: Any) -> "_Looker":
        return _Looker(self)

    def matcher(self, index: HashIndex, load: Load) -> "_Finder":
        return _Finder(self, index, load)


class _Pool:
    workers = 2


@dataclass
class _Looker:
    world: World
    pool: _Pool = field(default_factory=_Pool)

    def submit_item(self, item: Item) -> "Future[Any]":
        return self._submit(item.name)

    def submit_file(self, path: Path) -> "Future[Any]":
        return self._submit(path.name)

    def submit_folder(self, path: Path) -> "Future[Any]":
        return self._submit(path.name)

    def _submit(self, name: str) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(self._look(name))
        except UserError as error:
            future.set_exception(error)
        return future

    def look(self, path: Path, stop: Any = None) -> Looked:
        return self._look(path.name)

    def _look(self, name: str) -> Looked:
        self.world.looked.append(name)
        self.world.on_look(name)
        if name in self.world.broken:
            raise UserError("Its pictures could not be read.")
        return Looked(fingerprint(name).to_bytes(), self.world.streams.get(name))


@dataclass
class _Finder:
    world: World
    index: HashIndex
    load: Load

    def add(self, owner: int, fingerprint: Fingerprint) -> None:
        assert owner not in self.index, "it is in the index already"
        self.index.add(owner, np.array([owner], np.uint64), [0])

    def find(
        self, fingerprint: Fingerprint, *, owner: int | None = None, exclude: Container[int] = (),
        stop: CancelToken | None = None,
    ) -> list[tuple[int, Match]]:  # fmt: skip
        assert owner is None or owner in self.index, "it is nobody's that was added"
        self.world.compared += 1
        self.world.on_find()
        hits = self._hits(fingerprint, exclude, stop or CancelToken())
        return sorted(hits, key=lambda hit: -hit[1].score)

    def _hits(
        self, fingerprint: Fingerprint, exclude: Container[int], stop: CancelToken
    ) -> Iterator[tuple[int, Match]]:
        for owner in self.index.owners().tolist():
            stop.check()
            other = None if owner in exclude else self.load(owner)
            found = None if other is None else match(fingerprint, other)
            if found is not None:
                yield owner, found
