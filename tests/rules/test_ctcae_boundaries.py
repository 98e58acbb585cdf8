"""Each criterion of the published texts on both sides of each of its numbers, in each of its units.

The numbers are read from the texts themselves (data/ctcae/texts.csv), so a cut-off cannot be mistyped twice.
"""

import csv
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from cytovigil.model.vocabulary import signals
from rules.ctcae_kit import Range, grade_of, text_of

TEXTS = list(csv.DictReader((Path(__file__).parent / "data/ctcae/texts.csv").read_text("utf-8").splitlines()))
SIGNALS = {
    "Anemia": "hemoglobin", "CD4 lymphocytes decreased": "cd4", "Lymphocyte count decreased": "lymphocytes",
    "Neutrophil count decreased": "neutrophils", "Platelet count decreased": "platelets",
    "Thrombocytopenia": "platelets", "White blood cell decreased": "leukocytes", "INR increased": "inr",
    "Activated partial thromboplastin time prolonged": "aptt", "Alanine aminotransferase increased": "alt",
    "Aspartate aminotransferase increased": "ast", "Blood bilirubin increased": "bilirubin",
    "Creatinine increased": "creatinine", "Fibrinogen decreased": "fibrinogen", "Fever": "temperature",
    "Lymphopenia": "lymphocytes", "Febrile neutropenia": "febrile-neutropenia",
}  # fmt: skip
UNITS = {"/mm3": "/uL", "/L": "10*9/L", "g/dL": "g/dL", "mmol/L": "mmol/L", "g/L": "g/L"}
MISPRINT = "<0.2 x 0.05 - 10e9 /L", "<0.2 - 0.05 x 10e9 /L"
COUNT = re.compile(r"<(LLN|[\d.,]+)(?: - [\d.,]+)? ?(?:x 10(?:e|\^)9 ?)?(/mm3|/L|g/dL|mmol/L|g/L)$")
MULTIPLE = re.compile(r"(>?) ?(ULN|[\d.]+)(?: - [\d.]+)?(?: x (ULN|baseline))?(.*)$")
TINY = Fraction(1, 1_000)


class Criterion(NamedTuple):
    """A grade begins beyond `number`: in `unit`, or times the limit or the baseline."""

    scale: str
    signal: str
    grade: int
    number: Fraction | None  # None: the limit itself
    unit: str = ""
    included: bool = False
    condition: str = ""


def criteria(signals: set[str]) -> Iterator[tuple[str, Criterion]]:
    for text in TEXTS:
        signal = SIGNALS[text["term"]]
        if signal in signals:
            for part in text["text"].replace(*MISPRINT).split("; "):
                yield part, Criterion(f"ctcae-{text['edition']}-{signal}", signal, int(text["grade"]), None)


def counts() -> Iterator[Criterion]:
    for part, one in criteria({"hemoglobin", "cd4", "lymphocytes", "neutrophils", "platelets", "leukocytes"}):
        if found := COUNT.match(re.sub(r"^(Hemoglobin \(Hgb\)|Hgb) ", "", part)):
            number = None if found[1] == "LLN" else Fraction(found[1].replace(",", ""))
            yield one._replace(number=number, unit=UNITS[found[2]])


COUNTS = list(counts())
# A lower limit above all numbers of the text.
ABOVE = {"hemoglobin": "14", "platelets": "150", "cd4": "0.6"}
PER = {"/uL": 1000, "10*6/L": 1000, "g/L": 10, "mmol/L": Fraction("0.62")}


def test_every_number_of_the_counts_is_read() -> None:
    by_scale = {name: {(c.grade, c.unit) for c in COUNTS if c.scale == name} for name in {c.scale for c in COUNTS}}
    assert len(by_scale) == 11
    for name, found in by_scale.items():
        units = 3 if "hemoglobin" in name else 2
        grades = 3 if "hemoglobin" in name else 4
        assert len(found) == units * grades, name


ALIKE = {"/uL": "10*6/L", "10*9/L": "10*3/uL"}  # units that are not printed, of the same size
IN_OTHER_UNITS = [one._replace(unit=ALIKE[one.unit]) for one in COUNTS if one.unit in ALIKE]


