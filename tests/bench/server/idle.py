"""How long a good client waits while others hold connections and say nothing, or half a head.

    python tests/bench/server/idle.py [--sockets 500] [--asks 200]

Figures are the median and the longest of many requests, each on a connection of its own,
without the idle ones and with them.
"""

import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.bench.server.frames import ROOT, answering, free_port


def ask(port: int) -> float:
    """Seconds to a whole answer."""
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /browse HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 200"), answer[:100]
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--asks", type=int, default=200)
    args = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, args.sockets + 200), hard))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = "import sys; from vidcache_gui.interfaces.cli import main; sys.exit(main())"
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as folder:
        port = free_port()
        command = [sys.executable, "-c", run, "--library", f"{folder}/library", "serve"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen([*command, "--port", str(port)], env=environment, **quiet)
        try:
            answering(port)
            tell("alone", [ask(port) for _ in range(args.asks)])
            idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(args.sockets)]
            for one in idle[::2]:
                one.sendall(b"GET /browse HTTP/1.1\r\nHost: loc")
            tell(f"with {args.sockets} idle", [ask(port) for _ in range(args.asks)])
            for one in idle:
                one.close()
        finally:
            process.terminate()
            process.wait()


def tell(what: str, waits: list[float]) -> None:
    print(f"{what}: {statistics.median(waits) * 1000:.1f} ms, at most {max(waits) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
