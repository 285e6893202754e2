"""What a file is, by its first bytes. Names are claims and are believed only as a hint of
which formats without a signature are worth a try.

Every type names the libavformat demuxers that may open it: with a free choice a playlist
with a film's name made libavformat open other files on this machine.
"""

from vidcache_gui.media.types import Kind, MediaType

HEAD_BYTES = 4096

_GIF = MediaType(Kind.ANIMATION, "image/gif", "gif", ())
_PNG = MediaType(Kind.ANIMATION, "image/png", "png", ())
_WEBP = MediaType(Kind.ANIMATION, "image/webp", "webp", ())
_JPEG = MediaType(Kind.IMAGE, "image/jpeg", "jpg", ())
_BMP = MediaType(Kind.IMAGE, "image/bmp", "bmp", ())
_TIFF = MediaType(Kind.IMAGE, "image/tiff", "tif", ())
_AVIF = MediaType(Kind.IMAGE, "image/avif", "avif", ())

MP4 = ("mov",)  # libavformat's one demuxer for MP4, MOV, 3GP and M4A
_STARTS: tuple[tuple[bytes, MediaType], ...] = (
    (b"GIF87a", _GIF),
    (b"GIF89a", _GIF),
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"\xff\xd8\xff", _JPEG),
    (b"II*\0", _TIFF),
    (b"MM\0*", _TIFF),
    (b"FLV\x01", MediaType(Kind.VIDEO, "video/x-flv", "flv", ("flv",))),
    (b"OggS", MediaType(Kind.VIDEO, "video/ogg", "ogv", ("ogg",))),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf", MediaType(Kind.VIDEO, "video/x-ms-wmv", "wmv", ("asf",))),
    (b"\x06\x0e\x2b\x34\x02\x05", MediaType(Kind.VIDEO, "application/mxf", "mxf", ("mxf",))),
    (b"YUV4MPEG2", MediaType(Kind.VIDEO, "video/x-yuv4mpeg", "y4m", ("yuv4mpegpipe",))),
    (b"DKIF", MediaType(Kind.VIDEO, "video/x-ivf", "ivf", ("ivf",))),
    (b"\0\0\x01\xba", MediaType(Kind.VIDEO, "video/mpeg", "mpg", ("mpeg",))),
    (b"\0\0\x01\xb3", MediaType(Kind.VIDEO, "video/mpeg", "m2v", ("mpegvideo",))),
    (b".RMF", MediaType(Kind.VIDEO, "application/vnd.rn-realmedia", "rm", ("rm",))),
    (b"nut/multimedia container\0", MediaType(Kind.VIDEO, "video/x-nut", "nut", ("nut",))),
)  # fmt: skip

_BRANDS = {
    b"qt  ": ("video/quicktime", "mov"),
    b"M4V ": ("video/x-m4v", "m4v"),
    b"3gp": ("video/3gpp", "3gp"),
    b"3g2": ("video/3gpp2", "3g2"),
}
_ATOMS = (b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
_TS = MediaType(Kind.VIDEO, "video/mp2t", "ts", ("mpegts",))

# Formats whose first bytes prove nothing; tried only when the name says so.
_WEAK = {
    "ts": ("mpegts",), "m2ts": ("mpegts",), "mts": ("mpegts",), "mpg": ("mpeg", "mpegvideo"),
    "mpeg": ("mpeg", "mpegvideo"), "vob": ("mpeg",), "m2v": ("mpegvideo",), "h264": ("h264",),
    "264": ("h264",), "h265": ("hevc",), "hevc": ("hevc",), "265": ("hevc",), "m4v": ("mov", "m4v"),
    "mjpeg": ("mjpeg",), "mjpg": ("mjpeg",), "dv": ("dv",), "obu": ("obu",), "av1": ("obu",),
}  # fmt: skip


def sniff(head: bytes) -> MediaType | None:
    """The type of a file whose first HEAD_BYTES bytes are ``head``; None if it is no media."""
    for start, media in _STARTS:
        if head.startswith(start):
            return media
    if head[:4] == b"RIFF":
        return _riff(head)
    if head[4:8] == b"ftyp":
        return _mp4(head)
    if head[4:8] in _ATOMS:
        return MediaType(Kind.VIDEO, "video/quicktime", "mov", MP4)
    if head.startswith(b"\x1aE\xdf\xa3"):
        webm = b"webm" in head[:256]
        mime, extension = ("video/webm", "webm") if webm else ("video/x-matroska", "mkv")
        return MediaType(Kind.VIDEO, mime, extension, ("matroska",))
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0" and head[14:18] in _BMP_HEADERS:
        return _BMP
    if _is_transport_stream(head):
        return _TS
    return None


def guess_by_name(name: str) -> tuple[str, ...]:
    """Demuxers worth a try on a file without a signature, going by its name; often none."""
    return _WEAK.get(name.rpartition(".")[2].lower(), ())


_BMP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))


def _riff(head: bytes) -> MediaType | None:
    if head[8:12] == b"WEBP":
        return _WEBP
    if head[8:12] == b"AVI ":
        return MediaType(Kind.VIDEO, "video/x-msvideo", "avi", ("avi",))
    return None


def _mp4(head: bytes) -> MediaType:
    brand = head[8:12]
    if brand in (b"avif", b"avis"):
        return _AVIF
    for start, (mime, extension) in _BRANDS.items():
        if brand.startswith(start):
            return MediaType(Kind.VIDEO, mime, extension, MP4)
    return MediaType(Kind.VIDEO, "video/mp4", "mp4", MP4)


def _is_transport_stream(head: bytes) -> bool:
    """Sync bytes at the distance of a packet, plain (188) or with time codes (192)."""
    for start, step in ((0, 188), (4, 192)):
        places = range(start, min(len(head), start + 8 * step), step)
        if len(places) >= 5 and all(head[place] == 0x47 for place in places):
            return True
    return False
