"""The frame player: logic without widgets (playhead, cache, decoder) and thin widgets."""
