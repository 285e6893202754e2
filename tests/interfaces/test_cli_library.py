"""Finding, changing, taking out, checking: the commands on items."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.core.catalogs import add_item
from tests.interfaces.command_line import Cli, cli, command, environment, spawn
from tests.media import make
from vidcache_gui.core.database import Database
from vidcache_gui.interfaces.cli.session import Against

__all__ = ["cli"]

ITEM = [
    "id", "kind", "hash", "name", "bucket", "prefix", "size", "added_at", "ball_id", "width",
    "height", "frame_count", "duration", "delay_ms", "fps", "codec", "mime", "damaged",
    "removed_at", "tags", "file_path",
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sources and a library made of them."""
    folder = tmp_path_factory.mktemp("made")
    make.make_gif(folder / "loop.gif", frames=3)
    make.make_video(folder / "long clip.mp4", frames=12, size=(64, 48))
    make.make_frames(folder / "shot", 4)
    for args in (["loop.gif"], ["long clip.mp4", "--bucket", "films", "--prefix", "x/y"], ["shot"]):
        done = spawn("--library", folder / "library", "ingest", folder / args[0], *args[1:])
        assert done.code == 0, done.err
    return folder


@pytest.fixture
def full(cli: Cli, made: Path) -> Cli:
    """A library with #1 loop.gif, #2 'long clip.mp4' in films/x/y, and #3 frames videos/shot."""
    shutil.copytree(made / "library", cli.library)
    return cli


def names(cli: Cli, *args: object) -> list[str]:
    return [item["name"] for item in cli("--json", *args).objects]


def test_list_has_these_keys_and_the_latest_first(full: Cli) -> None:
    items = full("--json", "list").objects
    assert all(list(item) == ITEM for item in items)
    assert [item["name"] for item in items] == ["shot", "long clip.mp4", "loop.gif"]
    gif = items[-1]
    assert (full.library / gif["file_path"]).stat().st_size == gif["size"]
    assert (gif["kind"], gif["frame_count"], gif["ball_id"]) == ("animation", 3, None)
    assert (items[0]["kind"], items[0]["ball_id"], items[0]["file_path"]) == (
        "frames",
        "shot",
        None,
    )


def test_list_filters_sorts_and_stops(full: Cli) -> None:
    assert names(full, "list", "--bucket", "films") == ["long clip.mp4"]
    assert names(full, "list", "--prefix", "x") == ["long clip.mp4"]
    assert names(full, "list", "--kind", "animation") == ["loop.gif"]
    assert names(full, "list", "--sort", "name") == ["long clip.mp4", "loop.gif", "shot"]
    assert names(full, "list", "--sort", "name", "--reverse")[0] == "shot"
    assert names(full, "list", "--sort", "frames", "--limit", 1) == ["long clip.mp4"]
    assert names(full, "list", "--damaged") == []
    assert full("list", "--damaged").err == "There is nothing here.\n"


def test_a_long_list_comes_in_pages_without_gaps(full: Cli) -> None:
    database = Database(full.library / "catalog.db")
    with database.write():  # in one transaction
        for number in range(205):  # more than one page of 200
            add_item(database, f"p {number}", bucket="many")
    listed = names(full, "list", "--sort", "name", "--bucket", "many")
    assert listed == [f"p {number}" for number in range(205)]
    assert names(full, "list", "--sort", "name", "--bucket", "many", "--limit", 202) == listed[:202]


def test_search(full: Cli) -> None:
    assert names(full, "search", "clip") == ["long clip.mp4"]
    assert names(full, "search", "kind:gif") == ["loop.gif"]
    assert names(full, "search", "lo", "--sort", "name") == ["long clip.mp4", "loop.gif"]
    assert names(full, "search", "lo", "bucket:films") == ["long clip.mp4"]
    nothing = full("search", "nobody")
    assert (nothing.out, nothing.err) == ("", "Nothing fits.\n")


def test_lines_for_people_line_up(full: Cli) -> None:
    lines = full("list").lines
    assert [line.split()[0] for line in lines] == ["#3", "#2", "#1"]
    assert len({line.index(word) for line, word in zip(lines, ("videos/", "films/", "videos/"),
                                                      strict=True)}) == 1  # fmt: skip
    assert "4 frames" in lines[0]


@pytest.mark.parametrize("text", ["1", "#1", "loop.gif", "HASH", "HASH8", "PATH"])
def test_an_item_may_be_named_in_many_ways(full: Cli, made: Path, text: str) -> None:
    hash = full("--json", "show", "loop.gif").object["hash"]
    spelled = {"HASH": hash, "HASH8": hash[:8], "PATH": str(made / "loop.gif")}.get(text, text)
    assert full("--json", "show", spelled).object["id"] == 1


