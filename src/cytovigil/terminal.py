"""What the command line shows: tables in plain text, and a progress bar on a terminal."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING

import typer

from cytovigil.app import DemoCourse, GradeReport, Language, ScaleCount, groups_list, rules_list, show_grade, speaker
from cytovigil.run import STATUS, Progress, Report

if TYPE_CHECKING:
    from cytovigil.app_followup import FollowReport
    from cytovigil.app_scores import ScoreReport
    from cytovigil.following import Told

TOP_GRADE = 5
FEW = 8  # ids of a group that are shown in full
NARROW, WIDE = 80, 120  # columns that a line of text takes on a terminal
DATED = " " * 16  # below a date


def render_table(header: Sequence[str], rows: Iterable[Sequence[object]], numbers: bool = False) -> str:
    """A table in aligned columns; with `numbers` every column but the first is aligned to the right."""
    lines = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    right = [numbers and place > 0 for place in range(len(header))]
    lines.insert(1, ["-" * width for width in widths])
    return "".join(_line(line, widths, right) for line in lines)


def wrapped(text: str, first: str, then: str) -> list[str]:
    """A text in lines that fit a terminal, with what the first and the others begin with; one line elsewhere."""
    if not _on_terminal():
        return [first + text]
    width = min(max(get_terminal_size().columns, NARROW), WIDE)
    return wrap(text, width, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)


def _on_terminal() -> bool:
    return sys.stdout.isatty()


def show_summary(report: GradeReport, language: Language = "en") -> None:
    """The plain text at the end of `grade`: infusions by worst grade, checklists apart; problems, files."""
    say = speaker(language)
    _show_infusions(report, say)
    graded = [one for one in report.scales if one.scale not in report.checklists]
    checklists = [one for one in report.scales if one.scale in report.checklists]
    if graded:
        typer.echo(say("infusions by their worst grade; a range stands under its low end") + "\n")
        heads = [say("scale"), *(f"{say('grade')} {grade}" for grade in range(TOP_GRADE + 1))]
        _show_by_low(graded, heads, say)
    if checklists:
        sentence = say("checklists give no grade: infusions by their highest number, see `cytovigil rules show ID`")
        typer.echo(f"\n{sentence}\n")
        highest = max([1, *(number for one in checklists for number in one.by_low)])
        _show_by_low(checklists, [say("checklist"), *map(str, range(highest + 1))], say)
    if report.shifts:
        show_shifts(report, say)
    _show_files(report, say)


def _show_by_low(scales: Sequence[ScaleCount], heads: Sequence[str], say: Callable[[str], str]) -> None:
    """A line a scale; `heads` are that of the scale, and that of each number from 0."""
    name, *numbers = heads
    header = [name, say("version"), *numbers, say("of these a range"), say("not observed")]
    rows = [
        [one.scale, one.version, *(one.by_low[low] for low in range(len(numbers))), one.ranges, one.not_observed]
        for one in scales
    ]
    typer.echo(render_table(header, rows, numbers=True), nl=False)


def show_scores(report: "ScoreReport", language: Language = "en") -> None:
    """The plain-text table at the end of `score`: infusions with a value, only ranges, or neither; problems, files."""
    say = speaker(language)
    header = [say(name) for name in ("score", "version", "a value", "only ranges", "no value", "rows")]
    rows = [[one.score, one.version, one.known, one.ranges, one.without, one.rows] for one in report.scores]
    _show_infusions(report, say)
    typer.echo(say("infusions by what is known of their scores") + "\n")
    typer.echo(render_table(header, rows, numbers=True), nl=False)
    _show_files(report, say)


def show_followup(report: "FollowReport", today: bool, language: Language = "en") -> None:
    """What `followup` found, patient by patient, worst first: what is overdue, due, and not known."""
    say = speaker(language)
    counts = _counts(report.patients, report.infusions, say)
    status = say("computed from the record, unconfirmed")
    day = say("follow-up on {day}, today: for another day give --on" if today else "follow-up on {day}")
    typer.echo(f"{day.format(day=report.on)}; {counts} ({status})\n")
    typer.echo("".join(_followed(one, say) for one in report.told), nl=False)
    if report.problems:
        typer.echo(f"\n{sum(report.problems.values())} {say('problems')}")
        typer.echo(render_table((say("code"), say("count")), report.problems.items(), numbers=True), nl=False)


def _followed(told: "Told", say: Callable[[str], str]) -> str:
    """One infusion: what is open under a heading a state and group, oldest first, each with a line of why."""
    counts = (f"{number} {say(word)}" for number, word in ((told.overdue, "overdue"), (told.due, "due")) if number)
    lines, heading = [f"{told.name}: {', '.join(counts) or say('nothing is due')}"], ("", "")
    for row in told.open_:
        if (row.state, row.group) != heading:
            heading = row.state, row.group
            lines.append(f"  {row.state}, {row.group}")
        lines += wrapped(f"{row.what} ({row.source})", f"    {row.since}  ", DATED)
        lines += wrapped(row.why, DATED, DATED)
    if told.in_force:
        lines.append(f"  {say('in force')}")
        lines += wrapped(told.in_force, "    ", "    ")
    if told.questions:
        lines.append(f"  {say('not known whether due: please chart, or keep your own list')}")
        lines += wrapped(told.questions, "    ", "    ")
    return "\n".join([*lines, "\n"])


def show_rules(language: Language = "en", site: Path | None = None) -> None:
    """The plain-text tables of `rules list`: scales and their groups; scores, computed or not; protocols."""
    from cytovigil.app_scores import protocols_list, scores_list, unpublished_list

    say, protocols = speaker(language), protocols_list(site)
    heads = say("version"), say("weakest evidence"), say("title")
    scales = [(one.id, one.version, say(one.status), say(one.title)) for one in rules_list()]
    typer.echo(render_table((say("scale"), *heads), scales))
    groups = [(name, len(ids), _shortened(ids)) for name, ids in groups_list().items()]
    typer.echo(render_table((say("group"), say("scales"), say("its scales")), groups))
    scores = [(one.id, one.version, say(one.status), say(one.title)) for one in scores_list()]
    typer.echo(render_table((say("score"), *heads), scores))
    lacking = [
        (one.id, say(one.title), f"{say(one.why)}: {', '.join(map(say, one.needs))}") for one in unpublished_list()
    ]
    typer.echo(render_table((say("score"), say("title"), say("what it needs")), lacking))
    guidance = [(one.id, one.version, say(one.status), say(one.title)) for one in protocols]
    typer.echo(render_table((say("protocol"), *heads), guidance), nl=False)


def _shortened(ids: Sequence[str]) -> str:
    return ", ".join(ids if len(ids) <= FEW else (*ids[:2], "...", ids[-1]))


def _show_infusions(report: Report, say: Callable[[str], str]) -> None:
    typer.echo(f"\n{_counts(report.patients, report.infusions, say)} ({say(STATUS)})")


def _counts(patients: int, infusions: int, say: Callable[[str], str]) -> str:
    """`1 patient, 2 infusions`."""
    one = say("{count} patient") if patients == 1 else say("{count} patients")
    other = say("{count} infusion") if infusions == 1 else say("{count} infusions")
    return f"{one.format(count=patients)}, {other.format(count=infusions)}"


def _show_files(report: Report, say: Callable[[str], str]) -> None:
    total = sum(report.problems.values())
    typer.echo(f"\n{total} {say('problems')}" + (say(", all in problems.csv") if total else ""))
    if total:
        typer.echo(render_table((say("code"), say("count")), report.problems.items(), numbers=True), nl=False)
    typer.echo(f"\n{say('output')}")
    for name in report.files:
        typer.echo(f"  {report.output / name}")


def show_shifts(report: GradeReport, say: Callable[[str], str]) -> None:
    """How many infusions have a lower, the same or a higher worst grade on a second CRS scale."""
    typer.echo(f"\n{say('Patients who move between two CRS scales')}")
    header = [say(name) for name in ("first scale", "second scale", "lower", "the same", "higher", "not sure")]
    rows = [[one.one, one.other, one.lower, one.same, one.higher, one.unsure] for one in report.shifts]
    typer.echo(render_table(header, rows), nl=False)


def show_courses(report: GradeReport, courses: Sequence[DemoCourse], language: Language = "en") -> None:
    """The table of the demo: the worst grades of each course, and what it shows."""
    say = speaker(language)
    ids = [one.scale for one in report.scales if one.by_low]
    rows = [
        [one.patient_id, one.infusion, *(show_grade(*one.summaries[name][:2]) for name in ids), say(one.shows)]
        for one in courses
    ]
    typer.echo(
        f"{say('Synthetic patients, worst grades')} ({say(STATUS)}); {say('2..3 is a range, - is not observed')}"
    )
    typer.echo(render_table([say("patient"), say("infusion"), *ids, say("what it shows")], rows), nl=False)


@contextmanager
def progress_bar(language: Language = "en") -> Iterator[Progress | None]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        say, tasks = speaker(language), {}

        def advance(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(say(stage), total=total)
            bar.advance(tasks[stage], done)

        yield advance


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if side else cell.ljust(width) for cell, width, side in zip(cells, widths, right, strict=True)
    ]
    return "  ".join(padded).rstrip() + "\n"
