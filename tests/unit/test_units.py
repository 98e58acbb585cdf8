"""Units and quantities: the table against pint and ucumvert, and what charts print."""

import re
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ucumvert import PintUcumRegistry

from cytovigil.model.numbers import UnitError, has_decimal_comma, pointed_digits, refuse_thousands
from cytovigil.model.unit_table import UNITS, Unit
from cytovigil.model.units import canonical_unit, find_unit, normalise_quantity, unknown_quantity
from cytovigil.model.vocabulary import Signal, signals


def steps(name: str, value: str | float, unit: str = "", weight: float | None = None) -> tuple[int | None, int | None]:
    quantity = normalise_quantity(signals()[name], value, unit, weight)
    return quantity.low, quantity.high


def code_of(name: str, value: str, unit: str = "") -> str:
    with pytest.raises(UnitError) as caught:
        normalise_quantity(signals()[name], value, unit)
    assert "\n" not in caught.value.sentence
    return caught.value.code


@pytest.fixture(scope="module")
def registry() -> PintUcumRegistry:
    return PintUcumRegistry()


# Annotations are no UCUM units. International and enzyme units are the same to us, not to UCUM.
ANNOTATION = re.compile(r"\{[^}]*\}")


def ucum(registry: PintUcumRegistry, unit: Unit) -> object:
    code = ANNOTATION.sub("", unit.code)
    code = re.sub(r"/(?=/|$)", "", code)
    return registry.from_ucum(code or "1")


@pytest.mark.parametrize("signal", [s for s in signals().values() if s.unit], ids=lambda s: s.name)
def test_accepted_units_agree_with_ucum(signal: Signal, registry: PintUcumRegistry) -> None:
    target = UNITS[signal.unit]
    for code in signal.accepted_units:
        unit = UNITS[code]
        if unit.dimension != target.dimension or unit.per_kg != target.per_kg:
            continue
        ours = (Fraction(1) + unit.shift) * unit.factor / target.factor - target.shift
        theirs = theirs_of(registry, unit, target)
        assert float(ours) == pytest.approx(theirs, rel=1e-6), code


def theirs_of(registry: PintUcumRegistry, unit: Unit, target: Unit) -> float:
    if unit.dimension == "temperature":
        names = {"Cel": "degC", "[degF]": "degF", "K": "kelvin"}
        return float(registry.Quantity(1, names[unit.code]).to(names[target.code]).magnitude)
    if unit.dimension == "enzyme/volume" and any(a in unit.code for a in ("[IU]", "[iU]")):
        unit = UNITS[unit.code.replace("[IU]", "U")]
    return float((1 * ucum(registry, unit)).to(ucum(registry, target)).magnitude)


BASES = {
    "mass/volume": "g/L",
    "mole/volume": "mol/L",
    "count/volume": "/L",
    "mass": "g",
    "volume": "L",
    "pressure": "Pa",
    "mass/time": "g/s",
    "volume/time": "L/s",
    "frequency": "/s",
    "fraction": "1",
    "time": "s",
    "length": "m",
}
CHECKABLE = [unit for unit in UNITS.values() if unit.dimension in BASES]  # the others are arbitrary or annotated


@pytest.mark.parametrize("unit", CHECKABLE, ids=lambda u: u.code)
def test_table_agrees_with_ucum(unit: Unit, registry: PintUcumRegistry) -> None:
    base = registry.from_ucum(BASES[unit.dimension] + ("/kg" if unit.per_kg else ""))
    assert float((1 * ucum(registry, unit)).to(base).magnitude) == pytest.approx(float(unit.factor), rel=1e-6)


def test_every_accepted_unit_is_in_the_table() -> None:
    for signal in signals().values():
        for code in (signal.unit, *signal.accepted_units):
            assert not code or code in UNITS, (signal.name, code)


