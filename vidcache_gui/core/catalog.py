"""The catalog's tables as peewee models. Rows stay inside core; records leave it."""

import peewee
from peewee import (
    SQL,
    AutoField,
    BlobField,
    BooleanField,
    CompositeKey,
    FloatField,
    ForeignKeyField,
    IntegerField,
    Model,
)

from vidcache_gui.core.database import CurrentDatabase

# File names are bytes. Python gives the ones that are not UTF-8 as lone surrogates, which no
# database stores; 128 code points that nobody uses stand for them, and only in the database.
TO_STORED = {0xDC80 + byte: 0x10FE80 + byte for byte in range(128)}
FROM_STORED = {stored: name for name, stored in TO_STORED.items()}


def stored_text(text: str) -> str:
    """Any text that names a file, as text that can be stored."""
    return text if text.isascii() else text.translate(TO_STORED)


class TextField(peewee.TextField):  # type: ignore[misc]
    """Text that gives any file name back as it was."""

    def db_value(self, value: object) -> object:
        text = super().db_value(value)
        return stored_text(text) if isinstance(text, str) else text

    def python_value(self, value: object) -> object:
        if isinstance(value, str) and not value.isascii():
            return value.translate(FROM_STORED)
        return value


class Table(Model):  # type: ignore[misc]
    class Meta:
        database = CurrentDatabase()
        legacy_table_names = False


class Info(Table):
    """Facts about the library itself: its id and name."""

    key = TextField(primary_key=True)
    value = TextField()


class Blob(Table):
    """One immutable byte string, named by its BLAKE3."""

    hash = TextField(primary_key=True)
    size = IntegerField()
    sha256 = TextField(null=True)
    added_at = IntegerField()


class Bucket(Table):
    id = AutoField()
    name = TextField(unique=True)


class Item(Table):
    """What the browser shows; a video, animation or picture points to one blob by ``hash``."""

    id = AutoField()
    kind = TextField()
    hash = TextField()
    name = TextField()
    name_key = TextField()  # natural order: folded case, numbers padded
    bucket = ForeignKeyField(Bucket)
    prefix = TextField()
    size = IntegerField()
    added_at = IntegerField()
    ball_id = TextField(null=True)
    width = IntegerField()
    height = IntegerField()
    frame_count = IntegerField()
    duration = FloatField(null=True)
    length = FloatField()  # duration for sorting; never null
    delay_ms = FloatField(null=True)
    fps = FloatField(null=True)
    codec = TextField()
    mime = TextField()
    damaged = TextField(null=True)
    removed_at = IntegerField(null=True)
    meta = TextField(null=True)  # JSON
    bookmarks = TextField(null=True)  # JSON: [[frame, note], …], ascending
    delays = TextField(null=True)  # JSON: {frame: milliseconds}, of single frames, by people


class Video(Table):
    """Media facts of a stored file, beyond what a list shows."""

    item = ForeignKeyField(Item, primary_key=True, on_delete="CASCADE", backref="video")
    container = TextField()
    pixel_format = TextField()
    bit_rate = IntegerField(null=True)
    rotation = IntegerField()
    has_audio = BooleanField()
    has_alpha = BooleanField()
    checked_frames = IntegerField()
    extension = TextField()
    extra = TextField()  # JSON


class FrameIndexRow(Table):
    """The exact frame index of some content, kept by content hash."""

    hash = TextField(primary_key=True)
    data = BlobField()

    class Meta:
        table_name = "frame_index"


class Alias(Table):
    """Another known source of an item's content."""

    id = AutoField()
    item = ForeignKeyField(Item, on_delete="CASCADE")
    source = TextField()
    kind = TextField()
    first_seen = IntegerField()
    last_seen = IntegerField()


class Tag(Table):
    item = ForeignKeyField(Item, on_delete="CASCADE")
    name = TextField()

    class Meta:
        primary_key = CompositeKey("item", "name")


