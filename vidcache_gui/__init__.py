"""VidCache: an archive manager for videos, GIFs and frame sequences."""

__version__ = "0.1.0"

import os

# Our matrices are small: the threads numpy's BLAS starts for them only wait for each other, and
# burn a processor while they do. It reads this once, when numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
