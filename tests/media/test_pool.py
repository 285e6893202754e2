"""The pool of decode workers outlives whatever its workers do."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path
from typing import Any

import pytest

from tests.media import cue
from vidcache_gui.errors import BugError, Cancelled, UserError
from vidcache_gui.media import pool as pool_module
from vidcache_gui.media.pool import DecodePool, WorkerFailed, WorkerUnavailable
from vidcache_gui.media.wire import Allowed, HostileAnswer

CUE = "tests.media.cue"
LONG = 60  # seconds; reached only when something is broken


def cue_pool(workers: int = 1, **options: Any) -> DecodePool:
    return DecodePool(workers, allow=(CUE,), **options)


@pytest.fixture(scope="module")
def shared() -> Iterator[DecodePool]:
    with cue_pool() as pool:
        yield pool


def run(pool: DecodePool, name: str, *arguments: Any, **options: Any) -> Any:
    return pool.submit(f"{CUE}:{name}", *arguments, **options).result(LONG)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        threading.Event().wait(0.005)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


# --- what comes back ---------------------------------------------------------


def test_values_dataclasses_and_enums_come_back(shared: DecodePool) -> None:
    value = {"a": [1, 2.5, None, True], "b": ("ü", b"\0"), "c": {1, 2}, "d": 1 << 100}
    assert run(shared, "echo", value) == value
    assert run(shared, "answer", 3_000_000) == cue.answer(3_000_000)


def test_a_user_error_keeps_its_words(shared: DecodePool) -> None:
    with pytest.raises(UserError, match=r"There is no picture in it – “sorry”\.") as caught:
        run(shared, "refuse")
    assert type(caught.value) is UserError


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("attribute_error", "AttributeError"),
        ("odd", "Odd"),
        ("stop_iteration", "StopIteration"),
        ("interrupt", "KeyboardInterrupt"),
        ("leave_politely", "SystemExit"),
        ("unpicklable", "stopped with an error"),
        ("no_such_function", "AttributeError"),
        ("rude", "makes no sense"),
        ("stranger", "makes no sense"),
        ("babble", "makes no sense"),
    ],
)
def test_any_other_end_is_one_plain_sentence(shared: DecodePool, name: str, words: str) -> None:
    with pytest.raises(WorkerFailed, match=words) as caught:
        run(shared, name)
    assert caught.value.cause == "error"
    assert run(shared, "echo", "still here") == "still here"


def test_an_exception_leaves_the_worker_alive(shared: DecodePool) -> None:
    before = run(shared, "process")
    for name in ("odd", "refuse", "interrupt", "leave_politely", "unpicklable"):
        with pytest.raises(UserError):
            run(shared, name)
    assert run(shared, "process") == before


def test_an_answer_never_runs_code(shared: DecodePool) -> None:
    Path("/tmp/vidcache-was-taken-over").unlink(missing_ok=True)
    with pytest.raises(WorkerFailed):
        run(shared, "rude")
    assert not Path("/tmp/vidcache-was-taken-over").exists()


def test_answers_name_only_our_own_plain_types() -> None:
    allowed = Allowed()
    for payload in (
        b"cos\nsystem\n(S'true'\ntR.",
        b"cbuiltins\neval\n.",
        b"cvidcache_gui.media.wire\nimportlib\n.",
        b"cvidcache_gui.media.wire\nAllowed\n.",
        b"cvidcache_gui.core.records\nItem\n.",
        b"garbage",
        b"",
    ):
        with pytest.raises(HostileAnswer):
            allowed.loads(payload)


@pytest.mark.parametrize(
    "name",
    [
        "os:system",
        "vidcache_gui.core.library:open",
        "vidcache_gui.mediatheque:run",
        "vidcache_gui.media.inspect:_private",
        "vidcache_gui.media.inspect:os.system",
        "vidcache_gui.media.inspect",
        "tests.media.cue2:echo",
        "",
    ],
)
def test_only_functions_of_the_media_layer_may_run(shared: DecodePool, name: str) -> None:
    with pytest.raises(BugError, match="may run"):
        shared.submit(name)


# --- how workers die ---------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "words", "cause"),
    [
        ("segfault", (), r"crashed on it \(signal 11\)", "crash"),
        ("abort", (), r"crashed on it \(signal 6\)", "crash"),
        ("killed", (), r"signal 9.*memory", "memory"),
        ("leave", (0,), r"quit while reading it \(code 0\)", "crash"),
        ("leave", (7,), r"quit while reading it \(code 7\)", "crash"),
        ("close_the_line", (), "stopped answering", "crash"),
        ("use_up_processor_time", (), "processor time", "deadline"),
    ],
)
def test_a_death_costs_one_job(
    shared: DecodePool, name: str, arguments: tuple[Any, ...], words: str, cause: str
) -> None:
    before = run(shared, "process")
    with pytest.raises(WorkerFailed, match=words) as caught:
        run(shared, name, *arguments)
    assert caught.value.cause == cause
    after = run(shared, "process")
    assert after != before
    assert gone(before)


def test_a_crash_is_tried_once_more_in_a_fresh_worker(shared: DecodePool, tmp_path: Path) -> None:
    assert run(shared, "segfault_once", str(tmp_path / "crashed")) == "second time"


def test_a_worker_that_died_between_jobs_is_replaced_unnoticed(shared: DecodePool) -> None:
    pid = run(shared, "process")
    os.kill(pid, signal.SIGKILL)
    until(lambda: gone(pid))
    assert run(shared, "process") != pid


@pytest.mark.parametrize("name", ["hang", "hang_in_c", "spin"])
def test_a_hang_ends_at_the_deadline(shared: DecodePool, name: str) -> None:
    before = run(shared, "process")
    with pytest.raises(WorkerFailed, match=r"took longer than 0\.3 s to read and was st") as caught:
        run(shared, name, deadline=0.3)
    assert caught.value.cause == "deadline"
    assert run(shared, "process") != before
    assert gone(before)


def test_a_memory_bomb_is_refused_its_memory() -> None:
    with cue_pool(memory_limit=1024**3) as pool:
        with pytest.raises(WorkerFailed, match=r"more memory than allowed \(1 GB\)") as caught:
            run(pool, "eat_memory")
        assert caught.value.cause == "memory"
        assert run(pool, "echo", 1) == 1


def test_a_worker_that_wrote_much_noise_answers(shared: DecodePool) -> None:
    assert run(shared, "noisy") == "heard"


def test_twenty_jobs_and_one_crash_lose_one(shared: DecodePool) -> None:
    """ProcessPoolExecutor loses eighteen."""
    futures = [shared.submit(f"{CUE}:echo", i) for i in range(10)]
    crash = shared.submit(f"{CUE}:segfault")
    futures += [shared.submit(f"{CUE}:echo", i) for i in range(10, 20)]
    assert [future.result(LONG) for future in futures] == list(range(20))
    assert isinstance(crash.exception(LONG), WorkerFailed)


# --- what workers are --------------------------------------------------------


def test_workers_are_bounded_and_know_no_window(shared: DecodePool, tmp_path: Path) -> None:
    modules = run(shared, "modules")
    assert "av" in modules
    strangers = ("PySide6", "peewee", "apsw", "vidcache_gui.core", "vidcache_gui.gui")
    assert not [name for name in modules if name.startswith(strangers)]
    limits = run(shared, "limits", deadline=10)
    assert limits["RLIMIT_AS"] == 4 * 1024**3
    assert limits["RLIMIT_CORE"] == 0
    assert 0 < limits["RLIMIT_CPU"] < 1000 * (os.cpu_count() or 1)
    assert limits["no_new_privs"] == 1
    assert limits["death_signal"] == signal.SIGKILL
    with pytest.raises(WorkerFailed, match="OSError"):
        run(shared, "write_much", str(tmp_path / "much"), 10_000_000)
    assert (tmp_path / "much").stat().st_size <= limits["RLIMIT_FSIZE"]


def test_workers_inherit_no_open_file(shared: DecodePool, tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        with cue_pool() as pool:
            found = run(pool, "descriptors")
    assert not [name for name in found if "secret" in name]
    assert len([name for name in found if name.startswith("socket")]) == 1


def test_a_folder_full_of_traps_is_not_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "av.py").write_text("raise SystemExit('taken over')")
    (tmp_path / "pickle.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    with cue_pool() as pool:
        assert run(pool, "echo", 1) == 1


def test_workers_are_recycled_by_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "RECYCLE_JOBS", 3)
    with cue_pool() as pool:
        seen = [run(pool, "process") for _ in range(7)]
    assert [seen.count(pid) for pid in dict.fromkeys(seen)] == [3, 3, 1]


def test_workers_that_leak_are_recycled() -> None:
    with cue_pool() as pool:
        first = run(pool, "keep", 600 * 1024**2)
        assert run(pool, "process") != first


def test_workers_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """Even one that hangs, and would never notice that the line is dead."""
    script = (
        "import sys, time\n"
        "from vidcache_gui.media.pool import DecodePool\n"
        f"pool = DecodePool(1, allow=({CUE!r},))\n"
        f"pid = pool.submit({CUE + ':process'!r}).result()\n"
        f"pool.submit({CUE + ':wait_for'!r}, '/nonexistent/x', sys.argv[1])\n"
        "sys.stdout.write(f'{pid}\\n'); sys.stdout.flush()\n"
        "time.sleep(600)\n"
    )
    root = Path(__file__).parents[2]
    started = tmp_path / "started"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(started)], cwd=root, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        until(started.exists)
        parent.kill()
    until(lambda: gone(pid))


def test_a_program_that_forgets_to_close_still_ends() -> None:
    script = (
        "from vidcache_gui.media.pool import DecodePool\n"
        f"pool = DecodePool(1, allow=({CUE!r},))\n"
        f"print(pool.submit({CUE + ':process'!r}).result())\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=LONG
    )
    assert done.returncode == 0, done.stderr
    until(lambda: gone(int(done.stdout)))


def test_when_no_worker_starts_it_says_so_and_not_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with cue_pool() as pool, pytest.raises(WorkerUnavailable, match="could not be started"):
        run(pool, "echo", 1)


# --- the queue ---------------------------------------------------------------


class Gate:
    """Keeps a pool's only worker busy until opened."""

    def __init__(self, pool: DecodePool, folder: Path) -> None:
        self._open = folder / "open"
        started = folder / "started"
        self.future = pool.submit(f"{CUE}:wait_for", str(self._open), str(started))
        until(started.exists)

    def open(self) -> None:
        self._open.touch()
        self.future.result(LONG)


