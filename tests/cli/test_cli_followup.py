"""`followup` as a user sees it: what is due by a day, in both languages, and the calendar."""

import datetime as dt
import os
from pathlib import Path

import pytest
from ward_kit import Run

from cytovigil import app_followup, terminal

BLOOD = """\
P1,2026-04-01T08:00+02:00,igg,380,mg/dL,,lab/1,
P1,2026-04-01T08:00+02:00,cd4,0.24,10*9/L,,lab/2,
P1,2026-04-01T08:00+02:00,vaccine,1,{dose},,mar/9,Fluad
"""


@pytest.fixture
def followed(ward: Path) -> Path:
    """The ward, with blood of P1 a month after the infusion."""
    with (ward / "events.csv").open("a", encoding="utf-8") as file:
        file.write(BLOOD)
    return ward


def test_what_is_due_worst_first(run: Run, followed: Path) -> None:
    done = run("followup", followed, "--on", "2026-04-10")
    assert (done.code, done.err) == (0, "")
    first = "follow-up on 2026-04-10; 2 patients, 2 infusions (computed from the record, unconfirmed)"
    assert done.out.startswith(first + "\n")
    blocks = done.out.split("\n\n")
    assert [block.split(":")[0] for block in blocks[1:3]] == ["A-2", "P1"]
    assert blocks[1].startswith("A-2: 2 overdue, 4 due\n  overdue, prophylaxis\n    2026-02-27  valaciclovir 500 mg or")
    antibodies = blocks[2].partition("  due, antibodies\n")[2].splitlines()
    assert antibodies[0] == "    2026-04-01  immunoglobulin (Hill 2019)"
    assert antibodies[1].startswith(" " * 16 + "igg 380 mg/dL on 2026-04-01; give: Hill 2019, ASH table; observe:")
    assert "never charted since the infusion; please chart: igg\n" in blocks[1]
    for block in blocks[1:3]:
        questions = block.partition("  not known whether due: please chart, or keep your own list\n    ")[2]
        assert "immune-related effects" in questions and "\n" not in questions.strip()
    assert "problems" not in done.out


def test_what_is_in_force_stands_on_the_page(run: Run, followed: Path) -> None:
    done = run("followup", followed, "--on", "2026-04-10")
    block = done.out.split("\n\n")[2]
    in_force = block.partition("  in force\n")[2].splitlines()[0]
    assert "    irradiated blood products only (at least until 2026-" in in_force
    assert "never donate blood, organs, tissues or cells (without end)" in in_force
    assert "no driving, no heavy machines (" in in_force
    dutch = run("followup", followed, "--on", "2026-04-10", "--lang", "nl").out
    assert "  van kracht\n" in dutch and "(zonder einde)" in dutch and "(ten minste tot 2026-" in dutch


def test_items_due_for_the_same_reason_stand_together(run: Run, followed: Path) -> None:
    done = run("followup", followed, "--on", "2026-09-01")
    together = [line for line in done.out.splitlines() if "hepatitis A vaccine" in line]
    assert together and all("meningococcal ACWY vaccine; recombinant zoster vaccine" in line for line in together)


@pytest.mark.parametrize(("columns", "width"), [(40, 80), (100, 100), (250, 120)])
def test_on_a_terminal_lines_fit(
    run: Run, followed: Path, monkeypatch: pytest.MonkeyPatch, columns: int, width: int
) -> None:
    plain = run("followup", followed, "--on", "2026-09-01").out
    monkeypatch.setattr(terminal, "get_terminal_size", lambda: os.terminal_size((columns, 24)))
    monkeypatch.setattr(terminal, "_on_terminal", lambda: True)
    fitted = run("followup", followed, "--on", "2026-09-01").out
    longest = max(map(len, fitted.splitlines()[1:]))
    assert width - 25 < longest <= width
    assert fitted.split() == plain.split()


def test_both_languages(run: Run, followed: Path) -> None:
    done = run("followup", followed, "--on", "2026-04-10", "--lang", "nl")
    assert done.code == 0 and "2 patiënten, 2 infusies" in done.out
    assert "IgG 380 mg/dL op 2026-04-01; geef: Hill 2019, ASH table; observeer: Baird 2021" in done.out
    assert "  te laat, profylaxe\n" in done.out and "niet bekend of het aan de beurt is" in done.out
    for english in ("overdue", "please", "weigh", "since", "never charted", "unknown"):
        assert english not in done.out, english


def test_without_a_day_it_is_today_and_says_so(run: Run, followed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return dt.datetime(2026, 3, 20, 23, 30, tzinfo=dt.UTC).astimezone(tz)

    monkeypatch.setattr(app_followup, "datetime", Clock)
    done = run("followup", followed)
    assert done.out.startswith("follow-up on 2026-03-21, today: for another day give --on; 2 patients")


def test_before_any_infusion_nothing_is_due(run: Run, followed: Path) -> None:
    done = run("followup", followed, "--on", "2026-02-01")
    assert done.code == 0 and done.out.endswith("\nP1: nothing is due\n\n")


def test_the_calendar(run: Run, followed: Path, tmp_path: Path) -> None:
    text = {}
    for language in ("en", "nl"):
        path = tmp_path / f"{language}.ics"
        done = run("followup", followed, "--on", "2026-04-10", "--ics", path, "--lang", language)
        assert done.code == 0
        text[language] = path.read_bytes()
    assert text["en"].startswith(b"BEGIN:VCALENDAR\r\n") and text["en"].endswith(b"END:VCALENDAR\r\n")
    assert b"SUMMARY:P1: registry form\r\n" in text["en"]
    assert b"SUMMARY:P1: registratieformulier\r\n" in text["nl"]
    assert run("followup", followed, "--on", "2026-04-10", "--ics", tmp_path / "en.ics").code == 0
    assert (tmp_path / "en.ics").read_bytes() == text["en"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--on", "tomorrow"), "cytovigil: --on: 'tomorrow' is not a time: write 2026-03-02T08:00+01:00\n"),
        (
            ("--on", "2026-04-10", "--ics", "no/such/folder.ics"),
            "cytovigil: 'folder.ics' cannot be written (No such file or directory): free space, or choose another "
            "folder\n",
        ),
    ],
)  # fmt: skip
def test_one_sentence_where_it_cannot(run: Run, followed: Path, options: tuple[str, ...], sentence: str) -> None:
    done = run("followup", followed, *options)
    assert (done.code, done.err) == (2, sentence)


def test_problems_are_counted(run: Run, followed: Path) -> None:
    with (followed / "events.csv").open("a", encoding="utf-8") as file:
        file.write("P1,2026-04-02T08:00+02:00,igg,much,g/L,,lab/3,\n")
    done = run("followup", followed, "--on", "2026-04-10")
    assert done.code == 0 and "\n1 problems\n" in done.out
