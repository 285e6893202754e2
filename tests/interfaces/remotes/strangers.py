"""Servers that are not ours and know what the wire specification says, no more: a MictlanX storage
peer, and vidcache of each generation. They keep everything in memory.
"""

import itertools
import json
import re
import threading
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from blake3 import blake3

from tests.interfaces.remotes.liars import Handler, Liar, Script

BASE = "/api/v4"
Route = tuple[str, str, Callable[..., None]]


class Stranger(Liar):
    """``scripts`` come first: what a test wants to go wrong."""

    routes: ClassVar[list[Route]] = []

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()
        self.numbers = itertools.count()  # of tasks and uploads, never the same twice

    def script(self, method: str, path: str) -> Script | None:
        given = super().script(method, path)
        if given is not None:
            return given
        for wanted, pattern, act in self.routes:
            match = re.fullmatch(pattern, path)
            if wanted == method and match:
                names = [unquote(one) for one in match.groups("")]
                return lambda handler: act(self, handler, *names)
        return None

    def count(self, method: str, pattern: str) -> int:
        return sum(
            told == method and bool(re.fullmatch(pattern, path.partition("?")[0]))
            for told, path, _ in self.seen
        )


class Peer(Stranger):
    """A storage peer: no ranges, no flag that is taken back, what is deleted is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.balls: dict[tuple[str, str], dict[str, Any]] = {}
        self.data: dict[tuple[str, str], bytes] = {}
        self.tasks: dict[str, dict[str, Any]] = {}

    def store(self, bucket: str, key: str, data: bytes, sha256: str, **more: Any) -> None:
        """Put an object past the network."""
        self.balls[bucket, key] = {
            "key": key, "size": len(data), "checksum": sha256, "tags": {}, "ball_id": "clip",
            "content_type": "application/octet-stream", "producer_id": "client-0",
            "bucket_id": bucket, "is_disabled": False, **more,
        }  # fmt: skip
        self.data[bucket, key] = data

    def announce(self, handler: Handler, bucket: str) -> None:
        given = json.loads(handler.body())
        disabled = bool(given.pop("is_disable", False) or given.pop("is_disabled", False))
        given.pop("replication_factor", None)
        given |= {"is_disabled": disabled, "bucket_id": bucket}
        given["tags"].setdefault("updated_at", "1700000000")
        place = (bucket, given["key"])
        with self.lock:
            task = f"t{next(self.numbers)}"
            if handler.headers.get("Update") == "1":
                if place not in self.balls:
                    return handler.say({"detail": {"msg": "not found", "code": 404}}, 404)
                self.balls[place] = {**given, "checksum": self.balls[place]["checksum"]}
            else:
                self.tasks[task] = given
        handler.say({"key": given["key"], "service_time": 1, "task_id": task, "node_id": "p"})

    def put(self, handler: Handler, task: str, chunked: str) -> None:
        body = handler.body()
        if not chunked:
            mark = body.partition(b"\r\n")[0]
            body = body.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n" + mark + b"--\r\n")
        with self.lock:
            given = self.tasks.pop(task)
            if len(body) != given["size"]:  # it broke off
                return handler.say({"detail": {"msg": "not all of it came", "code": 400}}, 400)
            place = (given["bucket_id"], given["key"])
            self.balls[place], self.data[place] = given, body
        size = {"bucket_id": place[0], "key": place[1], "size": len(body)}
        handler.say({"node_id": "p", "combined_key": "@".join(place), **size}, 201)

    def all(self, handler: Handler) -> None:
        names = ("bucket_id", "key", "size")
        handler.say([{name: ball[name] for name in names} for ball in self.balls.values()])

    def bucket(self, handler: Handler, bucket: str) -> None:
        found = [ball for (name, _), ball in self.balls.items() if name == bucket]
        handler.say({"peer_id": "p", "balls": found})

    def metadata(self, handler: Handler, bucket: str, key: str) -> None:
        ball = self.balls.get((bucket, key))
        if ball is None:
            return handler.say({"detail": {"msg": "not found", "code": 404}}, 404)
        handler.say({"service_time": 0, "peer_id": "p", "local_peer_id": "p", "metadata": ball})

    def group(self, handler: Handler, bucket: str, ball_id: str) -> None:
        found = [
            b for (name, _), b in self.balls.items() if (name, b["ball_id"]) == (bucket, ball_id)
        ]
        handler.say({"bucket_id": bucket, "ball_id": ball_id, "size": 0, "balls": found})

    def get(self, handler: Handler, bucket: str, key: str) -> None:
        data = self.data.get((bucket, key))
        handler.send(data or b"", 404 if data is None else 200)

    def delete(self, handler: Handler, bucket: str, key: str) -> None:
        with self.lock:
            found = self.balls.pop((bucket, key), None)
        handler.say({}, n_deletes=str(int(found is not None)))

    def disable(self, handler: Handler, bucket: str, key: str) -> None:
        self.balls[bucket, key]["is_disabled"] = True
        handler.say({})

    routes: ClassVar[list[Route]] = [
        ("GET", f"{BASE}/stats/ufs", lambda _, h: h.say({"total_disk": 9, "used_disk": 1})),
        ("GET", f"{BASE}/xballs", all),
        ("POST", f"{BASE}/buckets/data/([^/]+)(/chunked)?", put),
        ("POST", f"{BASE}/buckets/([^/]+)/metadata", announce),
        ("GET", f"{BASE}/buckets/([^/]+)/metadata", bucket),
        ("GET", f"{BASE}/buckets/([^/]+)/metadata/([^/]+)", metadata),
        ("GET", f"{BASE}/buckets/([^/]+)/metadata/([^/]+)/group", group),
        ("POST", f"{BASE}/buckets/([^/]+)/([^/]+)/disable", disable),
        ("GET", f"{BASE}/buckets/([^/]+)/([^/]+)", get),
        ("DELETE", f"{BASE}/buckets/([^/]+)/([^/]+)", delete),
    ]


class Cache(Stranger):
    """A vidcache server. Generation A takes addresses only, C has lists; none looks at
    ``content_hash``, as the public ones do not."""

    def __init__(self, generation: str) -> None:
        super().__init__()
        self.generation = generation
        self.data: dict[str, bytes] = {}
        self.about: dict[str, dict[str, Any]] = {}
        self.names: dict[str, str] = {}
        self.uploads: dict[str, dict[str, Any]] = {}

    def script(self, method: str, path: str) -> Script | None:
        prefix = "/cache" if self.generation == "C" else ""
        if path.startswith(("/meta/", "/resolve", "/video/")) and prefix:
            return None
        if path.startswith("/cache") and not prefix:
            return None
        if path.startswith(("/upload",)) and self.generation == "A":
            return None
        return super().script(method, path)

    def store(self, data: bytes, name: str, *urls: str, **meta: Any) -> str:
        """Keep bytes past the network."""
        hash = blake3(data).hexdigest()
        known = {
            "hash": hash, "size_bytes": len(data), "filename": name, "bucket": "videos",
            "prefix": None, "aliases": [], "meta": meta or None, "created_at": "2024-01-01",
        }  # fmt: skip
        self.data.setdefault(hash, data)
        self.about.setdefault(hash, known)["aliases"] += urls
        self.names |= dict.fromkeys(urls, hash)
        return hash

    def begin(self, handler: Handler) -> None:
        given = json.loads(handler.body())
        if "url" not in given:
            return handler.say({"detail": "Field required"}, 422)
        with self.lock:
            known = self.names.get(given["url"])
            if known in self.data:
                return handler.say({"status": "cached", "hash": known, "file_path": "x"})
            id = f"u{next(self.numbers)}"
            self.uploads[id] = given
        handler.say({"status": "pending", "upload_id": id})

    def upload(self, handler: Handler, id: str) -> None:
        body = handler.body()
        with self.lock:
            given = self.uploads.pop(id)
            status = "duplicate" if blake3(body).hexdigest() in self.data else "new"
            meta = given.get("meta") or {}
            hash = self.store(body, given.get("filename", ""), given["url"], **meta)
        handler.say({"status": status, "hash": hash, "file_path": "x"})

    def resolve(self, handler: Handler) -> None:
        url = parse_qs(urlsplit(handler.path).query)["url"][0]
        hash = self.names.get(url)
        if hash is None:
            return handler.say({"detail": "URL not found"}, 404)
        handler.say({"hash": hash, "url": url})

    def meta(self, handler: Handler, hash: str) -> None:
        known = self.about.get(hash)
        handler.say(known or {"detail": "Hash not found"}, 200 if known else 404)

    def video(self, handler: Handler, hash: str) -> None:
        data, wanted = self.data[hash], handler.headers.get("Range")
        if wanted is None:
            return handler.send(data)
        first, last = (int(one) for one in wanted.removeprefix("bytes=").split("-"))
        said = f"bytes {first}-{last}/{len(data)}"
        handler.send(data[first : last + 1], 206, Content_Range=said)

    def remove(self, handler: Handler, hash: str) -> None:
        del self.data[hash], self.about[hash]
        self.names = {url: known for url, known in self.names.items() if known != hash}
        handler.send(b"", 204)

    def browse(self, handler: Handler) -> None:
        if self.generation != "C":
            return handler.say({"detail": "Not Found"}, 404)
        names = ("hash", "filename", "size_bytes", "bucket", "prefix", "created_at")
        wanted = parse_qs(urlsplit(handler.path).query).get("bucket")
        rows = [
            {name: known[name] for name in names}
            for known in self.about.values()
            if wanted in (None, [known["bucket"]])
        ]
        handler.say({"items": rows, "next_cursor": None})

    routes: ClassVar[list[Route]] = [
        ("POST", "/upload/init", begin),
        ("POST", "/upload/([^/]+)", upload),
        ("GET", "/browse", browse),
        ("GET", "(?:/cache)?/resolve", resolve),
        ("GET", "(?:/cache)?/meta/([0-9a-f]{64})", meta),
        ("GET", "/(?:cache|video)/([0-9a-f]{64})", video),
        ("DELETE", "/(?:cache|video)/([0-9a-f]{64})", remove),
    ]
