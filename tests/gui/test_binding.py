"""The Qt binding keeps its reference counts.

PySide6 6.12.0 on Python 3.11 loses one reference to None (or True) on every call
that returns nothing (or a bool) and on every emit: the process aborts after a few
thousand. ``pyproject.toml`` keeps that pair apart; this notices if it comes back.
From Python 3.12 on these objects are immortal and the counts cannot move.
"""

import gc
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QSize, QTimer, Signal

CALLS = 600  # enough to tell, too few to abort the whole run
NOISE = 150  # other code may keep or drop a few meanwhile


class Emitter(QObject):
    plain = Signal()
    carrying = Signal(object)


def emit_plain(emitter: Emitter) -> None:
    emitter.plain.emit()


def emit_object(emitter: Emitter) -> None:
    emitter.carrying.emit(None)


def call_void(emitter: Emitter) -> None:
    emitter.setObjectName("name")


def call_bool(emitter: Emitter) -> None:
    emitter.blockSignals(False)
    emitter.isWidgetType()


def call_value_type(_: Emitter) -> None:
    QSize(1, 2).setWidth(3)
    QSize(1, 2).isValid()


def call_static(emitter: Emitter) -> None:
    QTimer(emitter).setInterval(5)


@pytest.mark.parametrize(
    "call", [emit_plain, emit_object, call_void, call_bool, call_value_type, call_static]
)
def test_calls_leave_the_reference_counts_flat(qapp: object, call: Callable[..., None]) -> None:
    emitter = Emitter()
    received: list[object] = []
    emitter.carrying.connect(lambda value: received.append(value is None))
    call(emitter)  # first calls may fill caches
    singletons = (None, True, False)
    gc.collect()  # what other tests left behind holds thousands of references
    gc.disable()
    try:
        before = [sys.getrefcount(one) for one in singletons]
        for _ in range(CALLS):
            call(emitter)
        received.clear()
        after = [sys.getrefcount(one) for one in singletons]
    finally:
        gc.enable()
    for one, earlier, later in zip(singletons, before, after, strict=True):
        assert abs(later - earlier) < NOISE, f"{one}: {earlier} became {later}"
