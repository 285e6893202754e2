"""Transforms of every picture: turned, cropped, framed, coloured, drawn upon."""

from tests.bench.matching.recipe import ON, SMALL, Clip, Copy, graph, over, picture, transform

# --- turned -----------------------------------------------------------------------------------
picture("upside_down", 3, "vflip")
picture("turned_180", 3, "hflip,vflip")
picture("turned_270", 3, "transpose=cclock")
picture("transposed", 3, "transpose=cclock_flip")  # turned and mirrored
picture("tilted_2", 2, "rotate=2*PI/180,crop=iw*0.93:ih*0.93")

# --- other shape ------------------------------------------------------------------------------
picture("other_aspect", 2, "scale=w='if(gt(a,1.5),480,640)':h=360,setsar=1")
picture("anamorphic", 1, "scale=trunc(iw*3/8)*2:ih,setsar=4/3")
picture("crop_corner_10", 2, "crop=iw*0.9:ih*0.9:iw*0.1:0")
picture("crop_corner_25", 3, "crop=iw*0.75:ih*0.75:0:ih*0.25")
picture("crop_30", 3, "crop=iw*0.7:ih*0.7")
picture("crop_square", 3, "crop='min(iw,ih)':'min(iw,ih)'")


@transform("crop_upright", 3)
def _(clip: Clip) -> Copy:
    """The middle of a wide picture for a telephone (of an upright one: for a cinema)."""
    cut = "crop=iw:'min(ih,iw*9/16)'" if clip.portrait else "crop='min(iw,ih*9/16)':ih"
    return over(clip, cut)


@transform("slow_zoom", 2, 2)
def _(clip: Clip) -> Copy:
    """Moves in by a quarter until the end."""
    height = round(480 * clip.height / clip.width / 2) * 2
    zoom = (
        f"fps=25,zoompan=z='1+0.25*in_time/{clip.seconds}':d=1:fps=25:s=480x{height}"
        ":x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2'"
    )
    return over(clip, zoom)


# --- framed -----------------------------------------------------------------------------------
picture("coloured_frame", 2, "pad=iw*1.16:ih*1.16:(ow-iw)/2:(oh-ih)/2:color=0x2a6f8f")
picture("white_bars", 2, "pad=iw:trunc(ih*1.3/2)*2:0:(oh-ih)/2:color=white")
picture("windowbox", 2, "pad=trunc(iw*1.3/2)*2:trunc(ih*1.3/2)*2:(ow-iw)/2:(oh-ih)/2")
picture("pillarbox_mirror", 3, "hflip,pad=trunc(iw*1.33/2)*2:ih:(ow-iw)/2:0")


@transform("box_80_on_still", 3)
def _(clip: Clip) -> Copy:
    return graph(
        [clip.path, clip.art / "backdrop.png"],
        "[0]scale=512:288:force_original_aspect_ratio=decrease:force_divisible_by=2[v];"
        f"[1]scale=640:360,{ON}[b];[b][v]overlay=(W-w)/2:(H-h)/2:shortest=1",
        [clip.whole()],
        clip.seconds,
    )


@transform("blurred_sides", 3)
def _(clip: Clip) -> Copy:
    """The whole picture over its own enlarged and blurred copy: the template of telephones."""
    width, height = (640, 360) if clip.portrait else (360, 640)
    return graph(
        [clip.path],
        f"[0]split[a][b];[a]scale={width}:{height}:force_original_aspect_ratio=increase,"
        f"crop={width}:{height},gblur=sigma=18,eq=brightness=-0.08[a];"
        f"[b]scale={width}:{height}:force_original_aspect_ratio=decrease[b];"
        "[a][b]overlay=(W-w)/2:(H-h)/2",
        [clip.whole()],
        clip.seconds,
    )


@transform("chat_beside", 3)
def _(clip: Clip) -> Copy:
    """A broadcast with its chat at the right: the picture takes 70 % of the width."""
    return graph(
        [clip.path, clip.art / "chat.png"],
        "[0]scale=448:270:force_original_aspect_ratio=decrease:force_divisible_by=2,"
        "pad=640:360:(448-iw)/2:(oh-ih)/2:color=0x18181b[v];[1]scale=192:360[c];"
        "[v][c]overlay=448:0",
        [clip.whole()],
        clip.seconds,
    )


