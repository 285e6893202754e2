"""Fetching addresses, without loading what speaks to the network before the first is met."""

from collections.abc import Callable
from typing import Any, BinaryIO

from vidcache_gui.cancel import CancelToken


def download(
    url: str,
    out: BinaryIO,
    *,
    token: CancelToken,
    on_bytes: Callable[[int, int | None], None],
    allow_private: bool,
) -> Any:
    """:func:`interfaces.fetch.fetch`, imported when the first address is met."""
    from vidcache_gui.interfaces.fetch import fetch

    return fetch(url, out, token=token, on_bytes=on_bytes, allow_private=allow_private)
