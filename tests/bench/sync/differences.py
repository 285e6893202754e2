"""What finding and mending 10 differences costs, in libraries of 1,000 to 100,000 balls.

    PYTHONPATH=. python tests/bench/sync/differences.py [SIZE …]

Two libraries hold the same balls but for 10: four only here, four only there, two with other
bytes. Printed for each size, as (requests, bytes of their bodies, CPU seconds of this process,
which is both client and server): the plan over HTTP, carrying it out, and a second run. Beside
them the bytes of a whole manifest, and the first summing up, which happens once.
"""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from vidcache_gui.core import apart, rows
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.catalog import Ball, Item
from vidcache_gui.core.library import Library
from vidcache_gui.core.sync.plan import make_plan
from vidcache_gui.core.sync.records import Plan, Way
from vidcache_gui.core.sync.run import carry_out
from vidcache_gui.core.sync.side import Side
from vidcache_gui.interfaces.server.log import Served
from vidcache_gui.interfaces.server.service import Service
from vidcache_gui.interfaces.server.settings import Settings
from vidcache_gui.interfaces.sync.ends import open_server

SIZES = (1_000, 10_000, 100_000)
IN_GROUP = 100


def put(library: Library, number: int, text: str) -> None:
    """One ball with its bytes."""
    incoming = library.incoming()
    incoming.write(text.encode())
    library.put_ball(incoming, facts(number))


def facts(number: int) -> BallFacts:
    group, frame = divmod(number, IN_GROUP)
    tags = {"frame_number": f"{frame:03}", "fullname": f"frame_{frame:03}", "extension": "gif"}
    return BallFacts("videos", f"video{group:05}_{frame:03}", f"video{group:05}", tags)


def fill(folder: Path, size: int) -> None:
    """A catalog of that many balls; all share one blob, which is there."""
    with Library.open(folder) as library:
        put(library, 0, "the same")
        [blob] = library.group("videos", "video00000")
        with library._database.write():
            bucket, now = rows.bucket_id("videos"), rows.now_ms()
            made = []
            for number in range(1, size):
                said = facts(number)
                if number % IN_GROUP == 0:
                    item = apart.new_group(bucket, "videos", said.ball_id, None)
                elif number == 1:
                    item = library_item(said.ball_id)
                tags = json.dumps({**said.tags, "updated_at": str(now)})
                made.append(
                    (bucket, said.ball_id, said.key, item, blob.hash, blob.size, blob.checksum,
                     said.content_type, "", tags, number % IN_GROUP)
                )  # fmt: skip
            columns = (
                Ball.bucket, Ball.ball_id, Ball.key, Ball.item, Ball.blob, Ball.size,
                Ball.checksum, Ball.content_type, Ball.producer_id, Ball.tags, Ball.frame_number,
            )  # fmt: skip
            for some in rows.chunks(made):
                Ball.insert_many(some, columns).execute()


def library_item(ball_id: str) -> int:
    return int(Item.select(Item.id).where(Item.ball_id == ball_id).scalar())


def timed_plan(here: Side, there: Side) -> tuple[Plan, float]:
    start = time.process_time()
    plan = make_plan(here, there, Way.BOTH)
    return plan, time.process_time() - start


def wire(heard: "list[Served]") -> tuple[int, int]:
    """(requests, bytes of bodies) the server heard of since, which are forgotten."""
    time.sleep(0.1)  # it is told about a request just after it answered
    found = len(heard), sum(one.received + one.sent for one in heard)
    heard.clear()
    return found


def measure(size: int, folder: Path) -> dict[str, object]:
    fill(folder / "here", size)
    shutil.copytree(folder / "here", folder / "there")

    with Library.open(folder / "here") as here, Library.open(folder / "there") as there:
        start = time.process_time()
        here.side().refresh()
        first = time.process_time() - start
        there.side().refresh()
        for number in range(4):
            put(here, size + number, f"here {number}")
            put(there, size + IN_GROUP + number, f"there {number}")
        put(here, 17, "another here")
        put(there, size // 2, "another there")
        heard: list[Served] = []
        service = Service(there, Settings(ports=(0,)), heard.append)
        service.start()
        try:
            with open_server(service.addresses[0]) as side:
                heard.clear()
                plan, seconds = timed_plan(here.side(), side)
                compared = wire(heard)
                start = time.process_time()
                report = carry_out(here.side(), side, plan)
                mended = time.process_time() - start
                carried = wire(heard)
                again, second = timed_plan(here.side(), side)
                repeated = wire(heard)
        finally:
            service.stop()
        manifest = sum(
            len(json.dumps({"key": ball.key, "checksum": ball.checksum, "tags": ball.tags}))
            for _, ball in here.ball_page(limit=size * 2)
        )
    return {
        "balls": size, "first summing up, CPU s": round(first, 2), "steps": len(plan.to_do),
        "plan": (*compared, round(seconds, 3)),
        "manifest bytes": manifest, "done": report.done, "failed": len(report.failures),
        "carried out": (*carried, round(mended, 3)),
        "second run": (*repeated, round(second, 3)), "left to do": len(again.steps),
    }  # fmt: skip


def main() -> None:
    for size in [int(text) for text in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            for name, value in measure(size, Path(folder)).items():
                print(f"{name:>24}: {value}")
            print()


if __name__ == "__main__":
    main()
