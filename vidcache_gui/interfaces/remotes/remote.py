"""A remote: one server, and which protocols it speaks."""

from dataclasses import dataclass, replace

from vidcache_gui.cancel import CancelToken
from vidcache_gui.closing import Closing
from vidcache_gui.interfaces.remotes import mictlanx, vidcache
from vidcache_gui.interfaces.remotes.http import CONNECTIONS, Answer, Http
from vidcache_gui.interfaces.remotes.mictlanx import MictlanX
from vidcache_gui.interfaces.remotes.patience import Patience
from vidcache_gui.interfaces.remotes.problems import Refused
from vidcache_gui.interfaces.remotes.vidcache import Generation, VidCache


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a server understands."""

    vidcache: Generation | None = None
    mictlanx: bool = False

    def __str__(self) -> str:
        parts = [f"vidcache {self.vidcache}"] if self.vidcache else []
        return " and ".join([*parts, "MictlanX"] if self.mictlanx else parts)


class Remote(Closing):
    """Use as a context manager, or close it. Any thread may use it."""

    def __init__(self, http: Http, spoken: Spoken) -> None:
        self.http = http
        self.spoken = spoken
        self._files = VidCache(http, spoken.vidcache) if spoken.vidcache else None
        self._balls = MictlanX(http) if spoken.mictlanx else None

    @classmethod
    def open(
        cls,
        address: str,
        *,
        secret: str | None = None,
        patience: Patience | None = None,
        connections: int = CONNECTIONS,
        stop: CancelToken | None = None,
    ) -> "Remote":
        """Find out what answers at an address. Raises RemoteError, UserError for no address."""
        patience = patience or Patience()
        once_more = replace(patience, attempts=min(2, patience.attempts))  # a person waits
        http = Http(address, secret=secret, patience=once_more, connections=connections)
        try:
            paths = vidcache.described(http, stop)
            spoken = Spoken(vidcache.probe(http, paths, stop), mictlanx.probe(http, paths, stop))
            if spoken == Spoken():
                http.ask("GET", "/openapi.json", _refused, stop=stop)
                raise Refused(
                    f"'{http.where}' answers, but is neither a vidcache server nor MictlanX."
                )
        except BaseException:
            http.close()
            raise
        http.patience = patience
        return cls(http, spoken)

    @property
    def address(self) -> str:
        return self.http.address

    @property
    def where(self) -> str:
        """Host and port, for sentences."""
        return self.http.where

    @property
    def has_files(self) -> bool:
        return self._files is not None

    @property
    def has_balls(self) -> bool:
        return self._balls is not None

    @property
    def files(self) -> VidCache:
        """Raises Refused where the server speaks no vidcache."""
        if self._files is None:
            raise Refused(f"'{self.where}' is no vidcache server: it knows buckets and keys only.")
        return self._files

    @property
    def balls(self) -> MictlanX:
        """Raises Refused where the server speaks no MictlanX."""
        if self._balls is None:
            raise Refused(f"'{self.where}' keeps whole files only, no frames or groups.")
        return self._balls

    def close(self) -> None:
        self.http.close()


def _refused(answer: Answer) -> None:
    """A server that lets nobody in says so itself."""
    if answer.status in (401, 403, 421) or 300 <= answer.status < 400:
        raise answer.problem()
