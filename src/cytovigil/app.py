"""The use cases, each a short function: what the command line, a notebook and later the board call."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cytovigil import __version__
from cytovigil.engine.explain import Explanation, explain_course
from cytovigil.engine.explain_text import render_text
from cytovigil.engine.tally import ScaleCount as ScaleCount  # for those who show what the use cases return
from cytovigil.engine.tally import ScaleShift, Tally
from cytovigil.grading import Engine, check_engine, grade_courses, grade_parts, is_parted, typed_from
from cytovigil.logic.combine import WORST
from cytovigil.logic.scale import Scale
from cytovigil.logic.text import Format as RuleFormat
from cytovigil.logic.text import render_scale
from cytovigil.model.events import Course
from cytovigil.model.results import Graded, ScaleSummary
from cytovigil.model.results import show_grade as show_grade  # the same
from cytovigil.model.settings import Settings
from cytovigil.processes import WorkerError
from cytovigil.readers.errors import InputError
from cytovigil.readers.tables import CourseSource, suggest_mapping
from cytovigil.readers.unmapped import Suggestion
from cytovigil.report.vega import Vega, vega_for
from cytovigil.rules import GROUPS, SCALES, scale_ids
from cytovigil.rules.risk_facts import RISK_FACTS
from cytovigil.rules.scores import SCORES
from cytovigil.run import (
    Progress,
    Report,
    Run,
    UsageError,
    open_inputs,
    open_run,
    read_guidance,
    read_map,
    read_moment,
    read_site,
    table_notes,
)
from cytovigil.writers.folder import OutputError, output_names
from cytovigil.writers.tables import Form, open_tables

if TYPE_CHECKING:
    from cytovigil.engine.record import Record
    from cytovigil.following import Followed
    from cytovigil.guidance.chosen import Guidance
    from cytovigil.report.book import Book
    from cytovigil.report.now import Guided

Detail = Literal["none", "overview", "full"]
Language = Literal["en", "nl"]

KNOWN_ERRORS = (UsageError, InputError, OutputError, WorkerError)


@dataclass
class GradeReport(Report):
    """What one run of `grade` gave. `checklists`: ids of scales that count criteria and give no grade."""

    tally: Tally
    checklists: frozenset[str]

    @property
    def scales(self) -> list[ScaleCount]:
        """The infusions by their worst grade, of each scale."""
        return self.tally.scales

    @property
    def shifts(self) -> list[ScaleShift]:
        """How many infusions move between two CRS scales."""
        return self.tally.shifts


@dataclass(frozen=True)
class DemoCourse:
    """One bundled course: what it shows, and its summary by scale."""

    patient_id: str
    infusion: int
    shows: str
    summaries: dict[str, ScaleSummary]


def grade(
    inputs: Sequence[Path], output: Path, scales: str = "default", mapping: Path | None = None,
    site: Path | None = None, as_of: str | None = None, form: Form = "parquet", progress: Progress | None = None,
    each: Callable[[Sequence[Graded]], None] | None = None, detail: Detail = "none", language: Language = "en",
    engine: Engine = "auto", spark_master: str = "local[*]", vega: Vega | None = None,
) -> GradeReport:  # fmt: skip
    """Grade tables into a folder, patient by patient; `each` sees the results as they are made.

    `as_of` is a time as charts print it; `detail` how much of the HTML report is written.
    `spark_master` counts for the engine of that name alone; `vega` draws, where the caller has one already.
    Raises UsageError, InputError, OutputError or WorkerError, each with one sentence.
    """
    chosen = choose_scales(scales)
    ids = [one.id for one in chosen]
    report = _report(output, form, chosen)
    rows = detail != "none" or each is not None
    check_engine(engine, spark_master, rows)
    guidance = cache(partial(read_guidance, site))
    if site and detail != "none":
        guidance()  # what is wrong in it is told first; else it is read when a page needs it
    with (
        vega_for("none" if vega else detail) as own,
        open_run(report, inputs, mapping, site, as_of, progress, typed_from(engine)) as run,
    ):
        book = _book(run, chosen, detail, language, vega or own, guidance)
        with open_tables(run.folder, form, ids, run.settings.zone, table_notes(chosen)) as tables:
            if is_parted(run, engine, rows):
                grade_parts(run, chosen, tables, form, report.tally, spark_master if engine == "spark" else None)
            else:
                for course, graded in grade_courses(run, chosen, tables, engine, rows):
                    run.count(graded)
                    report.tally.add(graded)
                    if book:
                        book.add(course, graded)
                    if each:
                        each(graded)
        run.finish("scales", chosen, tables.counts)
        report.files += book.write(sum(report.problems.values()), report.shifts) if book else []
    return report


def _report(output: Path, form: Form, scales: Sequence[Scale]) -> GradeReport:
    checklists = frozenset(one.id for one in scales if one.combine != WORST)
    return GradeReport(output, output_names(form), Tally(scales), checklists)


def _book(
    run: Run, scales: Sequence[Scale], detail: Detail, language: Language, vega: Vega | None,
    guidance: "Callable[[], Guidance]",
) -> "Book | None":  # fmt: skip
    if detail == "none":
        return None
    from cytovigil.report.book import Book  # all that a page is made of takes a moment to load

    scores, headlines = tuple(SCORES.values()), GROUPS["default"]
    known = detail, run.source.patient_count, __version__, run.known_until
    about = scores, RISK_FACTS, _follow, partial(_guide, guidance)
    return Book(run.folder, scales, run.settings, language, *known, headlines, *about, vega)


def _follow(course: Course, on: date, settings: Settings, known_until: int | None) -> "Sequence[Followed]":
    from cytovigil.following import follow_course  # takes a moment to load: a picture is drawn meanwhile

    return follow_course(course, on, settings, known_until)


def _guide(guidance: "Callable[[], Guidance]", course: Course, record: "Record") -> "Guided | None":
    from cytovigil.guiding import guide_course  # as does this

    return guide_course(guidance(), course, record)


def explain(
    inputs: Sequence[Path],
    patient: str,
    scale: str,
    at: str | None = None,
    mapping: Path | None = None,
    site: Path | None = None,
    as_of: str | None = None,
) -> tuple[Explanation, Settings]:
    """Why one patient has this grade at a time, or at the worst moment of the last infusion.

    Raises UsageError or InputError with one sentence.
    """
    chosen, settings = choose_scales(scale), read_site(site)
    if len(chosen) != 1:
        raise UsageError("'{scale}' is more than one scale: give one id, see `cytovigil rules list`", scale=scale)
    moment, known_until = read_moment("--at", at, settings), read_moment("--as-of", as_of, settings)
    with open_inputs(inputs, settings, mapping, None) as source:
        course = find_course(source, patient)
    try:
        return explain_course(course, None, chosen[0], settings, moment, known_until, RISK_FACTS), settings
    except ValueError as error:
        raise UsageError("{why}", why=error) from error


def explanation_text(explanation: Explanation, settings: Settings, language: Language = "en") -> str:
    """The explanation as a page of text."""
    return render_text(explanation, settings, speaker(language))


def demo(
    output: Path, form: Form = "parquet", detail: Detail = "none", language: Language = "en", vega: Vega | None = None
) -> tuple[GradeReport, list[DemoCourse]]:
    """Grade the bundled synthetic patients. Raises OutputError with one sentence."""
    found: list[Graded] = []
    bundled = resources.files("cytovigil.demo").joinpath("data")
    with resources.as_file(bundled) as folder:
        tables = [folder / "patients.csv", folder / "events.csv"]
        report = grade(tables, output, form=form, each=found.extend, detail=detail, language=language, vega=vega)
        with (folder / "courses.csv").open(encoding="utf-8", newline="") as file:
            shows = {(row["patient_id"], row.get("infusion") or "1"): row["shows"] for row in csv.DictReader(file)}
    courses = [
        DemoCourse(one.patient_id, one.infusion, shows.get((one.patient_id, str(one.infusion)), ""), one.summaries)
        for one in found
    ]
    return report, courses


def speaker(language: Language) -> Callable[[str], str]:
    """Translates an English text of ours."""
    from cytovigil.report.language import speaker as translator

    return translator(language)


def rules_list() -> list[Scale]:
    """All scales, by id."""
    return [SCALES[name] for name in sorted(SCALES)]


def groups_list() -> Mapping[str, Sequence[str]]:
    """The ids of scales behind each name of a group."""
    return GROUPS


def rules_show(scale: str, form: RuleFormat | Literal["html"] = "text", language: Language = "en") -> str:
    """One scale as a page; as JSON it is English. Raises UsageError where there is none of that name."""
    say = speaker(language)
    if form == "html":
        from cytovigil.logic.html import render_html

        return render_html(choose_scales(scale), __version__, say=say)
    return "\n".join(render_scale(one, form, say=say) for one in choose_scales(scale))


def map_suggest(inputs: Sequence[Path], mapping: Path | None = None) -> list[Suggestion]:
    """Names, words and units that nothing maps yet, the most frequent first. Raises UsageError or InputError."""
    return suggest_mapping(inputs, read_map(mapping), Settings())


def choose_scales(text: str) -> list[Scale]:
    """Scales for ids and groups, by id: their order on the command line never matters. Raises UsageError."""
    try:
        return [SCALES[name] for name in sorted(scale_ids(text))]
    except ValueError as error:
        raise UsageError("{why}", why=error) from error


def find_course(source: CourseSource, patient: str) -> Course:
    """The patient of that id. Raises InputError where there is none."""
    for course in source:
        if course.infusions[0].patient_id == patient:
            return course
    sentence = "patient '{patient}' has no infusion in these tables: check --patient, it is case-sensitive"
    raise InputError(sentence, patient=patient)