def test_first_come_first_served_but_what_is_looked_at_goes_first(
    shared: DecodePool, tmp_path: Path
) -> None:
    gate = Gate(shared, tmp_path)
    order = str(tmp_path / "order")
    futures = [shared.submit(f"{CUE}:note", order, f"queued {i}") for i in range(3)]
    futures += [shared.submit(f"{CUE}:note", order, f"now {i}", priority=True) for i in range(2)]
    gate.open()
    wait(futures, LONG)
    assert Path(order).read_text().split("\n")[:-1] == [
        "now 0", "now 1", "queued 0", "queued 1", "queued 2",
    ]  # fmt: skip


def test_a_queued_job_can_be_cancelled_and_never_runs(shared: DecodePool, tmp_path: Path) -> None:
    gate = Gate(shared, tmp_path)
    notes = str(tmp_path / "notes")
    first = shared.submit(f"{CUE}:note", notes, "first")
    second = shared.submit(f"{CUE}:note", notes, "second")
    assert not gate.future.cancel()  # it runs already
    assert first.cancel()
    gate.open()
    assert second.result(LONG) is None
    assert Path(notes).read_text() == "second\n"


def test_two_workers_work_side_by_side(tmp_path: Path) -> None:
    with cue_pool(2) as pool:
        gate = Gate(pool, tmp_path)
        assert run(pool, "echo", "meanwhile") == "meanwhile"
        gate.open()
        assert len(pool.processes()) == 2


