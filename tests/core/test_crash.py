"""Killed at any moment: nothing acknowledged is lost, nothing is half visible, the queue goes on.

``VIDCACHE_KILLS`` sets how many times a mixed ingest is killed (30 by default; the release
check uses 200).
"""

import contextlib
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from blake3 import blake3

from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import JobState, Query
from vidcache_gui.media.types import Kind

KILLS = int(os.environ.get("VIDCACHE_KILLS", "30"))


class Child:
    """The process that ingests, and that can be killed again and again."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.crash_child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip

    def run(self, library: Path, after: float | None, *, bug: bool = False) -> list[list[str]]:
        """Ingest until killed ``after`` seconds (None: to the end); the lines it said."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{library}\t{'bug' if bug else ''}\n")
        stdin.flush()
        started = stdout.readline().split()
        assert started[0] == "started"
        if after is not None:
            # Nothing is read meanwhile, so every word said before the kill is still there.
            select.select([], [], [], after)
            with contextlib.suppress(ProcessLookupError):  # it was done already
                os.killpg(int(started[1]), signal.SIGKILL)
        lines = []
        for line in stdout:
            if line.startswith("ended"):
                return lines
            lines.append(line.rstrip("\n").split(" ", 2))
        raise AssertionError("the child program itself ended")

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child()
    yield child
    child.close()


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Videos, animations, copies, a frame folder and a text file."""
    folder = tmp_path_factory.mktemp("footage")
    for number in range(6):
        make.make_video(folder / f"clip{number}.mp4", frames=5 + number, size=(64, 48))
        make.make_gif(folder / f"anim{number}.gif", frames=3 + number, size=(32, 24))
    for number in range(4):
        shutil.copy(folder / f"clip{number}.mp4", folder / f"copy{number}.mp4")
    make.make_frames(folder / "sequence", 20)
    (folder / "notes.txt").write_text("not footage")
    with (folder / "big.avi").open("wb") as file:  # sniffs as AVI, decodes as nothing
        file.write(b"RIFF\x00\x00\x00\x01AVI LIST" + random.Random(1).randbytes(8_000_000))
    return folder


def check(library: Path, lines: list[list[str]]) -> list[str]:
    """Everything that is wrong with a library after a kill."""
    wrong: list[str] = []
    with Library.open(library) as lib:
        items = lib.page(Query(), None, 1000)
        here = {item.hash for item in items}
        for status, hash, source in lines:
            if status in ("new", "duplicate") and hash not in here:
                wrong.append(f"acknowledged and lost: {source}")
        for item in items:
            hashes = [item.hash]
            if item.kind is Kind.FRAMES:
                balls = lib.get_by_ball_id(item.bucket, item.ball_id or "")
                hashes = [ball.hash for ball in balls]
                if len(balls) != item.frame_count:
                    wrong.append(f"half a group: {item.name}")
            for hash in hashes:
                path = lib.blob_path(hash)
                if not path.exists():
                    wrong.append(f"no bytes: {item.name}")
                elif blake3(path.read_bytes()).hexdigest() != hash:
                    wrong.append(f"wrong bytes: {item.name}")
        leftovers = [p for p in (library / "tmp").rglob("*.part")]
        if leftovers:
            wrong.append(f"temporary files were not swept: {leftovers}")
    return wrong


def start(library: Path, footage: Path) -> None:
    shutil.rmtree(library, ignore_errors=True)
    with Library.open(library) as lib:
        lib.enqueue([footage])


def whole_run(child: Child, library: Path, footage: Path) -> float:
    """How long an undisturbed ingest takes here, in seconds."""
    start(library, footage)
    begin = time.monotonic()
    child.run(library, None)
    return time.monotonic() - begin


def kills(
    child: Child, library: Path, footage: Path, number: int, *, bug: bool = False
) -> list[str]:
    """Kill a mixed ingest ``number`` times; what was found wrong. A finished one starts over."""
    chance = random.Random(20261121)
    seconds = whole_run(child, library, footage)
    start(library, footage)
    wrong: list[str] = []
    cut_short = 0
    for _ in range(number):
        lines = child.run(library, chance.uniform(0, seconds * 0.9), bug=bug)
        cut_short += not any(line[:2] == ["job", "done"] for line in lines)
        wrong += check(library, lines)
        with Library.open(library) as lib:
            if lib.jobs()[0].state is JobState.DONE:
                restart = True
            else:
                restart = chance.random() < 0.3
        if restart:
            start(library, footage)
        if bug and wrong:
            return wrong
    assert cut_short > number // 3, f"only {cut_short} of {number} kills met a running ingest"
    return wrong


@pytest.mark.slow
def test_killed_at_random_moments(child: Child, tmp_path: Path, footage: Path) -> None:
    library = tmp_path / "library"
    assert kills(child, library, footage, KILLS) == []
    child.run(library, None)  # and the queue goes on to its end
    with Library.open(library) as lib:
        job = lib.jobs()[0]
        assert job.state is JobState.DONE
        assert job.sources_done == job.sources_total
        assert job.counts == {"new": 14, "duplicate": 4, "skipped": 1}
        assert lib.stats().groups == 1
        assert [f.problem for f in lib.verify() if f.problem != "leftover"] == []


@pytest.mark.slow
def test_the_harness_sees_a_row_before_its_rename(
    child: Child, tmp_path: Path, footage: Path
) -> None:
    # It ends with the first kill that meets the bug: mostly one of the first dozen.
    assert kills(child, tmp_path / "library", footage, max(KILLS, 500), bug=True) != []
