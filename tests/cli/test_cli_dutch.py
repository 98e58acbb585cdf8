"""The command line in Dutch: help, tables and errors; files only where it is asked for."""

import ast
from pathlib import Path

import pytest
import typer
from ward_kit import Run

import cytovigil
from cytovigil import cli
from cytovigil.report.language import speaker
from cytovigil.spoken import (
    INTERNAL,
    LOCALE,
    NO_MEMORY,
    NO_SPACE,
    USAGE,
    choose_languages,
    translate_help,
    translate_usage,
)

SOURCES = sorted(Path(cytovigil.__file__).parent.rglob("*.py"))
SAME = ("{why}", "{where}: factor {why}", "{option}: {why}", "score '{name}': {why}")  # the same in both languages
TOLD = {"ToldError", "ToldValueError", "UsageError", "InputError", "OutputError"}


@pytest.mark.parametrize(
    ("arguments", "environment", "languages"),
    [
        ("demo", {}, ("en", "en")),
        ("demo --lang nl", {}, ("nl", "nl")),
        ("--lang=nl demo", {"LANG": "en_GB.UTF-8"}, ("nl", "nl")),
        ("demo --lang en", {"LANG": "nl_NL.UTF-8"}, ("en", "en")),
        ("--lang nl demo --lang en", {}, ("en", "en")),
        ("demo", {"LANG": "nl_NL.UTF-8"}, ("nl", "en")),
        ("demo", {"LANG": "nl_NL.UTF-8", "LC_ALL": "C"}, ("en", "en")),
        ("demo", {"LANG": "C", "LC_MESSAGES": "nl_BE", "LC_ALL": ""}, ("nl", "en")),
        ("demo --lang fr", {}, ("en", "en")),
    ],
)
def test_files_are_dutch_only_where_asked(
    arguments: str, environment: dict[str, str], languages: tuple[str, str]
) -> None:
    assert choose_languages(arguments.split(), environment) == languages


@pytest.mark.parametrize("arguments", ["--help --lang nl", "--lang nl grade --help", "explain --lang nl --help"])
def test_help_is_dutch(run: Run, arguments: str) -> None:
    done = run(*arguments.split())
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Gebruik: cytovigil")
    assert "Deze hulp tonen." in done.out
    for english in ("Options:", "Usage:", "required", "default:", "Show this", "Example"):
        assert english not in done.out


def test_help_follows_the_locale(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    assert run("--help").out.startswith("Gebruik: ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("", "Commando ontbreekt: zie cytovigil --help"),
        ("brew", "Commando 'brew' bestaat niet"),
        ("grade", "Argument 'INPUT...' ontbreekt"),
        ("grade ward", "Optie '--output' / '-o' ontbreekt"),
        ("grade nowhere -o out", "'nowhere' bestaat niet"),
        ("grade ward -o out --format xml", "'--format': 'xml' is niet een van 'parquet', 'csv'"),
        ("grade ward -o out --engine spark --report full", "Spark schrijft alleen tabellen: laat --report weg"),
        ("grade ward -o out --scales crs-2050", "onbekende schaal 'crs-2050'"),
        ("grade ward -o out --scales defualt", "bedoelde u default? Zie anders `cytovigil rules list`"),
        (
            "explain ward --patient P1 --scale easix",
            "'easix' is een score, geen schaal: zie `cytovigil rules show easix`",
        ),
        ("grade ward -o out --as-of yesterday", "--as-of: 'yesterday' is geen tijdstip"),
        ("grade ward -o out --site none.toml", "centrumbestand 'none.toml' kan niet worden gelezen"),
        ("grade ward -o out --map none.csv", "vertaalbestand 'none.csv' bestaat niet"),
        ("grade ward -o ward", "'ward' is ook invoer"),
        ("explain ward --patient P9 --scale crs-astct-2019", "patiënt 'P9' heeft geen infusie"),
        ("explain ward --patient P1 --scale crs-astct-2019 --at 2020-01-01", "P1 is niet gegradeerd op"),
    ],
)
def test_errors_are_dutch(run: Run, ward: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, sentence: str) -> None:
    monkeypatch.chdir(ward.parent)
    done = run("--lang", "nl", *arguments.split())
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert done.err.count("\n") == 1


def test_a_line_of_a_mapping_is_named_in_dutch(run: Run, ward: Path, tmp_path: Path) -> None:
    (tmp_path / "map.csv").write_text("local_name,signal,factor\nT,temperature,warm\n", "utf-8")
    done = run("grade", ward, "-o", tmp_path / "out", "--map", tmp_path / "map.csv", "--lang", "nl")
    assert "vertaalbestand 'map.csv', regel 2: factor" in done.err


