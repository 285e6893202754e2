"""What a person chose about serving: kept between runs, checked before anything listens."""

import secrets
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from vidcache_gui.interfaces.server.settings import PORT, Access, Protocol, Settings

HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # the latter with a warning and a token
TOKEN_BYTES = 18  # 24 signs: nobody guesses them, and the field shows them all
MOST_PORTS = 8


@dataclass(frozen=True, slots=True)
class Choices:
    """``ports`` is as it was typed; see :func:`parse_ports`."""

    network: bool = False  # else this computer only
    ports: str = str(PORT)
    token: str = ""
    vidcache: bool = True
    mictlanx: bool = True
    access: Access = Access.ALL
    as_upstream: bool = False
    at_start: bool = False  # on as soon as a library is open
    downloads: bool = False  # programs may have this computer fetch addresses

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Choices":
        """What was stored; whatever makes no sense is as if it had never been chosen."""
        made = cls()
        for one in fields(cls):
            value = found.get(one.name)
            if one.name == "access":
                if value in list(Access):
                    made = replace(made, access=Access(value))
            elif isinstance(value, type(getattr(made, one.name))):
                made = replace(made, **{one.name: value})
        return made

    @property
    def problem(self) -> str:
        """Why it cannot be switched on like this, as a sentence; empty if it can."""
        try:
            parse_ports(self.ports)
        except ValueError as error:
            return str(error)
        if not self.vidcache and not self.mictlanx:
            return "Choose what it speaks: vidcache, MictlanX or both."
        if self.network and not self.token:
            return "Other computers may only be let in with a token. Make one."
        if not is_token(self.token):
            return "A token is made of letters, digits and signs, without blanks."
        return ""

    def settings(self) -> Settings:
        """The server's own. Raises ValueError where :attr:`problem` says something."""
        spoken = ((Protocol.VIDCACHE, self.vidcache), (Protocol.MICTLANX, self.mictlanx))
        return Settings(
            host=EVERYWHERE if self.network else HERE,
            ports=parse_ports(self.ports),
            token=self.token or None,
            protocols=frozenset(protocol for protocol, on in spoken if on),
            access=self.access,
            names=frozenset(own_names()) if self.network else frozenset(),
            keep_similar=not self.as_upstream,
            downloads=self.downloads and self.access is not Access.READ,
        )


def parse_ports(text: str) -> tuple[int, ...]:
    """``8020, 24000`` as numbers, each once. Raises ValueError with a sentence."""
    words = text.replace(",", " ").split()
    if not words:
        raise ValueError("Name a port, for instance 8020.")
    if len(words) > MOST_PORTS:
        raise ValueError(f"That are more than {MOST_PORTS} ports.")
    for word in words:
        if not (word.isascii() and word.isdecimal() and int(word) <= 65535):
            raise ValueError(f"“{word[:20]}” is no port: ports are numbers from 1 to 65535.")
    return tuple(dict.fromkeys(int(word) for word in words))


def is_token(text: str) -> bool:
    """Whether it can stand in a header; none at all can."""
    return all("!" <= sign <= "~" for sign in text)


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def own_names() -> list[str]:
    """What other computers on the network may call this one."""
    name = socket.gethostname().lower().partition(".")[0]
    return [f"{name}.local", name] if name and name != "localhost" else []


def reachable_at(listening: list[str]) -> list[str]:
    """Addresses to type elsewhere, of a server that listens there: ``0.0.0.0`` is none."""
    found: list[str] = []
    for address in listening:
        port = address.rpartition(":")[2]
        if EVERYWHERE in address:
            hosts = [*filter(None, [own_address()]), *own_names()[:1], HERE]
            found += [f"http://{host}:{port}" for host in hosts]
        else:
            found.append(address)
    return list(dict.fromkeys(found))


def own_address() -> str:
    """This computer's address in its network, by asking the system for a way out; nothing is
    sent. Empty without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return str(way.getsockname()[0])