def test_show_tells_all_facts(full: Cli, made: Path) -> None:
    shown = full("--json", "show", "long clip.mp4").object
    assert list(shown)[: len(ITEM)] == ITEM
    more = ["sha256", "facts", "meta", "aliases", "gaps", "bookmarks", "delays"]
    assert list(shown)[len(ITEM) :] == more
    assert [alias["source"] for alias in shown["aliases"]] == [str(made / "long clip.mp4")]
    assert set(shown["aliases"][0]) == {"source", "kind", "first_seen", "last_seen"}
    assert shown["facts"]["extension"] == "mp4"
    text = full("show", "2").out
    for fact in ("long clip.mp4", "films", "x/y", shown["hash"], str(made / "long clip.mp4")):
        assert fact in text


def test_show_balls(full: Cli) -> None:
    balls = full("--json", "show", "videos/shot", "--balls").objects
    assert [ball["frame_number"] for ball in balls] == [0, 1, 2, 3]
    assert balls[0]["key"].startswith("shot_000")
    assert full("show", "1", "--balls", fine=False).code == 1


def test_remove_restore_undo_redo(full: Cli) -> None:
    gone = full("--json", "remove", "1", "long clip.mp4").objects
    assert [(item["id"], item["status"]) for item in gone] == [(1, "removed"), (2, "removed")]
    assert list(gone[0]) == ["id", "name", "hash", "status"]
    assert names(full, "list") == ["shot"]
    assert sorted(names(full, "list", "--trash")) == ["long clip.mp4", "loop.gif"]
    assert full("--json", "remove", "1").object["status"] == "unchanged"
    assert full("--json", "restore", "1").object["status"] == "restored"
    undone = full("--json", "undo").object
    assert undone == {"label": "Undo Restore 1 item", "added": [], "removed": [1], "updated": []}
    assert full("--json", "undo").object["added"] == [1, 2]
    assert full("undo", fine=False).err == "There is nothing to undo.\n"
    assert full("--json", "redo").object["removed"] == [1, 2]
    entries = full("--json", "history").objects
    assert [(entry["label"], entry["undone"]) for entry in entries] == [
        ("Restore 1 item", True), ("Remove 2 items", False),
    ]  # fmt: skip


def test_a_mistyped_item_leaves_all_as_it_was(full: Cli) -> None:
    result = full("remove", "1", "nobody", fine=False)
    assert (result.code, result.out) == (1, "")
    assert len(names(full, "list")) == 3


def test_rename_tag_move(full: Cli) -> None:
    assert full("--json", "rename", "1", "Beach").object["name"] == "Beach"
    tagged = full("--json", "tag", "1", "2", "--add", "wet", "--add", "dry").objects
    assert [item["tags"] for item in tagged] == [["dry", "wet"], ["dry", "wet"]]
    assert full("--json", "tag", "1", "--remove", "dry").object["tags"] == ["wet"]
    assert full("--json", "tags").objects == [
        {"tag": "dry", "items": 1},
        {"tag": "wet", "items": 2},
    ]
    assert names(full, "list", "--tag", "dry") == ["long clip.mp4"]
    moved = full("--json", "move", "1", "--bucket", "films", "--prefix", "x").object
    assert (moved["bucket"], moved["prefix"]) == ("films", "x")
    buckets = {bucket["bucket"]: bucket for bucket in full("--json", "buckets").objects}
    assert buckets["films"] == {"bucket": "films", "items": 2, "prefixes": {"x": 1, "x/y": 1}}
    assert full("rename", "1", " ", fine=False).code == 1


def test_the_trash_is_emptied_only_when_that_is_sure(full: Cli) -> None:
    full("remove", "1")
    assert names(full, "trash") == names(full, "trash", "--list") == ["loop.gif"]
    refused = full("trash", "--empty", fine=False)
    assert refused.code == 2
    assert "--yes" in refused.err
    assert full("--json", "stats").object["trashed"] == 1
    gone = full("--json", "trash", "--empty", "--yes").object
    assert gone["removed"] == [1]
    assert gone["freed"] > 0
    assert full("--json", "stats").object["trashed"] == 0
    assert full("show", "1", fine=False).code == 1
    assert full("verify").code == 0


