"""The two families of errors, known to every layer.

``UserError``: the world is not as it should be (a full disk, a damaged file, a
library that is open elsewhere). Its text is shown to people as it stands, so it
says what happened, what was kept, and what to do.

``BugError``: we are wrong. It is logged with its traceback and reported.
"""


class UserError(Exception):
    """Something outside the program failed; ``str(error)`` is for people."""


class LibraryError(UserError):
    """The library itself cannot be used now: locked, damaged, too new, or none at all."""


class BugError(Exception):
    """The program broke a promise it makes to itself."""


class Cancelled(Exception):
    """The person asked for this work to stop. Not a failure."""
