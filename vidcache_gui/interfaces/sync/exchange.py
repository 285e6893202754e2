"""Single steps between a library and a server of the published protocols."""

from collections.abc import Callable
from functools import cached_property
from pathlib import PurePosixPath
from typing import BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.incoming import Incoming
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.core.sync.elements import UPDATED
from vidcache_gui.core.sync.local import LocalBall, LocalItem
from vidcache_gui.core.sync.records import BALL, FILE, Act, Plan, Step, split
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes.extras import FIELD
from vidcache_gui.interfaces.remotes.fetching import RESUMED, fetch_layout
from vidcache_gui.interfaces.remotes.layout import single
from vidcache_gui.interfaces.remotes.mictlanx import NewBall
from vidcache_gui.interfaces.remotes.partial import SUFFIX, Partial
from vidcache_gui.interfaces.remotes.patience import persist
from vidcache_gui.interfaces.remotes.pulling import Pull
from vidcache_gui.interfaces.remotes.pushing import Push
from vidcache_gui.interfaces.remotes.records import RemoteBall
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.remotes.sending import put_file
from vidcache_gui.interfaces.sync.files import LOOKS_ALIKE, news
from vidcache_gui.interfaces.sync.verdict import differing, loser, told
from vidcache_gui.interfaces.sync.wholes import CHUNKED, PRODUCER

MEANWHILE = "It is not there any more. Synchronise again to look at it anew."
STAYS = "'{}' keeps what it has under this name, and did not take the newer one."
NO_MORE = "'{}' does not take more addresses for what it has."


