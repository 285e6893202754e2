"""The most memory that decoded frames ever took, against the cache's budget.

    python -m tests.bench.player.budget [--clip NAME]… [--budget MB]

A mixed session: jumps, scrubbing, steps both ways, playing both ways, other sizes, a smaller
budget in the middle. Counted is every decoded frame that is alive anywhere (in the cache,
being decoded, on screen), by watching for when its memory is let go. Bar: 5 % over, aim 0.
"""

import random

from tests.bench.player import material, rig


def session(player: rig.Player, dice: random.Random) -> None:
    engine, count = player.engine, player.engine.count
    for _ in range(4):
        player.go(dice.randrange(count))
        for _ in range(20):
            engine.scrub(dice.randrange(count))
            rig.wait_until(lambda: True)
        engine.rest()
        for step in (1, -1, -1, 10, -10):
            engine.step(step)
            rig.wait_until(lambda: player.shown[-1][1] == engine.index)
        engine.set_size((640, 360))
        rig.wait_until(lambda: engine.picture() is not None)
        engine.set_size(None)
        rig.wait_until(lambda: engine.picture() is not None)
        engine.set_size((rig.WIDTH, rig.HEIGHT))
        for backwards in (False, True):
            before = len(player.shown)
            engine.play(backwards=backwards)
            rig.wait_until(lambda before=before: len(player.shown) > before + 20)
        engine.pause()
        player.settle()


def main() -> int:
    parser = rig.arguments(__doc__, clips=("1080p-g250",))
    parser.add_argument("--budget", type=int, default=128, help="MB")
    options = parser.parse_args()
    app = rig.make_application()
    dice = random.Random(1)
    rows = [("clip", "budget MB", "most alive MB", "over %", "bar", "aim")]
    for name in options.clip or options.clips:
        budget = options.budget * rig.MEGABYTE
        player = rig.Player(material.variant(name), budget, census=True)
        assert player.census is not None
        for share in (1.0, 0.5):
            player.engine.cache.set_budget(int(budget * share))
            player.settle()
            player.census.most = player.census.alive
            session(player, dice)
            most, allowed = player.census.most, budget * share
            rows.append((name, f"{allowed / rig.MEGABYTE:.0f}", f"{most / rig.MEGABYTE:.1f}",
                         f"{max(0.0, most / allowed - 1) * 100:.1f}", "5", "0"))  # fmt: skip
        player.close()
    rig.table(rows)
    del app
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
