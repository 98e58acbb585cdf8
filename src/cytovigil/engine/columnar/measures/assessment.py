"""ICE and CAPD as they count (semantics 5), of all patients of a block: by age, against the score before infusion."""

import numpy as np

from cytovigil.engine.columnar.arrays import Ints, patient_of
from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.codes import Tabulated, told
from cytovigil.engine.columnar.measures.assessed import NO_SCORE, instrument, scores
from cytovigil.engine.columnar.steps import Steps, side_by_side
from cytovigil.engine.measures import assessment as reference
from cytovigil.engine.measures.assessment import CAPD, ICE
from cytovigil.logic.conditions import Field


class _Counting:
    """What a score becomes beside the other instrument and a baseline, by code."""

    def __init__(self, block: Block, field: Field) -> None:
        self._field, self._scores, self._facts = field, instrument(block, field.name).facts, block.known.facts[field]
        self.counted = Tabulated(self._counted)

    def _counted(self, score: int, other_valid: int, partner: int, baseline: int) -> int:
        fact = reference.that_counts(self._field, self._scores.values[score], bool(other_valid), bool(partner))
        before = baseline + NO_SCORE
        counted = reference.against_baseline(fact, self._field, None if before == NO_SCORE else before)
        return self._facts.code(told(counted))


def assessment(block: Block, field: Field) -> Steps:
    """The score that counts."""
    counting: _Counting = block.known.table((field, "counting"), lambda: _Counting(block, field))
    mine = scores(block, field.name)
    keys, (score, other) = side_by_side([mine.steps, block.once(_valid, CAPD if field.name == ICE else ICE)])
    patient = patient_of(keys)
    columns = [score, other, _partners(block, field.name)[patient], _baselines(block, field.name, mine.before)[patient]]
    return Steps(keys, counting.counted(columns)).compressed()


def _valid(block: Block, name: str) -> Steps:
    steps = scores(block, name).steps
    says = np.array([bool(fact.because) for fact in instrument(block, name).facts.values], np.int64)
    return Steps(steps.keys, says[steps.codes]).compressed()


def _partners(block: Block, name: str) -> Ints:
    """1 for patients whose age has the other instrument alone."""
    settings = block.settings
    return np.array([name not in reference.instrument(one.age_years, settings) for one in block.infusions], np.int64)


def _baselines(block: Block, name: str, before: Ints) -> Ints:
    """The score before infusion, above NO_SCORE: as told of the patient, else the last charted before."""
    told_ = (reference.charted_baseline(one, name) for one in block.infusions)
    known = np.array([NO_SCORE if score is None else score for score in told_], np.int64)
    return np.where(known == NO_SCORE, before, known) - NO_SCORE
