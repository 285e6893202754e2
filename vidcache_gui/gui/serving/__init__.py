"""The switch of the local server: what it exposes and to whom, and what is asked of it."""
