"""The pictures of an export, one after the other, in any order, in little memory."""

from collections.abc import Iterator, Sequence
from typing import Any

from PIL import Image

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import UserError
from vidcache_gui.media.exporting.choices import Background, Missing
from vidcache_gui.media.exporting.exact import Exact
from vidcache_gui.media.exporting.timeline import Step
from vidcache_gui.media.pixels import fit
from vidcache_gui.media.types import Frame, FrameSource

WINDOW_BYTES = 128_000_000  # decoded frames kept while going backwards


class Reader:
    """Iterate for (picture, step): Pillow images, RGB or RGBA with straight alpha, all of
    the shape ``size``. Count of what could not be read: ``missing``."""

    def __init__(
        self,
        source: FrameSource,
        exact: Exact | None,
        steps: Sequence[Step],
        token: CancelToken,
        *,
        size: tuple[int, int] | None,
        enlarge: bool,
        missing: Missing,
        opaque_on: Background | None,
    ) -> None:
        """``opaque_on``: what transparent pixels are laid on; None: they stay."""
        self._source = source
        self._steps = steps
        self._token = token
        self._limit = size
        self._missing = missing
        self._on = opaque_on
        self.size = target_size(source.width, source.height, size, enlarge)
        whole = self.size == (source.width, source.height)
        self._exact = exact if whole else None
        self.lost: set[int] = set()
        self.reason = ""

    def __iter__(self) -> Iterator[tuple[Any, Step]]:
        held: Any = None
        waiting: list[Step] = []  # before the first frame that can be read
        for step, picture in self._decoded():
            if picture is None:
                self.lost.add(step.index)
                if self._missing is Missing.FAIL:
                    raise UserError(self.reason)
                if self._missing is Missing.SKIP:
                    continue
                if self._missing is Missing.BLANK:
                    picture = self._blank()
                elif held is None:
                    waiting.append(step)
                    continue
                else:
                    picture = held
            held = picture
            for earlier in waiting:
                yield picture, earlier
            waiting.clear()
            yield picture, step
        if held is None:
            raise UserError(f"None of these frames could be read. {self.reason}".strip())

    def _decoded(self) -> Iterator[tuple[Step, Any]]:
        """Every step with its picture, or None where it cannot be read."""
        for run, backwards in _runs(self._steps):
            if not backwards:
                yield from self._forward(run)
                continue
            room = max(1, WINDOW_BYTES // (self.size[0] * self.size[1] * 4))
            end = len(run)  # ``run`` rises; its end comes first
            while end > 0:
                key = self._source.keyframe_before(run[end - 1].index)
                begin = end
                while begin > 0 and end - begin < room and run[begin - 1].index >= key:
                    begin -= 1
                window = list(self._forward(run[begin:end]))
                while window:
                    yield window.pop()
                end = begin

    def _forward(self, run: Sequence[Step]) -> Iterator[tuple[Step, Any]]:
        frames = self._frames(run[0].index, run[-1].index)
        index, picture = -1, None
        for step in run:
            if index != step.index:
                index, decoded = next(found for found in frames if found[0] == step.index)
                picture = None if decoded is None else self._fitted(decoded)
            yield step, picture

    def _frames(self, first: int, last: int) -> Iterator[tuple[int, Any]]:
        """Every index with what was decoded, or None; goes on behind what is damaged."""
        at = first
        while at <= last:
            began = at
            try:
                for index, decoded in self._decode(at, last):
                    self._token.check()
                    if index < at:
                        continue
                    while at < index:
                        self._note(at)
                        yield at, None
                        at += 1
                    yield at, decoded
                    at += 1
            except UserError as error:
                self.reason = str(error)
            if at > last:
                return
            stuck = at == began
            self._note(at)
            yield at, None
            at += 1
            while stuck and at <= last and self._source.keyframe_before(at) < at:
                yield at, None  # nothing can be decoded from here on to the next keyframe
                at += 1

    def _note(self, at: int) -> None:
        self._token.check()
        self.reason = self.reason or f"Frame {at:,} could not be read."

    def _decode(self, first: int, last: int) -> Iterator[tuple[int, Any]]:
        if self._exact is not None:
            yield from self._exact.frames(first, last)
            return
        for frame in self._source.frames(first, last, self._limit, prefix=False):
            yield frame.index, frame

    def _fitted(self, decoded: Any) -> Any:
        image = to_image(decoded) if isinstance(decoded, Frame) else decoded
        if image.size != self.size:
            transparent = image.mode == "RGBA"
            image = image.convert("RGBa") if transparent else image
            image = image.resize(self.size, Image.Resampling.LANCZOS)
            image = image.convert("RGBA") if transparent else image
        if self._on is not None and image.mode == "RGBA":
            ground = Image.new("RGBA", image.size, self._on.value)
            image = Image.alpha_composite(ground, image).convert("RGB")
        return image

    def _blank(self) -> Any:
        if self._source.has_alpha and self._on is None:
            return Image.new("RGBA", self.size)
        return Image.new("RGB", self.size, (self._on or Background.BLACK).value)


def target_size(
    width: int, height: int, size: tuple[int, int] | None, enlarge: bool = False
) -> tuple[int, int]:
    """The size of the result; small footage grows only if it may."""
    if size is None or not enlarge or (width >= size[0] or height >= size[1]):
        return fit(width, height, size)
    scale = min(size[0] / width, size[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def to_image(frame: Frame) -> Any:
    """A decoded frame as a Pillow image: RGB, or RGBA with straight alpha."""
    image = Image.frombuffer(
        "RGBA", (frame.width, frame.height), frame.data, "raw", "BGRA", frame.stride, 1
    )
    if not frame.has_alpha:
        return image.convert("RGB")
    return Image.merge("RGBa", image.split()).convert("RGBA")


def _runs(steps: Sequence[Step]) -> Iterator[tuple[list[Step], bool]]:
    """Parts in which the frame numbers never fall, and parts in which they never rise; the
    latter turned round (True)."""
    begin = 0
    while begin < len(steps):
        end, falling = begin + 1, None
        while end < len(steps):
            change = steps[end].index - steps[end - 1].index
            if change and falling is None:
                falling = change < 0
            elif change and (change < 0) != falling:
                break
            end += 1
        part = list(steps[begin:end])
        yield (part[::-1], True) if falling else (part, False)
        begin = end
