"""An experiment: what its arms leave out, and which arm a shopper is in."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.evaluation.rows import EvaluationError, read_text
from graphs.turn import Changes, DealtArm, Turn
from retrievers.features.descriptions import retail_descriptions

FEATURES_FILE = Path(__file__).with_name("arms.toml")


class Arm(BaseModel):
    """`without` names features (`view:feature`) that answers of this arm must do without; `weight` is relative."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    without: frozenset[str] = frozenset()
    weight: Annotated[float, Field(gt=0)] = 1.0

    @property
    def changes(self) -> Changes:
        """What a turn of this arm takes as different."""
        return Changes(without=self.without)

    @model_validator(mode="after")
    def _known(self) -> Arm:
        known = {name for name, each in retail_descriptions().items() if each.entity == "user"}
        if unknown := sorted(self.without - known):
            raise ValueError(f"no shopper has a feature {unknown[0]!r}; they are called like {min(known)!r}")
        return self


class OnlineExperiment(BaseModel):
    """`name` is the key of the assignment: another name deals the shoppers anew."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    control: str
    arms: Annotated[Mapping[str, Arm], Field(min_length=2)]

    @model_validator(mode="after")
    def _has_control(self) -> OnlineExperiment:
        if self.control not in self.arms:
            raise ValueError(f"the control {self.control!r} is none of the arms")
        return self

    def arm_of(self, user_id: str) -> str:
        """Always the same for a shopper, uniform over shoppers, and unrelated to other experiments' arms.

        A keyed hash, as Kohavi, Tang and Xu describe it ("Trustworthy Online Controlled Experiments", 2020, ch. 14).
        """
        place = unit_hash(self.name, user_id) * sum(arm.weight for arm in self.arms.values())
        for name, arm in self.arms.items():
            place -= arm.weight
            if place < 0:
                return name
        return name

    def deal(self, turn: Turn) -> Turn:
        """The turn as its shopper's arm answers it; what it does without anyway stays so."""
        name = self.arm_of(turn.user_id)
        changes = replace(turn.changes, without=turn.changes.without | self.arms[name].without)
        return replace(turn, changes=changes, arm=DealtArm(self.name, name))


def unit_hash(key: str, subject: str) -> float:
    """In [0, 1), the same everywhere and for good."""
    secret = hashlib.sha256(key.encode()).digest()
    digest = hashlib.blake2b(subject.encode(), key=secret, digest_size=8).digest()
    return (int.from_bytes(digest) >> 11) / 2**53


def read_experiment(path: Path) -> OnlineExperiment:
    """Raises EvaluationError."""
    try:
        return OnlineExperiment.model_validate(tomllib.loads(read_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise EvaluationError(f"{path}: not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        raise EvaluationError(f"{path}{f', {where}' if where else ''}: {said}") from None
