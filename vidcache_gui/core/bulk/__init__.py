"""Named jobs of many single things to do: put, fetch, export, tag, delete."""
