"""Same footage on the command line: lists, questions, decisions, plain folders."""

import json
from pathlib import Path

import pytest

from tests.core.catalogs import add_item
from tests.core.similar.world import World, match
from tests.interfaces.command_line import Cli, cli
from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.core.similar import ask, folder
from vidcache_gui.core.similar.parts import Parts
from vidcache_gui.matching.records import Explanation

__all__ = ["cli"]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Every library that the command line opens is in it."""
    world = World()
    begin = Parts.__init__

    def begin_in_world(parts: Parts, *arguments: object) -> None:
        begin(parts, *arguments)  # type: ignore[arg-type]
        world.take_over(parts)

    monkeypatch.setattr(Parts, "__init__", begin_in_world)
    monkeypatch.setattr(ask, "comparison", lambda a, b: Explanation(match(a, b), ("Compared.",)))
    return world


@pytest.fixture
def items(cli: Cli, world: World) -> list[int]:
    with Library.open(cli.library) as library:
        names = ("a:0-9 film", "a:3-6 part", "b:0-5 other")
        return [add_item(library._database, name) for name in names]


def test_check_then_dups(cli: Cli, items: list[int], world: World) -> None:
    before = cli("dups")
    assert before.lines == []
    assert "3 items not checked yet" in before.err
    state = cli("check", "--json").object
    assert state == {
        "total": 3, "fingerprinted": 3, "checked": 3, "waiting": 0, "failed": 0,
        "paused": False, "running": False,
    }  # fmt: skip
    (line,) = cli("dups").lines
    assert "#1 a:0-9 film  =  #2 a:3-6 part" in line or "#2 a:3-6 part  =  #1 a:0-9 film" in line
    assert "0:03" in line
    found = cli("dups", "--json").object
    assert {found["a"]["id"], found["b"]["id"]} == {1, 2}
    assert (found["relation"], found["tier"], found["decision"]) == ("contains", "certain", None)
    part = found["segments"][0]
    assert {(part["a0"], part["b0"]), (part["b0"], part["a0"])} == {(3.0, 0.0), (0.0, 3.0)}
    assert part["speed"] == 1.0
    assert cli("dups", "--tier", "look").lines == []
    assert cli("dups", "--relation", "re-encode").lines == []
    assert len(world.looked) == 3
    cli("check", "--again")
    assert len(world.looked) == 3, "nothing is decoded again"
    cli("check", "--anew")
    assert len(world.looked) == 6


def test_a_paused_check_says_so(cli: Cli, items: list[int]) -> None:
    assert "paused" in cli("check", "--pause").out
    assert cli("check", "--state", "--json").object["paused"]
    assert not cli("check", "--json").object["paused"]


def test_a_long_list_is_whole(cli: Cli, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vidcache_gui.interfaces.cli.similar.PAGE", 3)
    with Library.open(cli.library) as library:
        for number in range(5):
            add_item(library._database, f"a:{number}-{number + 9}")
    cli("check")
    found = cli("dups", "--json").objects
    assert len({one["id"] for one in found}) == len(found) == 10
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert len(cli("dups", "--limit", 4).lines) == 4


def test_similar_to_an_item_and_to_a_file(cli: Cli, items: list[int], tmp_path: Path) -> None:
    cli("check")
    (hit,) = cli("similar", "2", "--json").objects
    assert hit["item"]["id"] == 1
    assert (hit["segments"][0]["a0"], hit["segments"][0]["b0"]) == (0.0, 3.0)
    outside = tmp_path / "b:2-4 outside.mp4"
    outside.write_bytes(b"footage")
    (hit,) = cli("similar", outside, "--json").objects
    assert hit["item"]["id"] == 3
    nothing = cli("similar", "3")
    assert nothing.lines == []
    assert "Nothing in this library shows the same." in nothing.err
    assert "no file" in cli("similar", "gone.mp4", fine=False).err


def test_compare_and_explain(cli: Cli, items: list[int], tmp_path: Path) -> None:
    shown = cli("compare", "1", "2").lines
    assert shown[0] == "contains, certain, score 0.33"
    assert "0:03 to 0:06 is 0:00 to 0:03 of the other" in shown[2]
    assert "Compared." not in shown
    assert cli("compare", "1", "2", "--explain").lines[0] == "Compared."
    different = cli("compare", "1", "3", "--explain", fine=False)
    assert different.code == 1
    assert different.lines == ["Compared.", "They do not show the same."]
    outside = tmp_path / "b:2-4 outside.mp4"
    outside.write_bytes(b"footage")
    record = cli("compare", outside, "3", "--json").object
    assert record["match"]["relation"] == "contains"
    assert record["steps"] == ["Compared."]


def test_decisions_hide_a_match_and_can_be_taken_back(cli: Cli, items: list[int]) -> None:
    cli("check")
    said = cli("mark", "1", "2", "not-a-match", "--json").object
    assert said == {"a": 1, "b": 2, "verdict": "not a match", "changed": True}
    assert cli("dups").lines == []
    (found,) = cli("dups", "--decided", "--json").objects
    assert found["decision"] == "not a match"
    (line,) = cli("decisions").lines
    assert "not a match" in line
    assert "#1 a:0-9 film" in line
    cli("undo")
    assert len(cli("dups").lines) == 1
    assert cli("decisions").lines == []
    cli("redo")
    assert cli("unmark", "1", "2").lines == [
        "Take back what was said of 'a:0-9 film' and 'a:3-6 part'"
    ]
    assert len(cli("dups").lines) == 1
    again = cli("unmark", "1", "2", "--json").object
    assert not again["changed"]
    cli("mark", "1", "2", "keep-both")
    cli("remove", "1")
    cli("trash", "--empty", "--yes")
    (line,) = cli("decisions").lines
    assert "a:0-9 film (deleted)" in line
    assert "#2 a:3-6 part" in line
    assert "a:0-9 film" in cli("unmark", "2", "a:0-9 film").out
    assert cli("decisions").lines == []
    cli("undo")
    assert len(cli("decisions").lines) == 1
    assert cli("unmark", "2", "a:0-9 gone", fine=False).code == 1
    wrong = cli("mark", "1", "2", "maybe", fine=False)
    assert wrong.code == 2
    assert "keep both" in wrong.err


def test_a_plain_folder(
    cli: Cli, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "clips"
    (top / "deep").mkdir(parents=True)
    for name in ("a:0-9.mp4", "deep/a:3-6.mp4", "b:0-5.mp4", "b:0-5 remux.mp4"):
        make.make_video(top / name, frames=2, size=(32, 32))
    make.make_frames(top / "a:5-7", 3)
    make.make_video(top / "damaged.mp4", frames=2, size=(32, 32))
    (top / ".thumbnails").mkdir()
    make.make_video(top / ".thumbnails" / "a:0-9.mp4", frames=2, size=(32, 32))
    (top / "notes.txt").write_text("no footage")
    (top / "empty.mkv").touch()
    (top / "garbage.mp4").write_bytes(b"no film at all" * 9)
    (top / "link.mp4").symlink_to(top / "b:0-5.mp4")
    (top / "deep" / "round").symlink_to(top)
    world.broken.add("damaged.mp4")
    world.streams = {"b:0-5.mp4": "one", "b:0-5 remux.mp4": "one"}
    monkeypatch.setattr(folder, "Looker", world.looker)
    monkeypatch.setattr(folder, "matcher_over", world.matcher)
    out = tmp_path / "pairs.json"
    result = cli("fingerprint", top, "--pairs", out, "--jobs", 1)
    pairs = {(one["a"], one["b"]): one for one in json.loads(out.read_text())}
    assert set(pairs) == {
        ("a:0-9.mp4", "deep/a:3-6.mp4"), ("a:0-9.mp4", "a:5-7"), ("a:5-7", "deep/a:3-6.mp4"),
        ("b:0-5 remux.mp4", "b:0-5.mp4"),
    }  # fmt: skip
    assert pairs["a:0-9.mp4", "a:5-7"] == {
        "a": "a:0-9.mp4", "b": "a:5-7", "score": 0.2222, "offset": -5.0, "relation": "contains",
        "tier": "certain",
    }  # fmt: skip
    assert pairs["b:0-5 remux.mp4", "b:0-5.mp4"]["relation"] == "same stream"
    assert "damaged.mp4: Its pictures could not be read." in result.err
    assert "5 items looked at" in result.err
    assert "empty.mkv: It is empty (0 bytes)." in result.err
    assert "garbage.mp4: It is not a video or picture that VidCache knows." in result.err
    assert "link.mp4: It is a link inside a folder" in result.err
    assert "4 could not be read" in result.err
    assert "2 other files passed over" in result.err
    printed = cli("fingerprint", top, "--json", "--tier", "certain").objects
    assert {(one["a"], one["b"]) for one in printed} == set(pairs)


def test_a_folder_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    result = cli("fingerprint", tmp_path / "nowhere", fine=False)
    assert (result.code, result.err) == (1, f"There is no folder '{tmp_path / 'nowhere'}'.\n")