PRINTED = [
    ("mmHg", "mm[Hg]"),
    ("x10^9/L", "10*9/L"),
    ("10^9/L", "10*9/L"),
    ("10e9/l", "10*9/L"),
    ("10E9/l", "10*9/L"),
    ("x10⁹/L", "10*9/L"),
    ("x 10^9/L", "10*9/L"),
    ("/mm3", "/uL"),
    ("cells/mm³", "{cells}/uL"),
    ("K/uL", "10*3/uL"),
    ("10^3/µL", "10*3/uL"),
    ("E/l", "U/L"),
    ("IE/l", "U/L"),
    ("IU/L", "U/L"),
    ("U/l", "U/L"),
    ("µg/l", "ug/L"),
    ("μg/L", "ug/L"),
    ("mcg/min", "ug/min"),
    ("mcg/kg/min", "ug/kg/min"),
    ("gamma/kg/min", "ug/kg/min"),
    ("°C", "Cel"),
    ("C", "Cel"),
    ("degF", "[degF]"),
    ("F", "[degF]"),
    ("ml/u", "mL/h"),
    ("ml/uur", "mL/h"),
    ("ml/h", "mL/h"),
    ("l/min", "L/min"),
    ("lpm", "L/min"),
    ("mg/dl", "mg/dL"),
    ("mmol/l", "mmol/L"),
    ("µmol/l", "umol/L"),
    ("g/dl", "g/dL"),
    ("E/min", "U/min"),
    ("IE/u", "U/h"),
    ("units/min", "U/min"),
    ("kg", "kg"),
    ("lb", "[lb_av]"),
    ("inch", "[in_i]"),
    ("ug/L FEU", "ug/L{FEU}"),
    ("mg/l (FEU)", "mg/L{FEU}"),
    ("ml/min/1.73m2", "mL/min/{1.73_m2}"),
    ("MIE", "10*6.U"),
    ("/minuut", "/min"),
    ("%", "%"),
    ("mg/kg/dag", "mg/kg/d"),
]


@pytest.mark.parametrize(("printed", "code"), PRINTED)
def test_printed_forms(printed: str, code: str) -> None:
    assert canonical_unit(printed) == code


@pytest.mark.parametrize("text", ["", "furlong", "mg/", "gamma", "10^9", "ml", "//", "{", "u/u/u"])
def test_what_is_no_unit_or_another(text: str) -> None:
    unit = find_unit(text)
    assert unit is None or text in ("10^9", "ml", "gamma")


VALUES = [
    ("temperature", "100.4", "[degF]", 3800, 3800),
    ("temperature", "38,6", "", 3860, 3860),
    ("temperature", "311.15", "K", 3800, 3800),
    ("temperature", "38.6 °C", "", 3860, 3860),
    ("hemoglobin", "1", "g/dL", 1000, 1000),
    ("hemoglobin", "0.6206", "mmol/L", 1000, 1000),
    ("hemoglobin", "85", "g/l", 8500, 8500),
    ("creatinine", "1", "mg/dl", 884, 884),
    ("bilirubin", "1", "mg/dL", 171, 171),
    ("triglycerides", "88.57", "mg/dL", 100, 100),
    ("fio2", "0.4", "", 400, 400),
    ("fio2", "40", "", 400, 400),
    ("fio2", "1", "", 1000, 1000),
    ("spo2", "0.95", "", 950, 950),
    ("spo2", "95", "%", 950, 950),
    ("crp", "<0.6", "mg/dl", 0, 59),
    ("crp", "≤0.6", "mg/dl", 0, 60),
    ("crp", ">1000", "mg/L", 10001, 10001),
    ("il6", "<0.1", "pg/mL", 0, 0),
    ("crp", ">=5", "mg/L", 50, 10000),
    ("il6", "1.234,5", "pg/ml", 12345, 12345),
    ("il6", "1,234.5", "pg/ml", 12345, 12345),
    ("il6", "0,125", "pg/mL", 1, 1),
    ("ast", "2", "ukat/l", 1200, 1200),
    ("d_dimer", "500", "ug/L FEU", 500, 500),
    ("rass", "+2", "", 2, 2),
    ("rass", "-5", "", -5, -5),
    ("heart_rate", "72.5", "", 72, 72),
    ("heart_rate", "73.5", "/min", 74, 74),
    ("neutrophils", "1200", "/µL", 1200, 1200),
    ("neutrophils", "1e3", "/uL", 1000, 1000),
    ("temperature", "<30", "", 2999, 2999),
    ("rass", "<-2", "", -5, -3),
    ("weight", "180", "lb", 8165, 8165),
    ("ferritin", "1,234,567.8", "ug/L", None, None),
]


@pytest.mark.parametrize("name", ["neutrophils", "leukocytes", "lymphocytes"])
def test_a_few_cells_are_a_count_and_a_fraction_of_a_cell_is_none(name: str) -> None:
    """In deep aplasia 5 per microlitre is a count: thrown away, its day would be filled as if it were well."""
    assert (steps(name, "5", "/uL"), steps(name, "9", "10*6/L")) == ((5, 5), (9, 9))
    assert code_of(name, "4.2", "/uL") == "unit_contradicts_value"


@pytest.mark.parametrize(("name", "value", "unit", "low", "high"), VALUES)
def test_values(name: str, value: str, unit: str, low: int | None, high: int | None) -> None:
    if low is None:
        assert code_of(name, value, unit) == "implausible"
    else:
        assert steps(name, value, unit) == (low, high)


