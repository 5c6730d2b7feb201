"""Reading a request without a model."""

from retrievers.reading.request import kind_named, read_request
from retrievers.reading.vocabulary import Vocabulary

__all__ = ["Vocabulary", "kind_named", "read_request"]
