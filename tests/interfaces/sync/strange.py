"""A library and a server that is not ours, to be synchronised."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.interfaces.remotes.archives import PATIENT
from tests.interfaces.remotes.liars import running
from tests.interfaces.remotes.strangers import Peer, Stranger
from vidcache_gui.core.library import Library
from vidcache_gui.core.sync.records import Act, Step
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.sync.foreign import ForeignPair


@contextmanager
def paired(library: Library, server: Stranger) -> Iterator[ForeignPair]:
    with running(server), Remote.open(server.address, patience=PATIENT) as remote:
        server.seen.clear()
        yield ForeignPair(library, remote)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def store(peer: Peer, key: str, data: bytes, at: str = "1700000000", **more: Any) -> None:
    """Put an object there past the network."""
    tags = {"updated_at": at, **more.pop("tags", {})}
    peer.store("videos", key, data, sha256(data), tags=tags, **more)


def acts(steps: tuple[Step, ...]) -> list[tuple[Act, int, str]]:
    return [(step.act, step.side, step.title) for step in steps]
