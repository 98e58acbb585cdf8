"""Synthetic ward courses: the same for a seed, ward-like, and read without a problem."""

import csv
import itertools
from collections import Counter
from pathlib import Path
from statistics import mean
from typing import Literal

import pytest

from cytovigil.engine.reference import grade_course
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY, HOUR
from cytovigil.model.vocabulary import signals
from cytovigil.readers.tables import open_courses
from cytovigil.rules import SCALES
from cytovigil.synth.tables import EVENT_COLUMNS, PATIENT_COLUMNS, write_tables
from cytovigil.synth.ward import DAYS, Episode, make_patient, make_patients

SOME = [make_patient(number) for number in range(60)]


def test_a_seed_gives_the_same_patient_whatever_their_number() -> None:
    assert list(make_patients(3)) == [make_patient(number) for number in range(3)]
    assert make_patient(7, seed=1) == make_patient(7, seed=1)
    assert make_patient(7, seed=1).rows != make_patient(7, seed=2).rows


def test_about_2400_events_a_patient_in_30_days() -> None:
    assert 2_300 <= mean(len(patient.rows) for patient in SOME) <= 2_500
    for patient in SOME:
        times = [row.time for row in patient.rows]
        assert times == sorted(times)
        assert patient.infusion_time - 7 * DAY < times[0]
        assert times[-1] < patient.infusion_time + DAYS * DAY


def test_vitals_come_every_2_to_4_hours() -> None:
    for patient in SOME[:10]:
        times = [row.time for row in patient.rows if row.signal == "temperature"]
        gaps = {later - earlier for earlier, later in itertools.pairwise(times)}
        assert gaps <= {2 * HOUR, 3 * HOUR, 4 * HOUR}


def test_most_have_crs_some_icans_and_few_the_worst() -> None:
    crs, icans = Counter(p.crs.grade for p in SOME), Counter(p.icans.grade for p in SOME)
    assert crs[1] > max(crs[0], crs[4])
    assert icans[0] > icans[4] > 0
    charted = {row.signal for p in SOME for row in p.rows}
    assert charted >= {"norepinephrine", "tocilizumab", "seizure", "propofol", "ice", "ice_naming"}


def test_every_signal_is_of_the_vocabulary() -> None:
    assert {row.signal for patient in SOME for row in patient.rows} <= set(signals())


def test_share_of_an_episode() -> None:
    assert Episode(100, 200, 2).share(150) == 0.5
    assert Episode(100, 200, 2).share(200) < 0
    assert Episode(100, 200, 0).share(150) < 0


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_written_tables_are_read_without_a_problem(tmp_path: Path, form: Literal["csv", "parquet"]) -> None:
    count = write_tables(tmp_path, SOME[:5], form)
    with open_courses([tmp_path], Settings()) as source:
        courses = list(source)
        assert source.problems.rows() == []
    assert count == sum(len(patient.rows) for patient in SOME[:5]) == sum(len(course.events) for course in courses)
    assert [course.infusions[0].infusion_time for course in courses] == [p.infusion_time for p in SOME[:5]]


def test_columns_are_those_of_the_contract(tmp_path: Path) -> None:
    write_tables(tmp_path, [])
    for name, columns in (("patients", PATIENT_COLUMNS), ("events", EVENT_COLUMNS)):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            assert list(csv.reader(handle)) == [list(columns)]


def test_made_up_severity_shows_in_the_grades(tmp_path: Path) -> None:
    worst = {}
    chosen = [next(p for p in SOME if p.crs.grade == grade and p.icans.grade < 4) for grade in (0, 1, 3)]
    write_tables(tmp_path, chosen)
    with open_courses([tmp_path], Settings()) as source:
        for course in source:
            (graded,) = grade_course(course, [SCALES["crs-astct-2019"]], Settings())
            worst[graded.patient_id] = graded.summaries["crs-astct-2019"].low
    assert [worst[p.patient_id] for p in chosen] == [0, 1, 3]
