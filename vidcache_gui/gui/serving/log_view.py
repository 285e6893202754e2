"""The live request log: it follows the newest unless somebody reads further up."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.gui import theme
from vidcache_gui.gui.fields import ChoiceRow
from vidcache_gui.gui.parts import button, label
from vidcache_gui.gui.serving import phrases
from vidcache_gui.gui.serving.log_model import REQUEST, LogModel

ROW_HEIGHT = 26
SAMPLES = ("00:00:00", "192.168.1.100", "", "404 not possible", "999 bytes", "under 1 ms")


class LogTable(QTableView):
    def __init__(self, model: LogModel) -> None:
        super().__init__()
        self._model = model
        self._follows = True
        self.setModel(model)
        self.setProperty("padded", True)
        self.setAccessibleName("Requests, newest last")
        self.setToolTip("Ctrl+C copies what is selected")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFont(theme.font(theme.BODY, tabular=True))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        metrics = QFontMetrics(self.font())
        for column, sample in enumerate(SAMPLES):
            self.setColumnWidth(column, metrics.horizontalAdvance(sample) + 20)
        header.setSectionResizeMode(REQUEST, QHeaderView.ResizeMode.Stretch)
        model.rowsAboutToBeInserted.connect(self._look_where_it_stands)
        model.rowsInserted.connect(self._follow)
        model.modelReset.connect(self.scrollToBottom)

    def _look_where_it_stands(self) -> None:
        bar = self.verticalScrollBar()
        self._follows = bar.value() == bar.maximum()

    def _follow(self) -> None:
        if self._follows:
            self.scrollToBottom()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted({index.row() for index in self.selectedIndexes()})
            QGuiApplication.clipboard().setText("\n".join(map(self._model.text, rows)))
            return
        super().keyPressEvent(event)


class LogView(QWidget):
    def __init__(self, model: LogModel) -> None:
        super().__init__()
        self.table = LogTable(model)
        self.filter = ChoiceRow(
            (
                (False, "All", "Every request"),
                (True, "Failures", "Only requests that were refused or broke off"),
            ),
            "Requests shown",
        )
        self.filter.choose(False)
        self.filter.chosen.connect(lambda only: model.show_only_failures(bool(only)))
        self.count = label("", muted=True)
        clear = button("Clear", model.clear, flat=True)
        clear.setToolTip("Forget the requests that are listed")
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(label("Requests", theme.SECTION, medium=True))
        above.addWidget(self.count, 1)
        above.addWidget(self.filter)
        above.addWidget(clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(above)
        column.addWidget(self.table, 1)
        model.counted.connect(self._say)
        self._say(model.count, model.failures)

    def _say(self, count: int, failures: int) -> None:
        self.count.setText(phrases.requests(count, failures))
