"""What people said of two contents. Undoable; kept through removal, deletion and re-import."""

from collections.abc import Sequence

from vidcache_gui.core import journal, rows
from vidcache_gui.core.catalog import DecisionRow
from vidcache_gui.core.database import Database
from vidcache_gui.core.journal import Patch, Said
from vidcache_gui.core.records import Changes, Item
from vidcache_gui.core.similar import found, memory
from vidcache_gui.core.similar.found import decision_record, pair
from vidcache_gui.core.similar.records import Decision, Verdict
from vidcache_gui.errors import UserError

LABELS = {
    Verdict.NOT_A_MATCH: "Not a match: '{}' and '{}'",
    Verdict.KEEP_BOTH: "Keep both: '{}' and '{}'",
    Verdict.LINKED: "Link '{}' as a part of '{}'",
    None: "Take back what was said of '{}' and '{}'",
}


def decide(database: Database, item_a: int, item_b: int, verdict: Verdict | None) -> Changes:
    """Say it of two items, or (None) take it back."""
    with database.read():
        one, two = _two(item_a, item_b)
    a, b = pair(one.hash, two.hash)
    said: Said = (a, b, None if verdict is None else verdict.value, rows.now_ms())
    label = LABELS[verdict].format(one.name, two.name)
    return journal.change(database, label, lambda: Patch(verdicts=[said]))


def decide_among(database: Database, ids: Sequence[int], verdict: Verdict) -> Changes:
    """Say the same of several items: of each two that are listed as a match."""
    if len(ids) == 2:
        return decide(database, ids[0], ids[1], verdict)
    with database.read():
        items = rows.get_items(list(ids))
        if len(items) < len(set(ids)) or len(items) < 2:
            raise UserError("One of these items is no longer in the library.")
        pairs = found.pairs_among({item.hash for item in items})
    if not pairs:
        raise UserError("No two of these items are listed as a match.")
    at = rows.now_ms()
    first = next(item for item in items if item.id == ids[0])
    label = LABELS[verdict].format(first.name, "…").replace("'…'", f"{len(items) - 1:,} others")
    said: list[Said] = [(a, b, verdict.value, at) for a, b in pairs]
    return journal.change(database, label, lambda: Patch(verdicts=said))


def withdraw(database: Database, decision: Decision) -> Changes:
    """Take a decision back, also one about contents that are no longer here."""
    with database.read():
        live = found.live_items((decision.hash_a, decision.hash_b))
        names = [
            live[hash].name if hash in live else memory.name(hash) or hash[:12]
            for hash in (decision.hash_a, decision.hash_b)
        ]
    said: Said = (decision.hash_a, decision.hash_b, None, rows.now_ms())
    label = LABELS[None].format(*names)
    return journal.change(database, label, lambda: Patch(verdicts=[said]))


def _two(item_a: int, item_b: int) -> tuple[Item, Item]:
    items = {item.id: item for item in rows.get_items([item_a, item_b])}
    if item_a not in items or item_b not in items:
        raise UserError("This item is no longer in the library.")
    one, two = items[item_a], items[item_b]
    if one.hash == two.hash:
        raise UserError("These are the same bytes. There is nothing to decide about.")
    return one, two


def listed(hash: str | None, limit: int) -> list[Decision]:
    """Newest first; of one content where given. Call inside a read block."""
    said = DecisionRow.select().order_by(DecisionRow.at.desc(), DecisionRow.hash_a)
    if hash is not None:
        said = said.where((DecisionRow.hash_a == hash) | (DecisionRow.hash_b == hash))
    return [decision_record(row) for row in said.limit(limit)]
