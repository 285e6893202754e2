"""Every transform of the second set: importing the parts registers them."""

from tests.bench.matching import changes_codec, changes_picture, changes_time, mixes
from tests.bench.matching.recipe import ALL, Transform

_REGISTER = (changes_picture, changes_time, changes_codec, mixes)


def transforms() -> dict[str, Transform]:
    """By name, in the order they were written down."""
    return dict(ALL)
