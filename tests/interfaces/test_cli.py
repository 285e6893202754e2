"""The command line as a whole: help, options, exit codes, what it loads, what it prints."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.main import get_command

from tests.interfaces.command_line import ROOT, Cli, cli, command, environment, spawn
from tests.media import make
from vidcache_gui import __version__
from vidcache_gui.interfaces.cli.app import app, global_options_first
from vidcache_gui.interfaces.cli.output import Columns, human_size, human_time, human_wait, plain
from vidcache_gui.interfaces.cli.progress import WIDTH, bar
from vidcache_gui.interfaces.cli.session import Code

__all__ = ["cli"]

COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
DOCS = (ROOT / "docs" / "cli.md").read_text()
STATS = [
    "items", "videos", "animations", "images", "groups", "balls", "blobs", "bytes", "aliases",
    "damaged", "trashed", "buckets",
]  # fmt: skip


# Help and documentation


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_of_each_command_says_what_it_does_and_shows_how(name: str, cli: Cli) -> None:
    shown = cli(name, "--help").out
    assert "Example" in shown
    examples = shown.partition("Example")[2]
    assert f"vidcache {name}" in examples or f"vidcache --json {name}" in examples
    assert len(shown.splitlines()[2].strip()) > 20  # a sentence


def test_the_list_of_commands_cuts_no_sentence_short(cli: Cli) -> None:
    shown = cli("--help").out
    for name in COMMANDS:
        (line,) = re.findall(rf"^  {name} .*$", shown, re.MULTILINE)
        assert line.endswith("."), line
        assert not line.endswith("..."), line


def test_no_arguments_show_the_help() -> None:
    shown = spawn()
    assert "Usage: vidcache" in shown.out + shown.err


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_documentation_has_every_command_and_option(name: str) -> None:
    assert re.search(rf"^### .*\b{name}\b|`{name}\b", DOCS, re.MULTILINE)
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name != "option":
            continue
        for spelling in parameter.opts:
            assert re.search(rf"{spelling}(?![\w-])", DOCS), spelling


def test_the_documentation_has_the_options_of_the_program_and_all_codes() -> None:
    for parameter in get_command(app).params:
        assert f"`{parameter.opts[0]}" in DOCS
    for code in Code:
        assert f"| {code.value} |" in DOCS


def test_the_manual_page_has_every_command_and_code() -> None:
    page = (ROOT / "packaging" / "linux" / "vidcache.1").read_text().replace("\\-", "-")
    for name in COMMANDS:
        assert re.search(rf"\b{name}\b", page), name
    for code in Code:
        assert f".B {code.value}\n" in page


def test_the_version(cli: Cli) -> None:
    assert cli("--version").out == f"vidcache {__version__}\n"


# Options that every command has


def test_stats_of_an_empty_library_has_these_keys(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    cli("ingest", tmp_path / "empty")
    counts = cli("--json", "stats").object
    assert list(counts) == STATS
    assert set(counts.values()) == {0}


def test_global_options_may_stand_after_the_command(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    cli("ingest", tmp_path / "empty")
    assert cli("stats", "--json").object == cli("--json", "stats").object
    elsewhere = Cli(tmp_path / "nowhere", cli.capsys)
    assert elsewhere("stats", f"--library={cli.library}", "--json").object["items"] == 0


def test_what_follows_two_dashes_is_no_option() -> None:
    moved = global_options_first(["search", "--json", "--library", "x", "--", "--json", "-v"])
    assert moved == ["--json", "--library", "x", "search", "--", "--json", "-v"]
    assert global_options_first(["list", "--library"]) == ["--library", "list"]


def test_the_library_comes_from_the_environment_or_is_the_default(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    named = tmp_path / "named"
    made = spawn("ingest", tmp_path / "empty", VIDCACHE_LIBRARY=str(named))
    assert made.code == 0, made.err
    assert (named / "catalog.db").exists()
    data = tmp_path / "data"
    made = spawn("ingest", tmp_path / "empty", XDG_DATA_HOME=str(data))
    assert made.code == 0, made.err
    assert (data / "vidcache" / "library" / "catalog.db").exists()


# How it ends


@pytest.mark.parametrize(
    "args",
    [
        ["nonsense"], ["list", "--kind", "song"], ["list", "--nonsense"], ["ingest"], ["show"],
        ["tag", "1"], ["move", "1"], ["trash", "--list", "--empty"], ["list", "--limit", "0"],
        ["ingest", "x", "--meta", "{"], ["ingest", "x", "--meta", "[1]"],
        ["put-frames", "--bucket_id", "videos"], ["play", "1", "--delay-ms", "0"],
        ["get-frames", "--bucket_id", "b", "--ball_id", "c", "--output", "out.avi"],
    ],
)  # fmt: skip
def test_a_wrong_command_line_is_2_and_touches_nothing(cli: Cli, args: list[str]) -> None:
    result = cli(*args, fine=False)
    assert result.code == 2
    assert "Error" in result.err
    assert "Traceback" not in result.err
    assert not cli.library.exists()


@pytest.mark.parametrize(
    "args", [["list"], ["stats"], ["verify"], ["undo"], ["jobs"], ["show", "1"], ["play", "1"]]
)
def test_no_library_is_3_and_makes_none(cli: Cli, args: list[str]) -> None:
    result = cli(*args, fine=False)
    assert result.code == 3
    assert result.err == f"There is no VidCache library in '{cli.library}'.\n"
    assert not cli.library.exists()


def test_what_is_no_library_is_3(cli: Cli, tmp_path: Path) -> None:
    cli.library.mkdir()
    (cli.library / "letters.txt").touch()
    result = cli("ingest", tmp_path, fine=False)
    assert (result.code, result.err.count("\n")) == (3, 1)
    assert "holds other files" in result.err
    cli.library = cli.library / "letters.txt"
    assert cli("ingest", tmp_path, fine=False).code == 3


@pytest.mark.parametrize("damage", [b"not a database at all " * 300, b""])
def test_a_damaged_catalog_is_3_in_one_sentence(cli: Cli, tmp_path: Path, damage: bytes) -> None:
    make.make_gif(tmp_path / "a.gif", frames=2)
    cli("ingest", tmp_path / "a.gif")
    catalog = cli.library / "catalog.db"
    for side in ("-wal", "-shm"):
        catalog.with_name(f"catalog.db{side}").unlink(missing_ok=True)
    catalog.write_bytes(damage or catalog.read_bytes()[:6000])
    result = cli("--json", "list", fine=False)
    assert result.code == 3
    assert "damaged" in result.object["error"]
    assert result.err.rstrip("\n") == result.object["error"]


def test_a_library_from_the_future_is_3(cli: Cli, tmp_path: Path) -> None:
    import apsw

    (tmp_path / "empty").mkdir()
    cli("ingest", tmp_path / "empty")
    connection = apsw.Connection(str(cli.library / "catalog.db"))
    connection.execute("INSERT INTO migration VALUES ('9999_later', 1)")
    connection.close()
    result = cli("list", fine=False)
    assert result.code == 3
    assert "newer VidCache" in result.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_write_protected_place_is_3(cli: Cli, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert cli("ingest", "x", fine=False).code == 3
    finally:
        tmp_path.chmod(0o700)


def test_an_item_that_is_not_there_is_1(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    cli("ingest", tmp_path / "empty")
    result = cli("--json", "show", "nobody", fine=False)
    assert result.code == 1
    assert result.object == {"error": "Nothing in this library is called 'nobody'."}
    assert result.err == "Nothing in this library is called 'nobody'.\n"


def test_a_closed_pipe_ends_it_quietly(cli: Cli, tmp_path: Path) -> None:
    make.make_gif(tmp_path / "a.gif", frames=2)
    cli("ingest", tmp_path / "a.gif")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command("--library", cli.library, "list"), stdout=writing, stderr=subprocess.PIPE,
        env=environment(), text=True, timeout=60, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


# What it loads


def test_no_window_no_decoder_no_network_is_loaded_for_facts(cli: Cli, tmp_path: Path) -> None:
    make.make_gif(tmp_path / "a.gif", frames=2)
    cli("ingest", tmp_path / "a.gif")
    script = (
        "import sys, json; from vidcache_gui.interfaces.cli import main\n"
        "assert main(sys.argv[1:]) == 0\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    for args in (["--help"], ["stats"], ["list"], ["show", "1"], ["ingest", tmp_path / "a.gif"]):
        done = subprocess.run(
            [sys.executable, "-c", script, "--library", cli.library, *args],
            capture_output=True, text=True, env=environment(), timeout=60, check=True,
        )  # fmt: skip
        loaded = set(json.loads(done.stdout.splitlines()[-1]))
        heavy = {"PySide6", "shiboken6", "av", "numpy", "PIL", "imagehash", "httpx", "rich"}
        assert not loaded & heavy, args


# What it prints


def test_a_name_cannot_steer_the_terminal(cli: Cli, tmp_path: Path) -> None:
    name = "a\x1b[31m\rred\u202egnp.\n.gif"
    make.make_gif(tmp_path / name, frames=2)
    shown = cli("ingest", tmp_path / name).out + cli("list").out + cli("show", "1").out
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", shown)
    assert "a\\x1b[31m\\rred\\u202egnp.\\n.gif" in shown
    assert cli("--json", "list").object["name"] == name


def test_a_name_that_is_not_utf8_comes_in_and_can_be_printed(cli: Cli, tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.gif")
    make.make_gif(Path(path), frames=2)
    result = cli("ingest", path, fine=False)
    assert result.code == 0, result.out + result.err
    assert "caf" in result.out
    result.out.encode()


@given(st.text(st.characters(), max_size=40))
def test_plain_text_has_no_control_characters_and_always_encodes(text: str) -> None:
    shown = plain(text)
    shown.encode()
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Zl", "Zp"}
    steering = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not {unicodedata.bidirectional(character) for character in shown} & steering
    assert plain(shown) == shown


def test_sizes_and_times_as_people_read_them() -> None:
    sizes = {0: "0 B", 999: "999 B", 1000: "1.0 kB", 5_912_345: "5.9 MB", 99_960: "100 kB"}
    sizes |= {999_600: "1.0 MB", 8_400_000_000: "8.4 GB", 3.2e15: "3200 TB"}
    assert {size: human_size(size) for size in sizes} == sizes
    times = {0: "0:00.0", 9.94: "0:09.9", 31: "0:31", 59.6: "1:00", 3723: "1:02:03"}
    assert {seconds: human_time(seconds) for seconds in times} == times


def test_waits_are_as_exact_as_estimates_deserve() -> None:
    waits = {0.2: "1 s", 8.4: "8 s", 89: "89 s", 100: "2 min", 5000: "83 min", 8000: "2 h"}
    assert {seconds: human_wait(seconds) for seconds in waits} == waits


def test_columns_grow_and_never_shrink() -> None:
    columns = Columns("><")
    columns.fit([("1", "abc", "z")])
    assert columns.line(("1", "a", "end")) == "1  a    end"
    assert columns.line(("100", "abcd", "end")) == "100  abcd  end"
    assert columns.line(("2", "a", "")) == "  2  a"


@given(st.floats(0, 1e12), st.floats(0, 1e12))
def test_the_bar_is_always_as_wide(done: float, total: float) -> None:
    assert len(bar(done, total)) == WIDTH + 2


def test_the_bar_is_full_only_at_the_end() -> None:
    assert bar(0, 10) == "▕" + " " * WIDTH + "▏"
    assert bar(10, 10) == bar(12, 10) == "▕" + "█" * WIDTH + "▏"
    assert bar(999, 1000) != bar(10, 10)
