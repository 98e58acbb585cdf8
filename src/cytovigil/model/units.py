"""Quantities: a number and a unit as charted become, once, integers in the signal's smallest step.

Exact arithmetic on fractions, one rounding (half to even) at the end. The table of units is closed: UCUM codes, and the
forms that Dutch and US charts print. A rate of a drug that is dosed in an amount is kept in that amount per hour.
"""

import re
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

from cytovigil.model.numbers import NO_VALUE, Number, UnitError, not_a_number, number_text, read_number
from cytovigil.model.unit_table import FEU, PRINTED, UNITS, WHOLE, Unit
from cytovigil.model.vocabulary import Signal, signals

MOST_STEPS = 10**15  # larger numbers fit no column of the output and no chart
# Of these a row that cannot be read is rather an infusion than a dose: taken as running it is never overlooked.
_RUNNING_CLASSES = frozenset({"vasopressor", "vasopressin", "sedative"})
STOP_WORDS = frozenset({"stop", "stopped", "gestopt", "gestaakt", "staken", "off", "uit", "discontinued"})

# Grams per litre of one mol/L, by signal; monomer for haemoglobin. Sources: clinical unit table of the design notes.
_PER_MOLE = {
    "hemoglobin": Fraction(10) / (Fraction("0.6206") / 1000),
    "creatinine": Fraction("0.01") / Fraction("88.42e-6"),
    "bilirubin": Fraction("0.01") / Fraction("17.10e-6"),
    "direct_bilirubin": Fraction("0.01") / Fraction("17.10e-6"),
    "triglycerides": Fraction("0.8857") / Fraction("1e-3"),
}
# Our reading: a positive value below this, in the canonical unit, is another unit's number when reported in a unit of
# another size (or, for those marked, in any unit): neutrophils of 4.2 "/uL", creatinine of 1.1 "umol/L".
_LEAST_ELSEWHERE = {
    "neutrophils": Fraction("0.01"), "leukocytes": Fraction("0.01"), "lymphocytes": Fraction("0.01"),
    "platelets": Fraction(1), "fibrinogen": Fraction("0.1"),
}  # fmt: skip
_WHOLE_CELLS = frozenset({"neutrophils", "leukocytes", "lymphocytes"})  # 5 per uL is a count, 4.2 per uL is none
_LEAST_ANYWHERE = {"creatinine": Fraction(9)}
_FRACTIONS = {"fio2": Fraction("0.21"), "spo2": Fraction("0.5")}  # from here to 1, without unit: a fraction

_exact = lru_cache(maxsize=64)(Fraction)  # of the steps of signals

_FLATTEN = str.maketrans({"µ": "u", "μ": "u", "⁹": "^9", "⁶": "^6", "³": "^3", "²": "^2", "×": "x", "·": ".", "º": "°"})


class Quantity(NamedTuple):
    """The possible values `low`..`high` in steps; both None: given, amount unknown (drugs only).

    `shown` is value and unit as reported; `rate` tells an infusion from a dose; `note` is `stopped`,
    `weight_missing`, `concentration_missing`, `bound`, `no_factor` or empty. Of a number `unit` is the UCUM code of
    the unit as reported, and `exact` the steps before rounding, where it changed them.
    """

    low: int | None
    high: int | None
    shown: str
    rate: bool = False
    note: str = ""
    unit: str = ""
    exact: Fraction | None = None


def normalise_quantity(
    signal: Signal, text_or_number: str | float | None, unit_text: str | None = "", weight_kg: float | None = None
) -> Quantity:
    """Value and unit as charted, in the signal's smallest steps. Numbers of type float are taken as float32.

    Raises UnitError where value or unit cannot be used; a drug row is then `unknown_quantity`.
    """
    text = number_text(text_or_number)
    per_kg = weight_kg if signal.kind == "drug" else None
    found = _normalised(signal.name, text, (unit_text or "").strip(), per_kg)
    if isinstance(found, Quantity):
        return found
    raise UnitError(*found)


def unknown_quantity(signal: Signal, value: str, unit_text: str) -> Quantity:
    """A drug row whose value or unit is missing or unusable: given or running, amount unknown."""
    unit = find_unit(unit_text)
    rate = signal.is_rate or bool(unit and unit.per_time) or signal.drug_class in _RUNNING_CLASSES
    return Quantity(None, None, _shown(value, unit_text), rate)


@lru_cache(maxsize=4_096)
def find_unit(text: str) -> Unit | None:
    """The unit that a UCUM code or a printed form stands for; None if it is not in the table."""
    return UNITS.get(canonical_unit(text))


@lru_cache(maxsize=4_096)
def canonical_unit(text: str) -> str:
    """The UCUM code of a printed form; what is not recognised comes back unchanged."""
    text = text.strip()
    if text in UNITS:
        return text
    flat = re.sub(r"\s+", "", text.translate(_FLATTEN)).lower()
    if flat in WHOLE:
        return WHOLE[flat]
    feu = "feu" in flat
    flat = re.sub(r"\{.*?\}|\(?feu\)?", "", flat)
    parts = flat.split("/")
    names = [PRINTED[0].get(parts[0], parts[0])] + [PRINTED[1].get(part, part) for part in parts[1:]]
    code = "/".join(names) + (FEU if feu else "")
    return code if code in UNITS else text


