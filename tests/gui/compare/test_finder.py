"""Where differences begin: next, before, first; what is always there is none."""

from tests.gui.compare.drawn import Drawn, scene, with_box
from tests.gui.compare.matched import match, stretch
from vidcache_gui.gui.compare.finder import Finder
from vidcache_gui.gui.compare.line import Line
from vidcache_gui.gui.compare.timemap import TimeMap
from vidcache_gui.gui.player.timing import Timing
from vidcache_gui.matching.records import Match


def finder(a: Drawn, b: Drawn, found: Match | None = None) -> Finder:
    found = found or match(stretch(0, a.count * 0.04, 0, b.count * 0.04))
    line = Line(Timing.of(a.durations), Timing.of(b.durations), TimeMap.of(found))
    return Finder((a.again, b.again), line)


def find(made: Finder, place: int, steps: int = 1) -> int | None:
    return made.find(place, steps, lambda: False, lambda done: None)


def changed(at: dict[range, int], count: int = 300) -> list:  # type: ignore[type-arg]
    """A scene with a square in some frames, so many pixels from the left."""
    pictures = scene(count)
    for frames, left in at.items():
        for n in frames:
            pictures[n] = with_box(pictures[n], left)
    return pictures


def test_differences_are_found_either_way() -> None:
    made = finder(Drawn(scene(300)), Drawn(changed({range(130, 150): 20, range(210, 211): 90})))
    assert find(made, -1) == 130
    assert find(made, 130) == 210
    assert find(made, 210) is None
    assert find(made, 299, -1) == 210
    assert find(made, 210, -1) == 130
    assert find(made, 130, -1) is None


def test_what_was_looked_at_is_not_decoded_again() -> None:
    a = Drawn(scene(300))
    made = finder(a, Drawn(changed({range(130, 150): 20})))
    assert find(made, -1) == 130
    opened = a.opened
    assert find(made, 200, -1) == 130
    assert a.opened == opened


def test_a_logo_is_one_difference_and_another_brightness_none() -> None:
    darker = [(picture * 0.6 + 20).astype("uint8") for picture in changed({range(300): 20})]
    made = finder(Drawn(scene(300)), Drawn(darker))
    assert find(made, -1) == 0
    assert find(made, 0) is None


def test_the_same_has_none() -> None:
    made = finder(Drawn(scene(150)), Drawn(scene(150)))
    assert find(made, -1) is None


def test_where_one_has_something_alone_a_difference_begins() -> None:
    """A lacks frames 50 to 79 of B."""
    pictures = scene(150)
    made = finder(
        Drawn(pictures[:50] + pictures[80:]), Drawn(pictures),
        match(stretch(2.0, 4.8, 3.2, 6.0), stretch(0, 2.0, 0, 2.0)),
    )  # fmt: skip
    assert find(made, -1) == 50
    assert find(made, 50) is None


def test_a_search_that_is_not_wanted_ends() -> None:
    a = Drawn(scene(300))
    made = finder(a, Drawn(scene(300)))
    asked = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    assert made.find(-1, 1, stop, lambda done: None) is None
    assert len(asked) < 20
