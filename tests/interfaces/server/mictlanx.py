"""A MictlanX client as the published ones speak: one connection per request, their field names."""

import hashlib
from collections.abc import Iterator
from typing import Any

import httpx


class Peer:
    """``put`` in two phases; everything else by path below ``/api/v4``."""

    def __init__(self, address: str) -> None:
        self.base = f"{address}/api/v4"

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return httpx.request(method, self.base + path, timeout=60, **options)

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of an answer that must be fine."""
        answer = self.ask("GET", path, params=params)
        answer.raise_for_status()
        return answer.json()

    def announce(
        self, bucket: str, key: str, data: bytes, /, headers: dict[str, str] | None = None,
        **facts: Any,
    ) -> httpx.Response:  # fmt: skip
        given = {
            "key": key, "size": len(data), "checksum": hashlib.sha256(data).hexdigest(),
            "tags": {}, "producer_id": "client-0", "content_type": "application/octet-stream",
            "ball_id": key, "bucket_id": bucket, "is_disable": False,
        }  # fmt: skip
        return self.ask(
            "POST", f"/buckets/{bucket}/metadata", json={**given, **facts}, headers=headers
        )

    def put(self, bucket: str, key: str, data: bytes, **facts: Any) -> httpx.Response:
        said = self.announce(bucket, key, data, **facts)
        said.raise_for_status()
        file = {"data": (key, data, "application/octet-stream")}
        return self.ask("POST", f"/buckets/data/{said.json()['task_id']}", files=file)

    def put_chunked(self, bucket: str, key: str, data: bytes, **facts: Any) -> httpx.Response:
        said = self.announce(bucket, key, data, **facts)
        said.raise_for_status()

        def chunks() -> Iterator[bytes]:
            for start in range(0, len(data), 1000):
                yield data[start : start + 1000]

        task = said.json()["tasks_ids"][0]
        return self.ask("POST", f"/buckets/data/{task}/chunked", content=chunks())

    def put_frame(self, bucket: str, ball_id: str, number: int, data: bytes) -> httpx.Response:
        name = f"frame_{number:03d}"
        tags = {"fullname": name, "extension": "bin", "frame_number": f"{number:03d}"}
        return self.put(bucket, f"{ball_id}_{number:03d}", data, ball_id=ball_id, tags=tags)
