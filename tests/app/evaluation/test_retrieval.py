"""Rankings against judgments, with figures worked out by hand."""

import gzip
from math import log2

import pytest

from app.evaluation.retrieval import measure, read_judgments, scores
from app.evaluation.rows import EvaluationError

GRADES = {"mug": {"best": 3, "good": 1, "bad": 0}, "pan": {"pan": 2}, "nothing": {"bad": 0}}


def quiet(done, total):
    pass


def test_the_measures_are_those_of_the_contract():
    found = scores({"mug": GRADES["mug"]}, {"mug": ["unjudged", "best", "bad", "good"]})
    ideal = 7 + 1 / log2(3)
    assert found["ndcg@10"] == pytest.approx((7 / log2(3) + 1 / log2(5)) / ideal, abs=1e-4)
    assert found["condensed_ndcg@10"] == pytest.approx((7 + 1 / log2(4)) / ideal, abs=1e-4)
    assert (found["mrr"], found["recall@5"], found["recall@10"], found["unjudged@10"]) == (0.5, 1.0, 1.0, 0.25)


def test_a_perfect_ranking_is_one_and_the_control_is_nothing():
    def perfect(query):
        return sorted(GRADES[query], key=lambda product: -GRADES[query][product])

    report = measure(GRADES, {"hybrid": perfect, "bm25": lambda query: ["bad"]}, quiet).as_json()
    assert report["queries"] == 2  # nothing is relevant to the third
    assert report["hybrid"]["ndcg@10"] == report["hybrid"]["condensed_ndcg@10"] == 1.0
    assert report["bm25"]["ndcg@10"] == 0.0
    assert report["control"]["ndcg@10"] == 0.0


def test_an_empty_ranking_counts_as_nothing_found():
    assert measure(GRADES, {"hybrid": lambda query: []}, quiet).as_json()["hybrid"]["ndcg@10"] == 0.0


def test_judgments_are_read_from_csv_also_packed(tmp_path):
    packed = tmp_path / "judgments.csv.gz"
    packed.write_bytes(gzip.compress(b"query,product_id,grade\nmug,a,3\nmug,b,0\n"))
    assert read_judgments(packed) == {"mug": {"a": 3, "b": 0}}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("query,product_id\nmug,a\n", "no column 'grade'"),
        ("query,product_id,grade\nmug,a,good\n", "line 2: grade 'good' is not a number"),
        ("query,product_id,grade\nmug,a,95\n", "line 2: grade 95 is not a whole number from 0 to 10"),
        ("query,product_id,grade\nmug,,1\n", "line 2: the query or the product_id is empty"),
        ("query,product_id,grade\nmug,a,0\n", "judges nothing relevant"),
        ("", "no column 'query'"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, text, complaint):
    file = tmp_path / "judgments.csv"
    file.write_text(text)
    with pytest.raises(EvaluationError, match=complaint):
        read_judgments(file)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(EvaluationError, match="no such file"):
        read_judgments(tmp_path / "none.csv")
