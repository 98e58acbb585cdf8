"""What goes into each panel of the patient picture: plain values from charted events and rows of the timeline.

Rows count as in grading: withdrawn and replaced rows, duplicates and ties are settled by the record.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cytovigil.engine.record import Record, holds_until
from cytovigil.model.events import Event, Patient
from cytovigil.model.results import EpisodeRow, TimelineRow, show_grade
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY
from cytovigil.model.told import Say, decimal, show_unit
from cytovigil.model.vocabulary import signals
from cytovigil.report.days import Days, name_day
from cytovigil.report.devices import device_lane
from cytovigil.report.drug_bars import dose_marks, drug_bars
from cytovigil.report.marks import Line, Mark, Panel, name_signal, show_value, source_of
from cytovigil.report.scores import INSTRUMENTS, score_panel

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


class Drawing(NamedTuple):
    """What a picture and its tables show: the panels, the episodes of each scale behind them, and the time it is.

    `now` is the as-of time where it lies in the window; `behind`: the scale whose episodes lie behind other panels.
    """

    days: Days
    window: Window
    panels: tuple[Panel, ...]
    episodes: Mapping[str, tuple[tuple[int, int], ...]]
    behind: str
    now: int | None

    @property
    def title(self) -> str:
        """The title of the scale whose episodes lie behind the other panels."""
        return next((one.title for one in self.panels if one.key == self.behind), "")


def assemble_panels(
    record: Record,
    timeline: Sequence[TimelineRow],
    titles: Mapping[str, str],
    say: Say = str,
    episodes: Sequence[EpisodeRow] = (),
) -> Drawing:
    """The panels of the record's infusion from the top, empty ones left out.

    Timelines of other infusions are left aside. `titles` maps scale id to title; `say` translates every visible
    English label.
    """
    patient, settings = record.patient, record.settings
    mine = [row for row in timeline if (row.patient_id, row.infusion) == (patient.patient_id, patient.infusion)]
    window = find_window(record, mine)
    days = Days(patient.infusion_time, settings.zone, say)
    now = record.as_of if record.as_of is not None and record.as_of <= window.end else None
    known = window if now is None else Window(window.start, now)  # what is charted holds no longer than until now
    numbers = _Numbers(record, known, days)
    panels = [_grade_panel(scale, mine, window, days, titles) for scale in dict.fromkeys(row.scale for row in mine)]
    panels += [numbers.panel(FEVER, _fever_line(settings, say))]
    panels += [numbers.panel(CIRCULATION, _pressure_line(patient, settings, say))]
    panels += [drug_bars(record, known, days)]
    spo2_line = Line(settings.spo2_percent, decimal(f"{settings.spo2_percent:g} %", say))
    panels += [numbers.panel(OXYGEN, (spo2_line,)), device_lane(record, known, days)]
    panels += [score_panel(record, name, known, days) for name in INSTRUMENTS]
    panels += [dose_marks(record, known, days)]
    panels += [numbers.panel(one, _cell_lines(one.key, say)) for one in LABORATORY]
    spans = _spans(episodes, window)
    return Drawing(days, window, tuple(one for one in panels if one.marks), spans, next(iter(spans), ""), now)


def _spans(episodes: Sequence[EpisodeRow], window: Window) -> dict[str, tuple[tuple[int, int], ...]]:
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for row in episodes:
        end = window.end if row.end is None or row.ongoing else min(row.end, window.end)
        if end > row.onset:
            found[row.scale] = (*found.get(row.scale, ()), (row.onset, end))
    return found


def panel_tables(drawing: Drawing) -> list[Table]:
    """The panels as tables, for who does not see the picture."""
    return [_table(panel, drawing.days) for panel in drawing.panels]


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


def find_window(record: Record, timeline: Sequence[TimelineRow]) -> Window:
    """From the day before the infusion until the graded time ends.

    The time in which a scale can no longer begin, and nothing is charted, is cut off.
    """
    patient = record.patient
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
        return Panel(spec.key, "values", say(spec.title), series, tuple(marks), lines, spec.log, units)

    def _rows(self, name: str) -> list[Event]:
        return self.record.between(name, *self.window)

    def _mark(self, row: Event) -> Mark:
        signal = signals()[row.signal]
        assert row.low is not None and row.high is not None
        low, high = (float(steps * signal.step) for steps in (row.low, row.high))
        end = min(holds_until(row), self.window.end)
        flags = self.days.say("different values at one time") if "tie" in row.flags else ""
        what = name_signal(row.signal, self.days.say)
        return Mark(
            what, show_value(row, self.days.say), row.time, None, source_of([row]), low, high, holds=end, note=flags
        )


def _fever_line(settings: Settings, say: Say) -> tuple[Line, ...]:
    return (Line(settings.fever_cel, decimal(f"{settings.fever_cel:.1f} {say('fever')}", say)),)


def _pressure_line(patient: Patient, settings: Settings, say: Say) -> tuple[Line, ...]:
    if patient.age_years is None or patient.age_years < settings.adult_pressure_years:
        return ()
    return (Line(settings.systolic_adult_mmhg, f"{settings.systolic_adult_mmhg:g} {say('systolic')}"),)


def _cell_lines(key: str, say: Say) -> tuple[Line, ...]:
    return (Line(CELL_LINES[key][0], say(CELL_LINES[key][1])),) if key in CELL_LINES else ()
