"""How it stands with the local server."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    has_library: bool = False
    is_on: bool = False
    is_changing: bool = False  # on its way to the other
    addresses: tuple[str, ...] = ()
    problem: str = ""  # why it could not be switched on the last time
