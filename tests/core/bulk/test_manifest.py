"""Manifests by people, spreadsheets and strangers."""

import io
from pathlib import Path

import pytest

from vidcache_gui.core.bulk.records import BulkItem
from vidcache_gui.core.library import Library
from vidcache_gui.errors import UserError

HEAD = b"action,item,tags\n"


def read(library: Library, data: bytes | str, **places: str) -> list[BulkItem]:
    raw = data.encode() if isinstance(data, str) else data
    return list(library.read_manifest(io.BytesIO(raw), **places))


def problems(library: Library, data: bytes | str) -> dict[int | None, str | None]:
    return {item.line: item.problem for item in read(library, data) if item.problem}


def test_csv_and_json_lines_say_the_same(library: Library) -> None:
    csv = read(library, 'action,item,tags,destination\ntag,12,"a, b",\nfetch,"x, y",,out/\n')
    lines = read(
        library,
        '{"action": "tag", "item": 12, "tags": ["a", "b"]}\n\n'
        '{"action": "fetch", "item": "x, y", "destination": "out/"}\n',
    )
    assert [one.options for one in csv] == [one.options for one in lines]
    assert [one.line for one in csv] == [2, 3]
    assert [one.line for one in lines] == [1, 3]
    assert csv[0].options == {"item": "12", "tags": ["a", "b"]}


@pytest.mark.parametrize(
    "text",
    ["\ufeffaction,item,tags\ntag,1,x\n", "Action;Item;Tags\r\ntag;1;x\r\n",
     "action\titem\ttags\ntag\t1\tx"],
)  # fmt: skip
def test_what_spreadsheets_write_is_read(library: Library, text: str) -> None:
    (item,) = read(library, text)
    assert item.options == {"item": "1", "tags": ["x"]}


def test_relative_sources_start_at_the_manifest_and_results_at_the_folder(
    library: Library,
) -> None:
    put, fetch = read(
        library, "action,source,item\nput,a/b.mp4,\nfetch,,1\n", base="/films", into="/out"
    )
    assert put.options["source"] == "/films/a/b.mp4"
    assert fetch.options["folder"] == "/out"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("action,item,nmae\n", "Line 1, column 3: 'nmae' is no column"),
        ("\n\naction,item,item\n", "Line 3, column 3: 'item' is there twice"),
        ("item,tags\n", "no column 'action'"), ("", "empty"), ("\n \n", "empty"),
        ("action,item\n".encode("utf-16"), "Line 1: it is not UTF-8"),
        (b"act\0ion,item\n", "NUL"), (b"x" * (2 << 20), "Line 1 is longer"),
        ('"action,item\n', "quotes"),
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_refused_whole(
    library: Library, data: bytes | str, reason: str
) -> None:
    with pytest.raises(UserError, match=reason):
        read(library, data)


def test_bad_lines_are_failures_of_their_own(library: Library) -> None:
    lines = [
        b"tag,1,x", b"delte,1,x", b"tag,caf\xe9,x", b"tag,a\0b,x", b'tag,"open,x',
        b"tag,1," + b"y" * (2 << 20), b"tag,1,x,more", b"tag,,", b"tag,2,x",
    ]  # fmt: skip
    found = problems(library, HEAD + b"\n".join(lines))
    beginnings = (
        "'delte' is no action. ", "It is not UTF-8 text.", "It holds a NUL character.",
        "Its quotes are not closed", "It is longer than a line", "It has 4 cells, and there are 3",
    )  # fmt: skip
    assert list(found) == [3, 4, 5, 6, 7, 8]
    for reason, beginning in zip(found.values(), beginnings, strict=True):
        assert str(reason).startswith(beginning)
    assert [i.line for i in read(library, HEAD + b"\n".join(lines)) if not i.problem] == [2, 9, 10]


def test_bad_json_lines_too(library: Library) -> None:
    lines = [
        '{"action": "tag", "item": 1, "tags": "x"}', "{nonsense", "[1]", '{"action": 5}',
        '{"action": "tag", "itme": 1}', "[" * 100_000, '{"action": "tag", "item": "\\u0000"}',
        '{"action": "tag", "item": "\\ud800", "tags": "x"}', '{"action": "tag", "tags": {"a": []}}',
    ]  # fmt: skip
    found = problems(library, "\n".join(lines))
    assert list(found) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert found[5] == "'itme' is no key of a manifest."


def test_cells_that_look_like_formulas_are_just_text(library: Library) -> None:
    cells = ['=cmd|"/C calc"!A0', "@SUM(1)", "+1", "-1+2"]
    text = "action,item,tags\n" + "".join(
        f'tag,1,"{cell.replace(chr(34), chr(34) * 2)}"\n' for cell in cells
    )
    assert [item.options["tags"] for item in read(library, text)] == [[cell] for cell in cells]


def test_bad_lines_are_kept_as_failures_and_not_tried_again(library: Library) -> None:
    library.add_to_bulk("m", library.read_manifest(io.BytesIO(HEAD + b"delte,1,x\n")))
    report = library.await_bulk("m")
    (failure,) = report.failures
    assert (failure.label, failure.line) == ("line 2", 2)
    assert str(failure.reason).startswith("'delte' is no action")
    with pytest.raises(UserError, match="could not be read"):
        library.retry_bulk("m")


def test_file_names_that_are_no_text_can_be_named(library: Library, tmp_path: Path) -> None:
    (item,) = read(library, '{"action": "put", "source": "/a/caf\\udce9.mp4"}')
    library.add_to_bulk("m", [item])
    (failure,) = library.await_bulk("m").failures
    assert failure.label == "/a/caf\udce9.mp4"
