"""The application object: collector policy, crash traces, messages, theme, first window."""

import faulthandler
import gc
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import (
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QStyleFactory

from vidcache_gui import __version__
from vidcache_gui.gui import theme as themes
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.settings import Settings

log = logging.getLogger(__name__)
qt_log = logging.getLogger("qt")

COLLECT_MS = 5000
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def make_app(arguments: Sequence[str] = ()) -> QApplication:
    """The one QApplication, with our style and body font."""
    qInstallMessageHandler(_log_message)
    app = QApplication([sys.argv[0] if sys.argv else "vidcache", *arguments])
    app.setApplicationName("vidcache")
    app.setApplicationDisplayName("VidCache")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("org.vidcache.VidCache")
    dress_app(app)
    return app


def dress_app(app: QApplication) -> None:
    """Fusion, and the system's font at our body size."""
    app.setStyle(QStyleFactory.create("Fusion"))
    font = QFont(app.font())
    font.setPixelSize(themes.BODY)
    app.setFont(font)


def run_app(
    library: Path | None = None,
    *,
    create: bool = False,
    default: Path | None = None,
    settings: Settings | None = None,
    on_window: Callable[[MainWindow], None] | None = None,
) -> int:
    """Open the window and run until it is closed; returns the exit code.

    ``library``: what to open; None: the library that was open last, else ``default``, else
    the welcome page. ``create``: make it if it is not there.
    """
    _trace_crashes()
    app = make_app()
    collector = collect_on_main_thread(app)
    settings = settings or Settings()
    theme = themes.Theme(app, settings.scheme)
    theme.apply()
    window = MainWindow(settings, theme)
    first = first_library(settings, library) or default
    if first is not None:
        window.announce(first)
    window.first_painted.connect(lambda: _after_first_paint(app, window, first, create))
    window.show()
    if on_window is not None:
        on_window(window)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    code = app.exec()
    collector.stop()
    return code


def first_library(settings: Settings, asked: Path | None) -> Path | None:
    """What to open: what was asked for, or what was open last and is still there."""
    if asked is not None:
        return asked
    recent = [path for path in settings.recent_libraries if (path / "catalog.db").is_file()]
    return recent[0] if recent else None


def _after_first_paint(
    app: QApplication, window: MainWindow, library: Path | None, create: bool
) -> None:
    """What the first window did not need."""
    from vidcache_gui.gui.icons import app_icon

    if library is not None:
        window.open_library(library, create=create)
    app.setWindowIcon(app_icon())
    gc.freeze()


def collect_on_main_thread(app: QApplication) -> QTimer:
    """Python's collector must never run on a worker thread: it would destroy widgets there."""
    gc.disable()
    timer = QTimer(app, interval=COLLECT_MS)
    timer.timeout.connect(lambda: gc.collect(1))
    timer.start()
    return timer


def _trace_crashes() -> None:
    if sys.stderr is not None and not faulthandler.is_enabled():
        faulthandler.enable()
    sys.excepthook = _log_exception


def _log_exception(kind, error, trace) -> None:  # type: ignore[no-untyped-def]
    log.critical("unhandled error", exc_info=(kind, error, trace))


def _log_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s", text)
