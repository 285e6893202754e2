"""What to call a download. Names from outside are data for people, never paths."""

import email.message
import os
import re
from urllib.parse import unquote

import httpx

LONGEST_NAME = 255  # bytes


def file_name(url: httpx.URL, disposition: str) -> str:
    """A name for what was downloaded: the server's, else the address's last part, else the
    host. One line without folders or control characters, at most 255 bytes."""
    if disposition:
        message = email.message.Message()
        message["content-disposition"] = re.sub(r"[^\x20-\x7e\x80-\xff]", " ", disposition)
        name = clean_name(_from_latin(message.get_filename() or ""))
        if name:
            return name
    last = url.raw_path.partition(b"?")[0].rpartition(b"/")[2].decode("ascii", errors="replace")
    return clean_name(unquote(last)) or clean_name(url.host) or "download"


def _from_latin(text: str) -> str:
    """Header bytes were read as Latin-1; most servers mean UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def clean_name(name: str) -> str:
    """A name from outside as one: its last part, one line, at most 255 bytes; "" for none."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in name).strip()
    name = name.encode("utf-8", errors="replace").decode("utf-8")  # no lone surrogates
    if name in ("", ".", ".."):
        return ""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, extension = os.path.splitext(name)
    extension = extension if len(extension.encode()) <= 20 else ""
    room = LONGEST_NAME - len(extension.encode())
    return stem.encode()[:room].decode("utf-8", errors="ignore") + extension
