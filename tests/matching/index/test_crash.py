"""Killed at any step of a flush or a merge, the index is as before it or as after it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.matching.index.model import random_hashes
from vidcache_gui.matching.index import HashIndex

ROOT = Path(__file__).resolve().parents[3]
HASHES = random_hashes(np.random.default_rng(1), 300)

# Forks a child for each step: it changes a copy of the index, and kills itself before the
# n-th call that reaches the disk. Ends after the child that got through.
KILLED = """
import os, shutil, signal, sys
from pathlib import Path
import numpy as np
from vidcache_gui.matching.index import HashIndex

before, todo = Path(sys.argv[1]), sys.argv[2]
for step in range(1000):
    folder = before.with_name(f"killed-{step}")
    shutil.copytree(before, folder)
    child = os.fork()
    if not child:
        index = HashIndex.open(folder)
        calls = 0
        def counted(real):
            def call(*given, **named):
                global calls
                calls += 1
                if calls > step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*given, **named)
            return call
        for name in ("fsync", "rename", "pwrite", "ftruncate", "unlink", "open"):
            setattr(os, name, counted(getattr(os, name)))
        if todo == "flush":
            index.add(7, np.arange(50, dtype=np.uint64) << np.uint64(40), np.arange(50))
            index.remove(1)
        getattr(index, todo)()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if status == 0:
        break
    assert os.WTERMSIG(status) == signal.SIGKILL, status
print(step)
"""


@pytest.mark.parametrize("todo", ["flush", "merge"])
def test_killed_at_every_step(tmp_path: Path, todo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vidcache_gui.matching.index.index._SMALL", 0)
    before = tmp_path / "before"
    index = HashIndex.open(before)
    for owner, part in ((1, HASHES[:200]), (2, HASHES[200:220]), (3, HASHES[220:])):
        index.add(owner, part, np.arange(len(part)))
        if owner != 2:
            index.flush()
    index.remove(3)
    index.close()

    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(before), todo],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    steps = int(run.stdout)
    assert steps > 20, "few calls were seen: something else writes"
    old, new = [1, 2], [1, 2] if todo == "merge" else [2, 7]
    states = []
    for step in range(steps + 1):
        index = HashIndex.open(tmp_path / f"killed-{step}")
        states.append(index.owners().tolist())
        found = index.search(HASHES, 0)
        assert set(found.owner.tolist()) == set(states[-1]) - {7}
        assert len(found) == (220 if 1 in states[-1] else 20)
        index.close()
        assert not list((tmp_path / f"killed-{step}").glob("*.draft"))
    assert states[0] == old
    assert states[-1] == new
    assert states == sorted(states), "never back again"
    assert all(state in (old, new) for state in states)
