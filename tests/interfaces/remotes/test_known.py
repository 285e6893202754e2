"""Remotes by name: in the settings, for nobody else's eyes."""

import json
import stat
import threading
from pathlib import Path

import pytest

from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes import known


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "vidcache"


def test_they_are_remembered_in_a_private_file(settings: Path) -> None:
    known.add("attic", "http://192.168.1.20:8020/", "s3cret")
    known.add("Cellar", "https://cellar.example/cache")
    assert [(one.name, one.address, one.token) for one in known.known()] == [
        ("attic", "http://192.168.1.20:8020", "s3cret"),
        ("Cellar", "https://cellar.example/cache", None),
    ]
    (path,) = settings.glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "s3cret" not in repr(known.known())
    assert known.find("attic").token == "s3cret"
    assert known.find("http://192.168.1.20:8020").token == "s3cret"
    assert known.find("attic", "other").token == "other"
    assert known.find("http://example.org").token is None
    known.remove("attic")
    with pytest.raises(UserError, match=r"known: Cellar\)"):
        known.find("attic")
    with pytest.raises(UserError):
        known.remove("attic")
    assert [path.name for path in settings.iterdir() if path.suffix != ".lock"] == ["remotes.json"]


@pytest.mark.parametrize(
    ("name", "address", "token"),
    [
        ("", "http://a", None), ("a b", "http://a", None), ("../x", "http://a", None),
        ("a", "ftp://a", None), ("a", "a:8020", None), ("a", "http://", None),
        ("a", "http://user:word@a", None), ("a", "http://a/?q=1", None), ("a", "file:///etc", None),
        ("a", "http://a", "two words"), ("a", "http://a", "line\nbreak"), ("a", "http://a", "é"),
    ],
)  # fmt: skip
def test_what_is_no_name_address_or_token(name: str, address: str, token: str | None) -> None:
    with pytest.raises(UserError):
        known.add(name, address, token)
    assert known.known() == []


def test_two_programs_add_at_once() -> None:
    threads = [
        threading.Thread(target=known.add, args=(f"r{number}", f"http://h{number}"))
        for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(known.known()) == 12


def test_a_damaged_file_is_said_and_left(settings: Path) -> None:
    settings.mkdir(parents=True)
    path = settings / "remotes.json"
    path.write_text('{"remotes": ')
    for act in (known.known, lambda: known.add("a", "http://a")):
        with pytest.raises(UserError, match="cannot be read"):
            act()
    assert path.read_text() == '{"remotes": '
    path.write_text(json.dumps({"remotes": {"a": 1, "b": {"address": "http://b", "token": 2}}}))
    assert [(one.name, one.token) for one in known.known()] == [("b", None)]
