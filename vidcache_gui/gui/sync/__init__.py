"""The window's dialog for synchronising with another library, a folder or a server."""
