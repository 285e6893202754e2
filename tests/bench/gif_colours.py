"""How 256 colours are best chosen for a GIF frame: nearness to the original, bytes, CPU time.

``python -m tests.bench.gif_colours VIDEO …`` prints one line a method: PSNR of the pixels,
PSNR as seen from where dots blend (both blurred), bytes and CPU time of a frame, the last
two as ratios to the first method.
"""

import io
import sys
import time
from collections.abc import Callable
from typing import Any

import av
import numpy as np
from PIL import Image, ImageFilter

METHODS: dict[str, Callable[[Any, Any], Any]] = {
    "octree a frame, diffused": lambda image, _: _diffused(image, Image.Quantize.FASTOCTREE),
    "octree a frame": lambda image, _: image.quantize(256, Image.Quantize.FASTOCTREE),
    "median cut a frame, diffused": lambda image, _: _diffused(image, Image.Quantize.MEDIANCUT),
    "median cut a frame": lambda image, _: image.quantize(256, Image.Quantize.MEDIANCUT),
    "coverage a frame, diffused": lambda image, _: _diffused(image, Image.Quantize.MAXCOVERAGE),
    "one palette, diffused": lambda image, palette: image.quantize(palette=palette),
}


def _diffused(image: Any, method: Any) -> Any:
    return image.quantize(palette=image.quantize(256, method))


def frames_of(path: str, count: int = 5) -> list[Any]:
    found = []
    with av.open(path) as container:
        for at, frame in enumerate(container.decode(video=0)):
            if at % 8 == 0:
                found.append(frame.to_image().resize((320, 240)))
            if len(found) == count:
                break
    return found


def psnr(one: Any, other: Any) -> float:
    error = ((np.asarray(one, float) - np.asarray(other, float)) ** 2).mean()
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


def seen(image: Any) -> Any:
    return image.convert("RGB").filter(ImageFilter.GaussianBlur(1.5))


def size(image: Any) -> int:
    out = io.BytesIO()
    image.save(out, "GIF", optimize=False)
    return len(out.getvalue())


def measure(path: str) -> None:
    frames = frames_of(path)
    joined = Image.new("RGB", (320, 240 * len(frames)))
    for at, frame in enumerate(frames):
        joined.paste(frame, (0, at * 240))
    palette = joined.quantize(256, Image.Quantize.MEDIANCUT)
    print(path)
    first: tuple[float, float] | None = None
    for name, method in METHODS.items():
        started = time.process_time()
        made = [method(frame, palette) for frame in frames]
        spent = time.process_time() - started
        bytes_ = sum(map(size, made))
        first = first or (bytes_, spent)
        exact = np.mean([psnr(a, b.convert("RGB")) for a, b in zip(frames, made, strict=True)])
        blurred = np.mean([psnr(seen(a), seen(b)) for a, b in zip(frames, made, strict=True)])
        print(
            f"  {name:29} pixels {exact:5.1f} dB  seen {blurred:5.1f} dB  "
            f"bytes {bytes_ / first[0]:4.2f}  CPU {spent / first[1]:5.1f}"
        )


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        measure(argument)
