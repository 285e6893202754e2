"""Where the cells of the grid are: arithmetic only, so a million rows cost what ten do."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRect, QSize

MARGIN = 16
GAP = 12  # between cells
TEXT_HEIGHT = 44  # name line and facts line under the picture
RATIO = 9 / 16  # picture height to width: most footage fits without bars
RING = 4  # room around the picture for the selection ring


@dataclass(frozen=True)
class Grid:
    """Cells in reading order, stretched so that the columns fill the width."""

    count: int
    width: int  # of the viewport
    wanted: int  # cell width asked for; cells are at least this wide

    @cached_property
    def columns(self) -> int:
        return max(1, (self.width - 2 * MARGIN + GAP) // (self.wanted + GAP))

    @cached_property
    def cell(self) -> QSize:
        room = self.width - 2 * MARGIN - GAP * (self.columns - 1)
        width = max(self.wanted if self.width <= 0 else 48, room // self.columns)
        return QSize(width, self.picture_height(width) + TEXT_HEIGHT)

    @staticmethod
    def picture_height(width: int) -> int:
        return round(width * RATIO)

    @cached_property
    def pitch(self) -> QSize:
        """From one cell to the next."""
        cell = self.cell
        return QSize(cell.width() + GAP, cell.height() + GAP)

    @cached_property
    def lines(self) -> int:
        return -(-self.count // self.columns)

    @cached_property
    def height(self) -> int:
        """Of everything."""
        return 2 * MARGIN + self.lines * self.pitch.height() - GAP if self.count else 0

    def cell_rect(self, row: int) -> QRect:
        """In contents coordinates."""
        line, column = divmod(row, self.columns)
        pitch = self.pitch
        return QRect(
            MARGIN + column * pitch.width(),
            MARGIN + line * pitch.height(),
            self.cell.width(),
            self.cell.height(),
        )

    def picture_rect(self, row: int) -> QRect:
        cell = self.cell_rect(row)
        return QRect(cell.x(), cell.y(), cell.width(), self.picture_height(cell.width()))

    def row_at(self, x: int, y: int) -> int | None:
        """The row whose cell is at a point of the contents; None in the gaps."""
        pitch, cell = self.pitch, self.cell
        if x < MARGIN or y < MARGIN:
            return None
        column, dx = divmod(x - MARGIN, pitch.width())
        line, dy = divmod(y - MARGIN, pitch.height())
        if column >= self.columns or dx >= cell.width() or dy >= cell.height():
            return None
        row = line * self.columns + column
        return row if row < self.count else None

    def rows_between(self, top: int, bottom: int) -> range:
        """Rows whose lines may be seen between two heights of the contents."""
        pitch = self.pitch.height()
        first = max(0, (top - MARGIN) // pitch) * self.columns
        last = max(0, (bottom - MARGIN) // pitch + 1) * self.columns
        return range(min(first, self.count), min(last, self.count))

    def rows_in(self, rect: QRect) -> list[range]:
        """Rows whose cells touch a rectangle of the contents, as one range a line."""
        pitch, cell = self.pitch, self.cell
        if not self.count or rect.isEmpty():
            return []
        first_column = max(0, -(-(rect.left() - MARGIN - cell.width() + 1) // pitch.width()))
        last_column = min(self.columns - 1, (rect.right() - MARGIN) // pitch.width())
        first_line = max(0, -(-(rect.top() - MARGIN - cell.height() + 1) // pitch.height()))
        last_line = min(self.lines - 1, (rect.bottom() - MARGIN) // pitch.height())
        if first_column > last_column:
            return []
        found = []
        for line in range(first_line, last_line + 1):
            start = line * self.columns
            stop = min(start + last_column + 1, self.count)
            if start + first_column < stop:
                found.append(range(start + first_column, stop))
        return found
