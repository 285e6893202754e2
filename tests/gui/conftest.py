"""Windows over real libraries; every test fails that leaves a thread, timer or window."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QEvent,
    QIODevice,
    QSettings,
    QTimer,
)
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Blob
from vidcache_gui.core.intake import Target, insert_item
from vidcache_gui.core.library import Library
from vidcache_gui.gui import theme
from vidcache_gui.gui.app import dress_app
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.settings import Settings
from vidcache_gui.media.types import Kind, MediaFacts


class AtOnce(Executor):
    """Does the work in ``submit``; results still arrive through the event loop."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture(autouse=True)
def _nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Threads, active timers and windows of a test end with it."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and not t.daemon]
    assert not left, f"threads left running: {left}"
    app = QApplication.instance()
    if isinstance(app, QApplication):
        windows = [w for w in app.topLevelWidgets() if w.isVisible()]
        assert not windows, f"windows left open: {windows}"
        timers = [t for t in app.findChildren(QTimer) if t.isActive()]
        assert not timers, f"timers left running: {timers}"


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    dress_app(qapp)
    theme.Theme(qapp, theme.Scheme.LIGHT).apply()
    return qapp


@pytest.fixture
def window(app: QApplication, settings: Settings, library: Library) -> Iterator[MainWindow]:
    """A shown window with a library in it (fill the library first)."""
    made = MainWindow(settings, theme.Theme(app, theme.Scheme.LIGHT))
    made.resize(1100, 700)
    made.show()
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    """Real threads."""
    bridge = Background()
    yield bridge
    bridge.close()


@pytest.fixture
def at_once(qapp: QApplication) -> Iterator[Background]:
    """The same bridge without threads."""
    bridge = Background(executors={purpose: AtOnce() for purpose in Purpose})
    yield bridge
    bridge.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "My archive") as opened:
        yield opened


@pytest.fixture
def fill(library: Library) -> Callable[..., list[int]]:
    """Put so many items in the catalog (no media): names clip 0 … clip n-1, newest last."""

    def add(count: int, *, kind: Kind | None = None, damaged: str | None = None) -> list[int]:
        ids = []
        with library._database.write():  # one transaction: a thousand are quick
            for place in range(count):
                name = f"clip {place}"
                hash = hashlib.sha256(name.encode()).hexdigest()
                facts = MediaFacts(
                    kind=kind or (Kind.VIDEO, Kind.ANIMATION)[place % 2],
                    mime="video/mp4",
                    extension="mp4",
                    width=1920,
                    height=1080,
                    frame_count=25 * (place + 1),
                    duration=float(place + 1),
                    damaged=damaged,
                )
                target = Target(
                    "videos" if place % 3 else "films", "archive" if place % 2 else "", None
                )
                size = 1000 + place
                Blob.insert(hash=hash, size=size, added_at=0).on_conflict_ignore().execute()
                ids.append(
                    insert_item(facts, hash, size, name, target, delay_ms=None, ball_id=None)
                )
            rows.reindex_text(ids)
            rows.note_change("added", ids)
        return ids

    return add


def jpeg(width: int, height: int, color: str = "#7AA7FF") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG")
    return bytes(data.data())
