"""The vocabulary files are consistent with each other, and the package data are the contract's."""

import csv
from importlib import resources

import pytest

from cytovigil.model.flags import FLAGS
from cytovigil.model.units import find_unit
from cytovigil.model.vocabulary import SIGNS, Signal, codes, drugs_of, signals
from cytovigil.rules import SCALES

ALL = list(signals().values())


@pytest.mark.parametrize("signal", ALL, ids=[s.name for s in ALL])
def test_a_signal_is_whole(signal: Signal) -> None:
    assert signal.kind in ("number", "category", "drug")
    assert signal.worse in ("", "high", "low", "first", "last")
    assert signal.means
    kind, _, while_ = signal.absence.partition(":")
    assert kind in ("open", "closed", "closed_while")
    assert all(name in signals() for name in while_.split("|") if name)
    if signal.kind == "number":
        assert signal.plausible_low is not None and signal.plausible_high is not None
        assert signal.plausible_low < signal.plausible_high and signal.unit
    if signal.kind == "category":
        assert signal.categories and not signal.unit
    if signal.kind == "drug":
        assert signal.drug_class and signal.unit


def test_infusions_are_told_by_their_unit() -> None:
    assert signals()["norepinephrine"].is_rate
    assert not signals()["tocilizumab"].is_rate
    assert not signals()["heart_rate"].is_rate


def test_codes_stand_for_signals() -> None:
    assert len(codes()) > 100
    for code in codes().values():
        signal = signals()[code.signal]
        assert not code.value or code.value in signal.categories


@pytest.mark.parametrize("code", [key for key in codes() if key[0] == "loinc"], ids=lambda key: key[1])
def test_loinc_check_digit(code: tuple[str, str]) -> None:
    number, _, check = code[1].partition("-")
    digits = [int(d) for d in reversed(number)]
    total = sum(sum(divmod(2 * d, 10)) for d in digits[::2]) + sum(digits[1::2])
    assert int(check) == -total % 10


def test_drugs_by_class() -> None:
    assert "norepinephrine" in drugs_of("vasopressor") and "vasopressin" not in drugs_of("vasopressor")
    assert "dobutamine" in drugs_of("inotrope")


def test_scales_rest_on_known_signals() -> None:
    for scale in SCALES.values():
        assert set(scale.signals) <= set(signals())
        assert scale.course.recorded in {"", *signals()}


def test_flags_are_explained() -> None:
    assert list(FLAGS) == sorted(FLAGS) and all(FLAGS.values())
    assert "fever" in SIGNS


def test_every_unit_of_the_contract_is_known() -> None:
    text = resources.files("cytovigil.model").joinpath("data", "units.csv").read_text("utf-8")
    assert all(find_unit(row["ucum"]) is not None for row in csv.DictReader(text.splitlines()))
