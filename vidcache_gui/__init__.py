"""VidCache: an archive manager for videos, GIFs and frame sequences."""

__version__ = "0.1.0"
