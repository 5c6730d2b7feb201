"""The built-in model: short grounded answers without a language model."""

from graphs.models.composer.model import Composer

__all__ = ["Composer"]
