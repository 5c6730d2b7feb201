"""What a turn accumulates and no checkpoint keeps."""

from __future__ import annotations

from typing import Any, TypeVar

from langgraph.channels import BinaryOperatorAggregate, UntrackedValue

Value = TypeVar("Value")


class Accumulated(BinaryOperatorAggregate[Value]):
    """A reducer's channel whose every run starts empty, a resumed one too."""

    def checkpoint(self) -> Any:
        """What LangGraph's own untracked channel stores: nothing."""
        return UntrackedValue(self.typ).checkpoint()
