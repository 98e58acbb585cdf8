"""The use cases, each a short function: what the command line, a notebook and later the board call."""

import csv
import hashlib
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cytovigil import __version__
from cytovigil.engine.explain import Explanation, explain_course, render_text
from cytovigil.engine.reference import grade_course
from cytovigil.engine.tally import ScaleCount, ScaleShift, shifts
from cytovigil.logic.html import render_html
from cytovigil.logic.scale import Scale
from cytovigil.logic.text import UNCONFIRMED, cite, render_scale
from cytovigil.logic.text import Format as RuleFormat
from cytovigil.model.events import Course
from cytovigil.model.results import Graded, ScaleSummary
from cytovigil.model.results import show_grade as show_grade  # for those who show what the use cases return
from cytovigil.model.settings import Settings, asdict_plain, from_site
from cytovigil.model.times import format_time, parse_time
from cytovigil.model.told import ToldError
from cytovigil.readers.errors import InputError
from cytovigil.readers.mapping import SiteMapping, read_mapping
from cytovigil.readers.tables import CourseSource, open_courses, suggest_mapping
from cytovigil.readers.unmapped import Suggestion
from cytovigil.rules import GROUPS, SCALES, scale_ids
from cytovigil.rules.risk_facts import RISK_FACTS
from cytovigil.rules.scores import SCORES
from cytovigil.writers.folder import OutputError, check_apart, output_folder, output_names
from cytovigil.writers.manifest import write_manifest, write_problems
from cytovigil.writers.tables import Form, Tables, open_tables

if TYPE_CHECKING:
    from cytovigil.report.book import Book

Detail = Literal["none", "overview", "full"]
Language = Literal["en", "nl"]
Progress = Callable[[str, int, int | None], None]  # stage, done since the last call, of how many in all

STATUS = UNCONFIRMED
NOT_A_FAULT = frozenset({"not_done", "charted_twice", "extra_column", "several_infusions"})


class UsageError(ToldError):
    """A wrong argument. Its text is one clear sentence."""


KNOWN_ERRORS = (UsageError, InputError, OutputError)


@dataclass
class GradeReport:
    """What one run gave. `problems` counts problem rows by code; `files` are the names in the output folder."""

    output: Path
    scales: list[ScaleCount]
    shifts: list[ScaleShift]
    files: list[str] = field(default_factory=list)
    patients: int = 0
    infusions: int = 0
    problems: dict[str, int] = field(default_factory=dict)

    @property
    def has_faults(self) -> bool:
        """True where a record could not be used as it stands: with `--strict`, exit code 1."""
        return any(code not in NOT_A_FAULT for code in self.problems)


@dataclass(frozen=True)
class DemoCourse:
    """One bundled course: what it shows, and its summary by scale."""

    patient_id: str
    infusion: int
    shows: str
    summaries: dict[str, ScaleSummary]


def grade(
    inputs: Sequence[Path],
    output: Path,
    scales: str = "default",
    mapping: Path | None = None,
    site: Path | None = None,
    as_of: str | None = None,
    form: Form = "parquet",
    progress: Progress | None = None,
    each: Callable[[Sequence[Graded]], None] | None = None,
    detail: Detail = "none",
    language: Language = "en",
) -> GradeReport:
    """Grade tables into a folder, one patient at a time; `each` sees the results as they are made.

    `as_of` is a time as charts print it; `detail` how much of the HTML report is written.
    Raises UsageError, InputError or OutputError, each with one sentence.
    """
    chosen, settings = choose_scales(scales), read_site(site)
    known_until = read_moment("--as-of", as_of, settings)
    check_apart(output, inputs)
    counts = [ScaleCount(one.id, one.version) for one in chosen]
    report = GradeReport(output, counts, shifts(chosen), output_names(form))
    with (
        open_inputs(inputs, settings, mapping, progress) as source,
        output_folder(output) as folder,
    ):
        book = _book(folder, chosen, settings, language, detail, source.patient_count, known_until)
        ids = [one.id for one in chosen]
        with open_tables(folder, form, ids, settings.zone, _notes(chosen)) as tables:
            for course in watched(source, progress):
                graded = grade_course(course, chosen, settings, known_until)
                tables.append(graded)
                _count(report, graded, source)
                if book:
                    book.add(course, graded)
                if each:
                    each(graded)
        report.problems = dict(sorted(source.problems.counts.items()))
        report.files += book.write(sum(report.problems.values()), report.shifts) if book else []
        write_problems(folder, source.problems.rows())
        rest: dict[str, Any] = {"settings_file": fingerprint(site), "mapping_file": fingerprint(mapping)}
        rest["as_of"] = None if known_until is None else format_time(known_until, settings.zone)
        write_manifest(folder, _manifest(source, chosen, settings, report, tables) | rest)
    return report


def _book(
    folder: Path, scales: Sequence[Scale], settings: Settings, language: Language, detail: Detail, patients: int,
    as_of: int | None,
) -> "Book | None":  # fmt: skip
    if detail == "none":
        return None
    from cytovigil.report.book import Book  # pictures take a second to load

    scores, headlines = tuple(SCORES.values()), GROUPS["default"]
    known = detail, patients, __version__, as_of
    return Book(folder, scales, settings, language, *known, headlines, scores, RISK_FACTS)


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
        course = _find(source, patient)
    try:
        return explain_course(course, None, chosen[0], settings, moment, known_until, RISK_FACTS), settings
    except ValueError as error:
        raise UsageError("{why}", why=error) from error


