"""Transforms with other footage in them: insets, compilations, titles that many items share."""

from zlib import crc32

from tests.bench.matching.recipe import FIT, ON, Clip, Copy, Stretch, graph, transform

IDENT, OUTRO, LEADER = 5.0, 3.0, 4.0  # seconds; made by artwork.py


@transform("inset_corner", 2, 2)
def _(clip: Clip) -> Copy:
    """Another clip in a corner, 35 % of the width."""
    other = clip.partners(1, min(9, clip.seconds * 0.6))[0]
    span = min(clip.seconds, other.seconds)
    return graph(
        [clip.path, other.path],
        f"[0]{FIT}[v];[1]scale=168:-2,setsar=1,fps=25,pad=iw+4:ih+4:2:2:color=white[w];"
        "[v][w]overlay=W-w-12:H-h-12:shortest=0:eof_action=pass",
        [
            clip.whole(),
            Stretch(other.name, 0, span, 0, span, "inset", 3),
        ],
        clip.seconds,
        "-t",
        str(clip.seconds),
    )


@transform("side_by_side", 3, 2)
def _(clip: Clip) -> Copy:
    other = clip.partners(1, min(9, clip.seconds * 0.7))[0]
    span = round(min(clip.seconds, other.seconds), 2)
    half = (
        "scale=320:360:force_original_aspect_ratio=decrease:force_divisible_by=2,"
        "pad=320:360:(ow-iw)/2:(oh-ih)/2,setsar=1,fps=25"
    )
    return graph(
        [clip.path, other.path],
        f"[0]{half}[a];[1]{half}[b];[a][b]hstack=shortest=1",
        [Stretch(c.name, 0, span, 0, span) for c in (clip, other)],
        span,
        "-t",
        str(span),
    )


@transform("cross_fade", 2, 3)
def _(clip: Clip) -> Copy:
    """One second of both, then the other clip; each is labelled without that second."""
    other = clip.partners(1, 4, 15)[0]
    at = round(clip.seconds - 1, 2)
    stretches = (
        Stretch(clip.name, 0, at, 0, at),
        Stretch(other.name, 1, other.seconds, at + 1, at + other.seconds),
    )
    return graph(
        [clip.path, other.path],
        f"[0]{FIT},settb=1/25[a];[1]{FIT},settb=1/25[b];"
        f"[a][b]xfade=transition=fade:duration=1:offset={at}",
        stretches,
        at + other.seconds,
    )


@transform("compilation_4", 3, 4)
def _(clip: Clip) -> Copy:
    """2.2 s of each of four clips."""
    chain, stretches, clips = "", [], [clip, *clip.partners(3, 4, 40)]
    for i, part in enumerate(clips):
        start = round((part.seconds - 2.2) * (0.2 + 0.2 * i), 2)
        chain += f"[{i}]{FIT},trim={start}:{start + 2.2:.2f},setpts=PTS-STARTPTS[p{i}];"
        stretches.append(Stretch(part.name, start, start + 2.2, 2.2 * i, 2.2 * i + 2.2))
    chain += "".join(f"[p{i}]" for i in range(len(clips))) + f"concat=n={len(clips)}:v=1"
    return graph([c.path for c in clips], chain, stretches, 2.2 * len(clips))


@transform("ident_and_outro", 2, 6, weight=2)
def _(clip: Clip) -> Copy:
    """Two channels share their moving ident and their outro among all they publish."""
    channel = "ab"[(crc32(clip.name.encode()) >> 16) & 1]
    return graph(
        [clip.art / f"ident_{channel}.mp4", clip.path, clip.art / f"outro_{channel}.mp4"],
        f"[0]{FIT}[a];[1]{FIT}[b];[2]{FIT}[c];[a][b][c]concat=n=3:v=1",
        [clip.whole(IDENT)],
        IDENT + clip.seconds + OUTRO,
    )


@transform("countdown_before", 2, 5)
def _(clip: Clip) -> Copy:
    return graph(
        [clip.art / "leader_a.mp4", clip.path],
        f"[0]{FIT}[a];[1]{FIT}[b];[a][b]concat=n=2:v=1",
        [clip.whole(LEADER)],
        LEADER + clip.seconds,
    )


@transform("reaction", 3, 3)
def _(clip: Clip) -> Copy:
    """The clip at 60 % beside a still panel, a face (another clip) below it."""
    other = clip.partners(1, min(9, clip.seconds * 0.6))[0]
    span = min(clip.seconds, other.seconds)
    return graph(
        [clip.path, other.path, clip.art / "backdrop.png"],
        f"[2]scale=640:360,{ON}[b];[0]scale=384:216:force_original_aspect_ratio=decrease:"
        "force_divisible_by=2,fps=25[v];[1]scale=200:-2,fps=25[w];"
        "[b][v]overlay=20:40:shortest=1[x];[x][w]overlay=W-w-16:H-h-16:eof_action=pass",
        [
            clip.whole(),
            Stretch(other.name, 0, span, 0, span, "inset", 3),
        ],
        clip.seconds,
        "-t",
        str(clip.seconds),
    )
