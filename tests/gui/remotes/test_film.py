"""Films whose pictures are counted by time, where decoders reorder and seeks miss."""

from pathlib import Path

import pytest

from tests.media import formats, make
from vidcache_gui.errors import UserError
from vidcache_gui.gui.remotes.film import StreamedVideo
from vidcache_gui.media.sniff import HEAD_BYTES, guess_by_name, sniff

COUNT = 30


def opened(folder: Path, name: str, count: int = COUNT) -> StreamedVideo:
    form = formats.FORMATS[name]
    file = formats.make(form, folder / f"film.{form.extension}", count).open("rb")
    media = sniff(file.read(HEAD_BYTES))
    try:
        return StreamedVideo(file, media.demuxers if media else guess_by_name(file.name))
    except UserError:
        file.close()
        raise


@pytest.mark.parametrize("name", ["h264 b mp4", "h264 pyramid mkv", "mpeg1 small ps"])
def test_every_frame_is_found_wherever_one_comes_from(tmp_path: Path, name: str) -> None:
    source = opened(tmp_path, name)
    assert source.count == COUNT
    for first, last in ((0, 29), (10, 12), (29, 29), (0, 1), (25, 27), (7, 7), (13, 14)):
        frames = source.frames(first, last, prefix=False)
        shown = [(frame.index, make.read_number(frame)) for frame in frames]
        assert shown == [(at, at) for at in range(first, last + 1)]
    source.close()


def test_unevenly_spaced_frames_stay_for_their_time(tmp_path: Path) -> None:
    source = opened(tmp_path, "h264 vfr mkv", 2 * COUNT)
    shown = [make.read_number(frame) for frame in source.frames(0, source.count - 1)]
    assert len(shown) == source.count > 2 * COUNT
    assert shown == sorted(shown)
    assert set(shown) <= set(range(2 * COUNT))
    source.close()


def test_what_does_not_say_how_long_it_is_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Copy it to the library"):
        opened(tmp_path, "mpeg4 raw")


def test_stopping_is_heard_between_two_pictures(tmp_path: Path) -> None:
    source = opened(tmp_path, "h264 b mp4")
    asked = iter([False, False, True])
    shown = [frame.index for frame in source.frames(0, 20, stop=lambda: next(asked))]
    assert shown == [0, 1]
    source.close()
