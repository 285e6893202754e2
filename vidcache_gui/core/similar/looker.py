"""Fingerprints from the isolated workers: of items, and of files nobody has stored."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import find
from vidcache_gui.core.footage import ball_delay, whole
from vidcache_gui.core.records import DEFAULT_DELAY_MS, Item
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.media.joined import Where
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.pool import DecodePool
from vidcache_gui.media.sequence import plan_sequence

if TYPE_CHECKING:
    from vidcache_gui.media.fingerprint.look import Look

FILE = "vidcache_gui.media.fingerprint.look:fingerprint_file"
FRAMES = "vidcache_gui.media.fingerprint.look:fingerprint_frames"
TICK = 0.1  # seconds between two looks at whether anybody still waits
DEADLINE = 120.0  # seconds, and as long again as the footage is
LONGEST = 6 * 3600.0  # for what does not say how long it is


@dataclass(frozen=True, slots=True)
class Looked:
    """What a worker saw: ``fingerprint`` as ``Fingerprint.to_bytes`` wrote it."""

    fingerprint: bytes
    stream: str | None


class Looker:
    """Asks the workers."""

    def __init__(self, pool: DecodePool, path_of: Callable[[str], Path]) -> None:
        self.pool = pool
        self._path_of = path_of

    def submit_item(self, item: Item) -> "Future[Any]":
        """Have an item looked at. Call inside a read block."""
        where = whole(item, self._path_of)
        if where is not None:
            wait = DEADLINE + (item.duration or 0.0)
            return self.submit_file(where, item.name, deadline=wait)
        balls = find.item_balls(item.id)
        delays = [ball_delay(ball) for ball in balls]
        if item.delay_ms:
            delays = [item.delay_ms] * len(balls)
        return self.submit_frames([self._path_of(ball.hash) for ball in balls], delays)

    def submit_file(
        self, where: Where, name: str = "", *, deadline: float = LONGEST, priority: bool = False
    ) -> "Future[Any]":
        if isinstance(where, Path):
            where = str(where)
        return self.pool.submit(FILE, where, name, deadline=deadline, priority=priority)

    def submit_frames(
        self, paths: Sequence[Path], delays: Sequence[float], *, priority: bool = False
    ) -> "Future[Any]":
        """``delays``: milliseconds."""
        deadline = DEADLINE + len(paths) * 0.5
        return self.pool.submit(
            FRAMES, [str(path) for path in paths], [delay / 1000 for delay in delays],
            deadline=deadline, priority=priority,
        )  # fmt: skip

    def look(self, path: Path, stop: CancelToken | None = None) -> Looked:
        """Look at a file, or a folder of frames, somebody is waiting for.

        Raises UserError, and Cancelled by ``stop``: then the worker ends what it is at, and
        nobody hears of it.
        """
        if path.is_dir():
            return outcome(self.submit_folder(path, priority=True), stop)
        with open_regular(str(path)):  # a pipe or device never reaches a decoder
            pass
        return outcome(self.submit_file(path, path.name, priority=True), stop)

    def submit_folder(self, folder: Path, *, priority: bool = False) -> "Future[Any]":
        """Numbered pictures of a folder as one piece of footage."""
        names = [entry.name for entry in os.scandir(folder) if entry.is_file()]
        plan = plan_sequence(names)
        if plan.problem:
            raise UserError(plan.problem)
        if not plan.frames:
            raise UserError(f"There are no numbered pictures in '{folder}'.")
        delays = [frame.delay_ms or DEFAULT_DELAY_MS for frame in plan.frames]
        paths = [folder / frame.name for frame in plan.frames]
        return self.submit_frames(paths, delays, priority=priority)


def outcome(future: "Future[Any]", stop: CancelToken | None = None) -> Looked:
    """What came of it. Raises what :meth:`DecodePool.submit` says, and Cancelled by ``stop``."""
    while stop is not None and not wait([future], TICK).done:
        if stop.cancelled:
            future.cancel()
            raise Cancelled
    seen: Look = future.result()
    if seen.fingerprint is None:
        raise UserError("There is no picture in it that could be read.")
    return Looked(seen.fingerprint, seen.stream)
