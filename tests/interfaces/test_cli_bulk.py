"""``vidcache bulk``: manifests in, jobs that outlive the process, exit codes."""

import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from tests.core.catalogs import add_item
from tests.interfaces.command_line import ROOT, Cli, cli, command, environment
from vidcache_gui.core.library import Library
from vidcache_gui.interfaces.cli.app import app

__all__ = ["cli"]

GROUP: Any = get_command(app).commands["bulk"]  # type: ignore[attr-defined]


@pytest.fixture
def ids(cli: Cli) -> list[int]:
    """Of three items in the catalog of the library."""
    with Library.open(cli.library) as library:
        return [add_item(library._database, f"clip{number}.mp4") for number in range(3)]


def manifest(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "tidy.csv"
    path.write_text("\n".join(("action,item,tags,destination", *lines)) + "\n")
    return path


@pytest.mark.parametrize("name", sorted(GROUP.commands))
def test_help_and_documentation_know_every_command_and_option(name: str, cli: Cli) -> None:
    assert f"vidcache bulk {name}" in cli("bulk", name, "--help").out
    docs = (ROOT / "docs" / "cli.md").read_text()
    assert f"bulk {name}" in docs
    for parameter in GROUP.commands[name].params:
        for spelling in parameter.opts if parameter.param_type_name == "option" else ():
            assert f"`{spelling}" in docs or f", `{spelling}" in docs, spelling


def test_a_manifest_is_run_and_its_failures_are_told(
    cli: Cli, ids: list[int], tmp_path: Path
) -> None:
    path = manifest(tmp_path, "tag,1,a;b,", "tag,77,a,", "delte,1,,", "tag,2,a,")
    done = cli("bulk", "run", path, fine=False)
    assert done.code == 1
    assert [line.partition(" '")[0] for line in done.lines] == [
        "failed     line 4 ", "failed     line 3  tag 77  Nothing in this library is called",
    ]  # fmt: skip
    assert "tidy: 4 of 4 done · 2 failed" in done.err
    assert "bulk retry tidy" in done.err
    failures = cli("--json", "bulk", "show", "tidy", "--failures").objects
    assert [(one["line"], one["status"]) for one in failures] == [(3, "failed"), (4, "failed")]
    job = cli("--json", "bulk", "list").object
    wanted = {"name": "tidy", "state": "done", "total": 4, "succeeded": 2, "failed": 2,
              "skipped": 0, "done": 4, "closed": True}  # fmt: skip
    assert {key: job[key] for key in wanted} == wanted
    assert cli("--json", "list", "--tag", "b").object["id"] == ids[0]


def test_json_tells_every_item(cli: Cli, ids: list[int], tmp_path: Path) -> None:
    done = cli("--json", "bulk", "run", manifest(tmp_path, "tag,1,a,", "delete,2,,"))
    told = [(one["action"], one["item"], one["status"], one["item_id"]) for one in done.objects]
    assert told == [("tag", "1", "succeeded", 1), ("delete", "2", "succeeded", 2)]


def test_a_dry_run_changes_nothing(cli: Cli, ids: list[int], tmp_path: Path) -> None:
    path = manifest(tmp_path, "delete,1,,", "delete,77,,", "fetch,2,,../x")
    done = cli("bulk", "run", path, "--dry-run", fine=False)
    assert done.code == 1
    assert done.lines[0] == "line 2     would  Move 'clip0.mp4' to the trash"
    assert "cannot" in done.lines[1]
    assert "leads out of the job's folder" in done.lines[2]
    assert cli("bulk", "list").out == ""
    assert cli("--json", "stats").object["trashed"] == 0


def test_copies_from_and_to_remotes_are_in_manifests_too(
    cli: Cli, ids: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "away.jsonl"
    path.write_text('{"action": "push", "remote": "nobody-knows", "item": 1}\n')
    told = cli("bulk", "run", path, "--dry-run", fine=False)
    assert "No remote is called 'nobody-knows'" in told.out


def test_what_is_no_manifest_is_refused_with_line_and_column(
    cli: Cli, ids: list[int], tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("action,itme\n")
    refused = cli("bulk", "run", tmp_path / "a.csv", fine=False)
    assert refused.code == 1
    assert "Line 1, column 2: 'itme' is no column" in refused.err
    missing = cli("bulk", "run", tmp_path / "gone.csv", fine=False)
    assert (missing.code, "cannot be read" in missing.err) == (1, True)
    assert cli("bulk", "show", "gone", fine=False).code == 1
    assert cli("bulk", "list").out == ""


def test_stdin_a_name_and_adding_to_it(
    cli: Cli, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lines(*items: int) -> None:
        text = "".join(
            json.dumps({"action": "tag", "item": i, "tags": ["x"]}) + "\n" for i in items
        )
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    with Library.open(cli.library) as library:
        library.add_to_bulk("mine", [library.bulk_item("tag", item=1, tags="x")])
    lines(1, 2)
    added = cli("bulk", "run", "-", "--name", "mine")
    assert "1 item added to 'mine', which has 2" in added.err
    lines(3)
    closed = cli("bulk", "run", "-", "--name", "mine", fine=False)
    assert "closed" in closed.err
    lines(3)
    assert "stdin: 1 of 1 done" in cli("bulk", "run", "-").err
    assert cli("bulk", "remove", "mine").code == 0
    assert [one["name"] for one in cli("--json", "bulk", "list").objects] == ["stdin"]


def test_it_stops_at_a_failure_and_goes_on(cli: Cli, ids: list[int], tmp_path: Path) -> None:
    path = manifest(tmp_path, "tag,1,x,", "tag,77,x,", "tag,2,x,")
    done = cli("bulk", "run", path, "--stop-on-failure", fine=False)
    assert "Stopped at the first failure" in done.err
    assert cli("--json", "bulk", "list").object["state"] == "cancelled"
    gone_on = cli("bulk", "resume", "tidy", fine=False)
    assert (gone_on.code, "3 of 3 done · 1 failed" in gone_on.err) == (1, True)
    assert "Trying 1 item again" in cli("bulk", "retry", "tidy", fine=False).err
    assert cli("--json", "bulk", "stop", "tidy").object["state"] == "done"  # it is over already


def test_an_interrupt_leaves_it_paused_and_says_how_to_go_on(
    cli: Cli, ids: list[int], tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(1_000_000))
    for number in range(40):
        (tmp_path / f"{number}.mp4").hardlink_to(film)
    path = tmp_path / "big.csv"
    path.write_text("action,source\n" + "".join(f"put,{n}.mp4\n" for n in range(40)))
    process = subprocess.Popen(
        command("--library", cli.library, "--json", "bulk", "run", path, "-j", 1),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["status"] == "succeeded"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "bulk resume big" in said
    assert cli("--json", "bulk", "list").object["state"] == "paused"
