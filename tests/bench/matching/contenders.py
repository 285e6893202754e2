"""One step of the bench of the index in a process of its own, so that memory can be told apart.

    python -m tests.bench.matching.contenders build|ours|numpy|faiss FOLDER VIDEOS ITEMS

Prints its figures as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.matching.synthetic import FRAMES, QUERY, VARIANTS, Hashes, Library, turned

RADIUS = 7
MIB = 1 << 20
ASKED = 50  # hashes asked of those that go through everything; their time is multiplied


def memory(name: str) -> float:
    """MiB: VmRSS, RssAnon, RssFile, VmHWM (the most VmRSS was)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise KeyError(name)


def start() -> float:
    """Forget what was needed so far; gives the memory in use now, to be taken off the peak."""
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


def build(folder: Path, videos: int, _: int) -> dict[str, float]:
    from vidcache_gui.matching.index import HashIndex

    library = Library(videos)
    places = np.arange(FRAMES)
    base = start()
    making = 0.0
    begun, wall = time.process_time(), time.perf_counter()
    index = HashIndex.open(folder / "index")
    blocks = library.blocks()
    with (folder / "hashes").open("wb") as raw:
        while True:
            paused = time.process_time(), time.perf_counter()
            block = next(blocks, None)
            if block is None:
                break
            first, hashes = block
            raw.write(hashes.tobytes())
            making += time.process_time() - paused[0]
            wall += time.perf_counter() - paused[1]
            for number, row in enumerate(hashes, first):
                index.add(number, row, places)
    index.flush()
    index.merge()
    spent = time.process_time() - begun - making
    size = sum(path.stat().st_size for path in (folder / "index").iterdir())
    return {
        "build CPU s": spent,
        "build wall s": time.perf_counter() - wall,
        "build peak MiB": memory("VmHWM") - base,
        "disk MiB": size / MIB,
    }


def ours(folder: Path, videos: int, items: int) -> dict[str, float]:
    from vidcache_gui.matching.index import HashIndex

    library = Library(videos)
    asked = list(library.planted(items))
    base = start()
    begun = time.process_time()
    index = HashIndex.open(folder / "index", read_only=True)
    opening = time.process_time() - begun
    costs, anonymous, mapped, spurious = [], [], [], []
    near = found = voted = crowded = 0
    for owner, hashes, places in asked:
        queries = turned(hashes)
        begun = time.process_time()
        votes = index.vote(
            queries,
            RADIUS,
            frames=np.tile(np.arange(QUERY), VARIANTS),
            variants=np.repeat(np.arange(VARIANTS), QUERY),
        )
        costs.append(time.process_time() - begun)
        anonymous.append(memory("RssAnon"))
        mapped.append(memory("RssFile"))
        spurious.append(len(votes) - 1)
        crowded += int(votes.hits.crowded.sum())
        hits = votes.hits
        mine = hits.owner == owner
        pairs = set(zip(hits.query[mine].tolist(), hits.place[mine].tolist(), strict=True))
        common = set(hits.common.query.tolist())
        bits = stored_distance(library, owner, hashes, places)
        for frame in np.flatnonzero(bits <= RADIUS).tolist():
            near += 1
            found += (frame, int(places[frame])) in pairs or frame in common
        voted += owner in votes.owner
    return {
        "CPU s": float(np.median(costs)),
        "worst CPU s": max(costs),
        "peak MiB": memory("VmHWM") - base,
        "anonymous MiB": max(anonymous),
        "mapped MiB": max(mapped),
        "open CPU s": opening,
        "frame recall": found / near,
        "video recall": voted / items,
        "other owners": float(np.mean(spurious)),
        "crowded": crowded / items,
    }


def stored_distance(library: Library, owner: int, hashes: Hashes, places: Any) -> Any:
    first = owner - owner % 10_000
    block = library._block(first, min(10_000, library.videos - first))
    return np.bitwise_count(block[owner - first][places] ^ hashes)


def through_all(
    folder: Path, videos: int, prepare: Callable[[Hashes], Callable[[Hashes], Any]]
) -> dict[str, float]:
    _, hashes, _ = next(Library(videos).planted(1))
    queries = turned(hashes)
    sample = np.random.default_rng(3).choice(queries, ASKED, replace=False)
    base = start()
    stored = np.fromfile(folder / "hashes", np.uint64)
    size = stored.nbytes / MIB
    ask = prepare(stored)
    del stored
    begun = time.process_time()
    ask(sample)
    spent = (time.process_time() - begun) * len(queries) / ASKED
    # Little is put where the making of the queries left room: then the hashes themselves.
    return {"CPU s": spent, "peak MiB": max(memory("VmHWM") - base, size)}


def brute(folder: Path, videos: int, _: int) -> dict[str, float]:
    def prepare(stored: Hashes) -> Callable[[Hashes], Any]:
        def ask(queries: Hashes) -> Any:
            step = 1 << 18  # what the cache holds
            return [
                np.flatnonzero(np.bitwise_count(stored[low : low + step] ^ query) <= RADIUS) + low
                for low in range(0, len(stored), step)
                for query in queries
            ]

        return ask

    return through_all(folder, videos, prepare)


def faiss_flat(folder: Path, videos: int, _: int) -> dict[str, float]:
    import faiss

    def prepare(stored: Hashes) -> Callable[[Hashes], Any]:
        index = faiss.IndexBinaryFlat(64)
        index.add(stored.view(np.uint8).reshape(-1, 8))
        del stored
        return lambda queries: index.range_search(queries.view(np.uint8).reshape(-1, 8), RADIUS + 1)

    return through_all(folder, videos, prepare)


STEPS = {"build": build, "ours": ours, "numpy": brute, "faiss": faiss_flat}

if __name__ == "__main__":
    step, folder, videos, items = sys.argv[1:]
    print(json.dumps(STEPS[step](Path(folder), int(videos), int(items))))
