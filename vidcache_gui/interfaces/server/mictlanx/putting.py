"""Two phases: say what comes, then send it."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.incoming import Incoming
from vidcache_gui.core.records import Ball
from vidcache_gui.interfaces.server import fields
from vidcache_gui.interfaces.server.bodies import Gathering, parts
from vidcache_gui.interfaces.server.jsonstream import JSONResponse
from vidcache_gui.interfaces.server.mictlanx.names import BUCKETS, bucket_name, check, key_name
from vidcache_gui.interfaces.server.mictlanx.records import announced, put
from vidcache_gui.interfaces.server.mictlanx.tasks import Task
from vidcache_gui.interfaces.server.multipart import receive_file
from vidcache_gui.interfaces.server.problems import Problem, invalid, not_found
from vidcache_gui.interfaces.server.sending import content_type
from vidcache_gui.interfaces.server.state import State, state_of
from vidcache_gui.interfaces.server.threads import storing

INTEGRITY = 501
LONGEST_TAG = 64 * 1024
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_TASK_ID = re.compile(r"[\w.-]{1,128}", re.ASCII)


async def put_metadata(request: Request) -> Response:
    """Announce an object; the answer names the task its bytes are sent to."""
    state = state_of(request)
    bucket = check(request.path_params["bucket"], "bucket", BUCKETS)
    task = _task(bucket, await fields.json_object(request))
    key = task.facts.key
    if request.headers.get("update") == "1":
        ball = await storing(state.library.describe_ball, task.facts)
        if ball is None:
            raise not_found(f"There is no '{key}' in '{bucket}' to update.")
        return JSONResponse(announced(bucket, key, "0"))
    most = state.settings.limits.body_bytes
    if task.size > most:
        raise Problem(413, f"More than {most:,} bytes are not taken.")
    wanted = request.headers.get("task-id")
    if wanted is not None and not _TASK_ID.fullmatch(wanted):
        raise invalid("header.task-id", "'Task-Id' is no id.")
    return JSONResponse(announced(bucket, key, state.tasks.add(task, wanted)))


async def update_metadata(request: Request) -> Response:
    """Replace what is said of an object (the router's way)."""
    state = state_of(request)
    bucket = check(request.path_params["bucket"], "bucket", BUCKETS)
    given = await fields.json_object(request)
    task = _task(bucket, {"key": request.path_params["key"], **given})
    if await storing(state.library.describe_ball, task.facts) is None:
        raise not_found(f"There is no '{task.facts.key}' in '{bucket}' to update.")
    return Response(status_code=204)


async def put_data(request: Request) -> Response:
    """The bytes of an announced object, as the one file of a form."""
    task = _announced(request)
    with state_of(request).library.incoming(task.size) as incoming:
        gathering = Gathering(incoming)
        with _no_more_than(task):
            await receive_file(request, gathering, task.size)
        return JSONResponse(await _store(request, task, incoming, gathering), 201)


async def put_chunked(request: Request) -> Response:
    """The bytes of an announced object, as they are."""
    task = _announced(request)
    with state_of(request).library.incoming(task.size) as incoming:
        gathering = Gathering(incoming)
        with _no_more_than(task):
            async for part in parts(request, task.size):
                await gathering.add(part)
        return JSONResponse(await _store(request, task, incoming, gathering))


async def drop_tasks(request: Request) -> Response:
    """Forget everything that was announced and has not come."""
    state_of(request).tasks.clear()
    return Response(status_code=204)


def _announced(request: Request) -> Task:
    task = state_of(request).tasks.get(request.path_params["task_id"])
    if task is None:
        raise not_found("There is no such task; it may be done, or too old.")
    return task


async def _store(
    request: Request, task: Task, incoming: Incoming, gathering: Gathering
) -> dict[str, Any]:
    state, start = state_of(request), time.monotonic()
    id = request.path_params["task_id"]
    if gathering.size != task.size:
        raise _wrong_size(task)
    ball = await storing(_keep, state, state.tasks.get(id) or task, incoming, gathering)
    state.tasks.done(id)
    return put(ball, time.monotonic() - start)


def _keep(state: State, task: Task, incoming: Incoming, gathering: Gathering) -> Ball:
    gathering.finish()
    true = incoming.digests().sha256
    if _SHA256.fullmatch(task.checksum) and task.checksum.lower() != true:
        raise Problem(
            400, f"The bytes are not those that were announced (their SHA-256 is {true}).",
            code=INTEGRITY,
        )  # fmt: skip
    return state.library.put_ball(incoming, task.facts).ball


@contextmanager
def _no_more_than(task: Task) -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        if problem.status == 413:
            raise _wrong_size(task) from problem
        raise


def _wrong_size(task: Task) -> Problem:
    """The connection stays: a client that still sends would see it reset, and no answer."""
    return Problem(400, f"{task.size:,} bytes were announced, and not as many came.")


def _task(bucket: str, given: dict[str, Any]) -> Task:
    if given.get("bucket_id") not in (None, "", bucket) and bucket_name(given) != bucket:
        raise Problem(400, "The bucket in the address is another one than in the body.")
    key = key_name(given)
    ball_id = fields.text(given, "ball_id", "") or key
    facts = BallFacts(
        bucket, key, check(ball_id, "ball_id", frozenset()), _tags(given),
        content_type(fields.text(given, "content_type", "")),
        fields.text(given, "producer_id", "", longest=512),
        bool(given.get("is_disabled", given.get("is_disable", False))),
    )  # fmt: skip
    return Task(facts, fields.whole(given, "size"), fields.text(given, "checksum", ""))


def _tags(given: dict[str, Any]) -> dict[str, str]:
    tags = fields.mapping(given, "tags") or {}
    for name, value in tags.items():
        if not isinstance(value, str):
            raise invalid("body.tags", f"The tag '{name}' must be a text.")
        if len(value) > LONGEST_TAG:
            raise invalid("body.tags", f"The tag '{name}' is longer than {LONGEST_TAG:,}.")
    return tags
