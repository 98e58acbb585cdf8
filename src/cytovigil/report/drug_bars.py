"""Drugs in the patient picture: vasopressors as bars while they run, and doses as marks."""

from cytovigil.engine.measures.drugs import is_given, is_stop
from cytovigil.engine.record import Record, is_systemic
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR
from cytovigil.model.told import show_unit
from cytovigil.model.vocabulary import drugs_of, signals
from cytovigil.report.days import Days
from cytovigil.report.marks import Mark, Panel, name_signal, show_value, source_of

PRESSORS = ("vasopressor", "vasopressin", "inotrope")


def drug_bars(record: Record, window: tuple[int, int], days: Days) -> Panel:
    """One lane a drug that raises pressure, one bar a row; hatched while nobody charted whether it still runs."""
    marks = []
    lanes = []
    for drug in drugs_of(*PRESSORS):
        rows = [row for row in record.rows(drug) if is_systemic(row)]
        bars = [bar for row in rows if is_given(row) for bar in _bars(row, rows, record, days)]
        bars = [bar for bar in bars if bar.start <= window[1] and (bar.end or bar.start) >= window[0]]
        if bars:
            lanes.append(name_signal(drug, days.say))
            marks += [bar._replace(end=min(bar.end or bar.start, window[1])) for bar in bars]
    return Panel("vasopressors", "lanes", days.say("Vasopressors"), tuple(lanes), tuple(marks))


def _bars(row: Event, rows: list[Event], record: Record, days: Days) -> list[Mark]:
    """A row with an end runs until then or a stop; one without, until the next row or as long as the settings say."""
    what, value, source = name_signal(row.signal, days.say), _amount(row, days), source_of([row])
    next_stop = min((r.time for r in rows if r.time > row.time and is_stop(r)), default=None)
    if row.end is not None:
        end = row.end if next_stop is None else min(row.end, next_stop)
        return [Mark(what, value, row.time, end, source, None, None)]
    if not row.rate:
        return [Mark(what, value, row.time, row.time, source, None, None)]
    settings = record.settings
    following = min((r.time for r in rows if r.time > row.time), default=None)
    runs, unknown = (row.time + int(h * HOUR) for h in (settings.infusion_valid_h, settings.infusion_unknown_h))
    runs, unknown = (end if following is None else min(end, following) for end in (runs, unknown))
    found = [Mark(what, value, row.time, runs, source, None, None)]
    if unknown > runs:
        note = days.say("no stop charted")
        found.append(Mark(what, days.say("not known"), runs, unknown, source, None, None, known=False, note=note))
    return found


def dose_marks(record: Record, window: tuple[int, int], days: Days) -> Panel:
    """One lane a drug: anticytokines, tocilizumab first, then corticosteroids. The amount is printed at the mark."""
    marks = []
    lanes = []
    for drug in drugs_of("anticytokine") + drugs_of("corticosteroid"):
        rows = [row for row in record.between(drug, *window) if is_given(row)]
        if rows:
            lane = f"{name_signal(drug, days.say)}, {show_unit(signals()[drug].unit)}"
            lanes.append(lane)
            marks += [_dose(row, lane, days) for row in rows]
    return Panel("doses", "lanes", days.say("Treatment"), tuple(lanes), tuple(marks))


def _dose(row: Event, lane: str, days: Days) -> Mark:
    value = _amount(row, days)
    label = value.split()[0] if row.low is not None else "?"
    note = "" if is_systemic(row) else days.say(row.route)
    return Mark(lane, value, row.time, row.end, source_of([row]), None, None, label=label, note=note)


def _amount(row: Event, days: Days) -> str:
    return days.say("amount not known") if row.low is None else show_value(row, days.say)
