"""Ladders: both ends of a range are reached, none lies outside; a worse value never lowers a grade; edge tables."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.logic.edges import edge_table
from cytovigil.logic.ladder import Ladder
from cytovigil.rules import SCALES

EDGES = Path(__file__).parent / "edges"
LADDERS = {f"{scale.id}.{ladder.name}": ladder for scale in SCALES.values() for ladder in scale.domains}


@pytest.mark.parametrize("name", LADDERS)
@given(data=st.data())
def test_range_is_exact(name: str, data: st.DataObject) -> None:
    ladder = LADDERS[name]
    sets = tuple(data.draw(st.frozensets(st.sampled_from(f.domain), min_size=1, max_size=3)) for f in ladder.fields)
    grades = {ladder.grade(dict(zip(ladder.names, values, strict=True))) for values in product(*sets)}
    assert ladder.range_of(sets) == (min(grades), max(grades))


@pytest.mark.parametrize("name", LADDERS)
def test_a_worse_value_never_lowers_the_grade(name: str) -> None:
    ladder = LADDERS[name]
    for values in ladder.representatives():
        for index, field in enumerate(ladder.fields):
            place = field.domain.index(values[index]) + (1 if field.worse == "high" else -1)
            if 0 <= place < len(field.domain) and not field.name.endswith("baseline_abnormal"):
                worse = (*values[:index], field.domain[place], *values[index + 1 :])
                assert grade(ladder, worse) >= grade(ladder, values), (values, worse)


def grade(ladder: Ladder, values: tuple[object, ...]) -> int:
    return ladder.grade(dict(zip(ladder.names, values, strict=True)))


@pytest.mark.parametrize("name", LADDERS)
def test_settled_names_only_fields_not_known(name: str) -> None:
    ladder = LADDERS[name]
    unknown = tuple(field.unknown for field in ladder.fields)
    assert [name for name, _ in ladder.settled(unknown)] == list(ladder.names)
    known = tuple(frozenset({field.normal}) for field in ladder.fields)
    assert ladder.settled(known) == ()
    assert ladder.range_of(known) == (0, 0)


@pytest.mark.parametrize("name", LADDERS)
def test_edge_table_is_as_signed(name: str, request: pytest.FixtureRequest) -> None:
    path = EDGES / f"{name}.txt"
    text = "\n".join(edge_table(LADDERS[name])) + "\n"
    if request.config.getoption("--regenerate-edges"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert path.read_text() == text
