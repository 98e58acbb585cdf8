"""Counts in words: one is one."""

import pytest

from cytovigil.app import speaker
from cytovigil.terminal import _counts


@pytest.mark.parametrize(
    ("patients", "infusions", "english", "dutch"),
    [
        (1, 1, "1 patient, 1 infusion", "1 patiënt, 1 infusie"),
        (1, 2, "1 patient, 2 infusions", "1 patiënt, 2 infusies"),
        (2, 3, "2 patients, 3 infusions", "2 patiënten, 3 infusies"),
        (0, 0, "0 patients, 0 infusions", "0 patiënten, 0 infusies"),
    ],
)
def test_how_many(patients: int, infusions: int, english: str, dutch: str) -> None:
    assert _counts(patients, infusions, speaker("en")) == english
    assert _counts(patients, infusions, speaker("nl")) == dutch
