"""Documents cut where their type allows, by LlamaIndex's node parsers; every chunk knows where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrievers.catalogue import Document, DocumentType

# LlamaIndex takes seconds to import and a catalogue without documents needs none of it, so functions import it.

_WORDS = 90  # about 120 pieces of the embedder's vocabulary, which reads 128
_OVERLAP = {DocumentType.POLICY: 20, DocumentType.TECHNICAL: 20}  # an answer to one question needs none
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*(?:\n|$)")
_SENTENCE = re.compile(r".+?(?:[.!?。…][\"')\]]*(?=\s)|\n|$)\s*", re.DOTALL)
_PIECE = re.compile(r"[가-힣]|[^\W가-힣]+|[^\w\s]")  # Hangul is read letter by letter, other scripts by word


@dataclass(frozen=True, slots=True)
class Chunk:
    """`text` is `document.text[start:end]`, in code points; `heading` is the section's, empty before the first."""

    text: str
    heading: str
    start: int
    end: int


def chunks(document: Document) -> list[Chunk]:
    """At least one chunk; a section that is nothing but its heading gives none unless it is all there is."""
    sectioned = document.type is not DocumentType.REVIEW
    found = [
        Chunk(document.text[start:end], heading, start, end)
        for heading, section_start, section_end in (_sections(document.text) if sectioned else _whole(document.text))
        for start, end in _split(document.text, section_start, section_end, _OVERLAP.get(document.type, 0))
    ]
    return found or [Chunk(document.text, "", 0, len(document.text))]


def _whole(text: str) -> Iterator[tuple[str, int, int]]:
    yield "", 0, len(text)


def _sections(text: str) -> Iterator[tuple[str, int, int]]:
    """Heading, and where the words under it begin and end."""
    from llama_index.core.node_parser import MarkdownNodeParser
    from llama_index.core.schema import Document as Node

    after = 0
    spaced = text.replace("\t", " ")  # the parser writes headings anew, with a space
    for node in MarkdownNodeParser().get_nodes_from_documents([Node(text=spaced)]):
        content = node.get_content()
        start = spaced.index(content, after)
        after = start + len(content)
        heading = _HEADING.match(content)
        yield (heading[2], start + heading.end(), after) if heading else ("", start, after)


def _split(text: str, start: int, end: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Spans of whole sentences. The splitter returns texts only, so each is looked up after the one before it.

    It is not asked for the overlap: a text that repeats itself could then not be told from its own beginning.
    """
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter(
        chunk_size=_WORDS, chunk_overlap=0, tokenizer=_PIECE.findall, chunking_tokenizer_fn=_SENTENCE.findall
    )
    after = start
    for part in splitter.split_text(text[start:end]):
        begin = text.index(part, after, end)
        lead = _last_sentences(text, start, after, overlap)
        after = begin + len(part)
        if any(character.isalnum() for character in part):
            yield begin if lead is None else lead, after


def _last_sentences(text: str, start: int, end: int, most: int) -> int | None:
    """Where the last whole sentences before `end` begin, at most `most` words of them; None if there are none."""
    begins = (match.start() for match in _SENTENCE.finditer(text, start, end))
    return next((begin for begin in begins if 0 < len(_PIECE.findall(text[begin:end])) <= most), None)