class Ball(Table):
    """One stored datum of a group: a frame."""

    id = AutoField()
    bucket = ForeignKeyField(Bucket)
    ball_id = TextField()
    key = TextField()
    item = ForeignKeyField(Item, null=True, on_delete="CASCADE")
    blob = ForeignKeyField(Blob, column_name="hash", object_id_name="blob_id")
    size = IntegerField()
    checksum = TextField()
    content_type = TextField()
    producer_id = TextField()
    tags = TextField()  # JSON object of strings
    frame_number = IntegerField(null=True)
    is_disabled = BooleanField(default=False)


class Growing(Table):
    """Groups whose balls changed since they were last looked at."""

    item = ForeignKeyField(Item, primary_key=True, on_delete="CASCADE")


class Job(Table):
    id = AutoField()
    state = TextField()
    title = TextField()
    options = TextField()  # JSON
    created_at = IntegerField()
    finished_at = IntegerField(null=True)
    owner = TextField(null=True)  # run token of the process working on it


class JobSource(Table):
    id = AutoField()
    job = ForeignKeyField(Job, on_delete="CASCADE")
    source = TextField()
    kind = TextField()  # auto | file | frames | url
    state = TextField()  # waiting | done
    size = IntegerField()
    status = TextField(null=True)
    reason = TextField(null=True)
    hash = TextField(null=True)
    name = TextField(null=True)
    item_id = IntegerField(null=True)
    phash_distance = IntegerField(null=True)
    duplicate_of = TextField(null=True)
    look_alike = TextField(null=True)
    remembered = TextField(null=True)


class BulkJobRow(Table):
    """A named job of many single things to do."""

    id = AutoField()
    name = TextField(unique=True)
    state = TextField()  # a JobState
    concurrency = IntegerField()
    stop_on_failure = BooleanField()
    closed = BooleanField(default=False)  # nothing more is added to it
    created_at = IntegerField()
    finished_at = IntegerField(null=True)
    seconds = FloatField(default=0.0)  # worked on it, by all processes
    owner = TextField(null=True)  # run token of the process working on it
    note = TextField(null=True)  # why it stopped by itself
    step = IntegerField(null=True)  # the entry of the journal its changes go to

    class Meta:
        table_name = "bulk_job"


class BulkItemRow(Table):
    """One thing to do, and what became of it."""

    id = AutoField()
    job = ForeignKeyField(BulkJobRow, on_delete="CASCADE")
    identity = TextField()  # of what is to be done: the same is done once in a job
    action = TextField()
    label = TextField()  # what it is about, for people
    options = TextField()  # JSON
    line = IntegerField(null=True)  # of the manifest
    state = TextField(default="waiting")  # waiting | done
    status = TextField(null=True)  # a BulkStatus
    reason = TextField(null=True)
    size = IntegerField(default=0)  # bytes moved
    item_id = IntegerField(null=True)
    path = TextField(null=True)  # what was written
    made = TextField(null=True)  # which file that is, noted before it gets its name

    class Meta:
        table_name = "bulk_item"


class Journal(Table):
    """One undoable change: how to make it and how to unmake it."""

    id = AutoField()
    at = IntegerField()
    label = TextField()
    forward = TextField()  # JSON patch
    backward = TextField()  # JSON patch
    undone = BooleanField(default=False)
    settled = IntegerField(default=0)  # groups of the review queue that it settled


class Change(Table):
    """The feed that lets every open window follow every writer, other processes included."""

    seq = AutoField()
    item_id = IntegerField()
    what = TextField()  # added | removed | updated | matched


class FingerprintRow(Table):
    """What a content looks like. Triggers make a row for every item's content; it stays when
    the content is deleted for good, so that it is recognised when it comes back."""

    id = AutoField()  # its number in the search index
    hash = TextField(unique=True)
    present = BooleanField(default=True)  # some item, in the trash or not, has this content
    state = TextField(default="waiting")  # waiting | ready | failed
    version = IntegerField(default=0)
    stamp = IntegerField(null=True)  # counts up with every fingerprint that becomes ready
    checked_version = IntegerField(null=True)  # compared with all others, at this version
    reason = TextField(null=True)  # why it failed: a plain sentence
    stream = TextField(null=True)
    data = BlobField(null=True)

    class Meta:
        table_name = "fingerprint"


