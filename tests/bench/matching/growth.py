"""A plot of how cost grows with size, both axes logarithmic, as an SVG for light and dark pages."""

import math
from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 960, 420
_TOP, _BOTTOM, _PANEL = 64, 344, 360
_LEFT = (76, 564)  # of the two panels

_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #3b4048 }
  .title { font-size: 15px; font-weight: 600 }
  .grid { stroke: #d9dce1; stroke-width: 1 }
  .axis { stroke: #8b929c; stroke-width: 1 }
  .bar { stroke: #8b929c; stroke-width: 1.5; stroke-dasharray: 6 4 }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round }
  .s0 { stroke: #0b6bcb } .d0 { fill: #0b6bcb }
  .s1 { stroke: #b4540a } .d1 { fill: #b4540a }
  .s2 { stroke: #6b5bd2 } .d2 { fill: #6b5bd2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #d5d9e0 }
    .grid { stroke: #353b45 }
    .axis, .bar { stroke: #7d8590 }
    .s0 { stroke: #58a6ff } .d0 { fill: #58a6ff }
    .s1 { stroke: #f0883e } .d1 { fill: #f0883e }
    .s2 { stroke: #a99bff } .d2 { fill: #a99bff }
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
        f'width="{WIDTH}" height="{HEIGHT}" role="img">\n'
        f"<title>{' and '.join(panel.title for panel in panels)}</title>\n"
        f"<style>{_STYLE}</style>\n{drawn}\n</svg>\n"
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

    out = [f'<text class="title" x="{left}" y="28">{panel.title}</text>']
    out.append(_text(left, 48, panel.unit))
    for power in range(low_y, high_y + 1):
        y = up(10.0**power)
        out.append(f'<path class="grid" d="M{left} {y:.1f}h{_PANEL}"/>')
        out.append(
            f'<text x="{left - 10}" y="{y + 4:.1f}" text-anchor="end">{_round(power)}</text>'
        )
    for power in range(math.ceil(low_x), math.floor(high_x) + 1):
        x = across(10.0**power)
        out.append(f'<path class="grid" d="M{x:.1f} {_TOP}V{_BOTTOM}"/>')
        out.append(
            f'<text x="{x:.1f}" y="{_BOTTOM + 20}" text-anchor="middle">{_size(power)}</text>'
        )
    out.append(f'<path class="axis" d="M{left} {_TOP}V{_BOTTOM}h{_PANEL}"/>')
    out.append(_text(left + _PANEL / 2, _BOTTOM + 42, "frame hashes in the library", "middle"))
    level, name = panel.bar
    out.append(f'<path class="bar" d="M{left} {up(level):.1f}h{_PANEL}"/>')
    out.append(_text(left + 8, up(level) - 7, name))
    for number, (_, points) in enumerate(panel.lines):
        path = "L".join(f"{across(x):.1f} {up(y):.1f}" for x, y in points)
        out.append(f'<path class="line s{number}" d="M{path}"/>')
        out += [
            f'<circle class="d{number}" cx="{across(x):.1f}" cy="{up(y):.1f}" r="4"/>'
            for x, y in points
        ]
    return out + _legend(panel, left)


def _legend(panel: Panel, left: int) -> list[str]:
    out = []
    for number, (name, _) in enumerate(panel.lines):
        x = left + number * 124
        out.append(f'<circle class="d{number}" cx="{x + 5}" cy="{HEIGHT - 14}" r="5"/>')
        out.append(_text(x + 16, HEIGHT - 9, name))
    return out


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def _round(power: int) -> str:
    return f"{10**power:,}".replace(",", " ") if power >= 0 else f"{10.0**power:.{-power}f}"


def _size(power: int) -> str:
    for unit, digits in (("M", 6), ("k", 3)):
        if power >= digits:
            return f"{10 ** (power - digits)} {unit}"
    return str(10**power)
