"""A vidcache server as a client: generations A, B and C, found out once.

A takes addresses only (``/ingest``); B takes bytes and has ``/video``, ``/meta``, ``/resolve``;
C has these below ``/cache`` and can list what it stores.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from blake3 import blake3

from vidcache_gui.cancel import CancelToken
from vidcache_gui.interfaces.remotes.checking import Checked, content_hash, span
from vidcache_gui.interfaces.remotes.http import Answer, Http, segment
from vidcache_gui.interfaces.remotes.patience import persist
from vidcache_gui.interfaces.remotes.problems import Damaged, Missing, Refused
from vidcache_gui.interfaces.remotes.records import (
    OnBytes,
    Opener,
    RemoteFile,
    remote_file,
    text,
    whole,
)

T = TypeVar("T")

PART = 256 * 1024
PAGE = 200
FEW = 100  # pages that may be empty, or hold nothing new
UNSEEN = "vidcache:probe"  # an address nobody stores under
FIELDS = (
    "hash", "phash", "file_path", "bucket", "prefix", "size_bytes", "duration_s", "mime_type",
    "filename", "first_seen", "created_at", "retrieved_at", "source_url", "aliases", "meta",
    "client_name",
)  # fmt: skip


class Generation(StrEnum):
    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of bytes that were sent. ``status``: new, duplicate or url_alias.

    ``hash`` is what the server keeps. Where that is not ``own_hash``, what was sent, it kept an
    earlier file that looks alike (``phash_distance``) and threw the bytes away.
    """

    hash: str
    status: str
    own_hash: str
    file_path: str = ""
    phash_distance: int | None = None
    duplicate_of: str | None = None

    @property
    def kept_other(self) -> bool:
        return self.hash != self.own_hash


