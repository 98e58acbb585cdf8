"""Arguments and options of the commands, each written once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


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
Site = Annotated[
    Path | None, typer.Option("--site", help="TOML with the site's settings and protocol.", metavar="FILE")
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Only what was known at this time.", metavar="TIME")]
AdviceAt = Annotated[
    str | None, typer.Option("--at", help="Time; without it, the last moment of the record.", metavar="TIME")
]
OneProtocol = Annotated[
    str | None,
    typer.Option("--protocol", help="A protocol id; without it, all for the product and the day.", metavar="ID"),
]
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


def draws(words: list[str]) -> bool:
    """True where a report will most likely be drawn: Vega loads while the options are read, and all else."""
    without = {"none", "overview", "spark", "--help"}
    return words[:1] in (["grade"], ["demo"]) and without.isdisjoint(part for one in words for part in one.split("="))
