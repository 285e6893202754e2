"""From a remote into a library: items whole, durable and known by where they came from."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.parallel import Counter, side_by_side
from vidcache_gui.core.records import Item, SourceResult, Status
from vidcache_gui.core.sync.records import BALL, FILE, joined
from vidcache_gui.core.sync.records import GROUP as GROUPS
from vidcache_gui.interfaces.names import clean_name
from vidcache_gui.interfaces.remotes import extras
from vidcache_gui.interfaces.remotes.alike import Alike
from vidcache_gui.interfaces.remotes.extras import Extras
from vidcache_gui.interfaces.remotes.fetching import RESUMED, fetch_file, fetch_layout
from vidcache_gui.interfaces.remotes.http import plain
from vidcache_gui.interfaces.remotes.layout import (
    COUNT,
    FULL,
    GROUP,
    INDEX,
    SIZE,
    GroupKind,
    Layout,
    group_kind,
    layout,
)
from vidcache_gui.interfaces.remotes.partial import SUFFIX, Partial, sweep
from vidcache_gui.interfaces.remotes.patience import persist
from vidcache_gui.interfaces.remotes.problems import Missing, Refused
from vidcache_gui.interfaces.remotes.records import OnBytes, RemoteBall, RemoteFile
from vidcache_gui.interfaces.remotes.remote import Remote

SHORTEST_HASH = 6
DEFAULT_BUCKET = "videos"
PLACES = frozenset({"fullname", "filename", "extension", "full_path", "bucket_relative_path"})


class Pull:
    """Brings items of one remote into one library."""

    def __init__(
        self,
        library: Library,
        remote: Remote,
        *,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_bytes: OnBytes = lambda _: None,
    ) -> None:
        """``bucket``: where they go, instead of the one they are in there. ``on_bytes`` also
        hears of bytes that were here already."""
        self._library = library
        self._remote = remote
        self._bucket = bucket
        self._stop = stop or CancelToken()
        self._on_bytes = on_bytes
        sweep(library.partial)

    @cached_property
    def _alike(self) -> Alike | None:
        return Alike.of(self._library, self._remote)

    def item(self, what: str) -> SourceResult:
        """An item by its hash, the start of that, a name, an address, or ``BUCKET/BALL_ID``.

        Raises RemoteError, UserError, Cancelled; then nothing of it is in the library, but for
        the frames of a group that came before, which are not fetched again.
        """
        if self._remote.has_balls and "/" in what and "://" not in what:
            bucket, _, ball_id = what.rpartition("/")
            return self.group(bucket, ball_id)
        return self.file(self._hash(what))

    def _hash(self, what: str) -> str:
        files, lowered = self._remote.files, what.lower()
        could_be = set(lowered) <= set("0123456789abcdef") and len(lowered) >= SHORTEST_HASH
        if could_be and len(lowered) == 64:
            return lowered
        found = files.resolve(what, self._stop) if ":" in what else None
        if found is None and files.can_list:
            for file in files.browse(stop=self._stop):
                if (could_be and file.hash.startswith(lowered)) or file.name == what:
                    return file.hash
        if found is None:
            raise Missing(f"'{self._remote.where}' has nothing called '{plain(what, 80)}'.")
        return found

    def file(self, hash: str) -> SourceResult:
        """A file of a vidcache server."""
        about = self._remote.files.meta(hash, self._stop)
        file = self._remote.files.file(hash, self._stop)
        file = replace(file, name=clean_name(file.name) or hash[:12])
        meta, more = extras.from_meta(about and about["meta"])
        known = extras.addresses(about and about["aliases"])
        aliases = tuple(dict.fromkeys([*known, *more.aliases]))
        here = f"{self._remote.address}/video/{hash}"
        source = next((one for one in aliases if not one.startswith("vidcache://")), here)
        local = self._library.content(hash)
        if local is not None:
            self._on_bytes(local.size)
            result = _known(local, source)
        else:
            target = self._target(file.bucket, file.prefix, meta, more)
            alike, id = self._alike, f"{FILE}:{hash}"
            before = alike.here([id]) if alike else {}
            result = self._fetch(file, source, target)
            if alike:
                alike.came([id], before, self._bucket)
        self._library.remember(hash, aliases)
        return result

    def _fetch(self, file: RemoteFile, source: str, target: Target) -> SourceResult:
        files, library = self._remote.files, self._library
        if not file.size:
            raise Refused(f"'{file.name}' is empty (0 bytes) on '{self._remote.where}'.")
        if file.size < RESUMED:
            return persist(
                files.http.patience, self._stop, lambda: self._small(file, source, target)
            )
        with Partial(library.partial / f"{file.hash}{SUFFIX}") as partial:
            digests = fetch_file(files, file, partial, self._stop, self._on_bytes)
            return library.adopt(partial.path, digests, source, file.name, target)

    def _small(self, file: RemoteFile, source: str, target: Target) -> SourceResult:
        with self._library.incoming(file.size) as incoming:

            def write(part: bytes) -> None:
                incoming.write(part)
                self._on_bytes(len(part))

            try:
                self._remote.files.read(file, write, self._stop)
            except BaseException:
                self._on_bytes(-incoming.size)
                raise
            return self._library.receive(incoming, source, file.name, target)

    def group(self, bucket: str, ball_id: str) -> SourceResult:
        """A group of a MictlanX remote, or a file that is stored there in chunks."""
        balls = self._balls(bucket, ball_id)
        if group_kind(balls) is GroupKind.FILE:
            return self._chunked(bucket, ball_id, layout(balls))
        return self._frames(bucket, balls[0].ball_id, balls)

    def _balls(self, bucket: str, ball_id: str) -> list[RemoteBall]:
        try:
            return self._remote.balls.group(bucket, ball_id, self._stop)
        except Missing:
            try:
                return [self._remote.balls.metadata(bucket, ball_id, self._stop)]
            except Missing:
                pass
            raise

    def _chunked(self, bucket: str, ball_id: str, whole: Layout) -> SourceResult:
        library = self._library
        more = extras.from_tags(whole.tags)
        source = f"{self._remote.address}/api/v4/buckets/{bucket}/{ball_id}"
        local = library.content(more.hash) if more.hash else library.resolve(source)
        if local is not None and local.size == whole.size and self._is(local, whole):
            self._on_bytes(local.size)
            return _known(local, source)
        if not whole.size:
            raise Refused(f"'{whole.name}' is empty (0 bytes) on '{self._remote.where}'.")
        ours = {INDEX, COUNT, SIZE, GROUP, FULL, extras.FIELD, "updated_at", *PLACES}
        said = {name: value for name, value in whole.tags.items() if name not in ours}
        about = replace(more, meta=more.meta or (None if more.hash else said or None))
        name = whole.sha256 or f"{len(whole.chunks)}-{whole.size}-{whole.chunks[0].ball.checksum}"
        with Partial(library.partial / f"{_letters(name)}{SUFFIX}") as partial:
            digests = fetch_layout(self._remote.balls, whole, partial, self._stop, self._on_bytes)
            prefix = more.prefix or _folder(whole.tags.get("bucket_relative_path", ""))
            target = self._target(bucket, prefix, about.meta, more)
            result = library.adopt(partial.path, digests, source, _name(more.name, whole), target)
        library.remember(digests.blake3, more.aliases)
        return result

    def _is(self, local: Item, whole: Layout) -> bool:
        sha256 = self._library.details(local.id).sha256
        return sha256 is None or whole.sha256 in (None, sha256)

    def _frames(self, bucket: str, ball_id: str, balls: list[RemoteBall]) -> SourceResult:
        library, into = self._library, self._bucket or bucket or DEFAULT_BUCKET
        there = {ball.key: ball.checksum for ball in library.group(into, ball_id)}
        wanted = {ball.key: ball for ball in balls}
        for key, checksum in there.items():
            if key not in wanted or wanted[key].checksum != checksum:
                raise Refused(
                    f"'{into}/{ball_id}' holds other frames here. Nothing was fetched; give "
                    "another bucket (--bucket)."
                )
        more = extras.from_tags(next((b.tags for b in balls if extras.FIELD in b.tags), {}))
        missing = [ball for ball in balls if ball.key not in there]
        alike = self._alike if missing and into == bucket else None
        group = joined(GROUPS, bucket, ball_id)
        ids = [group, *(joined(BALL, bucket, ball.key) for ball in missing)]
        before = alike.here(ids) if alike else {}
        self._fetch_frames(into, ball_id, missing, [b for b in balls if b.key in there])
        item = library.group_of(into, ball_id)
        assert item is not None
        status = Status.NEW if missing else Status.DUPLICATE
        if missing:
            library.settle_group(item.id)
            self._describe(item, more)
        if alike:
            alike.came(ids, before)
        (item,) = library.items([item.id])
        return replace(_known(item, f"{bucket}/{ball_id}"), status=status, reason=None)

    def _fetch_frames(
        self, bucket: str, ball_id: str, missing: list[RemoteBall], known: list[RemoteBall]
    ) -> None:
        library, tell = self._library, Counter(self._on_bytes)
        tell(sum(ball.size for ball in known))
        stored: dict[str, str] = {}  # BLAKE3 by SHA-256: equal frames are fetched once

        def once(ball: RemoteBall, token: CancelToken) -> None:
            with library.incoming(ball.size) as incoming:
                same = stored.get(ball.checksum)
                if same is not None:
                    for part in library.stream(same):
                        incoming.write(part)
                else:
                    self._remote.balls.read(ball, incoming.write, token)
                tags = {name: value for name, value in ball.tags.items() if name != extras.FIELD}
                put = library.put_ball(
                    incoming,
                    BallFacts(
                        bucket, ball.key, ball_id, tags, ball.content_type, ball.producer_id,
                        ball.is_disabled,
                    ),
                )  # fmt: skip
            if ball.sha256 is not None:
                stored[ball.checksum] = put.ball.hash
            tell(ball.size)

        def fetch(ball: RemoteBall, token: CancelToken) -> None:
            persist(self._remote.http.patience, token, lambda: once(ball, token))

        side_by_side(missing, fetch, self._stop)

    def _describe(self, item: Item, more: Extras) -> None:
        library = self._library
        if more.name and more.name != item.name:
            library.rename(item.id, more.name)
        if more.prefix:
            library.move([item.id], prefix=more.prefix)
        if more.tags:
            library.tag([item.id], add=more.tags)
        if more.meta:
            library.set_meta(item.id, more.meta)

    def _target(
        self, bucket: str, prefix: str, meta: dict[str, object] | None, more: Extras
    ) -> Target:
        return Target(self._bucket or bucket or DEFAULT_BUCKET, prefix, meta, tags=more.tags)


def _known(item: Item, source: str) -> SourceResult:
    return SourceResult(
        source, Status.DUPLICATE, item.hash, name=item.name, item_id=item.id, kind=item.kind,
        size=item.size, damaged=item.damaged, reason=f"Already here as '{item.name}'.",
    )  # fmt: skip


def _name(chosen: str, file: Layout) -> str:
    return clean_name(chosen) or clean_name(file.name) or file.chunks[0].ball.checksum[:12]


def _folder(path: str) -> str:
    """Where MictlanX Sync found a file, as a prefix."""
    return path.rpartition("/")[0]


def _letters(name: str) -> str:
    return "".join(_harmless(name))[:120]


def _harmless(name: str) -> Iterator[str]:
    for letter in name:
        yield letter if letter.isascii() and (letter.isalnum() or letter == "-") else "_"
