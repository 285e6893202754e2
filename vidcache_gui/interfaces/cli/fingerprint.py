"""``vidcache fingerprint``: same footage in a plain folder, without any library."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import count, human_wait, plain
from vidcache_gui.interfaces.cli.session import session
from vidcache_gui.matching.records import Tier

if TYPE_CHECKING:
    from vidcache_gui.core.similar.folder import Folder, Pair

ORDER = [Tier.CERTAIN, Tier.LIKELY, Tier.LOOK]


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache fingerprint ~/clips --pairs same.json",
            "vidcache fingerprint ~/clips --tier likely --jobs 4",
        )
    )(fingerprint)


def fingerprint(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder, with all it holds.")],
    pairs: Annotated[
        Path | None,
        typer.Option("--pairs", metavar="FILE", help="Write the pairs there, as a JSON list."),
    ] = None,
    tier: Annotated[
        Tier, typer.Option("--tier", help="Only pairs at least this sure.")
    ] = Tier.LOOK,
    shared: Annotated[
        bool, typer.Option("--shared", help="Also pairs that only share an intro or a title.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, metavar="N", help="Worker processes. Default: all cores."),
    ] = None,
) -> None:
    """Find the same footage in a plain folder, without a library.

    Fingerprints all videos, animations, pictures and frame folders below DIR, compares all with
    all, and writes or prints which pairs show the same and where. Nothing is stored or changed.
    What is hidden below DIR (names that begin with a dot) is passed over, other than by 'ingest';
    links are not followed. What cannot be read is named at the end and is no failure.
    """
    import os

    from vidcache_gui.core.similar.folder import compare_all, look
    from vidcache_gui.interfaces.cli.progress import ProgressLine

    run = session(ctx)
    top = folder.expanduser().absolute()
    if not top.is_dir():
        raise UserError(f"There is no folder '{folder}'.")
    start = time.monotonic()
    try:
        with ProgressLine(run.output) as line:

            def report(what: str, done: int, total: int, name: str) -> None:
                line.show(done, total, f"{what} · {done:,} of {total:,} · {name}")

            seen = look(top, workers=jobs or os.cpu_count(), on_progress=report)
            found = compare_all(seen, on_progress=report)
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt("Stopped. Nothing was written.") from error
    sure = ORDER[: ORDER.index(tier) + 1]
    wanted = [
        pair
        for pair in found
        if pair.match.tier in sure and (shared or pair.match.relation.value != "shared segment")
    ]
    if pairs is not None:
        write(pairs.expanduser(), wanted)
    else:
        for pair in wanted:
            run.output.record(pair_record(pair), pair_line(pair))
    for name, reason in seen.failed.items():
        run.output.note(f"{name}: {reason}")
    run.output.note(summary(seen, wanted, time.monotonic() - start))


def write(path: Path, pairs: "list[Pair]") -> None:
    """The list of pairs, whole or not at all."""
    draft = path.with_name(path.name + ".part")
    try:
        lines = ",\n".join(json.dumps(pair_record(pair)) for pair in pairs)
        draft.write_text(f"[{lines}]\n")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UserError(f"'{path}' could not be written ({error.strerror}).") from error


def pair_record(pair: "Pair") -> dict[str, object]:
    return {
        "a": pair.a, "b": pair.b, "score": round(float(pair.match.score), 4),
        "offset": round(float(pair.offset), 3), "relation": pair.match.relation.value,
        "tier": pair.match.tier.value,
    }  # fmt: skip


def pair_line(pair: "Pair") -> str:
    match = pair.match
    return plain(f"{match.tier.value:<7}  {match.relation.value:<14}  {pair.a}  {pair.b}")


def summary(seen: "Folder", pairs: "list[Pair]", seconds: float) -> str:
    parts = [
        f"{count(len(seen.looked), 'item')} looked at", f"{count(len(pairs), 'pair')} found",
    ]  # fmt: skip
    if seen.failed:
        parts.append(f"{len(seen.failed):,} could not be read")
    if seen.passed_over:
        parts.append(f"{count(seen.passed_over, 'other file')} passed over")
    return f"{' · '.join(parts)} · {human_wait(seconds)}"
