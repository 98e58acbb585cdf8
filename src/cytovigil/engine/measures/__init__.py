"""Measures: the only functions that make facts from events. A new measure is one function here, and one test."""

from collections.abc import Callable
from types import MappingProxyType

from cytovigil.engine.measures import assessment, circulation, fever, neurology, organs, oxygen, sedation
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
        "oxygen": oxygen.oxygen,
        "ventilation": oxygen.ventilation,
        "dialysis": organs.dialysis,
        "organ_toxicity": organs.organ_toxicity,
        "assessment": assessment.assessment,
        "arousal": neurology.arousal,
        "seizure": neurology.seizure,
        "motor_weakness": neurology.motor_weakness,
        "raised_icp": neurology.raised_icp,
        "sedation": sedation.sedation,
    }
)
