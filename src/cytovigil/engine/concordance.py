"""Recorded beside derived: what clinicians charted, and why it differs."""

from collections.abc import Sequence

from cytovigil.engine.record import Record
from cytovigil.logic.scale import Scale
from cytovigil.model.results import ConcordanceRow, TimelineRow, show_grade


def concordance(record: Record, scale: Scale, rows: Sequence[TimelineRow]) -> list[ConcordanceRow]:
    """One row for each grade that a clinician charted for this scale in the graded time."""
    found = []
    for charted in record.rows(scale.course.recorded):
        if not _same_scale(charted.text, scale):
            continue
        row = next((r for r in rows if r.start <= charted.time < r.end or r.start == r.end == charted.time), None)
        if row is None:
            continue
        recorded = int(charted.word)
        agrees = None if row.low is None or row.high is None else row.low <= recorded <= row.high
        key = record.patient.patient_id, record.patient.infusion, scale.id, charted.time, recorded
        found.append(ConcordanceRow(*key, row.low, row.high, agrees, _reason(row, recorded, agrees)))
    return found


def _same_scale(text: str, scale: Scale) -> bool:
    """A charted grade without a scale is compared with every scale of its kind; with one, with that alone."""
    word = text.strip().lower()
    if not word:
        return True
    return word == scale.id or all(part in scale.id.split("-") for part in word.replace("-", " ").split())


def _reason(row: TimelineRow, recorded: int, agrees: bool | None) -> str:
    if row.low is None or row.high is None:
        return "not graded: " + ", ".join(row.flags)
    if agrees:
        narrow = "; to narrow it chart " + ", ".join(row.missing) if row.missing else ""
        return "" if row.low == row.high else "inside the range" + narrow
    side = "above" if recorded > row.high else "below"
    reason = f"recorded {recorded} is {side} the derived {show_grade(row.low, row.high)}"
    if row.charted_low is not None and row.charted_high is not None and row.charted_low <= recorded <= row.charted_high:
        reason += "; it is what the charting without attributions gives"
    return reason + (f" ({', '.join(row.flags)})" if row.flags else "")
