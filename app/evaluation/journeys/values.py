"""The small shapes that expectations are made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
TurnNumber = Annotated[int, Field(ge=1, description="An earlier turn of the journey, counted from 1.")]


class Strict(BaseModel):
    """An unknown key is an error: a misspelt expectation must not pass."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Stating(Strict):
    """Something that has to be said of a thing: with no key set it would hold of everything."""

    @model_validator(mode="before")
    @classmethod
    def _states_something(cls, given: Any) -> Any:
        if given is None or given == {}:
            raise ValueError("states nothing; give it at least one key or leave it out")
        return given


class Shown(Strict):
    """A product by where it was shown: the card `nth` of an earlier turn, both counted from 1."""

    turn: TurnNumber
    nth: int = Field(ge=1)


ProductRef = Annotated[Text | Shown, Field(description="A product's id, or where it was shown: {turn, nth}.")]


class Range(Stating):
    """`above` and `below` compare with the same figure of a product shown earlier, and leave equality out."""

    min: float | None = None
    max: float | None = None
    above: Shown | None = None
    below: Shown | None = None


class Count(Stating):
    min: int | None = Field(default=None, ge=0)
    max: int | None = Field(default=None, ge=0)


Figure = Annotated[float | Range, Field(description="A number to be met within half a cent, or a range.")]
Number = Annotated[int | Count, Field(description="A whole number, or {min, max}.")]


def turns_named(given: Any) -> list[int]:
    """Numbers of the earlier turns that an expectation compares with, wherever they stand in it."""
    if isinstance(given, Shown):
        return [given.turn]
    if isinstance(given, BaseModel):
        return [
            turn
            for name, value in given
            for turn in ([value] if name in TURN_FIELDS and value is not None else turns_named(value))
        ]
    if isinstance(given, dict):
        if given.keys() == {"turn", "nth"}:
            return [given["turn"]]
        return [turn for value in given.values() for turn in turns_named(value)]
    return [turn for each in given for turn in turns_named(each)] if isinstance(given, list | tuple) else []


TURN_FIELDS = frozenset(("same_as", "different_from", "subset_of"))
