"""From a library to a remote: items whole, and nothing that is there already."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.chunks import NAME
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Ball, Item, SourceResult, Status
from vidcache_gui.core.sync.records import BALL, FILE, GROUP, joined
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes.alike import Alike
from vidcache_gui.interfaces.remotes.extras import FIELD, Extras
from vidcache_gui.interfaces.remotes.mictlanx import NewBall
from vidcache_gui.interfaces.remotes.problems import Damaged
from vidcache_gui.interfaces.remotes.records import OnBytes
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.remotes.sending import Sending, is_same, present, put_balls, put_file
from vidcache_gui.interfaces.remotes.vidcache import Uploaded
from vidcache_gui.media.hashing import hash_file


class Push:
    """Sends items of one library to one remote."""

    def __init__(
        self,
        library: Library,
        remote: Remote,
        *,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_bytes: OnBytes = lambda _: None,
    ) -> None:
        """``bucket``: where they go there, instead of the one they are in."""
        self._library = library
        self._remote = remote
        self._bucket = bucket
        self._stop = stop or CancelToken()
        self._on_bytes = on_bytes

    def item(self, item: Item) -> SourceResult:
        """A group stays one; a file goes whole to a vidcache server, else in chunks.

        Raises RemoteError, UserError, Cancelled.
        """
        ids = self._ids(item)
        alike = self._alike if ids else None
        before = alike.there(ids) if alike else {}
        result = self._send(item)
        if alike and result.status is Status.NEW:
            alike.went(ids, before, self._bucket)
        return result

    def _send(self, item: Item) -> SourceResult:
        if item.ball_id is not None:
            return self._group(item)
        return self._file(item) if self._remote.has_files else self._chunks(item)

    @cached_property
    def _alike(self) -> Alike | None:
        return Alike.of(self._library, self._remote)

    def _ids(self, item: Item) -> list[str]:
        """What it and its frames are to be called on both sides; none where that differs."""
        if item.ball_id is None:
            return [f"{FILE}:{item.hash}"] if self._remote.has_files else []
        if self._bucket not in (None, item.bucket):
            return []
        balls = self._library.get_by_ball_id(item.bucket, item.ball_id)
        frames = (joined(BALL, item.bucket, ball.key) for ball in balls)
        return [joined(GROUP, item.bucket, item.ball_id), *frames]

    def _file(self, item: Item) -> SourceResult:
        files = self._remote.files
        if files.meta(item.hash, self._stop) is not None:
            self._on_bytes(item.size)
            return _result(item, Status.DUPLICATE, f"'{self._remote.where}' has it already.")
        more = self._extras(item, Extras(tags=item.tags))
        meta = dict(self._library.details(item.id).meta or {})
        said = more.to_dict()
        meta |= {FIELD: said} if said else {}
        own = f"vidcache://{item.hash}"
        done = self._upload(item, more.aliases[0] if more.aliases else own, meta or None)
        if done.status == "url_alias" and done.hash != item.hash:
            done = self._upload(item, own, meta or None)  # the address holds something else there
        if done.own_hash != item.hash and done.status != "url_alias":
            raise UserError(
                f"The stored bytes of '{item.name}' are not what they were. Run 'verify' to see."
            )
        if done.kept_other:
            return _result(
                item, Status.DUPLICATE,
                f"'{self._remote.where}' kept an earlier file that looks alike instead "
                f"({done.hash[:12]}); these bytes are not there.",
            )  # fmt: skip
        for alias in more.aliases[1:]:
            if not files.name(item.hash, alias, self._bucket or item.bucket, self._stop):
                break  # an older server; they are in the details, for those who read them there
        if done.duplicate_of:  # "duplicate" it says, and stored the bytes beside what it names
            near = f"It looks like {done.duplicate_of[:12]} there; both are kept."
            return _result(item, Status.NEW, near)
        return _result(item, Status.NEW if done.status == "new" else Status.DUPLICATE, None)

    def _upload(self, item: Item, url: str, meta: dict[str, object] | None) -> Uploaded:
        return self._remote.files.upload(
            self._opener(item.hash), item.size, url, bucket=self._bucket or item.bucket,
            prefix=item.prefix, meta=meta, name=item.name, own_hash=item.hash, stop=self._stop,
            on_bytes=self._on_bytes,
        )  # fmt: skip

    def _chunks(self, item: Item) -> SourceResult:
        details = self._library.details(item.id)
        sha256 = details.sha256 or self._sha256(item)
        more = self._extras(
            item,
            Extras("", item.prefix, item.tags, meta=details.meta, hash=item.hash),
        )
        bucket = self._bucket or item.bucket
        known = put_file(
            self._remote.balls, self._opener(item.hash), bucket=bucket, key=sha256,
            name=item.name, size=item.size, sha256=sha256,
            tags={FIELD: json.dumps(more.to_dict())}, stop=self._stop, on_bytes=self._on_bytes,
        )  # fmt: skip
        count = len(present(self._remote.balls, bucket, sha256, self._stop))
        status = Status.DUPLICATE if known == count else Status.NEW
        place = f"{bucket}/{sha256}"
        again = f" {known} of its {count} chunks were there already." if known else ""
        return _result(item, status, f"It is '{place}' there.{again}")

    def _group(self, item: Item) -> SourceResult:
        library, bucket = self._library, self._bucket or item.bucket
        balls = library.get_by_ball_id(item.bucket, item.ball_id or "")
        details = library.details(item.id)
        as_it_came = (item.ball_id, balls[0].tags.get(NAME))  # the balls say so themselves
        name = "" if item.name in as_it_came else item.name
        said = Extras(name, item.prefix, item.tags, meta=details.meta).to_dict()
        group = [
            Sending(
                self._new_ball(ball, bucket, said if place == 0 else {}), self._opener(ball.hash)
            )
            for place, ball in enumerate(balls)
        ]
        known = put_balls(self._remote.balls, group, self._stop, self._on_bytes)
        there = present(self._remote.balls, bucket, balls[0].ball_id, self._stop)
        for one in group:
            found = there.get(one.ball.key)
            if found is None or not is_same(found, one.ball):
                raise Damaged(
                    f"'{self._remote.where}' took all frames of '{item.name}' and does not have "
                    f"'{one.ball.key}' now. Push it again."
                )
        if known == len(group):
            return _result(item, Status.DUPLICATE, f"'{self._remote.where}' has it already.")
        reason = f"{known} of {len(group)} frames were there already." if known else None
        return _result(item, Status.NEW, reason)

    def _new_ball(self, ball: Ball, bucket: str, said: dict[str, object]) -> NewBall:
        tags = {name: value for name, value in ball.tags.items() if name != FIELD}
        tags |= {FIELD: json.dumps(said)} if said else {}
        return NewBall(
            bucket, ball.key, ball.ball_id, ball.size, ball.checksum, tags, ball.content_type,
            ball.producer_id, ball.is_disabled,
        )  # fmt: skip

    def _extras(self, item: Item, more: Extras) -> Extras:
        aliases = self._library.details(item.id).aliases
        known = [one.source for one in aliases if one.kind == "url"]
        return Extras(more.name, more.prefix, more.tags, tuple(known), more.meta, more.hash)

    def _opener(self, hash: str) -> Callable[[], AbstractContextManager[BinaryIO]]:
        return lambda: self._library.open_blob(hash)

    def _sha256(self, item: Item) -> str:
        with self._library.open_blob(item.hash) as file:
            digests = hash_file(file, token=self._stop, on_bytes=lambda _: None, sha256=True)
        return digests.sha256 or ""


def _result(item: Item, status: Status, reason: str | None) -> SourceResult:
    place = "/".join(part for part in (item.bucket, item.prefix, item.name) if part)
    return SourceResult(
        place, status, item.hash, name=item.name, item_id=item.id, kind=item.kind, size=item.size,
        reason=reason,
    )  # fmt: skip
