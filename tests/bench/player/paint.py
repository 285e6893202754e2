"""Painting a frame that is ready, against decoding it.

    python -m tests.bench.player.paint [--clip NAME]… [--frames N]

CPU of handing decoded frames of 960 x 540 to the picture and painting them, one after the
other, against decoding and converting the same frames. Bar: 0.05 of it, aim 0.02.
"""

import time

from tests.bench.player import material, rig
from vidcache_gui.gui.player.canvas import Canvas
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source


def main() -> int:
    parser = rig.arguments(__doc__, clips=("1080p-g250", "4k-g250"))
    parser.add_argument("--frames", type=int, default=96)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    app = rig.make_application()
    rows = [("clip", "decode ms", "paint ms", "paint / decode", "bar", "aim")]
    for name in options.clip or options.clips:
        path = material.variant(name)
        seen = inspect_file(str(path))
        source = open_source(str(path), seen.facts, seen.index)
        list(source.frames(0, 8, (rig.WIDTH, rig.HEIGHT)))
        began = time.process_time()
        frames = list(source.frames(9, 8 + options.frames, (rig.WIDTH, rig.HEIGHT)))
        decode = (time.process_time() - began) / len(frames) * 1000
        canvas = Canvas()
        canvas.resize(rig.WIDTH, rig.HEIGHT)
        canvas.set_footage(source.width, source.height)
        canvas.show()
        app.processEvents()
        costs = []
        for _ in range(options.repeats):
            before, began = canvas.painted, time.process_time()
            for frame in frames:
                canvas.show_frame(frame)
                app.processEvents()
            costs.append((time.process_time() - began) / (canvas.painted - before) * 1000)
        paint = min(costs)
        ratio = f"{paint / decode:.3f}"
        rows.append((name, f"{decode:.2f}", f"{paint:.3f}", ratio, "0.05", "0.02"))
        canvas.close()
        source.close()
    rig.table(rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
