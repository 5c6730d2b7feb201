import pytest

from graphs.guardrails.personal import mask_personal
from graphs.guardrails.policy import Policy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to ann.lee+shop@mail.example.org please", "write to [email] please"),
        ("call me on +44 20 7946 0958", "call me on [phone]"),
        ("my phone is 5550143 22", "my phone is [phone]"),
        ("it is 212-555-0143", "it is [phone]"),
        ("전화 010-1234-5678 입니다", "전화 [phone] 입니다"),
        ("card 4111 1111 1111 1111 was charged", "card [card] was charged"),
        ("4111111111111111", "[card]"),
        ("refund to GB82 WEST 1234 5698 7654 32 please", "refund to [iban] please"),
        ("SSN 219-09-9998", "SSN [national_id]"),
        ("office 930.167.3943 or 0490 39 07 81 fax", "office [phone] or [phone] fax"),
    ],
)
def test_personal_data_is_masked(text: str, expected: str, policy: Policy) -> None:
    masked, kinds = mask_personal(text, policy)
    assert masked == expected
    assert kinds


@pytest.mark.parametrize(
    "text",
    [
        "a printer under $1,299.00 or 1299000 원",
        "EAN 4006381333931",
        "4006381333931",
        "SKU 5550143 22",
        "the WH-1000XM5 and the 1234567 model",
        "call about order 5550143",
        "4111 1111 1111 1112",
        "1920 x 1080 at 144 Hz",
        "between 2024-01-15 and 2024-02-15",
        "주문 번호 12345678",
        "headphone frequency: 12 - 23500 Hz",
        "Intel 82599 10 Gigabit",
        "GB82 WEST 1234 5698 7654 33",
        "219-00-9998",
        "2026-01-15 12:20:39",
    ],
)
def test_prices_and_product_numbers_are_left_alone(text: str, policy: Policy) -> None:
    assert mask_personal(text, policy) == (text, ())
