"""Two items of a library compared: measured once, kept, forgotten with them."""

import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PIL import Image

from tests.media.quality.footage import encode, enlarged_from
from vidcache_gui.core.catalog import QualityRow
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import SourceResult
from vidcache_gui.core.review import measuring, rules
from vidcache_gui.core.review.records import Rule
from vidcache_gui.errors import UserError


def larger(image: Image.Image) -> Image.Image:
    return enlarged_from(100)(image).resize((480, 360), Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checked library with three copies of one clip."""
    folder = tmp_path_factory.mktemp("clips")
    clips = [
        encode(folder / "enlarged.mp4", larger),
        encode(folder / "original.mp4"),
        encode(folder / "poor.mp4", crf=38),
    ]
    with Library.open(folder / "library") as lib:
        for event in lib.ingest(clips):
            assert not isinstance(event, SourceResult) or event.status == "new"
        lib.check(lambda state: None)
    return folder / "library"


@pytest.fixture
def library(tmp_path: Path, filled: Path) -> Iterator[Library]:
    shutil.copytree(filled, tmp_path / "library")
    with Library.open(tmp_path / "library") as lib:
        yield lib


def id_of(library: Library, name: str) -> int:
    return library.find(name).id


def rows(library: Library) -> int:
    with library._database.read():
        return int(QualityRow.select().count())


def test_the_original_is_proposed_and_why(library: Library) -> None:
    enlarged, original = id_of(library, "enlarged.mp4"), id_of(library, "original.mp4")

    table = library.compare_facts(enlarged, original)

    assert table.measured
    assert (table.a.id, table.b.id) == (enlarged, original)
    assert (table.proposal.keep, table.proposal.near_tie) == ("b", False)
    assert table.proposal.reasons[0].startswith("Sharper: really about 240 lines")
    assert table.proposal.reasons[0].endswith("enlarged.")
    turned = library.compare_facts(original, enlarged)
    assert turned.proposal.keep == "a"
    assert turned.proposal.reasons == table.proposal.reasons
    assert [(row.a, row.b) for row in turned.rows] == [(row.b, row.a) for row in table.rows]


def test_it_is_measured_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = id_of(library, "enlarged.mp4"), id_of(library, "original.mp4")
    before = library.compare_facts(*pair, measure=False)
    assert (before.measured, before.note) == (False, "Not measured yet.")
    assert rows(library) == 0

    first = library.compare_facts(*pair)
    monkeypatch.setattr(library._pool, "submit", None)  # nobody may be asked any more

    assert library.compare_facts(*pair) == first
    assert library.compare_facts(*pair, measure=False) == first
    assert rows(library) == 1


def test_another_way_of_measuring_measures_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = id_of(library, "enlarged.mp4"), id_of(library, "original.mp4")
    library.compare_facts(*pair)

    monkeypatch.setattr(measuring, "VERSION", measuring.VERSION + 1)

    assert not library.compare_facts(*pair, measure=False).measured
    assert library.compare_facts(*pair).measured
    assert rows(library) == 1


def test_what_cannot_be_measured_is_said_and_kept(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = id_of(library, "enlarged.mp4"), id_of(library, "original.mp4")
    path = library.blob_path(library.items([pair[0]])[0].hash)
    path.chmod(0o644)
    path.write_bytes(b"gone" * 1000)

    table = library.compare_facts(*pair)

    assert not table.measured
    assert table.note
    assert table.proposal.keep == "a"  # all that is left is what the files say
    monkeypatch.setattr(library._pool, "submit", None)
    assert library.compare_facts(*pair) == table


def test_measurements_go_with_the_item(library: Library) -> None:
    enlarged, original = id_of(library, "enlarged.mp4"), id_of(library, "original.mp4")
    library.compare_facts(enlarged, original)

    library.remove([enlarged])
    assert rows(library) == 1  # it may come back
    with pytest.raises(UserError, match="trash"):
        library.compare_facts(enlarged, original)
    library.empty_trash()

    assert rows(library) == 0
    with pytest.raises(UserError, match="no longer"):
        library.compare_facts(enlarged, original)


def test_the_best_of_several_is_proposed(library: Library) -> None:
    items = [library.find(f"{name}.mp4") for name in ("enlarged", "poor", "original")]

    for order in (items, items[::-1]):
        found = library.propose(order)
        assert found.keep.name == "original.mp4"
        assert found.reasons
        assert not found.near_tie
    alone = library.propose(items[:1])
    assert (alone.keep, alone.reasons) == (items[0], ())


def test_a_rule_keeps_what_really_shows_more(library: Library) -> None:
    """The enlarged copy is the larger picture; measured, it is a copy with nothing added."""
    any_length = {"same_length_percent": None}
    fooled = library.dry_run(Rule("stored", keep=("resolution",), **any_length))
    assert {plan.keep.name for plan in fooled.acts} == {"enlarged.mp4"}
    assert rows(library) == 0, "it goes by what the files say"

    rule = Rule("true", keep=("true resolution",), **any_length)
    report = library.dry_run(rule)

    (plan,) = report.acts
    assert plan.keep.name == "original.mp4"
    assert {item.name for item in plan.drop} == {"enlarged.mp4", "poor.mp4"}
    measured = rows(library)
    assert measured >= 2
    assert library.dry_run(rule) == report
    assert rows(library) == measured, "measured once"
    library.apply(report)
    gone = [id_of(library, name) for name in ("enlarged.mp4", "poor.mp4")]
    assert all(item.removed_at for item in library.items(gone))
    library.undo()
    proposed = library.dry_run(Rule("as proposed", keep=("proposed",), **any_length))
    assert [plan.keep.name for plan in proposed.acts] == ["original.mp4"]


def test_a_rule_leaves_what_could_not_be_measured(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Future[object]:
        future: Future[object] = Future()
        future.set_exception(UserError("It took longer than 300 s to read and was stopped."))
        return future

    monkeypatch.setattr(library._pool, "submit", fail)
    report = library.dry_run(
        Rule("true", keep=("true resolution", "resolution"), same_length_percent=None)
    )
    assert report.acts == ()
    assert dict(report.passed_over) == {rules.UNSEEN: 2}
    assert rows(library) == 2


def test_a_rule_for_arrivals_measures_before_it_acts(library: Library, tmp_path: Path) -> None:
    library.save_rule(
        Rule("true", keep=("true resolution",), same_length_percent=None, on_arrival=True)
    )
    poorer = encode(tmp_path / "poorer.mp4", crf=42)
    for _ in library.ingest([poorer]):
        pass
    assert library.find("poorer.mp4").removed_at is not None
    assert "true" in library.history()[0].label
