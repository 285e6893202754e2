"""The layers hold, and the check that says so breaks when it should."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "vidcache_gui"
LONGEST_FILE = 450


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package found in ``folder``."""
    code = "from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", code, "--config", str(folder / "pyproject.toml"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_contracts_hold() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("file", "planted", "contract"),
    [
        ("core/records.py", "import PySide6.QtCore", "Only gui sees Qt"),
        ("interfaces/__init__.py", "from PySide6 import QtGui", "Only gui sees Qt"),
        ("media/types.py", "import vidcache_gui.core.records", "Imports go one way"),
        ("core/records.py", "import vidcache_gui.interfaces", "Imports go one way"),
        ("core/records.py", "import vidcache_gui.gui.theme", "Imports go one way"),
        ("gui/theme.py", "import peewee", "Only core sees the catalog's machinery"),
        ("interfaces/__init__.py", "import apsw", "Only core sees the catalog's machinery"),
        ("core/records.py", "import starlette", "Only interfaces speaks to the network"),
    ],
)
def test_a_planted_import_breaks_its_contract(
    tmp_path: Path, file: str, planted: str, contract: str
) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / PACKAGE.name / file
    target.write_text(target.read_text() + f"\n{planted}\n")

    result = lint_imports(tmp_path)

    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{contract} BROKEN" in result.stdout


RUN_CLI = "import sys; from vidcache_gui.interfaces.cli import main; sys.exit(main())"


def test_the_command_line_works_without_qt(tmp_path: Path) -> None:
    """``--help`` reads every command's module; ``ingest`` opens a library and looks at a file."""
    note = tmp_path / "note.txt"
    note.write_text("not media")
    for arguments, expected in [
        (["--help"], "put-frames"),
        (["--library", str(tmp_path / "library"), "--json", "ingest", str(note)], '"skipped"'),
    ]:
        result = subprocess.run(
            [sys.executable, "-X", "importtime", "-c", RUN_CLI, *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        imported = {
            line.rsplit("|", 1)[-1].strip().split(".")[0]
            for line in result.stderr.splitlines()
            if line.startswith("import time:")
        }
        assert result.returncode == 0, result.stderr[-2000:]
        assert expected in result.stdout
        assert "typer" in imported, "the list of imports could not be read"
        assert not imported & {"PySide6", "shiboken6"}


def test_files_are_short_enough_to_hold_in_mind() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for folder in (PACKAGE, ROOT / "tests")
        for path in folder.rglob("*.py")
    }
    assert lengths
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}


def calls(path: Path) -> set[str]:
    """Every call in a file as written, ``time.sleep``; not what polls inside ``wait_until``."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(), str(path))]
    found = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef) and node.name == "wait_until":
            continue
        if isinstance(node, ast.Call):
            found.add(ast.unparse(node.func))
        waiting += ast.iter_child_nodes(node)
    return found


def test_tests_wait_for_something_and_never_for_a_while() -> None:
    files = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "tests").rglob("conftest.py")]
    guilty = {
        f"{path.relative_to(ROOT)}: {call}"
        for path in files
        for call in calls(path)
        if call in {"sleep", "qtbot.wait", "QTest.qWait"}
        or call.endswith((".sleep", ".processEvents"))
    }
    assert Path(__file__) in files
    assert not guilty, "use qtbot.waitSignal or qtbot.waitUntil"


def test_no_catch_all_names() -> None:
    """A class called Manager, Helper or Utils has no idea of its own."""
    vague = ("Manager", "Helper", "Helpers", "Utils", "Util")
    named = {
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and node.name.endswith(vague)
    }
    assert not named