class Exchange:
    """Does one thing at a time, durable when it returns; several threads may use it."""

    def __init__(
        self,
        library: Library,
        remote: Remote,
        plan: Plan,
        bucket: str | None,
        stop: CancelToken,
        moved: Callable[[int], None],
    ) -> None:
        """``bucket``: where files go that come here, instead of the one they are in there."""
        self._library = library
        self._remote = remote
        self._plan = plan
        self._stop = stop
        self._moved = moved
        self._pull = Pull(library, remote, bucket=bucket, stop=stop, on_bytes=moved)
        self._push = Push(library, remote, stop=stop, on_bytes=moved)
        self._grown: set[int] = set()

    @cached_property
    def _items(self) -> dict[str, LocalItem]:
        """By both hashes."""
        found = self._library.local_files()
        return {name: one for one in found for name in (one.hash, one.sha256) if name}

    def do(self, step: Step) -> None:
        """Raises UserError, Cancelled."""
        kind, there = step.id[0], step.side == 1
        if step.act is Act.TRASH:
            (self._remove_there if there else self._remove_here)(step)
        elif kind == BALL and step.act is Act.COPY:
            self._put(self._local(step)) if there else self._get(self._there(step))
        elif kind == BALL:
            self._settle(step)
        elif kind == FILE and step.act is Act.UPDATE:
            self._tell(self._item(step), step.side)
        elif kind == FILE:
            self._upload(self._item(step)) if there else self._pull.file(step.id[2:])
        elif there:
            self._put_whole(self._item(step))
        else:
            self._pull.group(*split(step.id))

    def finish(self) -> None:
        """Look at the groups that got frames; take note of what came, so that it is known when
        it is taken away."""
        self._library.side().refresh()
        for item in sorted(self._grown):
            self._library.settle_group(item)

    def _local(self, step: Step) -> LocalBall:
        bucket, key = split(step.id)
        found = self._library.local_balls_at(bucket, [key])
        if key not in found:
            raise UserError(MEANWHILE)
        return found[key]

    def _item(self, step: Step) -> LocalItem:
        name = step.id[2:] if step.id[0] == FILE else split(step.id)[1]
        if name not in self._items:
            raise UserError(MEANWHILE)
        return self._items[name]

    def _there(self, step: Step) -> RemoteBall:
        bucket, key = split(step.id)
        return self._remote.balls.metadata(bucket, key, self._stop)

    def _settle(self, step: Step) -> None:
        """A ball that both have and that differs, looked at anew."""
        here, there = self._local(step), self._there(step)
        acts = differing(here, there, self._plan.way, self._plan.mirror)
        if (step.act, step.side) not in [(act, side) for act, side, _ in acts]:
            return  # it changed meanwhile
        if step.act is Act.REPLACE and step.side == 0:
            self._get(there)
        elif step.act is Act.REPLACE:
            self._keep_aside(there)
            self._put(here)
            if self._there(step).sha256 != here.sha256:
                raise UserError(STAYS.format(self._remote.where))
        elif step.side == 0:
            self._describe_here(here, there)
        else:
            self._describe_there(here, there)

    def _describe_here(self, here: LocalBall, there: RemoteBall) -> None:
        mine, theirs = told(here, there)
        mirror = self._plan.mirror
        disabled = there.is_disabled if mirror else here.disabled or there.is_disabled
        if mine != theirs and loser(here, there, self._plan.way, mirror) == 0:
            facts = BallFacts(
                here.bucket, here.key, here.ball_id, _told(there), there.content_type,
                there.producer_id or here.producer, disabled,
            )  # fmt: skip
        else:
            facts = BallFacts(
                here.bucket, here.key, here.ball_id, here.tags, here.content_type, here.producer,
                disabled,
            )  # fmt: skip
        self._library.describe_ball(facts)

    def _describe_there(self, here: LocalBall, there: RemoteBall) -> None:
        mine, theirs = told(here, there)
        if mine != theirs and loser(here, there, self._plan.way, self._plan.mirror) == 1:
            kept = {name: value for name, value in there.tags.items() if name == FIELD}
            ball = NewBall(
                here.bucket, here.key, there.ball_id, there.size, there.checksum,
                {**here.tags, **kept}, here.content_type, here.producer or there.producer_id,
                there.is_disabled,
            )  # fmt: skip
            self._remote.balls.describe(ball, self._stop)
        if here.disabled and not there.is_disabled:
            self._remote.balls.disable(here.bucket, here.key, self._stop)

    def _put(self, ball: LocalBall) -> None:
        new = NewBall(
            ball.bucket, ball.key, ball.ball_id, ball.size, ball.sha256, ball.tags,
            ball.content_type, ball.producer or PRODUCER, ball.disabled,
        )  # fmt: skip
        self._remote.balls.put(new, lambda: self._open(ball.hash), self._stop, self._moved)

    def _open(self, hash: str) -> BinaryIO:
        return self._library.open_blob(hash)

    def _get(self, ball: RemoteBall) -> None:
        def store(incoming: Incoming) -> None:
            facts = BallFacts(
                ball.bucket, ball.key, ball.ball_id, _told(ball), ball.content_type,
                ball.producer_id, ball.is_disabled,
            )  # fmt: skip
            self._grown.add(self._library.put_ball(incoming, facts).item_id)

        self._fetch(ball, store)

    def _fetch(self, ball: RemoteBall, store: Callable[[Incoming], None]) -> None:
        """A large ball that was begun is gone on with."""
        if ball.size < RESUMED or ball.sha256 is None:
            persist(self._remote.http.patience, self._stop, lambda: self._small(ball, store))
            return
        with Partial(self._library.partial / f"{ball.sha256}{SUFFIX}") as partial:
            fetch_layout(self._remote.balls, single(ball), partial, self._stop, self._moved)
            with self._library.incoming(ball.size) as incoming:
                partial.copy(incoming.write, self._stop)
                store(incoming)
            partial.discard()

    def _small(self, ball: RemoteBall, store: Callable[[Incoming], None]) -> None:
        with self._library.incoming(ball.size) as incoming:
            self._remote.balls.read(ball, incoming.write, self._stop)
            store(incoming)
        self._moved(ball.size)

    def _keep_aside(self, ball: RemoteBall) -> None:
        """What a server is about to lose is in the library's trash first."""
        if ball.checksum in self._library.held([ball.checksum]):
            return
        name = f"{ball.key}-replaced-{ball.checksum[:8]}"
        facts = BallFacts(
            ball.bucket, name, ball.ball_id, _told(ball), ball.content_type, ball.producer_id
        )
        self._fetch(ball, lambda incoming: self._library.keep_aside(incoming, facts))

    def _upload(self, item: LocalItem) -> None:
        files = self._remote.files
        (whole,) = self._library.items([item.id])
        self._push.item(whole)
        if files.meta(item.hash, self._stop) is None:
            raise UserError(LOOKS_ALIKE.format(self._remote.where))
        self._tell(item, 1)

    def _tell(self, item: LocalItem, side: int) -> None:
        """What is known of a file on one side only."""
        about = self._remote.files.meta(item.hash, self._stop)
        if about is None:
            raise UserError(MEANWHILE)
        known = news(self._library, self._remote, item, about, self._stop)
        if side == 1:
            for address in known.unknown_there:
                self._name(item, address)
            return
        self._library.remember(item.hash, known.addresses)
        if known.meta:
            old = self._library.details(item.id).meta or {}
            self._library.set_meta(item.id, {**old, **known.meta})
        if known.tags:
            self._library.tag([item.id], add=known.tags)

    def _name(self, item: LocalItem, address: str) -> None:
        """Let a file there be known by one more address: by its hash, else by sending it."""
        files = self._remote.files
        for offer in (True, False):
            sent = files.upload(
                lambda: self._open(item.hash), item.size, address, bucket=item.bucket,
                prefix=item.prefix, name=item.name, own_hash=item.hash, offer=offer,
                stop=self._stop, on_bytes=self._moved,
            )  # fmt: skip
            if sent.hash == item.hash and files.resolve(address, self._stop) == item.hash:
                return
        raise UserError(NO_MORE.format(self._remote.where))

    def _put_whole(self, item: LocalItem) -> None:
        """A whole file, named and tagged as MictlanX Sync does; a large one in chunks, of which
        those that are there are not sent again."""
        name, balls = PurePosixPath(item.name), self._remote.balls
        where = f"{item.prefix}/{item.name}".lstrip("/")
        tags = {
            "filename": name.stem, "fullname": item.name,
            "extension": name.suffix.removeprefix(".") or "bin", "bucket_relative_path": where,
            "full_path": where, UPDATED: str(item.added_at),
        }  # fmt: skip
        if item.size >= RESUMED:
            put_file(
                balls, lambda: self._open(item.hash), bucket=item.bucket, key=item.sha256,
                name=item.name, size=item.size, sha256=item.sha256, tags=tags, stop=self._stop,
                on_bytes=self._moved,
            )  # fmt: skip
            return
        new = NewBall(
            item.bucket, item.sha256, item.sha256, item.size, item.sha256, tags,
            producer_id=PRODUCER,
        )  # fmt: skip
        balls.put(new, lambda: self._open(item.hash), self._stop, self._moved)

    def _remove_here(self, step: Step) -> None:
        if step.id[0] == BALL:
            self._library.remove_ball(*split(step.id))
        else:
            self._library.remove([self._item(step).id])

    def _remove_there(self, step: Step) -> None:
        """A copy stays in the library's trash."""
        if step.id[0] == FILE:
            hash = step.id[2:]
            if self._library.content(hash) is None:
                self._to_trash(self._pull.file(hash))
            self._remote.files.delete(hash, self._stop)
            return
        bucket, name = split(step.id)
        if step.id[0] == BALL:
            self._keep_aside(self._there(step))
            self._remote.balls.delete(bucket, name, self._stop)
            return
        self._to_trash(self._pull.group(bucket, name))
        if step.id[0] == CHUNKED:
            self._remote.balls.delete_group(bucket, name, self._stop)
        else:
            self._remote.balls.delete(bucket, name, self._stop)

    def _to_trash(self, came: SourceResult) -> None:
        if came.status is Status.NEW and came.item_id is not None:
            self._library.remove([came.item_id])


def _told(ball: RemoteBall) -> dict[str, str]:
    return {name: value for name, value in ball.tags.items() if name != FIELD}
