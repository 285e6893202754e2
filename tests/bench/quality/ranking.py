"""How often the known original is proposed, and for the right reason.

    python -m tests.bench.quality.ranking DIR SCRATCH [--half 0|1] [--only KIND…] [--most N]
                                          [--keep FILE] [--wrong]

DIR: a labelled folder as ``tests.bench.matching`` knows them (``labels.json``, ``src``,
``gen``); SCRATCH: where copies of further kinds are made with ffmpeg. The halves are different
clips: weights were set by half 0, half 1 says how good they are. Nothing of the file but its
pictures counts: dates are against the original, sound is left out.
"""

import argparse
import json
import pickle
import random
import subprocess
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from zlib import crc32

from vidcache_gui.core.records import Item
from vidcache_gui.core.review.quality import propose, weigh
from vidcache_gui.core.review.quality_records import Side
from vidcache_gui.errors import UserError
from vidcache_gui.matching.matcher import compare
from vidcache_gui.matching.records import Match
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.quality.measure import measure_pair
from vidcache_gui.media.quality.records import Material, PairMeasured, Stretch
from vidcache_gui.media.types import Inspection, MediaFacts

EVEN = "scale=trunc(iw/2)*2:trunc(ih/2)*2"
X264 = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -crf"
X265 = "-c:v libx265 -preset veryfast -pix_fmt yuv420p -x265-params log-level=none -crf"
MADE = {  # kind: (filter, encoder)
    "enlarged_2": ("scale=iw*2:ih*2:flags=lanczos", f"{X264} 14"),
    "enlarged_133": ("scale=trunc(iw*4/6)*2:-2:flags=bicubic", f"{X264} 18"),
    "small_and_back": ("scale=trunc(iw/4)*2:-2,scale=iw*2:-2:flags=lanczos", f"{X264} 16"),
    "more_bits": (EVEN, f"{X264} 16"),
    "hevc_28": (EVEN, f"{X265} 28"),
    "half_rate": ("framestep=2," + EVEN, f"{X264} 18"),
}
DETAIL = {"True resolution", "Coding blocks"}
RIGHT = {  # labels of facts that are a right first reason
    **dict.fromkeys(MADE, DETAIL),
    "half_rate": {"Frame rate"},
    "reenc_80kbit": DETAIL, "reenc_crf35": DETAIL, "reenc_mpeg4": DETAIL, "reenc_vp9": DETAIL,
    "resize_150": DETAIL, "resize_50": DETAIL, "resize_25": DETAIL,
    "crop10": {"Picture shown"}, "crop20": {"Picture shown"},
    "logo": {"Logo"}, "watermark": {"Logo"}, "subtitle": {"Subtitles"},
    "gif_320": {*DETAIL, "Frame rate", "Noise", "Length"}, "fps_15": {"Frame rate"},
}  # fmt: skip
Result = tuple[str, str, Match, PairMeasured, MediaFacts, MediaFacts]  # kind, clip, …


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--most", type=int, default=10**6)
    parser.add_argument("--keep", type=Path, help="what was measured stays here, for next time")
    parser.add_argument("--wrong", action="store_true", help="name what was proposed wrongly")
    options = parser.parse_args()
    results: list[Result] = []
    if options.keep and options.keep.exists():
        results = pickle.loads(options.keep.read_bytes())
    done = {(kind, clip) for kind, clip, *_ in results}
    for kind, clip, original, copy in _pairs(options.folder, options.scratch):
        if len(results) >= options.most:
            break
        wanted = options.half is None or half_of(clip) == options.half
        if not wanted or (kind, clip) in done or (options.only and kind not in options.only):
            continue
        if found := _measured(kind, clip, original, copy, options.scratch):
            results.append(found)
            if options.keep:
                options.keep.write_bytes(pickle.dumps(results))
    _report(results, options.wrong)


def half_of(clip: str) -> int:
    return crc32(clip.encode()) % 2


def _pairs(folder: Path, scratch: Path) -> list[tuple[str, str, Path, Path | None]]:
    """(kind, clip, original, copy; None: still to be made), in an order that mixes them."""
    labels = json.loads((folder / "labels.json").read_text())["files"]
    originals = {
        Path(name).stem: folder / name
        for name, about in labels.items()
        if about["kind"] == "original" and about.get("flags", []) != ["still"]
    }
    pairs: list[tuple[str, str, Path, Path | None]] = []
    for name, about in labels.items():
        clip = Path(name).name.partition("__")[0]
        if about["kind"] == "derived" and about["transform"] in RIGHT and clip in originals:
            pairs.append((about["transform"], clip, originals[clip], folder / name))
    for clip, original in originals.items():
        for kind in MADE:
            if crc32(f"{clip} {kind}".encode()) % 8 < 3:
                pairs.append((kind, clip, original, None))
    random.Random(5).shuffle(pairs)
    return pairs


