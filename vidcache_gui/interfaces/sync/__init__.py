"""Synchronising with what is reached over a network, and telling what two names mean."""
