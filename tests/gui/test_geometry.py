"""The arithmetic of the grid against looking at every cell."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from vidcache_gui.gui.library.geometry import GAP, MARGIN, Grid

grids = st.builds(Grid, st.integers(0, 90), st.integers(40, 900), st.integers(60, 300))


@given(grids)
def test_cells_are_in_reading_order_and_never_overlap(grid: Grid) -> None:
    rects = [grid.cell_rect(row) for row in range(grid.count)]
    for before, after in pairwise(rects):
        assert (before.top(), before.left()) < (after.top(), after.left())
        assert not before.intersects(after)
    for rect in rects:
        assert rect.left() >= MARGIN
        assert rect.bottom() < grid.height - MARGIN + 1 + GAP


@given(grids)
def test_columns_fill_the_width(grid: Grid) -> None:
    right = MARGIN + grid.columns * grid.pitch.width() - GAP
    if grid.width >= 48 + 2 * MARGIN:
        assert grid.width - MARGIN - grid.columns < right <= grid.width - MARGIN


@given(grids, st.integers(-20, 920), st.integers(-20, 4000))
def test_row_at_a_point(grid: Grid, x: int, y: int) -> None:
    found = [row for row in range(grid.count) if grid.cell_rect(row).contains(x, y)]
    assert grid.row_at(x, y) == (found[0] if found else None)


@given(
    grids, st.integers(-50, 900), st.integers(-50, 3000), st.integers(0, 800), st.integers(0, 2000)
)
def test_rows_in_a_rectangle(grid: Grid, x: int, y: int, width: int, height: int) -> None:
    rect = QRect(x, y, width, height)
    touched = [
        row
        for row in range(grid.count)
        if not rect.isEmpty() and grid.cell_rect(row).intersects(rect)
    ]
    assert [row for rows in grid.rows_in(rect) for row in rows] == touched


@given(grids, st.integers(0, 3000), st.integers(1, 2000))
def test_rows_between_miss_nothing_and_little_more(grid: Grid, top: int, height: int) -> None:
    seen = QRect(0, top, 2000, height)
    rows = grid.rows_between(top, top + height - 1)
    touched = {row for row in range(grid.count) if grid.cell_rect(row).intersects(seen)}
    assert touched <= set(rows)
    assert len(rows) - len(touched) <= 2 * grid.columns


def test_a_million_rows_fit_a_scroll_bar() -> None:
    grid = Grid(1_000_000, 1200, 188)
    assert grid.height < 2**31
    last = grid.cell_rect(999_999)
    assert grid.row_at(last.center().x(), last.center().y()) == 999_999
