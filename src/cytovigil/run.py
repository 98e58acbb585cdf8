"""What `grade` and `score` share: the options of a run, its input and output, and what is written beside the tables."""

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cytovigil import __version__
from cytovigil.logic.scale import Scale
from cytovigil.logic.score import Score
from cytovigil.logic.text import UNCONFIRMED, cite
from cytovigil.model.events import Course
from cytovigil.model.results import Graded, Scored
from cytovigil.model.settings import Settings, asdict_plain, from_site
from cytovigil.model.times import format_time, parse_time
from cytovigil.model.told import ToldError
from cytovigil.readers.mapping import SiteMapping, read_mapping
from cytovigil.readers.tables import CourseSource, open_courses
from cytovigil.writers.folder import check_apart, output_folder
from cytovigil.writers.manifest import write_manifest, write_problems

if TYPE_CHECKING:
    from cytovigil.guidance.chosen import Guidance
    from cytovigil.parts import Done

Progress = Callable[[str, int, int | None], None]  # stage, done since the last call, of how many in all

STATUS = UNCONFIRMED
MISPLACED = "'{name}' belongs in the table [protocol]: see the page on a protocol of your own centre"
OF_PROTOCOL = ("base", "choices", "recommendations")
PROTOCOL = "protocol"  # the table of a site's file that lays its own numbers over a published protocol
NOT_A_FAULT = frozenset({"not_done", "charted_twice", "extra_column", "several_infusions"})


class UsageError(ToldError):
    """A wrong argument. Its text is one clear sentence."""


@dataclass
class Report:
    """What one run gave. `problems` counts problem rows by code; `files` are the names in the output folder."""

    output: Path
    files: list[str]
    patients: int = field(default=0, init=False)
    infusions: int = field(default=0, init=False)
    problems: dict[str, int] = field(default_factory=dict, init=False)

    @property
    def has_faults(self) -> bool:
        """True where a record could not be used as it stands: with `--strict`, exit code 1."""
        return any(code not in NOT_A_FAULT for code in self.problems)


@dataclass(frozen=True)
class Run:
    """A run under way: patients come from `source`, tables go into `folder`, counts into `report`."""

    source: CourseSource
    folder: Path
    report: Report
    settings: Settings
    known_until: int | None
    files: Mapping[str, Path | None]  # those of the site, as the manifest names them
    progress: Progress | None

    def courses(self, stage: str) -> Iterator[Course]:
        """The patients, one by one; `progress` is told after each."""
        for course in self.source:
            yield course
            self.tell(stage, 1)

    def tell(self, stage: str, patients: int) -> None:
        """Tell `progress` that so many more patients are done."""
        if self.progress:
            self.progress(stage, patients, self.source.patient_count)

    def count(self, done: Sequence[Graded | Scored]) -> None:
        """Count one patient, all infusions."""
        self.report.patients += 1
        self.report.infusions += len(done)
        for note in done[0].notes:  # all infusions of a patient rest on the same rows
            self.source.problems.add(note)

    def take_part(self, done: "Done", stage: str) -> None:
        """Count the patients of a part, and take over its problems."""
        self.report.patients += done.patients
        self.report.infusions += done.infusions
        self.source.merge(done.problems, done.not_done)
        self.tell(stage, done.patients)

    def finish(self, kind: str, rules: Sequence[Scale | Score], rows: Mapping[str, int]) -> None:
        """Write problems and manifest, when the tables are written; `rows` counts those of each table."""
        report = self.report
        report.problems = dict(sorted(self.source.problems.counts.items()))
        write_problems(self.folder, self.source.problems.rows())
        counts = {"patients": report.patients, "infusions": report.infusions, "rows": rows}
        manifest = {
            "status": STATUS,
            "package": {"name": "cytovigil", "version": __version__},
            kind: [{"id": one.id, "version": one.version, "source": cite(one.source)} for one in rules],
            "inputs": self.source.inputs,
            "settings_changed": self.settings.changed(),
            "settings": asdict_plain(self.settings),
            "counts": counts | {"problems": report.problems},
            **{name: _fingerprint(path) for name, path in self.files.items()},
            "as_of": None if self.known_until is None else format_time(self.known_until, self.settings.zone),
        }
        write_manifest(self.folder, manifest)


@contextmanager
def open_run(
    report: Report, inputs: Sequence[Path], mapping: Path | None, site: Path | None, as_of: str | None,
    progress: Progress | None, typed_from: int | None = None,
) -> Iterator[Run]:  # fmt: skip
    """Begin a run; its output is there when the block ends well. Raises UsageError, InputError or OutputError."""
    settings = read_site(site)
    known_until = read_moment("--as-of", as_of, settings)
    check_apart(report.output, inputs)
    files = {"settings_file": site, "mapping_file": mapping}
    with open_inputs(inputs, settings, mapping, progress, typed_from) as source, output_folder(report.output) as folder:
        yield Run(source, folder, report, settings, known_until, files, progress)


def table_notes(rules: Sequence[Scale | Score]) -> dict[str, str]:
    """What made a table, for the metadata of Parquet."""
    names = "; ".join(f"{one.id} version {one.version}" for one in rules)
    return {"status": STATUS, "package": f"cytovigil {__version__}", "rules": names}


def read_site(path: Path | None) -> Settings:
    """The site's settings from a TOML file; the shipped ones without. Raises UsageError with one sentence.

    Its own protocol, in the table `protocol`, is not looked at: see `read_guidance`.
    """
    values = _read_toml(path)
    try:
        return from_site({name: value for name, value in values.items() if name != PROTOCOL})
    except ValueError as error:
        why = next((ToldError(MISPLACED, name=name) for name in OF_PROTOCOL if name in values), error)
        raise UsageError("site file '{name}': {why}", name=path.name if path else "", why=why) from error


def read_guidance(path: Path | None) -> "Guidance":
    """The protocols of a site: published, of installed packages, its own from its file. Raises UsageError."""
    from cytovigil.guidance.chosen import guidance_of, known_protocols

    values, sentence = _read_toml(path), "{why}"
    try:
        known = known_protocols()
        sentence = "site file '{name}', table 'protocol': {why}"
        return guidance_of(known, values.get(PROTOCOL))
    except ValueError as error:
        raise UsageError(sentence, name=path.name if path else "", why=error) from error


def _read_toml(path: Path | None) -> Mapping[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError("site file '{name}' cannot be read: check its name and place", name=path.name) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError("site file '{name}' is not TOML: {why}", name=path.name, why=error) from error
    except UnicodeDecodeError as error:
        why = ToldError("save it as UTF-8")
        raise UsageError("site file '{name}': {why}", name=path.name, why=why) from error


def read_map(path: Path | None) -> SiteMapping | None:
    """The site's own names, words and units from a CSV file. Raises UsageError with one sentence."""
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
    inputs: Sequence[Path], settings: Settings, mapping: Path | None, progress: Progress | None,
    typed_from: int | None = None,
) -> Iterator[CourseSource]:  # fmt: skip
    """The patients of the inputs, each with all events. Raises UsageError or InputError."""
    step = (lambda rows: progress("rows read", rows, None)) if progress else None
    with open_courses(inputs, settings, read_map(mapping), step, typed_from) as source:
        yield source


def _fingerprint(path: Path | None) -> dict[str, str] | None:
    return None if path is None else {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
