"""Numbers in words: "twenty-five", "a hundred and fifty", "오만"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from retrievers.measures.units import figure

_KOREAN_DIGITS = {digit: value for value, digit in enumerate("일이삼사오육칠팔구", 1)}
_KOREAN_POWERS = {"십": 10, "백": 100, "천": 1_000, "만": 10_000}
_KOREAN = rf"[{''.join((*_KOREAN_DIGITS, *_KOREAN_POWERS))}]{{1,12}}(?=\s*(?:원|달러|유로))"


def spoken_numbers(vocabulary: tuple[frozenset[str], frozenset[str]]) -> str:
    """A pattern of number words, given those that count and those that multiply. "And" follows only a hundred."""
    counting, multiplying = ("|".join(sorted(words, key=len, reverse=True)) for words in vocabulary)
    word = rf"(?:{counting}|{multiplying})"
    return rf"(?:an?\s+(?=(?:{multiplying})\b))?\b{word}\b(?:(?:[\s-]+|(?<=hundred)\s+and\s+){word}\b){{0,7}}|{_KOREAN}"


def number(text: str, counting: Mapping[str, int], multiplying: Mapping[str, int]) -> float:
    """Figures and number words alike; the text must match one of the patterns."""
    if text[:1].isdigit():
        return figure(text)
    if text[:1] in _KOREAN_DIGITS or text[:1] in _KOREAN_POWERS:
        return _korean(text)
    whole = current = 0.0
    for word in re.findall(r"[a-z]+", text.casefold()):
        if word in multiplying:
            current = max(current, 1) * multiplying[word]
            if multiplying[word] >= 1_000:
                whole, current = whole + current, 0.0
        else:
            current += counting.get(word, 0)
    return whole + current


def _korean(text: str) -> float:
    """만 multiplies all that stands before it, the smaller powers only their own digit."""
    whole = part = digit = 0
    for letter in text:
        if letter == "만":
            whole, part, digit = whole + max(part + digit, 1) * _KOREAN_POWERS[letter], 0, 0
        elif letter in _KOREAN_POWERS:
            part, digit = part + max(digit, 1) * _KOREAN_POWERS[letter], 0
        else:
            digit = _KOREAN_DIGITS[letter]
    return float(whole + part + digit)
