"""``multipart/form-data``: the bytes of its first file, as they come."""

from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from vidcache_gui.interfaces.server.bodies import Gathering, parts
from vidcache_gui.interfaces.server.problems import Problem

OVERHEAD = 64 * 1024  # bytes around the file: boundaries, headers, small fields
MOST_PARTS = 64
FIELD = b"data"


class _FirstFile:
    """Callbacks of the parser: keeps what belongs to the first part that is a file."""

    def __init__(self, boundary: bytes) -> None:
        self.found = False
        self.complete = False
        self.ended = False
        self.pieces: list[bytes] = []
        self._parts = 0
        self._taking = False
        self._name = b""
        self._disposition = b""
        self._value = b""
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin, "on_part_data": self._data,
                "on_part_end": self._end_part, "on_header_field": self._header_name,
                "on_header_value": self._header_value, "on_header_end": self._header_end,
                "on_headers_finished": self._headers_end, "on_end": self._end,
            },
        )  # fmt: skip

    def _begin(self) -> None:
        self._disposition = self._name = self._value = b""
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise FormParserError("too many parts")

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._disposition)
        is_file = b"filename" in options or options.get(b"name") == FIELD
        self._taking = is_file and not self.found
        self.found = self.found or is_file

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._taking:
            self.pieces.append(data[start:end])

    def _end_part(self) -> None:
        self.complete = self.complete or self._taking
        self._taking = False

    def _end(self) -> None:
        self.ended = True


async def receive_file(request: Request, gathering: Gathering, most: int) -> None:
    """The first file of the form, whatever its name, on its way into ``gathering``.

    Raises Problem for what is no form, has no file in it or ends before its last boundary.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise Problem(400, "The body is no multipart/form-data.")
    try:
        form = _FirstFile(boundary)
        async for piece in _pieces(form, parts(request, most + OVERHEAD)):
            await gathering.add(piece)
    except FormParserError as error:
        raise Problem(400, f"The form cannot be read: {error}") from error
    if not form.complete or not form.ended:
        raise Problem(400, "The form has no whole file in it.")


async def _pieces(form: _FirstFile, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for part in body:
        form.parser.write(part)
        for piece in form.pieces:
            yield piece
        form.pieces.clear()
    form.parser.finalize()
