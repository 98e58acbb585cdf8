"""From the chart to the fields of follow-up: each a set of possible values. Unknown is never normal."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

from cytovigil.followup.chart import Chart, last_moment
from cytovigil.followup.fields import Limit
from cytovigil.followup.items import Span
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event
from cytovigil.model.times import DAY, start_of_day
from cytovigil.model.vocabulary import signals

NOT_NATIVE_S = 30 * DAY  # an IgG drawn within 30 days after immunoglobulin: CIBMTR form 2100
COUNT_DAYS = 31  # a low count of so many days ago says nothing of today: our reading
STEROID_DAYS = 14
INFECTION_MONTHS = 6
LATE_DAY = 90  # late is beyond day 90: Hematology 2024:109
BACK = {"b_cells": 1000, "b_cells_percent": 100}  # steps: 100/µL, 1 %
FEW = {"neutrophils": 1000, "platelets": 500, "hemoglobin": 8000}  # steps: 1000/µL, 50 × 10⁹/L, 8 g/dL
NEUTROPHIL_STEPS = (500, 1001, 1501)  # steps of 1/µL: below 500, to 1000, to 1500, above
TARGETS = {
    "axi-cel": "CD19", "brexu-cel": "CD19", "tisa-cel": "CD19", "liso-cel": "CD19", "obe-cel": "CD19",
    "ide-cel": "BCMA", "cilta-cel": "BCMA",
}  # fmt: skip


def _known(value: Any, *because: Event) -> Fact:
    return Fact(frozenset({value}), because=because)


def _open(field: Field, values: frozenset[Any] | None = None, *because: Event) -> Fact:
    return Fact(field.unknown if values is None else values, missing=frozenset(field.signals), because=because)


def _either(field: Field, values: set[Any], *because: Event) -> Fact:
    return _known(next(iter(values)), *because) if len(values) == 1 else _open(field, frozenset(values), *because)


def completed_months(start: date, on: date) -> int:
    """Calendar months that are over, a month as `Span` counts it."""
    months = 12 * (on.year - start.year) + on.month - start.month
    return months if Span(months).after(start) <= on else months - 1


def _months(chart: Chart, field: Field) -> Fact:
    return _known(min(max(completed_months(chart.infused, chart.on), 0), field.domain[-1]))


def _target(chart: Chart, field: Field) -> Fact:
    target = TARGETS.get(chart.patient.product)
    return _open(field) if target is None else _known(target)


def _product(chart: Chart, field: Field) -> Fact:
    return _known(chart.patient.product) if chart.patient.product else _open(field)


def _disease(chart: Chart, field: Field) -> Fact:
    return _known(chart.patient.disease == field.detail) if chart.patient.disease else _open(field)


def _child(chart: Chart, field: Field) -> Fact:
    age = chart.patient.age_years
    return _open(field) if age is None else _known(age < 18)


def _older(chart: Chart, field: Field) -> Fact:
    """The birthday of a completed age is not known: it may be one year more."""
    if chart.patient.age_years is None:
        return _open(field)
    age = chart.patient.age_years + max(completed_months(chart.infused, chart.on), 0) // 12
    return _either(field, {age >= 65, age + 1 >= 65})


def _expired(chart: Chart, row: Event) -> bool:
    valid_s = signals()[row.signal].valid_s
    assert valid_s is not None  # of a laboratory signal
    return chart.day(row.time + valid_s) <= chart.on


def _native_low(chart: Chart, row: Event) -> int:
    """The lowest IgG of one's own: any, after immunoglobulin of the 30 days before the sample."""
    assert row.low is not None
    given = any(0 <= row.time - dose.time <= NOT_NATIVE_S for dose in chart.rows("immunoglobulin"))
    return 0 if given else row.low


def _above(chart: Chart, field: Field) -> Fact:
    limit: Limit = field.detail
    row = chart.newest(limit.signal)
    if row is None or (not limit.lasting and _expired(chart, row)):
        return _open(field)
    assert row.low is not None and row.high is not None
    low = _native_low(chart, row) if limit.signal == "igg" else row.low
    return _either(field, {low > limit.steps, row.high > limit.steps}, row)


