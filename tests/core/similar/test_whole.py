"""Real media, real workers, the real matcher, in a real library: what same footage promises."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.core.similar.library_of import check, pairs
from tests.interfaces.command_line import ROOT, environment
from tests.matching import scenes
from tests.matching.scenes import RATE, film
from tests.matching.test_formats import X264, write_pictures, write_video
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.matching.records import Relation

SAMPLES = Path(__file__).parents[1] / "samples"
SAME = {
    tuple(sorted(pair))
    for pair in (
        ("film.mp4", "film.gif"), ("film.mp4", "frames"), ("film.mp4", "part.mp4"),
        ("film.gif", "frames"), ("film.gif", "part.mp4"), ("frames", "part.mp4"),
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One film in three forms, a part of it, another encoding, and something else."""
    folder = tmp_path_factory.mktemp("media")
    footage = film(1)
    write_video(folder / "film.mp4", footage, "libx264", {**X264, "crf": "20"})
    write_video(folder / "part.mp4", footage[24:78], "libx264", {**X264, "crf": "26"})
    small = scenes.resized(footage, 112, 64)
    write_video(folder / "again.mp4", small, "libx264", {**X264, "crf": "30"})
    write_pictures(folder / "film.gif", small, 2, "GIF")
    write_video(folder / "other.mp4", film(2), "libx264", {**X264, "crf": "20"})
    (folder / "frames").mkdir()
    for number, picture in enumerate(footage[::2]):
        name = f"frame_{number:03}_delay-{2000 / RATE:.0f}ms.png"
        Image.fromarray(picture).save(folder / "frames" / name)
    return folder


def bring(library: Library, *paths: Path) -> dict[str, SourceResult]:
    events = library.ingest(list(paths))
    return {one.name or "": one for one in events if isinstance(one, SourceResult)}


