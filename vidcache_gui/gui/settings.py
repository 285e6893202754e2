"""What the window remembers between runs, typed."""

import contextlib
import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from vidcache_gui.gui.theme import Scheme

RECENT = 8
CELL_MIN, CELL_MAX, CELL_DEFAULT = 96, 384, 172  # px
CACHE_DEFAULT_MB = 256


class Settings:
    """QSettings with names, types and defaults; unreadable values fall back to the default."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "vidcache", "vidcache"
        )

    @property
    def recent_libraries(self) -> list[Path]:
        found: Any = self._store.value("recent", [])
        names = [found] if isinstance(found, str) else found
        return [Path(name) for name in names or [] if isinstance(name, str) and name]

    def remember_library(self, path: Path) -> None:
        others = [str(p) for p in self.recent_libraries if p != path]
        self._store.setValue("recent", [str(path), *others][:RECENT])

    def forget_library(self, path: Path) -> None:
        self._store.setValue("recent", [str(p) for p in self.recent_libraries if p != path])

    @property
    def scheme(self) -> Scheme:
        try:
            return Scheme(str(self._store.value("theme", "system")))
        except ValueError:
            return Scheme.SYSTEM

    @scheme.setter
    def scheme(self, value: Scheme) -> None:
        self._store.setValue("theme", value.value)

    @property
    def cell_size(self) -> int:
        return min(CELL_MAX, max(CELL_MIN, self._int("cell_size", CELL_DEFAULT)))

    @cell_size.setter
    def cell_size(self, value: int) -> None:
        self._store.setValue("cell_size", value)

    @property
    def view_mode(self) -> str:
        """``grid`` or ``list``."""
        return "list" if self._store.value("view_mode") == "list" else "grid"

    @view_mode.setter
    def view_mode(self, value: str) -> None:
        self._store.setValue("view_mode", value)

    @property
    def default_bucket(self) -> str:
        return str(self._store.value("default_bucket", "") or "videos")

    @default_bucket.setter
    def default_bucket(self, value: str) -> None:
        self._store.setValue("default_bucket", value.strip())

    @property
    def cache_mb(self) -> int:
        """How much memory decoded thumbnails may take."""
        return min(4096, max(32, self._int("cache_mb", CACHE_DEFAULT_MB)))

    @cache_mb.setter
    def cache_mb(self, value: int) -> None:
        self._store.setValue("cache_mb", value)

    @property
    def player_mb(self) -> int:
        """How much memory the player's decoded frames may take; 0: as this machine allows."""
        return min(16384, max(0, self._int("player_mb", 0)))

    @player_mb.setter
    def player_mb(self, value: int) -> None:
        self._store.setValue("player_mb", value)

    @property
    def compare_mode(self) -> str:
        """How pairs were looked at the last time; empty: never chosen."""
        return str(self._store.value("compare_mode", ""))

    @compare_mode.setter
    def compare_mode(self, value: str) -> None:
        self._store.setValue("compare_mode", value)

    @property
    def sort(self) -> tuple[str, bool]:
        """(what to sort by, descending)"""
        name = str(self._store.value("sort", "added"))
        known = name in ("added", "name", "size", "duration", "frames")
        return (name if known else "added", self._bool("sort_descending", True))

    @sort.setter
    def sort(self, value: tuple[str, bool]) -> None:
        self._store.setValue("sort", value[0])
        self._store.setValue("sort_descending", value[1])

    def shown(self, pane: str) -> bool:
        return self._bool(f"show_{pane}", True)

    def set_shown(self, pane: str, shown: bool) -> None:
        self._store.setValue(f"show_{pane}", shown)

    def bytes(self, name: str) -> QByteArray:
        value = self._store.value(name)
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_bytes(self, name: str, value: QByteArray) -> None:
        self._store.setValue(name, value)

    @property
    def export(self) -> dict[str, Any]:
        """What was chosen in the export dialog the last time."""
        try:
            found = json.loads(str(self._store.value("export", "{}")))
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @export.setter
    def export(self, value: dict[str, Any]) -> None:
        self._store.setValue("export", json.dumps(value))

    @property
    def serving(self) -> dict[str, Any]:
        """What was chosen about the local server; among it a token, so the file is private."""
        try:
            found = json.loads(str(self._store.value("serving", "{}")))
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @serving.setter
    def serving(self, value: dict[str, Any]) -> None:
        self._store.setValue("serving", json.dumps(value))
        self._store.sync()
        with contextlib.suppress(OSError):
            Path(self._store.fileName()).chmod(0o600)

    def sync(self) -> None:
        self._store.sync()

    def _int(self, name: str, default: int) -> int:
        value: Any = self._store.value(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            return default

    def _bool(self, name: str, default: bool) -> bool:
        value: Any = self._store.value(name, default)
        return value if isinstance(value, bool) else str(value).lower() not in ("false", "0")
