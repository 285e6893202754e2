"""Bulk jobs in the window."""
