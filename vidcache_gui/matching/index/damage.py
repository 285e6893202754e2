"""What goes wrong with an index on disk."""

from vidcache_gui.errors import LibraryError, UserError


class IndexDamaged(UserError):
    """The files of the index are not what was written. Nothing is lost: it can be made again
    from the fingerprints."""


class IndexBusy(LibraryError):
    """Another process is writing to this index."""
