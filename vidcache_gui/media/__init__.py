"""Bytes and pixels. Knows no library, no catalog and no window."""
