"""How long a remote is waited for, and how often it is asked again."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from vidcache_gui.cancel import CancelToken
from vidcache_gui.interfaces.addresses import SLICE
from vidcache_gui.interfaces.remotes.problems import Passing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Times are seconds."""

    connect: float = 10.0
    silence: float = 30.0  # without one byte, either way
    head: float = 60.0  # from a request to the end of its answer's head
    storing: float = 300.0  # the same after an upload: the server hashes and decodes first
    grace: float = 20.0  # after which a body must have come at ``slowest`` on average
    slowest: int = 2048  # bytes a second
    attempts: int = 4
    pause: float = 0.5  # before the second attempt; doubles for each further one
    longest_pause: float = 8.0

    def wait(self, attempt: int, problem: Passing) -> float:
        """Before asking again: random, so that many clients do not come back together."""
        pause = min(self.pause * 2**attempt, self.longest_pause) * random.uniform(0.5, 1)
        return float(max(pause, min(problem.after or 0.0, self.longest_pause)))


def persist(patience: Patience, stop: CancelToken, act: Callable[[], T]) -> T:
    """Do what may be done twice until it works. Raises what stopped it, the last Passing
    when the attempts are used up, Cancelled."""
    attempt = 0
    while True:
        try:
            return act()
        except Passing as problem:
            attempt += 1
            if attempt >= patience.attempts:
                raise
            rest(patience.wait(attempt - 1, problem), stop)


def rest(seconds: float, stop: CancelToken) -> None:
    """Sleep; raises Cancelled as soon as that is asked for."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        stop.check()
        time.sleep(min(SLICE, left))
    stop.check()
