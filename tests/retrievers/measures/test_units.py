from __future__ import annotations

import pytest

from retrievers.measures import amounts, bounds, measure, unit_in_name
from retrievers.measures.units import figure, units


@pytest.mark.parametrize(
    ("text", "base", "dimension"),
    [
        ("16 GB", 16e9, "data"),
        ("512MB", 0.512e9, "data"),
        ('15.6" (39.6 cm)', 0.39624, "length"),
        ("1,5 kg", 1500.0, "mass"),
        ("1,500 g", 1500.0, "mass"),
        ("10000 mAh", 10.0, "charge"),
        ("2.4 GHz", 2.4e9, "frequency"),
        ("1.7 L", 1.7, "volume"),
        ("6 ft", 1.8288, "length"),
    ],
)
def test_an_amount_in_base_units(text: str, base: float, dimension: str) -> None:
    found = measure(text)
    assert found is not None
    assert found.base == pytest.approx(base)
    assert found.unit.dimension == dimension


@pytest.mark.parametrize(
    "text", ["1920 x 1080 pixels", "20 - 30 cm", "50/60 Hz", "2 x 16 GB", "5G", "16", "GB", "", "16 GB of memory", "A4"]
)
def test_what_is_not_one_amount(text: str) -> None:
    assert measure(text) is None


def test_every_amount_of_a_title() -> None:
    title = 'Laptop 39.6 cm (15.6") 8 GB DDR4 512 GB SSD 5G 6 pc(s) USB 3.2'
    assert [(found.figure, found.unit.name) for found in amounts(title)] == [
        (39.6, "cm"), (15.6, "inch"), (8.0, "GB"), (512.0, "GB"), (6.0, "pcs"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("weight_g", ("weight", "g")),
        ("Weight (kg)", ("weight", "kg")),
        ("__", None),
        ("battery_life_h", ("battery_life", "hours")),
        ("battery_capacity__watt_hours_", ("battery_capacity", "Wh")),
        ("hours", ("", "hours")),
        ("m", None),
        ("humidity__h_h_", None),
        ("display", None),
    ],
)
def test_a_column_may_end_in_its_unit(column: str, expected: tuple[str, str] | None) -> None:
    found = unit_in_name(column)
    assert (found and (found[0], found[1].name)) == expected


@pytest.mark.parametrize(
    ("written", "value"),
    [("1,200", 1200.0), ("1,200.50", 1200.5), ("12,5", 12.5), ("3", 3.0), ("1,234,567", 1_234_567.0)],
)
def test_commas(written: str, value: float) -> None:
    assert figure(written) == value


@pytest.mark.parametrize(
    ("said", "unit", "kept", "not_kept"),
    [
        (27.0, "inch", [27.0, 26.6, 27.4], [26.4, 27.6]),
        (15.6, "inch", [15.6, 15.64], [15.5, 15.7]),
        (2.0, "m", [2.0, 1.95], [1.8, 2.5]),
        (1.0, "TB", [1.0, 1.024], [0.5, 2.0]),
    ],
)
def test_an_exact_figure_means_what_would_be_written_so(
    said: float, unit: str, kept: list[float], not_kept: list[float]
) -> None:
    least, most = bounds("eq", said, unit)
    factor = units()[unit].factor
    assert least is not None
    assert most is not None
    assert all(least <= value * factor <= most for value in kept)
    assert not any(least <= value * factor <= most for value in not_kept)


def test_limits_forgive_the_rounding_of_conversions_and_nothing_else() -> None:
    assert bounds("gte", 16.0, "GB") == (pytest.approx(16e9, rel=1e-5), None)
    least, _ = bounds("gte", 16.0, "GB")
    assert least is not None
    assert 15.9e9 < least <= 16e9
    assert bounds("lte", 2.0, None)[1] == pytest.approx(2.0, rel=1e-5)
