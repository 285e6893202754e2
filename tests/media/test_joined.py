"""Several files read as one."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidcache_gui.errors import UserError
from vidcache_gui.media.joined import MOST_OPEN, Joined, open_again, open_whole

PARTS = [b"abc", b"", b"d", b"efghij", *(bytes([65 + n]) * (n + 1) for n in range(MOST_OPEN))]
WHOLE = b"".join(PARTS)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("parts")
    for number, part in enumerate(PARTS):
        (folder / str(number)).write_bytes(part)
    return [str(folder / str(number)) for number in range(len(PARTS))]


STEPS = st.lists(
    st.tuples(st.integers(0, len(WHOLE) + 5), st.integers(0, len(WHOLE))), min_size=1, max_size=12
)


@given(steps=STEPS)
def test_it_reads_like_the_whole_file(paths: list[str], steps: list[tuple[int, int]]) -> None:
    with open_whole(paths) as file, open_again(file) as other:
        for place, count in steps:
            assert file.seek(place) == file.tell() == place
            assert file.read(count) == WHOLE[place : place + count]
            other.seek(-place if place <= len(WHOLE) else 0, os.SEEK_END)
            assert (
                other.read() == WHOLE[len(WHOLE) - place if place <= len(WHOLE) else len(WHOLE) :]
            )
        file.seek(0)
        assert file.read() == WHOLE


def test_only_some_parts_are_open_at_once(paths: list[str]) -> None:
    def ours() -> int:
        links = [Path("/proc/self/fd") / name for name in os.listdir("/proc/self/fd")]
        return sum(os.path.lexists(link) and os.path.realpath(link) in paths for link in links)

    with Joined(paths) as file:
        assert file.read() == WHOLE
        assert 0 < ours() <= MOST_OPEN
    assert ours() == 0


def test_a_part_that_is_not_there_or_shrank_is_an_error(paths: list[str], tmp_path: Path) -> None:
    part = tmp_path / "part"
    with pytest.raises(UserError, match="missing"):
        open_whole([*paths, str(part)])
    part.mkdir()
    with pytest.raises(UserError, match="no file"):
        open_whole([*paths, str(part)])
    part.rmdir()
    part.write_bytes(b"soon shorter")
    with open_whole([*paths, str(part)]) as file:
        part.write_bytes(b"")
        with pytest.raises(OSError, match="shorter"):
            file.read()
