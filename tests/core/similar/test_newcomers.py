"""What an ingest says about something new: what it looks like, and what was deleted."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.similar.library_of import check, pairs
from tests.core.similar.world import World
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.media.pool import WorkerUnavailable

Bring = Callable[..., dict[str, SourceResult]]


@pytest.fixture
def bring(library: Library, world: World, tmp_path: Path) -> Bring:
    """Ingest footage by what it shows; results by name."""
    world.take_in(library)

    def bring(*names: str) -> dict[str, SourceResult]:
        results: dict[str, SourceResult] = {}
        for name in names:
            file = tmp_path / f"{name}.mp4"
            file.write_text(name)
            events = library.ingest([file])
            results |= {e.name: e for e in events if isinstance(e, SourceResult)}
        return results

    return bring


def test_a_newcomer_is_compared_at_once(library: Library, bring: Bring) -> None:
    results = bring("a:0-9", "b:0-9", "a:3-6")
    first, second, third = results.values()
    for result in (first, second):
        assert (result.phash_distance, result.duplicate_of, result.look_alike) == (None,) * 3
    assert third.status is Status.NEW
    assert third.duplicate_of == first.hash
    assert third.phash_distance == 2
    assert third.look_alike == "Looks like 'a:0-9.mp4': the same from 0:00 to 0:03."
    assert third.remembered is None
    (found,) = library.matches()
    assert {found.item_a.id, found.item_b.id} == {first.item_id, third.item_id}
    assert library.check_state().done
    (kept,) = library.job_results(3)
    assert (kept.duplicate_of, kept.phash_distance, kept.look_alike) == (
        third.duplicate_of, third.phash_distance, third.look_alike,
    )  # fmt: skip


def test_what_somebody_called_no_match_is_no_duplicate(library: Library, bring: Bring) -> None:
    first, second = bring("a:0-9", "a:3-6").values()
    library.mark(first.item_id or 0, second.item_id or 0, Verdict.NOT_A_MATCH)
    library.remove([second.item_id or 0])
    library.empty_trash()
    (again,) = bring("a:3-6").values()
    assert (again.status, again.duplicate_of, again.look_alike) == (Status.NEW, None, None)


def test_what_was_deleted_is_remembered_exactly_and_by_look(
    library: Library, world: World, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    first, _ = bring("a:0-9", "b:0-9").values()
    library.remove([first.item_id or 0])
    monkeypatch.setattr("vidcache_gui.core.rows.now_ms", lambda: 1_795_000_000_000)
    library.empty_trash()
    alike, other = bring("a:3-6", "b:2-4").values()
    assert alike.remembered == "It looks like 'a:0-9.mp4', which was deleted on 18 November 2026."
    assert (alike.duplicate_of, alike.look_alike) == (None, None)
    assert other.remembered is None
    (back,) = bring("a:0-9").values()
    assert back.status is Status.NEW
    assert back.remembered == "It was deleted on 18 November 2026 as 'a:0-9.mp4'."
    assert world.looked.count("a:0-9.mp4") == 1, "its fingerprint was kept"
    assert pairs(library) == {("a:0-9.mp4", "a:3-6.mp4"), ("b:0-9.mp4", "b:2-4.mp4")}
    (later,) = bring("a:4-8").values()
    assert later.remembered is None, "what it looks like is back"


def test_what_is_in_the_trash_is_no_duplicate(library: Library, bring: Bring) -> None:
    (first,) = bring("a:0-9").values()
    library.remove([first.item_id or 0])
    (second,) = bring("a:3-6").values()
    assert (second.duplicate_of, second.remembered) == (None, None)
    library.restore([first.item_id or 0])
    assert len(library.matches()) == 1


def test_a_comparison_that_fails_fails_no_ingest(
    library: Library, world: World, bring: Bring
) -> None:
    bring("a:0-9")

    def bug() -> None:
        raise ZeroDivisionError

    world.on_find = bug
    (result,) = bring("a:3-6").values()
    assert (result.status, result.duplicate_of) == (Status.NEW, None)
    world.on_find = lambda: None
    assert not library.check_state().done
    check(library)
    assert len(library.matches()) == 1


def test_footage_that_cannot_be_looked_at_is_stored(
    library: Library, world: World, bring: Bring
) -> None:
    world.broken.add("c:0-3.mp4")
    (result,) = bring("c:0-3").values()
    assert (result.status, result.reason) == (Status.NEW, None)
    assert library.check_state().failed == 1


def test_a_worker_that_does_not_start_says_nothing_about_the_footage(
    library: Library, world: World, bring: Bring
) -> None:
    def not_now(name: str) -> None:
        raise WorkerUnavailable("No worker today.")

    world.on_look = not_now
    (result,) = bring("c:0-3").values()
    assert result.status is Status.NEW
    assert library.check_state().waiting == 1
    world.on_look = lambda name: None
    check(library)
    assert library.check_state().done


def test_far_behind_an_ingest_does_not_wait_for_the_index(
    library: Library, world: World, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring("a:0-9", "b:0-9")
    monkeypatch.setattr("vidcache_gui.core.similar.compare.MOST_BEHIND", 1)
    library._parts.sidecar._stamp = 0  # as if nothing were in it
    (result,) = bring("a:3-6").values()
    assert result.look_alike is None
    assert library.matches() == []
    with library._parts.sidecar._lock:
        library._parts.sidecar._stamp = 2
    check(library)
    assert len(library.matches()) == 1
