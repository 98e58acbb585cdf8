"""Follow-up of patients, one after another or in parts on other cores: where items stand, and the same in words."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cytovigil.engine.record import Record
from cytovigil.followup.calendar import calendar_entries
from cytovigil.followup.chart import Chart, Place, Rows
from cytovigil.followup.items import DrivingRule
from cytovigil.followup.judge import follow
from cytovigil.followup.schedule import ITEMS, SIGNALS
from cytovigil.followup.standing import OPEN, Standing
from cytovigil.guidance.label_records import LABELS
from cytovigil.guidance.labels import labels_on
from cytovigil.model.events import UNREADABLE, Course, Event, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.times import MINUTE, NEVER, start_of_day
from cytovigil.model.told import Say
from cytovigil.readers.event_columns import EventColumns
from cytovigil.readers.parts import Charts, Part, PartReader
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.report.language import Language, speaker

JURISDICTION = "EU"  # whose labels hold at the site
_NOBODY = Patient("", 0)  # rows count the same whoever's they are


class Followed(NamedTuple):
    """One infusion, and where each item stands."""

    patient: Patient
    standings: list[Standing]


class Told(NamedTuple):
    """One infusion in words. `open_` is what is overdue or due: state, since, what, why, source.

    `questions` names everything of which it is not known whether it is due; `entries` are those of a calendar.
    """

    patient_id: str
    infusion: int
    overdue: int
    open_: tuple[tuple[str, ...], ...]
    questions: str
    entries: str

    @property
    def name(self) -> str:
        """The patient, and which infusion where it is not the first."""
        return self.patient_id if self.infusion == 1 else f"{self.patient_id} / {self.infusion}"


class Job(NamedTuple):
    """What all parts share. `calendar` is the language of its entries, None where nobody wants them."""

    charts: Charts
    on: date
    language: Language
    calendar: Language | None


class Done(NamedTuple):
    """What a part gave: the infusions of each patient."""

    told: list[list[Told]]
    problems: ProblemLog
    not_done: Mapping[int, int]


def follow_part(job: bytes, part: Part) -> Done:
    """Follow the patients of a part of a pickled `Job`. Raises InputError where the events cannot be read."""
    known, reader = _begun(job)
    problems, not_done, told = ProblemLog(), dict[int, int](), list[list[Told]]()
    for columns in reader.columns(part, problems, not_done):
        for course in courses_of(columns, known.on, known.charts.settings):
            told.append(tell_course(course, known.on, known.charts.settings, known.language, known.calendar))
    return Done(told, problems, not_done)


@lru_cache(maxsize=1)
def _begun(job: bytes) -> tuple[Job, PartReader]:
    known: Job = pickle.loads(job)
    return known, PartReader(known.charts)


def tell_course(
    course: Course, on: date, settings: Settings, language: Language, calendar: Language | None
) -> list[Told]:
    """Each infusion of one patient in words."""
    say = speaker(language)
    return [_tell(one, on, say, speaker(calendar) if calendar else None) for one in follow_course(course, on, settings)]


def _tell(one: Followed, on: date, say: Say, calendar: Say | None) -> Told:
    (patient, standings), open_ = one, [standing for standing in one.standings if standing.state in OPEN]
    ordered = sorted(open_, key=lambda standing: OPEN.index(standing.state))
    return Told(
        patient.patient_id,
        patient.infusion,
        sum(standing.state == "overdue" for standing in open_),
        tuple(_row(standing, say) for standing in ordered),
        "; ".join(say(standing.item.what) for standing in standings if standing.state == "unknown"),
        calendar_entries(patient, standings, on, calendar) if calendar else "",
    )


def _row(standing: Standing, say: Say) -> tuple[str, ...]:
    why = standing.why(say)
    if standing.asked:
        why += f"; {say('please chart')}: {', '.join(say(name.replace('_', ' ')) for name in standing.asked)}"
    return say(standing.state), str(standing.since), say(standing.item.what), why, standing.item.source.key


def follow_course(course: Course, on: date, settings: Settings, known_until: int | None = None) -> list[Followed]:
    """Where each item of each infusion of one patient stands at the end of a day at the site.

    Of what became known after `known_until`, in seconds UTC, nothing counts.
    """
    place = Place(settings.zone, driving=_driving)
    end = start_of_day(on + timedelta(days=1), settings.zone) - 1
    as_of = end if known_until is None else min(end, known_until)
    infusions = sorted(course.infusions, key=lambda one: (one.infusion_time, one.infusion))
    rows = _as_they_count([one for one in course.events if one.signal in SIGNALS or one.withdrawn], as_of, settings)
    following = [one.infusion_time for one in infusions[1:]]
    return [
        Followed(patient, follow(Chart(patient, rows, on, place, then), ITEMS))
        for patient, then in zip(infusions, [*following, None], strict=True)
    ]


def _as_they_count(events: list[Event], as_of: int, settings: Settings) -> Rows:
    """Rows by signal, after withdrawals, ties and duplicates; of a chart that can have none of these as they are."""
    known = sorted((row for row in events if row.known_at <= as_of), key=_time)
    by_signal: dict[str, list[Event]] = {}
    for row in known:
        by_signal.setdefault(row.signal, []).append(row)
    near_s = settings.same_dose_min * MINUTE
    if all(map(_is_plain, known)) and all(
        after.time - row.time > near_s for rows in by_signal.values() for row, after in pairwise(rows)
    ):
        return by_signal
    record = Record(_NOBODY, known, settings)
    return {name: record.rows(name) for name in by_signal}


def _time(row: Event) -> int:
    return row.time


def _is_plain(row: Event) -> bool:
    """True where no other row can withdraw or replace it, and it can be read."""
    return not (row.withdrawn or row.recorded_at is not None or row.word == UNREADABLE)


def courses_of(columns: EventColumns, on: date, settings: Settings) -> Iterator[Course]:
    """The patients of columns; only rows that follow-up looks at become events."""
    end = start_of_day(on + timedelta(days=1), settings.zone)
    looked = np.array([one.signal in SIGNALS or one.withdrawn for one in columns.kinds], np.bool_)
    rows = np.flatnonzero(looked[columns.kind] & (columns.time < end))
    borders = np.searchsorted(columns.patient[rows], np.arange(len(columns.infusions) + 1))
    for place, infusions in enumerate(columns.infusions):
        mine = rows[borders[place] : borders[place + 1]]
        yield Course(infusions, tuple(_events(columns, mine, bool(columns.replaced[place]))))


def _events(columns: EventColumns, rows: NDArray[np.int64], whole: bool) -> Iterator[Event]:
    """Events of one patient: who charted them, and in which words, only where that counts."""
    times, ends, known = (column[rows].tolist() for column in (columns.time, columns.end, columns.known_at))
    for row, kind, time, end, at in zip(rows.tolist(), columns.kind[rows].tolist(), times, ends, known, strict=True):
        said = columns.kinds[kind]
        if whole or said.signal == "vaccine" or said.withdrawn:
            yield columns.event(row)
        else:
            until, recorded = None if end == NEVER else end, None if at == time else at
            yield Event._make(("", time, *said[2:7], until, recorded, *said[9:]))


def worst_first(told: Sequence[Told]) -> list[Told]:
    """Those with most overdue, then due, then by id."""
    return sorted(told, key=lambda one: (-one.overdue, -len(one.open_), one.patient_id, one.infusion))


def _driving(product: str, infused: date) -> DrivingRule | None:
    """The longest stretch of the label records that may have held: which of them did is not always known."""
    held = labels_on(LABELS, product, JURISDICTION, infused) if product else ()
    rules = [
        DrivingRule(one.driving_weeks, one.driving_until_neuro_resolved, one.source, one.status)
        for one, _ in held
        if one.driving_weeks is not None
    ]
    return max(rules, key=lambda rule: (rule.weeks, rule.until_resolved), default=None)