@pytest.mark.parametrize("one", [*COUNTS, *IN_OTHER_UNITS], ids=lambda c: f"{c.scale} {c.grade} {c.number} {c.unit}")
def test_counts(one: Criterion) -> None:
    """At the number the grade before, just below it this grade; without a limit all that the number leaves open."""

    def grade(value: Fraction, limit: str) -> Range:
        return grade_of(one.scale, one.signal, text_of(value), one.unit, low=limit)

    limit = text_of(Fraction(ABOVE.get(one.signal, "4")) * PER.get(one.unit, 1))
    if one.number is None:
        number = Fraction(limit)
        assert grade(number, limit) == (0, 0)
        assert grade(number - TINY * number, limit) == (1, 1)
        assert grade(number, "") == (0, 1)
        return
    step = one.number * TINY
    asks_limit = not one.scale.endswith("v6-neutrophils")
    assert grade(one.number, limit) == (one.grade - 1, one.grade - 1)
    assert grade(one.number - step, limit) == (one.grade, one.grade)
    assert grade(one.number - step, "") == (one.grade, one.grade)
    open_below = asks_limit and one.grade == 2
    assert grade(one.number, "") == ((0, 1) if open_below else (one.grade - 1, one.grade - 1))
    if asks_limit:
        assert grade(one.number - step, text_of(one.number / 4)) == (one.grade, one.grade)


def multiples(*names: str) -> Iterator[Criterion]:
    for part, one in criteria(set(names)):
        found = MULTIPLE.match(part)
        if found and (found[2] == "ULN" or found[3]):
            number = Fraction(1) if found[2] == "ULN" else Fraction(found[2])
            of = found[3] or "ULN"
            yield one._replace(number=number, unit=of, included=not found[1], condition=found[4].strip())


MULTIPLES = list(multiples("aptt", "alt", "ast", "bilirubin", "creatinine"))
IN_UNITS = {
    "aptt": ("s",), "alt": ("U/L", "ukat/L"), "ast": ("U/L", "ukat/L"), "bilirubin": ("umol/L", "mg/dL"),
    "creatinine": ("umol/L", "mg/dL", "mmol/L"),
}  # fmt: skip
LIMITS = {"s": "40", "U/L": "40", "ukat/L": "0.6", "umol/L": "80", "mg/dL": "0.9", "mmol/L": "0.08"}


def test_every_multiple_is_read() -> None:
    found = {name: sum(c.scale == name for c in MULTIPLES) for name in {c.scale for c in MULTIPLES}}
    expected = {"aptt": 3, "alt": 8, "ast": 8, "bilirubin": 8, "creatinine": 6}
    assert found == {f"ctcae-{e}-{name}": n for name, n in expected.items() for e in ("v5", "v6")}


@pytest.mark.parametrize("one", MULTIPLES, ids=lambda c: f"{c.scale} {c.grade} {c.number} {c.unit}")
def test_multiples(one: Criterion) -> None:
    """At the multiple, and just above it; a value at the multiple is in the grade where the text prints no `>`."""
    for unit in IN_UNITS[one.signal]:
        limit = Fraction(LIMITS[unit])
        base, upper, lower = _situation(one, limit)
        of = limit if one.unit == "ULN" else base
        assert of is not None and one.number is not None
        for value, expected in _both_sides(one, of * one.number):
            found = grade_of(
                one.scale,
                one.signal,
                text_of(value),
                unit,
                text_of(lower),
                text_of(upper),
                text_of(base) if base else "",
            )
            assert found == (expected, expected), (unit, value)
            _stays_open(one, value, unit, base, upper, lower, expected)


def _stays_open(
    one: Criterion, value: Fraction, unit: str, base: Fraction | None, upper: Fraction, lower: Fraction, known: int
) -> None:
    """Without limits, and without a baseline, the grade is still possible; without a limit no value is surely well."""
    low, high = (text_of(limit) for limit in (lower, upper))
    before = text_of(base) if base is not None else ""
    for missing in ((before, "", ""), ("", low, high), ("", "", "")):
        found = grade_of(one.scale, one.signal, text_of(value), unit, missing[1], missing[2], missing[0])
        assert found[0] is not None and found[1] is not None
        assert found[0] <= known <= found[1], (unit, value, missing)
        if not missing[1] and not missing[0]:
            assert found[1] == max(c.grade for c in MULTIPLES if c.scale == one.scale), (unit, value)


def _situation(one: Criterion, limit: Fraction) -> tuple[Fraction | None, Fraction, Fraction]:
    """Baseline, upper and lower limit under which only this criterion speaks."""
    if one.unit == "ULN":
        return limit, limit, limit / 4
    if one.signal == "creatinine":
        return limit / 5, limit * 9, limit / 4
    return limit * 3 / 2, limit, limit / 4


def _both_sides(one: Criterion, edge: Fraction) -> list[tuple[Fraction, int]]:
    below = one.grade - 1
    if one.signal == "creatinine" and one.unit == "baseline" and one.grade == 2:
        below = 0  # grade 1 is by the limit only
    tiny = edge * TINY
    at = one.grade if one.included else below
    return [(edge - tiny, below), (edge, at), (edge + tiny, one.grade)]


