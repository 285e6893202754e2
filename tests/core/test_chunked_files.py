"""Large files that came in chunks: footage like any other once they are all there."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
import numpy as np
import pytest

from tests.media import make
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.bulk.records import BulkStatus
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item, SourceResult
from vidcache_gui.core.sync.records import GROUP, Element, joined
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Relation
from vidcache_gui.media.exporting.choices import Choices, Format
from vidcache_gui.media.sample import dusk, frames, write_video
from vidcache_gui.media.types import Kind


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make.make_video(tmp_path_factory.mktemp("film") / "walk.mp4", frames=40, bframes=2)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """One for all tests: starting its workers takes a second."""
    with Library.open(tmp_path_factory.mktemp("chunks") / "library") as lib:
        yield lib


def cut(data: bytes, count: int = 3) -> list[bytes]:
    """In parts of different sizes."""
    step = len(data) // (count + 1)
    ends = [*range(step, step * count, step), len(data)]
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def put(
    library: Library, parts: Sequence[bytes], group: str, *,
    only: Sequence[int] | None = None, name: str = "walk.mp4",
) -> Item:  # fmt: skip
    """As MictlanX clients do; the item once it was looked at."""
    whole = hashlib.sha256(b"".join(parts)).hexdigest()
    for index in only if only is not None else range(len(parts)):
        incoming = library.incoming()
        incoming.write(parts[index])
        tags = {
            "index": str(index), "num_chunks": str(len(parts)), "full_checksum": whole,
            "fullname": name,
        }  # fmt: skip
        done = library.put_ball(incoming, BallFacts("films", f"{group}_{index}", group, tags))
    library.settle_group(done.item_id)
    return library.items([done.item_id])[0]


def pictures(library: Library, item: Item, places: Sequence[int]) -> list[np.ndarray]:
    source = library.open_source(item)
    try:
        shown = [list(source.frames(at, at, prefix=False))[-1] for at in places]
        assert [frame.index for frame in shown] == list(places)
        return [make.pixels(frame).copy() for frame in shown]
    finally:
        source.close()


def test_a_film_in_chunks_is_the_film(library: Library, film: Path) -> None:
    item = put(library, cut(film.read_bytes()), "film")
    (result,) = [r for r in library.ingest([film]) if isinstance(r, SourceResult)]
    plain = library.items([result.item_id or 0])[0]
    assert (item.kind, item.name, item.frame_count) == (Kind.VIDEO, "walk.mp4", 40)
    for fact in ("width", "height", "duration", "fps", "codec", "mime", "size", "damaged"):
        assert getattr(item, fact) == getattr(plain, fact), fact
    assert library.details(item.id).facts == library.details(plain.id).facts
    assert library.poster(item) == library.poster(plain) is not None
    assert library.strip(item) == library.strip(plain) is not None
    order = [*range(40), 3, 37, 20]
    for ours, theirs in zip(
        pictures(library, item, order), pictures(library, plain, order), strict=True
    ):
        assert np.array_equal(ours, theirs)
    relations = {one.item.id: one.match.relation for one in library.similar_to(item.id)}
    assert relations[plain.id] is Relation.SAME_STREAM
    assert not library.blob_path(item.hash).exists()
    assert len(library.group("films", "film")) == 3
    (about,) = library.side().records([joined(GROUP, "films", "film")]).values()
    assert about.elements["name"] == Element("walk.mp4", item.added_at)  # any rename is later


def test_it_is_written_as_it_was_and_by_ranges(
    library: Library, film: Path, tmp_path: Path
) -> None:
    item = put(library, cut(film.read_bytes()), "out")
    (tmp_path / "out").mkdir()
    written = library.export(item, tmp_path / "out")
    assert written == tmp_path / "out" / "walk.mp4"
    assert written.read_bytes() == film.read_bytes()
    made = library.export_frames(item, tmp_path / "part.mp4", Choices(5, 9), format=Format.MP4)
    assert made.frames == 5
    library.rename(item.id, "stroll.mp4")
    again = library.export(library.items([item.id])[0], tmp_path / "out")
    assert again.name == "stroll.mp4"
    values = {"item": str(item.id), "into": tmp_path / "bulk", "destination": "a/one"}
    for status in (BulkStatus.SUCCEEDED, BulkStatus.SKIPPED):
        name = library.free_bulk_name("one")
        library.add_to_bulk(name, [library.bulk_item("fetch", **values)])
        (done,) = library.await_bulk(name).successes
        assert done.status is status
    assert (tmp_path / "bulk" / "a" / "one").read_bytes() == film.read_bytes()
    assert library.export(item, tmp_path / "it.gif").read_bytes()[:3] == b"GIF"


def test_an_animation_in_chunks_keeps_its_own_pictures(library: Library, tmp_path: Path) -> None:
    gif = make.make_gif(tmp_path / "loop.gif", frames=6, delays_ms=[40, 50, 60, 70, 80, 90])
    item = put(library, cut(gif.read_bytes()), "loop", name="loop.gif")
    assert (item.kind, item.frame_count) == (Kind.ANIMATION, 6)
    library.export_frames(item, tmp_path / "some.gif", Choices(1, 3), format=Format.GIF)
    library.set_delays(item.id, {2: 500})
    source = library.open_source(item)
    assert source.durations[2] == 0.5
    source.close()


def test_it_is_reviewed_with_its_smaller_copies(library: Library, tmp_path: Path) -> None:
    dawn = frames(dusk, 24, 192, 108)
    large, small = tmp_path / "large.mp4", tmp_path / "small.mp4"
    write_video(large, dawn, codec="libx264", fps=10)
    write_video(small, [picture[::2, ::2] for picture in dawn], codec="libx264", fps=10)
    item = put(library, cut(large.read_bytes()), "large", name="large.mp4")
    (result,) = [r for r in library.ingest([small]) if isinstance(r, SourceResult)]
    assert library.compare_facts(item.id, result.item_id or 0).measured
    ids = {item.id, result.item_id}
    (group,) = [group for group in library.review_groups() if group.keeper.id in ids]
    other = item.size if group.keeper.id == result.item_id else small.stat().st_size
    assert group.frees == other


def test_what_is_not_whole_or_no_footage_stays_data(library: Library, film: Path) -> None:
    parts = cut(film.read_bytes())
    item = put(library, parts, "part", only=[0, 1])
    assert (item.kind, item.name, item.frame_count) == (Kind.DATA, "part", 2)
    assert library.poster(item) is None
    nonsense = put(library, [b"no", b"footage", b"at all"], "other")
    assert (nonsense.kind, nonsense.name) == (Kind.DATA, "other")
    assert put(library, parts, "part", only=[2]).kind is Kind.VIDEO  # the last one came late


def test_bytes_other_than_announced_are_said_to_be(library: Library, film: Path) -> None:
    parts = cut(film.read_bytes())
    put(library, parts, "wrong", only=[0, 1])
    incoming = library.incoming()
    incoming.write(parts[2] + b"more")
    tags = dict(library.group("films", "wrong")[1].tags, index="2")
    done = library.put_ball(incoming, BallFacts("films", "wrong_2", "wrong", tags))
    library.settle_group(done.item_id)
    (item,) = library.items([done.item_id])
    assert (item.kind, item.frame_count) == (Kind.VIDEO, 40)
    assert "hash came with them" in str(item.damaged)


def test_a_chunk_put_again_is_looked_at_anew(library: Library, film: Path, tmp_path: Path) -> None:
    item = put(library, cut(film.read_bytes()), "again")
    shorter = make.make_video(tmp_path / "short.mp4", frames=12)
    other = put(library, cut(shorter.read_bytes()), "again")
    assert (other.id, other.kind, other.frame_count) == (item.id, Kind.VIDEO, 12)
    assert other.hash != item.hash
    assert len(pictures(library, other, [0, 11])) == 2
    with pytest.raises(UserError, match="still coming in"):
        library.open_source(item)  # as it was before
    library.remove_ball("films", "again_1")
    library.settle_group(item.id)
    gone = library.items([item.id])[0]
    assert (gone.kind, gone.duration, gone.frame_count) == (Kind.DATA, None, 2)
    assert library.details(item.id).facts == {}
    library.undo()
    library.settle_group(item.id)
    assert library.items([item.id])[0].kind is Kind.VIDEO


def test_those_of_earlier_versions_are_looked_at_again(tmp_path: Path) -> None:
    with Library.open(tmp_path / "earlier") as library:
        for number in range(2):
            incoming = library.incoming()
            incoming.write(b"%d" % number)
            tags = {"index": str(number), "num_chunks": "2"}
            library.put_ball(incoming, BallFacts("films", f"big_{number}", "big", tags))
    catalog = apsw.Connection(str(tmp_path / "earlier" / "catalog.db"))
    catalog.execute("DELETE FROM growing")
    catalog.execute("DELETE FROM migration WHERE name = '0009_chunked_files'")
    with Library.open(tmp_path / "earlier"):
        assert catalog.execute("SELECT COUNT(*) FROM growing").fetchone() == (1,)
    catalog.close()
