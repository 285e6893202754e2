"""A name is taken only where there is none, also where the disk knows no links."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from vidcache_gui.newname import rename_new


@pytest.fixture(params=["links", "no links"])
def disk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder; on a memory card there are no links."""
    if request.param == "no links":

        def refuse(*_: Any, **__: Any) -> None:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "link", refuse)
    return tmp_path


def test_a_file_gets_its_name(disk: Path) -> None:
    (disk / "made").write_bytes(b"new")
    rename_new(disk / "made", disk / "name")
    assert [(path.name, path.read_bytes()) for path in disk.iterdir()] == [("name", b"new")]


def test_a_name_that_is_taken_stays_what_it_is(disk: Path) -> None:
    (disk / "made").write_bytes(b"new")
    (disk / "name").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        rename_new(disk / "made", disk / "name")
    assert (disk / "name").read_bytes() == b"old"
    assert (disk / "made").read_bytes() == b"new"


def test_a_link_to_nothing_is_a_name_too(disk: Path) -> None:
    (disk / "made").write_bytes(b"new")
    (disk / "name").symlink_to(disk / "nowhere")
    with pytest.raises(FileExistsError):
        rename_new(disk / "made", disk / "name")
    assert not (disk / "nowhere").exists()


def test_a_folder_gets_its_name(disk: Path) -> None:
    (disk / "made").mkdir()
    (disk / "made" / "frame").write_bytes(b"1")
    rename_new(disk / "made", disk / "name")
    assert (disk / "name" / "frame").read_bytes() == b"1"
    assert not (disk / "made").exists()
    (disk / "other").mkdir()
    with pytest.raises(FileExistsError):
        rename_new(disk / "other", disk / "name")
    assert (disk / "name" / "frame").read_bytes() == b"1"


def test_what_cannot_be_renamed_leaves_no_empty_name(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (disk / "made").write_bytes(b"new")
    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(OSError, match="space"):
        rename_new(disk / "made", disk / "name")
    assert [path.name for path in disk.iterdir()] == ["made"]
