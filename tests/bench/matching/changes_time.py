"""Transforms of time: speed, rate, order, parts."""

from tests.bench.matching.recipe import (
    EVEN,
    SMALL,
    Clip,
    Copy,
    Stretch,
    graph,
    over,
    transform,
    x264,
)


def speed(name: str, tier: int, factor: float, rate: str = "") -> None:
    @transform(name, tier, 2)
    def make(clip: Clip) -> Copy:
        chain = f"{SMALL},setpts=PTS/{factor},{rate + ',' if rate else ''}{EVEN}"
        return Copy(
            ".mp4",
            ["-i", str(clip.path), "-vf", chain, *x264()],
            (clip.whole(speed=factor),),
            clip.seconds / factor,
        )


speed("speed_0.5", 2, 0.5)
speed("speed_1.1", 2, 1.1, "fps=27")
speed("speed_2", 2, 2.0, "fps=25")
speed("film_to_pal", 2, 25 / 24, "fps=25")


def rate(name: str, tier: int, chain: str, *more: str, least: float = 0.0) -> None:
    """Other frames, the same times."""

    @transform(name, tier, least)
    def make(clip: Clip) -> Copy:
        copy = over(clip, chain)
        return Copy(copy.suffix, [*copy.arguments, *more], copy.stretches, copy.seconds)


rate("frames_dropped", 1, "select='gt(random(0),0.4)'", "-vsync", "vfr", least=1.5)
rate("fps_5", 1, "fps=5", least=1.5)
rate("fps_60_blended", 1, "framerate=fps=60")
rate("ghosting", 1, "fps=25,tmix=frames=3")
rate(
    "interlaced",
    1,
    "scale=trunc(iw/4)*4:trunc(ih/4)*4,fps=50,tinterlace=mode=interleave_top",
    "-flags",
    "+ilme+ildct",
)
rate("telecined", 1, "fps=24000/1001,telecine=pattern=23")


@transform("excerpt_3s", 2, 6)
def _(clip: Clip) -> Copy:
    return _excerpt(clip, round(clip.seconds * 0.42, 2), 3.0)


@transform("excerpt_1.5s", 3, 4)
def _(clip: Clip) -> Copy:
    return _excerpt(clip, round(clip.seconds * 0.55, 2), 1.5)


def _excerpt(clip: Clip, start: float, length: float, chain: str = "null") -> Copy:
    return Copy(
        ".mp4",
        [
            *("-ss", str(start), "-i", str(clip.path), "-t", str(length)),
            *("-vf", f"{SMALL},{chain},{EVEN}", *x264()),
        ],
        (Stretch(clip.name, start, start + length, 0, length),),
        length,
    )


def parts(clip: Clip, pieces: list[tuple[float, float]]) -> str:
    """Filters that give the pieces [p0], [p1] … at 25 a second, each from zero."""
    names = "".join(f"[s{i}]" for i in range(len(pieces)))
    head = f"[0]{SMALL},{EVEN},setsar=1,fps=25,split={len(pieces)}{names};"
    return head + "".join(
        f"[s{i}]trim={a:.3f}:{b:.3f},setpts=PTS-STARTPTS[p{i}];" for i, (a, b) in enumerate(pieces)
    )


@transform("parts_swapped", 2, 6)
def _(clip: Clip) -> Copy:
    """The later part first; what lies between them is left out."""
    a, b, c, d = (round(clip.seconds * part, 1) for part in (0.05, 0.4, 0.5, 0.95))
    stretches = (
        Stretch(clip.name, c, d, 0, d - c),
        Stretch(clip.name, a, b, d - c, d - c + b - a),
    )
    chain = parts(clip, [(c, d), (a, b)]) + "[p0][p1]concat=n=2:v=1"
    return graph([clip.path], chain, stretches, d - c + b - a)


