"""What a remote lists, as items that the grid can show."""

from dataclasses import dataclass, replace
from datetime import datetime

from vidcache_gui.core.records import Item
from vidcache_gui.interfaces.remotes.groups import Group
from vidcache_gui.interfaces.remotes.layout import GroupKind
from vidcache_gui.interfaces.remotes.records import RemoteBall, RemoteFile
from vidcache_gui.media.types import Kind

ENDINGS = {
    Kind.VIDEO: ("mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "ts", "ogv", "flv"),
    Kind.ANIMATION: ("gif", "apng"),
    Kind.IMAGE: ("png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff", "avif"),
}


@dataclass(frozen=True, slots=True)
class Far:
    """A row: ``item`` is for the eyes (its id is the row's number), the rest says where it is."""

    item: Item
    file: RemoteFile | None = None  # else a group
    first: RemoteBall | None = None  # of a group: the one whose picture stands for it

    @property
    def ball_id(self) -> str:
        return self.item.ball_id or ""

    def at(self, row: int) -> "Far":
        return replace(self, item=replace(self.item, id=row))


def of_file(file: RemoteFile) -> Far:
    item = Item(
        0, kind_of(file.mime, file.name), file.hash, file.name, file.bucket, file.prefix,
        file.size, added_at(file.created_at), duration=file.duration, mime=file.mime,
    )  # fmt: skip
    return Far(item, file=file)


def of_group(bucket: str, group: Group, first: RemoteBall) -> Far:
    kind, name, count = Kind.DATA, group.name or group.ball_id, 0
    if group.kind is GroupKind.SEQUENCE:
        kind, count = Kind.FRAMES, group.parts
    elif group.kind is GroupKind.FILE:
        kind = kind_of(group.mime, group.name)
    else:
        count = group.parts
    item = Item(
        0, kind, f"{bucket}/{group.ball_id}", name, bucket, "", group.size, group.updated_at,
        ball_id=group.ball_id, frame_count=count, mime=group.mime,
    )  # fmt: skip
    return Far(item, first=first)


def kind_of(mime: str, name: str) -> Kind:
    """What its server or its name says it is; only looking at the bytes would tell."""
    if mime == "image/gif":
        return Kind.ANIMATION
    for start, kind in (("video/", Kind.VIDEO), ("image/", Kind.IMAGE)):
        if mime.startswith(start):
            return kind
    ending = name.rpartition(".")[2].casefold()
    return next((kind for kind, known in ENDINGS.items() if ending in known), Kind.DATA)


def added_at(text: str) -> int:
    """Milliseconds of an ISO 8601 time; 0 where it is none."""
    try:
        return max(0, round(datetime.fromisoformat(text).timestamp() * 1000))
    except (ValueError, OverflowError, OSError):
        return 0
