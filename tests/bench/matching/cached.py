"""The fingerprints of a labelled folder, made once by the command's own code and kept beside it."""

import os
import pickle
from pathlib import Path

from vidcache_gui.core.similar.folder import Folder, look
from vidcache_gui.media.fingerprint.fingerprint import VERSION


def looked(folder: Path, workers: int = 2) -> Folder:
    """What ``vidcache fingerprint`` saw in ``folder``, which holds only what is labelled.

    Made again where the version of fingerprints or the labels are others.
    """
    store = folder / ".looked.pickle"
    state = (VERSION, os.stat(folder / "labels.json").st_mtime_ns)
    if store.exists():
        known, seen = pickle.loads(store.read_bytes())
        if known == state:
            return seen
    seen = look(folder, workers=workers, on_progress=lambda *_: None)
    for name, why in seen.failed.items():
        print(f"{name}: {why}")
    store.write_bytes(pickle.dumps((state, seen)))
    return seen
