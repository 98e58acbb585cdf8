"""The language of follow-up refuses what nobody published, and its texts are Dutch too."""

import datetime as dt
from dataclasses import fields as attributes
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po
from hypothesis import example, given
from hypothesis import strategies as st

import cytovigil
from cytovigil.followup import fields
from cytovigil.followup.chart import Chart, Place
from cytovigil.followup.facts import completed_months
from cytovigil.followup.items import GROUPS, VERDICTS, Ask, Decide, Item, Opinion, Span, Until
from cytovigil.followup.late import FERTILITY
from cytovigil.followup.schedule import ITEMS, SIGNALS
from cytovigil.followup.standing import STATES, Reason
from cytovigil.logic.conditions import Field
from cytovigil.logic.ladder import Citation
from cytovigil.model.events import Event, Patient
from cytovigil.model.vocabulary import signals

NOBODY = Citation("Nobody", "")
SOURCE = Path(cytovigil.__file__).parent


def item(source: Citation = FERTILITY.source, how: object = FERTILITY.how, status: str = FERTILITY.status) -> Item:
    return Item("x", "late", "what", "when", source, how, status=status)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [{"source": NOBODY}, {"status": "heard of"}])
def test_an_item_needs_a_source_and_a_status(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="item 'x' has no source, or an unknown status"):
        item(**bad)  # type: ignore[arg-type]


def test_a_decision_needs_an_opinion_with_a_known_status() -> None:
    with pytest.raises(ValueError, match="has no opinion to decide by"):
        item(how=Decide(Span(), (), ("give",), Span()))
    opinion = Opinion(FERTILITY.source, "says", (), "not", "heard of")
    with pytest.raises(ValueError, match="unknown status"):
        item(how=Decide(Span(), (opinion,), ("give",), Span()))


def test_every_item_has_an_id_of_its_own_and_looks_at_signals_that_are_read() -> None:
    assert len({one.id for one in ITEMS}) == len(ITEMS) >= 35
    looked = {name for one in ITEMS for name in getattr(one.how, "rows", ())}
    found = {name for one in vars(fields).values() if isinstance(one, Field) for name in one.signals}
    assert looked | (found & set(signals())) <= SIGNALS <= set(signals())


@pytest.mark.parametrize(
    ("start", "span", "expected"),
    [
        ("2026-01-31", Span(months=1), "2026-02-28"),
        ("2028-01-31", Span(months=1), "2028-02-29"),
        ("2026-08-31", Span(months=6), "2027-02-28"),
        ("2026-12-01", Span(months=1), "2027-01-01"),
        ("2026-03-05", Span(days=90), "2026-06-03"),
        ("2026-03-02", Span(months=180), "2041-03-02"),
    ],
)
def test_calendar_months_and_days(start: str, span: Span, expected: str) -> None:
    assert span.after(dt.date.fromisoformat(start)) == dt.date.fromisoformat(expected)


def test_a_reason_tells_conditions_rows_and_days() -> None:
    rows = [
        Event("P", 0, "igg", shown="3.8 g/L"),
        Event("P", 0, "tremor", word="none"),
        Event("P", 0, "vaccine", text="x"),
    ]
    told = [Reason("{row}", {"row": row}).tell(str) for row in rows]
    assert told == ["igg 3.8 g/L", "tremor none", "vaccine x"]
    data = {"x": fields.CD4_NOW, "day": dt.date(2026, 3, 2), "y": "due"}
    assert Reason("{x}, {day}, {y}", data).tell(lambda text: text.replace("e", "E")) == (
        "CD4 abovE 200/µL, 2026-03-02, duE"
    )


def test_a_reason_leaves_sources_and_numbers_as_they_are() -> None:
    assert Reason("{x} {y}", {"x": FERTILITY.source, "y": 8}).tell(lambda _: "{x}: {y}") == "CAR-T labels: 8"


def test_every_text_is_in_the_catalogue() -> None:
    with (SOURCE / "report/locales/nl.po").open("rb") as file:
        known = {str(one.id) for one in read_po(file, locale="nl")}
    texts = {*GROUPS.values(), *VERDICTS.values(), *STATES.values()}
    for one in ITEMS:
        texts |= {one.what, one.when, one.note, one.open_question}
        if isinstance(one.how, Decide):
            texts |= {text for opinion in one.how.opinions for text in (opinion.says, opinion.note)}
        if isinstance(one.how, Until):
            texts |= {bound.says for bound in one.how.bounds}
    texts |= {one.says for one in vars(fields).values() if isinstance(one, Field)}
    texts |= {name.replace("_", " ") for one in vars(fields).values() if isinstance(one, Field) for name in one.signals}
    reasons = (SOURCE / "followup/judge.py").read_text("utf-8").split('Reason("')[1:]
    texts |= {text.partition('"')[0] for text in reasons}
    assert sorted(texts - known - {""}) == []


def test_time_points_rise() -> None:
    start = dt.date(2026, 3, 2)
    for one in ITEMS:
        if isinstance(one.how, Ask):
            days = [span.after(start) for span in one.how.at]
            assert days == sorted(set(days)), one.id


def test_values_are_frozen() -> None:
    with pytest.raises(AttributeError):
        FERTILITY.what = "other"  # type: ignore[misc]
    assert {one.name for one in attributes(Item)} >= {"id", "what", "when", "source", "how", "to", "status", "note"}


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), st.integers(0, 6000))
@example(dt.date(2028, 2, 29), 365)
@example(dt.date(2026, 1, 31), 28)
@example(dt.date(2026, 8, 31), 181)
def test_completed_months_are_those_that_a_span_is_over(start: dt.date, days: int) -> None:
    on = start + dt.timedelta(days=days)
    months = completed_months(start, on)
    assert Span(months).after(start) <= on < Span(months + 1).after(start)


@pytest.mark.parametrize(
    ("zone", "moment", "on", "counts"),
    [
        ("Europe/Amsterdam", "2026-10-25T23:59:59+01:00", "2026-10-25", True),  # a day of 25 hours
        ("Europe/Amsterdam", "2026-10-26T00:00:00+01:00", "2026-10-25", False),
        ("Europe/Amsterdam", "2027-03-28T23:59:59+02:00", "2027-03-28", True),  # a day of 23
        ("Europe/Amsterdam", "2027-03-29T00:00:00+02:00", "2027-03-28", False),
        ("America/New_York", "2026-10-26T00:00:00+01:00", "2026-10-25", True),
        ("Pacific/Auckland", "2026-10-25T12:00:00+01:00", "2026-10-25", False),
    ],
)
def test_a_day_ends_at_midnight_of_the_site(zone: str, moment: str, on: str, counts: bool) -> None:
    time = int(dt.datetime.fromisoformat(moment).timestamp())
    rows = {"igg": [Event("P", time - 40 * 86_400, "igg", 500, 500), Event("P", time, "igg", 500, 500)]}
    chart = Chart(Patient("P", time - 60 * 86_400), rows, dt.date.fromisoformat(on), Place(ZoneInfo(zone)))
    assert (chart.newest("igg") is rows["igg"][1]) == counts
