"""Driving the real command line: in this process (quick) or in one of its own."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from vidcache_gui.interfaces.cli.app import run
from vidcache_gui.interfaces.cli.session import Against

ROOT = Path(__file__).parents[2]
CORPORA = Path(os.environ.get("VIDCACHE_CORPORA") or ROOT.parent / "shared" / "corpora")
RUN = "import sys; from vidcache_gui.interfaces.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    @property
    def object(self) -> dict[str, Any]:
        (only,) = self.objects
        return only


@dataclass
class Cli:
    """``cli("list", "--json")`` runs a command on one library. ``played``: windows asked for."""

    library: Path
    capsys: pytest.CaptureFixture[str]
    played: list[tuple[Path, int, float | None]] = field(default_factory=list)
    compared: list[Against] = field(default_factory=list)

    def __call__(self, *args: object, fine: bool = True) -> Result:
        """``fine``: fail the test unless the command ends with code 0."""
        self.capsys.readouterr()
        code = run(["--library", str(self.library), *map(str, args)], self._play)
        out, err = self.capsys.readouterr()
        if fine:
            assert code == 0, err
        return Result(code, out, err)

    def _play(
        self, library: Path, item_id: int, delay_ms: float | None, against: Against | None = None
    ) -> int:
        self.played.append((library, item_id, delay_ms))
        if against is not None:
            self.compared.append(against)
        return 0


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    """A command line on a library that does not exist yet."""
    yield Cli(tmp_path / "library", capsys)
    logging.getLogger("vidcache_gui").setLevel(logging.NOTSET)


def command(*args: object) -> list[str]:
    """The same as a process of its own, as an argument list for subprocess."""
    return [sys.executable, "-c", RUN, *map(str, args)]


def environment(**changes: str) -> dict[str, str]:
    """This one without anything that names a library, and able to import the package."""
    hidden = {"VIDCACHE_LIBRARY", "XDG_DATA_HOME"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"PYTHONPATH": str(ROOT)} | changes


def spawn(*args: object, **env: str) -> Result:
    done = subprocess.run(
        command(*args), capture_output=True, text=True, timeout=120, check=False,
        env=environment(**env), stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)


def corpus(name: str) -> Path:
    """A folder of real material; skips the test where it is absent."""
    path = CORPORA / name
    if not path.is_dir():
        pytest.skip(f"needs the real material in {path} (see $VIDCACHE_CORPORA)")
    return path
