"""How a labelled copy is described: what ffmpeg is asked for, and which seconds show what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

FOLDER = "/"  # the "suffix" of a copy that is a folder of pictures


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seconds s0 to s1 of a source are seen at f0 to f1 of a file; f1 < f0: backwards.

    ``relation`` and ``tier`` replace those of the file's transform where given.
    """

    source: str
    s0: float
    s1: float
    f0: float
    f1: float
    relation: str | None = None
    tier: int | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """``arguments``: ffmpeg's, without the output. ``second``: of a second run over the first's."""

    suffix: str
    arguments: list[str]
    stretches: tuple[Stretch, ...]
    seconds: float
    second: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Clip:
    """One source; ``others`` are what may be mixed into it."""

    name: str
    path: Path
    group: str
    flags: tuple[str, ...]
    width: int
    height: int
    seconds: float
    art: Path
    others: list["Clip"] = field(default_factory=list, compare=False, repr=False)

    @property
    def portrait(self) -> bool:
        return self.height > self.width

    def whole(self, start: float = 0.0, speed: float = 1.0) -> Stretch:
        return Stretch(self.name, 0, self.seconds, start, start + self.seconds / speed)

    def partners(self, count: int, least: float, most: float = 20.0) -> list["Clip"]:
        """Clips of other footage, each of another group; the same ones every time."""
        fit = [c for c in self.others if c.group != self.group and least <= c.seconds <= most]
        fit.sort(key=lambda clip: crc32(f"{self.name}+{clip.name}".encode()))
        chosen: dict[str, Clip] = {}
        for clip in fit:
            chosen.setdefault(clip.group, clip)
        return list(chosen.values())[:count]


@dataclass(frozen=True, slots=True)
class Transform:
    """``tier`` 1: every tool ought to find it, 2: a good one does, 3: hard."""

    name: str
    tier: int
    least: float  # seconds that a source must have
    make: Callable[[Clip], Copy | None]
    weight: int = 1  # how many times as often as others it is used


ALL: dict[str, Transform] = {}


def transform(
    name: str, tier: int, least: float = 0.0, weight: int = 1
) -> Callable[[Callable[[Clip], Copy | None]], Callable[[Clip], Copy | None]]:
    def register(make: Callable[[Clip], Copy | None]) -> Callable[[Clip], Copy | None]:
        assert name not in ALL, name
        ALL[name] = Transform(name, tier, least, make, weight)
        return make

    return register


# The same bytes every time, wherever it runs.
EXACT = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-threads", "1"]
EVEN = "scale=trunc(iw/2)*2:trunc(ih/2)*2"
SMALL = "scale='min(640,iw)':-2"  # footage of 1080 lines costs minutes and shows nothing more
ON = "loop=-1:1,fps=25,setpts=N/25/TB"  # a picture goes on as long as it is asked for
FRAME = (480, 270)
FIT = (  # clips that are joined must agree in size and rate
    "scale=480:270:force_original_aspect_ratio=decrease:force_divisible_by=2,"
    "pad=480:270:(ow-iw)/2:(oh-ih)/2,setsar=1,fps=25,format=yuv420p"
)


def x264(crf: int = 24, *more: str) -> list[str]:
    return [
        *(["-an", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-crf"]),
        str(crf),
        *more,
        *EXACT,
    ]


def picture(name: str, tier: int, chain: str, *, crf: int = 24, small: bool = True) -> None:
    """A transform of every picture that leaves the times alone."""

    @transform(name, tier)
    def make(clip: Clip) -> Copy:
        return over(clip, chain, crf=crf, small=small)


def over(clip: Clip, chain: str, *, crf: int = 24, small: bool = True) -> Copy:
    """``chain`` over the whole clip."""
    filters = ",".join([*([SMALL] if small else []), chain, EVEN])
    arguments = ["-i", str(clip.path), "-vf", filters, *x264(crf)]
    return Copy(".mp4", arguments, (clip.whole(),), clip.seconds)


def graph(
    inputs: Sequence[str | Path],
    filters: str,
    stretches: Sequence[Stretch],
    seconds: float,
    *more: str,
    crf: int = 24,
) -> Copy:
    """A filter graph over several inputs; a picture among them lasts as long as the others."""
    arguments = []
    for path in map(str, inputs):
        arguments += ["-i", path]
    arguments += ["-filter_complex", filters, *more, *x264(crf)]
    return Copy(".mp4", arguments, tuple(stretches), seconds)
