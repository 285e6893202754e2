"""Browsing: the item model, the grid, the detail list, the sidebar and the search bar."""
