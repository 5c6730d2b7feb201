"""Exact arithmetic, for a model that would rather guess."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.records import Action, Outcome, Session

_BINARY: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Calculate(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    expression: str = Field(
        min_length=1, max_length=500, description="Numbers, + - * / and parentheses, such as '(12.30 + 4) * 2'."
    )


@dataclass(frozen=True, slots=True)
class CalculateTool:
    name: str = "calculate"
    description: str = "Work out a sum exactly."
    arguments: type[BaseModel] = Calculate
    effect: Literal["read"] = "read"

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        asked = Calculate.model_validate(arguments)
        try:
            receipt = {"result": float(calculated(asked.expression))}
        except (ValueError, ArithmeticError, SyntaxError, RecursionError, MemoryError):
            wrong = {"reason": "invalid_arguments", "fields": ["expression"]}
            return Outcome(Action(self.name, asked.model_dump(), "refused", wrong))
        return Outcome(Action(self.name, asked.model_dump(), "done", receipt))


def calculated(expression: str) -> Decimal:
    """Raises ValueError, SyntaxError or ArithmeticError for anything that is not a sum with a result."""
    with localcontext() as context:
        context.traps[DivisionByZero] = context.traps[InvalidOperation] = context.traps[Overflow] = True
        return _value(ast.parse(expression.strip(), mode="eval").body, expression.strip())


def _value(node: ast.expr, expression: str) -> Decimal:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Decimal(ast.get_source_segment(expression, node) or "")  # as written: 0.1 is a tenth
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _value(node.operand, expression)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return _BINARY[type(node.op)](_value(node.left, expression), _value(node.right, expression))
    raise ValueError("only numbers, + - * / and parentheses")