PROBLEMS = [
    ("hemoglobin", "8.5", "g/L", "unit_contradicts_value"),
    ("neutrophils", "4.2", "/uL", "unit_contradicts_value"),
    ("neutrophils", "1200", "10*9/L", "unit_contradicts_value"),
    ("platelets", "45", "/uL", "unit_contradicts_value"),
    ("creatinine", "1.1", "umol/L", "unit_contradicts_value"),
    ("temperature", "100.4", "Cel", "unit_contradicts_value"),
    ("systolic_bp", "16", "mmHg", "unit_contradicts_value"),
    ("fio2", "0.4", "%", "unit_contradicts_value"),
    ("temperature", "100.4", "", "unit_missing"),
    ("crp", "5", "", "unit_missing"),
    ("crp", "5", "furlong", "unknown_unit"),
    ("crp", "5", "mm[Hg]", "wrong_dimension"),
    ("lactate", "18", "mg/dL", "wrong_dimension"),
    ("d_dimer", "500", "ug/L", "wrong_dimension"),
    ("crp", "", "mg/L", "no_value"),
    ("crp", "NaN", "mg/L", "no_value"),
    ("crp", "high", "mg/L", "not_a_number"),
    ("crp", "5 H", "mg/L", "not_a_number"),
    ("crp", "1.2.3", "mg/L", "not_a_number"),
    ("crp", "inf", "mg/L", "not_a_number"),
    ("crp", "9" * 60, "mg/L", "not_a_number"),
    ("crp", "1e99", "mg/L", "implausible"),
    ("temperature", "386", "", "implausible"),
    ("crp", "-5", "mg/L", "implausible"),
    ("crp", "<0", "mg/L", "implausible"),
    ("platelets", "1,200", "10*9/L", "ambiguous_number"),
    ("ice", "7.5", "", "not_a_number"),
    ("ice", "11", "", "implausible"),
    ("ice", ">10", "", "implausible"),
    ("ice", "70", "%", "not_a_number"),
    ("gcs_eye", ">4", "", "implausible"),
    ("gcs_eye", "<1", "", "implausible"),
    ("rass", "<-5", "", "implausible"),
    ("tocilizumab", "-5", "mg", "implausible"),
    ("tocilizumab", "0", "mg", "zero_dose"),
    ("tocilizumab", "5", "", "unit_missing"),
    ("tocilizumab", "", "furlong", "unknown_unit"),
    ("norepinephrine", "5", "mg", "wrong_dimension"),
    ("angiotensin_ii", "5", "mL/h", "wrong_dimension"),
    ("tocilizumab", "1e40", "mg", "implausible"),
    ("crp", "٣", "mg/L", "not_a_number"),
    ("lactate", "500", "mmol/L", "implausible"),
]


@pytest.mark.parametrize(
    ("name", "value", "unit", "sentence"),
    [
        ("hemoglobin", "8.5", "g/L", "'8.5' of hemoglobin is not plausible in g/L, but in g/dL: correct it"),
        ("hemoglobin", "8.5 g/L", "", "'8.5 g/L' of hemoglobin is not plausible in g/L, but in g/dL: correct it"),
        ("temperature", "100.4", "", "'100.4' of temperature is not plausible without a unit: write the unit"),
    ],
)
def test_a_problem_of_the_unit_shows_the_value(name: str, value: str, unit: str, sentence: str) -> None:
    with pytest.raises(UnitError) as caught:
        normalise_quantity(signals()[name], value, unit)
    assert caught.value.sentence == sentence


@pytest.mark.parametrize(
    "text", ["38,6", "<0,1", ">= 12.345,0", "1.234.567,8 ug/L", ",5", "0,125", "1234,500", "1,2340", "-2,5", "1,5e3"]
)
def test_a_comma_that_can_only_be_decimal(text: str) -> None:
    assert has_decimal_comma(text) and has_decimal_comma(f" {text} ")


@pytest.mark.parametrize(
    "text", ["", "12,345", "1,234,567", "12,345.6", "38.6", "10.000", "386", "P1,5", "1.23,4", "12.3456,7", "5,"]
)
def test_a_comma_that_proves_nothing(text: str) -> None:
    assert not has_decimal_comma(text)


@pytest.mark.parametrize(
    ("text", "digits", "write"),
    [
        ("10.000", "10.000", "10,0 or 10000"), (">10.000", "10.000", "10,0 or 10000"),
        (" 1.234 mg ", "1.234", "1,2340 or 1234"), ("123.050", "123.050", "123,05 or 123050"),
        ("-1.200", "-1.200", "-1,2 or -1200"), ("900.100", "900.100", "900,1 or 900100"),
    ],
)  # fmt: skip
def test_among_decimal_commas_a_point_may_group_thousands(text: str, digits: str, write: str) -> None:
    assert pointed_digits(text) == digits
    with pytest.raises(UnitError, match=f"^'{digits}' stands among decimal commas.*: write {write}$") as caught:
        refuse_thousands(text)
    assert caught.value.code == "ambiguous_number"


