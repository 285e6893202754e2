"""A server of ours that tests share, and remotes of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interfaces.server.serving import Running, serving
from vidcache_gui.interfaces.remotes.patience import Patience
from vidcache_gui.interfaces.remotes.remote import Remote

QUICK = Patience(
    connect=0.5,
    silence=0.6,
    head=0.6,
    storing=5,
    grace=0.3,
    slowest=100_000,
    attempts=2,
    pause=0.01,
    longest_pause=0.02,
)
PATIENT = Patience(pause=0.01)  # of servers that do answer, on a machine that may be busy


@contextmanager
def server(folder: Path) -> Iterator[Running]:
    with serving(folder / "library") as running:
        yield running


def remote_of(running: Running) -> Remote:
    return Remote.open(running.address, patience=PATIENT)


def noise(size: int) -> bytes:
    return os.urandom(size)
