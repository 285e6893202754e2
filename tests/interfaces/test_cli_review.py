"""Reviewing on the command line: the queue, decisions, rules."""

import json
from pathlib import Path

import pytest

from tests.core.catalogs import add_item
from tests.core.similar.library_of import check
from tests.core.similar.world import World
from tests.interfaces.command_line import Cli, cli
from vidcache_gui.core.library import Library

__all__ = ["cli"]

RULE = 'name = "larger"\nkeep = ["resolution"]\n'


@pytest.fixture
def full(cli: Cli) -> Cli:
    """Two items that are the same, and a part of both."""
    with Library.open(cli.library) as library:
        World().live_in(library)
        database = library._database
        for name, height, length in (
            ("a:0-9", 300, 9.0),
            ("a:0-9 b", 100, 9.0),
            ("a:3-6", 50, 3.0),
        ):
            add_item(database, name, width=100, height=height, duration=length, frame_count=90)
        library.tag([2], add=["beach"])
        check(library)
    return cli


def test_the_queue(full: Cli) -> None:
    listed = full("review")
    assert listed.lines[0].startswith("#1 a:0-9  certain:")
    assert listed.lines[1].endswith("a:0-9 b")
    assert listed.lines[2].startswith("#1 a:0-9  certain-part:")
    assert listed.lines[3].endswith("#3 a:3-6")
    assert "2 groups to decide, 0 decided; about 2.0 kB could be freed." in listed.err
    group, part = full("--json", "review").objects
    assert (group["keeper"]["id"], group["frees"], group["skipped"]) == (1, 1000, False)
    assert [one["item"]["id"] for one in group["members"]] == [2]
    assert [one["item"]["id"] for one in part["members"]] == [3]
    assert part["members"][0]["segments"][0]["a0"] == 3.0
    assert full("--json", "review", "--same-length").object["key"] == group["key"]
    assert full("review", "--tier", "look", "--text", "beach").lines == []
    full("decide", "--skip", group["key"])
    assert "[skipped]" in full("review").lines[2]
    full("decide", "--unskip", group["key"])
    assert [one["skipped"] for one in full("--json", "review").objects] == [False, False]


def test_deciding(full: Cli) -> None:
    plan = full("--json", "decide", 1, 2, "--dry-run").object
    assert (plan["keep"]["id"], plan["drop"][0]["id"], plan["add_tags"]) == (1, 2, ["beach"])
    assert plan["frees"] == 1000
    text = full("decide", 1, 2, "--dry-run")
    assert "  tag: beach" in text.lines
    assert "Emptying the trash frees 1.0 kB" in text.out
    refused = full("decide", 3, 1, 2, fine=False)
    assert refused.code == 1
    assert "last copy" in refused.err
    assert full("decide", 1, 2).lines == ["Keep 'a:0-9', remove 'a:0-9 b'"]
    assert full("--json", "decide", 3, 1, "--link").object["label"] == (
        "Link 'a:3-6' as a part of 'a:0-9'"
    )
    assert full("review").lines == []
    history = full("--json", "history").objects
    assert full("decide", "--undo", history[1]["id"]).lines[0].startswith("Undo Keep")
    assert full("decide", "--redo", history[1]["id"]).lines[0].startswith("Redo Keep")
    full("decide", 3, 1, "--keep-both")
    assert full("decide", 3, 1, "--keep-both").lines == ["Nothing was changed: it was so already."]
    full("decide", 1, 3, "--not-a-match")
    full("decide", 3, 1, "--despite", "last copy")
    full("rename", 3, "x")
    full("rename", 3, "y")
    entry = full("--json", "history", "--limit", 2).objects[1]["id"]
    left = full("--json", "decide", "--undo", entry)
    assert "the name of 'y'" in left.object["note"]
    assert "the name of 'y'" in left.err


@pytest.mark.parametrize(
    "words",
    [
        ["1"], [], ["1", "2", "3", "--link"], ["1", "2", "--link", "--keep-both"],
        ["1", "--undo", "1"], ["1", "2", "--despite", "anything"],
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused(full: Cli, words: list[str]) -> None:
    assert full("decide", *words, fine=False).code == 2


def test_rules(full: Cli, tmp_path: Path) -> None:
    file = tmp_path / "larger.toml"
    file.write_text(RULE, encoding="utf-8")
    assert full("rules", "add", file).lines == ["Added 'larger'."]
    assert full("rules").lines == ["larger"]
    assert 'keep = ["resolution"]' in full("rules", "show", "larger").lines
    assert json.loads(full("--json", "rules").out)["on_arrival"] is False
    dry = full("--json", "rules", "run", "larger", "--dry-run").objects
    assert [one["drop"][0]["id"] for one in dry[:-1]] == [2]
    assert (dry[-1]["removes"], dry[-1]["done"], len(dry[-1]["passed_over"])) == (1, False, 1)
    done = full("rules", "run", "larger")
    assert "1 item went to the trash" in done.out
    assert full("--json", "rules", "run", "larger").object["done"] is False
    full("undo")
    assert len(full("--json", "review").objects) == 2
    full("rules", "remove", "larger")
    assert full("rules", "run", "larger", fine=False).code == 1
    assert full("rules", "add", tmp_path / "none.toml", fine=False).code == 1
    assert full("rules", "invent", fine=False).code == 2
    assert full("rules", "show", "larger", fine=False).code == 1
    assert full("rules", "run", fine=False).code == 2
