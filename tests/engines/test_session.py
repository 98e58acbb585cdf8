"""A session gives what the whole record gives, whatever came when; and tells what changed."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil import SCALES, Changed, Event, Patient, Session, Settings, explain_course, grade_course
from cytovigil.model.events import UNREADABLE, Course
from cytovigil.model.results import Graded, TimelineRow
from engines.strategies import DAY, HOUR, START, corrected, courses

ALL = tuple(SCALES.values())
SOME = tuple(
    SCALES[name]
    for name in (
        "crs-astct-2019", "crs-lee-2014-label", "icans-astct-2019", "icaht-early-2023", "t-icaht-late-2025",
        "ctcae-v5-alt", "ctcae-v6-febrile-neutropenia", "hlh-2004",
    )
)  # fmt: skip
CRS, ICANS, ALT = (SCALES[name] for name in ("crs-astct-2019", "icans-astct-2019", "ctcae-v5-alt"))
PATIENT = Patient("P1", START, age_years=60, sex="female")

Keys = dict[tuple[int, str], list[TimelineRow]]


@st.composite
def streams(draw: st.DrawFn) -> tuple[Course, list[list[Event]]]:
    """A course, and its events as they come: in any order, some at a time."""
    course = draw(courses(6))
    rows = corrected(draw, course.events) if draw(st.booleans()) else course.events
    left = draw(st.permutations(rows))
    parts = []
    while left:
        number = draw(st.sampled_from((1, 1, 1, 2, len(left))))
        parts, left = [*parts, left[:number]], left[number:]
        if len(parts) == 4:
            parts, left = [*parts, left], []
    return course, parts


def by_scale(graded: Sequence[Graded]) -> Keys:
    return {
        (one.infusion, scale.id): [row for row in one.timeline if row.scale == scale.id]
        for one in graded
        for scale in SOME
    }


def said(rows: Sequence[TimelineRow], t: int) -> object:
    begun = [row for row in rows if row.start <= t]
    return begun[-1][5:] if begun else None


def holds(rows: Sequence[TimelineRow], t: int) -> bool:
    return any(row.start <= t < row.end or t == row.start for row in rows)


def says_else(rows: Sequence[TimelineRow], before: Sequence[TimelineRow], t: int) -> bool:
    return said(rows, t) != said(before, t) or (holds(before, t) and not holds(rows, t))


@given(streams())
def test_a_session_is_the_whole_record_and_tells_what_changed(stream: tuple[Course, list[list[Event]]]) -> None:
    course, parts = stream
    session, events = Session(course.infusions, ALL, Settings()), ()
    before = by_scale(grade_course(course._replace(events=()), SOME, Settings()))
    for part in parts:
        changed = {(one.infusion, one.scale): one for one in session.add(part) if SCALES[one.scale] in SOME}
        events += tuple(part)
        now = by_scale(grade_course(course._replace(events=events), SOME, Settings()))
        until = max(max(event.time, event.known_at) for event in events)
        for key, rows in now.items():
            moments = {row.start for row in (*rows, *before[key])} | {row.end for row in rows}
            differ = {t for t in moments if t <= until and says_else(rows, before[key], t)}
            one = changed.pop(key, Changed(*key, (), ()))
            assert bool(differ) == bool(one.rows or one.before)
            for old, new in ((before[key], one.before), (rows, one.rows)):
                begun = ([row for row in old if row.start <= t][-1:] for t in sorted(differ))
                assert new == tuple(dict.fromkeys(row for last in begun for row in last))
        assert changed == {}
        before = now
    assert session.course == course._replace(events=events)
    whole = grade_course(session.course, ALL, Settings())
    assert session.grades() == whole
    every = [row for one in whole for row in one.timeline]
    for t in {edge for row in every for edge in (row.start, row.end)}:
        assert session.at(t) == [row for row in every if row.start <= t < row.end or row.start == row.end == t]


def temperature(hours: float, steps: int, **more: object) -> Event:
    return Event("P1", START + int(hours * HOUR), "temperature", steps, steps, **more)


def rounds(first: int, last: int) -> list[Event]:
    """Every 4 hours all that CRS looks at, and nothing is wrong."""
    found: list[Event] = []
    for hour in range(first, last, 4):
        time = START + hour * HOUR
        found += [
            temperature(hour, 3680),
            Event("P1", time, "systolic_bp", 1200, 1200),
            Event("P1", time, "spo2", 970, 970),
        ]
        found.append(Event("P1", time, "oxygen_device", word="none"))
    return found


def crs(*events: Event) -> Session:
    session = Session([PATIENT], [CRS, ICANS, ALT], Settings())
    session.add(events)
    return session


def spoken(changed: Sequence[Changed]) -> list[tuple[str, list[tuple[float, int | None]], list[int | None]]]:
    return [
        (one.scale, [((row.start - START) / HOUR, row.low) for row in one.rows], [row.low for row in one.before])
        for one in changed
    ]


def test_a_grade_that_lasts_is_no_change() -> None:
    session = crs(*rounds(1, 20))
    assert session.add([temperature(18, 3690)]) == []
    assert session.add(rounds(21, 22)) == []


def test_a_fever_changes_the_grade_from_when_it_was_measured() -> None:
    session = crs(*rounds(1, 20))
    (changed,) = session.add([temperature(19, 3850)])
    assert spoken([changed]) == [("crs-astct-2019", [(19, 1)], [0])]
    assert changed.rows[0] in session.at(START + 19 * HOUR)
    told = explain_course(session.course, None, CRS, Settings(), changed.rows[0].start)
    assert (told.low, told.high) == (1, 1)


def test_a_late_row_changes_what_was_said_of_its_time() -> None:
    session = crs(*rounds(1, 60))
    late = temperature(10, 3850, recorded_at=START + 58 * HOUR)
    (changed,) = session.add([late])
    assert spoken([changed])[0][1][0] == (10, 1)
    assert changed.rows[-1].end <= START + 58 * HOUR


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    session = crs(*rounds(1, 20), temperature(19, 3850, source_id="obs/1"))
    now = START + 20 * HOUR
    (changed,) = session.add([temperature(19, 3750, source_id="obs/1", recorded_at=now)])
    assert spoken([changed]) == [("crs-astct-2019", [(17, 0)], [1])] or changed.before[-1].low == 1
    assert {row.scale: row.low for row in session.at(now)}["crs-astct-2019"] == 0


def test_a_row_entered_in_error_is_as_if_it_had_not_come() -> None:
    session = crs(*rounds(1, 20), temperature(19, 3850, source_id="obs/1"))
    session.add([temperature(19, 3850, source_id="obs/1", recorded_at=START + 20 * HOUR, withdrawn=True)])
    assert session.grades()[0].timeline == crs(*rounds(1, 20)).grades()[0].timeline
    again = session.add([temperature(19, 3850, source_id="obs/1", recorded_at=START + 21 * HOUR)])
    assert spoken(again) == [("crs-astct-2019", [(19, 1)], [0])]


def test_a_row_entered_in_error_that_names_no_source_is_no_row() -> None:
    session = crs(*rounds(1, 20), temperature(18, 3850))
    assert session.add([temperature(19, 3900, withdrawn=True)]) == []
    assert session.grades() == grade_course(session.course, session.scales, Settings())
    assert session.at(START + 19 * HOUR)[0].start == START + 18 * HOUR


def test_the_last_row_may_be_taken_back() -> None:
    session = crs(temperature(1, 3850, source_id="obs/1"))
    changed = session.add([temperature(1, 3850, source_id="obs/1", withdrawn=True)])
    assert [one.scale for one in changed] == [CRS.id, ICANS.id, ALT.id]
    assert {one.rows for one in changed} == {()}
    assert session.at(START + HOUR) == []


@pytest.mark.parametrize(
    "row",
    [
        Event("P1", START + 17 * HOUR, "attribution", word="fever:infection", end=START + 40 * HOUR),
        Event("P1", START + 19 * HOUR, "neutrophils", word=UNREADABLE),
    ],
)
def test_rows_that_columns_do_not_take_are_graded_by_the_reference(row: Event) -> None:
    session = crs(*rounds(1, 20), temperature(18, 3850))
    changed = session.add([row])
    assert bool(changed) == (row.signal == "attribution")
    assert session.add([temperature(20, 3640)]) == []
    assert session.grades() == grade_course(session.course, session.scales, Settings())


def test_a_death_ends_the_timeline() -> None:
    session = crs(*rounds(1, 20), temperature(18, 3850))
    changed = session.add([Event("P1", START + 19 * HOUR, "death", word="crs")])
    assert spoken(changed)[0][1] == [(19, 5)]
    assert session.at(START + 19 * HOUR)[0].low == 5
    assert session.at(START + 20 * HOUR) == []


def test_where_a_death_was_charted_late_no_grade_holds_any_more() -> None:
    session = crs(*rounds(1, 20))
    (before,) = [row for row in session.at(START + 15 * HOUR) if row.scale == CRS.id]
    late = Event("P1", START + 10 * HOUR, "death", word="infection", recorded_at=START + 21 * HOUR)
    (changed,) = [one for one in session.add([late]) if one.scale == CRS.id]
    assert (changed.before, changed.rows) == ((before,), (before._replace(end=late.time),))
    assert session.at(START + 15 * HOUR) == []


def test_what_the_references_measures_look_at_is_not_kept_either() -> None:
    """A device that outlasts a newer one is the reference's: its record is made again with every row."""
    start = START + 2 * HOUR
    cannula = Event("P1", start, "oxygen_device", word="nasal_cannula", end=start + 40 * HOUR)
    session = crs(temperature(1, 3850), *rounds(1, 10), cannula)
    for hour, steps in ((4, 20), (6, 80), (8, 20)):
        session.add([Event("P1", START + hour * HOUR, "oxygen_flow", steps, steps)])
        (found,) = grade_course(session.course, [CRS], Settings())
        assert session.at(START + hour * HOUR)[0] in found.timeline


def test_each_infusion_has_grades_of_its_own() -> None:
    second = PATIENT._replace(infusion=2, infusion_time=START + 20 * DAY)
    session = Session([second, PATIENT], [CRS], Settings())
    changed = session.add([temperature(1, 3850), temperature(20 * 24 + 1, 3850)])
    assert [one.infusion for one in changed] == [1, 2]


def test_a_session_is_of_one_patient() -> None:
    session = crs(*rounds(1, 20))
    with pytest.raises(ValueError, match="another patient"):
        session.add([temperature(20, 3850), temperature(20, 3850)._replace(patient_id="P2")])
    assert session.grades() == crs(*rounds(1, 20)).grades()
    with pytest.raises(ValueError, match="'temperatur' is not a known signal"):
        session.add([temperature(20, 3850), temperature(20, 3850)._replace(signal="temperatur")])
    assert session.grades() == crs(*rounds(1, 20)).grades()
    for infusions in ([], [PATIENT, PATIENT._replace(patient_id="P2")], [PATIENT, PATIENT]):
        with pytest.raises(ValueError, match="infusion"):
            Session(infusions, [CRS], Settings())
    assert session.add([]) == []
