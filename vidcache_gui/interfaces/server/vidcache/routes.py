"""Which path does what. Literal paths stand before those with places in them."""

from starlette.routing import Route

from vidcache_gui.interfaces.server.vidcache import listing, reading, uploads

ROUTES = [
    Route("/upload/init", uploads.upload_init, methods=["POST"]),
    Route("/upload/{upload_id}", uploads.upload, methods=["POST"]),
    Route("/ingest", uploads.ingest, methods=["POST"]),
    Route("/download", uploads.download, methods=["POST"]),
    Route("/browse/buckets", listing.buckets),
    Route("/browse/prefixes", listing.prefixes),
    Route("/browse", listing.browse),
    Route("/resolve", reading.resolve),
    Route("/meta/{hash}", reading.meta),
    Route("/video/{hash}", reading.video),
    Route("/video/{hash}", reading.delete, methods=["DELETE"]),
    Route("/cache/resolve", reading.resolve),
    Route("/cache/lookup", reading.lookup),
    Route("/cache/search", listing.search),
    Route("/cache/meta/{hash}", reading.meta),
    Route("/cache/{hash}", reading.video),
    Route("/cache/{hash}", reading.delete, methods=["DELETE"]),
]
