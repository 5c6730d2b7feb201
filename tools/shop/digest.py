"""When two calls are the same call."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


def plain(arguments: BaseModel) -> dict[str, Any]:
    """Arguments as JSON, without what was left out."""
    return arguments.model_dump(mode="json", exclude_none=True)


def digest(*parts: str | Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