def _made(kind: str, clip: str, original: Path, scratch: Path) -> Path:
    scratch.mkdir(parents=True, exist_ok=True)
    copy = scratch / f"{clip}__{kind}.mp4"
    chain, encoder = MADE[kind]
    if not copy.exists():
        command = ["nice", "ffmpeg", "-v", "error", "-t", "8", "-i", str(original), "-vf", chain]
        subprocess.run([*command, *encoder.split(), "-an", str(copy)], check=True)
    return copy


def _measured(
    kind: str, clip: str, original: Path, copy: Path | None, scratch: Path
) -> Result | None:
    copy = copy or _made(kind, clip, original, scratch)
    a, b = (inspect_file(str(path), path.name) for path in (original, copy))
    if a.fingerprint is None or b.fingerprint is None:
        return None
    match = compare(
        Fingerprint.from_bytes(a.fingerprint), Fingerprint.from_bytes(b.fingerprint)
    ).match
    if match is None:
        print(f"not found to be the same: {kind} of {clip}", flush=True)
        return None
    stretches = tuple(
        Stretch(s.a0, s.a1, s.b0, s.b1, s.transform.mirrored, s.transform.rotation,
                s.transform.box_a, s.transform.box_b)
        for s in match.segments
    )  # fmt: skip
    try:
        measured = measure_pair(_material(original, a), _material(copy, b), stretches)
    except UserError as error:
        print(f"not measured: {kind} of {clip}: {error}", flush=True)
        return None
    return kind, clip, match, measured, a.facts, b.facts


def _material(path: Path, seen: Inspection) -> Material:
    facts = seen.facts
    return Material(facts.kind, (str(path),), facts.extension, seen.index, facts.rotation)


def _side(facts: MediaFacts, number: int) -> Side:
    """``number``: the smaller one is the older item."""
    item = Item(
        number, facts.kind, str(number), "", "", "", 0, number, width=facts.width,
        height=facts.height, frame_count=facts.frame_count, duration=facts.duration,
        fps=facts.fps, codec=facts.codec,
    )  # fmt: skip
    return Side(item, {"pixel_format": facts.pixel_format, "bit_rate": facts.bit_rate})


def _report(results: list[Result], show_wrong: bool) -> None:
    count: dict[str, Counter[str]] = defaultdict(Counter)
    wrong = []
    for kind, clip, match, measured, facts_a, facts_b in results:
        a, b = _side(facts_a, 2), _side(facts_b, 1)
        if kind in MADE:  # cut to some seconds for speed, which must not decide
            match = replace(match, coverage_a=1.0, coverage_b=1.0)
        points = weigh(a, b, match, measured)
        found = propose(points, a, b, match)
        first = next((point.label for point in points if point.better == "a"), "")
        for name, true in (
            ("all", True), ("right", found.keep == "a"), ("tie", found.near_tie),
            ("reason", found.keep == "a" and first in RIGHT[kind]),
            ("sure and wrong", found.keep == "b" and not found.near_tie),
        ):  # fmt: skip
            count[kind][name] += true
            count["ALL"][name] += true
        if found.keep == "b" or first not in RIGHT[kind]:
            said = ", ".join(f"{p.label} {p.better} {p.weight:.1f}" for p in points)
            wrong.append(f"{kind:16} {clip:16} {found.keep} {said}")
    head = f"{'kind':18}{'pairs':>6}{'right':>8}{'reason':>8}{'near tie':>10}{'sure, wrong':>13}"
    print(head)
    for kind in [*sorted(set(count) - {"ALL"}), *(["ALL"] if results else [])]:
        one = count[kind]
        print(
            f"{kind:18}{one['all']:6}{one['right'] / one['all']:8.2f}"
            f"{one['reason'] / one['all']:8.2f}{one['tie']:10}{one['sure and wrong']:13}"
        )
    if show_wrong:
        print("\n".join(["", *sorted(wrong)]))


if __name__ == "__main__":
    main()
