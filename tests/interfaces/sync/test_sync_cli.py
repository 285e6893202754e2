"""``vidcache sync``, also killed in the middle."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.interfaces.command_line import ROOT, Cli, cli, command, environment
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query

__all__ = ["cli"]


def put(library: Library, key: str, data: bytes, ball_id: str = "clip") -> None:
    incoming = library.incoming()
    incoming.write(data)
    tags = {"frame_number": key.rpartition("_")[2]}
    library.put_ball(incoming, BallFacts("videos", key, ball_id, tags))


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A library with something that another one at the usual place does not have."""
    with Library.open(tmp_path / "backup") as library:
        put(library, "extra_0", b"second", "extra")
    return tmp_path / "backup"


@pytest.fixture
def filled(cli: Cli) -> None:
    with Library.open(cli.library) as library:
        put(library, "clip_0", b"first")


@pytest.mark.usefixtures("filled")
def test_plan_then_do_then_nothing(cli: Cli, backup: Path) -> None:
    shown = cli("--json", "sync", backup, "--dry-run").objects
    assert {step["act"] for step in shown} == {"copy"}
    assert {step["name"] for step in shown if step["size"]} == {"videos/clip_0", "videos/extra_0"}
    done = cli("sync", cli.library, backup)
    assert "4 done, 11 B moved." in done.err
    again = cli("sync", cli.library, backup)
    assert "There is nothing to do." in again.err
    assert again.lines == []


def test_a_new_library_begins_as_a_copy(cli: Cli, backup: Path) -> None:
    assert cli("sync", backup, "--dry-run", fine=False).code == 3
    assert not cli.library.exists()
    assert "2 done, 6 B moved." in cli("sync", backup).err
    with Library.open(cli.library) as library:
        assert [ball.key for _, ball in library.ball_page()] == ["extra_0"]


@pytest.mark.usefixtures("filled")
def test_one_way_mirror_asks_first(cli: Cli, backup: Path) -> None:
    refused = cli("sync", backup, "--to", "--mirror", fine=False)
    assert refused.code == 1
    assert "Add --yes" in refused.err
    assert any("to the trash" in line and "extra_0" in line for line in refused.lines)
    outcomes = cli("--json", "sync", backup, "--to", "--mirror", "--yes").objects
    assert all(told.get("error") is None for told in outcomes)
    with Library.open(backup) as library:
        assert [ball.key for _, ball in library.ball_page()] == ["clip_0"]
        assert len(library.page(Query(trash=True))) == 1


@pytest.mark.usefixtures("filled")
def test_wrong_ends_and_options(cli: Cli, backup: Path, tmp_path: Path) -> None:
    assert cli("sync", backup, "--to", "--from", fine=False).code == 2
    assert "direction" in cli("sync", backup, "--mirror", fine=False).err
    assert "same place" in cli("sync", backup, backup, fine=False).err
    assert "There is no folder" in cli("sync", tmp_path / "nowhere", fine=False).err
    unreachable = cli("sync", "http://127.0.0.1:9", fine=False)
    assert unreachable.code == 1
    assert "could not be reached" in unreachable.err


def test_killed_in_the_middle_it_goes_on_where_it_was(cli: Cli, tmp_path: Path) -> None:
    with Library.open(cli.library) as library:
        for number in range(24):
            put(library, f"clip{number}_0", os.urandom(2000), f"clip{number}")
        wanted = {ball.key: ball.hash for _, ball in library.ball_page()}
    Library.open(tmp_path / "backup").close()
    args = command("--json", "--library", cli.library, "sync", tmp_path / "backup")
    with subprocess.Popen(
        args, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(),
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(6)]
        os.killpg(process.pid, signal.SIGKILL)
    assert all('"error": null' in line for line in said)
    with Library.open(tmp_path / "backup") as library:
        before = {ball.key for _, ball in library.ball_page()}
    told = {key for key in wanted for line in said if f'"b:6:videos:{key}"' in line}
    assert told <= before  # what was said is there
    cli("sync", tmp_path / "backup")
    with Library.open(tmp_path / "backup") as library:
        assert {ball.key: ball.hash for _, ball in library.ball_page()} == wanted
        assert list(library.verify()) == []
        assert not list((tmp_path / "backup" / "tmp").glob("*/*.part"))
