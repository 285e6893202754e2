"""Servers whose lists never end, and answers that JSON can say but nobody can keep."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.interfaces.remotes.archives import QUICK
from tests.interfaces.remotes.liars import Handler, Liar, lying
from vidcache_gui.interfaces.remotes import listing, mictlanx, vidcache
from vidcache_gui.interfaces.remotes.extras import from_meta, from_tags
from vidcache_gui.interfaces.remotes.http import Http
from vidcache_gui.interfaces.remotes.ours import ServerSide
from vidcache_gui.interfaces.remotes.problems import Damaged, Refused
from vidcache_gui.interfaces.remotes.records import RemoteBall, remote_file
from vidcache_gui.interfaces.remotes.remote import Remote, Spoken
from vidcache_gui.interfaces.remotes.vidcache import Generation

HASH = "ab" * 32
ROW = {"hash": HASH, "filename": "f", "size_bytes": 1}
GROUP, BUCKET = "/api/v4/buckets/b/metadata/v/group", "/api/v4/buckets/b/metadata"
BALL = json.dumps({"key": "k", "size": 1, "tags": {}}).encode()


@pytest.fixture
def liar() -> Iterator[Liar]:
    with lying({}) as found:
        yield found


@pytest.fixture
def remote(liar: Liar) -> Iterator[Remote]:
    with Remote(Http(liar.address, patience=QUICK), Spoken(Generation.C, True)) as found:
        yield found


def for_ever(part: bytes, head: bytes = b'{"balls":[') -> Callable[[Handler], None]:
    def script(handler: Handler) -> None:
        handler.send(head, length="")
        try:
            while not handler.server.release.is_set():
                handler.wfile.write(part)
        except OSError:
            pass  # it has had enough

    return script


@pytest.mark.parametrize(
    "script",
    [
        for_ever((BALL + b",") * 500), for_ever(b"{}," * 5000), for_ever(b" " * 60_000),
        for_ever(b'"a":1,' * 5000, b"{"), for_ever(b'"' + b"a" * 60_000),
    ],
)  # fmt: skip
def test_a_list_that_says_nothing_new_for_ever(
    script: Callable[[Handler], None], liar: Liar, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LARGEST", 200_000)
    monkeypatch.setattr(listing, "FARTHEST", 400_000)
    monkeypatch.setattr(mictlanx, "FEW", 20)
    liar.scripts[GROUP] = liar.scripts[BUCKET] = script
    with pytest.raises(Damaged):
        remote.balls.group("b", "v")
    with pytest.raises(Damaged):
        list(remote.balls.bucket("b"))


def test_a_group_that_would_fill_the_memory(
    liar: Liar, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mictlanx, "MOST_HELD", 10_000_000)
    numbers = itertools.count()

    def script(handler: Handler) -> None:
        handler.send(b'{"balls":[', length="")
        try:
            while not handler.server.release.is_set():
                ball = {"key": f"k{next(numbers)}", "size": 1, "tags": {"a": "x" * 60_000}}
                handler.wfile.write(json.dumps(ball).encode() + b",")
        except OSError:
            pass

    liar.scripts[GROUP] = script
    with pytest.raises(Damaged, match="without an end"):
        remote.balls.group("b", "v")


def test_an_object_that_would_fill_the_memory_is_not_asked_for(liar: Liar, remote: Remote) -> None:
    with pytest.raises(Refused, match="too large"):
        remote.balls.load(RemoteBall("b", "k", "v", 2**61, ""))
    assert liar.seen == []


@pytest.mark.parametrize("items", [[], [ROW]])
def test_pages_that_lead_nowhere(
    items: list[Any], liar: Liar, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vidcache, "FEW", 5)
    numbers = itertools.count()
    liar.scripts["/browse"] = lambda h: h.say({"items": items, "next_cursor": str(next(numbers))})
    with pytest.raises(Damaged, match="again and again"):
        list(remote.files.browse())
    assert liar.asked("/browse") < 10


@pytest.mark.parametrize("cursor", ["\ud800", "a\r\nX: y", "x" * 100_000])
def test_a_cursor_that_cannot_be_asked_for(cursor: str, liar: Liar, remote: Remote) -> None:
    liar.scripts["/browse"] = lambda h: h.say({"items": [ROW], "next_cursor": cursor})
    with pytest.raises(Damaged):
        list(remote.files.browse())


@pytest.mark.parametrize("length", [10**400, float("nan"), float("inf"), -1, "5"])
def test_a_length_that_is_none(length: Any) -> None:
    found = remote_file({**ROW, "duration_s": length})
    assert found is not None
    assert found.duration is None


@pytest.mark.parametrize("value", [float("nan"), "\ud800", {"\ud800": 1}, [float("inf")]])
def test_details_that_could_not_be_told_on_are_left_out(value: Any) -> None:
    assert from_meta({"a": value}) == (None, from_meta({})[1])
    assert from_tags({"vidcache_item": json.dumps({"meta": {"a": value}})}).meta is None


def test_a_part_behind_the_end_is_not_an_empty_one(liar: Liar, remote: Remote) -> None:
    liar.scripts[f"/cache/{HASH}"] = lambda h: h.send(b"x" * 10)
    with pytest.raises(Refused, match="ends before byte 10"):
        remote.files.part(HASH, 10, 19)
    assert remote.files.part(HASH, 9, 19) == b"x"


@pytest.mark.parametrize("name", ["", "0", "00", "g"])
def test_digests_of_what_was_not_asked_for(name: str, liar: Liar, remote: Remote) -> None:
    """They would be looked into again and again."""
    liar.scripts["/sync/look"] = lambda h: h.say({"nodes": {name: [10**6, "x"]}})
    with pytest.raises(Damaged):
        ServerSide(remote).nodes(["1", "a"])
