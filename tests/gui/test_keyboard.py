"""The dialogs of the server, remotes, bulk jobs and synchronising without a mouse."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QToolButton

from tests.gui.keyboard import named, reachable, tabbed_through
from vidcache_gui.core.library import Library
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.serving.dialog import ServingDialog
from vidcache_gui.interfaces.remotes import known

SHORTCUTS = {"serve": "Ctrl+Shift+S", "add_remote": "Ctrl+Shift+A", "synchronise": "Ctrl+Shift+Y"}


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "settings_file", lambda: tmp_path / "remotes.json")


Open = Callable[[str], QDialog]


@pytest.fixture
def opened(window: MainWindow, library: Library, tmp_path: Path, qtbot: Any) -> Iterator[Open]:
    window.show_library(library)
    qtbot.waitUntil(lambda: window.furnish().remotes.room is not None)
    qtbot.waitUntil(lambda: window.actions_by_id["add_remote"].isEnabled())
    made: list[QDialog] = []

    def open_it(name: str) -> QDialog:
        if name == "run_manifest":
            (tmp_path / "a.csv").write_text("action,item,destination\nfetch,1,a.mp4\n")
            window.commands.show_manifest(str(tmp_path / "a.csv"))
        else:
            action = window.actions_by_id[name]
            assert action.shortcut().toString() == SHORTCUTS[name]
            action.trigger()
        (dialog,) = [one for one in window.findChildren(QDialog) if one.isVisible()]
        made.append(dialog)
        dialog.activateWindow()
        qtbot.waitUntil(lambda: dialog.isAncestorOf(QApplication.focusWidget()))
        return dialog

    yield open_it
    for dialog in made:
        dialog.reject()


@pytest.mark.parametrize("name", [*SHORTCUTS, "run_manifest"])
def test_every_control_is_reached_and_says_what_it_is(opened: Open, name: str) -> None:
    dialog = opened(name)
    reached = tabbed_through(dialog)
    for control in reachable(dialog):
        assert named(control), control
        assert control.toolTip(), named(control)
        in_a_row = isinstance(control, QToolButton) and control.property("choice")
        assert control in reached or in_a_row, named(control)


@pytest.mark.parametrize("name", [*SHORTCUTS, "run_manifest"])
def test_escape_closes(opened: Open, name: str, qtbot: Any) -> None:
    dialog = opened(name)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_enter_switches_on_from_a_field_and_presses_what_has_the_focus(
    opened: Open, window: MainWindow, qtbot: Any
) -> None:
    dialog = opened("serve")
    assert isinstance(dialog, ServingDialog)
    dialog.form.ports.setText("0")
    dialog.form.ports.textEdited.emit("0")
    qtbot.keyClick(dialog.form.ports, Qt.Key.Key_Return)
    room = window.serving
    qtbot.waitUntil(lambda: room.state.is_on)
    assert dialog.isVisible()
    dialog.switch.setFocus()
    qtbot.keyClick(dialog.switch, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not room.state.is_on)
    assert dialog.isVisible()
