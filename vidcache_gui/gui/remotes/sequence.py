"""A group of frames on a remote, played while it is fetched."""

import io
from collections import Counter
from collections.abc import Sequence
from typing import BinaryIO

from vidcache_gui.core.footage import tags_delay, with_gaps
from vidcache_gui.errors import UserError
from vidcache_gui.gui.remotes.fetching import FrameFetcher
from vidcache_gui.interfaces.remotes.problems import RemoteError
from vidcache_gui.interfaces.remotes.records import RemoteBall
from vidcache_gui.media.frames_source import SequenceSource

MOST_TRIED = 3  # frames, for the size of the pictures


class FarSequence(SequenceSource):
    """By ``frame_number``, with a place for every number that is missing. Takes over ``fetcher``,
    which fetches :attr:`frames` as :func:`in_order` gives them."""

    def __init__(self, frames: Sequence[RemoteBall | None], fetcher: FrameFetcher) -> None:
        self._fetcher = fetcher
        there = [ball for ball in frames if ball is not None]
        own = {ball.key: tags_delay(ball.tags) for ball in there}
        usual = Counter(own.values()).most_common(1)[0][0] if own else 0.0
        numbers = with_gaps([ball.frame_number or 0 for ball in there])
        super().__init__(
            [ball.key if ball is not None else None for ball in frames],
            numbers,
            [own[ball.key] if ball is not None else usual for ball in frames],
        )

    def _first_size(self) -> tuple[int, int]:
        """A server that is not there is asked once, not for every frame."""
        problem: UserError = UserError("There are no frames.")
        for index in [at for at, path in enumerate(self.paths) if path is not None][:MOST_TRIED]:
            try:
                self._fetcher.load(index)
            except RemoteError as error:
                problem = error
            else:
                return super()._first_size()
        raise problem

    def _open(self, index: int) -> BinaryIO:
        return io.BytesIO(self._fetcher.load(index, self._stop))

    def close(self) -> None:
        self._fetcher.close()


def in_order(balls: Sequence[RemoteBall]) -> list[RemoteBall | None]:
    """Frames by their numbers, None in the place of each one that is missing."""
    living = sorted(
        (ball for ball in balls if not ball.is_disabled), key=lambda ball: ball.frame_number or 0
    )
    numbers = [ball.frame_number or 0 for ball in living]
    places = with_gaps(numbers)
    if len(places) == len(living):
        return list(living)
    there = dict(zip(numbers, living, strict=True))
    return [there.get(number) for number in places]
