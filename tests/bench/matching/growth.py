"""A plot of how cost grows with size, both axes logarithmic, as an SVG for light and dark pages."""

import math
from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 960, 420
_TOP, _BOTTOM, _PANEL = 64, 344, 360
_LEFT = (76, 564)  # of the two panels

# Light colours stand in the elements, for programs that know no style sheets.
_TEXT, _GRID, _AXIS = "#3b4048", "#d9dce1", "#8b929c"
_COLOURS = ("#0b6bcb", "#b4540a", "#6b5bd2")
_DARK = """
  @media (prefers-color-scheme: dark) {
    text { fill: #d5d9e0 }
    .grid { stroke: #353b45 }
    .axis { stroke: #7d8590 }
    path.s0 { stroke: #58a6ff } circle.s0 { fill: #58a6ff }
    path.s1 { stroke: #f0883e } circle.s1 { fill: #f0883e }
    path.s2 { stroke: #a99bff } circle.s2 { fill: #a99bff }
  }
"""

Points = Sequence[tuple[float, float]]


class Panel(NamedTuple):
    """``lines``: name and points; ``bar``: a level that should not be passed, and its name."""

    title: str
    unit: str
    lines: Sequence[tuple[str, Points]]
    bar: tuple[float, str]


def svg(panels: Sequence[Panel]) -> str:
    """Two panels beside each other."""
    drawn = "\n".join(
        part for panel, left in zip(panels, _LEFT, strict=True) for part in _panel(panel, left)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'font-family="system-ui, Helvetica, Arial, sans-serif" font-size="13" fill="none">\n'
        f"<title>{' and '.join(panel.title for panel in panels)}</title>\n"
        f"<style>{_DARK}</style>\n{drawn}\n</svg>\n"
    )


def _panel(panel: Panel, left: int) -> list[str]:
    xs = [x for _, points in panel.lines for x, _ in points]
    ys = [y for _, points in panel.lines for _, y in points] + [panel.bar[0]]
    low_x, high_x = math.log10(min(xs)), math.log10(max(xs))
    low_y, high_y = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))

    def across(value: float) -> float:
        return left + (math.log10(value) - low_x) / ((high_x - low_x) or 1) * _PANEL

    def up(value: float) -> float:
        return _BOTTOM - (math.log10(value) - low_y) / (high_y - low_y) * (_BOTTOM - _TOP)

    out = [_text(left, 28, panel.title, more='font-size="15" font-weight="600"')]
    out.append(_text(left, 48, panel.unit))
    for power in range(low_y, high_y + 1):
        y = up(10.0**power)
        out.append(_path("grid", _GRID, f"M{left} {y:.1f}h{_PANEL}"))
        out.append(_text(left - 10, y + 4, _round(power), "end"))
    for power in range(math.ceil(low_x), math.floor(high_x) + 1):
        x = across(10.0**power)
        out.append(_path("grid", _GRID, f"M{x:.1f} {_TOP}V{_BOTTOM}"))
        out.append(_text(x, _BOTTOM + 20, _size(power), "middle"))
    out.append(_path("axis", _AXIS, f"M{left} {_TOP}V{_BOTTOM}h{_PANEL}"))
    out.append(_text(left + _PANEL / 2, _BOTTOM + 42, "frame hashes in the library", "middle"))
    level, name = panel.bar
    dashes = 'stroke-width="1.5" stroke-dasharray="6 4"'
    out.append(_path("axis", _AXIS, f"M{left} {up(level):.1f}h{_PANEL}", dashes))
    out.append(_text(left + 8, up(level) - 7, name))
    for number, (_, points) in enumerate(panel.lines):
        line = "L".join(f"{across(x):.1f} {up(y):.1f}" for x, y in points)
        out.append(_path(f"s{number}", _COLOURS[number], f"M{line}", 'stroke-width="2.5"'))
        out += [_dot(number, across(x), up(y)) for x, y in points]
    return out + _legend(panel, left)


def _legend(panel: Panel, left: int) -> list[str]:
    out = []
    x = left
    for number, (name, _) in enumerate(panel.lines):
        out += [_dot(number, x + 5, HEIGHT - 14), _text(x + 16, HEIGHT - 9, name)]
        x += 44 + 7 * len(name)
    return out


def _text(x: float, y: float, words: str, anchor: str = "start", more: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{_TEXT}" stroke="none" {more}>{words}</text>'


def _path(name: str, colour: str, line: str, more: str = "") -> str:
    return f'<path class="{name}" stroke="{colour}" fill="none" d="{line}" {more}/>'


def _dot(number: int, x: float, y: float) -> str:
    place = f'cx="{x:.1f}" cy="{y:.1f}" r="4.5"'
    return f'<circle class="s{number}" fill="{_COLOURS[number]}" stroke="none" {place}/>'


def _round(power: int) -> str:
    return f"{10**power:,}".replace(",", " ") if power >= 0 else f"{10.0**power:.{-power}f}"


def _size(power: int) -> str:
    for unit, digits in (("M", 6), ("k", 3)):
        if power >= digits:
            return f"{10 ** (power - digits)} {unit}"
    return str(10**power)
