"""First window against a bare QWidget window: CPU of whole processes, as a ratio.

    python tests/bench/first_window.py [RUNS]

Each run starts a process that shows its window, paints it once, and ends (the panes of our
window are built right after that first paint). The two take
turns, so that a noisy machine is noisy for both; medians are compared.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
BARE = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.resize(1280, 800)
window.show()
QTimer.singleShot(0, lambda: QTimer.singleShot(0, app.quit))
app.exec()
"""
OURS = """
import sys
from PySide6.QtCore import QSettings, QTimer
from vidcache_gui.gui import theme
from vidcache_gui.gui.app import make_app
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.settings import Settings
app = make_app()
look = theme.Theme(app, theme.Scheme.LIGHT)
look.apply()
window = MainWindow(Settings(QSettings(sys.argv[1], QSettings.Format.IniFormat)), look)
window.first_painted.connect(app.quit)
window.show()
app.exec()
heavy = {"av", "numpy", "PIL", "imagehash", "scipy", "httpx", "typer"} & set(sys.modules)
assert not heavy, heavy
"""


def cpu(code: str, *arguments: str) -> float:
    """User and system seconds of one process."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, check=True, stderr=subprocess.DEVNULL
    )
    after = os.times()
    return after.children_user + after.children_system - before[2] - before[3]


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        ini = str(Path(folder) / "settings.ini")
        cpu(BARE), cpu(OURS, ini)
        pairs = [(cpu(BARE), cpu(OURS, ini)) for _ in range(runs)]
    bare = statistics.median(pair[0] for pair in pairs)
    ours = statistics.median(pair[1] for pair in pairs)
    ratios = sorted(pair[1] / pair[0] for pair in pairs)
    print("| window | CPU, median | ratio (min to max) |")
    print("|---|---|---|")
    print(f"| bare QWidget | {bare * 1000:.0f} ms | 1.00 |")
    span = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
    print(f"| VidCache | {ours * 1000:.0f} ms | {ours / bare:.2f} ({span}) |")


if __name__ == "__main__":
    main()
