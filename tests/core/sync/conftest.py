"""Fixtures of this folder."""

from tests.workers import shared_workers, workers

__all__ = ["shared_workers", "workers"]
