"""What a piece of footage looks like, small enough to keep for ever and to compare at once."""