@pytest.mark.parametrize(
    "text", ["", "0.125", "1.2", "1.23", "1.2345", "1234.567", "1.234.567", "1.234,5", "12,345", "10.000e2", "x"]
)
def test_a_point_that_is_in_no_doubt(text: str) -> None:
    assert not pointed_digits(text)
    refuse_thousands(text)


@pytest.mark.parametrize(("name", "value", "unit", "code"), PROBLEMS)
def test_problems(name: str, value: str, unit: str, code: str) -> None:
    assert code_of(name, value, unit) == code


DRUGS = [
    ("norepinephrine", "4", "ug/min", None, 4000, True, ""),
    ("norepinephrine", "0.1", "ug/kg/min", 80.0, 8000, True, ""),
    ("norepinephrine", "0.1", "ug/kg/min", None, None, True, "weight_missing"),
    ("norepinephrine", "0.24", "mg/h", None, 4000, True, ""),
    ("norepinephrine", "5", "ml/u", None, None, True, "concentration_missing"),
    ("norepinephrine", "0", "ml/u", None, 0, True, "stopped"),
    ("norepinephrine", "0", "ug/min", None, 0, True, "stopped"),
    ("norepinephrine", "gestopt", "", None, 0, True, "stopped"),
    ("norepinephrine", "", "", None, None, True, ""),
    ("dopamine", "400", "ug/min", 80.0, 5000, True, ""),
    ("vasopressin", "2.4", "E/u", None, 40, True, ""),
    ("tocilizumab", "8", "mg/kg", 80.0, 640000, False, ""),
    ("tocilizumab", "0.64", "g", None, 640000, False, ""),
    ("tocilizumab", "", "", None, None, False, ""),
    ("propofol", "200", "mg/h", None, 200000, True, ""),
    ("propofol", "", "mg/h", None, None, True, ""),
    ("terlipressin", "100", "ug/h", None, 100, True, ""),
    ("filgrastim", "30", "MIE", None, None, False, "no_factor"),
    ("stem_cell_boost", "3", "x10^6/kg", None, 3000, False, ""),
    ("stem_cell_boost", "240", "10^6", 80.0, 3000, False, ""),
    ("red_cells", "2", "units", None, 20, False, ""),
    ("red_cells", "300", "mL", None, None, False, "no_factor"),
    ("tocilizumab", ">100", "mg", None, None, False, "bound"),
]


@pytest.mark.parametrize(("name", "value", "unit", "weight", "expected", "rate", "note"), DRUGS)
def test_drugs(
    name: str, value: str, unit: str, weight: float | None, expected: int | None, rate: bool, note: str
) -> None:
    quantity = normalise_quantity(signals()[name], value, unit, weight)
    assert (quantity.low, quantity.high, quantity.rate, quantity.note) == (expected, expected, rate, note)


def test_a_bound_of_a_dose_is_a_set() -> None:
    assert steps("tocilizumab", "<5", "mg") == (0, 4999)


def test_unknown_quantity_keeps_what_is_known() -> None:
    found = signals()
    assert unknown_quantity(found["norepinephrine"], "x", "mg").rate
    assert unknown_quantity(found["propofol"], "x", "mL/h").rate
    assert unknown_quantity(found["propofol"], "200", "").rate
    assert not unknown_quantity(found["tocilizumab"], "x", "").rate


def test_float32_keeps_seven_digits() -> None:
    assert steps("temperature", 38.599998474121094, "Cel") == (3860, 3860)
    assert steps("heart_rate", 72) == (72, 72)
    with pytest.raises(UnitError):
        normalise_quantity(signals()["temperature"], None)


@given(st.decimals(min_value=30, max_value=44, places=2))
def test_celsius_round_trip(value: Decimal) -> None:
    assert steps("temperature", str(value), "Cel") == (int(value * 100),) * 2
    fahrenheit = value * 9 / 5 + 32
    assert steps("temperature", str(fahrenheit), "F") == (int(value * 100),) * 2


@given(st.decimals(min_value=1, max_value=200, places=3))
def test_counts_do_not_depend_on_the_unit(value: Decimal) -> None:
    expected = steps("neutrophils", str(value), "10*9/L")
    assert steps("neutrophils", str(value * 1000), "/uL") == expected
    assert steps("neutrophils", str(value), "K/µL") == expected


@given(st.text(max_size=30), st.text(max_size=12), st.sampled_from(sorted(signals())))
def test_any_text_is_a_quantity_or_a_problem(text: str, unit: str, name: str) -> None:
    signal = signals()[name]
    if signal.kind == "category":
        return
    with suppress(UnitError):
        found = normalise_quantity(signal, text, unit, 70.0)
        assert (found.low is None) == (found.high is None)
        assert found.low is None or found.high is None or found.low <= found.high
