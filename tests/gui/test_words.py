"""Numbers and sentences for people."""

from pathlib import Path

import pytest

from vidcache_gui.core.records import Bookmark, Item, ItemDetails, Job, JobState, Progress
from vidcache_gui.gui import words
from vidcache_gui.gui.facts import fact_rows
from vidcache_gui.gui.ingest.activity_line import done_words, job_title, progress_words
from vidcache_gui.gui.ingest.sources import describe, is_source, look_at
from vidcache_gui.gui.library.drag import safe_name
from vidcache_gui.media.types import Kind


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (5_940_000, "5.9 MB"),
     (9_960_000, "10 MB"), (999_400, "999 kB"), (999_600, "1.0 MB"), (8.4e9, "8.4 GB")],
)  # fmt: skip
def test_sizes(count: float, text: str) -> None:
    assert words.size(int(count)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.8, "0.8 s"), (9.94, "9.9 s"), (9.96, "0:10"), (31.4, "0:31"), (59.6, "1:00"),
     (3599.7, "1:00:00"), (3723, "1:02:03")],
)  # fmt: skip
def test_durations(seconds: float | None, text: str) -> None:
    assert words.duration(seconds) == text


def test_exact_durations_do_not_round_to_sixty() -> None:
    assert words.exact_duration(59.9996) == "0:01:00.000"
    assert words.exact_duration(31.048) == "0:00:31.048"


def item(**values: object) -> Item:
    plain = dict(id=1, kind=Kind.VIDEO, hash="ab" * 32, name="a.mp4", bucket="videos", prefix="",
                 size=5_900_000, added_at=0)  # fmt: skip
    return Item(**{**plain, **values})  # type: ignore[arg-type]


def test_the_line_under_a_picture() -> None:
    video = item(duration=31.0, width=1920, height=1080)
    assert words.facts_line(video) == "0:31 · 1080p · 5.9 MB"
    frames = item(kind=Kind.FRAMES, frame_count=170, width=300, height=200)
    assert words.facts_line(frames) == "170 frames · 300 × 200 · 5.9 MB"
    assert words.badge(frames) == "170"
    assert words.badge(item(kind=Kind.IMAGE, frame_count=1)) == ""


def test_facts_leave_out_what_is_unknown() -> None:
    rows = {row.title: row for row in fact_rows(item(), None)}
    assert "Length" not in rows
    assert "Frames" not in rows
    assert rows["BLAKE3"].shown == "ab" * 6
    assert rows["BLAKE3"].whole == "ab" * 32


def test_bookmarks_and_changed_delays_are_facts() -> None:
    details = ItemDetails(
        item(), (), None, {}, bookmarks=(Bookmark(3), Bookmark(9, "hands meet")), delays={2: 40.0}
    )
    rows = {row.title: row for row in fact_rows(item(), details)}
    assert rows["Bookmarks"].shown == "frame 3, hands meet"
    assert rows["Bookmarks"].whole == "frame 3\nframe 9  hands meet"
    assert rows["Delays"].shown == "1 frame changed"


def test_places_are_said_in_words_where_they_are_none_of_their_own() -> None:
    assert words.place("/films/a.mp4") == "/films/a.mp4"
    assert words.place(f"export:{'ab' * 32}#frames=3-9") == "Made of frames 3 to 9 of abababababab"
    assert words.place("export:abc#frames=3-3") == "Made of frame 3 of abc"
    assert words.place("export:lists") == "export:lists"


def job(state: JobState = JobState.DONE, **counts: int) -> Job:
    return Job(1, state, "/home/me/Film reels", 0, None, 500, 34, counts, {})


def test_a_job_that_is_over() -> None:
    counts = {"failed": 2, "new": 480, "url_alias": 6, "duplicate": 12}
    assert done_words(job(**counts)) == (
        "480 new · 12 already here · 6 known from a new place · 2 failed"
    )
    assert done_words(job(JobState.CANCELLED, new=3)) == "Stopped: 3 new"
    assert job_title(job()) == "Film reels"


def test_a_job_that_runs() -> None:
    running = Progress(
        1, JobState.RUNNING, False, 34, 500, 1_200_000_000, 8_400_000_000, 3.1e8, 118
    )
    assert progress_words(running) == (
        "Adding 34 of 500 · 1.2 GB of 8.4 GB · 310 MB/s · 2 min left"
    )
    counting = Progress(1, JobState.RUNNING, True, 3, 9, 0, 0)
    assert progress_words(counting) == "Adding 3 of 9+"
    paused = Progress(1, JobState.PAUSED, False, 3, 9, 10, 100, 5.0, 18.0)
    assert progress_words(paused) == "Paused at 3 of 9 · 10 bytes of 100 bytes"


def test_a_drop_in_words(tmp_path: Path) -> None:
    frames = tmp_path / "shots"
    frames.mkdir()
    for number in range(12):
        (frames / f"frame_{number:03}.png").touch()
    clips = [tmp_path / f"{name}.mp4" for name in ("one", "two", "three")]
    for clip in clips:
        clip.touch()

    def said(*sources: object, as_frames: bool = False) -> str:
        names = [str(source) for source in sources]
        return describe(names, look_at(names), "videos/archive", as_frames=as_frames)

    assert said(frames) == "Add 12 frames as one sequence to videos/archive"
    assert said(clips[0]) == "Add “one.mp4” to videos/archive"
    assert said(*clips) == "Add 3 files to videos/archive"
    assert said(tmp_path) == f"Add the folder “{tmp_path.name}” to videos/archive"
    assert said(*clips, frames, "https://example.org/a.webm") == (
        "Add 3 files, 1 folder and 1 link to videos/archive"
    )
    assert said(clips[0], as_frames=True).endswith("videos/archive, stored as frames")
    assert said(tmp_path / "not there") == "Add “not there” to videos/archive"
    assert describe(["a", "b"], None, "videos", as_frames=False) == "Add 2 things to videos"


def test_what_pasted_text_may_name(tmp_path: Path) -> None:
    assert is_source("https://example.org/a.webm")
    assert is_source(str(tmp_path))
    assert not is_source("ftp://example.org/a.webm")
    assert not is_source("hello")
    assert not is_source("/not/there/at/all")


@pytest.mark.parametrize(
    ("name", "mime", "text"),
    [("clip.mp4", "video/mp4", "clip.mp4"), ("clip", "video/mp4", "clip.mp4"),
     ("../../etc/passwd", "", "_.._etc_passwd"), ("a\nb", "image/gif", "a_b.gif"),
     ("...", "", "abababababab"), ("Dr. Who", "video/webm", "Dr. Who.webm")],
)  # fmt: skip
def test_names_for_files_outside(name: str, mime: str, text: str) -> None:
    assert safe_name(item(name=name, mime=mime)) == text


def test_the_facts_of_a_film_in_chunks_are_those_of_a_film() -> None:
    film = item(ball_id="big", duration=2.0, frame_count=48, codec="h264", mime="video/mp4")
    facts = {
        row.title: row.shown
        for row in fact_rows(film, ItemDetails(film, (), None, {"extension": "mp4"}))
    }
    assert (facts["Format"], facts["Length"], facts["Group"]) == ("MP4 · h264", "2.0 s", "big")
    assert words.badge(film) == "2.0 s"
    assert "parts" not in words.facts_line(film)
