import pytest

from retrievers.identifiers import identifiers, squeezed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("KYOCERA FS-9130DN printer", {"fs9130dn"}),
        ("do you have 4052305121993?", {"4052305121993"}),
        ("toner 006R90321 please", {"006r90321"}),
        ("a 10000mAh power bank, 1920x1080, 27 inch, 802.11n", set()),
        ("laptop under 1000 dollars", set()),
        ("the iphone 11", set()),
    ],
)
def test_words_that_name_one_product(text, found):
    assert identifiers(text) == found


def test_spelling_does_not_matter():
    assert squeezed("FS-9130 dn") == squeezed("fs9130DN") == "fs9130dn"
