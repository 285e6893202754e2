"""The Python client: the same answers from a library and from a server of one."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.interfaces.server.serving import serving
from tests.media import make
from vidcache_gui import connect
from vidcache_gui.core.library import Library
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.client import Archive
from vidcache_gui.interfaces.client.remote import RemoteArchive

NUMBERS = itertools.count()


@pytest.fixture(scope="module", params=["library", "server"])
def archive(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("archive") / "library"
    if request.param == "library":
        Library.open(folder).close()
        with connect(folder) as found:
            yield found
        return
    with serving(folder) as running, connect(running.address) as found:
        yield found


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "a picture.png"
    make.picture(7).save(path)
    return path


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    folder = tmp_path / "frames"
    folder.mkdir()
    for number in range(12):
        make.picture(number, (32, 24)).save(folder / f"frame_{number:03d}.gif")
    (folder / "readme.txt").write_text("no frame")
    return folder


def test_a_file_goes_in_and_comes_back(archive: Archive, picture: Path, tmp_path: Path) -> None:
    data = picture.read_bytes()
    first = archive.ingest(picture, bucket="stills", prefix="a/b", meta={"k": [1]})
    again = archive.ingest(str(picture), bucket="stills")
    assert (first["status"], again["status"]) == ("new", "duplicate")
    assert first["hash"] == again["hash"]
    assert first["size_bytes"] == len(data)
    about = archive.get_meta(first["hash"])
    assert about is not None
    assert about["filename"] == "a picture.png"
    assert (about["bucket"], about["prefix"], about["meta"]) == ("stills", "a/b", {"k": [1]})
    assert about["size_bytes"] == len(data)
    hash = first["hash"]
    assert archive.get_bytes(hash) == data
    assert archive.get_bytes(hash, (5, 9)) == data[5:10]
    assert archive.get_bytes(hash, (5, 10**9)) == data[5:]
    with archive.stream_video(hash) as parts:
        assert b"".join(parts) == data
    with archive.stream_video(hash, (1, 3)) as parts:
        assert b"".join(parts) == data[1:4]
    target = tmp_path / "out.png"
    target.write_text("what was there before")
    assert archive.download_to_file(hash, target) == len(data)
    assert target.read_bytes() == data
    assert archive.download_to_file(hash, target, (0, 3)) == 4
    assert target.read_bytes() == data[:4]
    assert list(tmp_path.iterdir()) == [target]
    archive.delete(hash)
    assert archive.get_meta(hash) is None
    with pytest.raises(UserError, match="nothing with the hash"):
        archive.delete(hash)
    for read in (archive.get_bytes, lambda one: archive.download_to_file(one, target)):
        with pytest.raises(UserError):
            read(hash)
    assert archive.ingest(picture)["status"] in ("new", "duplicate")  # back from the trash


def test_frames_go_in_and_come_back(archive: Archive, frames: Path) -> None:
    put = archive.put_frames("videos", "clip-1", frames)
    found = archive.get_by_ball_id("videos", "clip-1")
    assert [ball.key for ball in put] == [ball.key for ball in found]
    assert [ball.frame_number for ball in found] == list(range(12))
    assert found[3].tags["fullname"] == "frame_003.gif"
    assert found[3].tags["frame_number"] == "003"
    assert found[3].key == "clip-1_003.gif"
    for ball in found[:2]:
        with archive.get_streaming("videos", ball.key) as parts:
            assert b"".join(parts) == (frames / ball.tags["fullname"]).read_bytes()
    again = archive.put_frames("videos", "clip-1", frames)
    assert [ball.checksum for ball in again] == [ball.checksum for ball in found]
    (frames / "frame_003.gif").write_bytes((frames / "frame_004.gif").read_bytes())
    with pytest.raises(UserError, match="other"):
        archive.put_frames("videos", "clip-1", frames)


@pytest.mark.parametrize(
    "ask",
    [
        lambda archive: archive.get_by_ball_id("videos", "nothing"),
        lambda archive: archive.get_streaming("videos", "nothing").__enter__(),
        lambda archive: archive.get_bytes("ab" * 32),
        lambda archive: archive.get_bytes("../../etc/passwd"),
        lambda archive: archive.stream_video("ab" * 32).__enter__().__next__(),
        lambda archive: archive.put_frames("videos", "a__b", Path("/tmp")),
        lambda archive: archive.ingest("/nowhere/at all.mp4"),
    ],
)
def test_what_is_not_there_is_one_sentence(archive: Archive, ask: Any) -> None:
    with pytest.raises(UserError, match=r"^[^\n]{10,300}$"):
        ask(archive)
    assert archive.get_meta("ab" * 32) is None
    assert archive.resolve("https://example.org/never") is None


def test_an_address_is_known_by_what_it_was(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "b.png"
    make.picture(next(NUMBERS) + 100).save(path)
    done = archive.ingest(path)
    about = archive.get_meta(done["hash"])
    assert about is not None
    url = about["aliases"][0] if isinstance(archive, RemoteArchive) else str(path)
    assert archive.resolve(url) == {"hash": done["hash"], "url": url}


def test_many_threads_share_one_client(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "c.png"
    make.picture(next(NUMBERS) + 200).save(path)
    hash, data = archive.ingest(path)["hash"], path.read_bytes()
    found: list[bytes] = []

    def read() -> None:
        found.extend(archive.get_bytes(hash) for _ in range(3))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [data] * 24


def test_there_is_no_such_archive(tmp_path: Path) -> None:
    for where in (tmp_path / "nothing", "http://127.0.0.1:1", "ftp://x", "http://", "remote:x"):
        with pytest.raises(UserError):
            connect(where)
    assert not (tmp_path / "nothing").exists()


def test_a_token_is_sent_and_wanted(tmp_path: Path) -> None:
    with serving(tmp_path / "library", token="s3cret") as running:
        with pytest.raises(UserError, match="asks for a token"):
            connect(running.address)
        with connect(running.address, token="s3cret") as archive:
            assert archive.resolve("app:1") is None