def explanation_text(explanation: Explanation, settings: Settings) -> str:
    """The explanation as a page of text."""
    return render_text(explanation, settings)


def demo(
    output: Path, form: Form = "parquet", detail: Detail = "none", language: Language = "en"
) -> tuple[GradeReport, list[DemoCourse]]:
    """Grade the bundled synthetic patients. Raises OutputError with one sentence."""
    found: list[Graded] = []
    bundled = resources.files("cytovigil.demo").joinpath("data")
    with resources.as_file(bundled) as folder:
        tables = [folder / "patients.csv", folder / "events.csv"]
        report = grade(tables, output, form=form, each=found.extend, detail=detail, language=language)
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


def rules_show(scale: str, form: RuleFormat | Literal["html"] = "text") -> str:
    """One scale as a page. Raises UsageError where there is none of that name."""
    if form == "html":
        return render_html(choose_scales(scale), __version__)
    return "\n".join(render_scale(one, form) for one in choose_scales(scale))


def map_suggest(inputs: Sequence[Path], mapping: Path | None = None) -> list[Suggestion]:
    """Names, words and units that nothing maps yet, the most frequent first. Raises UsageError or InputError."""
    return suggest_mapping(inputs, _read_map(mapping), Settings())


def choose_scales(text: str) -> list[Scale]:
    """Scales for ids and groups, by id: their order on the command line never matters. Raises UsageError."""
    try:
        return [SCALES[name] for name in sorted(scale_ids(text))]
    except ValueError as error:
        raise UsageError("{why}", why=error) from error


def read_site(path: Path | None) -> Settings:
    """The site's settings from a TOML file; the shipped ones without. Raises UsageError with one sentence."""
    if path is None:
        return Settings()
    try:
        return from_site(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise UsageError("site file '{name}' cannot be read: check its name and place", name=path.name) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError("site file '{name}' is not TOML: {why}", name=path.name, why=error) from error
    except ValueError as error:
        why = ToldError("save it as UTF-8") if isinstance(error, UnicodeDecodeError) else error
        raise UsageError("site file '{name}': {why}", name=path.name, why=why) from error


def _read_map(path: Path | None) -> SiteMapping | None:
    try:
        return None if path is None else read_mapping(path)
    except ValueError as error:
        raise UsageError("{why}", why=error) from error


def read_moment(option: str, text: str | None, settings: Settings) -> int | None:
    """The time of an option, in seconds UTC. Raises UsageError."""
    try:
        return None if text is None else parse_time(text, settings.zone).seconds
    except ValueError as error:
        raise UsageError("{option}: {why}", option=option, why=error) from error


@contextmanager
def open_inputs(
    inputs: Sequence[Path], settings: Settings, mapping: Path | None, progress: Progress | None
) -> Iterator[CourseSource]:
    """The patients of the inputs, each with all events. Raises UsageError or InputError."""
    step = (lambda rows: progress("rows read", rows, None)) if progress else None
    with open_courses(inputs, settings, _read_map(mapping), step) as source:
        yield source


def watched(source: CourseSource, progress: Progress | None, stage: str = "patients graded") -> Iterator[Course]:
    """The patients, one by one; `progress` is told after each."""
    for course in source:
        yield course
        if progress:
            progress(stage, 1, source.patient_count)


def _find(source: CourseSource, patient: str) -> Course:
    for course in source:
        if course.infusions[0].patient_id == patient:
            return course
    sentence = "patient '{patient}' has no infusion in these tables: check --patient, it is case-sensitive"
    raise InputError(sentence, patient=patient)


def _count(report: GradeReport, graded: Sequence[Graded], source: CourseSource) -> None:
    report.patients += 1
    for one in graded:
        report.infusions += 1
        for scale in report.scales:
            scale.add(one.summaries[scale.scale])
        for shift in report.shifts:
            shift.add(one.summaries)
    for note in graded[0].notes:  # all infusions of a patient rest on the same rows
        source.problems.add(note)


def _notes(scales: Sequence[Scale]) -> dict[str, str]:
    rules = "; ".join(f"{one.id} version {one.version}" for one in scales)
    return {"status": STATUS, "package": f"cytovigil {__version__}", "rules": rules}


def fingerprint(path: Path | None) -> dict[str, str] | None:
    """Name and hash of a file, for the manifest."""
    return None if path is None else {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _manifest(
    source: CourseSource, scales: Sequence[Scale], settings: Settings, report: GradeReport, tables: Tables
) -> dict[str, Any]:
    counts = {"patients": report.patients, "infusions": report.infusions, "rows": tables.counts}
    return {
        "status": STATUS,
        "package": {"name": "cytovigil", "version": __version__},
        "scales": [{"id": one.id, "version": one.version, "source": cite(one.source)} for one in scales],
        "inputs": source.inputs,
        "settings_changed": settings.changed(),
        "settings": asdict_plain(settings),
        "counts": counts | {"problems": report.problems},
    }
