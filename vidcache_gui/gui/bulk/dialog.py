"""Run a manifest as a bulk job: what it will do is shown before anything is done."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk.store import MOST_CONCURRENCY, USUAL_CONCURRENCY
from vidcache_gui.gui import theme, words
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.bulk import preview as previews
from vidcache_gui.gui.bulk.preview import CHECKED, Preview
from vidcache_gui.gui.fields import number
from vidcache_gui.gui.parts import button, label

if TYPE_CHECKING:
    from vidcache_gui.gui.session import Session

ANOTHER = "Give this another name to do it once more."


class RunManifest(QDialog):
    """Ask whether and how to run a manifest."""

    started = Signal()

    def __init__(self, session: "Session", path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._path = path
        self._stop = CancelToken()
        self._preview: Preview | None = None
        self.setWindowTitle("Run a manifest")
        self.resize(800, 600)
        self.summary = label("Reading it…", wrap=True, selectable=True)
        self.lines = self._build_lines()
        self.name = QLineEdit(Path(path).stem)
        self.name.setToolTip("What the job is called; one of this name is added to")
        self.name.textChanged.connect(lambda _: self._enable())
        self.folder = QLineEdit(str(Path(path).parent))
        self.folder.setToolTip("What is fetched and exported stays in this folder")
        self.folder.editingFinished.connect(self._read)
        self._choose = button("Choose…", self._ask_folder)
        self._choose.setToolTip("Choose the folder to write to")
        tip = "How many items are worked on side by side"
        self.at_a_time = number("At a time", tip, 1, MOST_CONCURRENCY, USUAL_CONCURRENCY)
        self.stop_on_failure = QCheckBox("Stop at the first failure")
        self.stop_on_failure.setToolTip("Begin nothing more once an item failed")
        self.run = button("Run", self._run, primary=True)
        self.run.setDefault(True)
        self.cancel = button("Cancel", self.reject)
        self.cancel.setToolTip("Close; nothing is done (Esc)")
        self._form = QWidget()
        self._build()
        self._read()

    def _build_lines(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setProperty("padded", True)
        table.setAccessibleName("What it will do, line by line")
        table.setToolTip("What each line would do as things are now")
        table.setHorizontalHeaderLabels(["Line", "What it does"])
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().resizeSection(0, 64)
        table.horizontalHeader().setHighlightSections(False)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        table.horizontalHeader().setDefaultAlignment(left)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        return table

    def _build(self) -> None:
        form = QFormLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.folder, 1)
        where.addWidget(self._choose)
        how = QHBoxLayout()
        how.setSpacing(16)
        how.addWidget(self.at_a_time)
        how.addWidget(self.stop_on_failure)
        how.addStretch()
        for text, widget in (
            ("Name", self.name), ("Write to", self.folder), ("At a time", self.at_a_time),
        ):  # fmt: skip
            widget.setAccessibleName(text)
        form.addRow("Name", self.name)
        form.addRow("Write to", where)
        form.addRow("At a time", how)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.run)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(
            label(f"Run “{Path(self._path).name}”", theme.TITLE, medium=True, wrap=True)
        )
        column.addWidget(self.summary)
        column.addWidget(self.lines, 1)
        column.addWidget(self._form)
        column.addLayout(buttons)

    # What it would do

    @property
    def _into(self) -> str:
        """Where it writes; what is typed may begin at home, or where the manifest is."""
        return str(Path(self._path).parent / Path(self.folder.text()).expanduser())

    def _read(self) -> None:
        self._stop.cancel()
        self._stop = stop = CancelToken()
        library, path, into = self._session.library, self._path, self._into
        self._preview = None
        self._enable()
        self._session.background.run(
            Purpose.WORK,
            lambda: (stop, previews.read(library, path, into, stop)),
            self._show,
            self._refuse,
        )

    def _show(self, found: tuple[CancelToken, Preview]) -> None:
        stop, preview = found
        if stop is not self._stop:
            return
        first = self.at_a_time.property("shown") is None
        if first:
            self.at_a_time.setValue(preview.concurrency)
            self.name.setText(preview.name)
            self.at_a_time.setProperty("shown", True)
        self._preview = preview
        self._form.setEnabled(True)
        self.cancel.setText("Cancel")
        self._say(previews.sentence(preview), "warn" if preview.problems else "")
        self.lines.setRowCount(len(preview.lines))
        for row, line in enumerate(preview.lines):
            number, text = QTableWidgetItem(f"{line.number:,}"), QTableWidgetItem(line.text)
            number.setForeground(theme.color("muted"))
            text.setToolTip(line.whole)
            if line.is_problem:
                text.setText(f"Cannot: {line.text}")
                text.setForeground(theme.color("danger"))
            self.lines.setItem(row, 0, number)
            self.lines.setItem(row, 1, text)
        more = preview.items + preview.unreadable - CHECKED
        if more > 0:
            self.lines.setRowCount(CHECKED + 1)
            rest = QTableWidgetItem(f"and {words.number(more)} more")
            rest.setForeground(theme.color("muted"))
            self.lines.setItem(CHECKED, 1, rest)
        self._enable()

    def _refuse(self, error: Exception) -> None:
        self._say(str(error), "danger")
        if self._preview is None:  # it is no manifest, or not to be read
            self.lines.setRowCount(0)
            self._form.setEnabled(False)
            self.cancel.setText("Close")
        self._enable()

    def _say(self, text: str, tone: str = "") -> None:
        self.summary.setText(text)
        for name in ("danger", "warn"):
            self.summary.setProperty(name, name == tone)
        self.summary.style().polish(self.summary)

    def _enable(self) -> None:
        preview = self._preview
        count = 0 if preview is None else preview.items
        for widget in (self.folder, self._choose):
            widget.setEnabled(preview is None or preview.writes)
        self.lines.horizontalHeader().setVisible(self.lines.rowCount() > 0)
        self.run.setText(f"Run {words.items(count)}" if count else "Run")
        self.run.setToolTip("Begin; it can be paused and stopped in the activity panel")
        self.run.setEnabled(count > 0 and bool(self.name.text().strip()))

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, "Choose a folder to write to", self._into)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._take_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_folder(self, path: str) -> None:
        self.folder.setText(path)
        self._read()

    # Doing it

    def _run(self) -> None:
        library, path = self._session.library, self._path
        name, into = self.name.text().strip(), self._into
        at_a_time, stop = self.at_a_time.value(), self.stop_on_failure.isChecked()

        def work() -> int:
            with open(path, "rb") as file:
                items = library.read_manifest(file, base=Path(path).parent, into=into)
                _, added = library.add_to_bulk(
                    name, items, max_concurrency=at_a_time, stop_on_failure=stop
                )
            return added

        self.run.setEnabled(False)
        self._session.background.run(Purpose.CATALOG, work, self._begin, self._refuse)

    def _begin(self, added: int) -> None:
        if not added:
            self._say(
                f"All of this is in “{self.name.text().strip()}” already. {ANOTHER}", "danger"
            )
            self._enable()
            self.name.setFocus()
            return
        self._session.refresh_jobs()
        self.started.emit()
        self.accept()

    def done(self, result: int) -> None:
        self._stop.cancel()
        super().done(result)
