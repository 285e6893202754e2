"""Frame folders as balls: N frames that share a ball_id, ordered by integer frame_number.

Equal frames are one blob. The blobs become durable in chunks; the group itself, all its
balls at once, in one transaction at the end, so a half-stored group is never visible and a
restart finds the blobs it already made.
"""

import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from blake3 import blake3

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import rows
from vidcache_gui.core.blobs import Draft
from vidcache_gui.core.catalog import Ball, Blob, Bucket, Item
from vidcache_gui.core.discover import alias_kind
from vidcache_gui.core.intake import (
    Intake,
    OnBytes,
    Skipped,
    Target,
    insert_item,
    keep_look,
)
from vidcache_gui.core.locks import blob_lock
from vidcache_gui.core.records import DEFAULT_DELAY_MS, SourceResult, Status
from vidcache_gui.errors import UserError
from vidcache_gui.media.hashing import copy_and_hash, hash_file
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.pool import WorkerFailed
from vidcache_gui.media.sequence import FrameFile, frame_key, plan_sequence
from vidcache_gui.media.sniff import HEAD_BYTES, sniff
from vidcache_gui.media.types import Inspection, Kind, MediaFacts

INSPECT = "vidcache_gui.media.inspect:inspect_frames"
PRODUCER = "vidcache"
LARGEST_NUMBER = 2**63 - 1  # that the catalog holds
CHUNK = 256  # frames made durable together
BALL_ID = re.compile(r"[A-Za-z0-9]+([_-][A-Za-z0-9]+)*")

OnBall = Callable[[int, int, str], None]  # (frames done, frames in all, key)


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """One frame whose bytes are durable; its ball is not written yet."""

    file: FrameFile
    key: str
    hash: str
    sha256: str
    size: int
    mime: str


@dataclass
class Group:
    """A frame sequence on its way in."""

    source: str
    folder: Path
    target: Target
    ball_id: str | None = None  # None: made from the folder's name
    name: str = ""
    renumber: bool = False
    delays: dict[str, float] = field(default_factory=dict)  # file name -> ms
    left_out: list[tuple[str, str]] = field(default_factory=list)


def put_group(
    intake: Intake,
    group: Group,
    *,
    token: CancelToken,
    on_bytes: OnBytes,
    on_ball: OnBall | None = None,
    source_id: int | None = None,
) -> SourceResult:
    """Store a folder of frames as one group.

    Raises Skipped if there are no frames in it, UserError if the numbers are ambiguous, if
    the ball_id is taken by other frames, or if a frame cannot be read or stored.
    """
    files = _plan(group)
    if group.ball_id is not None and not BALL_ID.fullmatch(group.ball_id):
        raise UserError(
            f"'{group.ball_id}' cannot name frames: use letters, digits and single '_' or '-' "
            "between them, so that every client can read them back."
        )
    frames = _store_frames(intake, group, files, token, on_bytes)
    if not frames:
        raise Skipped(_nothing(group))
    sequence = _sequence_hash(frames)
    known = _known_group(intake, group, sequence, source_id)
    if known is not None:
        _report(frames, on_ball)
        return known
    inspection = _look(intake, group, frames, sequence, token)
    with blob_lock(intake.run, exclusive=False), intake.database.write():
        result = _commit(intake, group, frames, sequence, inspection, source_id)
    _report(frames, on_ball)
    return intake.answer(result, source_id)


