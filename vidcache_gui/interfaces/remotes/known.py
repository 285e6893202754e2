"""Remotes a person knows by name: kept with their settings, not in any library.

The file may hold tokens, so nobody else may read it, and no list shows them.
"""

import contextlib
import fcntl
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vidcache_gui.core.blobs import write_error
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes.http import base_address, plain

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """A server a person named."""

    name: str
    address: str
    token: str | None = None

    def __repr__(self) -> str:  # tokens reach no log
        return f"Known({self.name!r}, {self.address!r})"


def settings_file() -> Path:
    from platformdirs import user_config_path

    return user_config_path("vidcache") / "remotes.json"


def known() -> list[Known]:
    """All of them, by name. Raises UserError when the file cannot be read."""
    return sorted(_read(settings_file()).values(), key=lambda one: one.name.casefold())


def find(text: str, token: str | None = None) -> Known:
    """The remote of this name, or at this address. Raises UserError when it is neither."""
    remotes = _read(settings_file())
    if text in remotes:
        one = remotes[text]
        return Known(one.name, one.address, token or one.token)
    if text.startswith(("http://", "https://")):
        address = base_address(text)
        same = [one for one in remotes.values() if one.address == address]
        return Known(address, address, token or (same[0].token if same else None))
    names = ", ".join(sorted(remotes)) or "none yet"
    raise UserError(
        f"No remote is called '{plain(text, 80)}' (known: {names}). Give its address, or add it "
        "with: vidcache remotes add NAME ADDRESS"
    )


def add(name: str, address: str, token: str | None = None) -> Known:
    """Remember a remote, also in the place of one of this name. Raises UserError."""
    if not NAME.fullmatch(name):
        raise UserError(
            f"'{plain(name, 80)}' cannot name a remote: use letters, digits, '.', '_' and '-'."
        )
    if token is not None and (not token.isascii() or not token.isprintable() or " " in token):
        raise UserError("A token has letters, digits and signs only, no spaces.")
    new = Known(name, base_address(address), token or None)
    with _changing() as remotes:
        remotes[name] = new
    return new


def remove(name: str) -> None:
    """Forget a remote; nothing on it changes. Raises UserError where it is not known."""
    with _changing() as remotes:
        was_known = remotes.pop(name, None) is not None
    if not was_known:
        raise UserError(f"No remote is called '{plain(name, 80)}'.")


def _read(path: Path) -> dict[str, Known]:
    try:
        given: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"The list of remotes in '{path}' cannot be read ({error}).") from error
    entries = given.get("remotes") if isinstance(given, dict) else None
    found = {}
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        if isinstance(entry, dict) and isinstance(entry.get("address"), str):
            token = entry.get("token")
            found[name] = Known(name, entry["address"], token if isinstance(token, str) else None)
    return found


@contextmanager
def _changing() -> Iterator[dict[str, Known]]:
    """The remotes, to be changed by one program at a time; written when that is done."""
    path = settings_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UserError(f"'{path}' cannot be written ({error.strerror}).") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        remotes = _read(path)
        yield remotes
        _write(path, remotes)
    finally:
        os.close(lock)


def _write(path: Path, remotes: dict[str, Known]) -> None:
    entries = {
        one.name: {"address": one.address, **({"token": one.token} if one.token else {})}
        for one in remotes.values()
    }
    try:
        fd, temporary = tempfile.mkstemp(dir=path.parent, prefix=".remotes-")  # mode 0600
        try:
            with os.fdopen(fd, "w", encoding="utf-8") as file:
                json.dump({"remotes": entries}, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        raise write_error(error) from error
