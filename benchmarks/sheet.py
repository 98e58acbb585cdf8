"""A synthetic laboratory sheet as centres keep them: 600 patients, their counts of each day, then of each week."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

PATIENTS, DAILY, WEEKLY = 600, 30, 10
SHEET_SCALES = "icaht-early-liang-2024,icaht-late-liang-2024"
HEADER = ("patient_id", "cart_date", "date", "anc", "progression_date", "subsequent_therapy_date", "last_fu_date")
COUNTS = (0, 50, 120, 300, 470, 800, 1200, 2400, 4300)

Row = tuple[str | int | date | None, ...]


def write_sheet(path: Path) -> Path:
    """The sheet at this place, made if it is not there yet; some patients progress."""
    if not path.exists():
        book = Workbook(write_only=True)
        sheet = book.create_sheet("anc")
        sheet.append(HEADER)
        for row in _rows(random.Random(1)):
            sheet.append(row)
        book.save(path)
    return path


def _rows(chance: random.Random) -> Iterator[Row]:
    for number in range(PATIENTS):
        infused = date(2023, 1, 1) + timedelta(days=chance.randrange(900))
        progressed = infused + timedelta(days=chance.randrange(60, 300)) if chance.random() < 0.4 else None
        seen = infused + timedelta(days=chance.randrange(300, 700))
        for day in (*range(DAILY), *range(DAILY, DAILY + 7 * WEEKLY, 7)):
            count = chance.choice(COUNTS)
            yield f"P{number:04}", infused, infused + timedelta(days=day), count, progressed, None, seen
