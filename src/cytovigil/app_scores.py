"""The use cases of risk scores: compute them for tables of patients; and the rulebook: list its rules, show one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cytovigil import __version__
from cytovigil.app import Language, rules_show, speaker
from cytovigil.engine.scoring import score_course
from cytovigil.guidance.site_text import protocol_lines, site_lines
from cytovigil.logic.guidance import Protocol
from cytovigil.logic.html import render_score_html
from cytovigil.logic.score import Score, Unpublished
from cytovigil.logic.score_text import render_score
from cytovigil.logic.text import Format
from cytovigil.model.results import Scored
from cytovigil.rules.scores import SCORES, UNPUBLISHED, score_ids
from cytovigil.run import Progress, Report, UsageError, open_run, read_guidance, table_notes
from cytovigil.writers.columns import SCORES as TABLE
from cytovigil.writers.columns import score_columns, score_rows
from cytovigil.writers.folder import score_names
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
class ScoreReport(Report):
    """What one run of `score` gave."""

    scores: list[ScoreCount]

    def add(self, scored: Sequence[Scored]) -> None:
        """Count one patient, all infusions."""
        for one in scored:
            for count in self.scores:
                count.add(one)


def score(
    inputs: Sequence[Path], output: Path, scores: str = "all", mapping: Path | None = None, site: Path | None = None,
    as_of: str | None = None, form: Form = "parquet", progress: Progress | None = None,
    each: Callable[[Sequence[Scored]], None] | None = None,
) -> ScoreReport:  # fmt: skip
    """Compute risk scores of tables into a folder, one patient at a time; `each` sees the results as they are made.

    Raises UsageError, InputError or OutputError, each with one sentence.
    """
    chosen = choose_scores(scores)
    report = ScoreReport(output, score_names(form), [ScoreCount(one.id, one.version) for one in chosen])
    with open_run(report, inputs, mapping, site, as_of, progress) as run:
        zone, notes = run.settings.zone, table_notes(chosen)
        with open_table(run.folder, form, TABLE, score_columns(), zone, notes) as table:
            for course in run.courses("patients scored"):
                scored = score_course(course, chosen, run.settings, run.known_until)
                table.append(score_rows(scored))
                run.count(scored)
                report.add(scored)
                if each:
                    each(scored)
        run.finish("scores", chosen, {TABLE: sum(one.rows for one in report.scores)})
    return report


def scores_list() -> list[Score]:
    """All scores, by id."""
    return [SCORES[name] for name in sorted(SCORES)]


def unpublished_list() -> list[Unpublished]:
    """Scores that are not computed, by id, each with the reason and what it would need."""
    return [_NOT_COMPUTED[name] for name in sorted(_NOT_COMPUTED)]


def protocols_list(site: Path | None = None) -> list[Protocol]:
    """Published protocols, those of installed packages, and the site's own first. Raises UsageError."""
    return list(read_guidance(site).protocols.values())


def rule_show(
    name: str, form: Format | Literal["html"] = "text", language: Language = "en", site: Path | None = None
) -> str:
    """A scale, a score or a protocol as a page; as JSON it is English, protocols are text.

    The site's own protocol has its differences from the published one marked. Raises UsageError where there is none of
    that name.
    """
    known: Mapping[str, Score | Unpublished] = {**SCORES, **_NOT_COMPUTED}
    key, say = name.strip().lower(), speaker(language)
    if key in known:
        one = known[key]
        return render_score_html(one, __version__, say=say) if form == "html" else render_score(one, form, say=say)
    try:
        return rules_show(name, form, language)
    except UsageError:
        guidance = read_guidance(site)
        protocol = {one.id.lower(): one for one in guidance.protocols.values()}.get(key)
        if protocol is None:
            raise
    if form != "text":
        raise UsageError("'{name}' is a protocol: it is shown as text", name=protocol.id)
    own = guidance.site
    lines = site_lines(own, say) if own and own.protocol is protocol else protocol_lines(protocol, say)
    return "\n".join(lines) + "\n"


def choose_scores(text: str) -> list[Score]:
    """Scores for ids, by id: their order on the command line never matters. Raises UsageError."""
    try:
        return [SCORES[name] for name in sorted(score_ids(text))]
    except ValueError as error:
        raise UsageError("{why}", why=error) from error
