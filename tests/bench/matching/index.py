"""The index against going through everything, as the library grows.

    python -m tests.bench.matching.index [--million] [--folder DIR] [--faiss-python PYTHON]
        [--only ours] [--plot docs/images/matching-index-growth.svg]

Asked is what an item of 50 frames costs, in 8 orientations: 400 hashes within 7 bits. The
libraries are made up (see synthetic.py): as uneven as real ones, with planted copies. Every step
runs in a process of its own. CPU seconds; memory is the most that the process had, mapped
files included, above what it had before; numpy and faiss hold all hashes in memory.
``--million`` adds a million videos: 100 million hashes, 6 GB of disk and some minutes.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.matching.contenders import ASKED, RADIUS
from tests.bench.matching.growth import Panel, svg
from tests.bench.matching.synthetic import FRAMES, QUERY, VARIANTS

ROOT = Path(__file__).resolve().parents[3]
Figures = dict[str, float]


def step(name: str, folder: Path, videos: int, items: int, python: str) -> Figures:
    module = "tests.bench.matching.contenders"
    done = subprocess.run(
        [python, "-m", module, name, str(folder), str(videos), str(items)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: Figures = json.loads(done.stdout)
    return found


def run(videos: int, folder: Path, pythons: dict[str, str], items: int) -> dict[str, Figures]:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        return {
            each: step(each, Path(name), videos, items, python) for each, python in pythons.items()
        }


def table(found: dict[int, dict[str, Figures]]) -> str:
    rows = [
        "| hashes | ours CPU s (worst) | numpy | faiss flat | ours MiB | numpy | faiss flat "
        "| planted frames / videos found | other owners | build CPU s (wall) "
        "| build peak MiB | disk MiB |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for videos, each in found.items():
        ours, build = each["ours"], each["build"]
        cells = [f"{videos * FRAMES:,}", f"{ours['CPU s']:.3f} ({ours['worst CPU s']:.3f})"]
        cells += [_figure(each, name, "CPU s", 2) for name in ("numpy", "faiss")]
        cells += [_figure(each, name, "peak MiB", 0) for name in ("ours", "numpy", "faiss")]
        cells += [f"{ours['frame recall']:.4f} / {ours['video recall']:.2f}"]
        cells += [f"{ours['other owners']:.1f}"]
        cells += [f"{build['build CPU s']:.1f} ({build['build wall s']:.0f})"]
        cells += [f"{build['build peak MiB']:.0f}", f"{build['disk MiB']:.0f}"]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _figure(found: dict[str, Figures], name: str, figure: str, digits: int) -> str:
    return f"{found[name][figure]:.{digits}f}" if name in found else ""


def plot(found: dict[int, dict[str, Figures]]) -> str:
    names = {"ours": "VidCache", "numpy": "numpy brute force", "faiss": "faiss flat"}

    def lines(figure: str, least: float) -> list[tuple[str, list[tuple[float, float]]]]:
        return [
            (
                label,
                [
                    (videos * FRAMES, max(each[name][figure], least))
                    for videos, each in found.items()
                    if name in each
                ],
            )
            for name, label in names.items()
            if any(name in each for each in found.values())
        ]

    asked = f"{QUERY} frames in {VARIANTS} orientations, within {RADIUS} bits"
    return svg(
        [
            Panel("CPU seconds to look up one item", asked, lines("CPU s", 0.001), (1, "1 second")),
            Panel(
                "Memory to do so",
                "MiB above the base, mapped files included",
                lines("peak MiB", 1),
                (1024, "1 GiB"),
            ),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--million", action="store_true", help="also a million videos")
    parser.add_argument("--folder", type=Path, help="where to work (default: temporary)")
    parser.add_argument("--faiss-python", default=None, help="a Python that has faiss")
    parser.add_argument("--only", choices=["ours"], help="leave the others out")
    parser.add_argument("--items", type=int, default=20, help="planted items (default 20)")
    parser.add_argument("--plot", type=Path, help="write the SVG there")
    options = parser.parse_args()
    pythons = {"build": sys.executable, "ours": sys.executable}
    if not options.only:
        pythons["numpy"] = sys.executable
        if options.faiss_python or importlib.util.find_spec("faiss"):
            pythons["faiss"] = options.faiss_python or sys.executable
    sizes = [100, 1_000, 10_000, 100_000, *([1_000_000] if options.million else [])]
    found = {}
    for videos in sizes:
        found[videos] = run(videos, options.folder, pythons, options.items)
        print(json.dumps({videos: found[videos]}), file=sys.stderr, flush=True)
    print(table(found))
    times = QUERY * VARIANTS // ASKED
    print(f"\nnumpy and faiss were asked {ASKED} of the hashes; their time is {times} times that.")
    if options.plot:
        options.plot.write_text(plot(found))


if __name__ == "__main__":
    main()
