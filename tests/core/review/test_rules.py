"""Rules: what they would do is what they do, and what they leave has a reason."""

from pathlib import Path
from typing import Any

import pytest

from tests.core.similar.library_of import check, fill
from tests.core.similar.world import World, scenes
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import SourceResult
from vidcache_gui.core.review import rulefile, rules
from vidcache_gui.core.review.records import MergeRules, Rule
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.matching.records import Relation

LARGER = Rule("larger", keep=("resolution", "oldest"))


def film(library: Library, name: str, height: int = 100, **values: Any) -> int:
    size = {"width": 100, "height": height, "duration": 9.0, "frame_count": 90}
    (id,) = fill(library, name, **{**size, **values})
    with library._database.write() as db:  # two may come in within a millisecond
        db.execute_sql("UPDATE item SET added_at = id WHERE id = ?", (id,))
    return id


def test_a_dry_run_says_what_will_be_done(library: Library) -> None:
    small, large, same = (
        film(library, "a:0-9"),
        film(library, "a:0-9 b", 200),
        film(library, "a:0-9 c", 200),
    )
    part = film(library, "a:2-7", duration=5.0)
    longer = film(library, "b:0-9", duration=20.0)
    shorter = film(library, "b:0-9 ")
    library.tag([small], add=["beach"])
    check(library)
    before = [library.details(id) for id in (small, large, same, part)]
    told: list[tuple[int, int]] = []
    report = library.dry_run(LARGER, lambda done, total: told.append((done, total)))
    assert [library.details(id) for id in (small, large, same, part)] == before
    assert told == [(3, 3)]
    (plan,) = report.acts
    assert plan.keep.id == large
    assert {item.id for item in plan.drop} == {small, same}, "the first to come in stays"
    assert plan.add_tags == ("beach",)
    assert dict(report.passed_over) == {rules.OTHER_KIND: 1, rules.OTHER_LENGTH: 1}
    changes = library.apply(report)
    assert set(changes.removed) == {item.id for item in plan.drop}
    assert changes.label == "Rule 'larger': remove 2 items"
    assert len(library.history()) == 2, "one step, besides the tag"
    assert {item.id for item in library.items([longer, shorter]) if item.removed_at} == set()
    with pytest.raises(UserError, match="Let the rule look again"):
        library.apply(report)
    with pytest.raises(UserError, match="finds nothing to do"):
        library.apply(library.dry_run(LARGER))
    library.undo()
    assert [library.details(id) for id in (small, large, same, part)] == before


def test_what_a_person_would_be_asked_about_is_left(library: Library) -> None:
    film(library, "a:0-9", bucket="mine")
    film(library, "a:0-9 b", 200)
    film(library, "b:0-9")
    film(library, "b:0-9 b", 200, damaged="It ends early.")
    film(library, "c:0-9")
    film(library, "c:0-9 b")
    check(library)
    library.protect_bucket("mine")
    report = library.dry_run(Rule("larger", keep=("resolution",)))
    assert report.acts == ()
    assert sorted(report.passed_over) == sorted(
        [(text, 1) for text in (*list(rules.IN_WORDS.values())[1:], rules.ALIKE)]
    )


def test_whatever_a_rule_does_every_second_stays_somewhere(library: Library) -> None:
    names = ["a:0-9", "a:0-9 b:0-2", "a:0-5", "a:4-9", "b:0-2 c:0-9", "c:3-9"]
    heights = [300, 100, 400, 400, 200, 400]
    ids = [
        film(library, name, height, duration=float(len(scenes(name))))
        for name, height in zip(names, heights, strict=True)
    ]
    check(library)
    every = Rule(
        "parts", relations=frozenset(Relation), same_length_percent=None, keep=("resolution",)
    )
    library.apply(library.dry_run(every))
    left = [item.name for item in library.items(ids) if item.removed_at is None]
    assert len(left) < len(names)
    assert {one for name in left for one in scenes(name)} == {
        one for name in names for one in scenes(name)
    }


