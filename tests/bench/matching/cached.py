"""The fingerprints of a labelled folder, made once and kept beside it."""

import os
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from vidcache_gui.media.fingerprint.fingerprint import VERSION, Fingerprint
from vidcache_gui.media.fingerprint.look import fingerprint_file, fingerprint_frames

FRAME_MS = 100  # what a picture of a folder lasts where nobody says


def look(path: Path) -> Fingerprint | None:
    """None where there is nothing to see."""
    try:
        if path.is_dir():
            pictures = sorted(path.iterdir())
            return fingerprint_frames(pictures, [FRAME_MS] * len(pictures))
        return fingerprint_file(path)
    except Exception as error:
        print(f"{path.name}: {error}")
        return None


def fingerprints(folder: Path, labels: dict[str, Any], jobs: int = 2) -> dict[str, Fingerprint]:
    """By the names that the labels use. Remade where the file or the version is another."""
    store = sqlite3.connect(folder / ".fingerprints.sqlite")
    store.execute("create table if not exists look (name primary key, state, data)")
    known = {name: (state, data) for name, state, data in store.execute("select * from look")}
    states = {name: state_of(folder / name) for name in labels["files"]}
    missing = [name for name, state in states.items() if known.get(name, ("",))[0] != state]
    with ProcessPoolExecutor(jobs) as pool:
        made = pool.map(look, [folder / name for name in missing], chunksize=4)
        for name, found in zip(missing, made, strict=True):
            data = b"" if found is None else found.to_bytes()
            known[name] = (states[name], data)
            store.execute("replace into look values (?, ?, ?)", (name, states[name], data))
    store.commit()
    store.close()
    return {name: Fingerprint.from_bytes(data) for name in states if (data := known[name][1])}


def state_of(path: Path) -> str:
    of = next(path.iterdir()) if path.is_dir() else path
    told = os.stat(of)
    return f"{VERSION} {told.st_size} {told.st_mtime_ns}"
