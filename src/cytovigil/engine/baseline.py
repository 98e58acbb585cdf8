"""Before treatment: the value that later ones are compared with (semantics 4)."""

from cytovigil.engine.record import Record
from cytovigil.model.events import Event
from cytovigil.model.times import DAY


def baseline_row(record: Record, signal: str) -> Event | None:
    """The last value before lymphodepletion, else in the 14 days before infusion."""
    begin = record.patient.lymphodepletion_start
    rows = [row for row in record.rows(signal) if row.time < record.start]
    before = [row for row in rows if begin is not None and row.time < begin]
    since = record.start - int(record.settings.baseline_laboratory_days * DAY)
    recent = [row for row in rows if row.time >= since]
    found = before or recent
    return found[-1] if found else None