class MatchRow(Table):
    """Two contents that show the same. Triggers keep ``shown`` and ``verdict`` true."""

    id = AutoField()
    hash_a = TextField()
    hash_b = TextField()
    relation = TextField()
    tier = TextField()
    found_relation = TextField()  # what the comparison said, before families and limits
    found_tier = TextField()
    score = FloatField()
    doubt = FloatField()  # 1 - score, so that pages go up in every column they are sorted by
    coverage_a = FloatField()
    coverage_b = FloatField()
    data = TextField()  # JSON: segments and reasons
    found_at = IntegerField()
    round = IntegerField()  # of comparing everything: what an older one found may be out of date
    shown = BooleanField(default=False)  # both are in the library and not in the trash
    verdict = TextField(null=True)  # a copy of the decision's

    class Meta:
        table_name = "match"


class DecisionRow(Table):
    """What people said of two contents; kept for ever."""

    hash_a = TextField()
    hash_b = TextField()
    verdict = TextField()
    at = IntegerField()

    class Meta:
        table_name = "decision"
        primary_key = CompositeKey("hash_a", "hash_b")


class FamilyRow(Table):
    """A named segment that many contents share."""

    id = AutoField()
    name = TextField()
    seconds = FloatField()

    class Meta:
        table_name = "family"


class FamilyMemberRow(Table):
    id = AutoField()
    family = ForeignKeyField(FamilyRow, on_delete="CASCADE")
    hash = TextField()
    start = FloatField()
    end = FloatField()

    class Meta:
        table_name = "family_member"


class Memory(Table):
    """Contents that were deleted for good."""

    hash = TextField(primary_key=True)
    name = TextField()
    deleted_at = IntegerField()


class SkipRow(Table):
    """A group of the review queue that was put to its end."""

    key = TextField(primary_key=True)
    at = IntegerField()

    class Meta:
        table_name = "review_skip"


class ReviewDirtyRow(Table):
    """A content whose matches changed since the queue was laid out. Triggers write it."""

    hash = TextField(primary_key=True)

    class Meta:
        table_name = "review_dirty"


class ReviewGroupRow(Table):
    """A group of the review queue; derived from the matches, see core/review/groups.py."""

    lane = TextField()  # a tier, or "shared"
    keeper = TextField()
    relation = IntegerField()  # of the surest member, by its place in Relation
    doubt = FloatField()
    skipped_at = IntegerField(default=0)

    class Meta:
        table_name = "review_group"
        primary_key = CompositeKey("lane", "keeper")


class ReviewMemberRow(Table):
    """Which keeper a content is under; its own hash for a keeper, which has no match."""

    lane = TextField()
    hash = TextField()
    keeper = TextField()
    match = IntegerField(null=True)
    relation = IntegerField(null=True)
    doubt = FloatField(null=True)
    likeness = FloatField(null=True)  # of the two lengths: the shorter by the longer
    size = IntegerField(default=0)

    class Meta:
        table_name = "review_member"
        primary_key = CompositeKey("lane", "hash")


class ArrivalRow(Table):
    """A content that came in and was not compared yet: rules act when it is."""

    hash = TextField(primary_key=True)

    class Meta:
        table_name = "review_arrival"


class RuleRow(Table):
    name = TextField(primary_key=True)
    data = TextField()  # TOML

    class Meta:
        table_name = "review_rule"


class QualityRow(Table):
    """What was measured of two contents; it can be measured again."""

    hash_a = TextField()
    hash_b = TextField()
    stamp = TextField()  # of the way it is measured, and of where
    data = TextField()  # JSON

    class Meta:
        table_name = "quality"
        primary_key = CompositeKey("hash_a", "hash_b")


ALL = (
    Info, Blob, Bucket, Item, Video, FrameIndexRow, Alias, Tag, Ball, Job, JobSource, Journal,
    Change, FingerprintRow, MatchRow, DecisionRow, FamilyRow, FamilyMemberRow, Memory,
    SkipRow, ReviewDirtyRow, ReviewGroupRow, ReviewMemberRow, ArrivalRow, RuleRow,
    QualityRow, Growing, BulkJobRow, BulkItemRow,
)  # fmt: skip

NOCASE = SQL("COLLATE NOCASE")
