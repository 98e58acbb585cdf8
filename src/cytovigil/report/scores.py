"""ICE and CAPD in the patient picture: one mark an assessment, a range where items were not charted."""

from cytovigil.engine.measures.assessment import INSTRUMENTS as INSTRUMENTS
from cytovigil.engine.measures.assessment import Assessment, assessments, scores
from cytovigil.engine.record import Record
from cytovigil.model.times import MINUTE
from cytovigil.model.vocabulary import signals
from cytovigil.report.days import Days
from cytovigil.report.marks import Line, Mark, Panel, name_signal, source_of

TITLES = {"ice": "ICE score", "capd": "CAPD score"}


def score_panel(record: Record, name: str, window: tuple[int, int], days: Days) -> Panel:
    """The totals as grading reads them, `ice` or `capd`, over time, with the patient's own baseline."""
    patient, names = record.patient, INSTRUMENTS[name]
    found = assessments(record, names, int(record.settings.assessment_wait_min * MINUTE))
    shown = [one for one in found if window[0] <= one.time <= window[1]]
    marks = tuple(_mark(one, names, window[1], days) for one in shown)
    baseline = patient.baseline_ice if name == "ice" else patient.baseline_capd
    lines = () if baseline is None else (Line(baseline, f"{days.say('baseline')} {baseline}"),)
    return Panel(name, "steps", days.say(TITLES[name]), (name_signal(name, days.say),), marks, lines, units=("",))


def _mark(one: Assessment, names: tuple[str, ...], end: int, days: Days) -> Mark:
    say = days.say
    values = scores(one.rows, names)
    low, high = min(values), max(values)
    notes = [say("sum of the items")] if any(row.signal != names[0] for row in one.rows) else []
    if low < high and not any(row.signal == names[0] for row in one.rows):
        unseen = [name_signal(name, say) for name in names[1:] if all(row.signal != name for row in one.rows)]
        notes += [f"{say('not known')}: {', '.join(unseen)}"] if unseen else []
    if any("tie" in row.flags for row in one.rows):
        notes.append(say("different values at one time"))
    holds = min(one.time + (signals()[names[0]].valid_s or 0), end)
    value, source = f"{low}..{high}" if low < high else f"{low}", source_of(one.rows)
    return Mark(
        name_signal(names[0], say), value, one.time, None, source, low, high, holds=holds, note="; ".join(notes)
    )
