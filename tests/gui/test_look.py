"""Colours that can be read, icons that exist, choices that are kept."""

import re

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from vidcache_gui.gui import icons, theme
from vidcache_gui.gui.actions import SPECS
from vidcache_gui.gui.dialogs import key_rows
from vidcache_gui.gui.resources import icon_path, resource_dir
from vidcache_gui.gui.settings import Settings
from vidcache_gui.gui.style import style_sheet
from vidcache_gui.gui.theme import DARK, LIGHT, Scheme, Theme, Tokens

BOTH = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def contrast(one: str, other: str) -> float:
    """The WCAG ratio of two colours."""

    def luminance(name: str) -> float:
        color = QColor(name)
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (color.redF(), color.greenF(), color.blueF())
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@BOTH
@pytest.mark.parametrize("ground", ["window", "surface", "raised", "control", "hover", "selection"])
def test_text_can_be_read_everywhere(tokens: Tokens, ground: str) -> None:
    assert contrast(tokens.text, getattr(tokens, ground)) >= 7
    assert contrast(tokens.muted, getattr(tokens, ground)) >= 4.5


@BOTH
@pytest.mark.parametrize("tone", ["good", "warn", "danger", "accent"])
def test_signs_can_be_read(tokens: Tokens, tone: str) -> None:
    assert contrast(getattr(tokens, tone), tokens.surface) >= 4.5
    assert contrast(getattr(tokens, tone), tokens.window) >= 4.5


@BOTH
def test_the_primary_button_and_the_badges_can_be_read(tokens: Tokens) -> None:
    assert contrast(tokens.accent_text, tokens.accent) >= 4.5
    assert contrast(tokens.picture_text, tokens.picture) >= 7
    assert contrast(tokens.picture_muted, tokens.picture) >= 4.5


@BOTH
def test_the_style_sheet_has_no_holes(tokens: Tokens) -> None:
    sheet = style_sheet(tokens)
    assert "$" not in sheet
    for path in re.findall(r"url\((.+?)\)", sheet):
        assert (resource_dir() / "icons" / path.rpartition("/")[2]).is_file(), path


@pytest.mark.parametrize("spec", [spec for spec in SPECS if spec.icon], ids=lambda spec: spec.id)
def test_every_action_has_its_picture(spec) -> None:  # type: ignore[no-untyped-def]
    assert icon_path(spec.icon).is_file()


FIXED = ("arrow-", "tick-")  # used by the style sheet as they are
DRAWN = [
    path.stem
    for path in sorted((resource_dir() / "icons").glob("*.svg"))
    if not path.stem.startswith(FIXED)
]


@pytest.mark.parametrize("name", DRAWN)
def test_every_icon_can_be_drawn(app: QApplication, name: str) -> None:
    image = icons.image(name, 32, 32, "#ff0000")
    assert (image.width(), image.height()) == (32, 32)
    assert any(image.pixelColor(x, y).alpha() for x in range(32) for y in range(32))


def test_icons_take_the_colour_of_the_theme(app: QApplication) -> None:
    drawn = icons.image("add", 16, 16, "#ff0000").pixelColor(8, 8)
    assert (drawn.red(), drawn.green(), drawn.blue()) == (255, 0, 0)


def test_a_person_overrules_the_system(app: QApplication) -> None:
    chosen = Theme(app, Scheme.SYSTEM)
    chosen.choose(Scheme.DARK)
    assert theme.tokens() is DARK
    assert app.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.window
    chosen.choose(Scheme.LIGHT)
    assert theme.tokens() is LIGHT


def test_settings_survive_nonsense(settings: Settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "broken.ini"
    path.write_text(
        "[General]\ncell_size=huge\ntheme=pink\nsort=taste\ncache_mb=-5\nshow_sidebar=perhaps\n"
    )
    broken = Settings(QSettings(str(path), QSettings.Format.IniFormat))
    assert broken.cell_size == settings.cell_size
    assert broken.scheme is Scheme.SYSTEM
    assert broken.sort == ("added", True)
    assert broken.cache_mb == 32
    assert broken.recent_libraries == []


def test_recent_libraries_are_the_last_ones_first(settings: Settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name in "abc":
        settings.remember_library(tmp_path / name)
    settings.remember_library(tmp_path / "a")
    assert [path.name for path in settings.recent_libraries] == ["a", "c", "b"]
    settings.forget_library(tmp_path / "c")
    assert [path.name for path in settings.recent_libraries] == ["a", "b"]


def test_the_key_sheet_knows_every_key() -> None:
    shown = {text for rows in key_rows().values() for text, _ in rows}
    assert {spec.text.removesuffix("…") for spec in SPECS if spec.keys} <= shown
