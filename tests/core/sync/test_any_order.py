"""Whatever two people do in two libraries, and whenever they synchronise: both end up alike, what
was deleted last stays deleted, and every byte string ever stored is still there."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item, Query
from vidcache_gui.core.sync.merge import DELETED
from vidcache_gui.core.sync.plan import make_plan
from vidcache_gui.core.sync.records import Act, Way
from vidcache_gui.core.sync.run import carry_out

EMPTY = Path(tempfile.mkdtemp()) / "library"
WHO = st.integers(0, 1)
NUMBER = st.integers(0, 2)


class Synchronising(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        if not EMPTY.exists():
            Library.open(EMPTY).close()
        self.folder = Path(tempfile.mkdtemp())
        self.libraries = []
        for name in ("one", "two"):
            shutil.copytree(EMPTY, self.folder / name)
            self.libraries.append(Library.open(self.folder / name))
        self.stored: set[bytes] = set()
        self.written = 0

    @rule(who=WHO, group=NUMBER, frame=NUMBER)
    def put(self, who: int, group: int, frame: int) -> None:
        self.written += 1
        data = b"content %d" % self.written
        incoming = self.libraries[who].incoming()
        incoming.write(data)
        tags = {"frame_number": str(frame)}
        facts = BallFacts("videos", f"v{group}_{frame}", f"v{group}", tags)
        self.libraries[who].put_ball(incoming, facts)
        self.stored.add(data)

    @rule(who=WHO, group=NUMBER, frame=NUMBER)
    def remove_ball(self, who: int, group: int, frame: int) -> None:
        self.libraries[who].remove_ball("videos", f"v{group}_{frame}")

    @rule(who=WHO, group=NUMBER)
    def remove_group(self, who: int, group: int) -> None:
        self.libraries[who].remove_group("videos", f"v{group}")

    @rule(who=WHO)
    def restore(self, who: int) -> None:
        for item in self.trash(who):
            if item.name.startswith("v") and "removed" not in (item.ball_id or ""):
                self.libraries[who].restore([item.id])

    @rule(who=WHO, group=NUMBER, tag=st.sampled_from(["red", "blue"]), on=st.booleans())
    def tag(self, who: int, group: int, tag: str, on: bool) -> None:
        item = self.libraries[who].group_of("videos", f"v{group}")
        if item is not None:
            add, remove = ([tag], []) if on else ([], [tag])
            self.libraries[who].tag([item.id], add=add, remove=remove)

    @rule(who=WHO, group=NUMBER)
    def describe(self, who: int, group: int) -> None:
        item = self.libraries[who].group_of("videos", f"v{group}")
        if item is not None:
            self.written += 1
            self.libraries[who].set_meta(item.id, {"note": self.written})

    @rule(way=st.sampled_from(Way))
    def synchronise(self, way: Way) -> None:
        self.sync(way, mirror=False)

    @rule(way=st.sampled_from([Way.TO, Way.FROM]))
    def mirror(self, way: Way) -> None:
        self.sync(way, mirror=True)
        assert self.shown(0) == self.shown(1)

    def sync(self, way: Way, *, mirror: bool) -> None:
        sides = [library.side() for library in self.libraries]
        plan = make_plan(sides[0], sides[1], way, mirror=mirror)
        report = carry_out(sides[0], sides[1], plan, workers=2)
        assert not report.failures
        again = make_plan(sides[0], sides[1], way, mirror=mirror)
        assert again.to_do == ()
        if way is Way.BOTH:
            assert all(step.act is Act.KEEP and step.why == DELETED for step in again.steps)

    def trash(self, who: int) -> list[Item]:
        return self.libraries[who].page(Query(trash=True))

    def shown(self, who: int) -> set[object]:
        library = self.libraries[who]
        frames = {(ball.key, ball.hash) for _, ball in library.ball_page()}
        items = library.page(Query())
        return frames | {
            (item.ball_id, item.tags, str(library.details(item.id).meta)) for item in items
        }

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "libraries"):
            return
        here: set[bytes] = set()
        for who, library in enumerate(self.libraries):
            hashes = {ball.hash for _, ball in library.ball_page()}
            for item in self.trash(who):
                hashes |= {b.hash for b in library.get_by_ball_id("videos", item.ball_id or "")}
            here |= {library.get_bytes(hash) for hash in hashes}
        assert here >= self.stored

    def teardown(self) -> None:
        for library in getattr(self, "libraries", []):
            library.close()
        shutil.rmtree(getattr(self, "folder", EMPTY), ignore_errors=True)


TestAnyOrder = Synchronising.TestCase
TestAnyOrder.settings = settings(
    max_examples=10, stateful_step_count=14,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
