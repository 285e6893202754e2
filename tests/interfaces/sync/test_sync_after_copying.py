"""What was copied to or from a VidCache library by itself is no difference afterwards."""

from pathlib import Path

import pytest

from tests.core.sync.libraries import Libraries, empty, libraries, put
from tests.interfaces.remotes.archives import PATIENT
from tests.media.make import make_image
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item
from vidcache_gui.core.sync.pair import SidePair
from vidcache_gui.core.sync.records import Act, Way
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes.ours import ServerSide
from vidcache_gui.interfaces.remotes.pulling import Pull
from vidcache_gui.interfaces.remotes.pushing import Push
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.server.service import Service
from vidcache_gui.interfaces.server.settings import Settings

__all__ = ["empty", "libraries"]


def described(library: Library, folder: Path) -> tuple[Item, Item]:
    """A picture and a group of which much is said."""
    list(library.ingest([make_image(folder / "sea.png", 1)]))
    picture = library.find("sea.png")
    library.tag([picture.id], add=["red"])
    library.set_meta(picture.id, {"camera": "old"})
    library.bookmark(picture.id, 0, "begins")
    library.move([picture.id], bucket="holiday", prefix="2024")
    library.remember(picture.hash, ["https://example.org/sea"])
    put(library, "clip_0", b"first", frame_number="0")
    put(library, "clip_1", b"second", frame_number="1")
    group = library.find("clip")
    library.rename(group.id, "A clip")
    library.tag([group.id], add=["moving"])
    return library.items([picture.id])[0], library.items([group.id])[0]


@pytest.mark.parametrize("way", ["pulled", "pushed"])
def test_nothing_is_left_to_say(way: str, libraries: Libraries, tmp_path: Path) -> None:
    here, there = libraries
    picture, group = described(there if way == "pulled" else here, tmp_path)
    service = Service(there, Settings(ports=(0,)))
    service.start()
    try:
        with Remote.open(service.addresses[0], patience=PATIENT) as remote:
            if way == "pulled":
                Pull(here, remote).item(picture.hash)
                Pull(here, remote).item("videos/clip")
                with pytest.raises(UserError, match="nothing to undo"):  # it is no change of ours
                    here.undo()
            else:
                Push(here, remote).item(picture)
                Push(here, remote).item(group)
            pair = SidePair(here.side(), ServerSide(remote))
            assert pair.plan(Way.BOTH).steps == ()
            copy = (here if way == "pulled" else there).find("sea.png")
            assert (copy.bucket, copy.prefix, copy.tags) == ("holiday", "2024", ("red",))
            (here if way == "pulled" else there).tag([copy.id], add=["later"])
            assert {step.act for step in pair.plan(Way.BOTH).to_do} == {Act.UPDATE}
    finally:
        service.stop(at_once=True)


def test_what_was_said_of_it_before_it_was_deleted_is_not_lost(
    libraries: Libraries, tmp_path: Path
) -> None:
    here, there = libraries
    picture, _ = described(there, tmp_path)
    list(here.ingest([tmp_path / "sea.png"]))
    mine = here.find("sea.png")
    here.tag([mine.id], add=["mine"])
    here.remove([mine.id])
    service = Service(there, Settings(ports=(0,)))
    service.start()
    try:
        with Remote.open(service.addresses[0], patience=PATIENT) as remote:
            Pull(here, remote, bucket="elsewhere").item(picture.hash)
    finally:
        service.stop(at_once=True)
    copy = here.find("sea.png")
    assert (copy.bucket, copy.tags) == (mine.bucket, ("mine", "red"))
