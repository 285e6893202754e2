"""Above the list: where one is, how many there are, kind, order and picture size."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QToolButton, QWidget

from vidcache_gui.gui import icons, theme, words
from vidcache_gui.gui.library.columns import SORT_WORDS
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.gui.parts import button, label
from vidcache_gui.gui.settings import CELL_MAX, CELL_MIN
from vidcache_gui.media.types import Kind

TITLE_WIDTH = 280  # px
ROOM_FOR_WORDS = 216  # px: title, count, order and the gaps
ROOM_FOR_SLIDER = 620  # px; Ctrl+wheel works in any case
KINDS = (
    ("All kinds", None),
    ("Videos", Kind.VIDEO),
    ("Animations", Kind.ANIMATION),
    ("Pictures", Kind.IMAGE),
    ("Sequences", Kind.FRAMES),
    ("Other data", Kind.DATA),
)


class ListHead(QWidget):
    kind_chosen = Signal(object)  # Kind | None
    sort_chosen = Signal(str, bool)
    cell_size_chosen = Signal(int)
    restore_requested = Signal()
    empty_trash_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(44)
        self._title = label("", theme.SECTION, medium=True)
        self._count = label("", muted=True)
        self._count.setMinimumWidth(48)
        self._restore = button("Restore", self.restore_requested.emit)
        self._empty = button("Empty trash…", self.empty_trash_requested.emit, danger=True)
        self._kind = QComboBox()
        self._kind.setAccessibleName("Kind")
        for text, kind in KINDS:
            self._kind.addItem(text, kind)
        self._kind.activated.connect(lambda place: self.kind_chosen.emit(KINDS[place][1]))
        self._sort = QComboBox()
        self._sort.setAccessibleName("Sort by")
        for name, text in SORT_WORDS.items():
            self._sort.addItem(text, name)
        self._sort.activated.connect(self._choose_sort)
        self._order = QToolButton()
        self._order.setCheckable(False)
        self._order.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._order.clicked.connect(self._turn)
        self._descending = True
        self._size = QSlider(Qt.Orientation.Horizontal)
        self._size.setRange(CELL_MIN, CELL_MAX)
        self._size.setFixedWidth(96)
        self._size.setAccessibleName("Picture size")
        self._size.setToolTip("Picture size (Ctrl+wheel)")
        self._size.valueChanged.connect(self.cell_size_chosen)
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 6, 16, 4)
        across.setSpacing(8)
        across.addWidget(self._title, 0)
        across.addWidget(self._count, 0, Qt.AlignmentFlag.AlignVCenter)
        across.addStretch(1)
        across.addWidget(self._restore)
        across.addWidget(self._empty)
        for widget in (self._kind, self._sort, self._order, self._size):
            across.addWidget(widget)
        for box in (self._kind, self._sort):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMinimumWidth(box.sizeHint().width())
        # Without the slider, which hides when it gets narrow: else it would keep the pane wide.
        boxes = self._kind.minimumWidth() + self._sort.minimumWidth()
        self.setMinimumWidth(boxes + ROOM_FOR_WORDS)
        self._mode = "grid"
        self.show_sort("added", True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_mode(self._mode)

    def show_place(self, place: Place) -> None:
        metrics = QFontMetrics(self._title.font())
        mode = Qt.TextElideMode.ElideMiddle
        self._title.setText(metrics.elidedText(place.title, mode, TITLE_WIDTH))
        self._title.setToolTip(place.title)
        self._empty.setVisible(place.name == "trash")
        self._restore.setVisible(place.name == "trash")
        self._sort.setVisible(place.name != "trash")  # the trash is by removal, newest first
        self._order.setVisible(place.name != "trash")

    def show_count(self, count: int) -> None:
        self._count.setText(words.number(count))
        self._empty.setEnabled(count > 0)

    def show_selected(self, count: int) -> None:
        self._restore.setEnabled(count > 0)
        self._restore.setText(f"Restore {words.items(count)}" if count else "Restore")

    def show_kind(self, kind: Kind | None) -> None:
        self._kind.setCurrentIndex([known for _, known in KINDS].index(kind))

    def show_sort(self, sort: str, descending: bool) -> None:
        self._descending = descending
        self._sort.setCurrentIndex(list(SORT_WORDS).index(sort))
        icons.dress(self._order, "chevron-down" if descending else "chevron-up", "muted")
        tip = "Largest or newest first" if descending else "Smallest or oldest first"
        if sort == "name":
            tip = "From Z to A" if descending else "From A to Z"
        self._order.setToolTip(f"{tip}: turn around")
        self._order.setAccessibleName(f"{tip}: turn around")

    def show_cell_size(self, size: int) -> None:
        self._size.blockSignals(True)
        self._size.setValue(size)
        self._size.blockSignals(False)

    def show_mode(self, mode: str) -> None:
        self._mode = mode
        self._size.setVisible(mode == "grid" and self.width() >= ROOM_FOR_SLIDER)

    def _choose_sort(self) -> None:
        sort = str(self._sort.currentData())
        self.sort_chosen.emit(sort, sort != "name")

    def _turn(self) -> None:
        self.sort_chosen.emit(str(self._sort.currentData()), not self._descending)
