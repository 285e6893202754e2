"""Places as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidcache_gui.errors import UserError
from vidcache_gui.media.timecode import frame_rate, parse_place, timecode

STARTS = [n / 24 for n in range(24 * 3700)]


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("120", 120), (" 7 ", 7), ("999999", len(STARTS) - 1), ("+10", 110), ("-10", 90),
        ("-1000", 0), ("0:02", 48), ("1:00:00.5", 86412), ("2.5s", 60), ("2,5", 60), (".5", 12),
        ("2.0", 48), ("00:00:04:12", 108), ("01:00:00;01", 86401), ("50%", 44400), ("0%", 0),
    ],
)  # fmt: skip
def test_places(text: str, frame: int) -> None:
    assert parse_place(text, STARTS, 24, current=100) == frame


@pytest.mark.parametrize("text", ["", "x", "1:2:3:4:5", "-", "10:", "%", "1e5", "-3.5"])
def test_what_is_no_place_is_said(text: str) -> None:
    with pytest.raises(UserError, match="is no place"):
        parse_place(text, STARTS, 24)


def test_timecodes_need_an_even_rate() -> None:
    with pytest.raises(UserError):
        parse_place("00:00:04:12", STARTS)
    assert frame_rate([1001 / 24000] * 100) == 24
    assert frame_rate([0.033, 0.034, 0.033, 0.5]) == 30  # the last one may stay longer
    assert frame_rate([0.04, 0.04, 0.1, 0.04]) is None
    assert frame_rate([0.0, 0.0]) is None
    assert frame_rate([]) is None


@given(index=st.integers(0, 88799), rate=st.sampled_from([24, 25, 30, 60]))
def test_a_timecode_leads_back_to_its_frame(index: int, rate: int) -> None:
    assert parse_place(timecode(index, rate), STARTS, rate) == index


@given(st.lists(st.floats(0.001, 2), min_size=1, max_size=30), st.data())
def test_a_time_is_the_frame_on_screen_then(delays: list[float], data: st.DataObject) -> None:
    starts = [sum(delays[:n]) for n in range(len(delays))]
    time = data.draw(st.floats(0, sum(delays)))
    found = parse_place(f"{time:.9f}", starts)
    assert starts[found] <= time + 1e-5
    assert found == len(starts) - 1 or starts[found + 1] > time - 1e-5
