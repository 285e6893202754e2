"""Pictures of every state of the window, for eyes: ``tests/screens/out``.

``VIDCACHE_SCREENS=all`` makes them at 1920×1080 too. Those of the README and the
guides are among them: ``VIDCACHE_SCREENS=readme`` puts them in place.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[2]
OUT = Path(__file__).parent / "out"
DOC_PICTURES = {
    "inspector-light-1280x800.png": "library.png",
    "player-bookmarks-dark-1280x800.png": "player.png",
    "compare-wipe-dark-1280x800.png": "compare.png",
}
STATES = [
    "welcome", "empty", "drop", "ingesting", "activity", "grid", "inspector", "selection",
    "damaged", "list", "nothing-found", "removed", "trash", "player-video", "player-animation",
    "player-frames", "player-damaged", "player-bookmarks", "player-zoomed",
    "player-brightness", "player-missing", "compare-beside", "compare-wipe", "compare-difference",
    "compare-blink", "compare-shapes", "preferences", "shortcuts", "about", "add-with-options",
    "same-footage", "same-footage-why", "export-fresh", "export-running", "export-done",
    "export-failed",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.screens
def test_the_tour_pictures_every_state(tmp_path: Path) -> None:
    sizes = "SIZES" if os.environ.get("VIDCACHE_SCREENS") == "all" else "SIZES[:1]"
    code = (
        "from pathlib import Path; from vidcache_gui.gui.demo import SIZES, run_demo; "
        f"raise SystemExit(run_demo(Path({str(tmp_path)!r}), sizes={sizes}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr
    shutil.copytree(tmp_path / "screens", OUT, dirs_exist_ok=True)
    for state in STATES:
        for scheme in ("light", "dark"):
            image = QImage(str(OUT / f"{state}-{scheme}-1280x800.png"))
            assert (image.width(), image.height()) == (1280, 800), state
            colours = {image.pixel(x, y) for x in range(0, 1280, 16) for y in range(0, 800, 16)}
            assert len(colours) > 4, f"{state} is blank"
    if os.environ.get("VIDCACHE_SCREENS") == "readme":
        (ROOT / "docs" / "images").mkdir(parents=True, exist_ok=True)
        for picture, name in DOC_PICTURES.items():
            shutil.copy(OUT / picture, ROOT / "docs" / "images" / name)
