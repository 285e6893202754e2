"""A row of controls that stays within its width: what can be done without goes first."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

NARROWEST = 440  # px; what is left fits in this


class GivingRow(QWidget):
    """Fill ``_row``, then call :meth:`_settle_row`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._absent: set[QWidget] = set()  # what is not there for other reasons
        self._spare: tuple[QWidget, ...] = ()
        self._parts: list[QWidget] = []
        self._spaces = 0

    def _settle_row(self, spare: tuple[QWidget, ...]) -> None:
        """The row is complete. ``spare``: what gives way, first to go first."""
        self._spare = spare
        items = [at for n in range(self._row.count()) if (at := self._row.itemAt(n)) is not None]
        self._parts = [part for at in items if (part := at.widget()) is not None]
        gaps = [gap.sizeHint().width() for at in items if (gap := at.spacerItem()) is not None]
        margins = self._row.contentsMargins()
        self._spaces = sum(gaps) + len(gaps) * self._row.spacing()
        self._spaces += margins.left() + margins.right()

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        there = [part for part in self._parts if part not in self._absent]
        needed = sum(self._least(part) for part in there) + self._spaces
        for part in self._spare:
            if part in there:
                part.setVisible(needed <= self.width())
                needed -= 0 if needed <= self.width() else self._least(part)

    def _least(self, part: QWidget) -> int:
        return max(part.minimumWidth(), part.minimumSizeHint().width()) + self._row.spacing()
