"""The preview of the published example: matplotlib, one imshow, set_data for every frame.

Run by ``pacing --matplotlib-python`` in an environment that has matplotlib and Pillow; prints
the CPU ms per frame of the first lap and of later ones, whose pictures are decoded already.

    python matplotlib_preview.py FOLDER LAPS
"""

import io
import sys
import time
from pathlib import Path


def main() -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from PIL import Image

    folder, laps = Path(sys.argv[1]), int(sys.argv[2])
    paths = sorted(folder.glob("frame_*"), key=lambda path: int(path.name.rsplit("_", 1)[1]))
    chunks = [path.read_bytes() for path in paths]
    figure, axes = plt.subplots()
    axes.axis("off")
    shown = axes.imshow(Image.open(io.BytesIO(chunks[0])).convert("RGB"))
    figure.canvas.draw()
    pictures = []
    for lap in range(laps):
        began = time.process_time()
        for at, chunk in enumerate(chunks):
            if lap == 0:
                pictures.append(Image.open(io.BytesIO(chunk)).convert("RGB"))
            shown.set_data(pictures[at])
            figure.canvas.draw()
        print((time.process_time() - began) / len(chunks) * 1000)


if __name__ == "__main__":
    main()
