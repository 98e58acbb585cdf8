"""The calendar file, by RFC 5545."""

import datetime as dt

from charts import DAY_0, SETTINGS
from follow_kit import INFUSED, rows

from cytovigil.following import follow_course
from cytovigil.followup.calendar import calendar_entries, render_calendar
from cytovigil.followup.late import DONATION, REGISTRY
from cytovigil.followup.prophylaxis import ANTIVIRAL, IRRADIATED
from cytovigil.followup.standing import Standing
from cytovigil.model.events import Course, Patient
from cytovigil.report.language import speaker

ON = dt.date(2026, 6, 1)
PATIENT = Patient("P;1,\\x", 1_772_000_000)
OVERDUE = Standing(ANTIVIRAL, "overdue", since=dt.date(2026, 3, 2), until=dt.date(2026, 3, 16))
LATER = Standing(REGISTRY, "later", since=dt.date(2026, 6, 10), until=dt.date(2026, 6, 10))
ENDS = Standing(IRRADIATED, "in_force", since=dt.date(2026, 3, 2), until=dt.date(2026, 9, 2))
FOR_LIFE = Standing(DONATION, "in_force", since=dt.date(2026, 3, 2))
OVER = Standing(IRRADIATED, "done", until=dt.date(2026, 5, 1), done=dt.date(2026, 5, 1))
ALL = [OVERDUE, LATER, ENDS, FOR_LIFE, OVER]


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_lines_are_folded_and_end_as_they_have_to() -> None:
    text = render_calendar([calendar_entries(PATIENT, ALL, ON, speaker("nl"))], "1.0")
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = unfolded(text)
    assert lines[:4] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//cytovigil//follow-up 1.0//EN",
        "CALSCALE:GREGORIAN",
    ]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 3


def test_what_is_open_stands_on_the_day_and_what_comes_on_its_own() -> None:
    lines = unfolded(calendar_entries(PATIENT, ALL, ON, str))
    assert [line for line in lines if line.startswith("DTSTART")] == [
        "DTSTART;VALUE=DATE:20260601", "DTSTART;VALUE=DATE:20260610", "DTSTART;VALUE=DATE:20260902",
    ]  # fmt: skip
    assert "DTEND;VALUE=DATE:20260602" in lines and "DTSTAMP:20260601T000000Z" in lines
    summaries = [line for line in lines if line.startswith("SUMMARY")]
    assert summaries == [
        "SUMMARY:P\\;1\\,\\\\x: overdue since 2026-03-02: valaciclovir 500 mg or aciclovir 800 mg twice a day",
        "SUMMARY:P\\;1\\,\\\\x: registry form",
        "SUMMARY:P\\;1\\,\\\\x: ends: irradiated blood products only",
    ]


def test_an_entry_keeps_its_uid_from_day_to_day_and_shows_no_id() -> None:
    def uids(on: dt.date, patient: Patient = PATIENT) -> list[str]:
        lines = unfolded(calendar_entries(patient, ALL[:3], on, str))
        return [line for line in lines if line.startswith("UID")]

    assert uids(ON) == uids(ON + dt.timedelta(days=1))
    assert len({*uids(ON), *uids(ON, PATIENT._replace(infusion=2))}) == 6
    assert all("P;1" not in uid for uid in uids(ON))


def test_a_text_breaks_no_line_and_names_nobody() -> None:
    odd = PATIENT._replace(patient_id="P\r\n1\x07;é" + "é" * 60)
    text = calendar_entries(odd, ALL[:1], ON, str)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("\n") == text.count("\r\n") and "\x07" not in text
    (summary,) = [line for line in unfolded(text) if line.startswith("SUMMARY")]
    assert summary.startswith("SUMMARY:P\\n1\\;éé") and "overdue since" in summary


def uid(standing: Standing, on: dt.date = ON) -> str:
    (found,) = [line for line in unfolded(calendar_entries(PATIENT, [standing], on, str)) if line.startswith("UID")]
    return found


def test_a_new_date_moves_the_entry_that_was_imported() -> None:
    """Measured since, it is due later; a precaution ends later: the same entry, for a calendar to move."""
    next_month = Standing(ANTIVIRAL, "done", since=dt.date(2026, 7, 10), until=dt.date(2026, 7, 10))
    assert uid(OVERDUE) == uid(next_month)
    assert uid(ENDS) == uid(ENDS._replace(until=dt.date(2026, 12, 1)))


def test_a_time_point_has_an_entry_of_its_own() -> None:
    half_a_year = LATER._replace(until=dt.date(2026, 9, 2), window=dt.date(2026, 9, 2))
    assert uid(LATER._replace(window=dt.date(2026, 6, 10))) != uid(half_a_year)


def test_of_real_follow_up_only_time_points_and_seasons_have_another_uid() -> None:
    def found(day: int, chart: str) -> dict[str, str]:
        on = DAY_0 + dt.timedelta(days=day)
        (one,) = follow_course(Course((INFUSED,), tuple(rows(chart))), on, SETTINGS)
        entries = {each.item.id: calendar_entries(one.patient, [each], on, str) for each in one.standings}
        return {name: unfolded(text)[1] for name, text in entries.items() if text}

    first, measured = found(31, ""), found(32, "d31 igg 3.8, d31 cd4 100, d31 tremor none")
    assert {name: uid for name, uid in measured.items() if first.get(name, uid) != uid} == {}
    assert {"igg", "cd4", "registry", "neuropsychiatric"} <= measured.keys() & first.keys()
    assert found(100, "")["registry"] != first["registry"]
    assert found(230, "")["vaccine-influenza"] != found(580, "")["vaccine-influenza"]
