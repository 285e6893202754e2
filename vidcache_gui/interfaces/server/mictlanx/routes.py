"""Which path does what. Literal paths stand before those with places in them."""

from starlette.routing import Route

from vidcache_gui.interfaces.server.mictlanx import changing, putting, reading, statistics

_POST = ["POST"]
_DELETE = ["DELETE"]
_V4 = "/api/v4"

ROUTES = [
    Route(f"{_V4}/buckets/{{bucket}}/metadata", putting.put_metadata, methods=_POST),
    Route(f"{_V4}/buckets/data/{{task_id}}", putting.put_data, methods=_POST),
    Route(f"{_V4}/buckets/data/{{task_id}}/chunked", putting.put_chunked, methods=_POST),
    Route(f"{_V4}/u/buckets/{{bucket}}/{{key}}", putting.update_metadata, methods=_POST),
    Route(f"{_V4}/tasks", putting.drop_tasks, methods=_DELETE),
    Route(f"{_V4}/buckets/{{bucket}}/metadata", reading.get_bucket),
    Route(f"{_V4}/buckets/{{bucket}}/metadata/{{key}}", reading.get_metadata),
    Route(f"{_V4}/buckets/{{bucket}}/metadata/{{key}}/group", reading.get_group),
    Route(f"{_V4}/buckets/{{bucket}}/metadata/{{key}}/chunks", reading.get_chunks),
    Route(f"{_V4}/buckets/{{bucket}}/{{key}}/size", reading.get_size),
    Route(f"{_V4}/buckets/{{bucket}}/{{key}}/merge", reading.merge),
    Route(f"{_V4}/buckets/{{bucket}}/{{key}}/disable", changing.disable, methods=_POST),
    Route(f"{_V4}/buckets/{{bucket}}/{{key}}/replicate", changing.replicate, methods=_POST),
    Route(f"{_V4}/buckets/{{bucket}}/bid/{{ball_id}}", changing.delete_group, methods=_DELETE),
    Route(f"{_V4}/buckets/{{bucket}}/{{key}}", reading.get_data),
    Route(f"{_V4}/buckets/{{bucket}}/{{key}}", changing.delete, methods=_DELETE),
    Route(f"{_V4}/stats", statistics.stats),
    Route(f"{_V4}/stats/ufs", statistics.usage),
    Route(f"{_V4}/peers/stats", statistics.peers_stats),
    Route(f"{_V4}/peers/state", statistics.peers_state),
    Route(f"{_V4}/balls/len", statistics.count),
    Route(f"{_V4}/xballs", statistics.balls),
    Route(f"{_V4}/xballs/size", statistics.sizes),
    Route(f"{_V4}/nodes", statistics.add_node, methods=_POST),
    Route(f"{_V4}/xpeers", statistics.add_peers, methods=_POST),
]
