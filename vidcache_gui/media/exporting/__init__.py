"""Frames out again: which, in what order, how long each, and in which format."""
