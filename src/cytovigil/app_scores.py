"""The use cases of risk scores: compute them for tables of patients, list them, show one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cytovigil import __version__
from cytovigil.app import (
    NOT_A_FAULT,
    STATUS,
    Progress,
    UsageError,
    fingerprint,
    open_inputs,
    read_moment,
    read_site,
    rules_show,
    watched,
)
from cytovigil.engine.scoring import score_course
from cytovigil.logic.html import render_score_html
from cytovigil.logic.score import Score, Unpublished
from cytovigil.logic.score_text import render_score
from cytovigil.logic.text import Format, cite
from cytovigil.model.results import Scored
from cytovigil.model.settings import Settings, asdict_plain
from cytovigil.model.times import format_time
from cytovigil.readers.tables import CourseSource
from cytovigil.rules.scores import SCORES, UNPUBLISHED, score_ids
from cytovigil.writers.columns import SCORES as TABLE
from cytovigil.writers.columns import score_columns, score_rows
from cytovigil.writers.folder import check_apart, output_folder, score_names
from cytovigil.writers.manifest import write_manifest, write_problems
from cytovigil.writers.tables import Form, open_table

_NOT_COMPUTED = {one.id: one for one in UNPUBLISHED}


@dataclass
class ScoreCount:
    """One score over all infusions: how many have a value, only ranges, or neither; and its rows."""

    score: str
    version: str
    known: int = 0
    ranges: int = 0
    without: int = 0
    rows: int = 0

    def add(self, scored: Scored) -> None:
        """Count one infusion."""
        rows = [row for row in scored.rows if row.score == self.score]
        valued = [row for row in rows if row.low is not None or row.high is not None]
        known = any(row.low == row.high for row in valued)
        self.known += known
        self.ranges += bool(valued) and not known
        self.without += not valued
        self.rows += len(rows)


@dataclass
class ScoreReport:
    """What one run gave. `problems` counts problem rows by code; `files` are the names in the output folder."""

    output: Path
    scores: list[ScoreCount]
    files: list[str]
    patients: int = 0
    infusions: int = 0
    problems: dict[str, int] = field(default_factory=dict)

    @property
    def has_faults(self) -> bool:
        """True where a record could not be used as it stands: with `--strict`, exit code 1."""
        return any(code not in NOT_A_FAULT for code in self.problems)


def score(
    inputs: Sequence[Path],
    output: Path,
    scores: str = "all",
    mapping: Path | None = None,
    site: Path | None = None,
    as_of: str | None = None,
    form: Form = "parquet",
    progress: Progress | None = None,
    each: Callable[[Sequence[Scored]], None] | None = None,
) -> ScoreReport:
    """Compute risk scores of tables into a folder, one patient at a time; `each` sees the results as they are made.

    Raises UsageError, InputError or OutputError, each with one sentence.
    """
    chosen, settings = choose_scores(scores), read_site(site)
    known_until = read_moment("--as-of", as_of, settings)
    check_apart(output, inputs)
    report = ScoreReport(output, [ScoreCount(one.id, one.version) for one in chosen], score_names(form))
    with open_inputs(inputs, settings, mapping, progress) as source, output_folder(output) as folder:
        with open_table(folder, form, TABLE, score_columns(), settings.zone, _notes(chosen)) as table:
            for course in watched(source, progress, "patients scored"):
                scored = score_course(course, chosen, settings, known_until)
                table.append(score_rows(scored))
                _count(report, scored)
                for note in scored[0].notes:  # all infusions of a patient rest on the same rows
                    source.problems.add(note)
                if each:
                    each(scored)
        report.problems = dict(sorted(source.problems.counts.items()))
        write_problems(folder, source.problems.rows())
        rest: dict[str, Any] = {"settings_file": fingerprint(site), "mapping_file": fingerprint(mapping)}
        rest["as_of"] = None if known_until is None else format_time(known_until, settings.zone)
        write_manifest(folder, _manifest(source, chosen, settings, report) | rest)
    return report


def scores_list() -> list[Score]:
    """All scores, by id."""
    return [SCORES[name] for name in sorted(SCORES)]


def unpublished_list() -> list[Unpublished]:
    """Scores that are not computed, by id, each with the reason and what it would need."""
    return [_NOT_COMPUTED[name] for name in sorted(_NOT_COMPUTED)]


def rule_show(name: str, form: Format | Literal["html"] = "text") -> str:
    """A scale or a score as a page. Raises UsageError where there is none of that name."""
    known: Mapping[str, Score | Unpublished] = {**SCORES, **_NOT_COMPUTED}
    if name.strip().lower() not in known:
        return rules_show(name, form)
    one = known[name.strip().lower()]
    return render_score_html(one, __version__) if form == "html" else render_score(one, form)


def choose_scores(text: str) -> list[Score]:
    """Scores for ids, by id: their order on the command line never matters. Raises UsageError."""
    try:
        return [SCORES[name] for name in sorted(score_ids(text))]
    except ValueError as error:
        raise UsageError("{why}", why=error) from error


def _count(report: ScoreReport, scored: Sequence[Scored]) -> None:
    report.patients += 1
    for one in scored:
        report.infusions += 1
        for count in report.scores:
            count.add(one)


def _notes(scores: Sequence[Score]) -> dict[str, str]:
    rules = "; ".join(f"{one.id} version {one.version}" for one in scores)
    return {"status": STATUS, "package": f"cytovigil {__version__}", "rules": rules}


def _manifest(source: CourseSource, scores: Sequence[Score], settings: Settings, report: ScoreReport) -> dict[str, Any]:
    rows = {TABLE: sum(one.rows for one in report.scores)}
    counts = {"patients": report.patients, "infusions": report.infusions, "rows": rows}
    return {
        "status": STATUS,
        "package": {"name": "cytovigil", "version": __version__},
        "scores": [{"id": one.id, "version": one.version, "source": cite(one.source)} for one in scores],
        "inputs": source.inputs,
        "settings_changed": settings.changed(),
        "settings": asdict_plain(settings),
        "counts": counts | {"problems": report.problems},
    }