@pytest.fixture(scope="module")
def filled(media: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """A library, closed, and what it said of each newcomer."""
    path = tmp_path_factory.mktemp("filled") / "library"
    with Library.open(path) as library:
        said = [
            next(iter(bring(library, media / name).values()))
            for name in ("film.mp4", "frames", "part.mp4", "other.mp4", "film.gif")
        ]
    return path, said


@pytest.fixture
def path(filled: tuple[Path, list[Any]], tmp_path: Path) -> Path:
    """A copy of it to do anything to."""
    return Path(shutil.copytree(filled[0], tmp_path / "library"))


def everything(library: Library) -> list[Any]:
    found = library.matches(decided=True, shared=True)
    return sorted((one.item_a.name, one.item_b.name, one.match) for one in found)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The functions workers were asked for."""
    from vidcache_gui.media.pool import DecodePool

    asked: list[str] = []
    submit = DecodePool.submit

    def note(self: DecodePool, function: str, *arguments: Any, **how: Any) -> "Future[Any]":
        asked.append(function.rpartition(":")[2])
        return submit(self, function, *arguments, **how)

    monkeypatch.setattr(DecodePool, "submit", note)
    return asked


def test_newcomers_are_told_from_each_other_whatever_form_they_have(
    filled: tuple[Path, list[SourceResult]],
) -> None:
    whole, frames, part, other, gif = filled[1]
    assert {one.status for one in filled[1]} == {Status.NEW}
    assert (whole.duplicate_of, whole.look_alike, other.duplicate_of) == (None, None, None)
    assert frames.duplicate_of == whole.hash
    assert part.duplicate_of in (whole.hash, frames.hash)
    assert gif.duplicate_of in (whole.hash, frames.hash, part.hash)
    assert all(0 <= (one.phash_distance or 0) <= 12 for one in (frames, part, gif))
    assert "the same from 0:00 to 0:04.5" in (part.look_alike or "")
    with Library.open(filled[0]) as library:
        assert pairs(library) == SAME
        (contained,) = (
            one for one in library.matches(item=part.item_id) if one.item_b.id == whole.item_id
        )
        assert contained.match.relation is Relation.CONTAINS
        assert contained.match.segments[0].b0 == pytest.approx(2.0, abs=0.2)


def test_checking_again_decodes_nothing_and_finds_exactly_the_same(
    path: Path, jobs: list[str]
) -> None:
    with Library.open(path) as library:
        before = everything(library)
        library.rescan()
        assert check(library)[-1].done
        assert everything(library) == before
        assert jobs == []


@pytest.mark.parametrize("gone", ["everything", "half of a segment", "the manifest"])
def test_a_lost_index_is_made_again_from_the_catalog(
    path: Path, jobs: list[str], gone: str
) -> None:
    similar = path / "similar"
    if gone == "everything":
        shutil.rmtree(similar)
    elif gone == "the manifest":
        (similar / "manifest.json").unlink()
    else:
        segment = max(similar.glob("*.segment"))
        segment.write_bytes(segment.read_bytes()[: segment.stat().st_size // 2])
    with Library.open(path) as library:
        before = everything(library)
        library.rescan()
        assert "made again from the fingerprints" in check(library)[-1].note
        assert everything(library) == before
        assert jobs == []


CHILD = """
import os, signal, sys
from vidcache_gui.core.library import Library
from vidcache_gui.core.similar import found, prints
from vidcache_gui.core.similar.sidecar import Sidecar

owner, name = {"put": (prints, "put"), "write": (found, "write"), "save": (Sidecar, "save")}[
    sys.argv[2]
]
work, left = getattr(owner, name), [int(sys.argv[3])]

def last(*args):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return work(*args)

setattr(owner, name, last)
with Library.open(sys.argv[1]) as library:
    library.check(lambda state: None)
"""


def test_killed_again_and_again_a_check_comes_to_the_same_end(path: Path, jobs: list[str]) -> None:
    with Library.open(path) as library:
        wanted = pairs(library)
        library.rescan(recompute=True)
    looked = 0
    for where, after in (("put", 2), ("write", 1), ("save", 0)):
        child = subprocess.run(
            [sys.executable, "-c", CHILD, str(path), where, str(after)], check=False, cwd=ROOT,
            env=environment(), capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert child.returncode == -9, child.stderr
        with closing(sqlite3.connect(path / "catalog.db")) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        with Library.open(path) as library:
            state = library.check_state()
            assert state.fingerprinted >= looked, "what was looked at is kept"
            looked = state.fingerprinted
    with Library.open(path) as library:
        assert check(library)[-1].done
        assert pairs(library) == wanted
        assert len(library.matches(limit=1000)) == len(wanted), "nothing is there twice"
        assert len(jobs) == 5 - looked


def test_what_was_said_and_deleted_is_known_when_it_comes_back(path: Path, media: Path) -> None:
    with Library.open(path) as library:
        whole, frames, gif = (library.find(name).id for name in ("film.mp4", "frames", "film.gif"))
        library.mark(whole, frames, Verdict.NOT_A_MATCH)
        library.mark(whole, gif, Verdict.KEEP_BOTH)
        library.remove([whole])
        library.empty_trash()
        assert len(library.decisions()) == 2
    with Library.open(path) as library:
        again = bring(library, media / "again.mp4")["again.mp4"]
        assert (again.remembered or "").startswith("It looks like 'film.mp4', which was deleted")
        back = bring(library, media / "film.mp4")["film.mp4"]
        assert (back.status, (back.remembered or "")[:14]) == (Status.NEW, "It was deleted")
        library.rescan()
        check(library)
        said = {one.decision.verdict for one in library.matches(decided=True) if one.decision}
        assert said == {Verdict.NOT_A_MATCH, Verdict.KEEP_BOTH}
        assert pairs(library) == {
            pair for pair in pairs(library, decided=True)
            if pair not in {("film.mp4", "frames"), ("film.gif", "film.mp4")}
        }  # fmt: skip
        library.unmark(back.item_id or 0, frames)
        assert ("film.mp4", "frames") in pairs(library)


def test_a_library_from_before_is_brought_up_to_date(path: Path, jobs: list[str]) -> None:
    """A catalog of the shape before same footage, with these items in it."""
    shutil.rmtree(path / "similar")
    today = path / "catalog.db"
    before = path / "before.db"
    with closing(sqlite3.connect(before)) as db:
        db.executescript((SAMPLES / "0002_bookmarks.sql").read_text())
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("ATTACH ? AS today", (str(today),))
        tables = db.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' "
            "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'item_text%' AND name <> 'migration'"
        ).fetchall()
        for (table,) in tables:
            names = [row[1] for row in db.execute(f"PRAGMA main.table_info({table})")]
            columns = ", ".join(f'"{name}"' for name in names)
            db.execute(f"DELETE FROM main.{table}")
            db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM today.{table}")
        db.commit()
    for name in ("catalog.db", "catalog.db-wal", "catalog.db-shm"):
        (path / name).unlink(missing_ok=True)
    before.rename(today)
    with Library.open(path) as library:
        state = library.check_state()
        assert (state.total, state.waiting, state.checked) == (5, 5, 0)
        assert check(library)[-1].done
        assert pairs(library) == SAME
        assert sorted(jobs) == ["fingerprint_file"] * 4 + ["fingerprint_frames"]