# --- coloured ---------------------------------------------------------------------------------
picture("hue_90", 1, "hue=h=90")
picture("sepia", 1, "colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131")
picture("channels_swapped", 1, "colorchannelmixer=0:0:1:0:0:1:0:0:1:0:0")
picture("inverted", 3, "negate")
picture("posterised", 1, "lutrgb=r=trunc(val/64)*85:g=trunc(val/64)*85:b=trunc(val/64)*85")
picture("grey_16_levels", 1, "format=gray,lutyuv=y=trunc(val/16)*17")
picture("overexposed", 2, "eq=brightness=0.3:contrast=1.5")
picture("blurred", 2, "gblur=sigma=7")
picture("sharpened", 1, "unsharp=7:7:2.2")
picture("vignette", 2, "vignette=PI/3.2")
picture("heavy_grain", 2, "noise=alls=48:allf=t:all_seed=11", crf=28)
picture(
    "video_tape",
    2,
    "scale=320:240,chromashift=cbh=5:crh=-4,noise=alls=22:allf=t:all_seed=3,"
    "eq=saturation=0.7:gamma=1.15,drawbox=y=ih-9:h=9:color=gray@0.8:t=fill",
)
picture(
    "filmed_screen",
    2,
    "perspective=x0=0.03*W:y0=0.02*H:x1=0.98*W:y1=0:x2=0:y2=0.99*H:x3=W:y3=0.97*H:"
    "sense=destination,noise=alls=12:allf=t:all_seed=5,eq=gamma=0.8:contrast=1.1,gblur=sigma=0.9",
)


@transform("faded_ends", 1, 3)
def _(clip: Clip) -> Copy:
    end = clip.seconds - 1
    return over(clip, f"fade=t=in:d=1,fade=t=out:st={end:.3f}:d=1")


# --- drawn upon -------------------------------------------------------------------------------
def with_art(name: str, tier: int, art: str, size: str, at: str, before: str = "null") -> None:
    """A picture laid over the footage; ``size`` scales it by the footage's ``rw`` and ``rh``."""

    @transform(name, tier)
    def make(clip: Clip) -> Copy:
        height = round(480 * clip.height / clip.width / 2) * 2
        return graph(
            [clip.path, clip.art / f"{art}.png"],
            f"[0]scale=480:{height},setsar=1,{before}[v];"
            f"[1]scale={size.replace('rw', '480').replace('rh', str(height))}[l];"
            f"[v][l]overlay={at}:eval=frame,scale=trunc(iw/2)*2:trunc(ih/2)*2",
            [clip.whole()],
            clip.seconds,
        )


with_art("sticker_moving", 2, "sticker", "rw*0.26:-1", "(W-w)*(0.5+0.5*sin(t*1.1)):(H-h)*0.6")
with_art("banner_quarter", 2, "banner", "rw:rh*0.25", "0:H-h")
with_art("ticker", 2, "ticker", "rw*3:rh*0.12", "W-mod(t*120\\,W+w):H-h")
with_art("code_corner", 2, "code", "rw*0.22:-1", "W-w-10:H-h-10")
with_art("watermark_tiled", 2, "tiles", "rw:rh", "0:0")
with_art(
    "letterbox_logo",
    2,
    "station",
    "rw*0.17:-1",
    "10:10",
    "pad=iw:trunc(ih*1.3/2)*2:0:(oh-ih)/2",
)


@transform("timecode_burnt_in", 1)
def _(clip: Clip) -> Copy:
    return over(
        clip,
        "scale=480:-2,drawtext=fontfile=/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf:"
        "text='%{pts\\:hms}':x=(w-tw)/2:y=h-th-10:fontsize=26:fontcolor=white:"
        "box=1:boxcolor=black@0.7:boxborderw=6",
    )


@transform("censored", 2)
def _(clip: Clip) -> Copy:
    """A third of the width and of the height in the middle made unreadable."""
    return graph(
        [clip.path],
        f"[0]{SMALL}[v];[v]split[a][b];[b]crop=iw/3:ih/3,scale=iw/24:ih/24,"
        "scale=iw*24:ih*24:flags=neighbor[b];[a][b]overlay=(W-w)/2:(H-h)/2,"
        "scale=trunc(iw/2)*2:trunc(ih/2)*2",
        [clip.whole()],
        clip.seconds,
    )
