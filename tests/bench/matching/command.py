"""Our command in a process of its own, and what it cost."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

COMMAND = "import sys; from vidcache_gui.interfaces.cli import main; sys.exit(main())"
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds; ``cpu`` of the process and of all that it started and waited for."""

    cpu: float
    wall: float


def timed(command: Sequence[str | Path]) -> Cost:
    """Runs a command to its end. Raises CalledProcessError where it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    # The tree that the bench lies in is measured, whatever is installed.
    places = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.monotonic() - start)


def run(folder: Path, pairs: Path, jobs: int = 2) -> Cost:
    """``vidcache fingerprint FOLDER --pairs PAIRS``."""
    arguments = ["fingerprint", str(folder), "--pairs", str(pairs), "--jobs", str(jobs)]
    return timed([sys.executable, "-c", COMMAND, *arguments])
