"""How it stands with a remote, and the words for it."""

from dataclasses import dataclass, field
from enum import StrEnum

from vidcache_gui.interfaces.remotes.problems import Passing, RemoteError
from vidcache_gui.interfaces.remotes.remote import Spoken
from vidcache_gui.interfaces.remotes.vidcache import Generation


class Reach(StrEnum):
    UNKNOWN = "unknown"
    ASKING = "asking"
    THERE = "there"
    OFFLINE = "offline"
    SHUT = "no entry"  # it wants a token, or another one
    OTHER = "not a server"  # something else answers there

    @property
    def is_known(self) -> bool:
        return self not in (Reach.UNKNOWN, Reach.ASKING)


# What the sidebar says beside the name; nothing where all is well.
SAID = {Reach.OFFLINE: "offline", Reach.SHUT: "no entry", Reach.OTHER: "not usable"}


@dataclass(frozen=True, slots=True)
class Standing:
    reach: Reach = Reach.UNKNOWN
    reason: str = ""  # a sentence, where it is not there
    spoken: Spoken = field(default_factory=Spoken)

    @property
    def can_list(self) -> bool:
        return self.spoken.vidcache is Generation.C or self.spoken.mictlanx

    @property
    def takes(self) -> bool:
        return self.spoken.vidcache in (Generation.B, Generation.C) or self.spoken.mictlanx


def standing_of(error: Exception) -> Standing:
    """What a failed question says about a remote."""
    status = getattr(error, "status", 0)
    if status in (401, 403):
        return Standing(Reach.SHUT, str(error))
    if isinstance(error, Passing) or not isinstance(error, RemoteError):
        return Standing(Reach.OFFLINE, str(error))
    return Standing(Reach.OTHER, str(error))


def abilities(spoken: Spoken) -> str:
    """What can be done with a server that speaks this, in plain words."""
    if spoken.vidcache is Generation.C and spoken.mictlanx:
        return (
            "It keeps whole files (vidcache) and frame sequences (MictlanX): they can be looked "
            "through, searched, played and copied both ways."
        )
    files = {
        Generation.C: "It keeps whole files (vidcache): they can be looked through, searched, "
        "played and copied both ways.",
        Generation.B: "It keeps whole files (an older vidcache): they can be copied both ways, "
        "but it cannot say what it has.",
        Generation.A: "It keeps whole files (the oldest vidcache): it only takes addresses and "
        "cannot say what it has.",
    }
    parts = [files[spoken.vidcache]] if spoken.vidcache else []
    if spoken.mictlanx:
        also = "It also keeps" if parts else "It keeps"
        parts.append(
            f"{also} frame sequences and files in parts (MictlanX): they can be looked through, "
            "played and copied both ways."
        )
    return " ".join(parts)


def what_to_do(standing: Standing) -> tuple[str, str]:
    """(title, what it means and what helps) of a remote that cannot be shown."""
    if standing.reach is Reach.SHUT:
        return "It does not let us in", f"{standing.reason} Put the right token into its settings."
    if standing.reach is Reach.OTHER:
        return "This is no server we know", f"{standing.reason} Check its address."
    return "It does not answer", f"{standing.reason} Check that it is running, and its address."
