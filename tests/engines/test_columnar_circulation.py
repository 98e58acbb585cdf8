"""Pressure, vasopressors and doses by columns: the reference's facts, on dense courses of a few signals."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.columnar.arrays import packed, patient_of, time_of
from cytovigil.engine.columnar.block import Block, Known
from cytovigil.engine.columnar.charted import charted_of
from cytovigil.engine.columnar.gates import CHARTING, CULTURED, LATE, MASKED, MAY_BEGIN, TREATED, moments
from cytovigil.engine.columnar.running import RUNS, running
from cytovigil.engine.columnar.treating import treating
from cytovigil.engine.episodic import _Walk as Walk
from cytovigil.engine.measures.drugs import running as running_of_one
from cytovigil.engine.measures.drugs import running_changes
from cytovigil.engine.record import Record
from cytovigil.logic.scale import EpisodicCourse
from cytovigil.model.events import Course, Event
from cytovigil.model.settings import Settings
from cytovigil.model.vocabulary import drugs_of
from cytovigil.readers.tables import open_courses
from cytovigil.rules import SCALES
from cytovigil.synth.tables import write_tables
from cytovigil.synth.ward import make_patients
from engines.columnar_kit import assert_same, courses_of, fields_of, plain_courses
from engines.strategies import START

HOUR = 3600
RAISED = {"late_onset": LATE, "positive_culture": CULTURED}
PRESSORS = drugs_of("vasopressor", "vasopressin")
RARE_FLAGS = st.sampled_from([frozenset[str]()] * 4 + [frozenset({"time_assumed"})])
# Some hours of a few days, so that rows meet, and lapse where the next begins.
hours = st.integers(-24, 72).map(lambda h: START + h * HOUR)


@st.composite
def doses(draw: st.DrawFn, names: Sequence[str]) -> Event:
    time, rate = draw(hours), draw(st.booleans())
    word = draw(st.sampled_from(["", "", "", "", "stopped"]))
    amount = None if word else draw(st.sampled_from([None, 0, 4000, 5000, 10_000]))
    end = draw(st.none() | st.integers(0, 20).map(lambda h: time + h * HOUR))
    route = draw(st.sampled_from(["systemic"] * 5 + ["topical"]))
    name, flags = draw(st.sampled_from(names)), draw(RARE_FLAGS)
    return Event("P1", time, name, amount, amount, word=word, rate=rate, end=end, route=route, flags=flags)


def blocks(events: st.SearchStrategy[Event]) -> st.SearchStrategy[list[Course]]:
    return st.lists(courses_of(events), min_size=1, max_size=4)


def block_of(courses: Sequence[Course], chosen: Settings) -> Block:
    known = Known()
    return Block(charted_of(courses, known.kinds), chosen, known)


@given(
    blocks(doses(["norepinephrine", "norepinephrine", "propofol"])), st.sampled_from([{}, {"infusion_valid_h": 9.9999}])
)
def test_a_drug_runs_when_the_reference_says_so(found: list[Course], changed: dict[str, Any]) -> None:
    chosen = Settings(**changed)
    block = block_of(found, chosen)
    for drug in ("norepinephrine", "propofol", "terlipressin"):
        runs, flags = running(block, drug)
        for place, course in enumerate(found):
            record = Record(course.infusions[0], course.events, chosen)
            for t in [START, *running_changes(record, (drug,))]:
                expected, rows = running_of_one(record, drug, t)
                key = packed(np.array([place]), np.array([t]))
                assert RUNS[int(runs.at(key)[0])] is expected
                said = block.known.flags.values[int(flags.at(key)[0])]
                assert said == frozenset().union(*(row.flags for row in rows))


MEASURES = (
    "vasopressors", "hypotension", "vasopressor_high_dose", "vasopressor_long", "vasopressin_added",
    "pressure_despite_vasopressor",
)  # fmt: skip
FIELDS = [field for measure in MEASURES for field in fields_of(measure)]


@st.composite
def pressures(draw: st.DrawFn) -> Event:
    name = draw(st.sampled_from(["systolic_bp", "systolic_bp", "mean_bp"]))
    one, other = (draw(st.sampled_from([500, 640, 650, 700, 899, 900, 1000])) for _ in range(2))
    high = draw(st.sampled_from([one, one, one, max(one, other)]))
    time = draw(hours)
    end = draw(st.sampled_from([None, None, None, time + HOUR, time + 30 * HOUR]))
    return Event("P1", time, name, one, high, end=end, flags=draw(RARE_FLAGS))


@st.composite
def declarations(draw: st.DrawFn, name: str) -> Event:
    time = draw(hours)
    end = draw(st.none() | st.integers(1, 40).map(lambda h: time + h * HOUR))
    word = draw(st.sampled_from(["present", "present", "absent", "?"]))
    return Event("P1", time, name, word=word, end=end, flags=draw(RARE_FLAGS))


supports = st.one_of(
    doses(PRESSORS),
    doses(["norepinephrine", "vasopressin"]),
    pressures(),
    doses(["fluid_bolus"]),
    declarations("hypotension"),
    declarations("vasopressor_high_dose"),
)


@given(blocks(supports), st.sampled_from([{}, {}, {"infusion_valid_h": 0.0001, "vasopressor_pause_h": 3.0001}]))
def test_the_facts_of_the_circulation_are_the_references(found: list[Course], changed: dict[str, Any]) -> None:
    assert_same(found, FIELDS, Settings(**changed))


@given(blocks(pressures() | declarations("hypotension") | doses(["fluid_bolus"])))
def test_hypotension_without_vasopressors_is_the_references(found: list[Course]) -> None:
    assert_same(found, fields_of("hypotension"))


@given(st.lists(plain_courses(), min_size=1, max_size=4))
def test_random_courses_give_the_same_facts_of_the_circulation(found: list[Course]) -> None:
    assert_same(found, FIELDS)


STEROIDS = ("dexamethasone", "prednisolone", "hydrocortisone", "methylprednisolone")
gating = st.one_of(
    doses(STEROIDS),
    doses(["tocilizumab", "paracetamol", "fluid_bolus", "norepinephrine"]),
    pressures(),
    declarations("hypotension"),
    st.tuples(hours, st.sampled_from(["negative", "positive"])).map(lambda x: Event("P1", x[0], "culture", word=x[1])),
    st.tuples(hours, st.sampled_from("013")).map(lambda x: Event("P1", x[0], "recorded_crs_grade", word=x[1])),
)
CRS = SCALES["crs-astct-2019"]


@given(blocks(gating), st.sampled_from([{}, {"low_dose_prednisolone_mg": 12.5}, {"infusion_valid_h": 30.0}]))
def test_what_opens_and_closes_an_episode_is_the_references(found: list[Course], changed: dict[str, Any]) -> None:
    chosen = Settings(**changed)
    block = block_of(found, chosen)
    now, given_ = moments(block, CRS), treating(block)
    assert isinstance(CRS.course, EpisodicCourse)
    for place, course in enumerate(found):
        walk = Walk(Record(course.infusions[0], course.events, chosen), CRS, CRS.course)
        cuts = time_of(now.cuts[patient_of(now.cuts) == place]).tolist()
        assert set(cuts) == walk.cuts()
        rows = zip(*(column[given_.patient == place].tolist() for column in given_[1:]), strict=True)
        assert sorted(rows) == sorted((one.time, one.end, one.masks_until, one.certain) for one in walk.given)
        for t in sorted(walk.cuts()):
            walk.onset = t
            state = now.at(packed(np.array([place]), np.array([t])), np.array([place]))
            charted = any(start <= t < end for start, end in walk.charting)
            truths = CHARTING * charted + MASKED * walk._masked(t) + MAY_BEGIN * walk._may_begin(t)
            assert state.truths.tolist() == [truths]
            assert TREATED[int(state.treated(np.array([0]), np.array([t]))[0])] == walk._treating(t)
            flags = state.flags(np.array([place]), np.array([0]), np.array([t])).tolist()
            assert flags == [sum(bit for name, bit in RAISED.items() if name in walk._moment_flags(t))]


def test_ward_patients_give_the_same_facts_of_the_circulation(tmp_path: Path) -> None:
    write_tables(tmp_path, make_patients(30, 1), "csv")
    with open_courses([tmp_path], Settings()) as found:
        assert_same(list(found), FIELDS)
