"""Everything that shows the same as a piece of footage, found in an index and then looked at."""

from collections import OrderedDict
from collections.abc import Callable, Container

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.cancel import CancelToken
from vidcache_gui.matching.footage import Footage, prepare
from vidcache_gui.matching.index import HashIndex
from vidcache_gui.matching.pairing import stretches
from vidcache_gui.matching.records import Explanation, Match, Relation, Tier
from vidcache_gui.matching.relate import relate
from vidcache_gui.matching.resembling import orientations
from vidcache_gui.matching.settings import Settings
from vidcache_gui.matching.stills import match_still
from vidcache_gui.matching.swap import swapped
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint

Load = Callable[[int], Fingerprint | None]

MOST_CANDIDATES = 150  # items looked at for one
MOST_COPIES = 40  # certain copies of the whole, after which no more are looked for
MOST_MISSES = 20  # in a row: candidates come by how much they resemble
MOST_QUERIES = 1024  # pictures of one item that are searched with
PREPARED = 40_000  # pictures of prepared footage kept in memory, about 6 KB each


class Matcher:
    """Finds footage in an index. One thread at a time.

    ``load`` gives the fingerprint of an owner, or None where it is gone.
    """

    def __init__(self, index: HashIndex, load: Load, settings: Settings | None = None) -> None:
        self._index = index
        self._load = load
        self.settings = settings or Settings()
        self._ready: OrderedDict[int, Footage] = OrderedDict()
        self._held = 0

    def add(self, owner: int, fingerprint: Fingerprint) -> None:
        """Let ``owner`` be found by what it shows."""
        footage = self._keep(owner, fingerprint)
        hashes = [view.hashes for view in footage.views]
        rows = [view.rows for view in footage.views]
        self._index.add(owner, np.concatenate(hashes), np.concatenate(rows))

    def find(
        self, fingerprint: Fingerprint, *, owner: int | None = None, exclude: Container[int] = (),
        stop: CancelToken | None = None,
    ) -> list[tuple[int, Match]]:  # fmt: skip
        """Owners that show the same, with what they share; best first.

        ``owner``: whose fingerprint it is, where it was added. Raises Cancelled by ``stop``.
        """
        footage = self._ready.get(owner) if owner is not None else None
        if footage is None:
            footage = self._prepare(fingerprint)
        found = []
        copies = misses = 0
        for candidate in self.candidates(footage):
            if stop is not None:
                stop.check()
            if candidate in exclude:
                continue
            other = self._footage(candidate)
            if other is None:
                continue
            match = compared(footage, other, self.settings).match
            if match is None:
                misses += 1
                if misses >= MOST_MISSES:
                    break
                continue
            misses = 0
            found.append((candidate, match))
            copies += match.relation is Relation.RE_ENCODE and match.tier is Tier.CERTAIN
            if copies >= MOST_COPIES:
                break
        found.sort(key=lambda entry: -entry[1].score)
        return found

    def candidates(self, footage: Footage) -> list[int]:
        """Owners of which enough different pictures resemble this footage, best first."""
        queries: list[NDArray[np.uint64]] = []
        frames: list[NDArray[np.int64]] = []
        variants: list[NDArray[np.int64]] = []
        for variant in range(len(orientations(self.settings))):
            for view in footage.views:
                step = -(-len(view.rows) // MOST_QUERIES) or 1
                hashes = view.turned[variant, ::step]
                if len(hashes):
                    queries.append(hashes)
                    frames.append(view.rows[::step])
                    variants.append(np.full(len(hashes), variant))
        if not queries:
            return []
        telling = int(footage.telling.sum())
        least = min(self.settings.search_votes, max(1, telling // 2))
        votes = self._index.vote(
            np.concatenate(queries), self.settings.search_radius, least=least,
            frames=np.concatenate(frames), variants=np.concatenate(variants), most=MOST_CANDIDATES,
        )  # fmt: skip
        return [int(owner) for owner in votes.owner]

    def _prepare(self, fingerprint: Fingerprint) -> Footage:
        return prepare(fingerprint, content=self.settings.content, crops=self.settings.crops)

    def _footage(self, owner: int) -> Footage | None:
        if owner in self._ready:
            self._ready.move_to_end(owner)
            return self._ready[owner]
        fingerprint = self._load(owner)
        return None if fingerprint is None else self._keep(owner, fingerprint)

    def _keep(self, owner: int, fingerprint: Fingerprint) -> Footage:
        footage = self._prepare(fingerprint)
        if owner in self._ready:
            self._held -= len(self._ready.pop(owner))
        self._ready[owner] = footage
        self._held += len(footage)
        while self._held > PREPARED and len(self._ready) > 1:
            _, old = self._ready.popitem(last=False)
            self._held -= len(old)
        return footage


def compare(a: Fingerprint, b: Fingerprint, settings: Settings | None = None) -> Explanation:
    """Whether two fingerprints show the same, and why or why not."""
    settings = settings or Settings()
    return compared(
        prepare(a, content=settings.content, crops=settings.crops),
        prepare(b, content=settings.content, crops=settings.crops),
        settings,
    )


def compared(a: Footage, b: Footage, settings: Settings) -> Explanation:
    """The same for footage that is ready.

    The one with fewer pictures is laid on the other, whichever is asked about, so that both
    orders find the same.
    """
    for footage, which in ((a, "first"), (b, "second")):
        if not footage.telling.any():
            said = f"There is too little to see in the {which} to compare it: it is all one tone."
            return Explanation(None, (said,))
    if not _before(b, a):
        return _laid(a, b, settings, turned=False)
    found = _laid(b, a, settings, turned=True)
    return Explanation(None if found.match is None else swapped(found.match), found.steps)


def _before(one: Footage, other: Footage) -> bool:
    sizes = (len(one), one.duration), (len(other), other.duration)
    if sizes[0] != sizes[1]:
        return sizes[0] < sizes[1]
    return one.pictures.tobytes() < other.pictures.tobytes()


def _laid(a: Footage, b: Footage, settings: Settings, *, turned: bool) -> Explanation:
    """What a and b have in common. ``turned``: people know them as second and first."""
    if len(a) == 1 or len(b) == 1:
        return match_still(a, b, settings, turned=turned)
    found = stretches(a, b, settings)
    if not found:
        return Explanation(None, ("No picture of one resembles pictures of the other in order.",))
    match, steps = relate(a, b, found, settings, turned=turned)
    return Explanation(match, steps)
