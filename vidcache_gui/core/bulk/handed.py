"""Bytes that a program hands over with an item: kept in the library until they are put."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blake3 import blake3

from vidcache_gui.core.blobs import sync_folder, write_error
from vidcache_gui.core.bulk.records import HANDED
from vidcache_gui.errors import UserError


def keep(folder: Path, job: str, values: Mapping[str, Any], data: bytes) -> str:
    """Make bytes durable; the source that stands for them.

    One file an item, named by what it is for: the same item handed over again is the same file.
    """
    if not values.get("key"):
        raise UserError("Bytes need a bucket, a ball_id and a key to be put under.")
    about = f"{job}\0{values.get('bucket')}\0{values['key']}\0"
    name = blake3(about.encode("utf-8", "surrogatepass") + data).hexdigest()
    path = folder / name
    try:
        folder.mkdir(exist_ok=True)
        temporary = path.with_name(f".{name}.{os.getpid()}.part")
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(folder)
    except OSError as error:
        raise write_error(error) from error
    return f"{HANDED}{name}"
