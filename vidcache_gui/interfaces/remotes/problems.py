"""What can go wrong with a remote, each as one sentence for people."""

from vidcache_gui.errors import UserError


class RemoteError(UserError):
    """A remote did not do what was asked. ``status`` is HTTP's, ``code`` MictlanX's own."""

    def __init__(self, text: str, *, status: int = 0, code: int = 0) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


class Missing(RemoteError):
    """It is not there."""


class Passing(RemoteError):
    """It failed in a way that may pass: the network, or a server that is busy."""

    def __init__(
        self, text: str, *, status: int = 0, code: int = 0, after: float | None = None
    ) -> None:
        """``after``: seconds the server asks us to wait before the next attempt."""
        super().__init__(text, status=status, code=code)
        self.after = after


class Refused(RemoteError):
    """It will not do this, or does not know how."""


class Damaged(RemoteError):
    """What it sent is not what it should be."""
