"""Oxygen support and ventilation by columns: the reference's facts, on dense courses of the signals they rest on."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cytovigil.model.events import Course, Event
from cytovigil.model.settings import Settings
from cytovigil.model.vocabulary import signals
from cytovigil.readers.tables import open_courses
from cytovigil.synth.tables import write_tables
from cytovigil.synth.ward import make_patients
from engines.columnar_kit import assert_same, courses_of, fields_of, plain_courses
from engines.strategies import START

HOUR = 3600
FIELDS = [*fields_of("oxygen"), *fields_of("ventilation")]
RARE_FLAGS = st.sampled_from([frozenset[str]()] * 6 + [frozenset({"time_assumed"})])
WORDS = [*signals()["oxygen_device"].categories, "?"]
STEPS = {"oxygen_flow": [0, 0, 1, 20, 40, 41, 60, 61, 120], "fio2": [210, 211, 399, 400, 600], "spo2": [850, 919, 950]}
CHANGED: list[dict[str, Any]] = [{}, {}, {"finding_unknown_h": 0}, {"finding_unknown_h": 9.9999, "low_flow_l_min": 4}]
# Steps of 4 hours, so that rows meet, and lapse where the next begins: validity is 16 hours.
times = st.integers(-12, 40).map(lambda n: START + n * 4 * HOUR)


@st.composite
def devices(draw: st.DrawFn, words: list[str], ends: bool = True) -> Event:
    time = draw(times)
    end = draw(st.none() | st.none() | st.integers(1, 8).map(lambda n: time + n * 4 * HOUR)) if ends else None
    return Event("P1", time, "oxygen_device", word=draw(st.sampled_from(words)), end=end, flags=draw(RARE_FLAGS))


@st.composite
def numbers(draw: st.DrawFn, name: str, ends: bool = True) -> Event:
    time, value = draw(times), st.sampled_from(STEPS[name])
    one = draw(value)
    other = draw(value) if draw(st.integers(0, 3)) == 0 else one
    end = draw(st.none() | st.none() | st.integers(1, 8).map(lambda n: time + n * 4 * HOUR)) if ends else None
    return Event("P1", time, name, min(one, other), max(one, other), end=end, flags=draw(RARE_FLAGS))


REASONS = [
    ("sedation", "sedated"),
    ("sedation", "?"),
    ("consciousness", "tactile"),
    ("avpu", "A"),
    ("seizure", "resolved"),
]


@st.composite
def reasons(draw: st.DrawFn) -> Event:
    name, word = draw(st.sampled_from(REASONS))
    time = draw(times)
    end = draw(st.none() | st.none() | st.integers(1, 8).map(lambda n: time + n * 4 * HOUR))
    return Event("P1", time, name, word=word, end=end)


def all_of(words: list[str], ends: bool = True) -> st.SearchStrategy[Event]:
    return st.one_of(devices(words, ends), devices(words, ends), *(numbers(name, ends) for name in STEPS))


def blocks(events: st.SearchStrategy[Event], max_size: int = 25) -> st.SearchStrategy[list[Course]]:
    return st.lists(courses_of(events, max_size), min_size=1, max_size=4)


@given(blocks(all_of(WORDS)), st.sampled_from(CHANGED))
def test_oxygen_with_ends_as_the_reference_has_it(found: list[Course], changed: dict[str, Any]) -> None:
    assert_same(found, FIELDS, Settings(**changed))


@given(blocks(all_of(["none", "nasal_cannula", "bipap"], ends=False), 40), st.sampled_from(CHANGED))
def test_oxygen_without_ends_as_the_reference_has_it(found: list[Course], changed: dict[str, Any]) -> None:
    assert_same(found, FIELDS, Settings(**changed))


POSITIVE = ["none", "nasal_cannula", "high_flow_nasal_cannula", "bipap", "cpap", "invasive_ventilation"]


@given(blocks(st.one_of(devices(POSITIVE, ends=False), numbers("spo2"), reasons())), st.sampled_from(CHANGED))
def test_the_doubts_of_the_airway_as_the_reference_has_them(found: list[Course], changed: dict[str, Any]) -> None:
    assert_same(found, FIELDS, Settings(**changed))


@given(st.lists(plain_courses(), min_size=1, max_size=4))
def test_oxygen_among_all_signals_as_the_reference_has_it(found: list[Course]) -> None:
    assert_same(found, FIELDS)


def test_oxygen_on_a_ward_as_the_reference_has_it(tmp_path: Path) -> None:
    write_tables(tmp_path, make_patients(30, 1), "csv")
    with open_courses([tmp_path], Settings()) as found:
        assert_same(list(found), FIELDS)
