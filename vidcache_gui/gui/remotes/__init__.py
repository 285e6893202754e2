"""Other servers in the window: looked at, played from, copied from and to."""
