"""Bringing in: the drop target, the add dialog and the activity panel."""
