"""Short words for tests: fill a library, check it, see which items match."""

from typing import Any

from tests.core.catalogs import add_item
from vidcache_gui.core.library import Library
from vidcache_gui.core.similar.records import CheckState


def fill(library: Library, *names: str, **values: Any) -> list[int]:
    """Items that show what their names say; see ``world``."""
    return [add_item(library._database, name, **values) for name in names]


def check(library: Library) -> list[CheckState]:
    told: list[CheckState] = []
    library.check(told.append)
    return told


def pairs(library: Library, **options: Any) -> set[tuple[str, str]]:
    """Names of the items that match, in the order of the alphabet."""
    return {
        (min(names), max(names))
        for one in library.matches(**options)
        for names in [(one.item_a.name, one.item_b.name)]
    }
