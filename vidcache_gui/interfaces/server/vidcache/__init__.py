"""The vidcache REST protocol, in the three generations that are public."""
