"""Frames out of the library: what to choose, how far it is, what came of it."""
