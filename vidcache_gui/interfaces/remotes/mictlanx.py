"""A MictlanX storage peer, or the router in front of some, as a client (API v4).

Both are asked the same way; where their answers differ, either form is read. "Not found" is a
404, a router's 500 without available peers, and an empty group alike.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from vidcache_gui.cancel import CancelToken
from vidcache_gui.interfaces.remotes.checking import Checked
from vidcache_gui.interfaces.remotes.http import Answer, Http, plain, segment
from vidcache_gui.interfaces.remotes.listing import elements
from vidcache_gui.interfaces.remotes.patience import persist
from vidcache_gui.interfaces.remotes.problems import Damaged, Missing, Refused, RemoteError
from vidcache_gui.interfaces.remotes.records import (
    OnBytes,
    Opener,
    RemoteBall,
    remote_ball,
    text,
    whole,
)

T = TypeVar("T")

BASE = "/api/v4"
PART = 256 * 1024
SMALL = 1024 * 1024  # bytes up to which an object is sent as a form, as frames always are
ALREADY = 666  # MictlanX's code for "every peer has it"
PRODUCER = "vidcache"
MOST_LISTED = 1_000_000  # members of one group
MOST_HELD = 1 << 30  # bytes of memory for one group, or one object
MEMORY = 200  # bytes that a record or a tag takes besides its text
MOST_COPIES = 100  # of one object, in a list of those behind a router
FEW = 1000


@dataclass(frozen=True, slots=True)
class NewBall:
    """What is to be put. ``sha256``: of its bytes."""

    bucket: str
    key: str
    ball_id: str
    size: int
    sha256: str
    tags: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/octet-stream"
    producer_id: str = PRODUCER
    is_disabled: bool = False


class MictlanX:
    """Every method may be called from any thread."""

    def __init__(self, http: Http) -> None:
        self.http = http

    def metadata(self, bucket: str, key: str, stop: CancelToken | None = None) -> RemoteBall:
        """Raises Missing where there is no such object."""
        path = f"{_bucket(bucket)}/metadata/{segment(key)}"
        found = remote_ball(self.http.json("GET", path, stop=stop).get("metadata"), bucket)
        if found is None or found.key != key:
            raise Damaged(f"'{self.http.where}' described something else than it was asked for.")
        return found

    def group(self, bucket: str, ball_id: str, stop: CancelToken | None = None) -> list[RemoteBall]:
        """The objects of a group, each key once, in frame order. Raises Missing.

        A peer answers ``/group`` and a router ``/chunks``; both are tried.
        """
        path = f"{_bucket(bucket)}/metadata/{segment(ball_id)}"
        for way, name in (("group", "balls"), ("chunks", "chunks")):
            try:
                found = self._listed(f"{path}/{way}", name, bucket, stop)
            except Missing:
                continue
            except Refused as error:
                if error.status not in (400, 405, 422):  # the other kind does not know this way
                    raise
                continue
            if found:
                return sorted(found, key=_order)
        raise Missing(f"'{self.http.where}' has no group '{ball_id}' in '{bucket}'.")

    def _listed(
        self, path: str, name: str, bucket: str, stop: CancelToken | None
    ) -> list[RemoteBall]:
        def use(answer: Answer) -> list[RemoteBall]:
            found: list[RemoteBall] = []
            held = 0
            for ball in self._balls(answer, name, bucket):
                found.append(ball)
                held += MEMORY + sum(MEMORY + len(tag) for tag in ball.tags.values())
                if len(found) > MOST_LISTED or held > MOST_HELD:
                    raise Damaged(f"'{self.http.where}' lists a group without an end.")
            return found

        return self.http.ask("GET", path, use, stop=stop)

    def bucket(self, bucket: str, stop: CancelToken | None = None) -> Iterator[RemoteBall]:
        """Everything in a bucket, each key once, as it is listed. Nothing is repeated; servers
        do not wait long between two parts of an answer, so take them swiftly."""
        with self.http.asking("GET", f"{_bucket(bucket)}/metadata", stop=stop) as answer:
            try:
                yield from self._balls(answer, "balls", bucket)
            except Missing:
                return

    def buckets(self, stop: CancelToken | None = None) -> list[str]:
        """The names of all buckets that hold something."""
        names: set[str] = set()
        for path in (f"{BASE}/xballs", f"{BASE}/stats"):  # the second: where the first is unknown
            try:
                with self.http.asking("GET", path, query={"start": 0}, stop=stop) as answer:
                    for given in self._elements(answer, "balls"):
                        if isinstance(given, dict):
                            names.add(text(given.get("bucket_id")))
                return sorted(names - {""})
            except (Missing, Refused):
                continue
        return self._routers_buckets(stop)

    def _routers_buckets(self, stop: CancelToken | None) -> list[str]:
        query = {"start": 0, "end": MOST_LISTED}
        peers = self.http.json("GET", f"{BASE}/peers/stats", query=query, stop=stop).values()
        balls = [ball for peer in peers if isinstance(peer, dict) for ball in peer.get("balls", ())]
        found = (text(ball.get("bucket_id")) for ball in balls if isinstance(ball, dict))
        return sorted(set(found) - {""})

    def get(
        self,
        bucket: str,
        key: str,
        use: Callable[[Answer], T],
        byte_range: tuple[int, int] | None = None,
        *,
        stop: CancelToken | None = None,
        repeat: bool = True,
    ) -> T:
        """What ``use`` makes of the answer to a request for an object's bytes. Servers may
        send all of them where a range, (first, last), is asked for."""
        headers = {} if byte_range is None else {"Range": f"bytes={byte_range[0]}-{byte_range[1]}"}
        return self.http.ask(
            "GET", f"{_bucket(bucket)}/{segment(key)}", use, headers=headers, stop=stop,
            repeat=repeat,
        )  # fmt: skip

    def holds(self, ball: RemoteBall, stop: CancelToken | None = None) -> bool:
        """Whether an object that is listed is there to its end: some servers list what was
        announced and never came whole. One byte is asked for."""
        if not ball.size:
            return True

        def use(answer: Answer) -> bool:
            if answer.status == 206:
                return answer.headers.get("content-range", "").strip().endswith(f"/{ball.size}")
            return answer.status == 200 and answer.length in (None, ball.size)

        try:
            return self.get(ball.bucket, ball.key, use, (ball.size - 1, ball.size - 1), stop=stop)
        except Missing:
            return False

    def asking(
        self, bucket: str, key: str, stop: CancelToken | None = None
    ) -> AbstractContextManager[Answer]:
        """One answer to that, for those who read it at their own pace."""
        return self.http.asking("GET", f"{_bucket(bucket)}/{segment(key)}", stop=stop)

    def load(self, ball: RemoteBall, stop: CancelToken | None = None) -> bytes:
        """A small object, checked by size and hash. Raises RemoteError."""
        if ball.size > MOST_HELD:
            raise Refused(f"'{plain(ball.key, 80)}' is too large to be held in memory.")

        def use(answer: Answer) -> bytes:
            checked = Checked(ball.key, ball.size, sha256=ball.sha256)
            found = bytearray()
            for part in answer.check().parts():
                checked.feed(part)
                found += part
            checked.finish()
            return bytes(found)

        return self.get(ball.bucket, ball.key, use, stop=stop)

    def read(
        self,
        ball: RemoteBall,
        write: Callable[[bytes], Any],
        stop: CancelToken | None = None,
    ) -> None:
        """All bytes of an object, checked by size and hash, to ``write``; nothing is repeated,
        so what was written when this raises is the caller's to discard."""
        checked = Checked(ball.key, ball.size, sha256=ball.sha256)

        def use(answer: Answer) -> None:
            for part in answer.check().parts():
                checked.feed(part)
                write(part)
            checked.finish()

        self.get(ball.bucket, ball.key, use, stop=stop, repeat=False)

    def put(
        self,
        ball: NewBall,
        source: Opener,
        stop: CancelToken | None = None,
        on_bytes: OnBytes = lambda _: None,
    ) -> bool:
        """Store an object in two phases; False when the remote says that it has it already.

        Safe to repeat as a whole, which is done when the network fails. Raises RemoteError,
        Cancelled.
        """
        stop = stop or CancelToken()

        def once() -> bool:
            try:
                task = self._announce(ball, stop)
            except RemoteError as error:
                if error.code == ALREADY:
                    return False
                raise
            self._send(ball, task, source, stop, on_bytes)
            return True

        return persist(self.http.patience, stop, once)

    def describe(self, ball: NewBall, stop: CancelToken | None = None) -> None:
        """Replace what is said of an object that is there. Raises Refused where the remote
        goes on saying what it said."""
        path, update = f"{_bucket(ball.bucket)}/metadata", {"Update": "1"}

        def done(answer: Answer) -> None:
            answer.check()

        self.http.ask("POST", path, done, given=_announced(ball), headers=update, stop=stop)
        if self._is_said(ball, stop):
            return
        routers = f"{BASE}/u/buckets/{segment(ball.bucket)}/{segment(ball.key)}"
        with suppress(Missing):
            self.http.ask("POST", routers, done, given=_announced(ball), stop=stop)
        if not self._is_said(ball, stop):
            raise Refused(f"'{self.http.where}' goes on saying of '{ball.key}' what it said.")

    def _is_said(self, ball: NewBall, stop: CancelToken | None) -> bool:
        now = self.metadata(ball.bucket, ball.key, stop)
        told, wanted = dict(now.tags), dict(ball.tags)
        for tags in (told, wanted):
            tags.pop("updated_at", None)  # a remote may say itself when that was
        same = (now.content_type, now.producer_id) == (ball.content_type, ball.producer_id)
        return same and told.items() >= wanted.items()

    def _announce(self, ball: NewBall, stop: CancelToken) -> str:
        path = f"{_bucket(ball.bucket)}/metadata"
        said = self.http.json("POST", path, given=_announced(ball), stop=stop, repeat=False)
        tasks = said.get("tasks_ids")
        task = text(said.get("task_id") or (tasks[0] if isinstance(tasks, list) and tasks else ""))
        if not task:
            raise Damaged(f"'{self.http.where}' did not answer as its protocol says.")
        return task

    def _send(
        self, ball: NewBall, task: str, source: Opener, stop: CancelToken, on_bytes: OnBytes
    ) -> None:
        form = ball.size <= SMALL
        before, after, kind = _form(ball.key) if form else (b"", b"", "application/octet-stream")
        path = f"{BASE}/buckets/data/{segment(task)}" + ("" if form else "/chunked")
        size = len(before) + ball.size + len(after)
        sent = 0

        def body() -> Iterator[bytes]:
            nonlocal sent
            if before:
                yield before
            with source() as file:
                while part := file.read(PART):
                    stop.check()
                    yield part
                    sent += len(part)
                    on_bytes(len(part))
            if after:
                yield after

        headers = {"Content-Type": kind, "Content-Length": str(size)}
        wait = self.http.patience.storing
        try:
            self.http.ask(
                "POST", path, lambda answer: answer.check().small(), body=body(), headers=headers,
                wait=wait, stop=stop, repeat=False,
            )  # fmt: skip
        except BaseException:
            on_bytes(-sent)
            raise

    def delete(self, bucket: str, key: str, stop: CancelToken | None = None) -> int:
        """Delete one object; how many that were, 0 where there was none."""
        return self._delete(f"{_bucket(bucket)}/{segment(key)}", stop)

    def delete_group(self, bucket: str, ball_id: str, stop: CancelToken | None = None) -> int:
        """Delete all objects of a group; how many those were."""
        return self._delete(f"{_bucket(bucket)}/bid/{segment(ball_id)}", stop)

    def _delete(self, path: str, stop: CancelToken | None) -> int:
        def use(answer: Answer) -> int:
            count = whole(answer.check().headers.get("n-deletes"))
            if count is not None:
                return count
            body = answer.object() if answer.length != 0 and answer.status != 204 else {}
            count = whole(body.get("n_deletes"))
            return 1 if count is None else count  # it succeeded and did not say more

        try:
            return self.http.ask("DELETE", path, use, stop=stop)
        except Missing:
            return 0

    def disable(self, bucket: str, key: str, stop: CancelToken | None = None) -> None:
        """Flag an object as not to be used any more. Raises Missing."""
        path = f"{_bucket(bucket)}/{segment(key)}/disable"
        headers = {"Content-Length": "0"}
        self.http.ask("POST", path, lambda answer: answer.check(), headers=headers, stop=stop)

    def _balls(self, answer: Answer, name: str, bucket: str) -> Iterator[RemoteBall]:
        """Each key once: behind a router every replica is listed."""
        seen: set[str] = set()
        idle = 0
        for given in self._elements(answer, name):
            ball = remote_ball(given, bucket)
            if ball is not None and ball.key not in seen:
                seen.add(ball.key)
                yield ball
                continue
            idle += 1
            if idle > MOST_COPIES * (FEW + len(seen)):
                raise Damaged(f"'{self.http.where}' lists the same again and again.")

    def _elements(self, answer: Answer, name: str) -> Iterator[Any]:
        try:
            yield from elements(answer.check().parts(), name)
        except (ValueError, RecursionError) as error:
            raise Damaged(f"'{self.http.where}' did not answer as its protocol says.") from error


