"""The index of frame hashes: which frames of the library look like these?"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import Cancelled
from vidcache_gui.matching.index.delta import Delta
from vidcache_gui.matching.index.files import open_segment
from vidcache_gui.matching.index.hits import Hits, Votes
from vidcache_gui.matching.index.manifest import IndexFolder
from vidcache_gui.matching.index.merge import merge
from vidcache_gui.matching.index.search import holders, search, vote
from vidcache_gui.matching.index.segment import Segment

_SPILL = 1 << 21  # entries in memory before they are flushed unasked
_FANOUT = 4  # a segment is merged into what came after it once it is at most this much larger
_SMALL = 1 << 15  # entries: a smaller segment is merged into whatever comes after it
_CHEAP = 1 << 22  # entries that a flush merges on its own: about a second
_LARGEST = 1 << 31  # entries of a segment: their numbers have 32 bits
_MANY = 64  # segments, above which a flush merges whatever it takes


class HashIndex:
    """Exact multi-index hashing over 64-bit hashes, on disk beside the catalog.

    One entry is (hash, owner, place). What :meth:`add` and :meth:`remove` do is seen by this
    object's searches at once, and survives the process after :meth:`flush`. One process may write
    to a folder, any number may read it (``read_only``); a reader sees the last flush that
    it was opened after, or refreshed after, and what it changes itself stays in its own memory
    until it refreshes. Methods may be called from any thread; searches run
    beside each other and beside everything but a flush, which takes about a second at most.

    Recall. Every entry within ``radius`` <= 7 is found (<= 3 with ``exact_buckets``); beyond
    that, entries whose differing bits are spread evenly over the four bands are missed (a few in
    a hundred at 8 bits). Two rules keep hashes that say nothing from costing everything, and
    what they leave out is reported, never silently lost:

    - A hash that more than ``common_limit`` owners of the merged segments share exactly (a title
      card, black) is found as one :class:`Common` instead of as all those entries, and
      casts no votes; :meth:`holders` names whose it is. In the delta nothing is common yet.
    - A query whose buckets hold more than 2 million entries (or 5 % of the index, if
      that is more) leaves out the fullest ones, and one with more than ``limit`` hits keeps the
      nearest. Both are marked ``crowded``: for these the recall is not certain.
    """

    def __init__(self, folder: IndexFolder, *, read_only: bool, common_limit: int) -> None:
        self._folder = folder
        self._read_only = read_only
        self._common_limit = common_limit
        self._change = threading.RLock()
        self._merging = threading.Lock()  # taken before _change
        self._closing = threading.Event()
        self._held = 0  # so many segments are being merged, or come before those
        self._delta = Delta()
        segments, self._next = folder.load()
        self._segments: tuple[Segment, ...] = tuple(segments)

    @classmethod
    def open(
        cls, folder: Path, *, read_only: bool = False, common_limit: int = 1000
    ) -> "HashIndex":
        """Open an index, made when absent.

        Raises IndexDamaged when files are not what was written: :meth:`wipe` them, open again and
        add everything. Raises IndexBusy when another process (or object) writes to it.
        """
        files = IndexFolder(folder)
        if read_only:
            return cls(files, read_only=True, common_limit=common_limit)
        files.lock()
        try:
            index = cls(files, read_only=False, common_limit=common_limit)
            files.sweep(index._segments)
            if not index._segments:
                files.commit([], index._next)
        except BaseException:
            files.unlock()
            raise
        return index

    @classmethod
    def wipe(cls, folder: Path) -> None:
        """Delete a damaged index, so that it can be opened and filled again."""
        files = IndexFolder(folder)
        files.lock()
        try:
            files.wipe()
        finally:
            files.unlock()

    # --- changing -----------------------------------------------------------

    def add(self, owner: int, hashes: NDArray[np.uint64], places: ArrayLike) -> None:
        """Add entries (n,) of an owner, also to what it has. Flushes by itself every 2 million.

        ``owner`` and ``places`` fit into 32 bits, else ValueError; also when the lengths differ.
        An owner without entries is remembered as well.
        """
        where = np.asarray(places)
        if len(where) != len(hashes):
            raise ValueError(f"{len(hashes)} hashes, {len(where)} places")
        if not _fits(np.array([owner])) or not _fits(where):
            raise ValueError("owners and places are numbers of 32 bits")
        with self._change:
            # Copies: what the caller does with its arrays later is its own business.
            self._delta.add(owner, np.array(hashes, np.uint64), where.astype(np.uint32))
            if len(self._delta) > _SPILL and not self._read_only:
                self.flush()

    def remove(self, owner: int) -> None:
        """Take all entries of an owner out; nothing happens when there are none."""
        with self._change:
            self._delta.remove(owner)
            one = np.array([owner], np.uint32)
            self._segments = tuple(
                replace(each, dead=np.union1d(each.dead, one), dead_number=0)
                if owner not in each.dead and owner in each.runs.owners
                else each
                for each in self._segments
            )

    def flush(self) -> None:
        """Make everything durable, and merge small segments.

        OSError when the disk refuses: then the folder is as before, and what was added stays in
        memory for another try.
        """
        with self._change:
            self._writable()
            fresh = [each for each in self._delta.segments() if len(each.runs.owners)]
            unsaved = any(len(each.dead) and not each.dead_number for each in self._segments)
            if not fresh and not unsaved:
                return
            segments = [*self._segments, *fresh]
            most = _CHEAP if len(segments) <= _MANY else _LARGEST
            first = max(_grown(segments, most), self._held)
            if first < len(segments):
                number = self._number()
                path = self._folder.segment_path(number)
                merge(segments[first:], path, limit=self._common_limit)
                segments[first:] = [open_segment(path, number)]
            self._commit(segments)
            self._delta = Delta()

    def merge(self, token: CancelToken | None = None) -> None:
        """Merge what a flush left because it takes long: for idle hours, and after a rebuild.

        Other threads search, add, remove and flush meanwhile; :meth:`close` ends it half done,
        which changes nothing. Raises Cancelled by the token, and OSError like :meth:`flush`.
        """

        def check() -> None:
            if self._closing.is_set():
                raise Cancelled
            if token is not None:
                token.check()

        with self._merging:
            with self._change:
                if self._closing.is_set():
                    return
                self.flush()
                first = _grown(self._segments, _LARGEST)
                group = self._segments[first:]
                if not group:
                    return
                number = self._number()
                self._held = len(self._segments)
            path = self._folder.segment_path(number)
            try:
                merge(group, path, limit=self._common_limit, check=check)
                with self._change:
                    self._exchange(group, open_segment(path, number))
            except Cancelled:
                if not self._closing.is_set():
                    raise
            finally:
                self._held = 0

    def _exchange(self, group: Sequence[Segment], merged: Segment) -> None:
        """Put a merged segment in the place of a group, without what was removed meanwhile."""
        numbers = [each.number for each in group]
        first = next((k for k, each in enumerate(self._segments) if each.number == numbers[0]), -1)
        now = self._segments[first : first + len(group)] if first >= 0 else ()
        if [each.number for each in now] != numbers:  # all was cleared
            self._folder.discard([merged])
            return
        gone = [np.setdiff1d(is_.dead, was.dead) for is_, was in zip(now, group, strict=True)]
        merged = replace(merged, dead=np.unique(np.concatenate(gone)))
        self._commit([*self._segments[:first], merged, *self._segments[first + len(group) :]])

    def clear(self) -> None:
        """Take everything out, for a rebuild."""
        with self._change:
            self._writable()
            self._commit([])
            self._delta = Delta()
            self._held = 0

    def close(self) -> None:
        """Flush, and let another process write."""
        self._closing.set()
        with self._merging, self._change:
            if not self._read_only:
                self.flush()
            self._segments = ()
            self._delta = Delta()
            self._folder.unlock()

    def refresh(self) -> None:
        """For a reader: see what was flushed since, and no more what it added itself.

        Raises IndexDamaged like :meth:`open`.
        """
        with self._change:
            segments, self._next = self._folder.load()
            self._segments = tuple(segments)
            self._delta = Delta()

    def _writable(self) -> None:
        if self._read_only:
            raise ValueError("this index was opened for reading only")

    def _number(self) -> int:
        self._next += 1
        return self._next - 1

    def _commit(self, segments: Sequence[Segment]) -> None:
        written = [
            self._folder.write_dead(each, self._number())
            if len(each.dead) and not each.dead_number
            else each
            for each in segments
        ]
        self._folder.commit(written, self._next)
        before, self._segments = self._segments, tuple(written)
        self._folder.discard(before, keep=written)

    # --- asking -------------------------------------------------------------

    def __len__(self) -> int:
        """Entries; those of removed owners count until a merge drops them."""
        return sum(len(each) for each in self._view())

    def __contains__(self, owner: int) -> bool:
        with self._change:
            return owner in self._delta or any(
                owner in each.runs.owners and owner not in each.dead for each in self._segments
            )

    def owners(self) -> NDArray[np.uint32]:
        """All owners that have entries, ascending."""
        with self._change:
            found = [segment.living() for segment in self._segments]
            return np.unique(np.concatenate([*found, self._delta.owners()]))

    def search(
        self,
        queries: NDArray[np.uint64],
        radius: int = 7,
        *,
        exact_buckets: bool = False,
        limit: int = 20_000,
    ) -> Hits:
        """Every entry within ``radius`` bits of each query (q,).

        ``exact_buckets`` looks into 4 buckets per query instead of 68: much faster, complete up
        to radius 3 only. ``limit``: hits per query; the nearest stay. IndexDamaged where
        the files turn out not to be what was written.
        """
        return search(
            self._view(),
            np.asarray(queries, np.uint64),
            radius,
            exact_buckets=exact_buckets,
            limit=limit,
        )

    def vote(
        self,
        queries: NDArray[np.uint64],
        radius: int = 7,
        *,
        least: int = 2,
        frames: ArrayLike | None = None,
        variants: ArrayLike | None = None,
        most: int | None = None,
        exact_buckets: bool = False,
        limit: int = 20_000,
    ) -> Votes:
        """Owners that at least ``least`` distinct frames point to, at most ``most``, best first.

        ``frames``: int (q,), which frame each query was made of (default: each of its own).
        ``variants``: int (q,), how it was made (mirrored, cropped): frames of one owner only add
        up within one variant. Hits of all other owners are dropped early, so that this
        costs less than :meth:`search`.
        """
        return vote(
            self._view(),
            np.asarray(queries, np.uint64),
            radius,
            exact_buckets=exact_buckets,
            limit=limit,
            least=least,
            frames=frames,
            variants=variants,
            most=most,
        )

    def holders(self, hash: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Owner and place of every entry with exactly this hash, common or not."""
        return holders(self._view(), hash)

    def _view(self) -> list[Segment]:
        with self._change:
            return [*self._segments, *self._delta.segments()]


def _fits(numbers: NDArray[Any]) -> bool:
    return not len(numbers) or (int(numbers.min()) >= 0 and int(numbers.max()) < 1 << 32)


def _grown(segments: Sequence[Segment], most: int) -> int:
    """From which segment on they should become one, of at most ``most`` entries.

    The newest ones, back to the first that is much larger than all that came after it, so the
    number of segments stays small, and an entry is rewritten only as the index grows by a part
    of itself. Also one of which a quarter was removed.
    """
    first, total = len(segments), 0
    for number in range(len(segments) - 1, -1, -1):
        segment = segments[number]
        size = len(segment)
        if total and size > max(_FANOUT * total, _SMALL) and segment.number:
            break
        if total and total + size > most:
            break
        first, total = number, total + size
    if first == len(segments) - 1 and segments[first].number:
        first += 1  # alone, there is nothing to merge it with
    if most == _LARGEST:
        for number, segment in enumerate(segments[:first]):
            if len(segment.dead) * 4 > len(segment.runs.owners):
                return number
    return first
