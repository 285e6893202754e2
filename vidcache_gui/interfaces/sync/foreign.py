"""A library and a server of the published protocols: balls by bucket, key and SHA-256, files by
content. What is said of them travels as far as the server's protocol has a field for it.
"""

from collections.abc import Callable

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.core.sync.pair import StepPair, Wish
from vidcache_gui.core.sync.plan import ORDER
from vidcache_gui.core.sync.records import Plan, Step
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.sync.balls import BallPlan
from vidcache_gui.interfaces.sync.exchange import Exchange
from vidcache_gui.interfaces.sync.files import FilePlan
from vidcache_gui.interfaces.sync.wholes import Wholes

TELL = 100  # differences between two words about them


class ForeignPair(StepPair):
    """A library (side 0) and a server (side 1)."""

    def __init__(self, library: Library, remote: Remote) -> None:
        self.titles = (library.name, remote.where)
        self._library = library
        self._remote = remote

    def _compare(self, wish: Wish) -> Plan:
        library, remote = self._library, self._remote
        plans: list[BallPlan | FilePlan] = []
        if remote.has_files:
            plans.append(FilePlan(library, remote, wish))
        if remote.has_balls:
            wholes = None
            if not remote.has_files:  # files go as objects
                mine = library.local_files(sha256=True, stop=wish.stop)
                wholes = Wholes(library, mine, wish)
            plans.append(BallPlan(library, remote.balls, wish, wholes))
        steps: list[Step] = []
        for plan in plans:
            for step in plan.steps():
                wish.stop.check()
                steps.append(step)
                if len(steps) % TELL == 0:
                    wish.on_found(len(steps))
        wish.on_found(len(steps))
        steps.sort(key=lambda step: (ORDER[step.act], step.side, step.group, step.id))
        return Plan(tuple(steps), wish.way, wish.mirror, sum(plan.requests for plan in plans))

    def _doing(
        self, plan: Plan, bucket: str | None, stop: CancelToken, moved: Callable[[int], None]
    ) -> Exchange:
        return Exchange(self._library, self._remote, plan, bucket, stop, moved)
