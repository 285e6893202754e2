"""What a library and a vidcache server hold, and what both say of it. Such a server says nothing
of deletions and of when something was said: what is on one side only is never taken for deleted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.core.parallel import batches, side_by_side
from vidcache_gui.core.sync.elements import ALIAS, DETAIL, TAG
from vidcache_gui.core.sync.local import LocalItem
from vidcache_gui.core.sync.merge import DELETED
from vidcache_gui.core.sync.pair import Wish
from vidcache_gui.core.sync.records import FILE, Act, Step, Way
from vidcache_gui.interfaces.remotes import extras
from vidcache_gui.interfaces.remotes.records import RemoteFile
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.remotes.vidcache import Generation
from vidcache_gui.interfaces.sync.verdict import only_here, only_there

AT_ONCE = 200
OWN = "vidcache:"  # addresses that only say which content it is
EMPTY = "It is empty (0 bytes)."
TAKES_NONE = "An older server, which takes addresses only and downloads itself."
LOOKS_ALIKE = "'{}' keeps something that looks alike instead, and not this."
ELSEWHERE = "'{}' stands for something else on the other side."
AGAIN = "It is known by {}; a server that cannot be told so gets the file for each."


@dataclass(frozen=True, slots=True)
class News:
    """What one side knows of a file and the other does not."""

    addresses: tuple[str, ...] = ()  # for here
    meta: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    unknown_there: tuple[str, ...] = ()  # addresses
    elsewhere: tuple[str, ...] = ()  # addresses that stand for something else

    @property
    def is_for_here(self) -> bool:
        return bool(self.addresses or self.meta or self.tags)


def news(
    library: Library, remote: Remote, item: LocalItem, about: Mapping[str, Any], stop: CancelToken
) -> News:
    """``about``: what the server says of it. Asks it about addresses it does not name."""
    details = library.details(item.id)
    said, more = extras.from_meta(about["meta"])
    here = {one.source for one in details.aliases}
    there = _travelling(remote, extras.addresses(about["aliases"]))
    coming = [one for one in _travelling(remote, [*there, *more.aliases]) if one not in here]
    meta = {key: value for key, value in (said or {}).items() if key not in (details.meta or {})}
    tags = [tag for tag in more.tags if tag not in details.item.tags]
    if coming or meta or tags:  # what was taken away here does not come back
        record = library.side().records([f"{FILE}:{item.hash}"]).get(f"{FILE}:{item.hash}")
        gone = set(record.elements) if record is not None else set()
        coming = [one for one in coming if ALIAS + one not in gone]
        meta = {key: value for key, value in meta.items() if DETAIL + key not in gone}
        tags = [tag for tag in tags if TAG + tag not in gone]
    mine = addresses(library, remote, item)
    elsewhere = [one for one in coming if (other := library.resolve(one)) and other.id != item.id]
    unknown = []
    for address in mine:
        if address not in there:
            hash = remote.files.resolve(address, stop)
            if hash is None:
                unknown.append(address)
            elif hash != item.hash:
                elsewhere.append(address)
    coming = [one for one in coming if one not in elsewhere]
    return News(tuple(coming), meta, tuple(tags), tuple(unknown), tuple(elsewhere))


def addresses(library: Library, remote: Remote, item: LocalItem) -> list[str]:
    """What a file here is known by, as far as that means anything to others."""
    aliases = library.details(item.id).aliases
    return _travelling(remote, [one.source for one in aliases if one.kind == "url"])


def _travelling(remote: Remote, addresses: Iterable[str]) -> list[str]:
    """Those that mean the same to everybody."""
    own = (OWN, f"{remote.address}/")
    return list(dict.fromkeys(one for one in addresses if not one.startswith(own)))


class FilePlan:
    def __init__(self, library: Library, remote: Remote, wish: Wish) -> None:
        self._library = library
        self._remote = remote
        self._wish = wish
        self._takes = remote.files.generation is not Generation.A
        self._mine = {item.hash: item for item in library.local_files(wish.bucket)}
        self.requests = 0

    def steps(self) -> Iterator[Step]:
        """A server that can list is asked for its list, page by page, once; any is asked about
        each content that is here."""
        files, wish = self._remote.files, self._wish
        left = dict(self._mine)
        if files.can_list:
            wanted = {} if wish.bucket is None else {"bucket": wish.bucket}
            for some in batches(files.browse(wanted, wish.stop), AT_ONCE):
                self.requests += 1
                both = [left.pop(file.hash) for file in some if file.hash in left]
                yield from self._told(both)
                yield from self._only_there([one for one in some if one.hash not in self._mine])
            if wish.bucket is None:
                yield from self._only_here(list(left.values()))
                return
        for items in batches(left.values(), AT_ONCE):  # perhaps there, in another bucket
            yield from self._told(items)

    def _told(self, items: Sequence[LocalItem]) -> Iterator[Step]:
        """About what is here, and perhaps there."""
        found: dict[str, News | None] = {}

        def ask(item: LocalItem, token: CancelToken) -> None:
            about = self._remote.files.meta(item.hash, token)
            found[item.hash] = (
                None if about is None else news(self._library, self._remote, item, about, token)
            )

        self.requests += len(items)
        side_by_side(items, ask, self._wish.stop)
        yield from self._only_here([item for item in items if found[item.hash] is None])
        for item in items:
            if (known := found[item.hash]) is not None:
                yield from self._news(item, known)

    def _news(self, item: LocalItem, known: News) -> Iterator[Step]:
        id, way = f"{FILE}:{item.hash}", self._wish.way
        if known.is_for_here and way is not Way.TO:
            yield Step(id, Act.UPDATE, 0, item.name)
        if known.unknown_there and way is not Way.FROM:
            count = len(known.unknown_there)
            named = "1 more address here" if count == 1 else f"{count} more addresses here"
            if self._takes:
                why = AGAIN.format(named)
                yield Step(id, Act.UPDATE, 1, item.name, item.size * count, why)
            else:
                yield Step(id, Act.KEEP, 1, item.name, why=TAKES_NONE)
        for address in known.elsewhere[:1]:
            yield Step(id, Act.KEEP, 1, item.name, why=ELSEWHERE.format(address))

    def _only_here(self, items: Sequence[LocalItem]) -> Iterator[Step]:
        kept: set[str] = set()

        def ask(item: LocalItem, token: CancelToken) -> None:
            found = self._remote.files.resolve(f"vidcache://{item.hash}", token)
            if found is not None and found != item.hash:
                kept.add(item.hash)

        if self._takes and self._wish.way is not Way.FROM:
            self.requests += len(items)
            side_by_side(items, ask, self._wish.stop)
        for item in items:
            why = LOOKS_ALIKE.format(self._remote.where) if item.hash in kept else ""
            why = why if self._takes else TAKES_NONE
            for step in only_here(f"{FILE}:{item.hash}", item.name, item.size, self._wish, why):
                yield self._with_addresses(step, item) if step.act is Act.COPY else step

    def _with_addresses(self, step: Step, item: LocalItem) -> Step:
        count = len(addresses(self._library, self._remote, item))
        if count < 2:
            return step
        return replace(step, size=item.size * count, why=AGAIN.format(f"{count} addresses here"))

    def _only_there(self, files: Sequence[RemoteFile]) -> Iterator[Step]:
        ids = [f"{FILE}:{file.hash}" for file in files]
        records = self._library.side().records(ids) if ids else {}
        for id, file in zip(ids, files, strict=True):
            record = records.get(id)
            if record is not None and record.is_live:
                continue  # here, in another bucket
            why = DELETED if record is not None and not record.is_live else ""
            yield from only_there(id, file.name, file.size, self._wish, why if file.size else EMPTY)