def test_stopped_it_changes_nothing(library: Library) -> None:
    film(library, "a:0-9")
    film(library, "a:0-9 b", 200)
    check(library)
    stop = CancelToken()
    stop.cancel()
    with pytest.raises(Cancelled):
        library.dry_run(LARGER, stop=stop)
    report = library.dry_run(LARGER)
    with pytest.raises(Cancelled):
        library.apply(report, stop=stop)
    assert library.history() == []


def test_what_changed_since_is_left(library: Library) -> None:
    small, large = film(library, "a:0-9"), film(library, "a:0-9 b", 200)
    others = film(library, "b:0-9"), film(library, "b:0-9 b", 200)
    check(library)
    report = library.dry_run(LARGER)
    library.tag([small], add=["beach"])
    assert library.apply(report).removed == (others[0],)
    library.keep_both(small, large)
    assert library.dry_run(LARGER).acts == ()


def test_rules_act_on_what_comes_in(library: Library, world: World, tmp_path: Path) -> None:
    world.take_in(library)
    names = ["a:0-9 first.mp4", "a:0-9 second.mp4", "a:0-9 third.mp4"]
    for name in names:
        (tmp_path / name).write_text(name)

    def bring(name: str) -> int:
        (told,) = (e for e in library.ingest([tmp_path / name]) if isinstance(e, SourceResult))
        assert told.item_id is not None
        return told.item_id

    first, second = bring(names[0]), bring(names[1])
    library.save_rule(Rule("arrivals", keep=("oldest",), on_arrival=True))
    third = bring(names[2])
    assert [item.id for item in library.items([first, second, third]) if item.removed_at] == [third]
    assert library.history()[0].label == "Rule 'arrivals': remove 1 item"
    assert len(library.review_groups()) == 1, "what was there already is left to a person"
    library.undo()
    library.rescan()
    check(library)
    assert library.items([third])[0].removed_at is None, "it arrives only once"


def test_rules_are_files(library: Library) -> None:
    rule = Rule(
        'the "best" – for ever', frozenset({Relation.CONTAINS}), None,
        ("undamaged", "bucket:A b"), MergeRules(meta="newest", name=True), on_arrival=True,
    )  # fmt: skip
    assert rulefile.from_toml(rulefile.to_toml(rule)) == rule
    assert rulefile.from_toml('name = "plain"\nsame_length_percent = 1') == Rule("plain")
    library.save_rule(rule)
    library.save_rule(LARGER)
    assert library.rules() == [LARGER, rule]
    assert library.rule("larger") == LARGER
    library.delete_rule("larger")
    for act in (library.delete_rule, library.rule):
        with pytest.raises(UserError, match="no rule called 'larger'"):
            act("larger")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name = ", "no TOML"),
        ("keep = []", "needs a name"),
        ('name = " "', "needs a name"),
        ('name = "a"\nkeep = []', "does not say which one stays"),
        ('name = "a"\nkeep = ["best"]', "'best' is nothing a rule can go by. It knows: undamaged"),
        ('name = "a"\nkeep = "length"', "list of texts"),
        ('name = "a"\nrelations = ["twin"]', "'twin' is no relation. There are: same stream"),
        ('name = "a"\nrelations = []', "never act"),
        ('name = "a"\ntier = "likely"', "A rule has no 'tier'"),
        ('name = "a"\nsame_length_percent = 120', "0 to 100"),
        ('name = "a"\nsame_length_percent = "x"', "has to be a number"),
        ('name = "a"\non_arrival = 1', "true or false"),
        ('name = "a"\nmerge = 1', "table of its own"),
        ('name = "a"\n[merge]\nmeta = "all"', "'fill', 'keep' or 'newest'"),
        ('name = "a"\n[merge]\nsound = true', "has no 'sound'"),
    ],
)
def test_a_file_that_is_no_rule_is_explained(text: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        rulefile.from_toml(text)
