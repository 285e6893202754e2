"""Finding items: words, fields, order, and pages that join up without gap or overlap."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.catalogs import add_item, new_catalog
from vidcache_gui.core import rows, search
from vidcache_gui.core.catalog import Item, Tag
from vidcache_gui.core.database import Database
from vidcache_gui.core.records import Query
from vidcache_gui.media.types import Kind


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Database:
    database = new_catalog(tmp_path_factory.mktemp("catalog"))
    add_item(database, "clip 2.mp4", duration=12.0, size=5_000_000, width=1920, height=1080)
    add_item(database, "clip 10.mp4", duration=3.0, prefix="trips/rome", damaged="ends early")
    add_item(database, "Dance_party.gif", kind=Kind.ANIMATION, bucket="gifs", duration=2.0)
    tagged = add_item(database, "Écran.webm", prefix="trips", meta={"title": "Cool video"})
    with database.write():
        Tag.insert(item=tagged, name="keep").execute()
        rows.reindex_text([tagged])
    return database


def names(catalog: Database, query: Query) -> list[str]:
    with catalog.read():
        return [row.name for row in search.page_rows(query, None, 100)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("clip", {"clip 2.mp4", "clip 10.mp4"}),
        ("danc", {"Dance_party.gif"}),
        ("party", {"Dance_party.gif"}),
        ("ecran", {"Écran.webm"}),
        ("cool", {"Écran.webm"}),
        ("tag:keep", {"Écran.webm"}),
        ("kind:gif", {"Dance_party.gif"}),
        ("longer:10s", {"clip 2.mp4"}),
        ("shorter:0.05min longer:1", {"Dance_party.gif"}),
        ("larger:1mb", {"clip 2.mp4"}),
        ("taller:720", {"clip 2.mp4"}),
        ("bucket:gifs", {"Dance_party.gif"}),
        ("prefix:trips", {"Écran.webm", "clip 10.mp4"}),
        ("is:damaged", {"clip 10.mp4"}),
        ("clip longer:10s", {"clip 2.mp4"}),
        ("nothing-like-it", set()),
        ("???", set()),
        ("", {"clip 2.mp4", "clip 10.mp4", "Dance_party.gif", "Écran.webm"}),
    ],
)
def test_text(catalog: Database, text: str, expected: set[str]) -> None:
    assert set(names(catalog, Query(text=text))) == expected


def test_filters_and_natural_order(catalog: Database) -> None:
    assert names(catalog, Query(bucket="videos", sort="name", descending=False)) == [
        "clip 2.mp4", "clip 10.mp4", "Écran.webm",
    ]  # fmt: skip
    assert set(names(catalog, Query(prefix="trips"))) == {"Écran.webm", "clip 10.mp4"}
    assert names(catalog, Query(kind=Kind.ANIMATION)) == ["Dance_party.gif"]
    assert names(catalog, Query(trash=True)) == []


@settings(max_examples=200)
@given(st.text(max_size=40))
def test_any_text_is_a_legal_query(catalog: Database, text: str) -> None:
    names(catalog, Query(text=text))


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", list(search.SORTS))
def test_pages_join_up(tmp_path: Path, sort: str, descending: bool) -> None:
    database = new_catalog(tmp_path)
    for number in range(53):
        add_item(database, f"n{number}", size=number % 7, duration=float(number % 5))
    query = Query(sort=sort, descending=descending)
    with database.read():
        listing = search.listing(query, page_size=10)
        pages = [
            [row.id for row in search.page_rows(query, after, 10)] for after in listing.anchors
        ]
    joined = [id for page in pages for id in page]
    assert listing.count == 53 == len(joined)
    assert [len(page) for page in pages] == [10] * 5 + [3]
    assert len(set(joined)) == 53
    with database.read():
        column = search.sort_column(query)
        values = dict(Item.select(Item.id, column).tuples())
    keys = [(values[id], id) for id in joined]
    assert keys == sorted(keys, reverse=descending)


def test_a_page_is_found_by_index_not_by_sorting(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    add_item(database, "one")
    with database.read() as db:
        sql, params = search.ordered(Query(), search.matching(Query()), (5, 5)).limit(10).sql()
        plan = " ".join(row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params))
    assert "item_by_added" in plan
    assert "TEMP B-TREE" not in plan
