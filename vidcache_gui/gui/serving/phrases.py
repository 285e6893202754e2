"""Everything the pages about serving say."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale

from vidcache_gui.gui import words
from vidcache_gui.gui.serving.choices import Choices
from vidcache_gui.interfaces.server.settings import Access

if TYPE_CHECKING:
    from vidcache_gui.interfaces.server.log import Served

OFF = "Off. No other program can reach this library."
STARTING = "Switching on…"
STOPPING = "Switching off: what is being sent is finished first…"
NO_LIBRARY = "Open a library to serve it."
WARNING = (
    "Everybody in the same network who has the token can do what is allowed below. "
    "What is sent is not encrypted: use it only in a network you trust."
)
NO_TOKEN = "Without a token every program on this computer can use it."
LOCKED = "Switch it off to change any of this."
DOWNLOADS = (
    "A program names an address and this computer fetches it into the library. Addresses in "
    "your own network are never fetched."
)
GONE, BROKE_OFF = 0, 499
ANSWERS = {
    GONE: "went away",
    400: "not understood",
    401: "no token",
    403: "not allowed",
    404: "not found",
    405: "not possible",
    408: "too slow",
    409: "does not fit",
    413: "too large",
    414: "too long",
    416: "no such part",
    421: "wrong name",
    422: "no sense",
    BROKE_OFF: "broke off",
    500: "a bug of ours",
    503: "busy",
    507: "disk full",
}
REASONS = {
    GONE: "The client went away before there was an answer.",
    401: "It sent no token, or a wrong one.",
    403: "It asked for something that is not allowed, or a page of another site did.",
    405: "This cannot be done at this address.",
    408: "What it sent came too slowly or stopped.",
    409: "It does not fit what is here.",
    413: "It wanted to send more than is taken.",
    421: "It called this computer by a name that is not its own.",
    422: "A part of the request made no sense.",
    BROKE_OFF: "The client went away in the middle.",
    500: "This is a bug in VidCache; its log says more.",
    507: "There is no room on the disk.",
}


def failed(served: "Served") -> bool:
    return served.status == GONE or served.status >= 400


def answer(served: "Served") -> str:
    """``404 not found``; ``–`` where there was none."""
    known = ANSWERS.get(served.status)
    if known is None:
        known = "failed" if served.status >= 400 else "done"
    return f"{served.status or '–'} {known}"


def reason(served: "Served") -> str:
    """More than :func:`answer` has room for; may be empty."""
    return REASONS.get(served.status, "")


def clock(served: "Served") -> str:
    at = QDateTime.fromMSecsSinceEpoch(served.at)
    return at.toString("HH:mm:ss")


def moment(served: "Served") -> str:
    at = QDateTime.fromMSecsSinceEpoch(served.at)
    return QLocale().toString(at, QLocale.FormatType.LongFormat)


def amount(served: "Served") -> str:
    """Bytes of the bodies, both ways."""
    total = served.received + served.sent
    return words.size(total) if total else ""


def took(served: "Served") -> str:
    if served.seconds < 0.0005:
        return "under 1 ms"
    if served.seconds < 0.9995:
        return f"{served.seconds * 1000:.0f} ms"
    return words.duration(served.seconds)


def requests(count: int, failures: int) -> str:
    """``12 requests, 1 of them failed``"""
    if not count:
        return "nothing was asked yet"
    text = "1 request" if count == 1 else f"{words.number(count)} requests"
    if not failures:
        return text
    return f"{text}, failed" if count == 1 else f"{text}, {words.number(failures)} of them failed"


def serving(address: str, count: int, failures: int, choices: Choices) -> str:
    """The line below the window."""
    whom = "the whole network" if choices.network else "this computer"
    return f"Served to {whom} at {address} · {requests(count, failures)}"


def allowed(choices: Choices) -> str:
    """What others can do, in a sentence."""
    fetches = " They may have this computer download addresses." if choices.downloads else ""
    verbs = {
        Access.READ: "Programs can find and fetch what is here, and change nothing.",
        Access.ADD: "Programs can fetch what is here and add to it.",
        Access.ALL: "Programs can fetch, add and delete. What they delete goes to the trash.",
    }
    return verbs[choices.access] + ("" if choices.access is Access.READ else fetches)