class VidCache:
    """Every method may be called from any thread."""

    def __init__(self, http: Http, generation: Generation | None = None) -> None:
        self.http = http
        self._generation = generation
        self._probing = threading.Lock()

    @property
    def generation(self) -> Generation:
        """Raises Missing where no vidcache server answers."""
        with self._probing:
            if self._generation is None:
                found = probe(self.http, described(self.http))
                if found is None:
                    raise Missing(f"'{self.http.where}' is no vidcache server.")
                self._generation = found
            return self._generation

    def resolve(self, url: str, stop: CancelToken | None = None) -> str | None:
        """The hash of what an address stands for; None if it was never seen."""
        path = "/cache/resolve" if self.generation is Generation.C else "/resolve"
        try:
            found = self.http.json("GET", path, query={"url": url}, stop=stop)
        except Missing:
            return None
        return self._hash(found)

    def meta(self, hash: str, stop: CancelToken | None = None) -> dict[str, Any] | None:
        """All that is known about a content, by the union of the generations' fields; None
        where there is none."""
        hash = content_hash(hash)
        path = "/cache/meta/" if self.generation is Generation.C else "/meta/"
        try:
            found = self.http.json("GET", path + hash, stop=stop)
        except Missing:
            return None
        if self._hash(found) != hash or whole(found.get("size_bytes")) is None:
            raise Damaged(f"'{self.http.where}' described something else than it was asked for.")
        urls = found.get("aliases")
        found["aliases"] = [text(one) for one in urls] if isinstance(urls, list) else []
        if not isinstance(found.get("meta"), dict):
            found["meta"] = None
        for new, old in (("created_at", "first_seen"), ("first_seen", "created_at")):
            found.setdefault(new, found.get(old))
        return {name: found.get(name) for name in FIELDS}

    def file(self, hash: str, stop: CancelToken | None = None) -> RemoteFile:
        """Raises Missing where there is none."""
        found = self.meta(hash, stop)
        described = remote_file(found)
        if described is None:
            raise Missing(f"'{self.http.where}' has nothing with the hash {hash[:12]}.")
        return described

    def get(
        self,
        hash: str,
        use: Callable[[Answer], T],
        byte_range: tuple[int, int] | None = None,
        *,
        stop: CancelToken | None = None,
        repeat: bool = True,
    ) -> T:
        """What ``use`` makes of the answer to a request for stored bytes; ``byte_range`` is
        (first, last), both included."""
        path = "/cache/" if self.generation is Generation.C else "/video/"
        return self.http.ask(
            "GET", path + content_hash(hash), use, headers=_range(byte_range), stop=stop,
            repeat=repeat,
        )  # fmt: skip

    def asking(
        self,
        hash: str,
        byte_range: tuple[int, int] | None = None,
        stop: CancelToken | None = None,
    ) -> AbstractContextManager[Answer]:
        """One answer to that, for those who read it at their own pace."""
        path = "/cache/" if self.generation is Generation.C else "/video/"
        headers = _range(byte_range)
        return self.http.asking("GET", path + content_hash(hash), headers=headers, stop=stop)

    def part(self, hash: str, first: int, last: int, stop: CancelToken | None = None) -> bytes:
        """A part of a stored file, both ends included. Raises RemoteError."""
        return self.get(
            hash, lambda answer: b"".join(span(answer, first, last, None)), (first, last), stop=stop
        )

    def read(
        self, file: RemoteFile, write: Callable[[bytes], Any], stop: CancelToken | None = None
    ) -> None:
        """All bytes of a file, checked by size and hash, to ``write``; nothing is repeated, so
        what was written when this raises is the caller's to discard."""
        checked = Checked(file.name, file.size, b3=file.hash)

        def use(answer: Answer) -> None:
            for part in answer.check().parts():
                checked.feed(part)
                write(part)
            checked.finish()

        self.get(file.hash, use, stop=stop, repeat=False)

    def upload(
        self,
        source: Opener,
        size: int,
        url: str,
        *,
        bucket: str,
        prefix: str = "",
        meta: dict[str, Any] | None = None,
        name: str = "",
        own_hash: str | None = None,
        offer: bool = False,
        stop: CancelToken | None = None,
        on_bytes: OnBytes = lambda _: None,
    ) -> Uploaded:
        """Send a file that is to be known by ``url``. An address known already is answered
        without sending (``url_alias``), whatever its bytes are; ``offer``: so is a content that
        is there, by servers that take its hash instead.

        Safe to repeat as a whole, which is done when the network fails. ``own_hash``: its
        BLAKE3, where it is known. Raises RemoteError, Cancelled, OSError of the source.
        """
        if self.generation is Generation.A:
            raise Refused(f"'{self.http.where}' takes addresses only; it cannot be sent files.")
        stop = stop or CancelToken()
        given: dict[str, Any] = {"url": url, "bucket": bucket, "prefix": prefix}
        given |= {"meta": meta} if meta is not None else {}
        given |= {"filename": name} if name else {}
        given |= {"content_hash": own_hash} if offer else {}

        def once() -> Uploaded:
            begun = self.http.json("POST", "/upload/init", given=given, stop=stop, repeat=False)
            if begun.get("status") in ("cached", "fresh"):
                hash = self._hash(begun)
                return Uploaded(hash, "url_alias", own_hash or hash, text(begun.get("file_path")))
            return self._send(text(begun.get("upload_id")), source, size, stop, on_bytes)

        return persist(self.http.patience, stop, once)

    def _send(
        self, id: str, source: Opener, size: int, stop: CancelToken, on_bytes: OnBytes
    ) -> Uploaded:
        hasher = blake3()
        sent = 0

        def body() -> Iterator[bytes]:
            nonlocal sent
            with source() as file:
                while part := file.read(PART):
                    stop.check()
                    hasher.update(part)
                    yield part
                    sent += len(part)
                    on_bytes(len(part))

        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        try:
            said = self.http.json(
                "POST", f"/upload/{segment(id)}", body=body(), headers=headers, repeat=False,
                wait=self.http.patience.storing, stop=stop,
            )  # fmt: skip
        except BaseException:
            on_bytes(-sent)
            raise
        status = text(said.get("status"))
        near = text(said.get("duplicate_of")).lower()
        return Uploaded(
            self._hash(said), status if status in ("new", "duplicate") else "new",
            hasher.hexdigest(), text(said.get("file_path")), whole(said.get("phash_distance")),
            near or None,
        )  # fmt: skip

    def name(self, hash: str, url: str, bucket: str, stop: CancelToken | None = None) -> bool:
        """Let a content that is there be known by one more address, without sending it again;
        False where the server does not do that (only generation C knows how)."""
        given = {"url": url, "bucket": bucket, "prefix": "", "content_hash": hash}
        said = self.http.json("POST", "/upload/init", given=given, stop=stop)
        return said.get("status") in ("fresh", "cached") and text(said.get("hash")) == hash

    def ingest_address(
        self,
        url: str,
        *,
        bucket: str,
        prefix: str = "",
        meta: dict[str, Any] | None = None,
        stop: CancelToken | None = None,
    ) -> dict[str, Any]:
        """Let the server download an address itself, where it does that (generation A)."""
        given = {"url": url, "bucket": bucket, "prefix": prefix, "meta": meta}
        wait = self.http.patience.storing
        found = self.http.json("POST", "/ingest", given=given, wait=wait, stop=stop)
        self._hash(found)
        return found

    def delete(self, hash: str, stop: CancelToken | None = None) -> bool:
        """Delete a content and every address of it; False where there was none."""
        path = "/cache/" if self.generation is Generation.C else "/video/"
        try:
            self.http.ask("DELETE", path + content_hash(hash), lambda answer: answer.check(),
                          stop=stop)  # fmt: skip
        except Missing:
            return False
        return True

    @property
    def can_list(self) -> bool:
        return self.generation is Generation.C

    def page(
        self,
        wanted: Mapping[str, str],
        cursor: str | None = None,
        stop: CancelToken | None = None,
    ) -> tuple[list[RemoteFile], str | None]:
        """A page of what is stored, the newest first, and the cursor of the next one.

        ``wanted``: bucket, prefix, client_name, date_from, date_to, q. Raises Refused where the
        protocol knows no lists.
        """
        if not self.can_list:
            raise Refused(f"'{self.http.where}' cannot list what it stores (an older vidcache).")
        query: dict[str, str | int] = {"limit": PAGE, **wanted}
        query |= {"cursor": cursor} if cursor else {}
        found = self.http.json("GET", "/browse", query=query, stop=stop)
        items = found.get("items")
        rows = map(remote_file, items if isinstance(items, list) else ())
        after = found.get("next_cursor")
        if isinstance(after, str) and text(after) != after:
            raise Damaged(f"'{self.http.where}' did not answer as its protocol says.")
        return [row for row in rows if row is not None], after if isinstance(after, str) else None

    def browse(
        self, wanted: Mapping[str, str] | None = None, stop: CancelToken | None = None
    ) -> Iterator[RemoteFile]:
        """Everything that is stored, each content once, a page at a time."""
        seen: set[str] = set()
        cursors: set[str | None] = set()
        cursor: str | None = None
        while cursor not in cursors:  # a server may lead in circles
            cursors.add(cursor)
            if len(cursors) > FEW + len(seen):  # … or nowhere
                raise Damaged(f"'{self.http.where}' lists the same again and again.")
            rows, after = self.page(wanted or {}, cursor, stop)
            for row in rows:
                if row.hash not in seen:
                    seen.add(row.hash)
                    yield row
            if after is None:
                return
            cursor = after

    def buckets(self, stop: CancelToken | None = None) -> list[str]:
        found = self.http.json("GET", "/browse/buckets", stop=stop).get("buckets")
        return [text(name) for name in found] if isinstance(found, list) else []

    def _hash(self, given: dict[str, Any]) -> str:
        try:
            return content_hash(text(given.get("hash")))
        except Missing as error:
            raise Damaged(f"'{self.http.where}' did not answer as its protocol says.") from error


