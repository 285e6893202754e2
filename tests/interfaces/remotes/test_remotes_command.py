"""``vidcache remotes``, ``pull`` and ``push`` as people type them."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interfaces.command_line import Cli, cli, command, environment
from tests.interfaces.remotes.archives import noise
from tests.interfaces.remotes.liars import Handler, lying, wait_until
from tests.interfaces.server.serving import Running, serving
from tests.media import make
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query
from vidcache_gui.interfaces.remotes.layout import chunk_size

__all__ = ["cli"]


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("far") / "library", token="s3cret") as running:
        yield running


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_from_adding_a_remote_to_having_its_items(cli: Cli, far: Running, tmp_path: Path) -> None:
    added = cli("remotes", "add", "attic", far.address, "--token", "s3cret", "--json")
    assert added.object == {
        "name": "attic", "address": far.address, "added": True,
        "speaks": "vidcache C and MictlanX",
    }  # fmt: skip
    assert "not secret" in added.err
    listed = cli("remotes", "--json")
    assert listed.object == {"name": "attic", "address": far.address, "token": True}
    assert "s3cret" not in listed.out + cli("remotes").out
    picture = tmp_path / "one.png"
    make.picture(1).save(picture)
    frames = tmp_path / "frames"
    frames.mkdir()
    for number in range(3):
        make.picture(number).save(frames / f"frame_{number}.gif")
    cli("ingest", picture)
    cli("put-frames", "--bucket-id", "videos", "--ball-id", "clip", "--frames-dir", frames)
    pushed = cli("push", "attic", "one.png", "videos/clip", "--json")
    assert [one["status"] for one in pushed.objects] == ["new", "new"]
    assert "2 new" in pushed.err
    assert [one["status"] for one in cli("push", "attic", "1", "2", "--json").objects] == [
        "duplicate", "duplicate",
    ]  # fmt: skip
    there = cli("remotes", "browse", "attic", "videos", "--json").objects
    assert [(one["kind"], one["name"], one["parts"]) for one in there] == [
        ("file", "one.png", 1), ("sequence", "", 3),
    ]  # fmt: skip
    assert "videos/clip" in cli("remotes", "browse", "attic", "videos").out
    wanted = [one["item"] for one in there]
    again = Cli(tmp_path / "copy", cli.capsys)
    pulled = again("pull", "attic", *wanted, "nothing-at-all", "--json", fine=False)
    assert pulled.code == 1
    assert [one["status"] for one in pulled.objects] == ["new", "new", "failed"]
    assert "nothing called 'nothing-at-all'" in pulled.objects[2]["reason"]
    assert {one["name"] for one in again("list", "--json").objects} == {"one.png", "clip"}
    cli("remotes", "remove", "attic")
    assert cli("remotes", "--json").objects == []


def test_what_cannot_be_added_and_what_can_all_the_same(cli: Cli, far: Running) -> None:
    refused = cli("remotes", "add", "attic", far.address, "--token", "wrong", fine=False)
    assert (refused.code, cli("remotes").out) == (1, "")
    assert "asks for a token" in refused.err
    with lying({}) as stranger:
        assert "neither" in cli("remotes", "add", "x", stranger.address, fine=False).err
    away = cli("remotes", "add", "away", "http://127.0.0.1:1")
    assert "could not be reached" in away.err
    assert cli("remotes", "--json").object["name"] == "away"


@pytest.mark.parametrize(
    "args", [["remotes", "burn"], ["remotes", "add"], ["remotes", "add", "x"], ["pull", "x"]]
)
def test_a_wrong_command_line_is_2(args: list[str], cli: Cli) -> None:
    assert cli(*args, fine=False).code == 2
    assert not cli.library.exists()


def test_a_remote_that_is_not_there_makes_no_library(cli: Cli) -> None:
    assert "No remote is called" in cli("pull", "nowhere", "x", fine=False).err
    assert "could not be reached" in cli("pull", "http://127.0.0.1:1", "x", fine=False).err
    assert not cli.library.exists()


def test_a_pull_that_is_killed_is_gone_on_with(cli: Cli, far: Running) -> None:
    """A server that sends half and waits; then the process is killed, and the real one asked."""
    data = noise(chunk_size(1) * 3)
    incoming = far.library.incoming()
    incoming.write(data)
    hash = far.library.receive(incoming, "app:killed", "killed.bin", Target("large")).hash
    meta = {"hash": hash, "size_bytes": len(data), "filename": "killed.bin", "aliases": []}
    half = len(data) // 2
    paths = {"/openapi.json": lambda h: h.say({"paths": {"/video/{h}": {}, "/upload/init": {}}})}

    def stalls(handler: Handler) -> None:
        handler.send(data[:half], length=str(len(data)))
        handler.server.release.wait(60)

    library = cli.library
    Library.open(library).close()
    partial = library / "partial" / f"{hash}.part"
    with lying({**paths, f"/meta/{hash}": lambda h: h.say(meta), f"/video/{hash}": stalls}) as liar:
        args = ["--library", library, "pull", liar.address, hash]
        with subprocess.Popen(
            command(*args), env=environment(XDG_CONFIG_HOME=os.environ["XDG_CONFIG_HOME"]),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            wait_until(lambda: partial.exists() and partial.stat().st_size == half)
            process.send_signal(signal.SIGKILL)
    before = len(far.served)
    done = cli("--json", "pull", far.address, hash, "--token", "s3cret")
    assert done.object["status"] == "new"
    assert sum(one.sent for one in far.served[before:]) < half + 100_000
    with Library.open(library) as opened:
        (item,) = opened.page(Query())
        assert opened.get_bytes(item.hash) == data
        assert not partial.exists()
