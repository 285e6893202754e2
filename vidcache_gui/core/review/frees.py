"""What removing items would free once the trash is emptied. Runs inside a read block."""

import json
from collections.abc import Sequence

from vidcache_gui.core.catalog import Blob
from vidcache_gui.core.records import Item

_SQL = """
WITH gone AS MATERIALIZED (SELECT value AS id FROM json_each(?)),
own AS MATERIALIZED (
    SELECT hash FROM item WHERE id IN (SELECT id FROM gone) AND ball_id IS NULL
    UNION SELECT hash FROM ball WHERE item_id IN (SELECT id FROM gone))
SELECT COALESCE(SUM(size), 0) FROM blob WHERE hash IN (SELECT hash FROM own)
    AND NOT EXISTS (SELECT 1 FROM item WHERE item.hash = blob.hash
        AND item.ball_id IS NULL AND item.removed_at IS NULL
        AND item.id NOT IN (SELECT id FROM gone))
    AND NOT EXISTS (SELECT 1 FROM ball LEFT JOIN item ON item.id = ball.item_id
        WHERE ball.hash = blob.hash AND (ball.item_id IS NULL
            OR item.removed_at IS NULL AND item.id NOT IN (SELECT id FROM gone)))
"""


def frees(items: Sequence[Item]) -> int:
    """Bytes that nothing names that stays."""
    ids = json.dumps([item.id for item in items])
    return int(Blob._meta.database.execute_sql(_SQL, (ids,)).fetchone()[0])
