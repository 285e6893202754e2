"""The list of matches: rows at once, pages when they come into view, and nothing that moves."""

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.gui.similar.conftest import Give
from tests.gui.similar.fake import FakeLibrary, match, segment
from vidcache_gui.core.records import Item
from vidcache_gui.gui.background import Background
from vidcache_gui.gui.similar import match_model
from vidcache_gui.gui.similar.families import FamilyModel, MemberModel
from vidcache_gui.gui.similar.match_model import (
    SHOWN_ROLE,
    Filter,
    MatchModel,
    ResultModel,
    shown_of,
)
from vidcache_gui.matching.records import Relation, Tier


@pytest.fixture
def model(library: FakeLibrary, at_once: Background) -> MatchModel:
    return MatchModel(at_once, library, page=10)


def listed(qtbot: QtBot, model: MatchModel, wanted: Filter = Filter()) -> None:  # noqa: B008
    with qtbot.waitSignal(model.listed):
        model.show(wanted)


def ids(model: Any) -> list[int | None]:
    rows = (model.shown(row) for row in range(model.rowCount()))
    return [None if shown is None else shown.id for shown in rows]


def everything(qtbot: QtBot, model: MatchModel) -> list[int | None]:
    qtbot.waitUntil(lambda: None not in ids(model))
    return ids(model)


def test_models_follow_qt_rules(
    qtbot: QtBot, qtmodeltester: ModelTester, model: MatchModel, give: Give, library: FakeLibrary,
    items: list[Item],
) -> None:  # fmt: skip
    qtmodeltester.check(model, force_py=True)
    found = give(25)
    listed(qtbot, model)
    everything(qtbot, model)
    qtmodeltester.check(model, force_py=True)
    results = ResultModel()
    results.show([shown_of(one) for one in found[:3]])
    qtmodeltester.check(results, force_py=True)
    library.give_family("Titles", items[:3])
    families, members = FamilyModel(), MemberModel()
    families.show(library.families())
    members.show(library.families()[0].members)
    for other in (families, members):
        qtmodeltester.check(other, force_py=True)


def test_all_rows_exist_and_are_read_when_looked_at(
    qtbot: QtBot, model: MatchModel, give: Give, library: FakeLibrary
) -> None:
    found = give(45)
    listed(qtbot, model)
    assert model.rowCount() == 45
    assert model.shown(5) is not None
    assert len(library.pages_read) == 1
    assert model.shown(12) is None
    with qtbot.waitSignal(model.dataChanged) as changed:
        pass
    assert (changed.args[0].row(), changed.args[1].row()) == (10, 19)
    assert everything(qtbot, model) == [one.id for one in found]
    assert len(library.pages_read) == 5


def test_the_end_is_reached_without_showing_what_lies_before(
    qtbot: QtBot, model: MatchModel, give: Give
) -> None:
    found = give(95)
    listed(qtbot, model)
    assert model.shown(94) is None
    qtbot.waitUntil(lambda: model.shown(94) is not None)
    assert model.shown(94).id == found[94].id  # type: ignore[union-attr]


def test_pages_are_let_go_of_and_read_again(
    qtbot: QtBot, model: MatchModel, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_model, "PAGES_KEPT", 2)
    found = give(45)
    listed(qtbot, model)
    model.shown(44)
    qtbot.waitUntil(lambda: model.shown(44) is not None)
    assert len(model._pages) == 2
    assert model.shown(0) is None
    qtbot.waitUntil(lambda: model.shown(0) is not None)
    assert model.shown(0).id == found[0].id  # type: ignore[union-attr]


def test_decisions_move_nothing_not_even_when_their_page_is_read_again(
    qtbot: QtBot, model: MatchModel, give: Give, library: FakeLibrary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(match_model, "PAGES_KEPT", 1)
    found = give(30)
    listed(qtbot, model)
    with qtbot.waitSignal(model.dataChanged):
        model.set_verdict(found[3].id, "keep both")
    library.mark(found[3].item_a.id, found[3].item_b.id, "keep both")  # type: ignore[arg-type]
    model.shown(15)
    qtbot.waitUntil(lambda: model.shown(15) is not None)
    model.shown(0)
    qtbot.waitUntil(lambda: model.shown(0) is not None)
    first = [model.shown(row) for row in range(10)]
    assert [shown.id for shown in first if shown] == [one.id for one in found[:10]]
    assert first[3] is not None
    assert first[3].verdict == "keep both"
    assert set(model.touched()) == {found[3].id}


def test_what_has_gone_leaves_its_row_and_what_was_never_there_none(
    qtbot: QtBot, model: MatchModel, give: Give, library: FakeLibrary
) -> None:
    give(25)
    listed(qtbot, model)
    del library.found[20:]
    with qtbot.waitSignal(model.rowsRemoved):
        model.shown(22)
    assert model.rowCount() == 20


def test_filters_and_shared_segments(
    qtbot: QtBot, model: MatchModel, library: FakeLibrary, items: list[Item]
) -> None:
    for number, relation in enumerate(Relation):
        tier = list(Tier)[number % 3]
        found = match(segment(0, 1, 0, 1), relation=relation, tier=tier)
        library.give(items[number], items[number + 1], found)
    listed(qtbot, model)
    assert model.rowCount() == 4
    listed(qtbot, model, Filter(tier=Tier.CERTAIN))
    shown = [model.shown(row) for row in range(model.rowCount())]
    assert {one.match.tier for one in shown if one} == {Tier.CERTAIN}
    listed(qtbot, model, Filter(Relation.OVERLAP, Tier.LIKELY))
    assert model.rowCount() == 0
    assert Filter().count(library.match_counts()) == 4


def test_results_lose_what_goes_to_the_trash(give: Give) -> None:
    found = give(4)
    model = ResultModel()
    model.show([shown_of(one) for one in found])
    assert not model.drop_items([9999])
    assert model.drop_items([found[1].item_b.id])
    assert [model.shown(row).id for row in range(3)] == [  # type: ignore[union-attr]
        found[0].id, found[2].id, found[3].id,
    ]  # fmt: skip
    model.set_verdict(found[2].id, "keep both")
    assert [shown.verdict for shown in model.touched().values()] == ["keep both"]


def test_rows_say_themselves(qtbot: QtBot, model: MatchModel, give: Give) -> None:
    found = give(1)
    listed(qtbot, model)
    index = model.index(0)
    assert index.data(SHOWN_ROLE).id == found[0].id
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("clip 0, clip 1, Re-encode")
    assert model.data(QModelIndex()) is None


def test_names_of_segments_are_changed_by_their_own_row(
    library: FakeLibrary, items: list[Item], qtbot: QtBot
) -> None:
    library.give_family("Titles", items[:3])
    model = FamilyModel()
    model.show(library.families())
    with qtbot.waitSignal(model.renamed) as renamed:
        assert model.setData(model.index(0), "  Opening ")
    assert renamed.args == [1, "Opening"]
    assert not model.setData(model.index(0), "   ")
    assert not model.setData(model.index(0), "Titles")
