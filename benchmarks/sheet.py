"""Grade a synthetic laboratory sheet of 600 patients in a fresh process and print the time of the command.

python -m benchmarks.sheet -- --report full
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from benchmarks.run import DATA, line, measure

PATIENTS, DAILY, WEEKLY = 600, 30, 10
SCALES = "icaht-early-liang-2024,icaht-late-liang-2024"
HEADER = ("patient_id", "cart_date", "date", "anc", "progression_date", "subsequent_therapy_date", "last_fu_date")
COUNTS = (0, 50, 120, 300, 470, 800, 1200, 2400, 4300)

Row = tuple[str | int | date | None, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the sheet if it is missing, grade it, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sheet", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="how often the command runs")
    parser.add_argument("grade_options", nargs="*", help="after --: further options of `cytovigil grade`")
    chosen = parser.parse_args(arguments)
    path, rows = DATA / f"sheet-{PATIENTS}.xlsx", PATIENTS * (DAILY + WEEKLY)
    if not path.exists():
        write_sheet(path)
    for _ in range(chosen.times):
        print(line(measure(path, PATIENTS, rows, ("--scales", SCALES, *chosen.grade_options))), flush=True)


def write_sheet(path: Path) -> None:
    """Counts of each day in the first month, then of each week; some patients progress."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("anc")
    sheet.append(HEADER)
    for row in _rows(random.Random(1)):
        sheet.append(row)
    book.save(path)


def _rows(chance: random.Random) -> Iterator[Row]:
    for number in range(PATIENTS):
        infused = date(2023, 1, 1) + timedelta(days=chance.randrange(900))
        progressed = infused + timedelta(days=chance.randrange(60, 300)) if chance.random() < 0.4 else None
        seen = infused + timedelta(days=chance.randrange(300, 700))
        for day in (*range(DAILY), *range(DAILY, DAILY + 7 * WEEKLY, 7)):
            count = chance.choice(COUNTS)
            yield f"P{number:04}", infused, infused + timedelta(days=day), count, progressed, None, seen


if __name__ == "__main__":
    main()
