"""The window: Qt model/view over the core. The only package that imports PySide6."""
