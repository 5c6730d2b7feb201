"""An optional opinion of a chat model on how helpful an answer is; what it says in another form is no opinion."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.evaluation.evaluators.result import Evaluator, Json, Result, not_applicable, said

JUDGED = "judged_helpfulness"
_FENCE = re.compile(r"^\s*```(?:json)?\s*\n|\n\s*```\s*$")  # many models cannot leave it out


class Opinion(BaseModel):
    """From 0, of no use, to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    reason: str
    score: float = Field(ge=0, le=1)


class Rubric(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    system: str
    question: str

    @classmethod
    def load(cls, path: Path | None = None) -> Rubric:
        place = path or files(__package__).joinpath("data", "judge.toml")
        return cls.model_validate(tomllib.loads(place.read_text("utf-8")))


def model_judge(model: BaseChatModel, rubric: Rubric) -> Evaluator:
    """Any chat model; whatever it or the network breaks, the score is None and the comment says why."""

    def judge(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
        cards = [{key: card.get(key) for key in ("title", "price", "rating")} for card in outputs.get("products") or ()]
        material = {
            "turns": "\n".join(f"- {turn}" for turn in inputs.get("turns") or ()),
            "reference": _json(reference_outputs),
            "answer": outputs.get("answer") or "",
            "products": _json(cards),
        }
        asked = rubric.question.format(**{name: _inside(text) for name, text in material.items()})
        try:
            reply = model.invoke([SystemMessage(rubric.system), HumanMessage(asked)])
            opinion = Opinion.model_validate_json(_FENCE.sub("", str(reply.text)).strip())
        except ValidationError as error:
            return not_applicable(JUDGED, f"not the JSON asked for: {error.errors()[0]['msg']}")
        except Exception as error:  # a judge that is away judges nothing
            return not_applicable(JUDGED, f"{type(error).__name__}: {error}")
        return said(JUDGED, opinion.score, opinion.reason)

    return judge


def _inside(text: str) -> str:
    """Material that cannot end the fence around it."""
    return re.sub(r"<<<|>>>", "", text)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
