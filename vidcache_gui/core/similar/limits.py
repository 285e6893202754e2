"""From which score on a match is certain or likely here. Every function runs inside a block."""

from vidcache_gui.core.catalog import Info, MatchRow
from vidcache_gui.core.similar.records import TierLimits
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Tier

CERTAIN, LIKELY = "similar.certain", "similar.likely"


def read() -> TierLimits:
    known = dict(Info.select(Info.key, Info.value).where(Info.key.in_([CERTAIN, LIKELY])).tuples())
    return TierLimits(float(known.get(CERTAIN, 0.0)), float(known.get(LIKELY, 0.0)))


def write(limits: TierLimits) -> None:
    """Keep the limits and sort every match anew, from what its comparison said."""
    if not 0 <= limits.likely <= 1 or not 0 <= limits.certain <= 1:
        raise UserError("A limit is a score between 0 and 1.")
    for key, value in ((CERTAIN, limits.certain), (LIKELY, limits.likely)):
        Info.replace(key=key, value=repr(value)).execute()
    MatchRow._meta.database.execute_sql(
        'UPDATE "match" SET tier = CASE '
        "WHEN found_tier = 'certain' AND score >= ? THEN 'certain' "
        "WHEN found_tier <> 'look' AND score >= ? THEN 'likely' ELSE 'look' END",
        (limits.certain, limits.likely),
    )


def tier(found: Tier, score: float, limits: TierLimits) -> Tier:
    """The tier of a match with this score; limits only ever make it less sure."""
    if found is Tier.CERTAIN and score >= limits.certain:
        return Tier.CERTAIN
    if found is not Tier.LOOK and score >= limits.likely:
        return Tier.LIKELY
    return Tier.LOOK