def test_the_locale_reaches_the_terminal_and_no_file(
    run: Run, ward: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert run("grade", ward, "-o", tmp_path / "en").out.endswith("report.html\n")
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    done = run("grade", ward, "-o", tmp_path / "nl")
    assert "2 patiënten, 2 infusies" in done.out
    for file in (tmp_path / "en").iterdir():
        assert file.read_bytes() == (tmp_path / "nl" / file.name).read_bytes(), file.name
    run("grade", ward, "-o", tmp_path / "asked", "--lang", "nl")
    assert '<html lang="nl">' in (tmp_path / "asked" / "report.html").read_text("utf-8")


def test_tables_have_dutch_headings(run: Run, ward: Path) -> None:
    assert run("rules", "list", "--lang", "nl").out.split()[:4] == ["schaal", "versie", "zwakste", "bewijs"]
    assert run("map", "suggest", ward, "--lang", "nl").out == "alles is vertaald\n"


def test_an_explanation_is_dutch_and_its_json_is_not(run: Run, ward: Path) -> None:
    asked = ("explain", ward, "--patient", "P1", "--scale", "crs-astct-2019")
    page = run(*asked, "--lang", "nl").out
    assert page.startswith("P1, infusie 1: CRS, ASTCT-consensus 2019 = ")
    assert all(f"\n{heading}\n" in page for heading in ("Gegevens", "Voorwaarden"))
    assert "automatisch bepaalde graad, niet bevestigd; regel crs-astct-2019 versie" in page
    assert "\n  koorts: ja\n    temperature 38,6" in page
    assert run(*asked, "--json", "--lang", "nl").out == run(*asked, "--json").out


@pytest.mark.parametrize("name", ["crs-astct-2019", "icaht-early-2023", "hscore", "easix-f"])
def test_a_rule_is_dutch_and_its_json_is_not(run: Run, name: str) -> None:
    for form, source in [("text", "\nBron: "), ("markdown", "\nBron: "), ("html", "<p>Bron: ")]:
        page = run("rules", "show", name, "--format", form, "--lang", "nl").out
        assert source in page and "Source: " not in page, form
        assert ('<html lang="nl">' in page) is (form == "html")
    asked = ("rules", "show", name, "--format", "json")
    assert run(*asked, "--lang", "nl").out == run(*asked).out


def test_pages_follow_the_locale(run: Run, ward: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    assert "\nBron: " in run("rules", "show", "crs-astct-2019").out
    asked = ("explain", ward, "--patient", "P1", "--scale", "crs-astct-2019")
    assert run(*asked).out.startswith("P1, infusie 1: ")
    assert run(*asked, "--lang", "en").out.startswith("P1, infusion 1: ")


def test_dutch_names_days_and_ranges_of_a_rule(run: Run) -> None:
    counts = run("rules", "show", "icaht-early-2023", "--lang", "nl").out
    assert "als langste reeks dagen met neutrofielen 500/µL of lager: 1 dag of meer" in counts
    assert "1 dag tot en met 6 dagen" in counts
    html = run("rules", "show", "crs-astct-2019", "--format", "html", "--lang", "nl").out
    assert '<td class="hatched">onbekend</td>' in html and "overlijden door CRS" in html


def test_every_help_text_and_every_sentence_of_usage_is_translated() -> None:
    asked: set[str] = set()

    def say(text: str) -> str:
        asked.add(text)
        return text

    translate_help(typer.main.get_command(cli.app), say)
    asked |= {*USAGE, cli.STOPPED, cli.NO_REPORT, NO_MEMORY, NO_SPACE, INTERNAL, "see cytovigil --help"}
    asked |= {"Usage", "Arguments", "Options", "Commands", "required", "default", "Show this message and exit."}
    assert len(asked) > 40
    assert [text for text in sorted(asked) if speaker("nl")(text) == text] == []


def told(path: Path) -> set[str]:
    """First arguments of errors; where it is a name, the texts given to it in the file."""
    tree = ast.parse(path.read_text("utf-8"))
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and one.args]
    first = [one.args[0] for one in calls if isinstance(one.func, ast.Name) and one.func.id in TOLD]
    named = {one.id for one in first if isinstance(one, ast.Name)}
    given = [
        one.value
        for one in ast.walk(tree)
        if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id in named for t in one.targets)
    ]
    return {one.value for one in (*first, *given) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


@pytest.mark.parametrize("path", [one for one in SOURCES if told(one)], ids=lambda path: path.name)
def test_every_error_that_is_told_has_a_translation(path: Path) -> None:
    texts = {text for text in told(path) if "{" in text and text not in SAME}
    assert [text for text in sorted(texts) if speaker("nl")(text) == text] == []


def test_a_sentence_nobody_knows_stays_english() -> None:
    assert translate_usage("something else", speaker("nl")) == "something else"


def test_the_locale_names_are_those_of_posix() -> None:
    assert LOCALE == ("LC_ALL", "LC_MESSAGES", "LANG")
