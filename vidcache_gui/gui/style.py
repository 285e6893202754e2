"""The style sheet: what Fusion and the palette cannot say. Kept small on purpose."""

from typing import TYPE_CHECKING

from vidcache_gui.gui.resources import resource_dir

if TYPE_CHECKING:
    from vidcache_gui.gui.theme import Tokens

_SHEET = """
QToolTip { background: $raised; color: $text; border: 1px solid $strong_line; padding: 4px 8px; }

QMenu { background: $raised; color: $text; border: 1px solid $strong_line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 8px; border-radius: 4px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $muted; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QPushButton { background: $control; color: $text; border: 1px solid $strong_line;
  border-radius: 6px; padding: 5px 14px; min-height: 18px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:disabled { color: $muted; border-color: $line; background: transparent; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 13px; }
QPushButton[primary="true"] { background: $accent; color: $accent_text; border-color: $accent; }
QPushButton[primary="true"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[primary="true"]:focus { border: 2px solid $text; }
QPushButton[primary="true"]:disabled { background: $line; color: $muted; border-color: $line; }
QPushButton[danger="true"] { color: $danger; border-color: $danger; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; }
QPushButton[flat="true"]:hover { background: $hover; }
QPushButton[flat="true"]:focus { border: 2px solid $accent; }
QPushButton[link="true"] { background: transparent; border: none; color: $accent; padding: 0;
  text-align: left; min-height: 0; }
QPushButton[link="true"]:hover, QPushButton[link="true"]:focus { text-decoration: underline; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px;
  padding: 5px; color: $text; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $line; }
QToolButton:checked { background: $selection; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[primary="true"] { background: $accent; color: $accent_text; padding: 5px 2px 5px 8px; }
QToolButton[primary="true"]:hover { background: $accent_hover; }
QToolButton[primary="true"]:focus { border: 2px solid $text; padding: 4px 1px 4px 7px; }

QLineEdit, QPlainTextEdit, QComboBox {
  background: $surface; color: $text; border: 1px solid $strong_line; border-radius: 6px;
  padding: 4px 8px; selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit, QComboBox { min-height: 18px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {
  border: 2px solid $accent; padding: 3px 7px; }
QLineEdit:disabled, QComboBox:disabled { color: $muted; background: $window; }
QLineEdit[quiet="true"] { background: transparent; border: 1px solid transparent;
  padding: 2px 2px; }
QLineEdit[quiet="true"]:hover { border-color: $strong_line; }
QLineEdit[quiet="true"]:focus { background: $surface; border: 2px solid $accent; padding: 1px 1px; }
QComboBox { padding-right: 24px; }
QComboBox:focus { padding-right: 23px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; min-height: 0;
  background: transparent; }
QAbstractSpinBox[field="true"] { background: $surface; color: $text; border: 1px solid $strong_line;
  border-radius: 6px; padding: 4px 8px; min-height: 18px; }
QAbstractSpinBox[field="true"]:focus { border: 2px solid $accent; padding: 3px 7px; }
QAbstractSpinBox[field="true"]::up-button, QAbstractSpinBox[field="true"]::down-button {
  width: 0; border: none; }
QAbstractSpinBox[field="true"]:disabled { color: $muted; background: $window; }
QToolButton[choice="true"] { border-color: $strong_line; padding: 5px 10px; }
QToolButton[choice="true"]:checked { border-color: $accent; background: $selection; }
QToolButton[choice="true"]:focus { border: 2px solid $accent; padding: 4px 9px; }
QToolButton[choice="true"]:disabled { color: $muted; border-color: $line; }
QComboBox::drop-down { border: none; width: 22px; subcontrol-position: center right; }
QComboBox::down-arrow { image: url($icons/arrow-down-$theme.svg); width: 12px; height: 12px; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator, QListView::indicator { width: 14px; height: 14px; border-radius: 4px;
  border: 1px solid $muted; background: $surface; }
QCheckBox::indicator:checked, QListView::indicator:checked {
  background: $accent; border-color: $accent; image: url($icons/tick-$theme.svg); }
QCheckBox:focus { color: $text; }
QCheckBox::indicator:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $strong_line; outline: none;
  selection-background-color: $accent; selection-color: $accent_text; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $strong_line; border-radius: 4px; margin: 2px; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: $line; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; border: none; padding: 6px 8px;
  border-bottom: 1px solid $line; border-right: 1px solid $line; }
QHeaderView::section:hover { color: $text; }
QTableView { background: $surface; border: none; gridline-color: transparent; outline: none;
  selection-background-color: $selection; selection-color: $text; }
QTableView[padded="true"]::item { padding: 0 6px; }
QTreeView, QListView { border: none; outline: none; background: $surface;
  selection-background-color: $selection; selection-color: $text; }
QScrollArea { border: none; background: transparent; }
QAbstractItemView#grid { border: none; background: $window; }

QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QSlider::groove:horizontal { height: 4px; background: $strong_line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { background: $accent; width: 12px; height: 12px; margin: -4px 0;
  border-radius: 6px; }
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 10px; height: 10px; }

QLabel[muted="true"] { color: $muted; }
QLabel[danger="true"] { color: $danger; }
QLabel[good="true"] { color: $good; }
QLabel[warn="true"] { color: $warn; }
QLabel:focus { border: 1px dotted $accent; }
#line { background: $line; }
#bar { background: $surface; border-bottom: 1px solid $line; }
#activity_line { background: $surface; border-top: 1px solid $line; }
#match_bar { background: $surface; border-top: 1px solid $line; }
#sidebar, #inspector, #inspector_body, #activity_panel { background: $surface; }
#toast { background: $toast; border-radius: 6px; }
#toast QLabel { color: $toast_text; background: transparent; }
#toast QPushButton { color: $toast_accent; background: transparent; border: none; }
#toast QPushButton:focus { text-decoration: underline; }
QDialog, #sheet { background: $surface; }
#chip { background: $hover; border-radius: 10px; padding: 2px 8px; }
#chip:hover { background: $line; }
"""


def style_sheet(t: "Tokens") -> str:
    names = {name: getattr(t, name) for name in t.__slots__ if name != "dark"}
    names["icons"] = resource_dir().joinpath("icons").as_posix()
    names["theme"] = "dark" if t.dark else "light"
    names["accent_hover"] = "#93B8FF" if t.dark else "#1D4FD0"
    # A toast is the other theme's colours: seen at once, and gone again.
    names["toast"] = "#ECEDEE" if t.dark else "#26282C"
    names["toast_text"] = "#1B1C1F" if t.dark else "#F6F6F7"
    names["toast_accent"] = "#1D4FD0" if t.dark else "#93B8FF"
    sheet = _SHEET
    for name in sorted(names, key=len, reverse=True):  # accent_text before accent
        sheet = sheet.replace(f"${name}", names[name])
    return sheet
