"""Arguments in, `app` called, result printed. Heavy modules are loaded by the command that needs them."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple, NoReturn

import typer

from cytovigil.cli_options import (
    AdviceAt,
    AsOf,
    At,
    Engine,
    Form,
    FormOption,
    Inputs,
    LanguageOption,
    Map,
    OneProtocol,
    OneScale,
    Output,
    Patient,
    Report,
    ReportOption,
    RuleForm,
    Scales,
    Site,
    Strict,
    TextLanguage,
    draws,
)
from cytovigil.lean import with_arrays_given_back
from cytovigil.report.language import Language, speaker
from cytovigil.report.vega import Vega, vega_for
from cytovigil.spoken import choose_languages, tell_error, translate_help

DONE, WITH_PROBLEMS, FAILED = 0, 1, 2
INTERRUPTED = 130  # what typer makes of Ctrl-C
NO_REPORT = "no HTML report: Spark writes tables alone"
STOPPED = "stopped; the output is as before, or new and complete"


class Given(NamedTuple):
    """What every command is given: the languages of the terminal and of files, and what draws, where it was started."""

    terminal: Language
    files: Language
    vega: Vega | None


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
rules_app = typer.Typer(rich_markup_mode=None, help="The rulebook, rendered from the rules.")
map_app = typer.Typer(rich_markup_mode=None, help="The site's own names, words and units.")
app.add_typer(rules_app, name="rules")
app.add_typer(map_app, name="map")


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
    detail = report or (Report.NONE if engine is Engine.SPARK else Report.FULL)
    with_arrays_given_back()
    from cytovigil.app import grade as grade_tables
    from cytovigil.terminal import progress_bar, show_summary

    with progress_bar(context.obj.terminal) as progress:
        found = grade_tables(
            inputs, output, scales, map_file, site, as_of, form.value, progress,
            detail=detail.value, language=context.obj.files, engine=engine.value,
            spark_master=spark_master, vega=context.obj.vega,
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

    report, courses = grade_demo(output, form.value, Report.FULL.value, context.obj.files, context.obj.vega)
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


@app.command()
def advise(
    context: typer.Context,
    inputs: Inputs,
    patient: Patient,
    at: AdviceAt = None,
    protocol: OneProtocol = None,
    map_file: Map = None,
    site: Site = None,
    _language: TextLanguage = None,
) -> None:
    """What published guidance says of a patient at a moment, why, and what it would need to know.

    Not for decisions about a patient who is being treated now.

    Example: cytovigil advise records --patient P1 --protocol asco-2021
    """
    from cytovigil.app_advice import advice_text
    from cytovigil.app_advice import advise as advise_on

    found = advise_on(inputs, patient, at, protocol, map_file, site)
    typer.echo(advice_text(found, context.obj.terminal), nl=False)


@app.command()
def followup(
    context: typer.Context,
    inputs: Inputs,
    on: Annotated[str | None, typer.Option("--on", help="The day; without it today.", metavar="DATE")] = None,
    ics: Annotated[Path | None, typer.Option("--ics", help="Calendar file to write as well.", metavar="FILE")] = None,
    map_file: Map = None,
    site: Site = None,
    _language: TextLanguage = None,
) -> None:
    """Long-term follow-up: what is overdue or due by a day, worst first, and what is not known.

    Example: cytovigil followup records --on 2027-03-02
    """
    from cytovigil.app_followup import followup as follow_up
    from cytovigil.app_followup import read_day, write_calendar
    from cytovigil.terminal import progress_bar, show_followup

    day = read_day(on, site)
    with progress_bar(context.obj.terminal) as progress:
        languages = context.obj.terminal, context.obj.files if ics else None
        report = follow_up(inputs, day, map_file, site, progress, *languages)
    if ics:
        write_calendar(report, ics)
    show_followup(report, on is None, context.obj.terminal)


@rules_app.command("list")
def rules_list(context: typer.Context, site: Site = None, _language: LanguageOption = None) -> None:
    """All scales, scores and protocols with version and weakest evidence; groups; scores that cannot be computed.

    Example: cytovigil rules list
    """
    from cytovigil.terminal import show_rules

    show_rules(context.obj.terminal, site)


@rules_app.command("show")
def rules_show(
    context: typer.Context,
    scale: Annotated[str, typer.Argument(help="A scale, score or protocol id.", metavar="ID")],
    form: Annotated[RuleForm, typer.Option("--format", help="Form of the page.")] = RuleForm.TEXT,
    site: Site = None,
    _language: TextLanguage = None,
) -> None:
    """One scale, score or protocol as a page: each rule with its condition, source and note.

    With --site, the site's own protocol too: each difference from the published one is marked.

    Example: cytovigil rules show crs-astct-2019 --format markdown
    """
    from cytovigil.app_scores import rule_show as show_rule

    typer.echo(show_rule(scale, form.value, context.obj.terminal, site), nl=False)


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
    words = sys.argv[1:] if arguments is None else list(arguments)
    languages = choose_languages(words, os.environ)
    say = speaker(languages.terminal)

    def end(number: int, _: object) -> NoReturn:
        ended.append(number)
        raise KeyboardInterrupt  # unwinds, so that temporary folders go

    for name in ("SIGTERM", "SIGHUP"):  # a closed terminal is SIGHUP, ignored under nohup, unknown to Windows
        if (one := getattr(signal, name, None)) and signal.getsignal(one) is not signal.SIG_IGN:
            signal.signal(one, end)
    try:
        with vega_for(Report.FULL.value if draws(words) else Report.NONE.value) as vega:
            command = typer.main.get_command(app)
            if languages.terminal != "en":
                translate_help(command, say)
            given = Given(*languages, vega)
            code = command(args=arguments, prog_name="cytovigil", standalone_mode=False, obj=given)
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
