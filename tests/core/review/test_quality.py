"""Differences weighed: which of two is proposed, and what is said."""

from dataclasses import replace

import pytest

from vidcache_gui.core.records import Alias, Item
from vidcache_gui.core.review import facts
from vidcache_gui.core.review.quality import propose, weigh
from vidcache_gui.core.review.quality_records import Fact, Proposal, Side
from vidcache_gui.matching.records import Match, Relation, Segment, Tier, Transform
from vidcache_gui.media.quality.records import Measured, PairMeasured
from vidcache_gui.media.types import Kind

ITEM = Item(
    1, Kind.VIDEO, "aa", "one.mp4", "videos", "", 2_000_000, 1_700_000_000_000,
    width=1920, height=1080, frame_count=250, duration=10.0, fps=25.0, codec="h264",
)  # fmt: skip
SIDE = Side(ITEM, {"bit_rate": 1_600_000, "pixel_format": "yuv420p"}, (Alias("/a", "path", 0, 0),))
OTHER = replace(SIDE, item=replace(ITEM, id=2, hash="bb"), aliases=())
GOOD = Measured(1080, 1080.0, contrast=60.0, colour=30.0, rate=25.0)
WHOLE = Match(Relation.RE_ENCODE, Tier.CERTAIN, 1.0,
              (Segment(0, 10, 0, 10, Transform(), 0, 1),), 1.0, 1.0)  # fmt: skip
BOX = (0.8, 0.1, 0.9, 0.2)


def proposal(
    b: Measured, side: Side = OTHER, match: Match | None = WHOLE, a: Measured = GOOD
) -> Proposal:
    points = weigh(SIDE, side, match, PairMeasured(a, b, 8, 0.99))
    return propose(points, SIDE, side, match)


@pytest.mark.parametrize(
    ("worse", "words"),
    [
        (
            replace(GOOD, lines=480.0, detail=-6.0),
            "Sharper: really about 1080 lines; the other is about 480, enlarged.",
        ),
        (replace(GOOD, stored_lines=480, lines=480.0), "Sharper: about 1080 lines against 480."),
        (
            replace(GOOD, detail=-1.5),
            "Sharper: it keeps fine detail that coding took from the other.",
        ),
        (
            replace(GOOD, stored_lines=2160, detail=-1.5),
            "Sharper: the other was enlarged to 2160 lines, which added nothing.",
        ),
        (replace(GOOD, logos=(BOX,)), "No logo; the other has one."),
        (
            replace(GOOD, subtitles=(BOX,)),
            "No subtitles in the picture; the other has some.",
        ),
        (
            replace(GOOD, rate=12.5),
            "Smoother motion: 25 different pictures a second; the other has 12.",
        ),
        (replace(GOOD, blocks=1.4), "Cleaner: the other shows the blocks it was coded in."),
        (replace(GOOD, noise=7.0), "Cleaner: the other has more noise."),
        (replace(GOOD, colour=0.5), "In colour; the other is grey."),
        (replace(GOOD, bars=0.25), "No bars: 25 % of the other's picture is bars."),
        (replace(GOOD, combing=0.8), "The other is torn into lines where it moves."),
        (replace(GOOD, contrast=20.0), "Fuller range from dark to bright; the other is flat."),
    ],
)
def test_each_fault_is_said_and_decides(worse: Measured, words: str) -> None:
    found = proposal(worse)

    assert (found.keep, found.reasons[0], found.near_tie) == ("a", words, False)
    turned = propose(
        weigh(SIDE, OTHER, WHOLE, PairMeasured(worse, GOOD, 8, 0.99)), SIDE, OTHER, WHOLE
    )
    assert (turned.keep, turned.reasons) == ("b", found.reasons)


def test_a_crop_costs_what_it_cuts_off() -> None:
    found = proposal(GOOD, a=replace(GOOD, extra=0.19))

    assert found.keep == "a"
    assert found.reasons == ("Shows more of the picture: the other is cropped by 19 %.",)


def test_length_counts_for_more_than_a_little_sharpness() -> None:
    part = replace(WHOLE, relation=Relation.CONTAINS, coverage_a=0.4)
    shorter = replace(OTHER, item=replace(OTHER.item, duration=4.0))

    found = proposal(GOOD, shorter, part, a=replace(GOOD, detail=-1.0))

    assert found.keep == "a"
    assert found.reasons == ("Longer: it shows 0:06 that the other has not.",)
    assert found.against == ("Sharper: it keeps fine detail that coding took from the other.",)


def test_equals_are_a_near_tie_and_the_first_one_stays() -> None:
    found = proposal(GOOD)

    assert (found.keep, found.near_tie, found.margin) == ("a", True, 0.0)
    assert found.reasons == (
        "Nothing that was looked at tells them apart; this one was here first.",
    )
    newer = replace(SIDE, item=replace(SIDE.item, added_at=SIDE.item.added_at + 1))
    assert propose((), newer, OTHER, WHOLE).keep == "b"


