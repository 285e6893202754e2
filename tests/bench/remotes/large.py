"""One large file both ways over both protocols, each in a process of its own, against curl.

    python tests/bench/remotes/large.py [--bytes 500000000] [--rounds 3]

curl downloads the same file to the same disk and checks nothing; ours hashes every byte and
syncs. Figures are medians of wall and CPU time (children included), and the peak memory of the
client beyond that of the same process with nothing to do; the server's is told the same way.
Twice the bytes and a little are needed on the disk besides those of one file.
"""

import argparse
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.bench.remotes.frames import RUN
from tests.bench.server.frames import ROOT, answering, free_port

CLIENT = """
import json, resource, sys, time
from pathlib import Path
from vidcache_gui.cancel import CancelToken
from vidcache_gui.interfaces.remotes.fetching import fetch_file, fetch_layout
from vidcache_gui.interfaces.remotes.layout import layout
from vidcache_gui.interfaces.remotes.partial import Partial
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.remotes.sending import put_file
way, address, path, name, key = sys.argv[1:]
path, stop = Path(path), CancelToken()
source = lambda: open(path, "rb")
with Remote.open(address) as remote:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    result = ""
    if way == "upload":
        result = remote.files.upload(source, path.stat().st_size, f"bench:{name}",
                                     bucket="b", name="big").hash
    elif way == "put chunks":
        put_file(remote.balls, source, bucket="b", key=name, name="big",
                 size=path.stat().st_size, sha256=key)
    elif way == "download":
        with Partial(path) as partial:
            fetch_file(remote.files, remote.files.file(key), partial, stop)
            partial.become(path.with_suffix(".done"))
    elif way == "fetch chunks":
        with Partial(path) as partial:
            fetch_layout(remote.balls, layout(remote.balls.group("b", name)), partial, stop)
            partial.become(path.with_suffix(".done"))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu,
                      (after - before) / 1000, after / 1000, result]))
"""


def ours(way: str, address: str, path: Path, name: str, key: str) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, way, address, str(path), name, key], check=True,
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    found: list[object] = json.loads(done.stdout)
    return found


def curl(*args: str) -> tuple[float, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        ["curl", "-sS", "-w", "%{time_total}", *args], check=True, capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return float(done.stdout.rpartition("}")[2]), cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=500_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as name:
        folder, port = Path(name), free_port()
        server = subprocess.Popen(
            [sys.executable, "-c", RUN, "--library", str(folder / "library"), "serve", "--port",
             str(port)],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            answering(port)
            before = peak(server.pid)
            measure(f"http://127.0.0.1:{port}", folder, args)
            after = peak(server.pid)
            print(f"server: +{after - before:.0f} MB to {after:.0f} MB at most")
        finally:
            server.terminate()
            server.wait()


def peak(pid: int) -> float:
    """The most memory a process has held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def measure(address: str, folder: Path, args: argparse.Namespace) -> None:
    costs: dict[str, list[tuple[float, float]]] = {}
    memory: dict[str, tuple[float, float]] = {}
    source, target = folder / "source", folder / "target"
    block = os.urandom(1 << 20)

    def run(way: str, path: Path, name: str, key: str = "") -> str:
        wall, cpu, more, peak, result = ours(way, address, path, name, key)
        costs.setdefault(way, []).append((float(str(wall)), float(str(cpu))))
        memory[way] = (float(str(more)), float(str(peak)))
        return str(result)

    for place in range(args.rounds):
        with source.open("wb") as file:  # each round other bytes, or nothing would be sent
            for start in range(0, args.bytes, len(block)):
                file.write(
                    start.to_bytes(8, "big") + os.urandom(8) + block[16 : args.bytes - start]
                )
        with source.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        hash = run("upload", source, f"f{place}")
        run("put chunks", source, f"c{place}", sha256)
        for _ in range(2):  # so that neither has the disk to itself
            run("download", target, "", hash)
            costs.setdefault("curl", []).append(
                curl("-o", str(folder / "curled"), f"{address}/video/{hash}")
            )
            (folder / "curled").unlink()
            target.with_suffix(".done").unlink()
        run("fetch chunks", target, f"c{place}")
    for way, found in costs.items():
        wall, cpu = (statistics.median(column) for column in zip(*found, strict=True))
        more = ""
        if way in memory:
            more = f", +{memory[way][0]:.0f} MB to {memory[way][1]:.0f} MB at most"
        rate = args.bytes / wall / 1e6
        print(f"{way:14} {rate:6.0f} MB/s, {wall:.2f} s wall, {cpu:.2f} s CPU{more}")
    base = statistics.median(cpu for _, cpu in costs["curl"])
    for way in memory:
        spent = statistics.median(cpu for _, cpu in costs[way])
        print(f"{way} / curl, CPU: {spent / max(base, 0.01):.1f}")


if __name__ == "__main__":
    main()
