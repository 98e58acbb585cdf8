"""Rows as they came, in the contract's columns, still text: what is spooled and brought into order."""

from collections.abc import Callable
from typing import NamedTuple


class RawEvent(NamedTuple):
    """One charted row. `file` is the number of its file, `row` as printed in the problems; the rest is text."""

    file: int
    row: int
    patient_id: str
    time: str
    signal: str
    value: str
    unit: str
    end: str
    source_id: str
    recorded_at: str
    recorded_by: str
    status: str
    route: str
    text: str
    ref_low: str
    ref_high: str
    system: str
    column: str  # of a wide chart: the header cell, shown as the field of a problem


class RawPatient(NamedTuple):
    """One row of the patients table."""

    file: int
    row: int
    patient_id: str
    infusion: str
    infusion_time: str
    product: str
    disease: str
    birth_date: str
    age_years: str
    sex: str
    weight_kg: str
    height_cm: str
    cell_dose: str
    lymphodepletion_start: str
    leukapheresis_date: str
    marrow_blasts_percent: str
    baseline_ice: str
    baseline_capd: str
    baseline_oxygen: str
    last_followup: str
    death_time: str
    death_cause: str
    progression_date: str
    next_therapy_date: str


BLANK_EVENT = RawEvent._make((0, 0, *[""] * (len(RawEvent._fields) - 2)))
BLANK_PATIENT = RawPatient._make((0, 0, *[""] * (len(RawPatient._fields) - 2)))

Complain = Callable[[str, str, str, str, str], None]  # field, value, code, sentence, used
