"""What comparing takes, put together for one library. Loads numpy: only where it is needed."""

from collections.abc import Callable
from pathlib import Path

from vidcache_gui.core.database import Database
from vidcache_gui.core.review import rules
from vidcache_gui.core.review.judge import Judge
from vidcache_gui.core.review.measuring import Measurer
from vidcache_gui.core.similar.ask import Asker
from vidcache_gui.core.similar.check import Checker
from vidcache_gui.core.similar.compare import Comparer
from vidcache_gui.core.similar.looker import Looker
from vidcache_gui.core.similar.sidecar import Sidecar
from vidcache_gui.media.pool import DecodePool

FOLDER = "similar"  # of a library


class Parts:
    """Nothing is opened or started before it is needed."""

    def __init__(
        self,
        library: Path,
        database: Database,
        pool: DecodePool,
        path_of: Callable[[str], Path],
        temporary: Path,
    ) -> None:
        self.sidecar = Sidecar(library / FOLDER, database)
        self.comparer = Comparer(database, self.sidecar, Looker(pool, path_of))
        judge = Judge(database, Measurer(database, pool, path_of))
        self.comparer.arrived = lambda hash: rules.arrived(database, judge, hash)
        self.checker = Checker(database, library / "run", self.comparer)
        self.asker = Asker(self.comparer, temporary)

    def close(self) -> None:
        self.checker.wake()
        self.sidecar.close()
