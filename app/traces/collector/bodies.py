"""Bodies of requests, read within bounds: JSON, or multipart, either compressed with zstd."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Annotated, Any, TypeVar

import zstandard
from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.traces.errors import Malformed, TooLarge

MOST_BYTES = 20 * 1024 * 1024  # as it comes, which /info tells the SDK
MOST_UNPACKED = 100 * 1024 * 1024
MOST_IN_PART = 20 * 1024 * 1024
MOST_PARTS = 10_000

Model = TypeVar("Model", bound=BaseModel)


async def body_of(request: Request) -> bytes:
    """Raises TooLarge, Malformed."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > MOST_BYTES:
            raise TooLarge(f"the body is larger than {MOST_BYTES} bytes; send fewer runs at once")
    encoding = request.headers.get("content-encoding", "").lower()
    if encoding == "zstd":
        return await run_in_threadpool(_unpacked, bytes(received))
    if encoding not in ("", "identity"):
        raise Malformed(f"content-encoding {encoding[:20]} is not understood; send zstd or none")
    return bytes(received)


def _unpacked(packed: bytes) -> bytes:
    try:
        with zstandard.ZstdDecompressor().stream_reader(BytesIO(packed), read_across_frames=True) as reader:
            unpacked = reader.read(MOST_UNPACKED + 1)
    except zstandard.ZstdError as error:
        raise Malformed(f"the body is not zstd: {error}") from None
    if len(unpacked) > MOST_UNPACKED:
        raise TooLarge(f"the body unpacks to more than {MOST_UNPACKED} bytes; send fewer runs at once")
    return unpacked


async def json_of(request: Request) -> Any:
    return await run_in_threadpool(parsed, await body_of(request), "the body")


def parsed(raw: bytes | bytearray, what: str) -> Any:
    """Raises Malformed."""
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise Malformed(f"{what} is not JSON: {error}") from None


def object_of(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"{what} must be a JSON object")
    return value


def list_of(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Malformed(f"{what} must be a JSON list")
    return value


def valid(model: type[Model], value: Any, what: str) -> Model:
    """Raises Malformed with the first thing that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Malformed(f"{what}: {place or 'value'}: {first['msg']}") from None


async def parts_of(request: Request) -> list[tuple[str, bytearray]]:
    """Names and contents in the order sent. Raises TooLarge, Malformed."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise Malformed("send multipart/form-data with a boundary")
    return await run_in_threadpool(_Parts().read, await body_of(request), boundary)


class _Parts:
    """Callbacks of the parser, in the order of the stream."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, bytearray]] = []
        self._field, self._value = bytearray(), bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._data = bytearray()
        self._ended = False

    def read(self, body: bytes, boundary: bytes) -> list[tuple[str, bytearray]]:
        parser = MultipartParser(boundary, self._callbacks())  # type: ignore[arg-type]
        try:
            parser.write(body)
            parser.finalize()
        except FormParserError as error:
            raise Malformed(f"the body is not multipart: {error}") from None
        if body and not self._ended:
            raise Malformed("the multipart body ends before its last boundary")
        return self._parts

    def _callbacks(self) -> Mapping[str, Any]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._field.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header,
            "on_part_data": self._more,
            "on_part_end": self._end,
            "on_end": self._last,
        }

    def _begin(self) -> None:
        if len(self._parts) >= MOST_PARTS:
            raise TooLarge(f"more than {MOST_PARTS} parts; send fewer runs at once")
        self._headers, self._data = {}, bytearray()

    def _header(self) -> None:
        self._headers[bytes(self._field).lower()] = bytes(self._value)
        self._field, self._value = bytearray(), bytearray()

    def _more(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]
        if len(self._data) > MOST_IN_PART:
            raise TooLarge(f"a part is larger than {MOST_IN_PART} bytes")

    def _end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._parts.append((options.get(b"name", b"").decode("utf-8", "replace"), self._data))

    def _last(self) -> None:
        self._ended = True


Json = Annotated[Any, Depends(json_of)]
Parts = Annotated[list[tuple[str, bytearray]], Depends(parts_of)]
