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


class Journal(Table):
    """One undoable change: how to make it and how to unmake it."""

    id = AutoField()
    at = IntegerField()
    label = TextField()
    forward = TextField()  # JSON patch
    backward = TextField()  # JSON patch
    undone = BooleanField(default=False)


class Change(Table):
    """The feed that lets every open window follow every writer, other processes included."""

    seq = AutoField()
    item_id = IntegerField()
    what = TextField()  # added | removed | updated


ALL = (
    Info, Blob, Bucket, Item, Video, FrameIndexRow, Alias, Tag, Ball, Job, JobSource, Journal,
    Change,
)  # fmt: skip

NOCASE = SQL("COLLATE NOCASE")
