"""Balls and answers as MictlanX clients know them, peers' and routers' fields in one.

Their models ignore fields they do not know, so one answer serves both. ``service_time`` is an
integer in everything about metadata and a float in what follows bytes.
"""

from typing import Any

from vidcache_gui.core.records import Ball

PEER = "vidcache"  # what this peer is called


def metadata(ball: Ball) -> dict[str, Any]:
    return {
        "key": ball.key,
        "size": ball.size,
        "checksum": ball.checksum,
        "tags": ball.tags,
        "content_type": ball.content_type,
        "producer_id": ball.producer_id,
        "ball_id": ball.ball_id,
        "bucket_id": ball.bucket,
        "is_disabled": ball.is_disabled,
        "is_disable": ball.is_disabled,
    }


def announced(bucket: str, key: str, task: str) -> dict[str, Any]:
    """The answer to metadata that was put."""
    return {
        "key": key, "bucket_id": bucket, "service_time": 0, "task_id": task,
        "tasks_ids": [task], "node_id": PEER, "replicas": [PEER], "extra": {},
    }  # fmt: skip


def put(ball: Ball, seconds: float) -> dict[str, Any]:
    """The answer to bytes that are stored."""
    return {
        "node_id": PEER, "peer_ids": [PEER], "combined_key": f"{ball.bucket}@{ball.key}",
        "bucket_id": ball.bucket, "key": ball.key, "size": ball.size,
        "throughput": ball.size / max(seconds, 1e-6), "service_time": seconds,
    }  # fmt: skip


def found(ball: Ball) -> dict[str, Any]:
    return {
        "service_time": 0, "peer_id": PEER, "local_peer_id": PEER, "metadata": metadata(ball),
    }  # fmt: skip
