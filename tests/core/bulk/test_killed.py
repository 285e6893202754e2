"""Killed at any moment, a bulk job goes on where it was, and does nothing twice."""

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import JobState, Query

KILLED_AFTER = (2, 5, 4, 7, 3)  # items each: while putting, fetching, exporting and tagging
ROOT = Path(__file__).parents[3]


class Child:
    """The process that works, and that can be killed again and again."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.bulk.kill_child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT,
        )  # fmt: skip

    def run(self, library: Path, items: int | None, moment: float = 0) -> int:
        """Work until so many items are done and a ``moment`` (seconds) has passed, then be
        killed (None: work to the end); how many it did."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{library}\n")
        stdin.flush()
        worker, did = int(stdout.readline()), 0
        while (line := stdout.readline()) == "did\n":
            did += 1
            if did == items:
                select.select([], [], [], moment)
                with contextlib.suppress(ProcessLookupError):  # it was done already
                    os.killpg(worker, signal.SIGKILL)
        assert line == "ended\n"
        return did

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


def prepare(folder: Path, paths: list[Path], gif: Path) -> Path:
    """A library whose bulk job has some of everything; what it writes goes to ``out``."""
    with Library.open(folder / "library") as library:
        for _ in library.ingest([gif]):
            pass
        (id,) = [item.id for item in library.page(Query(), None)]
        into = folder / "out"
        items = [library.bulk_item("put", source=path, tags="in") for path in paths]
        items += [library.bulk_item("fetch", item=path.name, into=into) for path in paths]
        items += [
            library.bulk_item("export", item=id, to=n, format="gif", into=into) for n in range(3)
        ]
        items += [library.bulk_item("tag", item=id, tags=f"t{n}") for n in range(600)]
        items += [library.bulk_item("delete", item=path.name) for path in paths[:3]]
        library.add_to_bulk("all", items, max_concurrency=3)
        return library.path


@pytest.mark.slow
def test_killed_at_several_moments(
    child: Child, tmp_path: Path, pictures: Callable[[int], list[Path]]
) -> None:
    paths = pictures(10)
    make.make_gif(tmp_path / "a.gif", frames=4, size=(32, 24))
    library = prepare(tmp_path, paths, tmp_path / "a.gif")
    chance = random.Random(20261121)
    for items in KILLED_AFTER:
        child.run(library, items, chance.uniform(0, 0.02))
    assert child.run(library, None) > 100, "the kills came too late to meet the work"
    with Library.open(library) as opened:
        job = opened.bulk_job("all")
        assert job.state is JobState.DONE
        # What was done before a kill is not done again: nothing was found to be there already.
        assert (job.succeeded, job.failed, job.skipped) == (10 + 10 + 3 + 600 + 3, 0, 0)
        assert len(opened.page(Query(text="a.gif"), None)[0].tags) == 600
        assert opened.listing(Query(trash=True)).count == 3
        assert [entry.label for entry in opened.history()] == ["Bulk job 'all'"]
        assert [f.problem for f in opened.verify() if f.problem != "leftover"] == []
    written = {path.name: path for path in (tmp_path / "out").iterdir()}
    assert len(written) == 13
    for path in paths:
        assert written[path.name].read_bytes() == path.read_bytes()
    for name, frames in (("a 0.gif", 1), ("a 0-1.gif", 2), ("a 0-2.gif", 3)):
        with Image.open(written[name]) as made:
            assert getattr(made, "n_frames", 1) == frames