def probe(http: Http, paths: frozenset[str], stop: CancelToken | None = None) -> Generation | None:
    """Which generation answers there; None where none does. Nothing is changed by asking.

    ``paths``: of its description (see :func:`described`), if it has one.
    """
    if paths:
        if any(path.startswith("/cache/meta/") for path in paths):
            return Generation.C
        if "/upload/init" in paths:
            return Generation.B
        return Generation.A if any(path.startswith("/video/") for path in paths) else None
    if _knows(http, "/cache/resolve", stop):
        return Generation.C
    if not _knows(http, "/resolve", stop):
        return None
    takes = http.ask("POST", "/upload/init", lambda answer: answer.status, given={}, stop=stop)
    return Generation.B if takes not in (404, 405) else Generation.A


def described(http: Http, stop: CancelToken | None = None) -> frozenset[str]:
    """The paths of ``/openapi.json``; none where there is no such description."""

    def use(answer: Answer) -> frozenset[str]:
        if answer.status != 200:
            return frozenset()
        try:
            paths = answer.object().get("paths")
        except Damaged:
            return frozenset()
        return frozenset(paths) if isinstance(paths, dict) else frozenset()

    return http.ask("GET", "/openapi.json", use, stop=stop)


def _knows(http: Http, path: str, stop: CancelToken | None) -> bool:
    """Whether this way to ask for an address exists: its "not found" speaks of addresses."""

    def use(answer: Answer) -> bool:
        if answer.status == 200:
            return "hash" in answer.object()
        return answer.status == 404 and "url" in str(answer.problem()).lower()

    try:
        return http.ask("GET", path, use, query={"url": UNSEEN}, stop=stop)
    except Damaged:
        return False


def _range(byte_range: tuple[int, int] | None) -> dict[str, str]:
    return {} if byte_range is None else {"Range": f"bytes={byte_range[0]}-{byte_range[1]}"}
