"""What goes wrong with an index on disk."""

from vidcache_gui.errors import LibraryError, UserError


class IndexDamaged(UserError):
    """Files of the index are not what was written. It can be made again from the fingerprints."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The index of what everything looks like is damaged: {what}. Nothing of yours is "
            "lost: it is made again from the fingerprints."
        )


class IndexBusy(LibraryError):
    """Another process, or another object of this one, is writing to this index."""
