"""Copies from and to remotes as actions of bulk jobs, by a manifest as by a program."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interfaces.server.serving import Running, serving
from tests.media import make
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk.records import BulkProgress
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes import known
from vidcache_gui.interfaces.remotes.bulk import DOWN, PULL, PUSH, Connections, errand, register
from vidcache_gui.interfaces.remotes.known import Known
from vidcache_gui.interfaces.remotes.patience import Patience


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(known, "settings_file", lambda: tmp_path / "config" / "remotes.json")
    with Library.open(tmp_path / "here") as opened:
        register(opened)
        yield opened


@pytest.fixture
def attic(tmp_path: Path, library: Library) -> Iterator[Running]:
    with serving(tmp_path / "attic") as running:
        known.add("attic", running.address)
        yield running


def names(library: Library) -> dict[str, str]:
    return {item.name: item.bucket for item in library.page(Query(), None, 100)}


def test_a_manifest_copies_both_ways_and_a_second_run_nothing(
    library: Library, attic: Running, tmp_path: Path
) -> None:
    mine, theirs = (make.make_gif(tmp_path / f"{name}.gif", frames=n) for name, n in
                    (("mine", 2), ("theirs", 3)))  # fmt: skip
    list(library.ingest([mine]))
    list(attic.library.ingest([theirs]))
    frames = tmp_path / "walk"
    frames.mkdir()
    for number in range(2):
        make.picture(number, (16, 16)).save(frames / f"frame_{number}.png")
    attic.library.put_frames("videos", "walk", frames)
    text = (
        "action,remote,item,bucket,ball_id,to_bucket\n"
        "push,attic,mine.gif,,,sent\npull,attic,theirs.gif,,,\npull,attic,,videos,walk,loops\n"
        "pull,attic,nothing such,,,\n"
    )
    items = list(library.read_manifest(io.BytesIO(text.encode())))
    assert [library.check_bulk_item(item) for item in items[:3]] == [
        "Copy 'mine.gif' to 'attic'", "Copy 'theirs.gif' from 'attic'",
        "Copy 'videos/walk' from 'attic' into 'loops'",
    ]  # fmt: skip
    library.add_to_bulk("both ways", items)
    report = library.await_bulk("both ways")
    assert names(library) == {"mine.gif": "videos", "theirs.gif": "videos", "walk": "loops"}
    assert names(attic.library)["mine.gif"] == "sent"
    (failure,) = report.failures
    assert "nothing such" in (failure.reason or "")
    library.add_to_bulk("again", items[:3])
    assert library.await_bulk("again").job.skipped == 3


def test_progress_knows_how_much_there_is_to_move(
    library: Library, attic: Running, tmp_path: Path
) -> None:
    list(attic.library.ingest([make.make_gif(tmp_path / "theirs.gif", frames=3)]))
    item = attic.library.find("theirs.gif")
    copy = errand(library, PULL, item.name, item.size, remote="attic", item=item.hash)
    assert copy.label == "theirs.gif"
    library.add_to_bulk("sized", [copy])
    told: list[BulkProgress] = []
    library.run_bulk(lambda event: told.append(event) if isinstance(event, BulkProgress) else None)
    assert (told[-1].size, told[-1].expected) == (item.size, item.size)


def test_what_cannot_be_copied_is_said_before(library: Library) -> None:
    for action, values in (
        (PULL, {"remote": "nobody", "item": "a"}), (PUSH, {"remote": "attic", "item": "a"}),
        (PULL, {"remote": "http://127.0.0.1:9"}),
    ):  # fmt: skip
        with pytest.raises(UserError):
            library.check_bulk_item(library.bulk_item(action, **values))
    with pytest.raises(UserError, match="remote"):
        library.bulk_item(PULL, item="a")


def test_one_that_is_down_is_asked_once_for_many_items() -> None:
    now = [100.0]
    connections = Connections(lambda: now[0])
    connections.patience = Patience(attempts=1)
    gone, asked = Known("gone", "http://127.0.0.1:9"), []
    for _ in range(3):
        with pytest.raises(UserError) as raised, connections.use(gone, CancelToken()):
            pass
        asked.append(raised.value)
    assert asked[0] is asked[1] is asked[2]
    now[0] += DOWN
    with pytest.raises(UserError) as raised, connections.use(gone, CancelToken()):
        pass
    assert raised.value is not asked[0]
    connections.forget_problems()
    with pytest.raises(UserError) as later, connections.use(gone, CancelToken()):
        pass
    assert later.value is not raised.value