def probe(http: Http, paths: frozenset[str], stop: CancelToken | None = None) -> bool:
    """Whether a peer or router answers there. ``paths``: of its description, if it has one."""
    if any(path.startswith(f"{BASE}/buckets/") for path in paths):
        return True

    def use(answer: Answer) -> bool:
        try:
            return answer.status == 200 and bool(answer.object())
        except Damaged:
            return False

    ways = ("/stats/ufs", "/balls/len", "/peers/stats")
    return any(http.ask("GET", BASE + way, use, stop=stop) for way in ways)


def _announced(ball: NewBall) -> dict[str, Any]:
    return {
        "key": ball.key, "size": ball.size, "checksum": ball.sha256, "tags": dict(ball.tags),
        "producer_id": ball.producer_id, "content_type": ball.content_type,
        "ball_id": ball.ball_id, "bucket_id": ball.bucket, "is_disable": ball.is_disabled,
        "is_disabled": ball.is_disabled, "replication_factor": 1,
    }  # fmt: skip


def _bucket(name: str) -> str:
    return f"{BASE}/buckets/{segment(name)}"


def _order(ball: RemoteBall) -> tuple[bool, int, str]:
    """By frame number, never by key: keys are padded to three digits, or not at all."""
    number = ball.frame_number
    return number is None, number or 0, ball.key


def _form(key: str) -> tuple[bytes, bytes, str]:
    """What stands before and behind the one file of a form, and the form's type."""
    mark = f"vidcache-{os.urandom(12).hex()}"
    name = segment(key)
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="data"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    end = f"\r\n--{mark}--\r\n"
    return head.encode(), end.encode(), f"multipart/form-data; boundary={mark}"
