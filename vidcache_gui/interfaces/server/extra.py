"""The server's libraries are an extra: not everybody who keeps an archive serves it."""

from typing import TYPE_CHECKING

from vidcache_gui.errors import UserError

if TYPE_CHECKING:
    from vidcache_gui.interfaces.server.service import Service


def load() -> "type[Service]":
    """The server's class. Raises UserError that says what to install where that is missing."""
    try:
        from vidcache_gui.interfaces.server.service import Service
    except ModuleNotFoundError as error:
        raise UserError(
            f"The server needs '{error.name}'. Install it with: pip install 'vidcache[server]'"
        ) from error
    return Service