def put_footage_as_frames(
    intake: Intake,
    path: str,
    target: Target,
    *,
    token: CancelToken,
    on_bytes: OnBytes,
    source_id: int | None = None,
) -> SourceResult:
    """Store every frame of a GIF or video as a PNG ball, with its own delay."""
    from vidcache_gui.media.export import export_frames  # PyAV and Pillow: only when needed
    from vidcache_gui.media.exporting.choices import Choices, Missing
    from vidcache_gui.media.source import open_source

    with open_regular(path):  # a pipe or device never reaches a decoder
        inspection = intake.inspect(Path(path), token)
    if inspection.facts.damaged and not inspection.facts.frame_count:
        raise UserError(f"Its frames could not be read: {inspection.facts.damaged}")
    with tempfile.TemporaryDirectory(dir=intake.blobs.temporary) as temporary:
        folder = Path(temporary) / "frames"
        source = open_source(path, inspection.facts, inspection.index)
        try:
            export_frames(source, folder, Choices(missing=Missing.FAIL), token=token)
            names = sorted(os.listdir(folder))
            delays = {
                name: round(duration * 1000, 3)
                for name, duration in zip(names, source.durations, strict=False)
            }
        finally:
            source.close()
        name = Path(path).stem
        group = Group(path, folder, target, name=name, delays=delays)
        size = os.path.getsize(path)
        result = put_group(intake, group, token=token, on_bytes=lambda _: None, source_id=source_id)
        on_bytes(size)
        return result


def _plan(group: Group) -> list[FrameFile]:
    if not group.folder.is_dir():
        raise UserError(f"There is no folder '{group.folder}'.")
    names = [entry.name for entry in os.scandir(group.folder) if entry.is_file()]
    plan = plan_sequence(names, renumber=group.renumber)
    if plan.problem:
        raise UserError(plan.problem)
    group.left_out.extend(plan.skipped)
    if not plan.frames:
        raise Skipped(_nothing(group))
    last = plan.frames[-1]
    if last.number > LARGEST_NUMBER:
        raise UserError(
            f"The number of '{last.name}' is too long to be kept; 18 digits always are. Nothing "
            "was added. Rename it, or let VidCache number the frames anew (--renumber)."
        )
    return list(plan.frames)


def _nothing(group: Group) -> str:
    return (
        "There are no numbered pictures in this folder. Frames are recognised by names like "
        "'frame_000', 'frame-12.png' or 'shot_0001.png'."
    )


def _store_frames(
    intake: Intake, group: Group, files: list[FrameFile], token: CancelToken, on_bytes: OnBytes
) -> list[StoredFrame]:
    ball_id = group.ball_id or "frames"  # keys are made again once the name is settled
    frames: list[StoredFrame] = []
    drafts: list[tuple[Draft, str]] = []
    pending: set[str] = set()
    try:
        for file in files:
            token.check()
            frame, draft = _read_frame(intake, group, file, ball_id, pending, token, on_bytes)
            if frame is None:
                continue
            frames.append(frame)
            if draft is not None:
                drafts.append((draft, frame.hash))
                pending.add(frame.hash)
            if len(drafts) >= CHUNK:
                intake.blobs.commit(drafts)
                drafts, pending = [], set()
        if drafts:
            intake.blobs.commit(drafts)
        return frames
    except BaseException:
        for draft, _ in drafts:
            draft.discard()
        raise


def _read_frame(
    intake: Intake,
    group: Group,
    file: FrameFile,
    ball_id: str,
    pending: set[str],
    token: CancelToken,
    on_bytes: OnBytes,
) -> tuple[StoredFrame | None, Draft | None]:
    """Hash one frame and copy it, unless the same bytes are stored or on their way."""
    with open_regular(str(group.folder / file.name)) as source:
        media = sniff(source.read(HEAD_BYTES))
        source.seek(0)
        if media is None or media.kind not in (Kind.IMAGE, Kind.ANIMATION):
            group.left_out.append((file.name, "it is not a picture"))
            return None, None
        digests = hash_file(source, token=token, on_bytes=on_bytes, sha256=True)
        draft = None
        if digests.blake3 not in pending and not intake.blobs.exists(digests.blake3):
            source.seek(0)
            draft = intake.blobs.draft(digests.size)
            try:
                copied = copy_and_hash(source, draft.file, token=token, on_bytes=lambda _: None)
                if copied.blake3 != digests.blake3:
                    raise UserError(f"'{file.name}' changed while it was being read; try again.")
            except BaseException:
                draft.discard()
                raise
    frame = StoredFrame(
        file, frame_key(ball_id, file), digests.blake3, digests.sha256 or "", digests.size,
        media.mime,
    )  # fmt: skip
    return frame, draft


