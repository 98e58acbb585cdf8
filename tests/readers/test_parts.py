"""Parts of typed events give together what the whole file gives, wherever row groups cut the patients."""

import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cytovigil.engine.columnar.charted import Charted
from cytovigil.model.events import Course
from cytovigil.model.settings import Settings
from cytovigil.readers import typed_events
from cytovigil.readers.errors import InputError
from cytovigil.readers.parts import Part, PartReader
from cytovigil.readers.problem_log import KEPT, ProblemLog
from cytovigil.readers.tables import CourseSource, open_courses
from cytovigil.readers.typed_events import TypedEvents
from readers.test_typed_events import AT_ONCE, ROWS, by_columns, read_at_once, row, write


def in_parts(source: CourseSource, folder: Path, most: int) -> tuple[list[Course], list[Part]]:
    """All courses, the last part read first; problems go into the source."""
    charts, parts = source.parts(folder / "sorted.parquet", most)
    reader = PartReader(pickle.loads(pickle.dumps(charts)))
    found: list[list[Course]] = []
    for part in reversed(parts):
        problems, not_done = ProblemLog(), dict[int, int]()
        courses = []
        for columns in reader.columns(part, problems, not_done):
            courses += [Charted(*columns).course(place) for place in range(len(columns.infusions))]
        found.insert(0, courses)
        source.merge(pickle.loads(pickle.dumps(problems)), not_done)
    source.end_parts()
    return [course for courses in found for course in courses], parts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=25), st.integers(1, 5), st.integers(1, 12), AT_ONCE)
def test_parts_say_what_the_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]], row_group: int, most: int,
    at_once: tuple[int, int],
) -> None:  # fmt: skip
    read_at_once(monkeypatch, *at_once)
    paths = write(tmp_path, rows, row_group)
    with open_courses(paths, Settings(), typed_from=0) as source:
        expected = list(by_columns(source))
    with open_courses(paths, Settings(), typed_from=0) as parted:
        found, parts = in_parts(parted, tmp_path, most)
    assert found == expected
    assert parted.problems.rows() == source.problems.rows()
    assert parted.problems.counts == source.problems.counts
    assert [(one.first, one.number) for one in parts] == [(one.first, at) for at, one in enumerate(parts)]
    assert parts[0].first == 0 and [one.stop for one in parts] == [*(one.first for one in parts[1:]), len(rows)]


def cuts_of(tmp_path: Path, patients: str, row_group: int, most: int) -> list[tuple[int, str]]:
    with open_courses(write(tmp_path, [row(one) for one in patients], row_group), Settings(), typed_from=0) as source:
        assert source._typed
        cuts = source._typed.events.cuts(most)
        assert [cut.row for cut in cuts] == [part.first for part in source.parts(tmp_path / "sorted.parquet", most)[1]]
        return [tuple(cut) for cut in cuts]


@pytest.mark.parametrize(
    ("what", "patients", "row_group", "most", "cuts"),
    [
        ("borders between patients", "aabb", 2, 2, [(0, "a"), (2, "b")]),
        ("a patient across a border", "aaabcc", 2, 2, [(0, "a"), (3, "b"), (4, "c")]),
        ("a patient of several row groups", "abbbbbc", 2, 2, [(0, "a"), (6, "c")]),
        ("one patient", "aaaaaa", 2, 2, [(0, "a")]),
        ("small row groups stay together", "abcdef", 1, 4, [(0, "a"), (3, "d")]),
        ("a large row group is cut", "abcdef", 6, 2, [(0, "a"), (2, "c"), (4, "e")]),
        ("one part", "abc", 1, 100, [(0, "a")]),
    ],
)
def test_where_parts_begin(
    tmp_path: Path, what: str, patients: str, row_group: int, most: int, cuts: list[tuple[int, str]]
) -> None:
    assert cuts_of(tmp_path, patients, row_group, most) == cuts, what


def test_a_file_that_is_changed_or_goes_while_it_is_read_is_told(tmp_path: Path) -> None:
    paths = write(tmp_path, [row(one) for one in ("P1", "P1", "P2", "P4")], 1)
    with open_courses(paths, Settings(), typed_from=0) as source:
        charts, parts = source.parts(tmp_path / "sorted.parquet", 1)
        for number, (changed, sentence) in enumerate([
            (lambda: write(tmp_path, [row("P1")]), "'events.parquet' was changed while it was read: start again"),
            (paths[1].unlink, "'events.parquet' cannot be read: No such file or directory"),
        ]):  # fmt: skip
            changed()
            with pytest.raises(InputError, match=sentence):
                list(PartReader(charts).columns(parts[number], ProblemLog(), {}))


def test_a_patient_is_read_once_though_his_rows_fill_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed_events, "ROWS", 2)
    rows = [row(one, source_id=str(at)) for at, one in enumerate(["P1"] + ["P2"] * 9 + ["P3"])]
    with open_courses(write(tmp_path, rows, 2), Settings(), typed_from=0) as source:
        events: TypedEvents = source.parts(tmp_path / "sorted.parquet", 2)[0].source.events
        assert [len(batch.patient) for batch in events.batches(1, 10)] == [9]
        assert [batch.patients for batch in events.batches(0, 11)] == [["P1"], ["P2"], ["P3"]]


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_problems_of_parts_are_bounded_as_those_of_one_log(parts: int) -> None:
    from cytovigil.model.problems import Problem

    every = [Problem("events", str(n), "", "value", "", "implausible", "", "no") for n in range(3 * KEPT)]
    one, merged = ProblemLog(), ProblemLog()
    logs = [ProblemLog() for _ in range(parts)]
    for at, problem in enumerate(reversed(every)):
        one.add(problem)
        logs[at % parts].add(problem)
    for log in logs:
        merged.merge(log)
    assert merged.rows() == one.rows() and merged.counts == one.counts and len(merged) == 3 * KEPT
