"""Frames by index from random access against decoding in order, in every format: all equal?

    python tests/bench/player/identity.py [--steps 10000] [--frames 160] [--only WORD]

Footage is made here (PyAV; with the ffmpeg command also what PyAV cannot write), each at least
150 frames. The truth is a decode in order on one thread by PyAV alone. Steps are what a player
does: jumps, single steps, steps of ten, runs forwards and backwards, half of them with
``prefix=False``. Every frame that comes out is compared, also those decoded on the way.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import av

from tests.media.formats import FORMATS, make
from tests.media.make import pixels
from vidcache_gui.media.container import aspect_of, picture_stream
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.pixels import Converter
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import Frame, Inspection, Kind

_FILM = ["-f", "lavfi", "-i", "testsrc2=s=320x192:r=25:d=7,noise=alls=20:allf=t"]
_SOUND = ["-f", "lavfi", "-i", "sine=d=7"]
BY_COMMAND = {
    "vcd with sound": ("mpg", "-c:v mpeg1video -b:v 1150k -bf 2 -g 15 -c:a mp2 -f vcd"),
    "dvd with sound": ("vob", "-c:v mpeg2video -b:v 3M -bf 2 -g 15 -c:a mp2 -f dvd"),
    "ts with sound": ("ts", "-c:v libx264 -preset veryfast -bf 3 -g 25 -c:a aac"),
    "m2ts open gop": ("m2ts", "-c:v libx264 -preset veryfast -x264opts open-gop=1:keyint=40"),
    "xvid packed avi": ("avi", "-c:v libxvid -q:v 6 -bf 2 -g 25 -an"),
    "theora ogv": ("ogv", "-c:v libtheora -q:v 6 -g 25 -an"),
    "vp8 hidden webm": ("webm", "-c:v libvpx -b:v 1M -auto-alt-ref 1 -lag-in-frames 16 -an"),
    "fragmented mp4": ("mp4", "-c:v libx264 -preset veryfast -movflags +frag_keyframe -g 40"),
    "aom av1 mkv": ("mkv", "-c:v libaom-av1 -cpu-used 8 -g 40 -an"),
    "svq1 mov": ("mov", "-c:v svq1 -g 25 -an"),
    "div3 avi": ("avi", "-c:v msmpeg4 -g 25 -an"),
}


def digest(frame: Frame) -> int:
    return zlib.crc32(pixels(frame).tobytes())


def truth_of(path: Path, inspection: Inspection) -> list[int]:
    """Decoded in order with nothing of ours but the conversion; animations by a fresh source."""
    if inspection.facts.kind is not Kind.VIDEO:
        source = open_source(str(path), inspection.facts, inspection.index)
        return [digest(frame) for frame in source.frames(0, source.count - 1)]
    with av.open(str(path)) as container:
        stream = picture_stream(container)
        stream.thread_type, stream.codec_context.thread_count = "SLICE", 1
        converter = Converter(inspection.facts.rotation, aspect_of(stream))
        decoded = enumerate(container.decode(stream))
        return [digest(converter.convert(picture, at, None)) for at, picture in decoded]


def walk(path: Path, inspection: Inspection, steps: int, seed: str) -> tuple[int, int, int]:
    """(frames asked for, frames compared, frames wrong) of that many random steps."""
    truth = truth_of(path, inspection)
    source = open_source(str(path), inspection.facts, inspection.index)
    if source.count != len(truth):
        return 0, 0, abs(source.count - len(truth))
    chance = random.Random(seed)
    asked = compared = wrong = at = 0
    while asked < steps:
        kind = chance.choice(("jump", "one", "ten", "forwards", "backwards"))
        if kind == "jump":
            at = chance.randrange(source.count)
        elif kind != "forwards":
            at += chance.choice((-1, 1)) * (10 if kind == "ten" else 1)
        at = min(max(at, 0), source.count - 1)
        runs = [(at, at)]
        if kind == "forwards":
            runs = [(at, min(at + chance.randrange(1, 30), source.count - 1))]
        elif kind == "backwards":  # window by window, each decoded in order, as the player does
            runs = [(max(0, at - 8), at), (max(0, at - 17), max(0, at - 9))]
        for first, last in runs:
            prefix = chance.random() < 0.5
            got = {f.index: digest(f) for f in source.frames(first, last, prefix=prefix)}
            wrong += sum(index not in got for index in range(first, last + 1))
            wrong += sum(truth[index] != number for index, number in got.items())
            asked += last + 1 - first
            compared += len(got)
            at = last if kind == "forwards" else first
    source.close()
    return asked, compared, wrong


def by_command(name: str, path: Path) -> Path:
    told = BY_COMMAND[name][1].split()
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *_FILM]
    subprocess.run([*command, *([] if "-an" in told else _SOUND), *told, str(path)], check=True)
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--steps", type=int, default=10_000, help="frames asked for, in all")
    parser.add_argument("--frames", type=int, default=160)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    av.logging.set_level(None)
    extensions = {name: form.extension for name, form in FORMATS.items()}
    if shutil.which("ffmpeg"):
        extensions.update({name: told[0] for name, told in BY_COMMAND.items()})
    else:
        print("without the ffmpeg command: only what PyAV can write")
    names = [name for name in extensions if options.only in name]
    steps = -(-options.steps // max(1, len(names)))
    total, start = [0, 0, 0], time.process_time()
    print(f"{'format':30}{'asked':>7}{'compared':>10}{'wrong':>7}{'CPU ms a frame asked':>22}")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            path = Path(folder) / f"footage.{extensions[name]}"
            if name in FORMATS:
                make(FORMATS[name], path, options.frames)
            else:
                by_command(name, path)
            inspection = inspect_file(str(path))
            begun = time.process_time()
            counts = walk(path, inspection, steps, name)
            cost = (time.process_time() - begun) * 1000 / max(1, counts[0])
            note = inspection.facts.damaged or ""
            print(
                f"{name:30}{counts[0]:7}{counts[1]:10}{counts[2]:7}{cost:22.2f}  {note}", flush=True
            )
            total = [one + more for one, more in zip(total, counts, strict=True)]
            path.unlink()
    asked, compared, wrong = total
    right = 100 * (1 - wrong / max(1, compared))
    print(
        f"{len(names)} formats, {asked} frames asked for, {compared} compared, {wrong} wrong: ",
        end="",
    )
    print(f"{right:.4f} % right, {time.process_time() - start:.0f} s of CPU")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
