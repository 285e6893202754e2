"""What people name as the two ends of a synchronisation, as a pair to be synchronised."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from vidcache_gui.core.library import CATALOG, Library
from vidcache_gui.core.sync.pair import Pair, SidePair, Turned
from vidcache_gui.core.sync.side import Side
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes import known
from vidcache_gui.interfaces.remotes.ours import ServerSide, is_served
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.sync.foreign import ForeignPair

NO_LIBRARY = (
    "At least one of the two must be a library: a folder that VidCache made. Neither '{}' nor "
    "'{}' is one."
)
SAME = "'{}' and '{}' are the same place."

OpenLibrary = Callable[[Path], Library]


def is_remote(text: str) -> bool:
    """Whether a name means a server: an address, or a remote that is known by this name."""
    if text.startswith(("http://", "https://")):
        return True
    looks_like_path = "/" in text or text.startswith((".", "~")) or Path(text).exists()
    return not looks_like_path and text in {one.name for one in known.known()}


def is_library(text: str) -> bool:
    return not is_remote(text) and (Path(text).expanduser() / CATALOG).exists()


@contextmanager
def opened_pair(
    first: str | Library,
    second: str | Library,
    *,
    token: str | None = None,
    open_library: OpenLibrary = lambda path: Library.open(path, create=False),
) -> Iterator[Pair]:
    """Two ends as a pair, closed at the end. Libraries that are open already stay so.

    ``token``: for a server that asks for one. Raises UserError.
    """
    with ExitStack() as stack:
        one, other = _library(first, stack, open_library), _library(second, stack, open_library)
        if one is not None and other is not None:
            if one.path.resolve() == other.path.resolve():
                raise UserError(SAME.format(one.path, other.path))
            yield SidePair(one.side(), other.side())
        elif one is not None:
            yield _with(one, str(second), token, stack)
        elif other is not None:
            yield Turned(_with(other, str(first), token, stack))
        else:
            raise UserError(NO_LIBRARY.format(first, second))


def _library(end: str | Library, stack: ExitStack, opening: OpenLibrary) -> Library | None:
    if isinstance(end, Library):
        return end
    if not is_library(end):
        return None
    return stack.enter_context(opening(Path(end).expanduser()))


def _with(library: Library, end: str, token: str | None, stack: ExitStack) -> Pair:
    if not is_remote(end):
        return library.with_folder(end)
    named = known.find(end, token)
    remote = stack.enter_context(Remote.open(named.address, secret=named.token))
    if is_served(remote):
        side: Side = ServerSide(remote)
        return SidePair(library.side(), side)
    return ForeignPair(library, remote)


def open_server(address: str, token: str | None = None) -> ServerSide:
    """A VidCache library behind its server. Raises UserError."""
    remote = Remote.open(address, secret=token)
    return ServerSide(remote)
