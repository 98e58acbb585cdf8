"""Follow-up of patients, one after another or in parts on other cores: where items stand, and the same in words."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

from cytovigil.charted import Charted, charted, charted_columns
from cytovigil.followup.calendar import calendar_entries
from cytovigil.followup.chart import Chart, Place
from cytovigil.followup.items import GROUPS, DrivingRule
from cytovigil.followup.judge import follow
from cytovigil.followup.schedule import ITEMS
from cytovigil.followup.standing import OPEN, Standing
from cytovigil.guidance.label_records import LABELS
from cytovigil.guidance.labels import labels_on
from cytovigil.model.events import Course, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.told import Say
from cytovigil.readers.parts import Charts, Part, PartReader
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.report.language import Language, speaker

NATIONS = {"nl": "NL", "gb": "GB", "eha-ebmt": ""}  # whose rule on irradiation counts beside those of no one country


class Followed(NamedTuple):
    """One infusion, and where each item stands."""

    patient: Patient
    standings: list[Standing]


class OpenRow(NamedTuple):
    """What is overdue or due for one reason since one day: several items where all of these are the same."""

    state: str
    group: str
    since: str
    what: str
    why: str
    source: str


class Told(NamedTuple):
    """One infusion in words: how many items are `overdue` and `due`, and what is `open_`, overdue first, by group.

    `in_force` names every precaution and until when; `questions` everything of which it is not known whether it is due;
    `entries` are those of a calendar.
    """

    patient_id: str
    infusion: int
    overdue: int
    due: int
    open_: tuple[OpenRow, ...]
    in_force: str
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
        for one in charted_columns(columns, known.on, known.charts.settings):
            told.append(tell(one, known.on, known.charts.settings, known.language, known.calendar))
    return Done(told, problems, not_done)


@lru_cache(maxsize=1)
def _begun(job: bytes) -> tuple[Job, PartReader]:
    known: Job = pickle.loads(job)
    return known, PartReader(known.charts)


def tell(one: Charted, on: date, settings: Settings, language: Language, calendar: Language | None) -> list[Told]:
    """Each infusion of one patient in words."""
    say = speaker(language)
    return [_tell(each, on, say, speaker(calendar) if calendar else None) for each in _follow(one, on, settings)]


def _tell(one: Followed, on: date, say: Say, calendar: Say | None) -> Told:
    (patient, standings), open_ = one, [standing for standing in one.standings if standing.state in OPEN]
    overdue = sum(standing.state == "overdue" for standing in open_)
    return Told(
        patient.patient_id,
        patient.infusion,
        overdue,
        len(open_) - overdue,
        tuple(_open_rows(sorted(open_, key=lambda standing: OPEN.index(standing.state)), say)),
        "; ".join(_in_force(standing, on, say) for standing in standings if standing.state == "in_force"),
        "; ".join(say(standing.item.what) for standing in standings if standing.state == "unknown"),
        calendar_entries(patient, standings, on, calendar) if calendar else "",
    )


def _in_force(one: Standing, on: date, say: Say) -> str:
    """`irradiated blood products only (at least until 2026-09-01)`."""
    if one.until is None:
        until = say("without end")
    else:
        until = say("at least until {day}").format(day=one.until) if one.until > on else say("no end yet")
    return f"{say(one.item.what)} ({until})"


def _open_rows(standings: Sequence[Standing], say: Say) -> Iterator[OpenRow]:
    found: dict[OpenRow, list[str]] = {}
    for one in standings:
        why = one.why(say)
        if one.asked:
            why += f"; {say('please chart')}: {', '.join(say(name.replace('_', ' ')) for name in one.asked)}"
        row = OpenRow(say(one.state), say(GROUPS[one.item.group]), str(one.since), "", why, one.item.source.key)
        found.setdefault(row, []).append(say(one.item.what))
    return (row._replace(what="; ".join(names)) for row, names in found.items())


def follow_course(course: Course, on: date, settings: Settings, known_until: int | None = None) -> list[Followed]:
    """Where each item of each infusion of one patient stands at the end of a day at the site.

    Of what became known after `known_until`, in seconds UTC, nothing counts.
    """
    return _follow(charted(course, on, settings, known_until), on, settings)


def _follow(one: Charted, on: date, settings: Settings) -> list[Followed]:
    place = Place(
        settings.zone, NATIONS[settings.irradiation], settings.lymphodepletion_days,
        partial(_driving, settings.jurisdiction),
    )  # fmt: skip
    following = [later.infusion_time for later in one.infusions[1:]]
    return [
        Followed(patient, follow(Chart(patient, one.rows, on, place, then), ITEMS))
        for patient, then in zip(one.infusions, [*following, None], strict=True)
    ]


def worst_first(told: Sequence[Told]) -> list[Told]:
    """Those with most overdue, then due, then by id."""
    return sorted(told, key=lambda one: (-one.overdue, -one.due, one.patient_id, one.infusion))


def _driving(jurisdiction: str, product: str, infused: date) -> DrivingRule | None:
    """The longest stretch of the label records that may have held: which of them did is not always known."""
    held = labels_on(LABELS, product, jurisdiction, infused) if product else ()
    rules = [DrivingRule(one.driving_weeks, one.source, one.status) for one, _ in held if one.driving_weeks is not None]
    return max(rules, key=lambda rule: rule.weeks, default=None)
