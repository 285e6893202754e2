"""A finished file gets its name, and never takes it from another."""

import os
from pathlib import Path


def rename_new(made: Path, target: Path) -> None:
    """Rename a file or folder without ever replacing one. Raises FileExistsError, OSError.

    A rename would replace; a link fails where something is. Where there are no links (the file
    systems of memory cards) and for folders the name is claimed first.
    """
    try:
        os.link(made, target)
    except FileExistsError:
        raise
    except OSError:
        _claim(made, target)
    else:
        made.unlink()


def _claim(made: Path, target: Path) -> None:
    if made.is_dir():
        target.mkdir()
    else:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC))
    try:
        os.rename(made, target)
    except BaseException:
        if target.is_dir():
            target.rmdir()
        else:
            target.unlink()
        raise
