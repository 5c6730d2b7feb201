"""What models charge, from a table; a model that is not in it has no price, which is not a price of nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from langchain_core.messages.ai import UsageMetadata
from pydantic import BaseModel, ConfigDict, NonNegativeFloat, ValidationError

_MILLION = 1_000_000
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class PricesError(Exception):
    """One line that says what is wrong with a table of prices."""


class Price(BaseModel):
    """US dollars for a million tokens; without `cached`, what was seen before costs as much as the rest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: NonNegativeFloat
    output: NonNegativeFloat
    cached: NonNegativeFloat | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars."""

    input: float
    output: float

    @property
    def total(self) -> float:
        return self.input + self.output


class Prices(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    source: str
    models: Mapping[str, Price]

    @classmethod
    def load(cls, path: Path | None = None) -> Prices:
        """The table that is shipped, or the file that replaces it. Raises PricesError."""
        place = path or files("graphs.models").joinpath("prices.toml")
        try:
            return cls.model_validate(tomllib.loads(place.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise PricesError(f"{path} cannot be read as a table of prices: {error}") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise PricesError(f"{path}, {where}: {first['msg']}") from None

    def price(self, model: str) -> Price | None:
        return self.models.get(model) or self.models.get(_DATED.sub("", model))

    def cost(self, model: str, usage: UsageMetadata) -> Cost | None:
        """None for a model without a price. Cached prompt tokens are part of `input_tokens`."""
        price = self.price(model)
        if price is None:
            return None
        cached = (usage.get("input_token_details") or {}).get("cache_read") or 0
        fresh = usage["input_tokens"] - cached
        seen = price.input if price.cached is None else price.cached
        return Cost((fresh * price.input + cached * seen) / _MILLION, usage["output_tokens"] * price.output / _MILLION)
