"""Damaged and malicious files, looked into by real workers: each ends in a result or a reason.

The mutator is our own and seeded: mutation ``n`` is the same file on every run, so a number
in a failure is enough to have it again. ``$VIDCACHE_MUTATIONS`` asks for more than the usual
1,000 (``$VIDCACHE_MUTATIONS_FROM`` for others).
"""

import collections
import os
import random
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.media.make import make_apng, make_audio, make_gif, make_image, make_video, make_webp
from vidcache_gui.errors import UserError
from vidcache_gui.media.pool import DecodePool, WorkerFailed, WorkerUnavailable
from vidcache_gui.media.types import Inspection

INSPECT = "vidcache_gui.media.inspect:inspect_file"
MUTATIONS = int(os.environ.get("VIDCACHE_MUTATIONS", "1000"))
FIRST = int(os.environ.get("VIDCACHE_MUTATIONS_FROM", "0"))
SLOWEST = 20.0  # seconds one file may take on a busy machine
# The share of files on which our own code around the decoders may stumble (it ends in a reason
# all the same). Streams whose codec is unknown do it in 0.5 % of the cases.
STUMBLES = 0

SMALL = (96, 64)


@pytest.fixture(scope="module")
def pool() -> Iterator[DecodePool]:
    with DecodePool(2, deadline=SLOWEST) as found:
        yield found


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Small healthy files of the kinds that people drop."""
    folder = tmp_path_factory.mktemp("seeds")
    video: dict[str, Any] = {"frames": 14, "size": SMALL}
    return [
        make_video(folder / "h264.mp4", bframes=2, audio=True, **video),
        make_video(folder / "hevc.mp4", codec="libx265", **video),
        make_video(folder / "vp9.webm", codec="libvpx-vp9", **video),
        make_video(folder / "vp8.webm", codec="libvpx", **video),
        make_video(folder / "av1.mkv", codec="libsvtav1", **video),
        make_video(folder / "ffv1.mkv", codec="ffv1", **video),
        make_video(folder / "mpeg4.avi", codec="mpeg4", **video),
        make_video(folder / "mjpeg.avi", codec="mjpeg", **video),
        make_video(folder / "prores.mov", codec="prores", **video),
        make_video(folder / "mpeg2.ts", codec="mpeg2video", **video),
        make_gif(folder / "a.gif", 8, SMALL),
        make_apng(folder / "a.png", 8, SMALL, alpha=True),
        make_webp(folder / "a.webp", 8, SMALL, alpha=True),
        make_image(folder / "still.jpg", 1, SMALL),
        make_image(folder / "still.png", 1, SMALL),
        make_image(folder / "still.bmp", 1, SMALL),
        make_image(folder / "still.tiff", 1, SMALL),
    ]


# --- the mutator -------------------------------------------------------------

MAGIC = [
    struct.pack(code, value)
    for code, value in [
        ("<B", 0), ("<B", 0x7F), ("<B", 0xFF), (">H", 0), (">H", 0x7FFF), (">H", 0xFFFF),
        ("<H", 0x8000), (">I", 0), (">I", 1), (">I", 0x7FFFFFFF), (">I", 0x80000000),
        (">I", 0xFFFFFFFF), ("<I", 0x10000), ("<I", 0x7FFFFFFF), (">Q", 0x7FFFFFFFFFFFFFFF),
        (">Q", 0xFFFFFFFFFFFFFFFF), ("<Q", 1 << 40), (">f", float("nan")), (">d", float("inf")),
    ]
]  # fmt: skip


def place(rng: random.Random, data: bytearray) -> int:
    """Anywhere, but half the time in the first part, where the structure is."""
    return rng.randrange(min(len(data), 512) if rng.random() < 0.5 else len(data))


def flip_bits(rng: random.Random, data: bytearray, _other: bytes) -> None:
    for _ in range(rng.choice([1, 2, 8, 64])):
        data[place(rng, data)] ^= 1 << rng.randrange(8)


def magic_numbers(rng: random.Random, data: bytearray, _other: bytes) -> None:
    for _ in range(rng.choice([1, 1, 2, 6])):
        number = rng.choice(MAGIC)
        start = place(rng, data)
        data[start : start + len(number)] = number


def cut(rng: random.Random, data: bytearray, _other: bytes) -> None:
    del data[place(rng, data) + 1 :]


def cut_out(rng: random.Random, data: bytearray, _other: bytes) -> None:
    start = place(rng, data)
    del data[start : start + rng.choice([1, 7, 100, 2000])]


def double(rng: random.Random, data: bytearray, _other: bytes) -> None:
    start = place(rng, data)
    part = data[start : start + rng.choice([1, 4, 32, 500])]
    data[start:start] = part * rng.choice([1, 2, 50])


def zero(rng: random.Random, data: bytearray, _other: bytes) -> None:
    start = place(rng, data)
    count = min(rng.choice([4, 64, 4096]), len(data) - start)
    data[start : start + count] = bytes(count)


def splice(rng: random.Random, data: bytearray, other: bytes) -> None:
    """Half of one file, half of another."""
    start = place(rng, data)
    data[start:] = other[rng.randrange(len(other)) :]


def graft(rng: random.Random, data: bytearray, other: bytes) -> None:
    """A piece of another file in the middle of this one."""
    start, theirs = place(rng, data), rng.randrange(len(other))
    count = rng.choice([4, 64, 1000])
    data[start : start + count] = other[theirs : theirs + count]


MUTATORS: list[Callable[[random.Random, bytearray, bytes], None]] = [
    flip_bits, magic_numbers, cut, cut_out, double, zero, splice, graft,
]  # fmt: skip


def mutation(number: int, seeds: list[bytes]) -> bytes:
    rng = random.Random(number)
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.choice([1, 1, 2, 4])):
        if data:
            rng.choice(MUTATORS)(rng, data, rng.choice(seeds))
    return bytes(data)


def outcome(future: "Future[Any]") -> Inspection | UserError:
    """What became of one look; anything but these two is a failure of the test."""
    try:
        found = future.result(3 * SLOWEST)
    except WorkerUnavailable:
        raise
    except UserError as error:
        return error
    assert isinstance(found, Inspection)
    return found


def test_the_mutator_mutates_and_repeats_itself(seeds: list[Path]) -> None:
    healthy = [path.read_bytes() for path in seeds]
    made = [mutation(number, healthy) for number in range(200)]
    assert made == [mutation(number, healthy) for number in range(200)]
    assert sum(data not in healthy for data in made) > 190


def test_healthy_seeds_are_whole(pool: DecodePool, seeds: list[Path]) -> None:
    for path in seeds:
        found = outcome(pool.submit(INSPECT, str(path)))
        assert isinstance(found, Inspection), f"{path.name}: {found}"
        assert found.facts.damaged is None, path.name
        assert found.poster, path.name


def test_a_thousand_mutated_files_end_in_a_result_or_a_reason(
    pool: DecodePool, seeds: list[Path], tmp_path: Path, record_testsuite_property: Any
) -> None:
    healthy = [path.read_bytes() for path in seeds]
    began = time.monotonic()
    futures: dict[int, Future[Any]] = {}
    for number in range(FIRST, FIRST + MUTATIONS):
        path = tmp_path / f"mutation-{number}"
        path.write_bytes(mutation(number, healthy))
        futures[number] = pool.submit(INSPECT, str(path))
    ends: collections.Counter[str] = collections.Counter()
    failed: list[str] = []
    for number, future in futures.items():
        found = outcome(future)
        if isinstance(found, WorkerFailed):
            ends[found.cause] += 1
            failed.append(f"{number}: {found}")
        elif isinstance(found, UserError):
            ends["refused"] += 1
        else:
            ends["damaged" if found.facts.damaged else "whole"] += 1
    record_testsuite_property("mutation_ends", dict(ends))
    record_testsuite_property("mutation_seconds", round(time.monotonic() - began, 1))
    assert sum(ends.values()) == MUTATIONS
    assert ends["damaged"] > MUTATIONS // 10  # it is our decoders that were tried
    assert ends["whole"] > MUTATIONS // 50
    assert ends["error"] <= MUTATIONS * STUMBLES, failed
    assert outcome(pool.submit(INSPECT, str(seeds[0])))
    assert len(pool.processes()) <= 2


# --- shapes that no mutation reaches -----------------------------------------


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def gif_claiming(width: int, height: int) -> bytes:
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    image = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + screen + image * 3 + b";"


def bmp_claiming(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 154, 0, 0, 54, 40, width, height, 1, 24,
                               0, 0, 0, 0, 0, 0) + bytes(100)  # fmt: skip


@pytest.mark.parametrize("make", [png_claiming, gif_claiming, bmp_claiming])
@pytest.mark.parametrize(
    ("width", "height"), [(65535, 65535), (1, 65535), (65535, 1), (0, 0), (0x7FFF, 0x7FFF)]
)
def test_a_header_that_claims_a_huge_picture(
    pool: DecodePool, tmp_path: Path, make: Callable[[int, int], bytes], width: int, height: int
) -> None:
    path = tmp_path / "claims"
    path.write_bytes(make(width, height))
    found = outcome(pool.submit(INSPECT, str(path)))
    assert not isinstance(found, WorkerFailed), found
    if width * height > 10**9:
        assert isinstance(found, UserError) or found.facts.damaged


def test_a_file_cut_at_every_64th_part(pool: DecodePool, seeds: list[Path], tmp_path: Path) -> None:
    futures = {}
    for path in (seeds[0], seeds[2], seeds[10], seeds[11], seeds[12]):
        data = path.read_bytes()
        for part in range(64):
            short = tmp_path / f"{part}-{path.name}"
            short.write_bytes(data[: len(data) * part // 64])
            futures[short.name] = pool.submit(INSPECT, str(short))
    found = {name: outcome(future) for name, future in futures.items()}
    failed = {name: end.cause for name, end in found.items() if isinstance(end, WorkerFailed)}
    assert set(failed.values()) <= {"error"}, failed
    assert len(failed) <= len(found) * STUMBLES, failed


def test_a_wrong_extension_changes_nothing(
    pool: DecodePool, seeds: list[Path], tmp_path: Path
) -> None:
    for path, name in ((seeds[0], "a.gif"), (seeds[10], "b.mp4"), (seeds[13], "c.webm")):
        wrong = tmp_path / name
        wrong.write_bytes(path.read_bytes())
        right, found = (outcome(pool.submit(INSPECT, str(p))) for p in (path, wrong))
        assert isinstance(right, Inspection)
        assert isinstance(found, Inspection)
        assert found.facts == right.facts


def nothing(path: Path) -> None:
    path.touch()


def fifo(path: Path) -> None:
    os.mkfifo(path)


def link_to_zero(path: Path) -> None:
    path.symlink_to("/dev/zero")


def link_loop(path: Path) -> None:
    path.symlink_to(path)


def folder(path: Path) -> None:
    path.mkdir()


def listener(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


def absent(path: Path) -> None:
    pass


def text(path: Path) -> None:
    path.write_text("no media at all\n" * 100)


def zeros(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10 * 1024**3)


def sound(path: Path) -> None:
    make_audio(path.with_suffix(".m4a")).rename(path)


def playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")


def concat_script(path: Path) -> None:
    path.write_text("ffconcat version 1.0\nfile /etc/passwd\n")


@pytest.mark.parametrize(
    "make",
    [nothing, fifo, link_to_zero, link_loop, folder, listener, absent, text, zeros, sound,
     playlist, concat_script],
)  # fmt: skip
@pytest.mark.parametrize("name", ["odd", "odd.mp4", "odd.ts"])
def test_what_is_no_footage_is_refused_at_once(
    pool: DecodePool, tmp_path: Path, make: Callable[[Path], None], name: str
) -> None:
    make(tmp_path / name)
    found = outcome(pool.submit(INSPECT, str(tmp_path / name), deadline=SLOWEST))
    # None runs into its deadline, not even 10 GiB of nothing. A name may promise footage
    # (odd.ts has no signature): then it is footage, and damaged.
    assert isinstance(found, UserError) or (found.facts.damaged and found.poster is None)
