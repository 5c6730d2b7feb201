"""Reading a request without a model."""

from retrievers.reading.request import read_request
from retrievers.reading.vocabulary import Vocabulary

__all__ = ["Vocabulary", "read_request"]
