"""``vidcache``: the library without a window.

No Qt is imported unless a command opens a player; ``open_player`` is the one place that may.
"""

from collections.abc import Sequence
from pathlib import Path

__all__ = ["main"]


def main(args: Sequence[str] | None = None) -> int:
    """Run one command line (``sys.argv`` when none is given); returns the exit code."""
    from vidcache_gui.interfaces.cli.app import run

    return run(args, open_player)


def open_player(library: Path, item_id: int, delay_ms: float | None) -> int:
    """Show an item in a player window; returns when it is closed."""
    from vidcache_gui.gui.player.window import run_player

    return run_player(library, item_id, delay_ms)
