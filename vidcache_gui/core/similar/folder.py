"""All footage of a plain folder, fingerprinted and compared. No library is involved."""

import mimetypes
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

from vidcache_gui.core.discover import Found, discover
from vidcache_gui.core.intake import EMPTY, NOT_MEDIA
from vidcache_gui.core.similar import clusters
from vidcache_gui.core.similar.looker import Looked, Looker, outcome
from vidcache_gui.core.similar.sidecar import matcher_over
from vidcache_gui.core.similar.streams import same_stream
from vidcache_gui.errors import UserError
from vidcache_gui.matching.index import HashIndex
from vidcache_gui.matching.records import Match, Relation
from vidcache_gui.matching.swap import swapped
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.pool import DecodePool, WorkerUnavailable
from vidcache_gui.media.sniff import HEAD_BYTES, guess_by_name, sniff

AHEAD = 4  # jobs for each worker that wait for it, so that it never waits for us
LOADED = 2048  # fingerprints kept unpacked
FILMS = (".mkv", ".avif", ".webp", ".ogv", ".m2ts")  # that Python does not know everywhere

OnProgress = Callable[[str, int, int, str], None]  # (what is done, done, total, name)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pieces of footage, by their paths below the folder; ``a`` sorts before ``b``."""

    a: str
    b: str
    match: Match

    @property
    def offset(self) -> float:
        """(time in b) - (time in a) where the longest common stretch starts."""
        first = self.match.segments[0] if self.match.segments else None
        return first.b0 - first.a0 if first is not None else 0.0


@dataclass
class Folder:
    """What is in a folder. ``looked``: by path below it, in the order of the walk."""

    top: Path
    looked: dict[str, Looked] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)  # path -> why, a sentence
    passed_over: int = 0  # files that are no media


def look(top: Path, *, workers: int | None = None, on_progress: OnProgress) -> Folder:
    """Fingerprint all media and frame folders below ``top``, in ``workers`` processes."""
    folder = Folder(top)
    found = list(_media(folder))
    flying: dict[Future[Any], str] = {}
    waiting = iter(found)
    done = 0
    seen: dict[str, Looked] = {}
    with DecodePool(workers=workers) as pool:
        looker = Looker(pool, Path)
        while True:
            while len(flying) < AHEAD * pool.workers and (one := next(waiting, None)) is not None:
                name = os.path.relpath(one.source, top)
                try:
                    flying[_submit(looker, one)] = name
                except (UserError, OSError) as error:
                    folder.failed[name] = str(error)
                    done += 1
            if not flying:
                break
            ended, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in ended:
                name = flying.pop(future)
                done += 1
                try:
                    seen[name] = outcome(future)
                except WorkerUnavailable:
                    raise
                except UserError as error:
                    folder.failed[name] = str(error)
                on_progress("Looking", done, len(found), name)
    names = [os.path.relpath(one.source, top) for one in found]
    folder.looked = {name: seen[name] for name in names if name in seen}
    return folder


def _media(folder: Folder) -> Iterator[Found]:
    """Frame folders, and files that are media by their first bytes (or, weakly, by name).

    What is hidden below the folder (thumbnails, bins, a program's own pictures) is no footage
    anybody asked about, and would match what it was made of.
    """
    for batch in discover(str(folder.top)):
        for one in batch:
            below = Path(os.path.relpath(one.source, folder.top)).parts
            if one.unreadable and not below:
                raise UserError(f"'{folder.top}' cannot be looked at. {one.problem}")
            if any(part.startswith(".") and part != "." for part in below):
                continue
            problem = one.problem
            if problem is None and one.kind != "frames":
                problem = _problem(one)
            if problem is None:
                yield one
            elif one.unreadable or _is_named_like_media(one.source):
                folder.failed[str(Path(*below))] = problem
            else:
                folder.passed_over += 1


def _problem(file: Found) -> str | None:
    """Why a file is no media, by its first bytes; None if it is worth a look."""
    if file.size == 0:
        return EMPTY
    try:
        with open_regular(file.source) as opened:
            head = opened.read(HEAD_BYTES)
    except UserError as error:
        return str(error)
    return None if sniff(head) is not None or guess_by_name(file.source) else NOT_MEDIA


def _is_named_like_media(path: str) -> bool:
    """So that people expect it to be looked at, and want to know why it was not."""
    kind = mimetypes.guess_type(path)[0] or ""
    return kind.startswith(("video/", "image/")) or path.lower().endswith(FILMS)


def _submit(looker: Looker, one: Found) -> "Future[Any]":
    path = Path(one.source)
    return looker.submit_folder(path) if one.kind == "frames" else looker.submit_file(path)


def compare_all(folder: Folder, *, on_progress: OnProgress) -> list[Pair]:
    """Every pair that shows the same, best first; shared segments are marked as such."""
    names = list(folder.looked)
    hits: dict[tuple[str, str], Match] = {}

    @lru_cache(LOADED)
    def load(owner: int) -> Fingerprint | None:
        return Fingerprint.from_bytes(folder.looked[names[owner]].fingerprint)

    with tempfile.TemporaryDirectory(prefix="vidcache-") as temporary:
        index = HashIndex.open(Path(temporary))
        finder = matcher_over(index, load)
        for owner in range(len(names)):
            fingerprint = load(owner)
            assert fingerprint is not None
            finder.add(owner, fingerprint)
        for owner, name in enumerate(names):
            fingerprint = load(owner)
            assert fingerprint is not None
            for other, match in finder.find(fingerprint, owner=owner, exclude=range(owner + 1)):
                if name < names[other]:
                    hits[name, names[other]] = match
                else:
                    hits[names[other], name] = swapped(match)
            on_progress("Comparing", owner + 1, len(names), name)
        index.clear()  # so that closing has nothing to write
        index.close()
    _add_streams(folder, hits)
    return _sorted(_with_families(hits))


def _add_streams(folder: Folder, hits: dict[tuple[str, str], Match]) -> None:
    """Files with the same compressed pictures match, however they look."""
    same: dict[str, list[str]] = {}
    for name, looked in folder.looked.items():
        if looked.stream is not None:
            same.setdefault(looked.stream, []).append(name)
    for group in same.values():
        for a, b in combinations(sorted(group), 2):
            first, second = (
                Fingerprint.from_bytes(folder.looked[name].fingerprint) for name in (a, b)
            )
            hits[a, b] = same_stream(hits.get((a, b)), first, second)


def _with_families(hits: dict[tuple[str, str], Match]) -> dict[tuple[str, str], Match]:
    numbered = [(pair, match) for pair, match in hits.items() if clusters.is_partial(match)]
    _, only = clusters.shared(
        ((number, *pair, match.segments) for number, (pair, match) in enumerate(numbered)),
        lambda _: (pair for pair, match in hits.items() if not clusters.is_partial(match)),
    )
    marked = {
        numbered[number][0]: replace(numbered[number][1], relation=Relation.SHARED)
        for number in only
    }
    return hits | marked


def _sorted(hits: dict[tuple[str, str], Match]) -> list[Pair]:
    pairs = [Pair(a, b, match) for (a, b), match in hits.items()]
    return sorted(pairs, key=lambda pair: (-pair.match.score, pair.a, pair.b))
