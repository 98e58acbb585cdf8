"""The measures of this engine, by name. One that is not here is made by the reference engine's, patient by patient."""

from collections.abc import Callable
from types import MappingProxyType

from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.measures import (
    arousal,
    assessment,
    circulation,
    counts,
    doses,
    fever,
    hyperinflammation,
    laboratory,
    neurology,
    organs,
    oxygen,
    sedation,
    support,
    temperature,
)
from cytovigil.engine.columnar.steps import Steps
from cytovigil.logic.conditions import Field

ColumnarMeasure = Callable[[Block, Field], Steps]

COLUMNAR: MappingProxyType[str, ColumnarMeasure] = MappingProxyType(
    {
        "fever": fever.fever,
        "assessment": assessment.assessment,
        "arousal": arousal.arousal,
        "seizure": neurology.seizure,
        "motor_weakness": neurology.motor_weakness,
        "raised_icp": neurology.raised_icp,
        "sedation": sedation.sedation,
        "hypotension": circulation.hypotension,
        "vasopressors": circulation.vasopressors,
        "vasopressor_high_dose": circulation.vasopressor_high_dose,
        "vasopressor_long": support.vasopressor_long,
        "vasopressin_added": support.vasopressin_added,
        "pressure_despite_vasopressor": support.pressure_despite_vasopressor,
        "doses": doses.doses,
        "oxygen": oxygen.oxygen,
        "ventilation": oxygen.ventilation,
        "dialysis": organs.dialysis,
        "organ_toxicity": organs.organ_toxicity,
        "laboratory": laboratory.laboratory,
        "laboratory_baseline": laboratory.laboratory_baseline,
        "never_charted": laboratory.never_charted,
        "temperature": temperature.temperature,
        "temperature_spell": temperature.temperature_spell,
        "count_days": counts.count_days,
        "never_recovered": counts.never_recovered,
        "lowest_count": counts.lowest_count,
        "second_lowest_count": counts.second_lowest_count,
        "low_count_confirmed": counts.low_count_confirmed,
        "new_finding": hyperinflammation.new_finding,
        "neonate": hyperinflammation.neonate,
    }
)


def track(block: Block, field: Field) -> Steps:
    """The facts of a field for all patients of a block: codes of the run's facts of that field."""
    return block.once(_track, field)


def _track(block: Block, field: Field) -> Steps:
    return COLUMNAR.get(field.measure, Block.by_reference)(block, field)
