"""Blocking work of requests: catalog, disks, hashes. Never a client's pace.

Work that waits for a disk, and work that decodes or downloads, have threads of their own each,
so that everything else goes on meanwhile.
"""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

QUICK = 16
STORING = 8
LOOKING = 8

_quick: RunVar[CapacityLimiter] = RunVar("vidcache_quick")
_storing: RunVar[CapacityLimiter] = RunVar("vidcache_storing")
_looking: RunVar[CapacityLimiter] = RunVar("vidcache_looking")


async def in_thread(function: Callable[[*Ts], T], *args: *Ts) -> T:
    """Reading, and writing parts of uploads."""
    return await to_thread.run_sync(function, *args, limiter=_limiter(_quick, QUICK))


async def storing(function: Callable[[*Ts], T], *args: *Ts) -> T:
    """What makes something durable."""
    return await to_thread.run_sync(function, *args, limiter=_limiter(_storing, STORING))


async def looking(function: Callable[[*Ts], T], *args: *Ts) -> T:
    """What decodes before it stores, or waits for another server: seconds, sometimes minutes."""
    return await to_thread.run_sync(function, *args, limiter=_limiter(_looking, LOOKING))


def _limiter(variable: RunVar[CapacityLimiter], size: int) -> CapacityLimiter:
    limiter = variable.get(None)
    if limiter is None:
        limiter = CapacityLimiter(size)
        variable.set(limiter)
    return limiter
