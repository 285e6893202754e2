"""A process that ingests until it is killed. Started by ``test_crash.py``.

It imports everything once, then for each line on stdin (``LIBRARY BUG``) forks a child of
its own process group that ingests what the library's queue holds and says what it was told
is stored. The parent kills that group whenever it likes.
"""

import os
import sys
import time
from typing import Any

import vidcache_gui.core.similar.parts
import vidcache_gui.media.pool
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.intake import Intake
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Job, SourceResult


def plant_row_before_rename() -> None:
    """The bug the harness must be able to see: the catalog speaks before the disk does."""
    commit, insert = BlobStore.commit, Intake._commit_row
    waiting: dict[str, Any] = {}

    def late_commit(self: BlobStore, drafts: Any) -> None:
        pairs = list(drafts)
        if len(pairs) > 1:  # a group's frames
            commit(self, pairs)
            return
        for draft, hash in pairs:
            waiting[hash] = (self, draft)

    def early_row(self: Intake, digests: Any, *args: Any) -> SourceResult:
        result = insert(self, digests, *args)
        time.sleep(0.05)  # a disk that is busy, so that one of the first dozen kills meets it
        store, draft = waiting.pop(digests.blake3)
        commit(store, [(draft, digests.blake3)])
        return result

    BlobStore.commit = late_commit  # type: ignore[method-assign]
    Intake._commit_row = early_row  # type: ignore[method-assign]


def ingest(path: str, out: int) -> None:
    def tell(event: Any) -> None:
        if isinstance(event, SourceResult) and event.hash:
            os.write(out, f"{event.status} {event.hash} {event.source}\n".encode())
        elif isinstance(event, Job):
            os.write(out, f"job {event.state} -\n".encode())

    with Library.open(path) as library:
        library.run_jobs(tell)


def main() -> None:
    assert vidcache_gui.media.pool
    assert vidcache_gui.core.similar.parts
    for line in sys.stdin:
        path, bug = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            if bug:
                plant_row_before_rename()
            os.write(1, f"started {os.getpid()} -\n".encode())
            ingest(path, 1)
            os._exit(0)
        os.waitpid(child, 0)
        os.write(1, b"ended - -\n")


if __name__ == "__main__":
    main()
