import subprocess
import sys

import pytest

from retrievers.embedding.sparse import FIELD_WEIGHTS, Bm25Encoder, term_id
from retrievers.embedding.tokens import tokens


def weights(vector):
    return dict(zip(vector.indices, vector.values, strict=True))


def test_a_query_weighs_each_term_once():
    vector = Bm25Encoder().query("laser laser printer")
    assert weights(vector) == {term_id("laser"): 1.0, term_id("printer"): 1.0}


def test_document_weights_are_bm25_at_average_length():
    vector = weights(Bm25Encoder([3]).document([["laser", "laser", "printer"]]))
    assert vector[term_id("printer")] == pytest.approx(1.0)  # tf 1 at average length: 2.2 / (1 + 1.2)
    assert vector[term_id("laser")] == pytest.approx(2 * 2.2 / (2 + 1.2))


def test_the_same_word_weighs_less_in_a_longer_document():
    encoder = Bm25Encoder([4])
    short, long = encoder.document([["printer"]]), encoder.document([["printer", *["paper", "tray", "lamp"] * 6]])
    assert weights(short)[term_id("printer")] > weights(long)[term_id("printer")]


def test_a_word_counts_in_the_field_where_it_counts_most():
    encoder = Bm25Encoder([2, 2, 2])
    alone = weights(encoder.document([["laser", "printer"]]))
    repeated = weights(encoder.document([["laser", "printer"], ["laser", "printer"], ["laser", "black"]]))
    assert repeated[term_id("laser")] == alone[term_id("laser")]
    assert repeated[term_id("black")] == pytest.approx(FIELD_WEIGHTS[2] * alone[term_id("laser")])


def test_mean_lengths_are_learnt_from_fields_that_say_something():
    learnt = Bm25Encoder.learn([[["a", "b"], [], []], [["a", "b", "c", "d"], ["e"], []]])
    same = Bm25Encoder([3, 1, 1])
    fields = [["a", "b", "c"], ["e", "f"], ["g"]]
    assert learnt.document(fields) == same.document(fields)


def test_indices_are_u32_and_strictly_increasing():
    words = tokens("a wireless optical mouse with 2.4 GHz receiver, 무선 마우스")
    vector = Bm25Encoder([5]).document([words])
    assert len(vector.indices) > 5
    assert list(vector.indices) == sorted(set(vector.indices))
    assert all(0 <= index < 2**32 for index in vector.indices)


def test_terms_have_the_same_number_in_another_process():
    code = "from retrievers.embedding.sparse import term_id; print(term_id('printer'))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(other.stdout) == term_id("printer")


def test_nothing_to_say_is_an_empty_vector():
    assert Bm25Encoder().document([[], []]).indices == ()


def test_average_length_must_be_positive():
    with pytest.raises(ValueError, match="average_lengths"):
        Bm25Encoder([1, 0])
