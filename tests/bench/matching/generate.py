"""Makes the second labelled set: other transforms than the benchmark's, of the same sources.

    python -m tests.bench.matching.generate /tmp/hard [--per-source 7] [--jobs 2]

OUT gets src/ (links to the sources), gen/ (what was made) and labels.json. The same call makes the
same set again; what is there already is not made twice. ffmpeg with libx264 must be on the PATH.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

from tests.bench.matching.artwork import make_art
from tests.bench.matching.labels import ORIGINAL, File, labels
from tests.bench.matching.negatives import make_negatives
from tests.bench.matching.recipe import FOLDER, Clip, Copy, Stretch, Transform
from tests.bench.matching.transforms import transforms

CORPUS = Path(__file__).parents[4] / "shared/corpora/neardup"
TOO_PLAIN = {"black", "static", "pattern"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--per-source", type=int, default=7)
    parser.add_argument("--only", help="names of transforms, with commas: on every source")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        parser.error("ffmpeg is not on the PATH")

    out = options.out
    (out / "gen").mkdir(parents=True, exist_ok=True)
    (out / "src").mkdir(exist_ok=True)
    scratch = tempfile.TemporaryDirectory()  # a folder that is judged holds nothing else
    art = Path(scratch.name)
    make_art(art, ffmpeg)
    catalogue = json.loads((options.corpus / "catalog.json").read_text())
    # Copies found in the wild are in the benchmark's own set; here everything was made.
    entries = [e for e in catalogue["sources"] if "natural" not in e]
    clips, files = [], {}
    for entry in entries:
        path = out / "src" / entry["file"]
        if not path.exists():
            shutil.copyfile(options.corpus / "src" / entry["file"], path)
        clip = Clip(
            entry["id"],
            path,
            entry["group"],
            tuple(entry["flags"]),
            entry["width"],
            entry["height"],
            entry["seconds"],
            art,
        )
        clips.append(clip)
        files[f"src/{path.name}"] = File(
            ORIGINAL, ORIGINAL, 1, clip.seconds, clip.flags, (clip.group,), (clip.whole(),)
        )
    usable = [clip for clip in clips if not TOO_PLAIN & set(clip.flags)]
    for clip in usable:
        clip.others.extend(usable)

    only = set(options.only.split(",")) if options.only else None
    jobs = chosen(usable, options.per_source, only)
    wanted_names = {file_name(*job) for job in jobs}
    for stale in (out / "gen").iterdir():  # of another call; a folder must hold what is labelled
        if stale.name not in wanted_names and not stale.name.startswith("neg_"):
            shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
    by_name = {clip.name: clip for clip in clips}
    with ThreadPoolExecutor(options.jobs) as pool:
        made = pool.map(lambda job: make(out / "gen", ffmpeg, *job), jobs)
        for (clip, kind, copy), problem in zip(jobs, made, strict=True):
            if problem:
                print(f"{clip.name}, {kind.name}: {problem}", file=sys.stderr)
                continue
            shown = [by_name[s.source] for s in copy.stretches]
            part = (copy.stretches[0].s1 - copy.stretches[0].s0) / clip.seconds
            files[f"gen/{file_name(clip, kind, copy)}"] = File(
                "derived",
                kind.name,
                max(kind.tier, 2 if part < 0.8 else 1),
                copy.seconds,
                tuple(sorted({flag for c in shown for flag in c.flags})),
                tuple(sorted({c.group for c in shown})),
                copy.stretches,
            )
    for path, one in make_negatives(out / "gen", ffmpeg).items():
        stretch = Stretch(path.stem, 0, one.seconds, 0, one.seconds)
        files[f"gen/{path.name}"] = File(
            "negative", "negative", 0, one.seconds, one.flags, (one.group,), (stretch,)
        )

    scratch.cleanup()
    unsure = {frozenset(couple) for couple in catalogue["ignore_pairs"]}
    told = labels(files, unsure)
    (out / "labels.json").write_text(json.dumps(told, indent=0))
    wanted = Counter(p["relation"] for p in told["pairs"])
    cross = wanted.pop("cross", 0)
    print(f"{len(files)} files, {wanted.total()} wanted pairs, {cross} of copies among themselves,")
    print(f"{len(told['ignore'])} ignored; {len(wanted)} relations: {dict(sorted(wanted.items()))}")


def chosen(
    clips: list[Clip], per_source: int, only: set[str] | None
) -> list[tuple[Clip, Transform, Copy]]:
    """Each clip gets the transforms that were used least so far, so that all get their share."""
    used: Counter[str] = Counter()
    jobs = []
    for clip in clips:
        kinds = [t for t in transforms().values() if only is None or t.name in only]
        kinds.sort(
            key=lambda t, c=clip: (used[t.name] // t.weight, crc32(f"{c.name} {t.name}".encode()))
        )
        count = 0
        for kind in kinds:
            if count >= per_source and only is None:
                break
            if clip.seconds < kind.least or (copy := kind.make(clip)) is None:
                continue
            jobs.append((clip, kind, copy))
            used[kind.name] += 1
            count += 1
    return jobs


def file_name(clip: Clip, kind: Transform, copy: Copy) -> str:
    return f"{clip.name}__{kind.name}{'' if copy.suffix == FOLDER else copy.suffix}"


def make(folder: Path, ffmpeg: str, clip: Clip, kind: Transform, copy: Copy) -> str:
    """Runs ffmpeg; what it said where that failed, else nothing."""
    target = folder / file_name(clip, kind, copy)
    if copy.suffix == FOLDER:
        if (target / "0001.jpg").exists():
            return ""
        target.mkdir(exist_ok=True)
        target /= "%04d.jpg"
    elif target.exists():
        return ""
    command = [ffmpeg, *["-hide_banner", "-loglevel", "error", "-nostdin", "-y"]]
    first = target.with_suffix(".first.mkv") if copy.second else target
    runs = [[*command, *copy.arguments, str(first)]]
    if copy.second:
        runs.append([*command, "-i", str(first), *copy.second, str(target)])
    for run in runs:
        done = subprocess.run(run, capture_output=True, text=True, check=False)
        if done.returncode:
            target.unlink(missing_ok=True)
            return done.stderr[-400:]
    if copy.second:
        first.unlink()
    return ""


if __name__ == "__main__":
    main()
