"""Arguments in, `app` called, result printed. Heavy modules are loaded by the command that needs them."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cytovigil.report.language import speaker
from cytovigil.spoken import choose_languages, tell_error, translate_help

DONE, WITH_PROBLEMS, FAILED = 0, 1, 2
INTERRUPTED = 130  # what typer makes of Ctrl-C
NO_REPORT = "no HTML report: Spark writes tables alone"
STOPPED = "stopped; the output is as before, or new and complete"

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
rules_app = typer.Typer(rich_markup_mode=None, help="The rulebook, rendered from the rules.")
map_app = typer.Typer(rich_markup_mode=None, help="The site's own names, words and units.")
app.add_typer(rules_app, name="rules")
app.add_typer(map_app, name="map")


class Form(StrEnum):
    """Form of the tables."""

    PARQUET = "parquet"
    CSV = "csv"


class RuleForm(StrEnum):
    """Form of a rendered rule."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


class Report(StrEnum):
    """How much of the HTML report is wanted."""

    NONE = "none"
    OVERVIEW = "overview"
    FULL = "full"


class Language(StrEnum):
    """Languages of the report and of the terminal."""

    ENGLISH = "en"
    DUTCH = "nl"


class Engine(StrEnum):
    """Engines of the contract."""

    AUTO = "auto"
    REFERENCE = "reference"
    COLUMNAR = "columnar"
    SPARK = "spark"


