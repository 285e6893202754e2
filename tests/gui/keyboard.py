"""Going through a window with the Tab key."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget


def tabbed_through(window: QWidget) -> list[QWidget]:
    """What has the keyboard, from where it is now and on, until it comes round."""
    window.activateWindow()
    found: list[QWidget] = []
    widget = QApplication.focusWidget()
    while widget is not None and widget not in found:
        found.append(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
        widget = QApplication.focusWidget()
    return found


def reachable(window: QWidget) -> list[QWidget]:
    """What a person would want to get to by keyboard."""
    return [
        child
        for child in window.findChildren(QWidget)
        if child.isVisible()
        and child.isEnabled()
        and child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not child.objectName().startswith("qt_")
        and not (isinstance(child, QLineEdit) and child.parent().metaObject().className() in
                 ("QComboBox", "QSpinBox"))  # these have it themselves
    ]  # fmt: skip


def named(control: QWidget) -> str:
    """What a screen reader says."""
    text = control.text() if isinstance(control, QAbstractButton) else ""
    return control.accessibleName() or text
