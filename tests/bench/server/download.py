"""Streaming one large stored file: wall time, the server's CPU time and its memory.

    python tests/bench/server/download.py [--bytes 2000000000] [--rounds 3] [--nginx PATH]

The reader throws the bytes away. With ``--nginx`` the same file is served by nginx as well
(a private configuration on a loopback port), rounds alternate, and the ratios are told.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.bench.server.frames import ROOT, answering, cpu_seconds, free_port, post

NGINX = """
{user}daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{ access_log off; sendfile on; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}
"""


def upload(port: int, size: int) -> str:
    """Store noise of this size; its hash."""
    given = json.dumps({"url": "bench:1", "bucket": "videos"}).encode()
    begun = json.loads(post(port, "/upload/init", "application/json", given))
    head = f"POST /upload/{begun['upload_id']} HTTP/1.1\r\nHost: localhost\r\n"
    head += f"Content-Length: {size}\r\nConnection: close\r\n\r\n"
    block = os.urandom(1 << 20)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head.encode())
        for start in range(0, size, len(block)):
            connection.sendall(block[: size - start])
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return str(json.loads(answer.partition(b"\r\n\r\n")[2])["hash"])


def download(port: int, path: str) -> int:
    buffer = bytearray(1 << 20)
    total = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        while count := connection.recv_into(buffer):
            total += count
    return total


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(child) for child in children)]


def peak_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=2_000_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--nginx", help="the nginx program")
    args = parser.parse_args()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = "import sys; from vidcache_gui.interfaces.cli import main; sys.exit(main())"
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as folder:
        port = free_port()
        command = [sys.executable, "-c", run, "--library", f"{folder}/library", "serve"]
        running = {
            "ours": subprocess.Popen([*command, "--port", str(port)], env=environment,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        }  # fmt: skip
        try:
            answering(port)
            hash = upload(port, args.bytes)
            places = {"ours": (port, f"/video/{hash}")}
            if args.nginx:
                other = free_port()
                (Path(folder) / "www").mkdir()
                os.link(f"{folder}/library/blobs/{hash[:2]}/{hash}", f"{folder}/www/{hash}")
                user = "" if os.getuid() else "user root; "  # else it cannot read the folder
                configuration = Path(folder) / "nginx.conf"
                configuration.write_text(NGINX.format(folder=folder, port=other, user=user))
                log = f"{folder}/early.log"
                running["nginx"] = subprocess.Popen(
                    [args.nginx, "-e", log, "-c", configuration, "-p", folder]
                )
                places["nginx"] = (other, f"/{hash}")
                answering(other)
            measure(running, places, args.rounds, args.bytes)
        finally:
            for process in running.values():
                process.terminate()
                process.wait()


def measure(
    running: dict[str, "subprocess.Popen[bytes]"],
    places: dict[str, tuple[int, str]],
    rounds: int,
    size: int,
) -> None:
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in places}
    for _ in range(rounds):
        for name, place in places.items():
            pids = family(running[name].pid)
            wall, cpu = time.perf_counter(), sum(map(cpu_seconds, pids))
            assert download(*place) >= size
            spent = sum(map(cpu_seconds, pids)) - cpu
            costs[name].append((time.perf_counter() - wall, spent))
    for name, found in costs.items():
        walls, cpus = zip(*found, strict=True)
        peak = peak_megabytes(running[name].pid)
        wall, cpu = statistics.median(walls), statistics.median(cpus)
        print(f"{name}: {wall:.2f} s wall, {cpu:.2f} s CPU, {peak:.0f} MB at most")
    if "nginx" in costs:
        for place, what in enumerate(("wall", "CPU")):
            pairs = zip(costs["ours"], costs["nginx"], strict=True)
            ratio = statistics.median(a[place] / max(b[place], 0.01) for a, b in pairs)
            print(f"ours / nginx, {what}: {ratio:.2f}")


if __name__ == "__main__":
    main()
