"""Everything a remote lists, in order, a batch at a time. Runs in a background thread."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from vidcache_gui.cancel import CancelToken
from vidcache_gui.gui.remotes.far import Far, of_file, of_group
from vidcache_gui.interfaces.remotes.groups import Group
from vidcache_gui.interfaces.remotes.problems import RemoteError
from vidcache_gui.interfaces.remotes.records import RemoteBall
from vidcache_gui.interfaces.remotes.remote import Remote

BATCH = 500  # balls between two looks at what has become of the groups

Batch = list[tuple[int, Far]]  # (row, what stands there now): rows may be told of again


def buckets_of(remote: Remote, stop: CancelToken) -> list[str]:
    """By name; what cannot be asked for has none. Raises Cancelled."""
    names: set[str] = set()
    with contextlib.suppress(RemoteError):
        if remote.has_files and remote.files.can_list:
            names.update(remote.files.buckets(stop))
    with contextlib.suppress(RemoteError):
        if remote.has_balls:
            names.update(remote.balls.buckets(stop))
    return sorted(names, key=str.casefold)


def listed(
    remote: Remote, text: str, bucket: str, stop: CancelToken, pace: Callable[[int], None]
) -> Iterator[Batch]:
    """The newest files, then groups, then all other files. ``text``: only those whose names
    have it in them; ``bucket``: only what is in it, empty: in all of them. ``pace``: hears how
    many rows there are, and waits until more are wanted.

    Rows are numbered from 0 in the order they are first told of. Raises RemoteError, Cancelled.
    """
    count = 0
    lists = remote.has_files and remote.files.can_list
    wanted = {name: value for name, value in (("q", text), ("bucket", bucket)) if value}
    pages = _files(remote, wanted, stop) if lists else iter(())
    for batch in islice(pages, 1):
        yield _numbered(batch, count)
        count += len(batch)
    # A list of balls is one long answer: a server would not wait while nobody reads on.
    for one in remote.balls.buckets(stop) if remote.has_balls else ():
        if bucket and one != bucket:
            continue
        for rows in _groups(remote, one, text.casefold(), count, stop):
            count = max([count, *(row + 1 for row, _ in rows)])
            yield rows
    pace(count)
    for batch in pages:
        yield _numbered(batch, count)
        count += len(batch)
        pace(count)


def _numbered(files: list[Far], start: int) -> Batch:
    return [(row, far.at(row)) for row, far in enumerate(files, start)]


def _files(remote: Remote, wanted: Mapping[str, str], stop: CancelToken) -> Iterator[list[Far]]:
    """By the server's own search, a page of its list at a time."""
    seen: set[str] = set()
    cursors: set[str | None] = set()
    cursor: str | None = None
    while cursor not in cursors:  # a server may lead in circles
        cursors.add(cursor)
        page, cursor = remote.files.page(wanted, cursor, stop)
        new = {file.hash: file for file in page if file.hash not in seen}
        seen.update(new)
        yield [of_file(file) for file in new.values()]
        if cursor is None:
            return


def _groups(
    remote: Remote, bucket: str, text: str, start: int, stop: CancelToken
) -> Iterator[Batch]:
    """Balls come in any order, so a group that is told of may still grow."""
    groups: dict[str, Group] = {}
    firsts: dict[str, RemoteBall] = {}
    rows: dict[str, int] = {}
    changed: dict[str, None] = {}

    def told() -> Batch:
        batch = []
        for id in changed:
            far = of_group(bucket, groups[id], firsts[id])
            if text in far.item.name.casefold() or text in id.casefold():
                row = rows.setdefault(id, start + len(rows))
                batch.append((row, far.at(row)))
        changed.clear()
        return batch

    for number, ball in enumerate(remote.balls.bucket(bucket, stop), start=1):
        stop.check()
        if not ball.is_disabled:
            id = ball.ball_id
            groups.setdefault(id, Group(id)).take(ball)
            firsts[id] = min(firsts.get(id, ball), ball, key=_place)
            changed[id] = None
        if number % BATCH == 0:
            yield told()
    yield told()


def _place(ball: RemoteBall) -> tuple[int, str]:
    number = ball.frame_number
    index = ball.tags.get("index", "")
    return (number if number is not None else int(index) if index.isdecimal() else 0), ball.key
