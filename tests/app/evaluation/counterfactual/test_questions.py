from __future__ import annotations

from pathlib import Path

import pytest

from app.evaluation.counterfactual.questions import DEMO_QUESTIONS, Question, read_questions
from app.evaluation.rows import EvaluationError


def write(folder: Path, text: str) -> Path:
    file = folder / "questions.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_question_says_whether_it_is_personal(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "- {text: 'your return policy?', personal: false}\n"
        "- {text: '뭐 살까?', personal: true, lang: ko, paraphrases: [추천해줘]}\n"
        "- {text: laptop, personal: false, product: true}\n",
    )
    assert read_questions(file) == [
        Question("your return policy?", "general"),
        Question("뭐 살까?", "personal", "ko", ("추천해줘",)),
        Question("laptop", "product"),
    ]


def test_the_demo_has_questions_of_every_kind_in_both_languages() -> None:
    asked = read_questions(DEMO_QUESTIONS)
    assert {(question.kind, question.lang) for question in asked} == {
        (kind, lang) for kind in ("general", "product", "personal") for lang in ("en", "ko")
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- {text: hello}", "0.personal: Field required"),
        ("- {text: '', personal: true}", "0.text: String should have at least 1 character"),
        ("- {text: a, personal: true, kind: b}", "0.kind: Extra inputs"),
        ("text: a", "the file: Input should be a valid list"),
        ("[]", "holds no questions"),
        ("- {", "not YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(EvaluationError, match=fault) as failure:
        read_questions(write(tmp_path, text))
    assert "\n" not in str(failure.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="No such file"):
        read_questions(tmp_path / "none.yaml")