def _igg(chart: Chart, field: Field) -> Fact:
    """Its class; of a result no longer valid that was above 4 g/L, where sources end measuring, any class above."""
    row = chart.newest("igg")
    if row is None:
        return _open(field)
    assert row.high is not None
    low, high = (sum(step <= value for step in field.detail) for value in (_native_low(chart, row), row.high))
    if _expired(chart, row):
        return _open(field, frozenset(range(4, 8)) if low >= 4 else None, row)
    return _either(field, set(range(low, high + 1)), row)


def _counts_normal(chart: Chart, field: Field) -> Fact:
    rows = [chart.newest(name) for name in field.signals]
    normal = {_normal(row) for row in rows}
    because = tuple(row for row in rows if row is not None)
    if False in normal:
        return _known(False, *because)
    return _open(field, None, *because) if None in normal else _known(True, *because)


def _normal(row: Event | None) -> bool | None:
    """None without a row, without the laboratory's limit, or where a bound leaves both possible."""
    low = row.limits[0] if row else None
    if row is None or low is None or row.low is None or row.high is None:
        return None
    return False if row.high < low else True if row.low >= low else None


def _low_other_ig(chart: Chart, field: Field) -> Fact:
    """By the laboratory's limits on the newest rows."""
    rows = [row for name in field.signals if (row := chart.newest(name)) is not None]
    normal = {_normal(chart.newest(name)) for name in field.signals}
    if False in normal:
        return _known(True, *rows)
    return _open(field, None, *rows) if None in normal else _known(False, *rows)


def _neutrophils(chart: Chart, field: Field) -> Fact:
    """The class of a count of the last 31 days; an older one stands only where it was above 1500/µL."""
    row = chart.newest("neutrophils")
    if row is None:
        return _open(field)
    assert row.low is not None and row.high is not None
    low, high = (sum(step <= value for step in NEUTROPHIL_STEPS) for value in (row.low, row.high))
    if low == len(NEUTROPHIL_STEPS):
        return _known(low, row)
    if (chart.on - chart.day(row.time)).days > COUNT_DAYS:
        return _open(field, None, row)
    return _either(field, set(range(low, high + 1)), row)


def _late_cytopenia(chart: Chart, field: Field) -> Fact:
    """The newest counts beyond day 90; a marrow has to follow the first of those that are low until now."""
    since = start_of_day(Span(days=LATE_DAY + 1).after(chart.infused), chart.place.zone)
    runs = [_low_run(chart.rows(name), since, few) for name, few in FEW.items()]
    if low := [run[-1] for run in runs if run]:
        return _known(True, min(low, key=lambda row: (row.time, row.signal)))
    return _open(field) if None in runs else _known(False)


def _low_run(rows: Sequence[Event], since: int, steps: int) -> list[Event] | None:
    """The last rows in a row that are certainly below, newest first; none where the newest is not; None without any."""
    if not rows or rows[-1].time < since:
        return None
    return list(takewhile(lambda row: row.time >= since and row.high is not None and row.high < steps, reversed(rows)))


def _b_cell_loss(chart: Chart, field: Field) -> Fact:
    """Samples in a row, until the newest, above 1 % or 100/µL; rows of one day are one sample."""
    samples: dict[date, list[Event]] = {}
    for row in chart.after_infusion("b_cells", "b_cells_percent"):
        samples.setdefault(chart.day(row.time), []).append(row)
    if not samples:
        return _open(field)
    found: list[Event] = []
    for rows in reversed(samples.values()):
        back = [row for row in rows if row.low is not None and row.low > BACK[row.signal]]
        if not back:
            break
        found.append(back[0])
    return _known(min(len(found), 2), *found[:2])


def _infections(chart: Chart, months: int) -> list[Event]:
    """Documented infections after the infusion that began, or went on, in the last months."""
    rows = chart.after_infusion("infection")
    return [row for row in rows if completed_months(chart.day(last_moment(row)), chart.on) < months]


def _recurrent(chart: Chart, field: Field) -> Fact:
    """Two bacterial infections of 12 months are recurrent; one, or one of unknown kind, may be serious: our reading."""
    found = [row for row in _infections(chart, 12) if row.word in ("bacterial", "unknown")]
    if sum(row.word == "bacterial" for row in found) > 1:
        return _known(True, *found)
    return _open(field, None, *found) if found else _known(False)