def _sequence_hash(frames: list[StoredFrame]) -> str:
    """The content hash of a group: its numbers and its frames' hashes, in order."""
    hasher = blake3()
    for frame in frames:
        hasher.update(f"{frame.file.number}:{frame.hash}\n".encode())
    return hasher.hexdigest()


def _known_group(
    intake: Intake, group: Group, sequence: str, source_id: int | None
) -> SourceResult | None:
    """The group that already is what would be stored, if there is one.

    A named group must be that very group; an unnamed one is a duplicate of any group with
    the same frames.
    """
    with intake.database.write():
        same = Item.select().where((Item.hash == sequence) & Item.ball_id.is_null(False))
        if group.ball_id is not None:
            bucket = rows.bucket_id(group.target.bucket)
            same = same.where((Item.bucket == bucket) & (Item.ball_id == group.ball_id))
        item = same.first()
        if item is None:
            return None
        if not all(intake.blobs.exists(ball.blob_id) for ball in Ball.select().where(
            Ball.item == item.id)):  # fmt: skip
            return None
        result = intake.known_again(item, group.source, Status.DUPLICATE)
        result = replace(result, file_path=None)
        if source_id is not None:
            intake.queue.finish(source_id, result)
        return result


def _look(
    intake: Intake, group: Group, frames: list[StoredFrame], sequence: str, token: CancelToken
) -> Inspection:
    """Poster, filmstrip, size, damage and fingerprint of a group, from an isolated worker."""
    paths = [str(intake.blobs.path(frame.hash)) for frame in frames]
    delays = [(_delay(group, frame) or DEFAULT_DELAY_MS) / 1000 for frame in frames]
    token.check()
    damaged: str | None
    width = height = 0
    codec = ""
    fingerprint: bytes | None = None
    try:
        inspection = intake.pool.submit(
            INSPECT, paths, delays, deadline=60 + len(paths) * 0.5
        ).result()
        fingerprint = inspection.fingerprint
        intake.pictures.save(sequence, inspection.poster, inspection.strip)
        width, height, codec = inspection.width, inspection.height, inspection.codec
        broken = len(inspection.damaged)
        damaged = f"{broken} of {len(frames)} frames could not be read." if broken else None
    except WorkerFailed as error:
        damaged = str(error)
    facts = MediaFacts(
        kind=Kind.FRAMES, mime=frames[0].mime, extension="", width=width, height=height,
        frame_count=len(frames), codec=codec, damaged=damaged,
    )  # fmt: skip
    return Inspection(facts, None, None, None, fingerprint)


def _delay(group: Group, frame: StoredFrame) -> float | None:
    """Milliseconds that a frame stays, if anything says so."""
    chosen = group.delays.get(frame.file.name)
    return frame.file.delay_ms if chosen is None else chosen


def _commit(
    intake: Intake,
    group: Group,
    frames: list[StoredFrame],
    sequence: str,
    inspection: Inspection,
    source_id: int | None,
) -> SourceResult:
    facts = inspection.facts
    bucket = rows.bucket_id(group.target.bucket)
    ball_id = _free_ball_id(bucket, group)
    frames = [replace(frame, key=frame_key(ball_id, frame.file)) for frame in frames]
    missing = [frame for frame in frames if not intake.blobs.exists(frame.hash)]
    if missing:
        raise UserError("The trash was emptied while these frames came in. Add them again.")
    size = sum(frame.size for frame in frames)
    name = group.name or group.ball_id or group.folder.name
    item_id = insert_item(facts, sequence, size, name, group.target, delay_ms=None, ball_id=ball_id)
    _insert_balls(bucket, ball_id, item_id, group, frames)
    keep_look(sequence, inspection)
    rows.remember_source(item_id, group.source, alias_kind(group.source))
    rows.reindex_text([item_id])
    rows.note_change("added", [item_id])
    result = SourceResult(
        source=group.source, status=Status.NEW, hash=sequence, name=name, item_id=item_id,
        kind=Kind.FRAMES, size=size, damaged=facts.damaged, reason=_summary(group, frames, facts),
    )  # fmt: skip
    if source_id is not None:
        intake.queue.finish(source_id, result)
    return result


