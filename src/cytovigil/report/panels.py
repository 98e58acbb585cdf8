"""What goes into each panel of the patient picture: plain values from charted events and rows of the timeline.

Rows count as in grading: withdrawn and replaced rows, duplicates and ties are settled by the record.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cytovigil.engine.record import Record, holds_until
from cytovigil.model.events import UNREADABLE, Event, Patient
from cytovigil.model.results import TimelineRow, show_grade
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY
from cytovigil.model.vocabulary import signals
from cytovigil.report.days import Days, Say, name_day
from cytovigil.report.drug_bars import dose_marks, drug_bars
from cytovigil.report.marks import Kind, Line, Mark, Panel, name_signal, show_unit, show_value, source_of

TOP_GRADE = 5


class Spec(NamedTuple):
    """A panel of numbers: its signals and whether its axis is logarithmic."""

    key: str
    title: str
    names: tuple[str, ...]
    log: bool = False


CIRCULATION = Spec("pressure", "Blood pressure", ("systolic_bp", "mean_bp"))
FEVER = Spec("temperature", "Temperature", ("temperature",))
OXYGEN = Spec("spo2", "Oxygen saturation", ("spo2",))
SCORES = (Spec("ice", "ICE score", ("ice",)), Spec("capd", "CAPD score", ("capd",)))
LABORATORY = (
    Spec("inflammation", "Inflammation", ("crp", "ferritin", "il6"), True),
    Spec("neutrophils", "Neutrophils", ("neutrophils",), True),
    Spec("platelets", "Platelets", ("platelets",), True),
)
# 10*9/L. 500/uL: the neutrophil limit of early ICAHT grades, Rejeski et al., Blood 2023;142:865-877. 100: the line of
# the design of this picture. Both unverified, awaiting review; they are lines to look at and grade nothing.
CELL_LINES = {"neutrophils": (0.5, "500/µL"), "platelets": (100.0, "100 × 10⁹/L")}


class Table(NamedTuple):
    """A panel as text: each row has as many cells as the header."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Window(NamedTuple):
    """What the picture shows, in seconds UTC, both ends included."""

    start: int
    end: int


def assemble_panels(
    patient: Patient,
    events: Sequence[Event],
    timeline: Sequence[TimelineRow],
    settings: Settings,
    titles: Mapping[str, str],
    say: Say = str,
    as_of: int | None = None,
) -> list[Panel]:
    """The panels of one infusion from the top, empty ones left out.

    `events` are all of the patient; rows known after `as_of` (seconds UTC), to which the timeline was graded, and the
    timelines of other infusions are left aside.
    `titles` maps scale id to title; `say` translates every visible English label.
    """
    mine = [row for row in timeline if (row.patient_id, row.infusion) == (patient.patient_id, patient.infusion)]
    record = Record(patient, events, settings, as_of)
    window = find_window(patient, mine, record)
    days = Days(patient.infusion_time, settings.zone, say)
    numbers = _Numbers(record, window, days)
    panels = [_grade_panel(scale, mine, window, days, titles) for scale in dict.fromkeys(row.scale for row in mine)]
    panels += [numbers.panel(FEVER, _fever_line(settings, say))]
    panels += [numbers.panel(CIRCULATION, _pressure_line(patient, settings, say))]
    panels += [drug_bars(record, window, days)]
    spo2_line = Line(settings.spo2_percent, f"{settings.spo2_percent:g} %")
    panels += [numbers.panel(OXYGEN, (spo2_line,)), _device_panel(record, window, days)]
    panels += [numbers.panel(one, _baseline(patient, one.key, say)) for one in SCORES]
    panels += [dose_marks(record, window, days)]
    panels += [numbers.panel(one, _cell_lines(one.key, say)) for one in LABORATORY]
    return [panel for panel in panels if panel.marks]


def panel_tables(
    patient: Patient,
    events: Sequence[Event],
    timeline: Sequence[TimelineRow],
    settings: Settings,
    titles: Mapping[str, str],
    say: Say = str,
    as_of: int | None = None,
) -> list[Table]:
    """The same panels as tables, for who does not see the picture. Arguments as of `assemble_panels`."""
    days = Days(patient.infusion_time, settings.zone, say)
    panels = assemble_panels(patient, events, timeline, settings, titles, say, as_of)
    return [_table(panel, days) for panel in panels]


def _table(panel: Panel, days: Days) -> Table:
    say = days.say
    if panel.kind == "grade":
        graded = [(days.text(one.start), _until(one, days), one.value, one.note) for one in panel.marks]
        return Table(panel.title, tuple(map(say, ("from", "until", "grade", "note"))), tuple(graded))
    header = tuple(map(say, ("day", "time", "until", "what", "value", "note", "source")))
    return Table(panel.title, header, tuple(_row(one, days) for one in sorted(panel.marks, key=lambda m: m.start)))


def _row(mark: Mark, days: Days) -> tuple[str, ...]:
    time, _, _ = days.text(mark.start).partition(" (")
    day = name_day(days.day(mark.start))
    return day, time, _until(mark, days), mark.what, mark.value, mark.note, mark.source


def _until(mark: Mark, days: Days) -> str:
    return "" if mark.end is None else days.text(mark.end)


def find_window(patient: Patient, timeline: Sequence[TimelineRow], record: Record) -> Window:
    """From the day before the infusion until the graded time ends.

    The time in which a scale can no longer begin, and nothing is charted, is cut off.
    """
    timeline = [row for row in timeline if row.infusion == patient.infusion]
    end = max((row.end for row in timeline), default=record.last_event or patient.infusion_time)
    graded = [row.end for row in timeline if row.low is not None or "after_window" not in row.flags]
    charted = [row.time for name in signals() for row in record.rows(name) if row.time <= end]
    last = max([*graded, *charted], default=end)
    return Window(patient.infusion_time - DAY, max(min(end, last), patient.infusion_time + DAY))


