"""What lists of criteria ask for, of all patients of a block."""

import numpy as np

from cytovigil.engine.columnar.block import Block
from cytovigil.engine.columnar.measures.kinds import coding
from cytovigil.engine.columnar.steps import Steps, beginnings, constant
from cytovigil.engine.measures.hyperinflammation import neonate_fact, new_fact
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact


def new_finding(block: Block, field: Field) -> Steps:
    """Charted where it was charted absent before treatment. Few patients have rows: theirs are the reference's."""
    (signal,) = field.signals
    charted = np.zeros(block.size, np.bool_)
    charted[block.rows(signal).patient] = True
    steps = constant(block.size, coding(block, field)(new_fact(field, Fact(field.unknown), field.unknown, None)))
    return steps.replaced(charted, block.by_reference(field, charted)) if charted.any() else steps


def neonate(block: Block, field: Field) -> Steps:
    """Whether a patient may be a newborn."""
    code = coding(block, field)
    codes = [code(neonate_fact(patient, field)) for patient in block.infusions]
    return Steps(beginnings(block.size), np.array(codes, np.int64))