@transform("middle_missing", 2, 6)
def _(clip: Clip) -> Copy:
    """A quarter cut out."""
    end = clip.seconds
    a, b = round(end * 0.45, 1), round(end * 0.7, 1)
    stretches = (Stretch(clip.name, 0, a, 0, a), Stretch(clip.name, b, end, a, a + end - b))
    chain = parts(clip, [(0, a), (b, end)]) + "[p0][p1]concat=n=2:v=1"
    return graph([clip.path], chain, stretches, a + end - b)


@transform("looped_3", 2, 1)
def _(clip: Clip) -> Copy:
    end = round(min(clip.seconds, 4.0), 2)
    stretches = [Stretch(clip.name, 0, end, i * end, (i + 1) * end) for i in range(3)]
    chain = parts(clip, [(0, end)] * 3) + "[p0][p1][p2]concat=n=3:v=1"
    return graph([clip.path], chain, stretches, 3 * end)


@transform("boomerang", 2, 1.5)
def _(clip: Clip) -> Copy:
    end = round(min(clip.seconds, 4.0), 2)
    stretches = (
        Stretch(clip.name, 0, end, 0, end),
        Stretch(clip.name, 0, end, 2 * end, end),
    )
    chain = parts(clip, [(0, end)] * 2) + "[p1]reverse[r];[p0][r]concat=n=2:v=1"
    return graph([clip.path], chain, stretches, 2 * end)


@transform("reversed_mirror", 3, 2)
def _(clip: Clip) -> Copy:
    end = clip.seconds
    copy = over(clip, "reverse,hflip")
    return Copy(".mp4", copy.arguments, (Stretch(clip.name, 0, end, end, 0),), end)


@transform("freeze_2s", 2, 3)
def _(clip: Clip) -> Copy:
    """The picture stands still for two seconds, then goes on."""
    at, end = round(clip.seconds * 0.6, 1), clip.seconds
    stretches = (Stretch(clip.name, 0, at, 0, at), Stretch(clip.name, at, end, at + 2, end + 2))
    chain = parts(clip, [(0, at), (at, end)]) + (
        "[p0]tpad=stop_mode=clone:stop_duration=2[f];[f][p1]concat=n=2:v=1"
    )
    return graph([clip.path], chain, stretches, end + 2)


@transform("slow_middle", 2, 4)
def _(clip: Clip) -> Copy:
    """The middle runs at half the speed."""
    end = clip.seconds
    a, b = round(end * 0.5, 1), round(end * 0.75, 1)
    slow = 2 * (b - a)
    stretches = (
        Stretch(clip.name, 0, a, 0, a),
        Stretch(clip.name, a, b, a, a + slow),
        Stretch(clip.name, b, end, a + slow, a + slow + end - b),
    )
    chain = parts(clip, [(0, a), (a, b), (b, end)]) + (
        "[p1]setpts=2*PTS[m];[p0][m][p2]concat=n=3:v=1"
    )
    return graph([clip.path], chain, stretches, a + slow + end - b)


@transform("mirror_crop10_speed1.1", 3, 3)
def _(clip: Clip) -> Copy:
    copy = over(clip, "hflip,crop=iw*0.9:ih*0.9,setpts=PTS/1.1")
    return Copy(".mp4", copy.arguments, (clip.whole(speed=1.1),), clip.seconds / 1.1)


@transform("excerpt_crop20_logo", 3, 6)
def _(clip: Clip) -> Copy:
    start = round(clip.seconds * 0.3, 2)
    chain = (
        f"[0]{SMALL},crop=iw*0.8:ih*0.8,scale=480:-2,setsar=1[v];[1]scale=80:-1[l];"
        "[v][l]overlay=W-w-10:10"
    )
    return Copy(
        ".mp4",
        [
            *("-ss", str(start), "-t", "3.5", "-i", str(clip.path)),
            *("-i", str(clip.art / "station.png"), "-filter_complex", chain, *x264()),
        ],
        (Stretch(clip.name, start, start + 3.5, 0, 3.5),),
        3.5,
    )
