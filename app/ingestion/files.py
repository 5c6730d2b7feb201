"""Bytes from a file that may be compressed, with one clear error for each way it can be unreadable."""

from __future__ import annotations

import codecs
import gzip
import zlib
from pathlib import Path

from app.ingestion.errors import IngestError

_GZIP = b"\x1f\x8b"


def read_bytes(path: Path) -> bytes:
    """The content, decompressed when the name ends in .gz. Raises IngestError."""
    try:
        data = path.read_bytes()
        return _decompressed(path, data) if path.suffix.lower() == ".gz" else data
    except FileNotFoundError:
        raise IngestError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise IngestError(f"{path} is a folder; name a file in it") from None
    except OSError as error:
        raise IngestError(f"{path} cannot be read: {error.strerror or error}") from None


def format_of(path: Path) -> str:
    """The suffix that says what the content is: `.jsonl` for `shop.jsonl.gz`."""
    inner = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return inner.suffix.lower()


def decode(path: Path, data: bytes) -> str:
    """UTF-8 text with or without a byte order mark. Raises IngestError for anything else."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise IngestError(f"{path} is UTF-16 text; save it as UTF-8")
    if b"\0" in data:
        raise IngestError(f"{path} is a binary file; expected text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise IngestError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def _decompressed(path: Path, data: bytes) -> bytes:
    if not data.startswith(_GZIP):
        raise IngestError(f"{path} is named .gz but is not a gzip file")
    try:
        return gzip.decompress(data)
    except (EOFError, OSError, zlib.error) as error:
        raise IngestError(f"{path} is a damaged gzip file: {error}") from None
