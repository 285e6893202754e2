"""Exact multi-index hashing over the hashes of all frames of a library."""

from vidcache_gui.matching.index.damage import IndexBusy, IndexDamaged
from vidcache_gui.matching.index.hits import Common, Hits, Votes
from vidcache_gui.matching.index.index import HashIndex

__all__ = ["Common", "HashIndex", "Hits", "IndexBusy", "IndexDamaged", "Votes"]