def _grade_panel(
    scale: str, timeline: Sequence[TimelineRow], window: Window, days: Days, titles: Mapping[str, str]
) -> Panel:
    title = titles.get(scale, scale)
    rows = [row for row in timeline if row.scale == scale and row.start <= window.end]
    marks: list[Mark] = []
    for row in sorted(rows, key=lambda row: row.start):
        mark = _grade_mark(row._replace(end=min(row.end, window.end)), title, days)
        if marks and _continues(marks[-1], mark):
            mark = mark._replace(start=marks[-1].start, note=_joined(marks[-1].note, mark.note))
            marks.pop()
        marks.append(mark)
    return Panel(scale, "grade", title, (title,), tuple(marks))


def _grade_mark(row: TimelineRow, title: str, days: Days) -> Mark:
    say = days.say
    missing = say("not known") + ": " + ", ".join(name_signal(name, say) for name in row.missing) if row.missing else ""
    if row.low is None or row.high is None:
        value = say("outside the window") if "after_window" in row.flags else say("not observed")
        return Mark(title, value, row.start, row.end, say("derived"), None, None, known=False, note=missing)
    value = f"{say('grade')} {show_grade(row.low, row.high)}"
    note = _joined(missing, say("provisional") if row.provisional else "")
    return Mark(title, value, row.start, row.end, say("derived"), row.low, row.high, note=note)


def _continues(last: Mark, mark: Mark) -> bool:
    return (last.value, last.end) == (mark.value, mark.start) and mark.end != mark.start


def _joined(*notes: str) -> str:
    return "; ".join(dict.fromkeys(part for note in notes for part in note.split("; ") if part))


class _Numbers:
    """Panels of charted numbers."""

    def __init__(self, record: Record, window: Window, days: Days) -> None:
        self.record, self.window, self.days = record, window, days

    def panel(self, spec: Spec, lines: tuple[Line, ...]) -> Panel:
        """One panel of one or more signals, each a series."""
        say = self.days.say
        marks = [self._mark(row) for name in spec.names for row in self._rows(name)]
        names = [name for name in spec.names if any(m.what == name_signal(name, say) for m in marks)]
        series = tuple(name_signal(name, say) for name in names)
        units = tuple(show_unit(signals()[name].unit) for name in names)
        kind: Kind = "steps" if spec in SCORES else "values"
        return Panel(spec.key, kind, say(spec.title), series, tuple(marks), lines, spec.log, units)

    def _rows(self, name: str) -> list[Event]:
        return self.record.between(name, *self.window)

    def _mark(self, row: Event) -> Mark:
        signal = signals()[row.signal]
        assert row.low is not None and row.high is not None
        low, high = (float(steps * signal.step) for steps in (row.low, row.high))
        end = min(holds_until(row), self.window.end)
        flags = self.days.say("different values at one time") if "tie" in row.flags else ""
        what = name_signal(row.signal, self.days.say)
        return Mark(what, show_value(row), row.time, None, source_of([row]), low, high, holds=end, note=flags)


def _fever_line(settings: Settings, say: Say) -> tuple[Line, ...]:
    return (Line(settings.fever_cel, f"{settings.fever_cel:.1f} {say('fever')}"),)


def _pressure_line(patient: Patient, settings: Settings, say: Say) -> tuple[Line, ...]:
    if patient.age_years is None or patient.age_years < settings.adult_pressure_years:
        return ()
    return (Line(settings.systolic_adult_mmhg, f"{settings.systolic_adult_mmhg:g} {say('systolic')}"),)


def _baseline(patient: Patient, key: str, say: Say) -> tuple[Line, ...]:
    score = patient.baseline_ice if key == "ice" else patient.baseline_capd
    return () if score is None else (Line(score, f"{say('baseline')} {score}"),)


def _cell_lines(key: str, say: Say) -> tuple[Line, ...]:
    return (Line(CELL_LINES[key][0], say(CELL_LINES[key][1])),) if key in CELL_LINES else ()


def _device_panel(record: Record, window: Window, days: Days) -> Panel:
    """The oxygen device as one lane: as long as it holds, and hatched from then until the next is charted."""
    lane = days.say("oxygen device")
    rows = [row for row in record.rows("oxygen_device") if row.time <= window.end]
    marks: list[Mark] = []
    for index, row in enumerate(rows):
        following = rows[index + 1].time if index + 1 < len(rows) else window.end
        until = max(min(holds_until(row), following), row.time)
        marks += _device_marks(row, until, following, lane, days)
    merged: list[Mark] = []
    for mark in (m for m in marks if m.end is not None and m.end > window.start):
        if merged and (merged[-1].value, merged[-1].end) == (mark.value, mark.start):
            source = f"{merged[-1].source.partition(' – ')[0]} – {mark.source}"
            merged[-1] = merged[-1]._replace(end=mark.end, source=source)
        else:
            merged.append(mark._replace(start=max(mark.start, window.start)))
    return Panel("oxygen_device", "lanes", days.say("Oxygen device"), (lane,), tuple(merged))


def _device_marks(row: Event, until: int, following: int, lane: str, days: Days) -> list[Mark]:
    say, source = days.say, source_of([row])
    known = row.word != UNREADABLE
    word = say("room air" if row.word == "none" else row.word.replace("_", " ")) if known else say("not readable")
    found = [Mark(lane, word, row.time, until, source, None, None, known=known, label=word, plain=row.word == "none")]
    if until < following:
        unknown = say("not known")
        found.append(Mark(lane, unknown, until, following, source, None, None, known=False, label=unknown))
    return found
