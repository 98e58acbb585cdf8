"""The use case of follow-up: what is due, overdue and done by a day, for tables of patients."""

import pickle
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from cytovigil import __version__
from cytovigil.charted import Charted, charted, charted_columns
from cytovigil.following import Job, Told, follow_part, tell, worst_first
from cytovigil.followup.calendar import render_calendar
from cytovigil.grading import COLUMNAR_FROM
from cytovigil.model.settings import Settings
from cytovigil.model.times import day_of
from cytovigil.readers.parts import Part
from cytovigil.readers.tables import CourseSource
from cytovigil.report.language import Language
from cytovigil.run import Progress, open_inputs, read_moment, read_site
from cytovigil.scratch import scratch_folder
from cytovigil.workers import cores, in_processes
from cytovigil.writers.folder import OutputError

MANY = 100_000  # events: for fewer other processes take longer to load than they save
_PARTS = 2  # of each core


@dataclass
class FollowReport:
    """What one run of `followup` gave: every infusion in words, worst first. `problems` counts problem rows by code."""

    on: date
    patients: int = 0
    told: list[Told] = field(default_factory=list)
    problems: dict[str, int] = field(default_factory=dict)

    @property
    def infusions(self) -> int:
        """How many infusions."""
        return len(self.told)


def followup(
    inputs: Sequence[Path], on: date, mapping: Path | None = None, site: Path | None = None,
    progress: Progress | None = None, language: Language = "en", calendar: Language | None = None,
) -> FollowReport:  # fmt: skip
    """Where follow-up stands on a day, for all patients of the tables; `calendar` is the language of its entries.

    Raises UsageError, InputError or WorkerError with one sentence.
    """
    settings, report = read_site(site), FollowReport(on)
    with open_inputs(inputs, settings, mapping, progress, COLUMNAR_FROM) as source:
        if source.is_typed and source.event_count >= MANY and cores() > 1:
            found = _in_parts(source, on, language, calendar)
        else:
            found = (tell(one, on, settings, language, calendar) for one in _charts(source, on, settings))
        for told in found:
            report.patients += 1
            report.told += told
            if progress:
                progress("patients followed", 1, source.patient_count)
        report.problems = dict(sorted(source.problems.counts.items()))
    report.told = worst_first(report.told)
    return report


def _charts(source: CourseSource, on: date, settings: Settings) -> Iterator[Charted]:
    if not source.is_typed:
        yield from (charted(course, on, settings) for course in source)
        return
    for columns in source.columns():
        yield from charted_columns(columns, on, settings)


def _in_parts(source: CourseSource, on: date, language: Language, calendar: Language | None) -> Iterator[list[Told]]:
    """Patients of a large table, on all cores."""
    with scratch_folder() as folder:

        def plan() -> tuple[bytes, list[Part]]:
            charts, parts = source.parts(folder / "patients.parquet", source.event_count // (_PARTS * cores()))
            return pickle.dumps(Job(charts, on, language, calendar)), parts

        with closing(in_processes(follow_part, plan, cores())) as done:
            for told, problems, not_done in done:
                source.merge(problems, not_done)
                yield from told
        source.end_parts()


def read_day(text: str | None, site: Path | None = None) -> date:
    """The day of `--on`; without one today at the site: the reader is told so. Raises UsageError."""
    settings = read_site(site)
    moment = read_moment("--on", text, settings)
    return datetime.now(settings.zone).date() if moment is None else day_of(moment, settings.zone)


def write_calendar(report: FollowReport, path: Path) -> None:
    """Write the calendar file. Raises OutputError with one sentence."""
    text = render_calendar((one.entries for one in report.told), __version__)
    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        sentence = "'{name}' cannot be written ({reason}): free space, or choose another folder"
        raise OutputError(sentence, name=path.name, reason=error.strerror) from error