def _insert_balls(
    bucket: int, ball_id: str, item_id: int, group: Group, frames: list[StoredFrame]
) -> None:
    keys = [frame.key for frame in frames]
    taken = Ball.select(Ball.key).where((Ball.bucket == bucket) & Ball.key.in_(keys)).first()
    if taken is not None:
        raise UserError(
            f"The key '{taken.key}' already belongs to other frames in this bucket. Nothing was "
            "added; choose another name (ball_id)."
        )
    now = rows.now_ms()
    blobs = {f.hash: (f.hash, f.size, f.sha256, now) for f in frames}
    Blob.insert_many(
        sorted(blobs.values()), [Blob.hash, Blob.size, Blob.sha256, Blob.added_at]
    ).on_conflict_ignore().execute()
    balls = [
        {
            "bucket": bucket, "ball_id": ball_id, "key": frame.key, "item": item_id,
            "blob": frame.hash, "size": frame.size, "checksum": frame.sha256,
            "content_type": frame.mime, "producer_id": PRODUCER,
            "tags": json.dumps(_tags(frame, _delay(group, frame), now)),
            "frame_number": frame.file.number,
        }
        for frame in frames
    ]  # fmt: skip
    for start in range(0, len(balls), 1000):
        Ball.insert_many(balls[start : start + 1000]).execute()


def _tags(frame: StoredFrame, delay_ms: float | None, now: int) -> dict[str, str]:
    extension = Path(frame.file.name).suffix.removeprefix(".") or "bin"
    tags = {
        "fullname": frame.file.name,
        "extension": extension,
        "frame_number": frame.file.number_text,
        "updated_at": str(now),
    }
    if delay_ms is not None:
        tags["delay_ms"] = f"{delay_ms:g}"
    return tags


def _free_ball_id(bucket: int, group: Group) -> str:
    taken = Item.select().where(Item.bucket == bucket)
    if group.ball_id is not None:
        other = taken.where(Item.ball_id == group.ball_id).first()
        if other is not None:
            where = "in the trash" if other.removed_at is not None else "in this bucket"
            name = Bucket.get_by_id(bucket).name
            raise UserError(
                f"'{name}/{group.ball_id}' already holds other frames ({where}). Nothing was "
                "changed; choose another name (ball_id)."
            )
        return group.ball_id
    words = re.findall(r"[A-Za-z0-9]+", group.name or group.folder.name)
    base = "-".join(words) or "frames"
    number = 1
    while True:
        candidate = base if number == 1 else f"{base}-{number}"
        if not taken.where(Item.ball_id == candidate).exists():
            return candidate
        number += 1


def _summary(group: Group, frames: list[StoredFrame], facts: MediaFacts) -> str | None:
    parts: list[str] = []
    if facts.damaged:
        parts.append(facts.damaged)
    numbers = [frame.file.number for frame in frames]
    absent = numbers[-1] - numbers[0] + 1 - len(numbers)
    if absent > 0:
        parts.append(f"{absent} frame numbers between {numbers[0]} and {numbers[-1]} are missing.")
    if group.left_out:
        shown = ", ".join(f"{name} ({why})" for name, why in group.left_out[:3])
        more = len(group.left_out) - 3
        parts.append(f"Left out: {shown}" + (f" and {more} more." if more > 0 else "."))
    return " ".join(parts) or None


def _report(frames: list[StoredFrame], on_ball: OnBall | None) -> None:
    if on_ball is not None:
        for number, frame in enumerate(frames, 1):
            on_ball(number, len(frames), frame.key)


def group_balls(item_id: int) -> Any:
    """The balls of a group in playing order: by number, those without one last, by key."""
    return (
        Ball.select()
        .where(Ball.item == item_id)
        .order_by(Ball.frame_number.is_null(), Ball.frame_number, Ball.key)
    )
