"""VidCache: an archive manager for videos, GIFs and frame sequences."""

__version__ = "0.1.0"

import os
from typing import Any

# Our matrices are small: the threads numpy's BLAS starts for them only wait for each other, and
# burn a processor while they do. It reads this once, when numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def __getattr__(name: str) -> Any:
    """``from vidcache_gui import connect``: see :mod:`vidcache_gui.interfaces.client`. Read only
    when it is asked for: the window and the command line start without it."""
    if name == "connect":
        from importlib import import_module

        return import_module("vidcache_gui.interfaces.client").connect
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
