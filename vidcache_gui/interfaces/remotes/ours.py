"""Another VidCache library, behind its server, as one side of a synchronisation.

Digests and what is said travel by ``/sync``, bytes by the published protocols.
"""

import json
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.sync.checks import checked
from vidcache_gui.core.sync.ledger import Node
from vidcache_gui.core.sync.records import BALL, CONTENT, FACTS, FILE, Act, Record, split
from vidcache_gui.core.sync.side import OnBytes, Sink, Source, Write
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes.fetching import RESUMED, fetch_file, fetch_layout
from vidcache_gui.interfaces.remotes.http import plain
from vidcache_gui.interfaces.remotes.layout import single
from vidcache_gui.interfaces.remotes.mictlanx import NewBall
from vidcache_gui.interfaces.remotes.partial import Partial
from vidcache_gui.interfaces.remotes.problems import Damaged, Missing
from vidcache_gui.interfaces.remotes.records import RemoteBall, RemoteFile
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.media.types import Inspection

UPDATED = "updated_at"
LOOK, TELL = "/sync/look", "/sync/tell"
AT_ONCE = 200
DIGITS = frozenset("0123456789abcdef")
IN_MEMORY = 16 * 1024 * 1024


class ServerSide:
    """Any thread may use it. Close it, or use it as a context manager."""

    def __init__(self, remote: Remote) -> None:
        self.title = remote.where
        self._remote = remote
        self._lock = threading.Lock()
        self._requests = 0
        self._bytes = 0

    def close(self) -> None:
        self._remote.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def asked(self) -> tuple[int, int]:
        with self._lock:
            return self._requests, self._bytes

    def _ask(self, path: str, given: Any, *, repeat: bool = True) -> dict[str, Any]:
        body: dict[str, Any] = self._remote.http.json("POST", path, given=given, repeat=repeat)
        with self._lock:
            self._requests += 1
            self._bytes += len(json.dumps(given)) + len(json.dumps(body, separators=(",", ":")))
        return body

    def refresh(self) -> None:
        self._ask(LOOK, {"fresh": True})

    def nodes(self, prefixes: Sequence[str]) -> Mapping[str, Node]:
        asked = set(prefixes)
        found = self._dict(self._ask(LOOK, {"nodes": list(prefixes)}), "nodes")
        if not all(name[:-1] in asked and name[-1:] in DIGITS for name in found):
            raise self._wrong()  # what it was not asked for could be asked for ever
        return {name: Node(*self._node(pair)) for name, pair in found.items()}

    def _node(self, pair: Any) -> tuple[int, str]:
        good = isinstance(pair, list) and len(pair) == 2
        if not good or not isinstance(pair[0], int) or not isinstance(pair[1], str):
            raise self._wrong()
        return pair[0], pair[1]

    def entries(self, prefixes: Sequence[str]) -> Mapping[str, str]:
        found = self._dict(self._ask(LOOK, {"entries": list(prefixes)}), "entries")
        if not all(isinstance(sum, str) for sum in found.values()):
            raise self._wrong()
        return found

    def records(self, ids: Sequence[str]) -> Mapping[str, Record]:
        found: dict[str, Record] = {}
        for start in range(0, len(ids), AT_ONCE):
            some = list(ids[start : start + AT_ONCE])
            given = self._ask(LOOK, {"records": some}).get("records")
            for one in given if isinstance(given, list) else ():
                record = checked(one)
                if record.id in some:
                    found[record.id] = record
        return found

    def missing(self, records: Sequence[Record]) -> set[str]:
        given = [_json(record) for record in records]
        gone = self._ask(LOOK, {"missing": given}).get("missing") if given else []
        return {id for id in gone if isinstance(id, str)} if isinstance(gone, list) else set()

    def _dict(self, answer: dict[str, Any], name: str) -> dict[str, Any]:
        found = answer.get(name)
        if not isinstance(found, dict):
            raise self._wrong()
        return found

    def _wrong(self) -> UserError:
        return Damaged(f"'{self.title}' did not answer as its protocol says.")

    def copy(
        self,
        record: Record,
        out: Sink,
        stop: CancelToken,
        on_bytes: OnBytes = lambda _: None,
        partial: Path | None = None,
    ) -> None:
        if partial is not None and record.size >= RESUMED:
            self._resume(record, out, stop, on_bytes, partial)
            return

        def write(part: bytes) -> None:
            out(part)
            on_bytes(len(part))

        if record.kind == FILE:
            self._remote.files.read(self._file(record), write, stop)
        else:
            self._remote.balls.read(self._ball(record), write, stop)

    def _resume(
        self, record: Record, out: Sink, stop: CancelToken, on_bytes: OnBytes, path: Path
    ) -> None:
        with Partial(path) as partial:
            if record.kind == FILE:
                fetch_file(self._remote.files, self._file(record), partial, stop, on_bytes)
            else:
                fetch_layout(
                    self._remote.balls, single(self._ball(record)), partial, stop, on_bytes
                )
            partial.copy(out, stop)
            partial.discard()

    def _file(self, record: Record) -> RemoteFile:
        name = str(record.value("name") or record.title)
        return RemoteFile(record.hash or "", name, record.size)

    def _ball(self, record: Record) -> RemoteBall:
        bucket, key = split(record.id)
        sha256 = record.value(CONTENT)[1]
        return RemoteBall(bucket, key, record.value(FACTS)["ball_id"], record.size, sha256)

    def seen(self, hash: str) -> Inspection | None:
        return None

    def open(self, record: Record, stop: CancelToken) -> BinaryIO:
        file: Any = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- the caller closes it
        try:
            self.copy(record, file.write, stop)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        opened: BinaryIO = file
        return opened

    def write(
        self, writes: Sequence[Write], source: Source, stop: CancelToken, on_bytes: OnBytes
    ) -> list[str | None]:
        errors: dict[str, str] = {}
        sent: set[str] = set()
        new_groups = self._new_groups(writes)
        missing = self.missing([w.target for w in writes if w.target.hash and w.target.is_live])
        for write in writes:
            stop.check()
            if write.target.id in missing or self._is_put(write):
                try:
                    self._send(write.target, source, stop, on_bytes)
                    sent.add(write.target.id)
                except UserError as error:
                    errors[write.target.id] = str(error)
        now = self.records([*sorted(sent), *sorted(new_groups)])
        told = [w for w in writes if w.target.id not in errors]
        told = [
            Write(w.target, w.act, now.get(w.target.id)) if w.target.id in sent else w for w in told
        ]
        told += [
            Write(group, Act.UPDATE, now.get(id)) for id, group in new_groups.items() if id in now
        ]
        errors |= self._tell([one for one in told if _values(one.target) != _values(one.before)])
        return [errors.get(write.target.id) for write in writes]

    def _is_put(self, write: Write) -> bool:
        """Balls come by their own protocol, also where their bytes are there already."""
        return write.target.kind == BALL and write.target.is_live and write.act is not Act.UPDATE

    def _new_groups(self, writes: Sequence[Write]) -> dict[str, Record]:
        """Groups that come into being with these balls, with what is to be said of them."""
        groups = {one.group.id: one.group for one in writes if one.group and one.group.is_live}
        known = self.records(sorted(groups)) if groups else {}
        return {
            id: group
            for id, group in groups.items()
            if id not in known or not known[id].is_live
        }  # fmt: skip

    def _tell(self, writes: Sequence[Write]) -> dict[str, str]:
        errors: dict[str, str] = {}
        for start in range(0, len(writes), AT_ONCE):
            some = writes[start : start + AT_ONCE]
            given = [{"target": _json(one.target), "before": _json(one.before)} for one in some]
            answer = self._ask(TELL, {"writes": given}, repeat=False).get("errors")
            if not isinstance(answer, list) or len(answer) != len(some):
                raise self._wrong()
            for one, error in zip(some, answer, strict=True):
                if error is not None:
                    errors[one.target.id] = plain(str(error), 500)
        return errors

    def _send(self, record: Record, source: Source, stop: CancelToken, on_bytes: OnBytes) -> None:
        def opened() -> BinaryIO:
            return source.open(record, stop)

        if record.kind == FILE:
            sent = self._remote.files.upload(
                opened, record.size, f"vidcache:{record.hash}",
                bucket=str(record.value("bucket") or "videos"),
                prefix=str(record.value("prefix") or ""), name=str(record.value("name") or ""),
                own_hash=record.hash, stop=stop, on_bytes=on_bytes,
            )  # fmt: skip
            if sent.hash != record.hash:
                raise UserError(
                    f"'{self.title}' keeps something that looks alike instead, and not this."
                )
            return
        bucket, key = split(record.id)
        facts, content = record.value(FACTS), record.elements[CONTENT]
        tags = {**facts["tags"], UPDATED: str(content.at)}
        ball = NewBall(
            bucket, key, facts["ball_id"], record.size, content.value[1], tags, facts["type"],
            facts["producer"], facts["disabled"],
        )  # fmt: skip
        self._remote.balls.put(ball, opened, stop, on_bytes)

    def finish(self, stop: CancelToken) -> None:
        """It looks at groups that grew by itself."""


def is_served(remote: Remote) -> bool:
    """Whether a server can sum up what it holds: whether it is a VidCache library."""
    try:
        found = remote.http.json("POST", LOOK, given={"nodes": [""]})
    except (Missing, UserError):
        return False
    return isinstance(found.get("nodes"), dict)


def _json(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {"id": record.id, "elements": record.elements}


def _values(record: Record | None) -> dict[str, Any]:
    return {} if record is None else record.values()
