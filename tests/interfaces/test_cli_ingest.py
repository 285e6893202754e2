"""``ingest`` and ``jobs``: results line by line, stopping, going on, other processes."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image

from tests.interfaces.command_line import Cli, cli, command, environment
from tests.media import make
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import SourceResult
from vidcache_gui.interfaces.cli.work import work_on

__all__ = ["cli"]

RESULT = [
    "source", "status", "hash", "file_path", "reason", "item_id", "name", "kind", "size", "damaged",
    "phash_distance", "duplicate_of", "look_alike", "remembered",
]  # fmt: skip


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    make.make_gif(folder / "a.gif", frames=3)
    make.make_video(folder / "b.mp4", frames=4, size=(64, 48))
    (folder / "notes.txt").write_text("nothing to see")
    return folder


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """80 different pictures: about a second of work."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(80):
        Image.new("RGB", (16, 16), (number, 7, 7)).save(folder / f"picture {number} of many.png")
    return folder


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Only the command's own words belong on stderr."""


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Another process is waited for; nothing here can tell us when."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def test_each_source_is_one_object_with_these_keys(cli: Cli, clips: Path) -> None:
    result = cli(
        "--json", "ingest", clips, "--bucket", "b", "--prefix", "/p/q/", "--meta", '{"x":1}'
    )
    assert all(list(record) == RESULT for record in result.objects)
    told = {record["name"] or Path(record["source"]).name: record for record in result.objects}
    assert {name: record["status"] for name, record in told.items()} == {
        "a.gif": "new", "b.mp4": "new", "notes.txt": "skipped",
    }  # fmt: skip
    clip = told["b.mp4"]
    assert clip["source"] == str(clips / "b.mp4")
    assert (cli.library / clip["file_path"]).read_bytes() == (clips / "b.mp4").read_bytes()
    assert (clip["kind"], clip["size"]) == ("video", (clips / "b.mp4").stat().st_size)
    assert told["notes.txt"]["reason"]
    assert told["notes.txt"]["hash"] is None
    item = cli("--json", "show", clip["item_id"]).object
    assert (item["bucket"], item["prefix"], item["meta"]) == ("b", "p/q", {"x": 1})


def test_the_summary_goes_to_stderr(cli: Cli, clips: Path) -> None:
    first = cli("ingest", clips)
    assert first.err == "2 new · 1 skipped\n"
    assert sorted(line.split()[0] for line in first.lines) == ["new", "new", "skipped"]
    assert cli("ingest", clips).err == "2 already here · 1 skipped\n"


def test_relative_paths_and_file_addresses(
    cli: Cli, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clips)
    one = cli("--json", "ingest", "a.gif").object
    again = cli("--json", "ingest", (clips / "a.gif").as_uri()).object
    assert one["source"] == again["source"] == str(clips / "a.gif")
    assert (one["status"], again["status"]) == ("new", "duplicate")


def test_an_address_is_downloaded_once(cli: Cli, clips: Path) -> None:
    handler = partial(QuietHandler, directory=str(clips))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/b.mp4"
        try:
            refused = cli("--json", "ingest", url, fine=False)
            new = cli("--json", "ingest", url, "--allow-private").object
        finally:
            server.shutdown()
            thread.join()
    assert (refused.code, refused.object["status"]) == (1, "failed")
    assert (new["status"], new["name"], new["source"]) == ("new", "b.mp4", url)
    assert (cli.library / new["file_path"]).read_bytes() == (clips / "b.mp4").read_bytes()
    assert cli("--json", "ingest", url).object["status"] == "url_alias"
    assert cli("--json", "show", url).object["id"] == new["item_id"]


def test_a_gif_as_frames(cli: Cli, clips: Path) -> None:
    result = cli("--json", "ingest", "--as-frames", clips / "a.gif").object
    assert (result["kind"], result["file_path"]) == ("frames", None)
    counts = cli("--json", "stats").object
    assert (counts["groups"], counts["balls"], counts["animations"]) == (1, 3, 0)


def test_what_cannot_be_had_is_1_and_the_rest_comes_in(cli: Cli, clips: Path) -> None:
    result = cli("--json", "ingest", "http://127.0.0.1:9/a.gif", clips / "a.gif", fine=False)
    assert result.code == 1
    status = {record["status"]: record for record in result.objects}
    assert set(status) == {"new", "failed"}
    assert status["failed"]["reason"]
    assert "jobs --retry 1 --run" in result.err
    again = cli("--json", "jobs", "--retry", "1", "--run", fine=False)
    assert again.code == 1
    assert [record["status"] for record in again.objects] == ["failed"]


def test_a_path_that_is_not_there_is_1(cli: Cli, tmp_path: Path) -> None:
    result = cli("--json", "ingest", tmp_path / "typo.mp4", fine=False)
    assert result.code == 1
    assert result.object["status"] == "failed"


