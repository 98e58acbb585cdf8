"""What the command line shows: tables in plain text, and a progress bar on a terminal."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import typer

from cytovigil.app import STATUS, DemoCourse, GradeReport, Language, Progress, show_grade, speaker


def render_table(header: Sequence[str], rows: Iterable[Sequence[object]], numbers: bool = False) -> str:
    """A table in aligned columns; with `numbers` every column but the first is aligned to the right."""
    lines = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    right = [numbers and place > 0 for place in range(len(header))]
    lines.insert(1, ["-" * width for width in widths])
    return "".join(_line(line, widths, right) for line in lines)


def show_summary(report: GradeReport, language: Language = "en") -> None:
    """The plain-text table at the end of `grade`: infusions by highest low grade, problems, files."""
    say = speaker(language)
    grades = (f"{say('grade')} {grade}" for grade in range(6))
    header = [say("scale"), say("rules"), *grades, say("a range"), say("not observed")]
    rows = [
        [one.scale, one.version, *(one.by_low[grade] for grade in range(6)), one.ranges, one.not_observed]
        for one in report.scales
    ]
    counts = say("{patients} patients, {infusions} infusions")
    typer.echo(f"\n{counts.format(patients=report.patients, infusions=report.infusions)} ({say(STATUS)})")
    typer.echo(say("infusions by their worst grade, the low end of a range; `rules` is the version") + "\n")
    typer.echo(render_table(header, rows, numbers=True), nl=False)
    total = sum(report.problems.values())
    typer.echo(f"\n{total} {say('problems')}" + (say(", all in problems.csv") if total else ""))
    if total:
        typer.echo(render_table((say("code"), say("count")), report.problems.items(), numbers=True), nl=False)
    typer.echo(f"\n{say('output')}")
    for name in report.files:
        typer.echo(f"  {report.output / name}")


def show_courses(report: GradeReport, courses: Sequence[DemoCourse], language: Language = "en") -> None:
    """The table of the demo: the worst grades of each course, and what it shows (in English)."""
    say = speaker(language)
    ids = [one.scale for one in report.scales]
    rows = [
        [one.patient_id, one.infusion, *(show_grade(*one.summaries[name][:2]) for name in ids), one.shows]
        for one in courses
    ]
    typer.echo(
        f"{say('Synthetic patients, worst grades')} ({say(STATUS)}); {say('2..3 is a range, - is not observed')}"
    )
    typer.echo(render_table([say("patient"), say("infusion"), *ids, say("what it shows")], rows), nl=False)


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def advance(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.advance(tasks[stage], done)

        yield advance


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if side else cell.ljust(width) for cell, width, side in zip(cells, widths, right, strict=True)
    ]
    return "  ".join(padded).rstrip() + "\n"
