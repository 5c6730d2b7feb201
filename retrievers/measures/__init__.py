"""Figures with units: reading them, comparing them across units of one dimension."""

from retrievers.measures.units import Measure, Unit, amounts, bounds, measure, unit_in_name, unit_named

__all__ = ["Measure", "Unit", "amounts", "bounds", "measure", "unit_in_name", "unit_named"]
