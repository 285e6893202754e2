"""Deciding by looking: the queue, the pair, what differs, and what to do about it."""
