"""What routes take and how they refuse, as the OpenAPI document tells it: bodies are read by hand, within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]

_ID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class Problem(BaseModel):
    """What is wrong, for the caller: a line, or for a wrong parameter a list of places and lines."""

    detail: str | list[Any]


REFUSALS: Mapping[int | str, dict[str, Any]] = {
    403: {"model": Problem, "description": "The request comes from a page of another site"},
    404: {"model": Problem, "description": "There is nothing by this id"},
    409: {"model": Problem, "description": "The id or the name is taken"},
    413: {"model": Problem, "description": "The body, a part of it, or what it unpacks to is too large"},
    422: {"model": Problem, "description": "The request cannot be read as what it should be"},
    503: {"model": Problem, "description": "The database cannot be reached"},
}


def takes(*models: type[BaseModel], required: tuple[str, ...] = ()) -> dict[str, Any]:
    """A JSON object with the fields of the models; `required` instead of those they require."""
    fields = {name: field for model in models for name, field in _schema(model)["properties"].items()}
    needed = list(required) or [name for model in models for name in _schema(model).get("required", [])]
    return _body({"type": "object", "properties": fields, **({"required": needed} if needed else {})})


def takes_some(model: type[BaseModel]) -> dict[str, Any]:
    return _body({"type": "array", "items": _schema(model)})


def takes_batches(model: type[BaseModel], *names: str) -> dict[str, Any]:
    """A JSON object of lists."""
    some = {"type": "array", "items": _schema(model)}
    return _body({"type": "object", "properties": dict.fromkeys(names, some)})


def takes_fields(fields: Mapping[str, Schema]) -> dict[str, Any]:
    return _body({"type": "object", "properties": dict(fields), "required": [*fields]})


def takes_parts(pattern: str) -> dict[str, Any]:
    """Multipart, each part JSON; `ID` in the pattern of their names stands for the id of a run or example."""
    named = {"type": "object", "patternProperties": {f"^{pattern.replace('ID', _ID)}$": {"type": "object"}}}
    parts = {**named, "additionalProperties": False, "minProperties": 1}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": parts}}}}


def _body(schema: Schema) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content, "description": "May be compressed with zstd."}}


def _schema(model: type[BaseModel]) -> Schema:
    return model.model_json_schema()
