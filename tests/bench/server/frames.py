"""Putting frames one connection a request: ours against a bare handler that writes a file.

    python tests/bench/server/frames.py [--frames 170] [--bytes 17000] [--rounds 5]

Both take the two requests a frame that published clients send (metadata, then a form). The bare
one is Starlette on uvicorn with its own form parser and a plain write: no sync, no hash, no
catalog; ``--sync`` gives it the one fsync that makes a file durable. Rounds alternate; figures
are medians of wall time and of the server's own CPU time, and their ratios.
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
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BARE = """
import os, sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
folder, sync = sys.argv[1], sys.argv[2] == "1"
async def announce(request):
    return JSONResponse({"task_id": (await request.json())["key"]})
async def store(request):
    async with request.form() as form:
        data = await form["data"].read()
    with open(os.path.join(folder, request.path_params["task"]), "wb") as file:
        file.write(data)
        if sync:
            file.flush(); os.fsync(file.fileno())
    return JSONResponse({}, 201)
routes = [Route("/api/v4/buckets/{bucket}/metadata", announce, methods=["POST"]),
          Route("/api/v4/buckets/data/{task}", store, methods=["POST"])]
uvicorn.run(Starlette(routes=routes), port=int(sys.argv[3]), http="h11", loop="asyncio",
            access_log=False, log_level="error")
"""


def post(port: int, path: str, kind: str, body: bytes) -> bytes:
    """One request on a connection of its own; the body of the answer."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head.encode() + body)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.split(b" ", 2)[1].startswith(b"2"), answer[:300]
    return answer.partition(b"\r\n\r\n")[2]


def put_frames(port: int, ball_id: str, frames: list[bytes]) -> None:
    for number, data in enumerate(frames):
        key = f"{ball_id}_{number:03d}"
        facts = {
            "key": key, "size": len(data), "checksum": "", "ball_id": ball_id,
            "bucket_id": "videos", "producer_id": "client-0", "is_disable": False,
            "content_type": "application/octet-stream",
            "tags": {"frame_number": f"{number:03d}", "fullname": key, "extension": "bin"},
        }  # fmt: skip
        path = "/api/v4/buckets/videos/metadata"
        task = json.loads(post(port, path, "application/json", json.dumps(facts).encode()))
        form = (
            f'--b\r\nContent-Disposition: form-data; name="data"; filename="{key}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode() + data + b"\r\n--b--\r\n"  # fmt: skip
        path = f"/api/v4/buckets/data/{task['task_id']}"
        post(port, path, "multipart/form-data; boundary=b", form)


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answering(port: int) -> None:
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health")
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=170)
    parser.add_argument("--bytes", type=int, default=17_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sync", action="store_true")
    args = parser.parse_args()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as folder:
        run = "import sys; from vidcache_gui.interfaces.cli import main; sys.exit(main())"
        ports = {"ours": free_port(), "bare": free_port()}
        library = f"{folder}/library"
        commands = {
            "ours": [run, "--library", library, "serve", "--port", str(ports["ours"])],
            "bare": [BARE, folder, str(int(args.sync)), str(ports["bare"])],
        }
        running = {
            name: subprocess.Popen([sys.executable, "-c", *command], env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for name, command in commands.items()
        }  # fmt: skip
        try:
            costs: dict[str, list[tuple[float, float]]] = {name: [] for name in running}
            for name in running:
                answering(ports[name])
                put_frames(ports[name], "warm", [os.urandom(100)])
            for place in range(args.rounds):
                frames = [os.urandom(args.bytes) for _ in range(args.frames)]
                for name, process in running.items():
                    wall, cpu = time.perf_counter(), cpu_seconds(process.pid)
                    put_frames(ports[name], f"v{place}", frames)
                    costs[name].append((time.perf_counter() - wall, cpu_seconds(process.pid) - cpu))
        finally:
            for process in running.values():
                process.terminate()
                process.wait()
    for name, found in costs.items():
        walls, cpus = zip(*found, strict=True)
        rate = 2 * args.frames / statistics.median(walls)
        print(f"{name}: {rate:7.0f} requests/s, {statistics.median(walls):.2f} s wall, "
              f"{statistics.median(cpus):.2f} s CPU")  # fmt: skip
    for place, what in enumerate(("wall", "CPU")):
        ratios = [a[place] / b[place] for a, b in zip(costs["ours"], costs["bare"], strict=True)]
        print(f"ours / bare, {what}: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
