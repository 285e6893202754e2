"""Two sides, whatever they are, as what a plan is made for and carried out on."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.sync.plan import NO_MIRROR, OnFound, make_plan
from vidcache_gui.core.sync.records import Outcome, Plan, Report, Step, Way
from vidcache_gui.core.sync.run import carry_out
from vidcache_gui.core.sync.side import Side
from vidcache_gui.core.sync.stepping import Do, OnOutcome, OnProgress, Watch, each
from vidcache_gui.errors import UserError


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be compared, and how."""

    way: Way
    mirror: bool
    bucket: str | None  # only what is in this one
    stop: CancelToken
    on_found: OnFound


class Pair(ABC):
    """What can be synchronised. ``titles``: of both sides, for sentences."""

    titles: tuple[str, str]

    def plan(
        self,
        way: Way,
        *,
        mirror: bool = False,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_found: OnFound = lambda _: None,
    ) -> Plan:
        """Compare; changes nothing. Raises UserError, Cancelled."""
        if mirror and way is Way.BOTH:
            raise UserError(NO_MIRROR)
        return self._compare(Wish(way, mirror, bucket, stop or CancelToken(), on_found))

    def carry_out(
        self,
        plan: Plan,
        *,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_progress: OnProgress = lambda done, moved, title: None,
        on_outcome: OnOutcome = lambda _: None,
    ) -> Report:
        """Do what a plan says; each step is durable before it counts."""
        return self._do(plan, bucket, Watch(stop or CancelToken(), on_progress, on_outcome))

    @abstractmethod
    def _compare(self, wish: Wish) -> Plan: ...

    @abstractmethod
    def _do(self, plan: Plan, bucket: str | None, watch: Watch) -> Report: ...


class SidePair(Pair):
    """Two sides that sum up what they hold."""

    def __init__(self, first: Side, second: Side) -> None:
        self.titles = (first.title, second.title)
        self._sides = (first, second)

    def _compare(self, wish: Wish) -> Plan:
        first, second = self._sides
        return make_plan(
            first, second, wish.way, mirror=wish.mirror, bucket=wish.bucket, stop=wish.stop,
            on_found=wish.on_found,
        )  # fmt: skip

    def _do(self, plan: Plan, bucket: str | None, watch: Watch) -> Report:
        first, second = self._sides
        return carry_out(
            first, second, plan, stop=watch.stop, on_progress=watch.on_progress,
            on_outcome=watch.on_outcome,
        )  # fmt: skip


class StepPair(Pair):
    """A library and something that is no library: each step is done by itself, some at once."""

    def _do(self, plan: Plan, bucket: str | None, watch: Watch) -> Report:
        return each(plan.to_do, lambda stop, moved: self._doing(plan, bucket, stop, moved), watch)

    @abstractmethod
    def _doing(
        self, plan: Plan, bucket: str | None, stop: CancelToken, moved: Callable[[int], None]
    ) -> Do: ...


class Turned(Pair):
    """A pair seen from its other side."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self.titles = (pair.titles[1], pair.titles[0])

    def _compare(self, wish: Wish) -> Plan:
        return turn(self._pair._compare(replace(wish, way=OPPOSITE[wish.way])))

    def _do(self, plan: Plan, bucket: str | None, watch: Watch) -> Report:
        def told(outcome: Outcome) -> None:
            watch.on_outcome(replace(outcome, step=_turned(outcome.step)))

        return self._pair._do(turn(plan), bucket, replace(watch, on_outcome=told))


OPPOSITE = {Way.BOTH: Way.BOTH, Way.TO: Way.FROM, Way.FROM: Way.TO}


def turn(plan: Plan) -> Plan:
    """The same plan with its sides named the other way round."""
    return replace(plan, steps=tuple(map(_turned, plan.steps)), way=OPPOSITE[plan.way])


def _turned(step: Step) -> Step:
    return replace(step, side=1 - step.side)
