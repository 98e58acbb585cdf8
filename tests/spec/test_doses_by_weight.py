"""Every dose by weight that a source prints, in mg for the patient, with its calculation."""

from fractions import Fraction

import pytest

from cytovigil.guidance import PROTOCOLS
from cytovigil.guidance.dose_text import by_weight
from cytovigil.guidance.schemes import (
    METHYLPREDNISOLONE_1_MG_KG,
    SILTUXIMAB,
    TOCILIZUMAB,
    TOCILIZUMAB_BY_WEIGHT,
    dexamethasone,
)
from cytovigil.logic.guidance import Scheme
from cytovigil.model.doses import Weight
from report.test_catalogue import lacking

KYMRIAH = "Kymriah US prescribing information, revised 6/2025"
LIGHT = f"this source has no other dose below 30 kg; the 12 mg/kg of the ledger are of: {KYMRIAH}"


def weight(low: str, high: str = "") -> Weight:
    return Weight(Fraction(low), Fraction(high or low))


@pytest.mark.parametrize(
    ("scheme", "kg", "expected"),
    [
        (METHYLPREDNISOLONE_1_MG_KG, weight("80"), "80 kg x 1 mg/kg = 80 mg"),
        (SILTUXIMAB, weight("80"), "80 kg x 11 mg/kg = 880 mg"),
        (SILTUXIMAB, weight("25"), "25 kg x 11 mg/kg = 275 mg"),
        (Scheme("methylprednisolone", mg_per_kg=(1, 2)), weight("72.5"), "72.5 kg x 1-2 mg/kg = 72.5-145 mg"),
        (TOCILIZUMAB_BY_WEIGHT, weight("25"), "25 kg x 12 mg/kg = 300 mg"),
        (TOCILIZUMAB_BY_WEIGHT, weight("30"), "30 kg x 8 mg/kg = 240 mg"),
        (TOCILIZUMAB_BY_WEIGHT, weight("100"), "100 kg x 8 mg/kg = 800 mg"),
        (TOCILIZUMAB_BY_WEIGHT, weight("130"), "130 kg x 8 mg/kg = 1040 mg, at most 800 mg"),
        (TOCILIZUMAB, weight("25"), f"25 kg x 8 mg/kg = 200 mg; {LIGHT}"),
        (TOCILIZUMAB, weight("30"), "30 kg x 8 mg/kg = 240 mg"),
        (SILTUXIMAB, None, "dose by weight: the weight is not known: please chart"),
        (SILTUXIMAB, weight("79", "81"), "dose by weight: the weight is 79 to 81 kg: please chart it anew"),
        (dexamethasone(10, 6), weight("80"), ""),
    ],
)
def test_with_its_calculation(scheme: Scheme, kg: Weight | None, expected: str) -> None:
    assert by_weight(scheme, kg) == expected


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_dose_by_weight_has_one(name: str) -> None:
    schemes = [one.scheme for one in PROTOCOLS[name].recommendations if one.scheme]
    assert all(bool(by_weight(one, weight("80"))) is (one.mg_per_kg is not None) for one in schemes)


def test_every_text_is_there_in_dutch() -> None:
    asked: set[str] = set()

    def say(text: str) -> str:
        asked.add(text)
        return text

    for kg in (None, weight("79", "81"), weight("25"), weight("130")):
        assert by_weight(TOCILIZUMAB, kg, say)
    assert lacking(asked) == []
