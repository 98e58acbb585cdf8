"""Biomarkers by columns are those of the reference, on courses full of bounds, ties, limits and tocilizumab."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.biomarkers import EXPANSION, INFLAMMATION, Span, biomarkers, highest, rounded, span
from cytovigil.engine.columnar.biomarkers import biomarkers_tables
from cytovigil.engine.columnar.block import Block, Known
from cytovigil.engine.columnar.charted import charted_of
from cytovigil.engine.columnar.columns import cells, of_rows, together
from cytovigil.engine.record import Record
from cytovigil.model.events import Course, Event, Exact, Patient
from cytovigil.model.results import BiomarkerRow
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY
from cytovigil.model.vocabulary import signals
from cytovigil.readers.tables import open_courses
from cytovigil.synth.tables import write_tables
from cytovigil.synth.ward import make_patients
from engines.columnar_kit import plain_courses
from engines.strategies import HOUR, START, patients, recorded

SITE = Settings(
    upper_limits={"crp": 0.3, "ferritin": 0.35, "il6": 0.4, "ldh": 0.2}, biomarker_days=3, auc_measurements=1,
    auc_first_day=20, auc_last_day=2, tocilizumab_days=2, baseline_laboratory_days=4,
)  # fmt: skip
MIDNIGHT = START - 8 * HOUR
# Of a step, before rounding: some that go together in columns, two that do not, and one too fine for columns.
PARTS = tuple(Fraction(1, number) for number in (2, 3, 2**39 - 7, 2**38 - 45, 2**45))
SAYS = st.sampled_from([frozenset()] * 4 + [frozenset({"time_assumed"}), frozenset({"missing_hour", "time_assumed"})])
SHORT, LONG = (
    st.integers(-6 * 4, 4 * 24).map(lambda q: START + q * HOUR),
    st.integers(-30, 45).map(lambda day: START + day * DAY),
)
EDGES = st.builds(
    lambda day, off: MIDNIGHT + day * DAY + off, st.sampled_from([0, 4, 8, 21, 27, 29, 31]),
    st.sampled_from([-1, 0, 1, HOUR - 1, -HOUR, -HOUR - 1, 8 * HOUR, 8 * HOUR - 1]),
)  # fmt: skip
TIMES = st.one_of(SHORT, SHORT, LONG, EDGES)


@st.composite
def values(draw: st.DrawFn, name: str, parts: Sequence[Fraction] = (), bounds: bool = True) -> Event:
    """Few different values, so that many are equal; some are a bound or a range."""
    most = signals()[name].plausible_high
    assert most is not None
    top = draw(st.sampled_from([6, 6, 60, most] if bounds else [6, 6, 60]))
    one = draw(st.integers(0, 6).map(lambda sixth: top * sixth // 6))
    wide = [(0, one), (one, most), (one, min(one + top, most))]
    low, high = draw(st.sampled_from([(one, one)] * 6 + wide * bounds))
    exact = draw(st.sampled_from([None, *(Exact(low + part, None, None) for part in parts)]))
    limit = draw(st.sampled_from([None, 0, 2, 3, 3]))
    if limit and draw(st.integers(0, 3)) == 0:
        exact = Exact(exact and exact.value, None, limit + Fraction(1, 7))
    return Event(
        "P1", draw(TIMES), name, low, low if exact and exact.value is not None else high, ref_high=limit,
        flags=draw(SAYS), exact=exact,
    )  # fmt: skip


@st.composite
def doses(draw: st.DrawFn) -> Event:
    name = draw(st.sampled_from(["tocilizumab"] * 4 + ["fludarabine"]))
    amount = draw(st.sampled_from([None, 0, 4000, 8000]))
    route = draw(st.sampled_from(["systemic"] * 4 + ["topical"]))
    return Event("P1", draw(TIMES), name, amount, amount, route=route)


deaths = LONG.map(lambda time: Event("P1", time, "death", word="crs"))


@st.composite
def infused(draw: st.DrawFn) -> Patient:
    """Death and last follow-up, where there are any, are near the measurements."""
    patient = draw(patients())
    ends = st.sampled_from([None, None, None, None, START, START + 2 * DAY, START + 10 * DAY])
    begin = draw(st.sampled_from([None, None, START - 2 * DAY, START - 2 * HOUR]))
    return patient._replace(
        infusion=draw(st.sampled_from([1, 2])), flags=draw(SAYS), lymphodepletion_start=begin, death_time=draw(ends),
        last_followup=draw(ends),
    )  # fmt: skip


@st.composite
def courses(draw: st.DrawFn, names: Sequence[str], parts: Sequence[Fraction] = ()) -> Course:
    """Dense in a signal or two; one of two has no bounds, and in one of two values rise."""
    bounds = draw(st.booleans())
    made = st.one_of(*(values(name, parts, bounds) for name in names))
    rows = draw(st.lists(recorded(made), min_size=3, max_size=10))
    if draw(st.booleans()):
        rising = sorted(rows, key=lambda row: row.low or 0)
        rows = [row._replace(time=time) for row, time in zip(rising, sorted(row.time for row in rows), strict=True)]
    return Course((draw(infused()),), (*rows, *draw(st.lists(recorded(doses() | deaths), max_size=3))))


def blocks(*names: str, parts: Sequence[Fraction] = ()) -> st.SearchStrategy[list[Course]]:
    """Several patients."""
    return st.lists(courses(names, parts), min_size=1, max_size=4)


def assert_same(
    found: Sequence[Course], settings: Settings | None = None, as_of: int | None = None, known: Known | None = None
) -> None:
    """The same rows in the same order, each column for itself."""
    known, settings = known or Known(), settings or Settings()
    courses = [
        Course((course.infusions[0]._replace(patient_id=f"P{number}"),), course.events)
        for number, course in enumerate(found)
    ]
    block = Block(charted_of(courses, known.kinds), settings, known, as_of)
    columns = together([of_rows([], [], [], BiomarkerRow), *biomarkers_tables(block)])
    mine = [BiomarkerRow._make(row) for row in zip(*map(cells, columns.values()), strict=True)]
    records = [Record(course.infusions[0], course.events, settings, as_of) for course in courses]
    theirs = [row for record in records for row in biomarkers(record)]
    assert mine == theirs
    assert [list(map(type, row)) for row in mine] == [list(map(type, row)) for row in theirs]


@pytest.mark.parametrize("site", [Settings(), SITE])
@pytest.mark.parametrize("signal", [*EXPANSION, *INFLAMMATION])
def test_each_signal(signal: str, site: Settings) -> None:
    @given(blocks(signal), st.sampled_from([None, None, START, START + DAY, START + 30 * DAY]))
    def same(found: list[Course], as_of: int | None) -> None:
        assert_same(found, site, as_of)

    same()


@pytest.mark.parametrize("parts", [PARTS[:1], PARTS[:2], PARTS[:4], PARTS])
@pytest.mark.parametrize("signal", ["car_t_cells", "il6"])
def test_numbers_before_rounding(signal: str, parts: tuple[Fraction, ...]) -> None:
    @given(blocks(signal, parts=parts))
    def same(found: list[Course]) -> None:
        assert_same(found, SITE)

    same()


@given(blocks(*EXPANSION, *INFLAMMATION), blocks("il6", "crp", "car_transgene"))
def test_what_a_run_has_seen_changes_nothing(before: list[Course], found: list[Course]) -> None:
    known = Known()
    for courses in (before, found):
        assert_same(courses, known=known)


@given(st.lists(plain_courses(), min_size=1, max_size=4))
def test_courses_of_every_signal(found: list[Course]) -> None:
    assert_same(found)


def test_ward_patients(tmp_path: Path) -> None:
    write_tables(tmp_path, make_patients(15, 5), "csv")
    with open_courses([tmp_path], Settings()) as source:
        courses = list(source)
    assert_same(courses)
    assert_same(courses, SITE)


def test_only_a_baseline_too_fine_for_columns_and_no_row_for_a_patient_without_measurement() -> None:
    fine = Event("P1", START - DAY, "crp", 1, 1, exact=Exact(1 + PARTS[-1], None, None))
    after = Event("P1", START + DAY, "crp", 3, 3)
    assert_same([Course((Patient("P1", START),), rows) for rows in ((fine, after), (fine,), (after,), ())])


def test_an_area_too_large_for_columns() -> None:
    rows = [Event("P1", START + day * DAY, "car_t_cells", 90_000_000, 90_000_000) for day in (0, 7, 14, 21)]
    fine = rows[-1]._replace(low=3, high=3, exact=Exact(3 + Fraction(1, 2**17), None, None))
    assert_same([Course((Patient("P1", START),), tuple(one)) for one in (rows, [*rows[:-1], fine])])


def test_the_next_patient_in_a_block_says_nothing_of_this_one() -> None:
    fall = tuple(Event("P1", START + day * DAY, "crp", value, value, ref_high=50) for day, value in ((1, 90), (2, 40)))
    assert_same([Course((Patient("P1", START),), rows) for rows in (fall, fall[:1], fall[1:], fall)])


@given(st.lists(values("ferritin", PARTS), max_size=8))
def test_the_peak_is_the_row_that_no_earlier_one_can_reach_and_no_later_one_exceed(rows: list[Event]) -> None:
    spans = [span(row) for row in rows]

    def is_peak(at: int) -> bool:
        earlier = all(one.high is not None and one.high < spans[at].low for one in spans[:at])
        return earlier and all(one.high is not None and one.high <= spans[at].low for one in spans[at + 1 :])

    found = [row for at, row in enumerate(rows) if is_peak(at)]
    tops = [one.high for one in spans if one.high is not None]
    top = max(tops) if len(tops) == len(spans) and tops else None
    height = Span(max(one.low for one in spans), top) if rows else None
    assert highest(rows) == (found[0] if found else None, height)
    assert len(found) <= 1


@given(st.integers(0, 10**11), st.integers(1, 10**11) | st.sampled_from([8, 1000, 2000, DAY]), st.integers(0, 3))
def test_a_ratio_is_rounded_half_to_even_once_as_number_and_as_column(numerator: int, of: int, digits: int) -> None:
    expected = float(round(Fraction(numerator, of), digits))
    assert rounded(numerator, of, digits) == expected
    assert rounded(Fraction(numerator, 7), Fraction(of, 7), digits) == expected
    assert rounded(np.array([numerator]), np.array([of]), digits).tolist() == [expected]
