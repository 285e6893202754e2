"""Ranges of frames as something new: a file outside, or an item of the library."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.footage import whole
from vidcache_gui.core.groups import Group, put_group
from vidcache_gui.core.intake import Intake, Target
from vidcache_gui.core.records import Item, SourceResult
from vidcache_gui.media.exporting.choices import SUFFIX_OF, Choices, Exported, Format
from vidcache_gui.media.hashing import copy_and_hash
from vidcache_gui.media.types import Kind

if TYPE_CHECKING:
    from vidcache_gui.media.joined import Where
    from vidcache_gui.media.types import FrameSource

OnFrame = Callable[[int, int, int], None]  # (frames done, frames in all, bytes so far)


class Exports:
    """What :class:`core.library.Library` makes of ranges of frames."""

    _intake: Intake
    _blobs: BlobStore

    def open_source(self, item: Item, delay_ms: float | None = None) -> "FrameSource":
        raise NotImplementedError

    def export_frames(
        self,
        item: Item,
        destination: str | Path,
        choices: Choices,
        *,
        format: Format | None = None,
        overwrite: bool = False,
        token: CancelToken | None = None,
        on_frame: OnFrame | None = None,
    ) -> Exported:
        """Write a range of frames outside the library, see :func:`media.export.export_frames`.

        Delays are those in force: the ones people gave to frames, else the stored ones.
        """
        from vidcache_gui.media.export import export_frames

        source = self.open_source(item)
        try:
            return export_frames(
                source, Path(destination).expanduser(), choices, format=format,
                original=self.original(item), overwrite=overwrite, token=token,
                on_frame=on_frame,
            )  # fmt: skip
        finally:
            source.close()

    def keep_frames(
        self,
        item: Item,
        choices: Choices,
        format: Format,
        *,
        name: str | None = None,
        target: Target | None = None,
        token: CancelToken | None = None,
        on_frame: OnFrame | None = None,
    ) -> SourceResult:
        """Bring a range of frames in as a new item; ``Format.FRAMES``: as a new group.

        The same bytes are never stored twice: what is here already is answered with
        ``duplicate``. Where it came from is remembered as ``export:HASH#frames=FIRST-LAST``.
        ``target``: None puts it beside the item.
        """
        token = token or CancelToken()
        target = target or Target(item.bucket, item.prefix)
        name = name or default_name(item, choices, format)
        last = item.frame_count - 1 if choices.last is None else choices.last
        origin = f"export:{item.hash}#frames={choices.first}-{last}"
        with tempfile.TemporaryDirectory(dir=self._blobs.temporary) as temporary:
            made = Path(temporary) / f"frames{SUFFIX_OF[format]}"
            if format is Format.FRAMES:
                choices = replace(choices, from_zero=True)
            exported = self.export_frames(
                item, made, choices, format=format, token=token, on_frame=on_frame
            )
            if format is Format.FRAMES:
                files = sorted(os.listdir(made))
                delays = dict(zip(files, exported.delays_ms, strict=True))
                group = Group(origin, made, target, name=name, delays=delays)
                result = put_group(self._intake, group, token=token, on_bytes=lambda _: None)
            else:
                result = self._take_in(made, origin, name, target, token)
        notes = (*exported.notes, result.reason) if result.reason else exported.notes
        return replace(result, reason=" ".join(notes) or None)

    def _take_in(
        self, made: Path, origin: str, name: str, target: Target, token: CancelToken
    ) -> SourceResult:
        draft = self._blobs.draft(made.stat().st_size)
        try:
            with made.open("rb") as file:
                digests = copy_and_hash(file, draft.file, token=token, on_bytes=lambda _: None)
            return self._intake.settle(draft, digests, origin, name, target, token, None)
        finally:
            draft.discard()

    def original(self, item: Item) -> "Where | None":
        """The file whose own picture data can be copied, whole or in parts."""
        if item.kind not in (Kind.ANIMATION, Kind.IMAGE):
            return None
        with self._intake.database.read():
            return whole(item, self._blobs.path)


def default_name(item: Item, choices: Choices, format: Format) -> str:
    """What a range of an item is called: ``clip 10-50.gif``; just ``clip.gif`` for all."""
    stem = item.name
    if item.kind is not Kind.FRAMES:
        stem = os.path.splitext(item.name)[0] or item.name
    last = item.frame_count - 1 if choices.last is None else choices.last
    if choices.first == last and item.frame_count > 1:
        stem = f"{stem} {last}"
    elif choices.first > 0 or last < item.frame_count - 1:
        stem = f"{stem} {choices.first}-{last}"
    return stem + SUFFIX_OF[format]