@pytest.mark.parametrize("name", ["alt", "ast", "bilirubin", "creatinine", "aptt", "inr", "fibrinogen"])
@pytest.mark.parametrize("edition", ["v5", "v6"])
def test_never_0_for_want_of_a_limit(edition: str, name: str) -> None:
    """A value that some limit makes ill, and neither limit nor baseline known: a range."""
    value = {"inr": "1.1", "fibrinogen": "2"}.get(name, "50")
    low, high = grade_of(f"ctcae-{edition}-{name}", name, value, signals()[name].unit)
    assert low == 0 and high is not None and high > 0


def inr_criteria() -> Iterator[Criterion]:
    for part, one in criteria({"inr"}):
        if found := re.match(r">([\d.]+)(?: - [\d.]+)?( x baseline)?", part):
            yield one._replace(number=Fraction(found[1]), unit=found[2] or "")


@pytest.mark.parametrize("one", list(inr_criteria()), ids=lambda c: f"{c.scale} {c.grade} {c.number} {c.unit}")
def test_inr(one: Criterion) -> None:
    """By number surely; by baseline only the high end, which is that of a patient under anticoagulation."""
    assert one.number is not None
    below, step = one.grade - 1, Fraction(1, 100)

    def grade(value: Fraction, base: str) -> Range:
        return grade_of(one.scale, "inr", text_of(value), "1", base=base)

    if one.unit:
        assert grade(one.number * Fraction("0.8"), "0.8")[1] == max(below, grade(one.number * Fraction("0.8"), "20")[0])
        assert grade(one.number * Fraction("0.8") + step, "0.8")[1] == one.grade
        assert grade(one.number * Fraction("0.8"), "20")[0] == grade(one.number * Fraction("0.8"), "20")[1]
    else:
        assert grade(one.number, "20") == (below, below)
        assert grade(one.number + step, "20") == (one.grade, one.grade)
        assert grade(one.number + step, "")[0] == one.grade


def fibrinogen_criteria() -> Iterator[Criterion]:
    for part, one in criteria({"fibrinogen"}):
        if found := re.match(r"<([\d.]+)(?: - [\d.]+)? x LLN", part):
            yield one._replace(number=Fraction(found[1]), unit="LLN")
        elif found := re.match(r"if abnormal, (\d+)(?: - <\d+)?% decrease", part):
            yield one._replace(number=1 - Fraction(int(found[1]), 100), unit="baseline", included=True)
        elif part == "if abnormal, <25% decrease from baseline":
            yield one._replace(number=Fraction(1), unit="baseline")
        elif found := re.match(r"absolute value <(\d+) mg/dL", part):
            yield one._replace(number=Fraction(found[1]), unit="mg/dL")


FIBRINOGEN = list(fibrinogen_criteria())


def test_every_part_of_fibrinogen_is_read() -> None:
    assert len(FIBRINOGEN) == 2 * (4 + 4 + 1)


@pytest.mark.parametrize("unit", ["g/L", "mg/dL"])
@pytest.mark.parametrize("one", FIBRINOGEN, ids=lambda c: f"{c.scale} {c.grade} {c.number} {c.unit}")
def test_fibrinogen(one: Criterion, unit: str) -> None:
    """Below each multiple of the limit from a normal baseline, and at each fall from a low one."""
    assert one.number is not None
    per = 100 if unit == "mg/dL" else 1
    limit = Fraction(8 * per)
    base = {"LLN": limit, "baseline": limit * 3 / 4, "mg/dL": limit}[one.unit]
    edge = Fraction(per, 2) if one.unit == "mg/dL" else one.number * (limit if one.unit == "LLN" else base)
    below = 4 if one.unit == "mg/dL" else one.grade - 1

    def grade(value: Fraction, low: str, before: str) -> Range:
        return grade_of(one.scale, "fibrinogen", text_of(value), unit, low=low, base=before)

    low, before, tiny = text_of(limit), text_of(base), edge * TINY
    assert grade(edge - tiny, low, before) == (one.grade, one.grade)
    assert grade(edge + tiny, low, before) == (below, below)
    assert grade(edge, low, before) == ((one.grade,) * 2 if one.included else (below,) * 2)
    if one.unit == "mg/dL":
        assert grade(edge - tiny, "", "") == (4, 4)
        assert grade(edge, "", "") == (0, 4)
    else:
        found = grade(edge - tiny, "", before)
        assert found[0] is not None and found[1] is not None and found[0] <= one.grade <= found[1]
        assert found[0] == 0 or one.unit == "baseline"


def test_every_text_is_one_of_these() -> None:
    """What is left over is no number: clinical words, and fever, which has tables of its own."""
    clinical = r"transfusion|[Ll]ife-|urgent|Death|bleeding|monitoring|dose adj|Present|ANC|.*degrees"
    left = [part for part, _ in criteria(set(SIGNALS.values())) if re.match(clinical, part)]
    read = len(COUNTS) + len(MULTIPLES) + len(list(inr_criteria())) + len(FIBRINOGEN)
    assert read + len(left) == len(list(criteria(set(SIGNALS.values()))))