@lru_cache(maxsize=16_384)
def _normalised(name: str, text: str, unit_text: str, weight_kg: float | None) -> Quantity | tuple[str, str]:
    signal = signals()[name]
    try:
        if signal.kind == "drug":
            return _drug(signal, text, unit_text, weight_kg)
        return _number_of(signal, text, unit_text)
    except UnitError as problem:
        return problem.code, problem.sentence


def _shown(value: str, unit_text: str) -> str:
    return f"{value} {unit_text}".strip()


def _parse(text: str, unit_text: str) -> tuple[Number, str]:
    """The number, and the unit: the given one, else a known one that is printed behind the number."""
    number, rest = read_number(text)
    if rest and (find_unit(rest) is None or (unit_text and canonical_unit(rest) != canonical_unit(unit_text))):
        raise not_a_number(text)
    return number, unit_text or rest


def _number_of(signal: Signal, text: str, unit_text: str) -> Quantity:
    if text.lower() in NO_VALUE:
        raise UnitError("no_value", f"{signal.name} has no value: leave the row out or fill it in")
    number, printed = _parse(text, unit_text)
    unit = _unit_of(signal, number, printed)
    exact = _convert(signal, number.value, unit)
    is_score = UNITS[signal.unit].dimension == "score"
    if is_score and exact.denominator != 1:
        raise UnitError("not_a_number", f"{signal.name} is a whole number, not '{text[:40]}'")
    steps = exact / _exact(signal.step)
    low, high = _bounds(signal, number.operator, steps)
    _check_plausible(signal, number, unit, exact, text, printed)
    if is_score and not (_on_scale(signal, low) and _on_scale(signal, high)):
        raise UnitError("implausible", f"'{text[:40]}' is off the scale of {signal.name}: check the value")
    kept = None if number.operator or steps.denominator == 1 else steps
    return Quantity(low, high, _shown(text, unit_text), False, "bound" if number.operator else "", unit.code, kept)


def _unit_of(signal: Signal, number: Number, unit_text: str) -> Unit:
    if unit_text:
        unit = find_unit(unit_text)
        if unit is None:
            raise _unknown_unit(signal, unit_text)
        return unit
    if not signal.blank_unit:
        raise UnitError("unit_missing", f"{signal.name} needs a unit: write {_choice(signal)}")
    if _FRACTIONS.get(signal.name, Fraction(2)) <= number.value <= 1:
        return UNITS["1"]
    return UNITS[signal.unit]


def _choice(signal: Signal) -> str:
    target = UNITS[signal.unit].dimension
    useful = [u.code for u in _units_of(signal) if signal.kind == "drug" or _bridged(signal, {u.dimension, target})]
    return " or ".join(useful[:4])


def _unknown_unit(signal: Signal, unit_text: str) -> UnitError:
    return UnitError("unknown_unit", f"unit '{unit_text[:40]}' of {signal.name} is not known: write {_choice(signal)}")


def _bridged(signal: Signal, dimensions: set[str]) -> bool:
    if len(dimensions) == 1 or dimensions == {"fraction", "score"}:
        return True
    return dimensions == {"mass/volume", "mole/volume"} and signal.name in _PER_MOLE


def _convert(signal: Signal, value: Fraction, unit: Unit) -> Fraction:
    """The value in the signal's canonical unit. Raises UnitError for another dimension."""
    target = UNITS[signal.unit]
    if unit is target:
        return value
    base = (value + unit.shift) * unit.factor
    if not _bridged(signal, {unit.dimension, target.dimension}):
        raise UnitError("wrong_dimension", f"unit {unit.code} does not fit {signal.name}: write {_choice(signal)}")
    if {unit.dimension, target.dimension} == {"mass/volume", "mole/volume"}:
        base = base * _PER_MOLE[signal.name] if unit.dimension == "mole/volume" else base / _PER_MOLE[signal.name]
    return base / target.factor - target.shift


def steps_of(signal: Signal, number: Fraction, unit_code: str) -> Fraction:
    """A number in a unit of the table as steps of the signal, before rounding. Raises UnitError where it cannot be."""
    return _convert(signal, number, UNITS[unit_code]) / _exact(signal.step)


def _bounds(signal: Signal, operator: str, steps: Fraction) -> tuple[int, int]:
    least = signal.plausible_low if signal.plausible_low is not None else 0
    most = signal.plausible_high if signal.plausible_high is not None else MOST_STEPS
    if operator == "<":
        return min(least, ceil(steps) - 1), ceil(steps) - 1
    if operator == "<=":
        return min(least, floor(steps)), floor(steps)
    if operator == ">":
        return floor(steps) + 1, max(most, floor(steps) + 1)
    if operator == ">=":
        return ceil(steps), max(most, ceil(steps))
    nearest = round(steps)
    return nearest, nearest


