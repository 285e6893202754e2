"""Named steps that bring a catalog of any age to today's shape.

Each step runs in its own transaction together with the row that records it. Before the
first step on an existing catalog a full copy goes to ``backups/``. A catalog with a step
this program does not know is newer: it is refused, politely and untouched.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw

from vidcache_gui.core.database import Database
from vidcache_gui.core.sync.schema import SYNC
from vidcache_gui.errors import UserError

STEPS: tuple[tuple[str, str], ...] = (
    (
        "0001_first_library",
        """
        CREATE TABLE info (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE blob (
            hash TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL, sha256 TEXT,
            added_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX blob_size ON blob (size);
        CREATE INDEX blob_sha256 ON blob (sha256) WHERE sha256 IS NOT NULL;
        CREATE TABLE bucket (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE item (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,
            hash TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
            bucket_id INTEGER NOT NULL REFERENCES bucket (id), prefix TEXT NOT NULL,
            size INTEGER NOT NULL, added_at INTEGER NOT NULL, ball_id TEXT,
            width INTEGER NOT NULL, height INTEGER NOT NULL, frame_count INTEGER NOT NULL,
            duration REAL, length REAL NOT NULL, delay_ms REAL, fps REAL,
            codec TEXT NOT NULL, mime TEXT NOT NULL, damaged TEXT, removed_at INTEGER,
            meta TEXT);
        CREATE UNIQUE INDEX item_content ON item (hash) WHERE ball_id IS NULL;
        CREATE UNIQUE INDEX item_group ON item (bucket_id, ball_id) WHERE ball_id IS NOT NULL;
        CREATE INDEX item_hash ON item (hash);
        CREATE INDEX item_by_added ON item (added_at, id) WHERE removed_at IS NULL;
        CREATE INDEX item_by_name ON item (name_key, id) WHERE removed_at IS NULL;
        CREATE INDEX item_by_size ON item (size, id) WHERE removed_at IS NULL;
        CREATE INDEX item_by_length ON item (length, id) WHERE removed_at IS NULL;
        CREATE INDEX item_by_frames ON item (frame_count, id) WHERE removed_at IS NULL;
        CREATE INDEX item_by_bucket ON item (bucket_id, added_at, id) WHERE removed_at IS NULL;
        CREATE INDEX item_removed ON item (removed_at, id) WHERE removed_at IS NOT NULL;
        CREATE INDEX item_damaged ON item (added_at, id)
            WHERE damaged IS NOT NULL AND removed_at IS NULL;
        CREATE TABLE video (
            item_id INTEGER NOT NULL PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
            container TEXT NOT NULL, pixel_format TEXT NOT NULL, bit_rate INTEGER,
            rotation INTEGER NOT NULL, has_audio INTEGER NOT NULL, has_alpha INTEGER NOT NULL,
            checked_frames INTEGER NOT NULL, extension TEXT NOT NULL, extra TEXT NOT NULL);
        CREATE TABLE frame_index (hash TEXT NOT NULL PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE alias (
            id INTEGER NOT NULL PRIMARY KEY,
            item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
            source TEXT NOT NULL, kind TEXT NOT NULL,
            first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL);
        CREATE UNIQUE INDEX alias_item_source ON alias (item_id, source);
        CREATE INDEX alias_source ON alias (source, last_seen);
        CREATE TABLE tag (
            item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
            name TEXT NOT NULL, PRIMARY KEY (item_id, name)) WITHOUT ROWID;
        CREATE INDEX tag_name ON tag (name, item_id);
        CREATE TABLE ball (
            id INTEGER NOT NULL PRIMARY KEY,
            bucket_id INTEGER NOT NULL REFERENCES bucket (id), ball_id TEXT NOT NULL,
            key TEXT NOT NULL, item_id INTEGER REFERENCES item (id) ON DELETE CASCADE,
            hash TEXT NOT NULL REFERENCES blob (hash), size INTEGER NOT NULL,
            checksum TEXT NOT NULL, content_type TEXT NOT NULL, producer_id TEXT NOT NULL,
            tags TEXT NOT NULL, frame_number INTEGER, is_disabled INTEGER NOT NULL DEFAULT 0);
        CREATE UNIQUE INDEX ball_key ON ball (bucket_id, key);
        CREATE INDEX ball_group ON ball (bucket_id, ball_id, frame_number);
        CREATE INDEX ball_item ON ball (item_id, frame_number);
        CREATE INDEX ball_hash ON ball (hash);
        CREATE TABLE job (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL,
            title TEXT NOT NULL, options TEXT NOT NULL, created_at INTEGER NOT NULL,
            finished_at INTEGER, owner TEXT);
        CREATE TABLE job_source (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
            source TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
            size INTEGER NOT NULL, status TEXT, reason TEXT, hash TEXT, name TEXT,
            item_id INTEGER);
        CREATE UNIQUE INDEX job_source_once ON job_source (job_id, source, kind);
        CREATE INDEX job_source_waiting ON job_source (job_id, state, id);
        CREATE TABLE journal (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
            label TEXT NOT NULL, forward TEXT NOT NULL, backward TEXT NOT NULL,
            undone INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE change (
            seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, item_id INTEGER NOT NULL,
            what TEXT NOT NULL);
        CREATE VIRTUAL TABLE item_text USING fts5 (
            name, place, tags, meta, sources,
            tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
        """,
    ),
    (
        "0002_bookmarks",
        """
        ALTER TABLE item ADD COLUMN bookmarks TEXT;
        ALTER TABLE item ADD COLUMN delays TEXT;
        """,
    ),
    (
        "0003_same_footage",
        """
        CREATE TABLE fingerprint (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE,
            present INTEGER NOT NULL DEFAULT 1, state TEXT NOT NULL DEFAULT 'waiting',
            version INTEGER NOT NULL DEFAULT 0, stamp INTEGER, checked_version INTEGER,
            reason TEXT, stream TEXT, data BLOB);
        CREATE INDEX fingerprint_state ON fingerprint (present, state, checked_version);
        CREATE INDEX fingerprint_waiting ON fingerprint (id)
            WHERE present AND state = 'waiting';
        CREATE INDEX fingerprint_unchecked ON fingerprint (id)
            WHERE present AND state = 'ready' AND checked_version IS NULL;
        CREATE UNIQUE INDEX fingerprint_stamp ON fingerprint (stamp) WHERE stamp IS NOT NULL;
        CREATE INDEX fingerprint_stream ON fingerprint (stream) WHERE stream IS NOT NULL;
        CREATE INDEX item_live_hash ON item (hash) WHERE removed_at IS NULL;
        CREATE TABLE "match" (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, hash_a TEXT NOT NULL,
            hash_b TEXT NOT NULL, relation TEXT NOT NULL, tier TEXT NOT NULL,
            found_relation TEXT NOT NULL, found_tier TEXT NOT NULL, score REAL NOT NULL,
            doubt REAL NOT NULL, coverage_a REAL NOT NULL, coverage_b REAL NOT NULL,
            data TEXT NOT NULL, found_at INTEGER NOT NULL, round INTEGER NOT NULL,
            shown INTEGER NOT NULL DEFAULT 0, verdict TEXT, CHECK (hash_a < hash_b));
        CREATE UNIQUE INDEX match_pair ON "match" (hash_a, hash_b);
        CREATE INDEX match_other ON "match" (hash_b, hash_a);
        CREATE INDEX match_open ON "match" (tier, doubt, id)
            WHERE shown AND verdict IS NULL AND relation <> 'shared segment';
        CREATE INDEX match_open_relation ON "match" (relation, tier, doubt, id)
            WHERE shown AND verdict IS NULL;
        CREATE INDEX match_shown ON "match" (tier, doubt, id) WHERE shown;
        CREATE INDEX match_round ON "match" (round);
        CREATE TABLE decision (
            hash_a TEXT NOT NULL, hash_b TEXT NOT NULL, verdict TEXT NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (hash_a, hash_b), CHECK (hash_a < hash_b))
            WITHOUT ROWID;
        CREATE INDEX decision_other ON decision (hash_b);
        CREATE INDEX decision_at ON decision (at);
        CREATE TABLE family (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
            seconds REAL NOT NULL);
        CREATE TABLE family_member (
            id INTEGER NOT NULL PRIMARY KEY,
            family_id INTEGER NOT NULL REFERENCES family (id) ON DELETE CASCADE,
            hash TEXT NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL);
        CREATE INDEX family_member_hash ON family_member (hash);
        CREATE INDEX family_member_family ON family_member (family_id);
        CREATE TABLE memory (
            hash TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, deleted_at INTEGER NOT NULL)
            WITHOUT ROWID;
        ALTER TABLE job_source ADD COLUMN phash_distance INTEGER;
        ALTER TABLE job_source ADD COLUMN duplicate_of TEXT;
        ALTER TABLE job_source ADD COLUMN look_alike TEXT;
        ALTER TABLE job_source ADD COLUMN remembered TEXT;
        INSERT OR IGNORE INTO fingerprint (hash) SELECT hash FROM item ORDER BY id;
        CREATE TRIGGER item_comes AFTER INSERT ON item BEGIN
            INSERT INTO fingerprint (hash) VALUES (NEW.hash)
                ON CONFLICT (hash) DO UPDATE SET present = 1;
            UPDATE "match" SET shown =
                EXISTS (SELECT 1 FROM item WHERE hash = hash_a AND removed_at IS NULL)
                AND EXISTS (SELECT 1 FROM item WHERE hash = hash_b AND removed_at IS NULL)
                WHERE hash_a = NEW.hash OR hash_b = NEW.hash;
        END;
        CREATE TRIGGER item_moves AFTER UPDATE OF removed_at ON item
            WHEN (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL) BEGIN
            UPDATE "match" SET shown =
                EXISTS (SELECT 1 FROM item WHERE hash = hash_a AND removed_at IS NULL)
                AND EXISTS (SELECT 1 FROM item WHERE hash = hash_b AND removed_at IS NULL)
                WHERE hash_a = NEW.hash OR hash_b = NEW.hash;
        END;
        CREATE TRIGGER item_goes AFTER DELETE ON item BEGIN
            UPDATE fingerprint SET present = 0 WHERE hash = OLD.hash
                AND NOT EXISTS (SELECT 1 FROM item WHERE hash = OLD.hash);
            DELETE FROM fingerprint WHERE hash = OLD.hash AND NOT present AND state <> 'ready';
            UPDATE "match" SET shown = 0 WHERE (hash_a = OLD.hash OR hash_b = OLD.hash)
                AND NOT EXISTS
                    (SELECT 1 FROM item WHERE hash = OLD.hash AND removed_at IS NULL);
        END;
        CREATE TRIGGER match_comes AFTER INSERT ON "match" BEGIN
            UPDATE "match" SET shown =
                EXISTS (SELECT 1 FROM item WHERE hash = NEW.hash_a AND removed_at IS NULL)
                AND EXISTS (SELECT 1 FROM item WHERE hash = NEW.hash_b AND removed_at IS NULL),
                verdict = (SELECT verdict FROM decision
                    WHERE hash_a = NEW.hash_a AND hash_b = NEW.hash_b)
                WHERE id = NEW.id;
        END;
        CREATE TRIGGER decision_comes AFTER INSERT ON decision BEGIN
            UPDATE "match" SET verdict = NEW.verdict
                WHERE hash_a = NEW.hash_a AND hash_b = NEW.hash_b;
        END;
        CREATE TRIGGER decision_changes AFTER UPDATE ON decision BEGIN
            UPDATE "match" SET verdict = NEW.verdict
                WHERE hash_a = NEW.hash_a AND hash_b = NEW.hash_b;
        END;
        CREATE TRIGGER decision_goes AFTER DELETE ON decision BEGIN
            UPDATE "match" SET verdict = NULL
                WHERE hash_a = OLD.hash_a AND hash_b = OLD.hash_b;
        END;
        """,
    ),
    (
        "0004_review",
        """
        ALTER TABLE journal ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE review_skip (key TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL)
            WITHOUT ROWID;
        CREATE TABLE review_dirty (hash TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE review_group (
            lane TEXT NOT NULL, keeper TEXT NOT NULL, relation INTEGER NOT NULL,
            doubt REAL NOT NULL, skipped_at INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (lane, keeper)) WITHOUT ROWID;
        CREATE UNIQUE INDEX review_order
            ON review_group (skipped_at, lane, relation, doubt, keeper);
        CREATE TABLE review_member (
            lane TEXT NOT NULL, hash TEXT NOT NULL, keeper TEXT NOT NULL, "match" INTEGER,
            relation INTEGER, doubt REAL, likeness REAL, size INTEGER NOT NULL,
            PRIMARY KEY (lane, hash)) WITHOUT ROWID;
        CREATE INDEX review_member_of
            ON review_member (lane, keeper, doubt, relation, likeness, "match", size)
            WHERE "match" IS NOT NULL;
        CREATE TABLE review_arrival (hash TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE review_rule (name TEXT NOT NULL PRIMARY KEY, data TEXT NOT NULL)
            WITHOUT ROWID;
        INSERT INTO review_dirty (hash)
            SELECT hash_a FROM "match" WHERE shown UNION SELECT hash_b FROM "match" WHERE shown;
        CREATE TRIGGER review_match_changes
            AFTER UPDATE OF shown, verdict, tier, relation, doubt ON "match"
            WHEN OLD.shown IS NOT NEW.shown OR OLD.verdict IS NOT NEW.verdict
                OR OLD.tier IS NOT NEW.tier OR OLD.relation IS NOT NEW.relation
                OR OLD.doubt IS NOT NEW.doubt BEGIN
            INSERT OR IGNORE INTO review_dirty (hash) VALUES (NEW.hash_a), (NEW.hash_b);
        END;
        CREATE TRIGGER review_match_goes AFTER DELETE ON "match" WHEN OLD.shown BEGIN
            INSERT OR IGNORE INTO review_dirty (hash) VALUES (OLD.hash_a), (OLD.hash_b);
        END;
        CREATE TRIGGER review_skip_comes AFTER INSERT ON review_skip BEGIN
            UPDATE review_group SET skipped_at = NEW.at
                WHERE lane = substr(NEW.key, 1, instr(NEW.key, ':') - 1)
                AND keeper = substr(NEW.key, instr(NEW.key, ':') + 1);
        END;
        CREATE TRIGGER review_skip_goes AFTER DELETE ON review_skip BEGIN
            UPDATE review_group SET skipped_at = 0
                WHERE lane = substr(OLD.key, 1, instr(OLD.key, ':') - 1)
                AND keeper = substr(OLD.key, instr(OLD.key, ':') + 1);
        END;
        CREATE TRIGGER review_item_comes AFTER INSERT ON item BEGIN
            INSERT OR IGNORE INTO review_arrival (hash) VALUES (NEW.hash);
        END;
        """,
    ),
    (
        "0005_quality",
        """
        CREATE TABLE quality (
            hash_a TEXT NOT NULL, hash_b TEXT NOT NULL, stamp TEXT NOT NULL,
            data TEXT NOT NULL, PRIMARY KEY (hash_a, hash_b), CHECK (hash_a < hash_b))
            WITHOUT ROWID;
        CREATE INDEX quality_other ON quality (hash_b);
        CREATE TRIGGER quality_goes AFTER DELETE ON item BEGIN
            DELETE FROM quality WHERE (hash_a = OLD.hash OR hash_b = OLD.hash)
                AND NOT EXISTS (SELECT 1 FROM item WHERE hash = OLD.hash);
        END;
        """,
    ),
    (
        "0006_growing_groups",
        """
        CREATE TABLE growing (
            item_id INTEGER NOT NULL PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE);
        CREATE TRIGGER item_changes AFTER UPDATE OF hash ON item WHEN OLD.hash <> NEW.hash BEGIN
            INSERT INTO fingerprint (hash) VALUES (NEW.hash)
                ON CONFLICT (hash) DO UPDATE SET present = 1;
            UPDATE fingerprint SET present = 0 WHERE hash = OLD.hash
                AND NOT EXISTS (SELECT 1 FROM item WHERE hash = OLD.hash);
            DELETE FROM fingerprint WHERE hash = OLD.hash AND NOT present AND state <> 'ready';
            UPDATE "match" SET shown =
                EXISTS (SELECT 1 FROM item WHERE hash = hash_a AND removed_at IS NULL)
                AND EXISTS (SELECT 1 FROM item WHERE hash = hash_b AND removed_at IS NULL)
                WHERE hash_a IN (OLD.hash, NEW.hash) OR hash_b IN (OLD.hash, NEW.hash);
            INSERT OR IGNORE INTO review_arrival (hash) VALUES (NEW.hash);
            DELETE FROM review_arrival WHERE hash = OLD.hash
                AND NOT EXISTS (SELECT 1 FROM item WHERE hash = OLD.hash);
            DELETE FROM quality WHERE (hash_a = OLD.hash OR hash_b = OLD.hash)
                AND NOT EXISTS (SELECT 1 FROM item WHERE hash = OLD.hash);
        END;
        """,
    ),
    (
        "0007_bulk",
        """
        CREATE TABLE bulk_job (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL, concurrency INTEGER NOT NULL,
            stop_on_failure INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL, finished_at INTEGER, seconds REAL NOT NULL DEFAULT 0,
            owner TEXT, note TEXT, step INTEGER);
        CREATE TABLE bulk_item (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            job_id INTEGER NOT NULL REFERENCES bulk_job (id) ON DELETE CASCADE,
            identity TEXT NOT NULL, action TEXT NOT NULL, label TEXT NOT NULL,
            options TEXT NOT NULL, line INTEGER, state TEXT NOT NULL DEFAULT 'waiting',
            status TEXT, reason TEXT, size INTEGER NOT NULL DEFAULT 0, item_id INTEGER,
            path TEXT, made TEXT);
        CREATE UNIQUE INDEX bulk_item_once ON bulk_item (job_id, identity);
        CREATE INDEX bulk_item_totals ON bulk_item (job_id, state, status, size);
        CREATE INDEX bulk_item_waiting ON bulk_item (job_id, id) WHERE state = 'waiting';
        """,
    ),
    ("0008_sync", SYNC),
    (  # files in chunks, which were data whatever was in them, are looked at again
        "0009_chunked_files",
        """
        INSERT OR IGNORE INTO growing (item_id)
            SELECT DISTINCT item.id FROM item JOIN ball ON ball.item_id = item.id
            WHERE item.kind = 'data'
                AND json_extract(ball.tags, '$.num_chunks') IS NOT NULL;
        """,
    ),
)


def migrate(database: Database, backups: Path) -> list[str]:
    """Bring the catalog to today's shape; returns the names of the steps that ran.

    Raises UserError when the catalog was made by a newer program.
    """
    with database.read() as db:
        done = _applied(db)
    known = [name for name, _ in STEPS]
    unknown = sorted(done - set(known))
    if unknown:
        raise UserError(
            "This library was last used by a newer VidCache (it has the change "
            f"'{unknown[-1]}'). It was not touched. Update VidCache to open it."
        )
    waiting = [(name, script) for name, script in STEPS if name not in done]
    if not waiting:
        return []
    if done:
        backups.mkdir(exist_ok=True)
        database.backup(backups / f"catalog-before-{waiting[0][0]}-{int(time.time())}.db")
    for name, script in waiting:
        with database.write() as db:
            if name in _applied(db):  # another process was quicker
                continue
            db.execute_sql(
                "CREATE TABLE IF NOT EXISTS migration "
                "(name TEXT NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL)"
            )
            for statement in _statements(script):
                db.execute_sql(statement)
            db.execute_sql(
                "INSERT INTO migration (name, applied_at) VALUES (?, ?)",
                (name, int(time.time() * 1000)),
            )
    return [name for name, _ in waiting]


def _applied(db: Any) -> set[str]:
    exists = db.execute_sql(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'"
    ).fetchone()
    if not exists:
        return set()
    return {row[0] for row in db.execute_sql("SELECT name FROM migration").fetchall()}


def _statements(script: str) -> Iterator[str]:
    """One statement after the other; a trigger's body has semicolons of its own."""
    statement = ""
    for part in script.split(";")[:-1]:
        statement += part + ";"
        if apsw.complete(statement):
            yield statement.strip()
            statement = ""
