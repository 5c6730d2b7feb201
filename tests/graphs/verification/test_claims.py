import tomllib
from importlib.resources import files

import pytest

from graphs.turn import Lang
from graphs.verification.claims import about_shopper, is_claim
from graphs.verification.language import language
from graphs.verification.sentences import split


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Sure!"),
        ("en", "Would you like to compare any of these?"),
        ("en", "Let me know what matters most to you."),
        ("en", "Here are a few options:"),
        ("en", "I could not find anything that fits."),
        ("en", "Some prices are to be confirmed."),
        ("en", "Here is what fits what you asked for: price at most $200."),
        ("ko", "안녕하세요!"),
        ("ko", "어떤 색을 원하시나요?"),
        ("ko", "조건에 맞는 상품을 찾지 못했습니다."),
        ("ko", "Sure!"),
    ],
)
def test_what_states_nothing_is_not_a_claim(lang: Lang, sentence: str) -> None:
    assert not is_claim(sentence, language(lang))


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "It is waterproof."),
        ("en", "Sure [1]!"),
        ("en", "Would you like it for $9?"),
        ("en", "Would you like the Norrland Fjell?"),
        ("en", "Did you know that it is windproof?"),
        ("en", "Here is what fits what you asked for: it weighs 200 g."),
        ("en", "Let me know if the price of ten dollars suits."),
        ("ko", "방수 제품입니다."),
        ("ko", "가격은 9달러인데 괜찮으세요?"),
    ],
)
def test_what_states_something_is_a_claim(lang: Lang, sentence: str) -> None:
    assert is_claim(sentence, language(lang))


@pytest.mark.parametrize(
    ("lang", "sentence", "expected"),
    [
        ("en", "You usually buy size 9.", True),
        ("en", "It is from Running, your favourite category.", True),
        ("en", "You can return it.", False),
        ("ko", "최근에 둘러보신 상품입니다.", True),
        ("ko", "이 상품은 가볍습니다.", False),
    ],
)
def test_statements_about_the_shopper(lang: Lang, sentence: str, expected: bool) -> None:
    assert bool([*about_shopper(sentence, language(lang))]) is expected


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_what_the_store_says_in_its_own_words_is_no_claim_sentence_by_sentence(lang: Lang) -> None:
    said = tomllib.loads(files("graphs.prompts").joinpath(f"{lang}.toml").read_text(encoding="utf-8"))["unclear"]
    sentences = [sentence.text for text in said.values() for sentence in split(text)]
    assert len(sentences) > len(said)
    assert [sentence for sentence in sentences if is_claim(sentence, language(lang))] == []