def _on_scale(signal: Signal, steps: int) -> bool:
    low, high = signal.plausible_low, signal.plausible_high
    return (low is None or steps >= low) and (high is None or steps <= high)


def _plausible(signal: Signal, exact: Fraction) -> bool:
    steps = round(exact / _exact(signal.step))
    return abs(steps) <= MOST_STEPS and _on_scale(signal, steps)


def _check_plausible(signal: Signal, number: Number, unit: Unit, exact: Fraction, text: str, printed: str) -> None:
    odd_unit = unit.code != "" and unit.factor != UNITS[signal.unit].factor
    least = _LEAST_ANYWHERE.get(signal.name) or (_LEAST_ELSEWHERE.get(signal.name) if odd_unit else None)
    whole = signal.name in _WHOLE_CELLS and number.value.denominator == 1
    suspect = least is not None and 0 < exact < least and not number.operator and not whole
    lowest = signal.plausible_low
    below_nothing = (
        number.operator == "<" and lowest is not None and lowest <= 0 and exact <= lowest * _exact(signal.step)
    )
    if _plausible(signal, exact) and not suspect and not below_nothing:
        return
    other = next((u for u in _units_of(signal) if _fits(signal, number.value, u, least)), None)
    if other and not number.operator:
        shown = f"'{text[:40]}' of {signal.name} is not plausible"
        if not printed:
            raise UnitError("unit_missing", f"{shown} without a unit: write the unit")
        raise UnitError("unit_contradicts_value", f"{shown} in {printed[:40]}, but in {other.code}: correct it")
    raise UnitError("implausible", f"{signal.name} is outside what is plausible: check value and unit")


def _units_of(signal: Signal) -> list[Unit]:
    return [UNITS[code] for code in (signal.unit, *signal.accepted_units) if code in UNITS]


def _fits(signal: Signal, value: Fraction, unit: Unit, least: Fraction | None) -> bool:
    try:
        exact = _convert(signal, value, unit)
    except UnitError:
        return False
    return _plausible(signal, exact) and exact >= (least or exact)


def _drug(signal: Signal, text: str, unit_text: str, weight_kg: float | None) -> Quantity:
    if text.lower() in STOP_WORDS:
        return Quantity(0, 0, _shown(text, unit_text), rate=True, note="stopped")
    if text.lower() in NO_VALUE:
        if unit_text:
            _fitting(signal, unit_text)
        return unknown_quantity(signal, "", unit_text)
    number, printed = _parse(text, unit_text)
    shown = _shown(text, unit_text)
    if number.value < 0:
        raise UnitError("implausible", f"the dose of {signal.name} is below 0: check the value")
    unit = find_unit(printed)
    if number.value == 0 and not number.operator and unit and unit.per_time:
        return Quantity(0, 0, shown, rate=True, note="stopped")
    unit = _fitting(signal, printed)
    if number.value == 0 and not number.operator:
        raise UnitError("zero_dose", f"a dose of 0 of {signal.name} is no dose: leave the row out")
    return _dose(signal, number, unit, weight_kg, shown)


def _fitting(signal: Signal, unit_text: str) -> Unit:
    """The unit of a drug row. Raises UnitError if it is missing, unknown, or neither alike nor accepted."""
    if not unit_text:
        raise UnitError("unit_missing", f"{signal.name} needs a unit: write {_choice(signal)}")
    unit, target = find_unit(unit_text), UNITS[signal.unit]
    if unit is None:
        raise _unknown_unit(signal, unit_text)
    fitting = {one.dimension for one in _units_of(signal)} | {target.dimension + "/time"}
    if unit.dimension not in fitting:
        raise UnitError("wrong_dimension", f"unit {unit.code} does not fit {signal.name}: write {_choice(signal)}")
    return unit


def _dose(signal: Signal, number: Number, unit: Unit, weight_kg: float | None, shown: str) -> Quantity:
    target = UNITS[signal.unit]
    rate = unit.per_time
    if unit.dimension not in (target.dimension, target.dimension + "/time"):
        note = "concentration_missing" if unit.dimension == "volume/time" else "no_factor"
        return Quantity(None, None, shown, rate or signal.is_rate, note)
    exact = number.value * unit.factor / target.factor
    if rate and not target.per_time:
        exact *= 3600
    if unit.per_kg != target.per_kg:
        if not weight_kg or weight_kg <= 0:
            return Quantity(None, None, shown, rate, "weight_missing")
        weight = Fraction(str(weight_kg))
        exact = exact * weight if unit.per_kg else exact / weight
    steps = exact / _exact(signal.step)
    if steps > MOST_STEPS:
        raise UnitError("implausible", f"the dose of {signal.name} is not plausible: check value and unit")
    if number.operator.startswith(">"):
        return Quantity(None, None, shown, rate, "bound")
    low, high = _bounds(signal, number.operator, steps)
    return Quantity(max(low, 0), max(high, 0), shown, rate, "bound" if number.operator else "")
