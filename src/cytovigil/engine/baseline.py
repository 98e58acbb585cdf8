"""Before treatment: the value that later ones are compared with (semantics 4)."""

from cytovigil.engine.record import Record
from cytovigil.model.events import Event
from cytovigil.model.times import DAY

DRUGS = ("fludarabine", "cyclophosphamide", "bendamustine")


def lymphodepletion_of(record: Record) -> int | None:
    """When lymphodepletion began: as given, else the first charted dose of its drugs shortly before the infusion."""
    if record.patient.lymphodepletion_start is not None:
        return record.patient.lymphodepletion_start
    since = record.start - int(record.settings.lymphodepletion_days * DAY)
    doses = (row.time for drug in DRUGS for row in record.between(drug, since, record.start - 1) if row.high != 0)
    return min(doses, default=None)


def is_before_treatment(record: Record, time: int) -> bool:
    """True until lymphodepletion, its moment included, as on a chart of dates both are at noon; else until infusion."""
    begin = lymphodepletion_of(record)
    return time < record.start if begin is None else time <= begin


def baseline_row(record: Record, signal: str) -> Event | None:
    """The last value before lymphodepletion, or with it on a chart of dates only; else the last before the infusion.

    That last one at most `baseline_laboratory_days` before.
    """
    rows = [row for row in record.rows(signal) if row.time < record.start]
    since = record.start - int(record.settings.baseline_laboratory_days * DAY)
    recent = [row for row in rows if row.time >= since]
    known = lymphodepletion_of(record) is not None
    found = [row for row in rows if known and is_before_treatment(record, row.time)] or recent
    return found[-1] if found else None
