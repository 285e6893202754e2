"""The search index over everything fingerprinted, kept in step with the catalog.

It lies in the library's folder ``similar``, can be deleted at any time, and is made again
from the fingerprints. One process at a time writes it; others read what is there and add
what is newer in memory alone.
"""

import json
import logging
import tempfile
import threading
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.catalog import FingerprintRow, Info, MatchRow
from vidcache_gui.core.database import Database
from vidcache_gui.core.similar import prints
from vidcache_gui.errors import Cancelled
from vidcache_gui.matching.index import HashIndex, IndexBusy, IndexDamaged
from vidcache_gui.matching.records import Match
from vidcache_gui.media.fingerprint.fingerprint import VERSION, Fingerprint

log = logging.getLogger(__name__)

CHUNK = 200  # fingerprints read at once
HASHES = 1  # of what the matcher puts into the index: another number, and it is made anew
FLUSH_EVERY = 2000  # fingerprints that may be lost to the index (never to the catalog)

Load = Callable[[int], Fingerprint | None]


class Finder(Protocol):
    """What ``matching.matcher.Matcher`` is."""

    def add(self, owner: int, fingerprint: Fingerprint) -> None: ...

    def find(
        self, fingerprint: Fingerprint, *, owner: int | None = None, exclude: Container[int] = (),
        stop: CancelToken | None = None,
    ) -> list[tuple[int, Match]]: ...  # fmt: skip


def matcher_over(index: HashIndex, load: Load) -> Finder:
    from vidcache_gui.matching.matcher import Matcher  # numpy and the rest: only when needed

    return Matcher(index, load)


class Sidecar:
    """One library's index and the matcher over it. Thread-safe: one thread at a time is in."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.matcher: Callable[[HashIndex, Load], Finder] = matcher_over
        self._folder = folder
        self._database = database
        self._lock = threading.RLock()
        self._writes = False  # this process is the one that writes the index
        self._index: HashIndex | None = None
        self._finder: Finder | None = None
        self._stamp = 0  # everything that became ready up to here is in the index
        self._unsaved = 0
        self._closed = False
        self._spare: tempfile.TemporaryDirectory[str] | None = None  # where the folder is no use
        self.said = ""  # what people should know about the index

    @contextmanager
    def finder(
        self, most_behind: int | None = None, stop: CancelToken | None = None
    ) -> Iterator[Finder | None]:
        """The matcher over all fingerprints; None when more than ``most_behind`` are missing
        in it: bringing them in is for :meth:`catch_up`. Raises Cancelled by ``stop``."""
        with self._lock:
            if most_behind is not None and self.behind() > most_behind:
                yield None
                return
        while True:  # a step at a time, so that others get their turn
            if stop is not None:
                stop.check()
            with self._lock:
                if not self.catch_up():
                    yield self._opened()
                    return

    def behind(self) -> int:
        """How many fingerprints are not in the index yet."""
        with self._lock, self._database.read():
            self._opened()
            newer = FingerprintRow.select().where(FingerprintRow.stamp > self._stamp)
            return int(newer.count())

    def catch_up(self) -> bool:
        """Bring some of what is newer into the index; False when there was nothing."""
        with self._lock:
            finder, index = self._opened(), self._index
            assert index is not None
            with self._database.read():
                newer = list(
                    FingerprintRow.select()
                    .where(FingerprintRow.stamp > self._stamp)
                    .order_by(FingerprintRow.stamp)
                    .limit(CHUNK)
                )
            for row in newer:
                index.remove(row.id)  # an older fingerprint of it, or what was not noted
                fingerprint = prints.read(row)
                if fingerprint is not None:
                    finder.add(row.id, fingerprint)
                self._stamp = row.stamp
            self._unsaved += len(newer)
            if self._unsaved >= FLUSH_EVERY:
                self.save()
            return bool(newer)

    def save(self) -> None:
        """Make the index durable, if it is this process's to write."""
        with self._lock:
            if self._index is None or not self._writes or not self._unsaved:
                return
            text = json.dumps(self._about() | {"stamp": self._stamp})
            temporary = self._note.with_suffix(".part")
            try:
                self._index.flush()
                temporary.write_text(text)
                temporary.replace(self._note)
            except OSError as error:  # it is a copy: what was compared is in the catalog
                self._say(
                    f"The search index could not be written to '{self._folder}' "
                    f"({error.strerror}). Nothing of yours is lost: it is made again next time."
                )
            self._unsaved = 0

    def close(self) -> None:
        with self._lock:
            if self._index is not None:
                try:
                    self.save()
                    self._index.close()
                except OSError as error:
                    log.warning("the search index could not be closed: %s", error)
            if self._spare is not None:
                self._spare.cleanup()
            self._index = self._finder = self._spare = None
            self._closed = True

    def _opened(self) -> Finder:
        if self._closed:
            raise Cancelled("the library was closed")
        if self._finder is None:
            index, stamp = self._open_index()
            try:
                self._finder = self.matcher(index, self._load)
            except BaseException:
                index.close()
                raise
            self._index, self._stamp = index, stamp
        return self._finder

    def _open_index(self) -> tuple[HashIndex, int]:
        """The index, and up to which stamp it is complete."""
        try:
            try:
                return self._open_to_write()
            except IndexBusy:
                return HashIndex.open(self._folder, read_only=True), self._read_note()
        except (OSError, IndexDamaged) as error:
            why = error.strerror if isinstance(error, OSError) else error
            self._say(
                f"The search index in '{self._folder}' cannot be used ({why}). Everything is "
                "compared all the same, but the index is made again each time."
            )
        self._spare = tempfile.TemporaryDirectory(prefix="vidcache-")
        return HashIndex.open(Path(self._spare.name)), 0

    def _open_to_write(self) -> tuple[HashIndex, int]:
        try:
            index = HashIndex.open(self._folder)
        except IndexDamaged as error:
            self._say(str(error))
            HashIndex.wipe(self._folder)
            self._note.unlink(missing_ok=True)
            return self._open_to_write()
        self._writes = True
        stamp = self._read_note()
        if not stamp:
            index.clear()  # of nobody knows what
            self._say_if_missed()
        return index, stamp

    def _say_if_missed(self) -> None:
        with self._database.read():
            used = prints.was_compared() or MatchRow.select().exists()
            if used and not self.said:
                self._say(
                    "The search index of this library was not there. Nothing of yours is lost: it "
                    "is made again from the fingerprints."
                )

    def _say(self, sentence: str) -> None:
        log.warning("%s", sentence)
        self.said = sentence

    def _load(self, owner: int) -> Fingerprint | None:
        with self._database.read():
            return prints.load(owner)

    @property
    def _note(self) -> Path:
        return self._folder / "catalog.json"

    def _about(self) -> dict[str, Any]:
        """What an index must have been made for to be of use."""
        with self._database.read():
            library = Info.select(Info.value).where(Info.key == "id").scalar()
        return {"library": library, "version": VERSION, "hashes": HASHES}

    def _read_note(self) -> int:
        """Up to which stamp the index on disk is complete; 0 where it says nothing for us."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            note = json.loads(self._note.read_text())
            if {name: note.get(name) for name in self._about()} == self._about():
                stamp = int(note["stamp"])
                with self._database.read():  # else the catalog is an older one, put back
                    return stamp if stamp <= prints.last_stamp() else 0
        return 0
