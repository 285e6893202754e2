"""``vidcache``: the library without a window.

No Qt is imported unless a command opens a player; ``open_player`` is the one place that may.
"""

from collections.abc import Sequence
from pathlib import Path

from vidcache_gui.interfaces.cli.session import Against

__all__ = ["main"]


def main(args: Sequence[str] | None = None) -> int:
    """Run one command line (``sys.argv`` when none is given); returns the exit code."""
    from vidcache_gui.interfaces.cli.app import run

    return run(args, open_player)


def open_player(
    library: Path, item_id: int, delay_ms: float | None, against: Against | None = None
) -> int:
    """Show an item in a player window, or two together; returns when it is closed."""
    if against is not None:
        from vidcache_gui.gui.compare.window import run_comparison

        return run_comparison(library, item_id, *against, delay_ms=delay_ms)
    from vidcache_gui.gui.player.window import run_player

    return run_player(library, item_id, delay_ms)
