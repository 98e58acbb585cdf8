"""Columnar measures of values: fever, temperature, laboratory, organs, doses, findings as the reference makes them."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.columnar.block import Block, Known
from cytovigil.engine.columnar.charted import charted_of
from cytovigil.engine.columnar.measures import track
from cytovigil.model.events import Course, Event, Exact
from cytovigil.model.settings import Settings
from cytovigil.model.vocabulary import signals
from cytovigil.readers.tables import open_courses
from cytovigil.synth.tables import write_tables
from cytovigil.synth.ward import make_patients
from engines.columnar_kit import assert_same, courses_of, fields_of
from engines.strategies import HOUR, START

MEASURES = (
    "fever", "temperature", "temperature_spell", "laboratory", "laboratory_baseline", "never_charted",
    "organ_toxicity", "dialysis", "doses", "new_finding", "neonate",
)  # fmt: skip
FIELDS = {name: fields_of(name) for name in MEASURES}
NUMBERS = tuple(sorted({field.detail.signal for field in FIELDS["laboratory"] + FIELDS["laboratory_baseline"]}))
SITE = Settings(upper_limits={"alt": 30, "ldh": 250}, lower_limits={"fibrinogen": 2, "creatinine": 50})
PARTS = Fraction(1, 3), Fraction(1, 10**9 + 7)  # of a step, before rounding; the last is too fine for columns
LIMIT = Exact(None, None, Fraction(17, 10))
flags = st.sampled_from([frozenset()] * 4 + [frozenset({"time_assumed"})])


@st.composite
def near(draw: st.DrawFn, name: str, hours: int, before: int = 24) -> tuple[int, int | None]:
    """A time and an end; often exactly when a row before it expires."""
    valid_h = (signals()[name].valid_s or 0) // HOUR
    hour = draw(st.integers(-before, hours) | st.sampled_from([-1, 0, 1, 24, valid_h, valid_h + 1, valid_h + 24]))
    end = draw(st.sampled_from([None] * 5 + [1, 3, 24, valid_h + 20]))
    time = START + hour * HOUR + draw(st.sampled_from([0, 0, 0, 1, -1, 1800]))
    return time, None if end is None else time + end * HOUR


@st.composite
def temperatures(draw: st.DrawFn) -> Event:
    time, end = draw(near("temperature", 60))
    low = draw(st.sampled_from([3650, 3799, 3800, 3801, 3830, 3831, 3900, 3901, 4000, 4001]))
    high = draw(st.sampled_from([low, low, low, low + 100]))
    unit = draw(st.sampled_from(["Cel", "[degF]"]))
    return Event("P1", time, "temperature", low, high, end=end, flags=draw(flags), unit=unit)


@st.composite
def laboratory(draw: st.DrawFn, name: str) -> Event:
    time, end = draw(near(name, 120, 24 * 20))
    top = draw(st.sampled_from([2, 30, 400, 3000, 20_000]))
    low = draw(st.integers(0, top))
    high = draw(st.sampled_from([low, low, low, low + top]))
    ref_low, ref_high = (draw(st.sampled_from([None, None, 0, top // 3 or 1, top // 2 or 1])) for _ in range(2))
    unit = draw(st.sampled_from(["", "g/L", "mg/dL", "mmol/L"]))
    exact = draw(st.sampled_from([None] * 3 + [Exact(low + part, None, None) for part in PARTS] + [LIMIT]))
    if exact is not None and exact.value is not None:
        high = low
    return Event(
        "P1", time, name, low, high, end=end, ref_low=ref_low, ref_high=ref_high, flags=draw(flags), unit=unit,
        exact=exact,
    )  # fmt: skip


@st.composite
def categories(draw: st.DrawFn, name: str) -> Event:
    time, end = draw(near(name, 200, 24 * 20))
    word = draw(st.sampled_from([*signals()[name].categories, "?"]))
    return Event("P1", time, name, word=word, end=end, flags=draw(flags))


@st.composite
def given_drugs(draw: st.DrawFn) -> Event:
    name = draw(st.sampled_from(["fluid_bolus", "fresh_plasma", "cryoprecipitate", "fludarabine"]))
    time, _ = draw(near("temperature", 60, 24 * 15))
    amount = draw(st.sampled_from([None, 0, 500, 1000]))
    return Event("P1", time, name, amount, amount, flags=draw(flags))


def blocks(events: st.SearchStrategy[Event]) -> st.SearchStrategy[list[Course]]:
    return st.lists(courses_of(events | given_drugs()), min_size=1, max_size=5)


@given(blocks(temperatures()))
def test_fever_and_temperature(found: list[Course]) -> None:
    assert_same(found, FIELDS["fever"] + FIELDS["temperature"] + FIELDS["temperature_spell"])


@pytest.mark.parametrize("site", [Settings(), SITE])
@pytest.mark.parametrize("signal", NUMBERS)
def test_values(signal: str, site: Settings) -> None:
    names = "laboratory", "laboratory_baseline", "organ_toxicity"
    fields = [field for name in names for field in FIELDS[name] if field.signals == (signal,)]

    @given(blocks(laboratory(signal)))
    def same(found: list[Course]) -> None:
        assert_same(found, fields, site)

    same()


@given(blocks(categories("dialysis") | categories("splenomegaly")))
def test_dialysis_doses_and_findings(found: list[Course]) -> None:
    names = "dialysis", "doses", "new_finding", "neonate", "never_charted"
    assert_same(found, [field for name in names for field in FIELDS[name]])


@given(blocks(temperatures()), st.sampled_from([1, 12, 30]))
def test_fever_of_a_shorter_window(found: list[Course], hours: int) -> None:
    assert_same(found, FIELDS["fever"], Settings(fever_window_h=hours))


@given(blocks(laboratory("creatinine") | temperatures()), blocks(laboratory("creatinine") | temperatures()))
def test_what_a_run_has_seen_changes_nothing(before: list[Course], found: list[Course]) -> None:
    known = Known()
    fields = [field for some in FIELDS.values() for field in some if {*field.signals} & {"creatinine", "temperature"}]
    for courses in (before, found):
        block = Block(charted_of(courses, known.kinds), Settings(), known)
        for field in fields:
            mine, theirs = track(block, field), block.by_reference(field)
            assert mine.keys.tolist() == theirs.keys.tolist(), field.name
            assert mine.codes.tolist() == theirs.codes.tolist(), field.name


def test_ward_patients(tmp_path: Path) -> None:
    write_tables(tmp_path, make_patients(30, 4), "csv")
    with open_courses([tmp_path], Settings()) as source:
        assert_same(list(source), [field for fields in FIELDS.values() for field in fields])
