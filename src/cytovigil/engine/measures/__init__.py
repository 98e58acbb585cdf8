"""Measures: the only functions that make facts from events. A new measure is one function here, and one test."""

from collections.abc import Callable
from types import MappingProxyType

from cytovigil.engine.measures import (
    assessment,
    circulation,
    counts,
    fever,
    hyperinflammation,
    laboratory,
    neurology,
    organs,
    oxygen,
    score_values,
    sedation,
    support,
    temperature,
)
from cytovigil.engine.record import Record
from cytovigil.engine.track import Track
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact

Measure = Callable[[Record, Field], Track[Fact]]

MEASURES: MappingProxyType[str, Measure] = MappingProxyType(
    {
        "fever": fever.fever,
        "hypotension": circulation.hypotension,
        "vasopressors": circulation.vasopressors,
        "vasopressor_high_dose": circulation.vasopressor_high_dose,
        "vasopressor_long": support.vasopressor_long,
        "vasopressin_added": support.vasopressin_added,
        "pressure_despite_vasopressor": support.pressure_despite_vasopressor,
        "doses": support.doses,
        "oxygen": oxygen.oxygen,
        "ventilation": oxygen.ventilation,
        "dialysis": organs.dialysis,
        "organ_toxicity": organs.organ_toxicity,
        "laboratory": laboratory.laboratory,
        "laboratory_baseline": laboratory.laboratory_baseline,
        "never_charted": laboratory.never_charted,
        "temperature": temperature.temperature,
        "temperature_spell": temperature.temperature_spell,
        "window_value": score_values.window_value,
        "highest_value": score_values.highest_value,
        "finding": score_values.finding,
        "assessment": assessment.assessment,
        "arousal": neurology.arousal,
        "seizure": neurology.seizure,
        "motor_weakness": neurology.motor_weakness,
        "raised_icp": neurology.raised_icp,
        "sedation": sedation.sedation,
        "count_days": counts.count_days,
        "never_recovered": counts.never_recovered,
        "lowest_count": counts.lowest_count,
        "second_lowest_count": counts.second_lowest_count,
        "low_count_confirmed": counts.low_count_confirmed,
        "new_finding": hyperinflammation.new_finding,
        "neonate": hyperinflammation.neonate,
    }
)