def test_submitting_never_waits_and_starts_nothing_early() -> None:
    pool = cue_pool(2)
    assert pool.processes() == []
    before = time.process_time()
    futures = [pool.submit(f"{CUE}:hang") for _ in range(5000)]
    assert time.process_time() - before < 2  # 5,000 futures, no process waited for
    pool.close()
    assert all(isinstance(future.exception(0), Cancelled) for future in futures)


def test_many_threads_may_submit(shared: DecodePool) -> None:
    results: list[tuple[int, Any]] = []

    def work(base: int) -> None:
        for i in range(base, base + 50):
            results.append((i, run(shared, "echo", i)))

    threads = [threading.Thread(target=work, args=(k * 50,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert sorted(results) == [(i, i) for i in range(300)]


# --- the end -----------------------------------------------------------------


def test_closing_kills_what_hangs_and_leaves_nothing(tmp_path: Path) -> None:
    threads = set(threading.enumerate())
    open_files = os.listdir("/proc/self/fd")
    pool = cue_pool(2)
    started = tmp_path / "started"
    running = pool.submit(f"{CUE}:wait_for", "/nonexistent/x", str(started))
    until(started.exists)
    queued = [pool.submit(f"{CUE}:hang") for _ in range(5)]
    pids = pool.processes()
    began = time.monotonic()
    pool.close()
    pool.close()  # twice is once
    assert time.monotonic() - began < 20  # not the deadline of 60
    for future in [running, *queued]:
        with pytest.raises(Cancelled):
            future.result(0)
    assert pids
    assert all(gone(pid) for pid in pids)
    assert set(threading.enumerate()) <= threads
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= len(open_files)
    with pytest.raises(Cancelled):
        pool.submit(f"{CUE}:echo", 1)


def test_closing_from_a_callback_does_not_wait_for_itself() -> None:
    pool = cue_pool()
    closed = threading.Event()

    def close(_: "Future[Any]") -> None:
        pool.close()
        closed.set()

    pool.submit(f"{CUE}:echo", 1).add_done_callback(close)
    assert closed.wait(LONG)
    pool.close()
    assert pool.processes() == []


def test_a_cancelled_future_survives_closing(tmp_path: Path) -> None:
    pool = cue_pool()
    Gate(pool, tmp_path)
    queued = pool.submit(f"{CUE}:echo", 1)
    queued.cancel()
    pool.close()
    with pytest.raises(CancelledError):
        queued.result(0)
