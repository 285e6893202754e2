"""Which items show the same footage: finding, looking at why, deciding."""
