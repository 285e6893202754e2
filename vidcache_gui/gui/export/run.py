"""One export on its way, away from the window."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.records import Item, SourceResult
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.media.exporting.choices import Choices, Exported, Format

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library


class Host(Protocol):
    """Whose library it is: a session, or a window with a player and nothing else."""

    library: "Library"
    background: Background
    closing: Any  # a signal: the library is about to be closed

    def look_for_changes(self) -> None: ...
    def report(self, error: Exception) -> None: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make of an item."""

    choices: Choices
    format: Format
    destination: Path | None  # None: this library
    name: str  # of a new item
    overwrite: bool = False


Made = Exported | SourceResult


class ExportRun(QObject):
    """Runs a plan. Exactly one of finished, failed and stopped comes at the end."""

    progressed = Signal(int, int, int)  # frames done, frames in all, bytes so far
    finished = Signal(object)  # Made
    failed = Signal(str)
    stopped = Signal()

    def __init__(self, session: Host, item: Item, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._item = item
        self._token: CancelToken | None = None
        session.closing.connect(self.cancel)

    @property
    def running(self) -> bool:
        return self._token is not None

    def start(self, plan: Plan) -> None:
        session, item, token = self._session, self._item, CancelToken()
        self._token = token
        library, background, tell = session.library, session.background, self._tell

        def report(done: int, total: int, size: int) -> None:
            background.tell(("export", id(token)), tell, (token, done, total, size))

        def work() -> Made | None:
            try:
                if plan.destination is None:
                    return library.keep_frames(
                        item, plan.choices, plan.format, name=plan.name, token=token,
                        on_frame=report,
                    )  # fmt: skip
                return library.export_frames(
                    item, plan.destination, plan.choices, format=plan.format,
                    overwrite=plan.overwrite, token=token, on_frame=report,
                )  # fmt: skip
            except Cancelled:
                return None

        background.run(Purpose.WORK, work, self._finish, self._fail)

    def cancel(self) -> None:
        """Stop at the next frame."""
        if self._token is not None:
            self._token.cancel()

    def _tell(self, news: tuple[CancelToken, int, int, int]) -> None:
        token, *numbers = news
        if token is self._token:  # not late news of an earlier run
            self.progressed.emit(*numbers)

    def _finish(self, made: Made | None) -> None:
        self._token = None
        if made is None:
            self.stopped.emit()
            return
        if isinstance(made, SourceResult):
            self._session.look_for_changes()
        self.finished.emit(made)

    def _fail(self, error: Exception) -> None:
        self._token = None
        if isinstance(error, UserError):
            self.failed.emit(str(error))
        else:
            self._session.report(error)
            self.failed.emit("Something went wrong inside VidCache. Nothing was written.")
