"""What the repository promises about itself: commands, versions, files for desktops."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import typer

import vidcache_gui
from vidcache_gui.interfaces.cli import app as cli

ROOT = Path(__file__).parent.parent
LINUX = ROOT / "packaging" / "linux"
APP_ID = "org.vidcache.VidCache"
README = (ROOT / "README.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def run(
    *command: str | Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        env=env,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=120,
        check=False,
    )


def without_display(**changes: str) -> dict[str, str]:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    return {name: value for name, value in os.environ.items() if name not in hidden} | changes


# --- the start script -------------------------------------------------------


@pytest.mark.parametrize("command", [[], ["python", "main.py"], ["vidcache-gui", "clip.mp4"]])
def test_without_a_display_the_script_says_what_to_do_instead(command: list[str]) -> None:
    result = run("sh", ROOT / "packaging/run.sh", *command, env=without_display())
    assert result.returncode == 2
    assert "no display" in result.stderr
    advice = "sh packaging/run.sh python main.py --demo out/"
    assert advice in result.stderr
    assert advice in README


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A clone on a system with neither apt nor Qt's libraries nor a virtual environment."""
    clone = tmp_path / "a clone"
    (clone / "packaging").mkdir(parents=True)
    shutil.copy(ROOT / "packaging/run.sh", clone / "packaging")
    shutil.copy(ROOT / "pyproject.toml", clone)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "uname", "dirname", "cat", "head", "id"):
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    (tools / "python3").symlink_to(sys.executable)
    ldconfig = tools / "ldconfig"
    ldconfig.write_text("#!/bin/sh\necho '\tlibGL.so.1 (libc6,x86-64) => /lib/libGL.so.1'\n")
    ldconfig.chmod(0o755)
    return clone


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux needs system libraries")
def test_without_apt_the_script_names_what_is_missing(elsewhere: Path) -> None:
    tools = str(elsewhere.parent / "bin")
    result = run("sh", elsewhere / "packaging/run.sh", "pytest", env={"PATH": tools})
    assert result.returncode == 1, result.stderr
    assert "libegl1" in result.stderr
    assert "libxcb-cursor0" in result.stderr
    assert "libgl1 " not in result.stderr, "it is there"
    assert not (elsewhere / ".venv").exists()


@pytest.mark.parametrize("script", ["packaging/run.sh", ".ci/run"])
def test_scripts_parse(script: str) -> None:
    shell = (ROOT / script).read_text().splitlines()[0].rsplit(None, 1)[-1].rsplit("/", 1)[-1]
    result = run(shell, "-n", ROOT / script)
    assert result.returncode == 0, result.stderr


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "\nsh packaging/run.sh pytest\n" in README
    assert os.access(ROOT / ".ci/run", os.X_OK)
    script = (ROOT / ".ci/run").read_text()
    assert 'sh packaging/run.sh "$@"' in script
    assert "\nrun pytest\n" in script


# --- what people install ----------------------------------------------------


def test_the_wheel_carries_the_icons_and_both_commands(tmp_path: Path) -> None:
    result = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    assert result.returncode == 0, result.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = next(name for name in names if name.endswith("entry_points.txt"))
        commands = archive.read(entry_points).decode()
    icons = {path.name for path in (ROOT / "resources/icons").glob("*.svg")}
    assert icons
    assert {f"vidcache_gui/resources/icons/{name}" for name in icons} <= names
    assert "vidcache = vidcache_gui.interfaces.cli:main" in commands
    assert "vidcache-gui = vidcache_gui.__main__:main" in commands


def test_the_version_is_told_the_same_everywhere() -> None:
    version = vidcache_gui.__version__
    assert f'<release version="{version}"' in (LINUX / f"{APP_ID}.metainfo.xml").read_text()
    assert f'"VidCache {version}"' in (LINUX / "vidcache.1").read_text()


def test_qt_is_kept_from_the_version_that_loses_references() -> None:
    (old,) = [line for line in PROJECT["dependencies"] if 'python_version < "3.12"' in line]
    assert old.startswith("PySide6-Essentials>=6.8,<6.12;")


# --- documents --------------------------------------------------------------


def test_links_in_documents_lead_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text())
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert not broken


# --- desktops ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "arguments", "file"),
    [
        ("desktop-file-validate", [], f"{APP_ID}.desktop"),
        ("appstreamcli", ["validate", "--no-net"], f"{APP_ID}.metainfo.xml"),
    ],
)
def test_desktop_files_are_valid(tool: str, arguments: list[str], file: str) -> None:
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    result = run(tool, *arguments, LINUX / file)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_window_is_matched_with_its_desktop_entry() -> None:
    entry = (LINUX / f"{APP_ID}.desktop").read_text()
    assert f"StartupWMClass={APP_ID}" in entry
    sources = (path.read_text() for path in (ROOT / "vidcache_gui/gui").rglob("*.py"))
    assert any(f'"{APP_ID}"' in source for source in sources), "setDesktopFileName"


def test_the_manual_page_and_the_documents_know_every_command() -> None:
    commands = set(typer.main.get_command(cli.app).commands)
    assert {"ingest", "put-frames", "get-frames", "verify"} <= commands
    manual = (LINUX / "vidcache.1").read_text().replace("\\-", "-")
    reference = (ROOT / "docs/cli.md").read_text()
    for text in (manual, reference):
        assert not {name for name in commands if not re.search(rf"\b{name}\b", text)}
    shown = set(re.findall(r"^(?:\$ )?vidcache (?!-)([\w-]+)", README, re.MULTILINE))
    assert shown
    assert shown <= commands
