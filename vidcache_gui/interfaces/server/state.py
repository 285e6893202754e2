"""What every endpoint of a server shares."""

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.interfaces.server.mictlanx.tasks import Tasks
from vidcache_gui.interfaces.server.pending import Pending
from vidcache_gui.interfaces.server.settings import Settings


@dataclass(frozen=True, slots=True)
class Upload:
    """The first phase of a vidcache upload."""

    url: str
    name: str
    target: Target


@dataclass
class State:
    library: Library
    settings: Settings
    uploads: Pending[Upload] = field(init=False)
    tasks: Tasks = field(init=False)

    def __post_init__(self) -> None:
        limits = self.settings.limits
        self.uploads = Pending(limits.pending, limits.pending_seconds)
        self.tasks = Tasks(Pending(limits.pending, limits.pending_seconds))


def state_of(request: Request) -> State:
    state: Any = request.app.state.served
    assert isinstance(state, State)
    return state
