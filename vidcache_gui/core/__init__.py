"""The archive: catalog, blobs, ingest, undo. No Qt, no printing."""
