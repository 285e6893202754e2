"""Where a library is when nobody said."""

import os
from pathlib import Path


def default_library() -> Path:
    """``$VIDCACHE_LIBRARY``, else ``vidcache/library`` in the platform's data folder."""
    named = os.environ.get("VIDCACHE_LIBRARY")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("vidcache") / "library"
