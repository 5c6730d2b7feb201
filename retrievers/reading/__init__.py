"""Reading a request without a model."""

from retrievers.reading.request import Vocabulary, read_request

__all__ = ["Vocabulary", "read_request"]
