"""Which footage shows the same: numbers only. Knows fingerprints, no library and no window."""
