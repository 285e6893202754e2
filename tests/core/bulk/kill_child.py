"""A process that works on bulk jobs until it is killed. Started by ``test_killed.py``.

It imports everything once; for each library named on stdin it forks a child of its own process
group that works on what waits, and says so. The parent kills that group whenever it likes.
"""

import os
import sys

import vidcache_gui.core.bulk.parts
import vidcache_gui.core.similar.parts
import vidcache_gui.media.export
from vidcache_gui.core.bulk.records import BulkResult
from vidcache_gui.core.library import Library


def tell(event: object) -> None:
    if isinstance(event, BulkResult):
        os.write(1, b"did\n")


def main() -> None:
    assert vidcache_gui.core.bulk.parts
    assert vidcache_gui.core.similar.parts
    assert vidcache_gui.media.export
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os.write(1, f"{os.getpid()}\n".encode())
            with Library.open(line.rstrip("\n")) as library:
                library.run_bulk(tell)
            os._exit(0)
        os.waitpid(child, 0)
        os.write(1, b"ended\n")


if __name__ == "__main__":
    main()
