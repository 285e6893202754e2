"""``/openapi.json``: which paths there are, so that clients can tell what they talk to."""

import inspect
import re
from collections.abc import Sequence
from typing import Any

from starlette.routing import Route

from vidcache_gui import __version__

_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")


def describe(routes: Sequence[Route]) -> dict[str, Any]:
    """An OpenAPI 3.1 document: every path with its methods, parameters in paths and summaries."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = _PLACE.sub(r"{\1}", route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            operation: dict[str, Any] = {
                "summary": _summary(route),
                "operationId": f"{route.name}_{method.lower()}",
                "responses": {"default": {"description": "See the documentation."}},
            }
            names = _PLACE.findall(route.path)
            if names:
                operation["parameters"] = [
                    {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                    for name in names
                ]
            paths.setdefault(path, {})[method.lower()] = operation
    info = {"title": "VidCache", "version": __version__}
    return {"openapi": "3.1.0", "info": info, "paths": paths}


def _summary(route: Route) -> str:
    text = inspect.getdoc(route.endpoint) or route.name
    return text.partition("\n")[0]
