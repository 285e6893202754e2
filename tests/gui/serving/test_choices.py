"""What can be chosen about serving, and the log, without a window."""

from typing import Any

import pytest
from pytestqt.modeltest import ModelTester

from vidcache_gui.gui.serving import phrases
from vidcache_gui.gui.serving.choices import Choices, parse_ports, reachable_at
from vidcache_gui.gui.serving.log_model import LogModel
from vidcache_gui.interfaces.server.log import Served
from vidcache_gui.interfaces.server.settings import Access, Protocol


def request(status: int = 200, number: int = 0, seconds: float = 0.01) -> Served:
    return Served(1_767_225_600_000, "127.0.0.1", "GET", f"/video/{number}", status, 0, 5, seconds)


@pytest.mark.parametrize(
    ("text", "ports"),
    [("8020", (8020,)), ("8020, 24000 25000", (8020, 24000, 25000)), ("1,1", (1,))],
)
def test_ports_as_people_type_them(text: str, ports: tuple[int, ...]) -> None:
    assert parse_ports(text) == ports


WRONG = ("", " , ", "http", "-1", "65536", "80:20", "٨", "1 2 3 4 5 6 7 8 9")


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_port_is_said(text: str) -> None:
    assert Choices(ports=text).problem.endswith(".")


@pytest.mark.parametrize(
    "choices",
    [Choices(vidcache=False, mictlanx=False), Choices(network=True), Choices(token="a b"),
     Choices(token="ü"), Choices(token="a\nb")],
)  # fmt: skip
def test_what_cannot_be_served_is_said(choices: Choices) -> None:
    assert choices.problem.endswith(".")


def test_what_was_stored_comes_back_and_nonsense_does_not() -> None:
    chosen = Choices(True, "1, 2", "abc", False, True, Access.READ, True, True, True)
    assert Choices.from_dict(chosen.to_dict()) == chosen
    nonsense: dict[str, Any] = {
        "network": "yes", "ports": 5, "token": None, "access": "everything", "more": 1,
    }  # fmt: skip
    assert Choices.from_dict(nonsense) == Choices()


def test_choices_are_the_servers_settings() -> None:
    made = Choices(True, "5", "abc", False, True, Access.ADD, True).settings()
    assert (made.host, made.ports, made.token) == ("0.0.0.0", (5,), "abc")
    assert (made.protocols, made.access) == ({Protocol.MICTLANX}, Access.ADD)
    assert not made.keep_similar
    assert Choices(downloads=True).settings().downloads
    assert not Choices(downloads=True, access=Access.READ).settings().downloads
    alone = Choices().settings()
    assert not alone.downloads
    assert (alone.is_local, alone.token, alone.names) == (True, None, frozenset())


def test_addresses_are_some_that_others_can_type() -> None:
    assert reachable_at(["http://127.0.0.1:5"]) == ["http://127.0.0.1:5"]
    found = reachable_at(["http://0.0.0.0:5", "http://0.0.0.0:6"])
    assert found[-1] == "http://127.0.0.1:6"
    assert not any("0.0.0.0" in address for address in found)


def test_the_log_is_bounded_and_counts_all(qtmodeltester: ModelTester) -> None:
    model = LogModel(kept=10)
    qtmodeltester.check(model)
    for number in range(25):
        model.add([request(404 if number % 5 == 0 else 200, number)])
    assert (model.rowCount(), model.count, model.failures) == (10, 25, 5)
    assert "/video/24" in model.text(9)
    model.show_only_failures(True)
    assert model.rowCount() == 2
    model.add([request(200), request(0), request(500)])
    assert model.rowCount() == 4
    model.show_only_failures(False)
    assert model.rowCount() == 10
    model.add([request() for _ in range(30)])
    assert model.rowCount() == 10
    model.clear()
    assert (model.rowCount(), model.count) == (0, 0)


def test_requests_in_words() -> None:
    assert phrases.answer(request(0)) == "– went away"
    assert phrases.answer(request(206)) == "206 done"
    assert phrases.answer(request(418)) == "418 failed"
    assert (phrases.took(request()), phrases.took(request(seconds=3))) == ("10 ms", "3.0 s")
    assert phrases.requests(1, 1) == "1 request, failed"
    assert phrases.requests(1200, 3) == "1,200 requests, 3 of them failed"