def _infection(chart: Chart, field: Field) -> Fact:
    """Site and germ have no signal: any infection may be the one that the source names."""
    found = _infections(chart, 12)
    return _open(field, None, *found) if found else _known(False)


def _any_infection(chart: Chart, _field: Field) -> Fact:
    found = _infections(chart, INFECTION_MONTHS)
    return _known(bool(found), *found[-1:])


def _not_chartable(_chart: Chart, field: Field) -> Fact:
    return _open(field)


def _hbv(chart: Chart, field: Field) -> Fact:
    """Who has entecavir has had hepatitis B; the record has no signal for serology."""
    given = chart.rows("entecavir")
    return _known(True, given[-1]) if given else _open(field)


def _ig_months(chart: Chart, field: Field) -> Fact:
    most = field.domain[-1]
    if not (given := chart.rows("immunoglobulin")):
        return _known(most)
    return _known(min(completed_months(chart.day(given[-1].time), chart.on), most), given[-1])


def _immunosuppressed(chart: Chart, field: Field) -> Fact:
    """By a systemic corticosteroid or a charted yes of so many days; else as charted within a year; else unknown."""
    charted, *drugs = field.signals
    given = [row for name in drugs for row in chart.recent(name, field.detail) if row.route == "systemic"]
    if found := given or [row for row in chart.recent(charted, field.detail) if row.word == "yes"]:
        return _known(True, found[0])
    row = chart.newest(charted)
    if row is None or _expired(chart, row):
        return Fact(field.unknown, missing=frozenset({charted}))  # doses that are not charted were not given
    return _known(row.word == "yes", row)


def _next_therapy(chart: Chart, field: Field) -> Fact:
    """Another therapy of the last months may be an antibody or not; none charted is none."""
    time = chart.patient.next_therapy_date
    if time is None or chart.day(time) > chart.on or completed_months(chart.day(time), chart.on) >= field.detail:
        return _known(False)
    return _open(field)


def _season(chart: Chart, _field: Field) -> Fact:
    return _known(chart.on.month >= 10 or chart.on.month <= 3)


def _given(chart: Chart, field: Field) -> Fact:
    found = [row for name in field.signals for row in chart.recent(name, field.detail)]
    return _known(bool(found), *found[-1:])


def _steroid(chart: Chart, field: Field) -> Fact:
    """The days of the last 14 on which one was given; a row with an end counts on all its days."""
    rows = [row for name in field.signals for row in chart.recent(name, STEROID_DAYS) if row.route == "systemic"]
    first = chart.on - timedelta(days=STEROID_DAYS - 1)
    spans = [(max(chart.day(row.time), first), min(chart.day(last_moment(row)), chart.on)) for row in rows]
    days = {start + timedelta(days=day) for start, end in spans for day in range((end - start).days + 1)}
    return _known(len(days) >= field.detail, *rows[-1:])


def _charted(chart: Chart, field: Field) -> Fact:
    found = chart.after_infusion(*field.signals)
    return _known(bool(found), *found[-1:])


MEASURES: Mapping[str, Callable[[Chart, Field], Fact]] = {
    "months": _months, "target": _target, "product": _product, "disease": _disease, "child": _child, "older": _older,
    "above": _above, "igg": _igg, "counts_normal": _counts_normal, "neutrophils": _neutrophils,
    "low_other_ig": _low_other_ig,
    "late_cytopenia": _late_cytopenia, "b_cell_loss": _b_cell_loss, "recurrent": _recurrent, "infection": _infection,
    "any_infection": _any_infection, "not_chartable": _not_chartable, "hbv": _hbv, "ig_months": _ig_months,
    "immunosuppressed": _immunosuppressed, "next_therapy": _next_therapy, "season": _season, "given": _given,
    "steroid": _steroid, "charted": _charted,
}  # fmt: skip


def fact_of(chart: Chart, field: Field) -> Fact:
    """What is known of a field on the day of the chart."""
    found = chart.facts.get(field.name)
    if found is None:
        found = chart.facts[field.name] = MEASURES[field.measure](chart, field)
    return found