def test_play_against_another_item_asks_for_both(full: Cli) -> None:
    full("play", "1", "--against", "videos/shot", "--offset", "-1.5", "--rate", "0.96")
    full("play", "1", "--against", "2")
    assert full.played == [(full.library, 1, None)] * 2
    assert full.compared == [Against(3, -1.5, 0.96), Against(2, 0.0, 1.0)]


def test_play_asks_for_a_window_on_this_item(full: Cli) -> None:
    full("play", "videos/shot", "--delay_ms", "20")
    full("play", "1")
    assert full.played == [(full.library, 3, 20.0), (full.library, 1, None)]


def test_export_gives_the_bytes_back(full: Cli, made: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    told = full("--json", "export", "2", out).object
    assert told["path"] == str(out / "long clip.mp4")
    assert (out / "long clip.mp4").read_bytes() == (made / "long clip.mp4").read_bytes()
    again = full("export", "2", out, fine=False)
    assert again.code == 1
    assert "not overwritten" in again.err
    full("export", "2", out, "--overwrite")
    full("export", "3", out)
    stored = {path.name: path.read_bytes() for path in (out / "shot").iterdir()}
    assert stored == {path.name: path.read_bytes() for path in (made / "shot").iterdir()}


def test_export_to_stdout(full: Cli, made: Path) -> None:
    done = subprocess.run(
        command("--library", full.library, "export", "1", "-"),
        capture_output=True, env=environment(), timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == (made / "loop.gif").read_bytes()
    assert full("export", "3", "-", fine=False).code == 1


def test_verify_says_what_it_finds_and_changes_nothing(full: Cli) -> None:
    fine = full("verify")
    assert (fine.out, fine.err) == ("", "6 stored files checked; all is well.\n")
    changed, missing = (full("--json", "show", number).object for number in (1, 2))
    path = full.library / changed["file_path"]
    os.chmod(path, 0o644)
    path.write_bytes(b"x" * changed["size"])
    (full.library / missing["file_path"]).unlink()
    stranger = full.library / "blobs" / "ab" / ("ab" * 32)
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"nobody's")
    result = full("--json", "verify", fine=False)
    assert result.code == 1
    found = {finding["problem"]: finding for finding in result.objects}
    assert set(found) == {"changed", "missing", "leftover"}
    assert list(found["changed"]) == ["problem", "hash", "path", "detail", "items"]
    assert found["changed"]["items"] == [1]
    assert found["missing"]["items"] == [2]
    assert stranger.exists()
    assert "3 problems" in result.err
    assert json.loads(result.lines[0])


def test_bookmarks_by_command(full: Cli) -> None:
    full("bookmark", 2, "--at", 7, "--note", "hands meet")
    assert full("--json", "bookmark", 2, "--at", 3).objects == [
        {"id": 2, "frame": 3, "note": ""},
        {"id": 2, "frame": 7, "note": "hands meet"},
    ]
    assert names(full, "search", "hands") == ["long clip.mp4"]
    assert full("bookmark", 2, "--remove", 3).lines == ["       7  hands meet"]
    wrong = full("bookmark", 2, "--at", 12, fine=False)
    assert (wrong.code, "has the frames 0 to 11" in wrong.err) == (1, True)
    assert full("bookmark", 2, "--remove", 3, fine=False).code == 1
    full("undo")
    assert [mark["frame"] for mark in full("--json", "bookmark", 2).objects] == [3, 7]
    shown = full("--json", "show", 2).object
    assert shown["bookmarks"] == [{"frame": 3, "note": ""}, {"frame": 7, "note": "hands meet"}]
    assert "hands meet" in full("show", 2).out


def test_delays_by_command(full: Cli) -> None:
    before = [frame["delay_ms"] for frame in full("--json", "delay", 1).objects]
    after = full("--json", "delay", 1, 500, "--frames", "0,2").objects
    assert [frame["delay_ms"] for frame in after] == [500, before[1], 500]
    assert [frame["edited"] for frame in after] == [True, False, True]
    full("delay", 1, "--as-stored", "--frames", "0")
    assert [f["edited"] for f in full("--json", "delay", 1).objects] == [False, False, True]
    full("delay", 1, "--as-stored")
    assert [frame["delay_ms"] for frame in full("--json", "delay", 1).objects] == before
    for wrong, why in (("3", "outside"), ("2-1", "outside"), ("x", "no frame")):
        refused = full("delay", 1, 5, "--frames", wrong, fine=False)
        assert (refused.code, why in refused.err) == (1, True)
    assert full("delay", 2, 5, fine=False).code == 1  # a film
    assert full("delay", 1, 5, "--as-stored", fine=False).code == 2
