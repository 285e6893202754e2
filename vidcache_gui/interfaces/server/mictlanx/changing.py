"""Deleting, and flags. What is deleted goes to the trash."""

from starlette.requests import Request
from starlette.responses import Response

from vidcache_gui.interfaces.server.jsonstream import JSONResponse
from vidcache_gui.interfaces.server.mictlanx.records import PEER
from vidcache_gui.interfaces.server.problems import not_found
from vidcache_gui.interfaces.server.state import state_of
from vidcache_gui.interfaces.server.threads import in_thread, storing


async def delete(request: Request) -> Response:
    """Delete an object; one that is not there is no error."""
    bucket, key = request.path_params["bucket"], request.path_params["key"]
    count = await storing(state_of(request).library.remove_ball, bucket, key)
    return _deleted(count, "key", key)


async def delete_group(request: Request) -> Response:
    """Delete all objects that share a ball_id."""
    bucket, ball_id = request.path_params["bucket"], request.path_params["ball_id"]
    count = await storing(state_of(request).library.remove_group, bucket, ball_id)
    return _deleted(count, "ball_id", ball_id)


def _deleted(count: int, name: str, value: str) -> Response:
    """Peers' clients read the header, routers' the body."""
    return JSONResponse({"n_deletes": count, name: value}, headers={"n-deletes": str(count)})


async def disable(request: Request) -> Response:
    """Flag an object, also one that is only announced yet."""
    state = state_of(request)
    bucket, key = request.path_params["bucket"], request.path_params["key"]
    announced = state.tasks.disable(bucket, key)
    if not await storing(state.library.disable_ball, bucket, key) and not announced:
        raise not_found(f"There is no '{key}' in '{bucket}'.")
    return Response(status_code=204)


async def replicate(request: Request) -> Response:
    """There is no other peer to copy to, which is what this says."""
    bucket, key = request.path_params["bucket"], request.path_params["key"]
    ball = await in_thread(state_of(request).library.ball, bucket, key)
    if ball is None:
        raise not_found(f"There is no '{key}' in '{bucket}'.")
    return JSONResponse(
        {
            "peer_id": PEER, "replica_peer_id": "", "bucket_id": bucket, "key": key,
            "size": ball.size, "ok": False, "response_time": 0,
        }
    )  # fmt: skip
