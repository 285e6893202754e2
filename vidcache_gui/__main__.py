"""Open the window: ``python -m vidcache_gui``, ``python main.py``, ``vidcache-gui``."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from vidcache_gui import __version__

EPILOG = """\
Without LIBRARY the one that was open last is opened; the first time one is made in
your data folder ($VIDCACHE_LIBRARY says where else). A library is one folder and
can be moved. Quit at any time: what was being added goes on at the next start.

The same library can be used from the command line at the same time: see
`vidcache --help`.
"""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="vidcache-gui",
        description="An archive manager for videos, GIFs and frame sequences.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "library",
        nargs="?",
        type=Path,
        metavar="LIBRARY",
        help="folder of a library; it is made when the folder is missing or empty",
    )
    made.add_argument(
        "--demo",
        type=Path,
        metavar="DIR",
        help="no window: fill a library in DIR with generated media and leave pictures of "
        "every part of the window there",
    )
    made.add_argument("--verbose", action="store_true", help="say on stderr what is going on")
    made.add_argument("--version", action="version", version=f"VidCache {__version__}")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    if options.demo is not None:
        from vidcache_gui.gui.demo import run_demo

        return run_demo(options.demo)
    if no_display():
        sys.stderr.write(
            "VidCache needs a display to open its window, and there is none here.\n"
            "To see the main job anyway, without one:\n\n"
            "    python main.py --demo out/\n\n"
            "The command line works without a display: vidcache --help\n"
        )
        return 2
    from vidcache_gui.core.places import default_library
    from vidcache_gui.gui.app import run_app

    return run_app(options.library, default=default_library(), create=True)


def no_display() -> bool:
    """Whether a window cannot open: Linux without X or Wayland, and no other platform asked."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return False
    return not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
