"""The catalog file: transactions, several writers, migrations, a polite refusal."""

import multiprocessing
import threading
from pathlib import Path

import apsw
import pytest

from tests.core.catalogs import add_item, new_catalog
from vidcache_gui.core import catalog
from vidcache_gui.core.catalog import Info
from vidcache_gui.core.database import Database
from vidcache_gui.core.migrations import STEPS, migrate
from vidcache_gui.errors import UserError

SAMPLES = Path(__file__).parent / "samples"


def test_the_sqlite_in_use_has_no_wal_reset_bug() -> None:
    assert apsw.SQLITE_VERSION_NUMBER >= 3_051_003


def test_durable_settings(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    with database.read() as db:
        values = {
            name: db.execute_sql(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)

    def half() -> None:
        with database.write():
            Info.insert(key="half", value="done").execute()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    with database.read():
        assert Info.select().count() == 0


def _count_up(path: Path, times: int) -> None:
    database = Database(path)
    for _ in range(times):
        with database.write():
            value = int(Info.get_by_id("n").value)
            Info.update(value=str(value + 1)).where(Info.key == "n").execute()


def test_no_increment_is_lost_between_threads_and_processes(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    with database.write():
        Info.insert(key="n", value="0").execute()
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=_count_up, args=(database.path, 50))
    process.start()
    threads = [threading.Thread(target=_count_up, args=(database.path, 50)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    process.join()
    assert process.exitcode == 0
    with database.read():
        assert Info.get_by_id("n").value == "250"


def test_two_catalogs_in_one_thread(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = new_catalog(tmp_path / "a"), new_catalog(tmp_path / "b")
    with one.write():
        Info.insert(key="k", value="one").execute()
        with two.write():
            Info.insert(key="k", value="two").execute()
        assert Info.get_by_id("k").value == "one"
    with two.read():
        assert Info.get_by_id("k").value == "two"


def test_every_model_matches_its_table(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    with database.read() as db:
        for model in catalog.ALL:
            table = model._meta.table_name
            columns = {row[1] for row in db.execute_sql(f"PRAGMA table_info({table})")}
            assert columns == set(model._meta.columns), table


def test_a_newer_library_is_refused_untouched(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    with database.write() as db:
        db.execute_sql("INSERT INTO migration VALUES ('9999_from_the_future', 0)")
    with pytest.raises(UserError, match="newer VidCache"):
        migrate(database, tmp_path / "backups")
    assert not (tmp_path / "backups").exists()


def test_a_file_that_is_no_catalog_is_explained(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_bytes(b"not a database at all" * 500)
    with pytest.raises(UserError, match="damaged"):
        new_catalog(tmp_path)


def test_migrating_again_does_nothing(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    assert migrate(database, tmp_path / "backups") == []


@pytest.mark.parametrize("step", [name for name, _ in STEPS])
def test_the_frozen_library_of_every_schema_opens(tmp_path: Path, step: str) -> None:
    """``samples/<step>.sql`` is a catalog as that version wrote it; it must open for ever."""
    path = tmp_path / "catalog.db"
    connection = apsw.Connection(str(path))
    connection.execute((SAMPLES / f"{step}.sql").read_text(encoding="utf-8"))
    connection.close()
    database = Database(path)
    migrate(database, tmp_path / "backups")
    with database.read():
        assert [item.name for item in catalog.Item.select()] == ["clip.mp4"]
        assert catalog.Alias.get().source == "/films/clip.mp4"
    assert database.check() == []
    add_item(database, "one more")
