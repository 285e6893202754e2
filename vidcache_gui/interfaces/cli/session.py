"""One run of the command line: which library, how to print, how it ends."""

import logging
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import typer

from vidcache_gui.core.places import default_library
from vidcache_gui.errors import LibraryError, UserError
from vidcache_gui.interfaces.cli.output import Output
from vidcache_gui.interfaces.download import download

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library


class Against(NamedTuple):
    """What an item is compared with. ``offset``: the second of it that belongs to the start of
    the first item; ``rate``: how many of its seconds pass in one of the first."""

    item_id: int
    offset: float
    rate: float


class Play(Protocol):
    def __call__(
        self, library: Path, item_id: int, delay_ms: float | None, against: Against | None = None
    ) -> int:
        """Open a window over an item; the exit code."""
        ...


class Code(IntEnum):
    """How the program ends; documented in docs/cli.md and in ``vidcache --help``."""

    FINE = 0
    FAILED = 1
    USAGE = 2
    LIBRARY = 3
    BUG = 70  # EX_SOFTWARE
    STOPPED = 130  # 128 + SIGINT
    PIPE_CLOSED = 141  # 128 + SIGPIPE


class Session:
    """What every command gets as ``ctx.obj``."""

    def __init__(self, path: Path | None, output: Output, play: Play, verbose: int = 0) -> None:
        self._path = path
        self.output = output
        self.play = play
        self.verbose = verbose

    @property
    def path(self) -> Path:
        return self._path or default_library()

    def command(self, words: str) -> str:
        """A command line for people to copy that goes on in this library."""
        if self._path is None:
            return f"vidcache {words}"
        return f"vidcache --library {shlex.quote(str(self._path))} {words}"

    @contextmanager
    def open(self, *, create: bool = False) -> Iterator["Library"]:
        """The library, closed at the end. Raises LibraryError when it cannot be used.

        Only verbs that bring something in make a new library: a mistyped path must not
        answer "0 items".
        """
        from vidcache_gui.core.library import Library

        try:
            library = Library.open(self.path, create=create, fetch=download)
        except UserError as error:
            raise LibraryError(str(error)) from error
        except OSError as error:
            raise LibraryError(
                f"The library '{self.path}' cannot be used ({error.strerror}). Nothing was changed."
            ) from error
        with library:
            yield library


def set_up_logging(verbose: int) -> None:
    """Results speak for themselves; ``-v`` adds what the program did, ``-vv`` everything."""
    level = {0: logging.CRITICAL, 1: logging.INFO}.get(verbose, logging.DEBUG)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("vidcache_gui").setLevel(level)


def session(ctx: typer.Context) -> Session:
    """The session of a running command."""
    found = ctx.find_object(Session)
    assert found is not None, "the group's callback makes it"
    return found
