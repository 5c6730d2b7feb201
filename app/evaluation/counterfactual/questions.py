"""The questions of a counterfactual study, and what each may owe to the shopper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from app.evaluation.rows import EvaluationError
from graphs.turn import Lang

Kind = Literal["general", "product", "personal"]
DEMO_QUESTIONS = Path(__file__).with_name("demo.yaml")
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@dataclass(frozen=True, slots=True)
class Question:
    """`general` ones must be answered alike for everybody, `personal` ones should not.

    In answers to `product` ones the thing asked for must stay first, save for limits the shopper declared.
    """

    text: str
    kind: Kind
    lang: Lang = "en"
    paraphrases: tuple[str, ...] = ()


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: _Text
    personal: bool
    product: bool = False  # of one that is not personal: it asks for a thing
    lang: Lang = "en"
    paraphrases: tuple[_Text, ...] = ()


def read_questions(path: Path) -> list[Question]:
    """A YAML list of `{text, personal}`, and `product`, `lang`, `paraphrases` if wanted. Raises EvaluationError."""
    try:
        rows = TypeAdapter(list[_Row]).validate_python(_yaml(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        wanted = "a list of questions, each with text and personal: true or false"
        raise EvaluationError(f"{path}: {where}: {first['msg']}; expected {wanted}") from None
    if not rows:
        raise EvaluationError(f"{path} holds no questions")
    return [Question(row.text, _kind(row), row.lang, row.paraphrases) for row in rows]


def _kind(row: _Row) -> Kind:
    if row.personal:
        return "personal"
    return "product" if row.product else "general"


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not UTF-8 text"
        raise EvaluationError(f"{path}: {reason}") from None
    except yaml.YAMLError as error:
        raise EvaluationError(f"{path}: not YAML: {str(error).splitlines()[0]}") from None
