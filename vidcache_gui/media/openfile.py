"""Opening files that people name, without being trapped by what is no file.

A pipe would block for ever, a device never ends, a link may lead anywhere: so nothing is
followed or waited for, and only regular files get through.
"""

import errno
import os
import stat
from typing import BinaryIO

from vidcache_gui.errors import UserError

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


def open_regular(path: str, *, follow: bool = False, buffering: int = -1) -> BinaryIO:
    """Open a regular file for reading. Raises UserError for anything else, in plain words.

    ``follow``: accept a symbolic link to a regular file. ``buffering``: as of ``open``.
    """
    try:
        fd = os.open(path, _FLAGS | (0 if follow else os.O_NOFOLLOW))
    except OSError as error:
        raise UserError(_explain(error)) from error
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        os.close(fd)
        raise UserError(f"It is {_what(mode)}, not a file.")
    return os.fdopen(fd, "rb", buffering)


def _explain(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "It is not there (any more)."
    if isinstance(error, PermissionError):
        return "It may not be read: permission is missing."
    if error.errno == errno.ELOOP:
        return "It is a link; links are not followed. Add what it points to by itself."
    if error.errno == errno.ENXIO:
        return "It is a socket or pipe, not a file."
    return f"It could not be opened ({error.strerror})."


def _what(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        return "a device"
    return "a socket"
