"""``vidcache serve`` as people start it: in a process of its own."""

import json
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.interfaces.command_line import Cli, cli, command, environment
from tests.interfaces.server.mictlanx import Peer
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query

__all__ = ["cli"]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(tmp_path: Path, end: signal.Signals) -> None:
    library = tmp_path / "library"
    args = ["--library", library, "--json", "serve", "--port", 0, "--port", 0, "--log"]
    with subprocess.Popen(
        command(*args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(VIDCACHE_TOKEN="s3cret"),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["library"] == str(library)
        assert said["token"] is True
        one, two = said["listening"]
        key = {"Authorization": "Bearer s3cret"}
        given = {"url": "app:1", "bucket": "b"}
        begun = httpx.post(f"{one}/upload/init", json=given, headers=key, timeout=60).json()
        path = f"/upload/{begun['upload_id']}"
        done = httpx.post(two + path, content=b"bytes", headers=key, timeout=60).json()
        assert done["status"] == "new"
        assert httpx.get(f"{one}/browse", timeout=60).status_code == 401
        with Library.open(library) as window:  # another process sees it at once
            assert [item.hash for item in window.page(Query())] == [done["hash"]]
        process.send_signal(end)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    logged = [json.loads(line) for line in out.splitlines() if line.startswith('{"at"')]
    assert [(one["method"], one["path"], one["status"]) for one in logged] == [
        ("POST", "/upload/init", 200), ("POST", path, 200), ("GET", "/browse", 401),
    ]  # fmt: skip


def test_what_was_stored_survives_a_kill(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with subprocess.Popen(
        command("--library", library, "--json", "serve", "--port", 0), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, env=environment(),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        peer = Peer(json.loads(process.stdout.readline())["listening"][0])
        for number in range(12):
            assert peer.put_frame("b", "v", number, b"frame %d" % number).status_code == 201
        process.kill()
    with Library.open(library) as opened:
        balls = opened.group("b", "v")
        assert [opened.get_bytes(ball.hash) for ball in balls] == [
            b"frame %d" % number for number in range(12)
        ]
        assert list(opened.verify()) == []
        assert [path for path in (library / "tmp").rglob("*") if path.is_file()] == []


def test_beyond_this_machine_it_wants_a_token(cli: Cli) -> None:
    result = cli("serve", "--host", "0.0.0.0", fine=False)
    assert result.code == 1
    assert "--token" in result.err
