"""Other codecs, containers and sizes."""

from tests.bench.matching.recipe import (
    EVEN,
    EXACT,
    FOLDER,
    SMALL,
    Clip,
    Copy,
    Stretch,
    transform,
    x264,
)


def coded(name: str, tier: int, suffix: str, options: str, chain: str = SMALL) -> None:
    @transform(name, tier)
    def make(clip: Clip) -> Copy:
        return Copy(
            suffix,
            ["-i", str(clip.path), "-vf", f"{chain},{EVEN}", "-an", *options.split(), *EXACT],
            (clip.whole(),),
            clip.seconds,
        )


X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none:pools=1:frame-threads=1"
coded("hevc", 1, ".mp4", f"{X265} -crf 32 -pix_fmt yuv420p -tag:v hvc1")
coded("hevc_10bit", 1, ".mkv", f"{X265} -crf 34 -pix_fmt yuv420p10le")
coded(
    "av1",
    1,
    ".mp4",
    "-c:v libsvtav1 -preset 11 -crf 50 -svtav1-params lp=1 -pix_fmt yuv420p",
    "scale='min(480,iw)':-2",
)
coded("mpeg2", 1, ".ts", "-r 25 -c:v mpeg2video -q:v 12 -pix_fmt yuv420p")
coded("mpeg1", 1, ".mpg", "-r 25 -c:v mpeg1video -q:v 12 -pix_fmt yuv420p", "scale=352:288")
coded("motion_jpeg", 1, ".avi", "-r 15 -c:v mjpeg -q:v 12 -pix_fmt yuvj420p")
coded("theora", 1, ".ogv", "-c:v libtheora -q:v 3 -pix_fmt yuv420p")
coded("prores", 1, ".mov", "-c:v prores_ks -profile:v proxy -pix_fmt yuv422p10le", "scale=320:-2")
coded("dnxhr", 1, ".mov", "-r 25 -c:v dnxhd -profile:v dnxhr_lb -pix_fmt yuv422p", "scale=384:-2")
coded("wmv", 1, ".wmv", "-c:v wmv2 -q:v 12 -pix_fmt yuv420p")
coded("flash", 1, ".flv", "-r 25 -c:v flv -q:v 14 -pix_fmt yuv420p", "scale=320:-2")
coded(
    "thumb_96", 2, ".mp4", "-c:v libx264 -preset veryfast -crf 28 -pix_fmt yuv420p", "scale=96:-2"
)


@transform("worn_out", 1)
def _(clip: Clip) -> Copy:
    """Coded badly, then coded badly again by another codec."""
    chain = f"scale='min(400,iw)':-2,{EVEN}"
    first = ["-i", str(clip.path), "-vf", chain, *x264(40)]
    second = ["-an", "-c:v", "mpeg4", "-q:v", "14", "-pix_fmt", "yuv420p", *EXACT]
    return Copy(".mp4", first, (clip.whole(),), clip.seconds, second)


@transform("turned_by_metadata", 3)
def _(clip: Clip) -> Copy:
    """Players show it upright by a quarter turn; the coded pictures lie as before."""
    first = ["-i", str(clip.path), "-vf", f"{SMALL},{EVEN}", *x264()]
    # This ffmpeg writes the display matrix only where it copies the stream.
    second = ["-c", "copy", "-metadata:s:v:0", "rotate=90"]
    return Copy(".mp4", first, (clip.whole(),), clip.seconds, second)


def animation(
    name: str, tier: int, suffix: str, start: float, length: float, chain: str, options: str = ""
) -> None:
    """Up to ``length`` seconds from the part ``start`` of the clip on."""

    @transform(name, tier, 0 if not start else length / (1 - start) + 0.5)
    def make(clip: Clip) -> Copy:
        begin = round(clip.seconds * start, 2)
        span = round(min(clip.seconds - begin, length), 2)
        return Copy(
            suffix,
            [
                *("-ss", str(begin), "-t", str(span), "-i", str(clip.path)),
                *("-filter_complex", chain, "-an", *options.split(), "-threads", "1"),
            ],
            (Stretch(clip.name, begin, begin + span, 0, span),),
            span,
        )


def colours(count: int, rate: int, width: int) -> str:
    return (
        f"fps={rate},scale={width}:-2:flags=area,split[a][b];"
        f"[a]palettegen=max_colors={count}[p];[b][p]paletteuse=dither=bayer:bayer_scale=3"
    )


animation("gif_160_32_colours", 2, ".gif", 0, 8, colours(32, 5, 160))
animation("gif_excerpt_2s", 2, ".gif", 0.4, 2, colours(128, 12, 240))
animation(
    "webp_animation",
    1,
    ".webp",
    0,
    6,
    "fps=10,scale=240:-2",
    "-c:v libwebp_anim -lossless 0 -q:v 50 -compression_level 1 -loop 0",
)
animation("apng", 1, ".png", 0, 3, "fps=8,scale=160:-2,format=rgb24", "-f apng -plays 0")
animation("frames_jpeg_mirror", 3, FOLDER, 0, 8, "fps=4,hflip,scale=240:-2", "-q:v 4")


@transform("letterbox_subtitle_80kbit", 2)
def _(clip: Clip) -> Copy:
    chain = (
        "[0]scale=480:-2,setsar=1,pad=iw:trunc(ih*1.33/2)*2:0:(oh-ih)/2[v];[1]scale=420:-1[l];"
        "[v][l]overlay=(W-w)/2:H-h-4,scale=trunc(iw/2)*2:trunc(ih/2)*2"
    )
    return Copy(
        ".mp4",
        [
            *("-i", str(clip.path), "-i", str(clip.art / "subtitle.png")),
            *("-filter_complex", chain, "-an", "-c:v", "libx264", "-preset", "veryfast"),
            *("-b:v", "80k", "-maxrate", "95k", "-bufsize", "190k", "-pix_fmt", "yuv420p", *EXACT),
        ],
        (clip.whole(),),
        clip.seconds,
    )
