"""A server that keeps what came of an upload that broke off, and lists it as whole."""

import io
from collections.abc import Iterator

import pytest

from tests.interfaces.remotes.archives import PATIENT, noise
from tests.interfaces.remotes.liars import running
from tests.interfaces.remotes.strangers import BASE, Peer
from vidcache_gui.cancel import CancelToken
from vidcache_gui.interfaces.remotes import layout
from vidcache_gui.interfaces.remotes.mictlanx import NewBall
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.remotes.sending import Sending, put_balls, put_file


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def remote(peer: Peer) -> Iterator[Remote]:
    with running(peer), Remote.open(peer.address, patience=PATIENT) as found:
        yield found


def sent(peer: Peer) -> int:
    return peer.count("POST", f"{BASE}/buckets/data/.*")


def test_a_torn_chunk_is_sent_again(
    remote: Remote, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "SMALLEST_CHUNK", 1000)
    monkeypatch.setattr(layout, "MEGABYTE", 1000)
    data = noise(5000)

    def put() -> int:
        return put_file(
            remote.balls, lambda: io.BytesIO(data), bucket="b", key="film", name="a.mp4",
            size=len(data),
        )  # fmt: skip

    assert put() == 0
    before, whole = sent(peer), dict(peer.data)
    peer.data["b", "film_3"] = data[:10]
    del peer.data["b", "film_4"]
    assert put() == len(whole) - 2
    assert sent(peer) == before + 2
    assert peer.data == whole


def test_a_torn_frame_is_sent_again_with_those_that_are_missing(remote: Remote, peer: Peer) -> None:
    def frame(number: int) -> Sending:
        data = b"frame %d" % number
        ball = NewBall("b", f"clip_{number}", "clip", len(data), "", {"frame_number": str(number)})
        return Sending(ball, lambda: io.BytesIO(data))

    group = [frame(number) for number in range(4)]
    put_balls(remote.balls, group[:3], CancelToken())
    peer.data["b", "clip_1"] = b""
    before = sent(peer)
    assert put_balls(remote.balls, group, CancelToken()) == 2
    assert sent(peer) == before + 2
    assert peer.data["b", "clip_1"] == b"frame 1"