def test_jobs_are_listed_with_what_became_of_them(cli: Cli, clips: Path) -> None:
    cli("ingest", clips)
    cli("ingest", clips / "a.gif")
    newest, oldest = cli("--json", "jobs").objects
    assert (newest["id"], oldest["id"]) == (2, 1)
    assert oldest["counts"] == {"new": 2, "skipped": 1}
    assert oldest["state"] == "done"
    results = cli("--json", "jobs", "--results", "1").objects
    assert Counter(record["status"] for record in results) == {"new": 2, "skipped": 1}
    assert all(list(record) == RESULT for record in results)
    cli("jobs", "--forget")
    assert cli("--json", "jobs").objects == []
    assert cli("--json", "stats").object["items"] == 2


def test_a_job_can_be_paused_cancelled_and_resumed(cli: Cli, clips: Path) -> None:
    with Library.open(cli.library) as library:
        job = library.enqueue([clips])
    assert cli("--json", "jobs", "--pause", job).object["state"] == "paused"
    assert cli("jobs", "--run").err == "Nothing is waiting.\n"
    assert cli("--json", "jobs", "--cancel", job).object["state"] == "cancelled"
    ran = cli("--json", "jobs", "--resume", job, "--run")
    assert Counter(record["status"] for record in ran.objects) == {"new": 2, "skipped": 1}
    assert cli("jobs", "--pause", 99, fine=False).err == "There is no job 99.\n"


def test_only_its_own_results_are_told_and_counted(cli: Cli, clips: Path) -> None:
    """Work left by someone else goes on first; it is not what this command was asked for."""
    with Library.open(cli.library) as library:
        library.enqueue(["http://127.0.0.1:9/left-behind.gif"])
    result = cli("--json", "ingest", clips / "a.gif")
    assert [record["name"] for record in result.objects] == ["a.gif"]
    assert "Job 1 has been waiting and comes first." in result.err
    assert [job["state"] for job in cli("--json", "jobs").objects] == ["done", "done"]


def test_ctrl_c_keeps_what_is_in_and_says_how_to_go_on(cli: Cli, many: Path) -> None:
    process = subprocess.Popen(
        command("--library", cli.library, "--json", "ingest", many),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert f"vidcache --library {cli.library} jobs --run" in err
    told = [json.loads(line) for line in [first, *out.splitlines()]]
    kept = [record["name"] for record in told if record.get("status") == "new"]
    assert 0 < len(kept) < 80
    listed = {item["name"] for item in cli("--json", "list").objects}
    assert listed >= set(kept)
    went_on = cli("--json", "jobs", "--run")
    assert {record["status"] for record in went_on.objects} <= {"new", "duplicate"}
    counts = cli("--json", "stats").object
    assert (counts["items"], counts["blobs"]) == (80, 80)
    assert cli("verify").code == 0


WORKER = """
import sys
from vidcache_gui.core.library import Library
with Library.open(sys.argv[1]) as library:
    library.run_jobs(lambda event: None)
"""


@pytest.mark.parametrize("killed", ["never", "before", "while"])
def test_a_job_that_another_process_took_is_followed_or_taken_over(
    cli: Cli, many: Path, killed: str
) -> None:
    with Library.open(cli.library) as library:
        job = library.enqueue([many], Target())
        other = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(cli.library)], env=environment()
        )
        try:
            wait_until(lambda: library.job(job).sources_done > 0)
            if killed == "before":
                other.kill()
            names = []
            with closing(work_on(library, job)) as events:
                for event in events:
                    if isinstance(event, SourceResult):
                        names.append(event.name)
                    elif killed == "while":
                        other.kill()
        finally:
            other.kill()
            other.wait()
        assert sorted(names) == sorted(path.name for path in many.iterdir())
        assert library.job(job).state == "done"


def test_a_terminal_sees_progress_and_a_pipe_does_not(cli: Cli, many: Path) -> None:
    main_end, terminal = pty.openpty()
    with open(terminal, "wb", buffering=0) as stderr:
        process = subprocess.Popen(
            command("--library", cli.library, "ingest", many),
            stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment(TERM="xterm"),
        )  # fmt: skip
    out, _ = process.communicate(timeout=60)
    seen = ""
    with contextlib.suppress(OSError):  # what a terminal's end of file looks like
        while data := os.read(main_end, 4096):
            seen += data.decode(errors="replace")
    os.close(main_end)
    assert process.returncode == 0
    assert "of 80" in seen
    assert "80 new" in seen
    assert "\x1b" not in out
    assert "\r" not in out
    assert "\r" not in cli("ingest", many).err


def test_work_ends_with_its_job_and_leaves_the_next_to_its_owner(cli: Cli, clips: Path) -> None:
    with Library.open(cli.library) as library:
        mine = library.enqueue([clips / "a.gif"])
        next_one = library.enqueue([clips / "b.mp4"])
        with closing(work_on(library, mine)) as events:
            names = [event.name for event in events if isinstance(event, SourceResult)]
        assert names == ["a.gif"]
        assert library.job(mine).state == "done"
        library.run_jobs(lambda event: None)
        assert library.job(next_one).counts == {"new": 1}