def test_a_little_is_a_near_tie_with_a_lean() -> None:
    found = proposal(replace(GOOD, detail=-0.2), a=replace(GOOD, blocks=0.1))

    assert (found.keep, found.near_tie) == ("a", True)
    assert found.reasons == (
        "They are nearly equal; either will do.", "A trace sharper, hardly to be seen.",
    )  # fmt: skip
    assert found.against == ("A trace cleaner, hardly to be seen.",)


def test_the_same_compressed_pictures_are_called_that() -> None:
    same = replace(WHOLE, relation=Relation.SAME_STREAM)

    assert proposal(GOOD, match=same).reasons[0].startswith("Both hold the very same compressed")


def test_a_copy_that_runs_faster_lacks_no_frames() -> None:
    faster = replace(WHOLE, segments=(Segment(0, 10, 0, 5, Transform(), 0, 1),))

    found = proposal(replace(GOOD, rate=50.0), match=faster)

    assert not any("motion" in why for why in (*found.reasons, *found.against))


def test_sound_and_damage_count() -> None:
    silent = proposal(GOOD, replace(OTHER, facts={**OTHER.facts, "has_audio": True}))
    broken = proposal(GOOD, replace(OTHER, item=replace(OTHER.item, damaged="It ends early.")))

    assert (silent.keep, silent.reasons[0]) == ("b", "Has sound; the other has none.")
    assert (broken.keep, broken.reasons[0]) == ("a", "The other is damaged.")


def test_unmeasured_the_file_must_do() -> None:
    item = replace(OTHER.item, width=640, height=360)
    small = replace(OTHER, item=item, facts={"bit_rate": 400_000})

    points = weigh(SIDE, small, WHOLE, None)

    found = propose(points, SIDE, small, WHOLE)
    assert found.keep == "a"
    assert found.reasons == (
        "Stored larger; whether it is really sharper was not measured.",
        "Coded with more bits, its codec taken into account.",
    )


def row(rows: tuple[Fact, ...], label: str) -> Fact:
    (found,) = [fact for fact in rows if fact.label == label]
    return found


def test_the_table_says_what_differs_and_marks_the_better() -> None:
    worse = replace(GOOD, lines=480.0, detail=-6.0, logos=(BOX,), rate=12.5)
    measured = PairMeasured(GOOD, worse, 8, 0.98)
    gif = replace(
        OTHER, item=replace(OTHER.item, codec="gif", size=900, fps=25.0), facts={}
    )  # fmt: skip

    rows = facts.table(SIDE, gif, WHOLE, measured, weigh(SIDE, gif, WHOLE, measured))

    true = row(rows, "True resolution")
    assert (true.a, true.b, true.better) == (
        "about 1080 lines of 1080", "about 480 lines of 1080", "a",
    )  # fmt: skip
    assert "enlarged" in true.why
    assert row(rows, "Fine detail").b == "50 % of the other's"
    assert row(rows, "Logo") == Fact("Logo", "none", "yes", "a", "No logo; the other has one.")
    assert row(rows, "Frame rate").b == "25 a second, 12 of them different"
    assert row(rows, "Colour depth").b == "256 colours"
    assert (row(rows, "Size").a, row(rows, "Size").b) == ("2 MB", "900 bytes")
    assert row(rows, "Bit rate").a == "1.6 Mbit/s"
    assert row(rows, "Length").a == "0:10, 250 frames"
    assert row(rows, "From").a == "/a"
    assert row(rows, "Codec").better == ""
    labels = [fact.label for fact in rows]
    assert len(labels) == len(set(labels))
    assert "Subtitles" not in labels  # neither has any


def test_every_reason_belongs_to_a_row() -> None:
    worse = Measured(
        1080, 300.0, -6, 2.0, 5.0, 0.5, 1.0, 10.0, 0.0, 10.0, 0.5, (BOX,), (BOX,), 0.0, 0.2
    )
    worst = replace(
        OTHER, item=replace(OTHER.item, codec="gif", damaged="It ends early."), facts={}
    )  # fmt: skip
    sound = replace(SIDE, facts={**SIDE.facts, "has_audio": True, "pixel_format": "yuv420p10le"})
    part = replace(WHOLE, coverage_a=0.5)
    measured = PairMeasured(replace(GOOD, extra=0.1), worse, 8, 0.9)

    points = weigh(sound, worst, part, measured)
    rows = facts.table(sound, worst, part, measured, points)

    assert len(points) > 12
    assert {point.label for point in points} <= {fact.label for fact in rows}
    assert {fact.better for fact in rows} == {"a", ""}