Inputs = Annotated[
    list[Path],
    typer.Argument(
        help="Files or folders with tables: CSV, Parquet; laboratory sheets: CSV, XLSX.", metavar="INPUT..."
    ),
]
Output = Annotated[Path, typer.Option("--output", "-o", help="Folder for the output.", metavar="DIR")]
Scales = Annotated[
    str,
    typer.Option(
        "--scales",
        help="Scale ids or groups (default, all-crs, ctcae-v5, ctcae-v6, all), separated by commas.",
        metavar="ID,...",
    ),
]
Map = Annotated[Path | None, typer.Option("--map", help="CSV that translates names, words, units.", metavar="FILE")]
Site = Annotated[Path | None, typer.Option("--site", help="TOML with the site's settings.", metavar="FILE")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Only what was known at this time.", metavar="TIME")]
At = Annotated[str | None, typer.Option("--at", help="Time; without it, the worst moment.", metavar="TIME")]
Patient = Annotated[str, typer.Option("--patient", help="The patient_id as in the tables.", metavar="P")]
OneScale = Annotated[str, typer.Option("--scale", help="A scale id.", metavar="ID")]
ReportOption = Annotated[
    Report | None, typer.Option("--report", help="How much of the HTML report: full, and none with Spark.")
]
LanguageOption = Annotated[
    Language | None,
    typer.Option("--lang", help="Language; without it files are English, and the terminal follows the locale."),
]
TextLanguage = Annotated[
    Language | None, typer.Option("--lang", help="Language; without it that of the locale. JSON is English.")
]
FormOption = Annotated[Form, typer.Option("--format", help="Form of the tables.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit code 1 where records had problems.")]


@app.callback()
def cytovigil(_language: LanguageOption = None) -> None:
    """Grades CRS and ICANS over time after CAR-T cells, as ranges where facts are missing, each with its reason.

    Every grade is a machine grade, unconfirmed.
    """


@app.command()
def grade(
    context: typer.Context,
    inputs: Inputs,
    output: Output,
    scales: Scales = "default",
    map_file: Map = None,
    site: Site = None,
    as_of: AsOf = None,
    form: FormOption = Form.PARQUET,
    report: ReportOption = None,
    _language: LanguageOption = None,
    engine: Annotated[Engine, typer.Option("--engine", help="auto, reference, columnar or spark.")] = Engine.AUTO,
    spark_master: Annotated[
        str, typer.Option("--spark-master", help="Where Spark runs: local[*], spark://HOST, sc://HOST.", metavar="URL")
    ] = "local[*]",
    strict: Strict = False,
) -> None:
    """Grade records: a table of grades over time, by day, by episode, and a summary.

    Example: cytovigil grade patients.csv events.csv -o graded
    """
    from cytovigil.app import grade as grade_tables
    from cytovigil.terminal import progress_bar, show_summary

    detail = report or (Report.NONE if engine is Engine.SPARK else Report.FULL)
    with progress_bar(context.obj.terminal) as progress:
        found = grade_tables(
            inputs, output, scales, map_file, site, as_of, form.value, progress,
            detail=detail.value, language=context.obj.files, engine=engine.value,
            spark_master=spark_master,
        )  # fmt: skip
    show_summary(found, context.obj.terminal)
    if detail is not report and detail is Report.NONE:
        typer.echo("\n" + speaker(context.obj.terminal)(NO_REPORT))
    if strict and found.has_faults:
        raise typer.Exit(WITH_PROBLEMS)


@app.command()
def explain(
    context: typer.Context,
    inputs: Inputs,
    patient: Patient,
    scale: OneScale,
    at: At = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    map_file: Map = None,
    site: Site = None,
    as_of: AsOf = None,
    _language: TextLanguage = None,
) -> None:
    """Why a grade: each condition with its value, truth and event, source and assumption.

    Example: cytovigil explain records --patient P1 --scale crs-astct-2019
    """
    from cytovigil.app import explain as explain_grade
    from cytovigil.app import explanation_text

    found, settings = explain_grade(inputs, patient, scale, at, map_file, site, as_of)
    if as_json:
        typer.echo(json.dumps(found.to_json(), indent=2, ensure_ascii=False))
    else:
        typer.echo(explanation_text(found, settings, context.obj.terminal), nl=False)


@app.command()
def demo(
    context: typer.Context,
    output: Output = Path("demo-output"),
    form: FormOption = Form.PARQUET,
    _language: LanguageOption = None,
) -> None:
    """Grade the bundled synthetic patients and write the same output as grade.

    Example: cytovigil demo -o demo-output
    """
    from cytovigil.app import demo as grade_demo
    from cytovigil.terminal import show_courses, show_summary

    report, courses = grade_demo(output, form.value, "full", context.obj.files)
    show_courses(report, courses, context.obj.terminal)
    show_summary(report, context.obj.terminal)


@app.command()
def score(
    context: typer.Context,
    inputs: Inputs,
    output: Output,
    scores: Annotated[str, typer.Option("--scores", help="Score ids, separated by commas.", metavar="ID,...")] = "all",
    map_file: Map = None,
    site: Site = None,
    as_of: AsOf = None,
    form: FormOption = Form.PARQUET,
    _language: LanguageOption = None,
    strict: Strict = False,
) -> None:
    """Risk scores over time, as ranges where inputs are missing: a row each time the inputs change.

    Example: cytovigil score patients.csv events.csv -o scored --scores car-hematotox,easix
    """
    from cytovigil.app_scores import score as score_tables
    from cytovigil.terminal import progress_bar, show_scores

    with progress_bar(context.obj.terminal) as progress:
        found = score_tables(inputs, output, scores, map_file, site, as_of, form.value, progress)
    show_scores(found, context.obj.terminal)
    if strict and found.has_faults:
        raise typer.Exit(WITH_PROBLEMS)


@rules_app.command("list")
def rules_list(context: typer.Context, _language: LanguageOption = None) -> None:
    """All scales and scores with version and weakest evidence; groups of scales; scores that cannot be computed.

    Example: cytovigil rules list
    """
    from cytovigil.terminal import show_rules

    show_rules(context.obj.terminal)


@rules_app.command("show")
def rules_show(
    context: typer.Context,
    scale: Annotated[str, typer.Argument(help="A scale or score id.", metavar="ID")],
    form: Annotated[RuleForm, typer.Option("--format", help="Form of the page.")] = RuleForm.TEXT,
    _language: TextLanguage = None,
) -> None:
    """One scale or score as a page: each grade with its condition, source and note.

    Example: cytovigil rules show crs-astct-2019 --format markdown
    """
    from cytovigil.app_scores import rule_show as show_rule

    typer.echo(show_rule(scale, form.value, context.obj.terminal), nl=False)


@map_app.command("suggest")
def map_suggest(context: typer.Context, inputs: Inputs, map_file: Map = None, _language: LanguageOption = None) -> None:
    """Names, units and words that nothing maps yet, by frequency, with suggestions.

    Example: cytovigil map suggest events.csv --map site-map.csv
    """
    from cytovigil.app import map_suggest as suggest
    from cytovigil.terminal import render_table

    say, found = speaker(context.obj.terminal), suggest(inputs, map_file)
    rows = [(one.count, one.kind, one.local, one.suggestion or "-") for one in found]
    header = [say(name) for name in ("count", "kind", "charted", "suggestion")]
    typer.echo(render_table(header, rows) if rows else say("everything is mapped") + "\n", nl=False)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line. Exit codes: 0 done, 1 with problems (`--strict`), 2 wrong usage or unreadable input."""
    ended: list[int] = []
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # gives memory back that is free
    languages = choose_languages(sys.argv[1:] if arguments is None else arguments, os.environ)
    say = speaker(languages.terminal)

    def end(number: int, _: object) -> NoReturn:
        ended.append(number)
        raise KeyboardInterrupt  # unwinds, so that temporary folders go

    for name in ("SIGTERM", "SIGHUP"):  # a closed terminal is SIGHUP, ignored under nohup, unknown to Windows
        if (one := getattr(signal, name, None)) and signal.getsignal(one) is not signal.SIG_IGN:
            signal.signal(one, end)
    try:
        command = typer.main.get_command(app)
        if languages.terminal != "en":
            translate_help(command, say)
        code = command(args=arguments, prog_name="cytovigil", standalone_mode=False, obj=languages)
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        sys.stdout.flush()
        sys.exit(code)
    except BrokenPipeError:  # `cytovigil rules show ID | head` is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except (KeyboardInterrupt, typer.Abort):
        _complain(say(STOPPED))
    except Exception as error:
        _complain(say(STOPPED) if ended else tell_error(error, say))
    sys.exit(FAILED)


def _complain(sentence: str) -> None:
    print(f"cytovigil: {' '.join(sentence.split())}", file=sys.stderr)
