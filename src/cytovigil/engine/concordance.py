"""Recorded beside derived: what clinicians charted, and why it differs."""

from collections.abc import Iterable, Sequence

from cytovigil.engine.record import Record
from cytovigil.logic.scale import Scale
from cytovigil.model.results import ConcordanceRow, TimelineRow, show_grade
from cytovigil.model.told import Say


def concordance(record: Record, scale: Scale, rows: Sequence[TimelineRow]) -> list[ConcordanceRow]:
    """One row for each grade that a clinician charted for this scale in the graded time."""
    found = []
    for charted in record.rows(scale.course.recorded):
        if not _same_scale(charted.text, scale):
            continue
        row = row_at(rows, charted.time)
        if row is None:
            continue
        recorded = int(charted.word)
        agrees = None if row.low is None or row.high is None else row.low <= recorded <= row.high
        key = record.patient.patient_id, record.patient.infusion, scale.id, charted.time, recorded
        found.append(ConcordanceRow(*key, row.low, row.high, agrees, reason(row, recorded)))
    return found


def _same_scale(text: str, scale: Scale) -> bool:
    """A charted grade without a scale is compared with every scale of its kind; with one, with that alone."""
    word = text.strip().lower()
    if not word:
        return True
    return word == scale.id or all(part in scale.id.split("-") for part in word.replace("-", " ").split())


def row_at(rows: Iterable[TimelineRow], time: int) -> TimelineRow | None:
    """The row of one scale's timeline that holds at a time."""
    return next((r for r in rows if r.start <= time < r.end or r.start == r.end == time), None)


def reason(row: TimelineRow, recorded: int, say: Say = str, name_signal: Say = str, name_flag: Say = str) -> str:
    """Why a charted grade and a row differ, or how it lies in a range; "" where both are one grade.

    As the table prints it; for a page `say` translates our words, the others give signals and flags their names.
    """
    flags = ", ".join(map(name_flag, row.flags))
    if row.low is None or row.high is None:
        return f"{say('not graded')}: {flags}"
    if row.low <= recorded <= row.high:
        missing = ", ".join(map(name_signal, row.missing))
        narrow = f"; {say('to narrow it chart')} {missing}" if missing else ""
        return "" if row.low == row.high else say("inside the range") + narrow
    above = "recorded {recorded} is above the derived {derived}"
    below = "recorded {recorded} is below the derived {derived}"
    derived = show_grade(row.low, row.high)
    found = say(above if recorded > row.high else below).format(recorded=recorded, derived=derived)
    if row.charted_low is not None and row.charted_high is not None and row.charted_low <= recorded <= row.charted_high:
        found += f"; {say('it is what the charting without attributions gives')}"
    return found + (f" ({flags})" if flags else "")
