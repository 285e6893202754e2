"""Libraries with items in the catalog and small files, for bulk jobs."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.core.catalogs import add_item
from vidcache_gui.core.library import Library

_numbers = itertools.count()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def fill(library: Library) -> Callable[[int], list[int]]:
    """So many items in the catalog, without any bytes: copies of one row."""

    def add(count: int) -> list[int]:
        first = add_item(library._database, "clip 0.mp4")
        with library._database.write() as db:
            columns = [row[1] for row in db.execute_sql("PRAGMA table_info(item)").fetchall()]
            copied = [name for name in columns if name not in ("id", "hash", "name")]
            db.execute_sql(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                f"INSERT INTO item (hash, name, {', '.join(copied)}) SELECT "
                f"printf('%064x', i), printf('clip %d.mp4', i), {', '.join(copied)} "
                "FROM item, n WHERE id = ? AND i < ?",
                (count, first, count),
            )
            return [row[0] for row in db.execute_sql("SELECT id FROM item ORDER BY id").fetchall()]

    return add


@pytest.fixture
def pictures(tmp_path: Path) -> Callable[[int], list[Path]]:
    """So many tiny pictures, different ones in every test."""

    def make(count: int) -> list[Path]:
        folder = tmp_path / "pictures"
        folder.mkdir(exist_ok=True)
        paths = []
        for number in itertools.islice(_numbers, count):
            paths.append(folder / f"p{number:04}.png")
            Image.new("RGB", (8, 8), (number % 256, number // 256, 77)).save(paths[-1])
        return paths

    return make
