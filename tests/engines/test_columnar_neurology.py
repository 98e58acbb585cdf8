"""ICE, CAPD, arousal, seizures, weakness, raised pressure and sedation: both engines give the same facts."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.columnar.block import Block, Known
from cytovigil.engine.columnar.charted import charted_of
from cytovigil.engine.columnar.moment import moment
from cytovigil.engine.columnar.scaled import tables_of
from cytovigil.engine.columnar.verdicts import Verdicts, decoded, of_patients
from cytovigil.engine.measures.arousal import AROUSAL_SIGNALS, MEANINGS
from cytovigil.engine.measures.assessment import ALL_NAMES
from cytovigil.engine.moment import moment as moment_of_one
from cytovigil.engine.reference import fact_tracks
from cytovigil.logic.scale import MomentCourse
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.vocabulary import signals
from cytovigil.readers.tables import open_courses
from cytovigil.rules import SCALES
from cytovigil.synth.tables import write_tables
from cytovigil.synth.ward import make_patients
from engines.columnar_kit import assert_same, courses_of, fields_of, plain_courses
from engines.strategies import HOUR, START

MEASURES = ("assessment", "arousal", "seizure", "motor_weakness", "raised_icp", "sedation")
FIELDS = [field for measure in MEASURES for field in fields_of(measure)]
FLAGS = st.sampled_from([frozenset[str]()] * 4 + [frozenset({"time_assumed"})])
ICANS = [scale for scale in SCALES.values() if isinstance(scale.course, MomentCourse)]
SEDATIVES = ("propofol", "propofol", "midazolam")
close = st.integers(-30, 120).map(lambda fives: START + fives * 300)
hours = st.integers(-36, 130).map(lambda hour: START + hour * HOUR)
times = close | hours


@st.composite
def charted(draw: st.DrawFn, names: tuple[str, ...], unread: bool = True) -> Event:
    """A row of a number or a category, with a bound, a word nobody can read, an end or a flag now and then."""
    name, time = draw(st.sampled_from(names)), draw(times)
    signal, end = signals()[name], draw(st.none() | st.none() | st.integers(1, 60).map(lambda hour: time + hour * HOUR))
    if signal.kind == "category":
        words = [*signal.categories, "?"] if unread else list(signal.categories)
        return Event("P1", time, name, word=draw(st.sampled_from(words)), end=end, flags=draw(FLAGS))
    assert signal.plausible_low is not None and signal.plausible_high is not None
    ends = st.integers(int(signal.plausible_low), int(signal.plausible_high))
    low, high = sorted((draw(ends), draw(ends)))
    low = low if draw(st.integers(0, 4)) == 0 else high
    return Event("P1", time, name, low, high, end=end if draw(st.integers(0, 3)) == 0 else None, flags=draw(FLAGS))


@st.composite
def sedatives(draw: st.DrawFn) -> Event:
    name, time = draw(st.sampled_from(SEDATIVES)), draw(hours)
    amount, rate = draw(st.sampled_from([None, 0, 4000, 10_000])), draw(st.integers(0, 3)) > 0
    end = draw(st.none() | st.integers(0, 48).map(lambda hour: time + hour * HOUR))
    word = draw(st.sampled_from(["", "", "", "stopped"]))
    flags = draw(st.sampled_from([frozenset[str]()] * 9 + [frozenset({"time_assumed"})]))
    return Event("P1", time, name, amount, amount, word=word, rate=rate, end=end, flags=flags)


arousals = charted(("consciousness", "avpu", "rass", "gcs_eye", "gcs"), unread=False)
sedation = charted(("sedation",)) | sedatives()
devices = st.tuples(hours, st.sampled_from(["none", "invasive_ventilation", "invasive_ventilation", "cpap", "?"])).map(
    lambda one: Event("P1", one[0], "oxygen_device", word=one[1])
) | st.tuples(hours, st.integers(0, 9)).map(lambda one: Event("P1", one[0], "oxygen_flow", one[1] * 10, one[1] * 10))
items = charted(ALL_NAMES) | charted(ALL_NAMES[:6])
findings = charted(("motor_weakness", "raised_icp", "intracranial_bleeding", "seizure"))
seen = findings | devices | hours.map(lambda time: Event("P1", time + 55 * 24 * HOUR, "recorded_icans_grade", word="2"))
HELD = st.one_of(sedation, sedation, arousals, charted(ALL_NAMES[:6]), seen)
EVENTS = {
    "assessments": items,
    "assessments, arousal": charted(ALL_NAMES[:6]) | arousals,
    "arousal": arousals | arousals | charted(("ice",)),
    "findings": findings | findings | charted(("ice",)),
    "sedation": sedation | devices | charted(("rass",)),
    "everything": st.one_of(items, arousals, sedation, devices, findings),
}


@pytest.mark.parametrize("what", EVENTS)
def test_the_facts_are_those_of_the_reference(what: str) -> None:
    @given(st.lists(courses_of(EVENTS[what]), min_size=1, max_size=4))
    def same(found: list[Course]) -> None:
        assert_same(found, FIELDS)

    same()


@given(st.lists(plain_courses(), min_size=1, max_size=4))
def test_on_random_courses_of_every_signal(found: list[Course]) -> None:
    assert_same(found, FIELDS, Settings(assessment_due_h=6, finding_unknown_h=24, sedative_tail_h=3))


@pytest.mark.parametrize("hour", [0, 60])
def test_findings_as_bad_of_which_one_has_a_flag(hour: int) -> None:
    """Only one of them counts, and its flags: by the order in which they were charted."""
    one = Event("P1", START, "raised_icp", word="posturing", end=START + 90 * HOUR, flags=frozenset({"time_assumed"}))
    other = Event("P1", START + hour * HOUR, "raised_icp", word="papilloedema")
    for both in ((one, other), (one._replace(flags=other.flags), other._replace(flags=one.flags))):
        assert_same([Course((Patient("P1", START),), both), Course((Patient("P1", START),), ())], FIELDS)


def test_rows_of_arousal_are_valid_equally_long() -> None:
    """The newest row of all is then the newest valid one."""
    assert len({signals()[name].valid_s for name in MEANINGS}) == 1
    assert set(AROUSAL_SIGNALS) - set(MEANINGS) == {"gcs"}


def test_on_patients_of_a_ward(tmp_path: Path) -> None:
    write_tables(tmp_path, make_patients(30, 1), "csv")
    with open_courses([tmp_path], Settings()) as found:
        assert_same(list(found), FIELDS)


@given(st.lists(courses_of(HELD), min_size=1, max_size=4))
def test_grades_are_held_as_by_the_reference(found: list[Course]) -> None:
    known, end = Known(), START + 70 * 24 * HOUR
    block = Block(charted_of(found, known.kinds), Settings(), known)
    for scale in ICANS:
        tables = tables_of(block, scale)
        rows = moment(block, scale, np.full(block.size, end, np.int64))
        edges = of_patients(rows, block.size).tolist()
        for place, (first, after) in enumerate(pairwise(edges)):
            record = block.records[place]
            mine = decoded(Verdicts(*(column[first:after] for column in rows)), tables.said, tables.states)
            assert mine == list(moment_of_one(record, scale, fact_tracks(record, scale), end))
