"""Two sides, whatever they are, as what a plan is made for and carried out on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.sync.plan import make_plan
from vidcache_gui.core.sync.records import Outcome, Plan, Report, Way
from vidcache_gui.core.sync.run import OnProgress, carry_out
from vidcache_gui.core.sync.side import Side


class Pair(Protocol):
    """What can be synchronised. ``titles``: of both sides, for sentences."""

    titles: tuple[str, str]

    def plan(
        self,
        way: Way,
        *,
        mirror: bool = False,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_found: Callable[[int], None] = ...,
    ) -> Plan:
        """Compare; changes nothing. Raises UserError, Cancelled."""
        ...

    def carry_out(
        self,
        plan: Plan,
        *,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_progress: OnProgress = ...,
        on_outcome: Callable[[Outcome], None] = ...,
    ) -> Report:
        """Do what a plan says; each step is durable before it counts."""
        ...


class SidePair:
    """Two sides that sum up what they hold."""

    def __init__(self, first: Side, second: Side) -> None:
        self.titles = (first.title, second.title)
        self._sides = (first, second)

    def plan(
        self,
        way: Way,
        *,
        mirror: bool = False,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_found: Callable[[int], None] = lambda _: None,
    ) -> Plan:
        first, second = self._sides
        return make_plan(
            first, second, way, mirror=mirror, bucket=bucket, stop=stop, on_found=on_found
        )

    def carry_out(
        self,
        plan: Plan,
        *,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_progress: OnProgress = lambda done, moved, title: None,
        on_outcome: Callable[[Outcome], None] = lambda _: None,
    ) -> Report:
        first, second = self._sides
        return carry_out(
            first, second, plan, stop=stop, on_progress=on_progress, on_outcome=on_outcome
        )


class Turned:
    """A pair seen from its other side."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self.titles = (pair.titles[1], pair.titles[0])

    def plan(
        self,
        way: Way,
        *,
        mirror: bool = False,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_found: Callable[[int], None] = lambda _: None,
    ) -> Plan:
        turned = self._pair.plan(
            OPPOSITE[way], mirror=mirror, bucket=bucket, stop=stop, on_found=on_found
        )
        return turn(turned)

    def carry_out(
        self,
        plan: Plan,
        *,
        bucket: str | None = None,
        stop: CancelToken | None = None,
        on_progress: OnProgress = lambda done, moved, title: None,
        on_outcome: Callable[[Outcome], None] = lambda _: None,
    ) -> Report:
        def told(outcome: Outcome) -> None:
            on_outcome(replace(outcome, step=replace(outcome.step, side=1 - outcome.step.side)))

        return self._pair.carry_out(
            turn(plan), bucket=bucket, stop=stop, on_progress=on_progress, on_outcome=told
        )


OPPOSITE = {Way.BOTH: Way.BOTH, Way.TO: Way.FROM, Way.FROM: Way.TO}


def turn(plan: Plan) -> Plan:
    """The same plan with its sides named the other way round."""
    steps = tuple(replace(step, side=1 - step.side) for step in plan.steps)
    return replace(plan, steps=steps, way=OPPOSITE[plan.way])
