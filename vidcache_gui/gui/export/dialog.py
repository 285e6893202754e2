"""The export dialog: choices, progress and result in one place."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui import theme
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.export.destination import FILE, LIBRARY, Destination
from vidcache_gui.gui.export.form import ExportForm, result_line
from vidcache_gui.gui.export.formats import STILL_OFFERS
from vidcache_gui.gui.export.outcome import Outcome
from vidcache_gui.gui.export.run import ExportRun, Host, Made, Plan
from vidcache_gui.gui.parts import ElidedLabel, button, label, line
from vidcache_gui.gui.settings import Settings
from vidcache_gui.gui.words import item_place
from vidcache_gui.media.types import Kind

Marks = tuple[int | None, int | None]


class ExportDialog(QDialog):
    """Frames of one item as something new. Open it with ``open()``."""

    play_requested = Signal(int)  # the id of an item that was made
    filled = Signal()  # the choices are there

    def __init__(
        self,
        session: Host,
        item: Item,
        marks: Marks = (None, None),
        settings: Settings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``marks``: the range marked in the player, which is what is offered first."""
        super().__init__(parent)
        self.item = item
        self._session = session
        self._marks = marks
        self._settings = settings or Settings()
        self.form: ExportForm | None = None
        self.destination: Destination | None = None
        self.run = ExportRun(session, item, self)
        self.outcome = Outcome()
        self._path: Path | None = None
        self.setWindowTitle("Export frames")
        self.setMinimumWidth(680)
        self._build()
        self.run.progressed.connect(self.outcome.show_progress)
        self.run.finished.connect(self._show_made)
        self.run.failed.connect(self._show_failure)
        self.run.stopped.connect(self._show_stopped)
        self.outcome.play_requested.connect(self._play)
        self._read()

    @classmethod
    def for_item(
        cls,
        session: Host,
        item: Item,
        first: int | None = None,
        last: int | None = None,
        *,
        settings: Settings | None = None,
        parent: QWidget | None = None,
    ) -> "ExportDialog":
        """A dialog that offers frames ``first..last``; it deletes itself when closed."""
        dialog = cls(session, item, (first, last), settings, parent)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _build(self) -> None:
        self._name = ElidedLabel(self.item.name, Qt.TextElideMode.ElideMiddle)
        self._name.setProperty("muted", True)
        self._body = QVBoxLayout()
        self._body.setSpacing(12)
        self.estimate = label("", medium=True)
        self.export_button = button("Export", self.start, primary=True)
        self.export_button.setToolTip("Write the frames (Enter)")
        self.export_button.setDefault(True)
        self.export_button.setEnabled(False)
        self.cancel_button = button("Close", self.reject)
        self.cancel_button.setToolTip("Close, or stop what is being written (Esc)")
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.estimate, 1)
        below.addWidget(self.cancel_button)
        below.addWidget(self.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label("Export frames", theme.TITLE, medium=True))
        column.addWidget(self._name)
        column.addLayout(self._body)
        column.addWidget(self.outcome)
        column.addStretch()
        column.addWidget(line())
        column.addLayout(below)

    def _read(self) -> None:
        library, item = self._session.library, self.item

        def read() -> list[float]:
            source = library.open_source(item)
            try:
                return [seconds * 1000 for seconds in source.durations]
            finally:
                source.close()

        self._session.background.run(Purpose.READ, read, self._fill, self._show_error)

    def _fill(self, delays_ms: Sequence[float]) -> None:
        """How long each frame stays is known: the choices can be made."""
        remembered = self._settings.export
        folder = Path(str(remembered.get("folder") or Path.home()))
        place = item_place(self.item.bucket, self.item.prefix)
        self.form = form = ExportForm(self.item, delays_ms, self._marks)
        folder = folder if folder.is_dir() else Path.home()
        self.destination = destination = Destination(self.item, folder, place)
        self._body.addWidget(form)
        self._body.addWidget(line())
        self._body.addWidget(destination)
        destination.follow(form.choices(), form.format)
        form.restore(remembered)
        destination.where.choose(LIBRARY if remembered.get("where") == LIBRARY else FILE)
        form.changed.connect(self._follow)
        form.reshaped.connect(self._fit)
        destination.changed.connect(self._say)
        self._follow()
        for before, after in (
            (destination.replace, self.outcome.reveal), (self.outcome.reveal, self.outcome.open),
            (self.outcome.open, self.outcome.play), (self.outcome.play, self.cancel_button),
            (self.cancel_button, self.export_button),
        ):  # fmt: skip
            self.setTabOrder(before, after)
        form.formats.setFocus()
        self._fit()
        self.filled.emit()

    def _follow(self) -> None:
        if self.form is not None and self.destination is not None:
            self.destination.follow(self.form.choices(), self.form.format)
        self._say()

    def _say(self) -> None:
        """What the choices come to, and whether they can be carried out."""
        from vidcache_gui.media.export import estimate

        form, destination = self.form, self.destination
        if form is None or destination is None or self.run.running:
            return
        try:
            made = estimate(
                (self.item.width, self.item.height), form.delays_ms, form.choices(), form.format,
                animation=self.item.kind is Kind.ANIMATION,
            )  # fmt: skip
        except UserError as error:
            self.estimate.setText(str(error))
            self.export_button.setEnabled(False)
            return
        self.estimate.setText(
            result_line(
                made.frames,
                made.seconds,
                made.width,
                made.height,
                still=form.format in STILL_OFFERS,
            )
        )
        self.export_button.setEnabled(destination.ready)

    def _fit(self) -> None:
        """As high as what is shown needs."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def start(self) -> None:
        form, destination = self.form, self.destination
        if form is None or destination is None or self.run.running or not destination.ready:
            return
        self._remember(form, destination)
        self._path = destination.path
        plan = Plan(
            form.choices(), form.format, self._path, destination.name.text().strip(),
            destination.overwrite,
        )  # fmt: skip
        self._show_running(True)
        self.outcome.show_progress(0, 0, 0)
        self._fit()
        self.run.start(plan)

    def _remember(self, form: ExportForm, destination: Destination) -> None:
        state = {**self._settings.export, **form.state(), "where": str(destination.where.value)}
        if destination.path is not None:
            state["folder"] = str(destination.path.parent)
        self._settings.export = state

    def _show_running(self, running: bool) -> None:
        for part in (self.form, self.destination):
            if part is not None:
                part.setEnabled(not running)
        self.export_button.setEnabled(not running)
        self.cancel_button.setText("Stop" if running else "Close")
        if running:
            self.cancel_button.setFocus()
        elif self.destination is not None:
            self.destination.follow_disk()

    def _show_made(self, made: Made) -> None:
        self._show_running(False)
        self.outcome.show_made(made, self._path)
        self._fit()

    def _show_failure(self, text: str) -> None:
        self._show_running(False)
        self.outcome.say(text, tone="danger")
        self._fit()

    def _show_stopped(self) -> None:
        self._show_running(False)
        self.outcome.say("Stopped. Nothing was written.")
        self._fit()

    def _show_error(self, error: Exception) -> None:
        self.outcome.say(str(error), tone="danger")

    def _play(self, item_id: int) -> None:
        self.play_requested.emit(item_id)
        self.accept()

    def reject(self) -> None:
        """Escape stops what runs; when nothing does, it closes."""
        if self.run.running:
            self.run.cancel()
        else:
            super().reject()
