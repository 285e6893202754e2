"""Starting: what is said without a display, what is imported before the first paint."""

import os
import subprocess
import sys
from pathlib import Path

from vidcache_gui.__main__ import main, no_display, parser

ROOT = Path(__file__).parents[2]
HEAVY = ("av", "numpy", "PIL", "imagehash", "httpx", "peewee", "apsw", "scipy")


def test_without_a_display_it_says_what_to_do(monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert no_display()
    assert main([]) == 2
    said = capsys.readouterr().err
    assert "--demo" in said
    assert "display" in said


def test_help_explains_itself() -> None:
    text = parser().format_help()
    for word in ("LIBRARY", "--demo", "--verbose", "vidcache --help"):
        assert word in text


def test_the_first_window_imports_nothing_heavy() -> None:
    code = (
        "import sys; from vidcache_gui.gui import app, theme; from PySide6.QtCore import QSettings;"
        "from vidcache_gui.gui.settings import Settings;"
        "from vidcache_gui.gui.main_window import MainWindow;"
        "a = app.make_app(); t = theme.Theme(a); t.apply();"
        "w = MainWindow(Settings(QSettings('x.ini', QSettings.Format.IniFormat)), t); w.show();"
        f"bad = [name for name in {HEAVY!r} if name in sys.modules];"
        "w._after_first_paint();"
        f"bad += [name + ' later' for name in {HEAVY!r} if name in sys.modules];"
        "w.close(); print(bad)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60,
        cwd=os.environ["HOME"],
    )  # fmt: skip
    assert done.stdout.strip() == "[]", done.stderr
