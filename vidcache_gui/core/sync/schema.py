"""What a catalog remembers for synchronising.

``sync_dirty``: what changed since it was last summed up; triggers write it. ``sync_entry``: one
row for everything that travels, with its digest (none when it was deleted), found by the hash of
its id. ``sync_node``: digests of all entries below a prefix of those hashes, joined by XOR, so
that two catalogs find what differs without looking at what does not. ``sync_file``: the hashes of
files in folders, so that none is read twice, and which of them were in the library.
"""

_NOW = "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
_AGAIN = "ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at"


def _item(row: str) -> str:
    """The columns that name an item in ``sync_dirty``."""
    return (
        f"CASE WHEN {row}.ball_id IS NULL THEN 'f' ELSE 'g' END, "
        f"CASE WHEN {row}.ball_id IS NULL THEN {row}.hash ELSE {row}.bucket_id END, "
        f"COALESCE({row}.ball_id, '')"
    )


def _parts() -> str:
    parts = {
        "name": ("name",), "place": ("bucket_id", "prefix"), "meta": ("meta",),
        "marks": ("bookmarks",), "delays": ("delays", "delay_ms"),
    }  # fmt: skip
    return " UNION ALL ".join(
        f"SELECT '{part}' AS part WHERE "
        + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        for part, columns in parts.items()
    )


def _linked(table: str, part: str) -> str:
    """Triggers of a table whose rows belong to items."""
    return "".join(
        f"""
        CREATE TRIGGER sync_{table}_{name} AFTER {event} ON {table} BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                SELECT {_item("item")}, '{part}', {_NOW} FROM item
                WHERE id = {row}.item_id {_AGAIN};
        END;
        """
        for name, event, row in (("comes", "INSERT", "NEW"), ("goes", "DELETE", "OLD"))
    )


SYNC = f"""
        CREATE TABLE sync_dirty (
            kind TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, part TEXT NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (kind, a, b, part)) WITHOUT ROWID;
        CREATE TABLE sync_entry (
            place TEXT NOT NULL PRIMARY KEY, id TEXT NOT NULL, digest TEXT,
            at INTEGER NOT NULL, elements TEXT) WITHOUT ROWID;
        CREATE TABLE sync_node (
            prefix TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL, sum TEXT NOT NULL)
            WITHOUT ROWID;
        CREATE TABLE sync_file (
            folder TEXT NOT NULL, path TEXT NOT NULL, blake3 TEXT NOT NULL, sha256 TEXT,
            size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, shared INTEGER NOT NULL DEFAULT 0,
            gone_at INTEGER, PRIMARY KEY (folder, path, blake3)) WITHOUT ROWID;
        INSERT INTO sync_dirty (kind, a, b, part, at)
            SELECT {_item("item")}, '*', COALESCE(removed_at, added_at) FROM item;
        INSERT INTO sync_dirty (kind, a, b, part, at)
            SELECT 'b', ball.bucket_id, key, '*', COALESCE(removed_at, added_at)
            FROM ball JOIN item ON item.id = ball.item_id;
        INSERT INTO sync_dirty (kind, a, b, part, at)
            SELECT 'd', hash_a, hash_b, '*', at FROM decision;
        INSERT OR IGNORE INTO sync_dirty (kind, a, b, part, at)
            SELECT 'f', hash, '', '*', deleted_at FROM memory;
        CREATE TRIGGER sync_item_comes AFTER INSERT ON item BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ({_item("NEW")}, '*', {_NOW}) {_AGAIN};
        END;
        CREATE TRIGGER sync_item_goes AFTER DELETE ON item BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ({_item("OLD")}, '*', {_NOW}) {_AGAIN};
        END;
        CREATE TRIGGER sync_item_moves AFTER UPDATE OF removed_at ON item
            WHEN OLD.removed_at IS NOT NEW.removed_at BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ({_item("NEW")}, 'state', COALESCE(NEW.removed_at, {_NOW})) {_AGAIN};
        END;
        CREATE TRIGGER sync_group_moves AFTER UPDATE OF bucket_id, ball_id ON item
            WHEN OLD.ball_id IS NOT NULL
                AND (OLD.ball_id <> NEW.ball_id OR OLD.bucket_id <> NEW.bucket_id) BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ({_item("OLD")}, '*', {_NOW}), ({_item("NEW")}, '*', {_NOW}) {_AGAIN};
        END;
        CREATE TRIGGER sync_item_changes
            AFTER UPDATE OF name, bucket_id, prefix, meta, bookmarks, delays, delay_ms ON item
            BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                SELECT {_item("NEW")}, part, {_NOW} FROM ({_parts()}) WHERE true {_AGAIN};
        END;
        {_linked("tag", "tags")}
        {_linked("alias", "aliases")}
        CREATE TRIGGER sync_ball_comes AFTER INSERT ON ball BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ('b', NEW.bucket_id, NEW.key, '*', {_NOW}) {_AGAIN};
        END;
        CREATE TRIGGER sync_ball_goes AFTER DELETE ON ball BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ('b', OLD.bucket_id, OLD.key, '*', {_NOW}) {_AGAIN};
        END;
        CREATE TRIGGER sync_ball_changes AFTER UPDATE ON ball BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ('b', OLD.bucket_id, OLD.key, '*', {_NOW}),
                ('b', NEW.bucket_id, NEW.key, '*', {_NOW}) {_AGAIN};
        END;
        CREATE TRIGGER sync_decision_comes AFTER INSERT ON decision BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ('d', NEW.hash_a, NEW.hash_b, '*', NEW.at) {_AGAIN};
        END;
        CREATE TRIGGER sync_decision_goes AFTER DELETE ON decision BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ('d', OLD.hash_a, OLD.hash_b, '*', {_NOW}) {_AGAIN};
        END;
        """
