"""Damaged and malicious files through the quick look: each ends in a result or a sentence."""

from pathlib import Path

from tests.media.make import make_gif, make_image, make_video
from tests.media.test_hostile_media import mutation
from vidcache_gui.errors import UserError
from vidcache_gui.media.fingerprint.look import Look
from vidcache_gui.media.pool import DecodePool, WorkerFailed

LOOK = "vidcache_gui.media.fingerprint.look:fingerprint_file"
MUTATIONS = 120


def test_every_mutation_ends_well(tmp_path: Path) -> None:
    seeds = [
        make_video(tmp_path / "a.mp4", frames=14, size=(96, 64), bframes=2),
        make_video(tmp_path / "a.ts", frames=14, size=(96, 64), codec="libx265"),
        make_video(tmp_path / "a.avi", frames=14, size=(96, 64), codec="mpeg4"),
        make_gif(tmp_path / "a.gif", 8, (96, 64)),
        make_image(tmp_path / "a.jpg", 1, (96, 64)),
    ]
    healthy = [path.read_bytes() for path in seeds]
    stumbles, sentences, seen = [], [], 0
    with DecodePool(2, deadline=60) as pool:
        futures = []
        for number in range(MUTATIONS):
            path = tmp_path / f"{number}.bin"
            path.write_bytes(mutation(number, healthy))
            futures.append(pool.submit(LOOK, str(path)))
        for number, future in enumerate(futures):
            try:
                look = future.result()
            except WorkerFailed as failure:  # a crash of a decoder is what the pool is for
                if failure.cause == "error":
                    stumbles.append((number, str(failure)))
            except UserError as refused:
                sentences.append(str(refused))
            else:
                assert isinstance(look, Look)
                seen += look.fingerprint is not None
    assert stumbles == []
    assert all(sentences)
    assert seen >= MUTATIONS // 4
