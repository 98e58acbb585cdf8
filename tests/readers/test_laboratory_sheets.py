"""Laboratory sheets, CSV and XLSX: what becomes of each cell, and that no sheet ends in a traceback."""

import random
import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tables_kit import Read, read_paths

from cytovigil.model.events import UNREADABLE, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.times import day_of, format_time
from cytovigil.readers import xlsx_rows
from cytovigil.readers.errors import InputError
from cytovigil.readers.tables import suggest_mapping
from cytovigil.report.language import speaker

HEADER = ("patient_id", "cart_date", "date", "anc", "progression_date", "subsequent_therapy_date", "last_fu_date")
ZONE = ZoneInfo("Europe/Amsterdam")
INFUSED, LAST_SEEN = date(2024, 3, 1), date(2024, 9, 1)

Row = Sequence[Any]
ROWS: tuple[Row, ...] = (
    ("P1", INFUSED, date(2024, 3, 1), 1200, None, None, LAST_SEEN),
    ("P1", INFUSED, date(2024, 3, 2), 450, None, None, LAST_SEEN),
    ("P2", date(2024, 5, 6), date(2024, 5, 10), 0, date(2024, 7, 1), date(2024, 7, 9), date(2025, 1, 1)),
)


def workbook(rows: Sequence[Row], header: Row = HEADER, name: str = "Sheet1") -> Workbook:
    book = Workbook()
    book.active.title = name
    for row in (header, *rows):
        book.active.append(list(row))
    return book


def read_workbook(folder: Path, book: Workbook, name: str = "sheet.xlsx") -> Read:
    book.save(folder / name)
    return read_paths([folder / name])


def read_rows(folder: Path, *rows: Row, header: Row = HEADER) -> Read:
    return read_workbook(folder, workbook(rows, header))


def read_csv(folder: Path, text: str, header: str = ",".join(HEADER)) -> Read:
    path = folder / "sheet.csv"
    path.write_text(f"{header}\n{text}", "utf-8")
    return read_paths([path])


def charted(read: Read) -> list[tuple[str, str, str, int | None, str]]:
    return [(e.patient_id, format_time(e.time, ZONE)[:16], e.signal, e.low, e.shown) for e in read.events]


def infused(read: Read) -> list[tuple[str, int, str]]:
    found = [patient for course in read.courses for patient in course.infusions]
    return [(one.patient_id, one.infusion, str(day_of(one.infusion_time, ZONE))) for one in found]


def day(patient: Patient, column: str) -> str:
    seconds = getattr(patient, column)
    return "" if seconds is None else str(day_of(seconds, ZONE))


def csv_of(rows: Sequence[Row]) -> str:
    return "".join(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_row_is_a_count_and_says_who_was_infused_when(tmp_path: Path, form: str) -> None:
    found = read_csv(tmp_path, csv_of(ROWS)) if form == "csv" else read_rows(tmp_path, *ROWS)
    assert charted(found) == [
        ("P1", "2024-03-01T12:00", "neutrophils", 1200, "1200 /uL"),
        ("P1", "2024-03-02T12:00", "neutrophils", 450, "450 /uL"),
        ("P2", "2024-05-10T12:00", "neutrophils", 0, "0 /uL"),
    ]
    assert infused(found) == [("P1", 1, "2024-03-01"), ("P2", 1, "2024-05-06")]
    first, second = (course.infusions[0] for course in found.courses)
    assert [day(first, c) for c in ("progression_date", "next_therapy_date", "last_followup")] == ["", "", "2024-09-01"]
    assert day(second, "progression_date") == "2024-07-01"
    assert day(second, "next_therapy_date") == "2024-07-09"
    assert day(second, "last_followup") == "2025-01-01"
    assert all(event.flags == {"time_assumed"} for event in found.events) and first.flags == {"time_assumed"}
    assert not found.problems
    assert [(one["file"], one["rows"]) for one in found.inputs] == [(f"sheet.{form}", 3)]


def test_workbook_and_csv_of_one_sheet_read_alike(tmp_path: Path) -> None:
    rows = [
        *ROWS,
        ("P1", INFUSED, date(2024, 3, 4), "x", None, None, None),
        ("", INFUSED, INFUSED, 100, None, None, None),
    ]
    one, other = read_rows(tmp_path, *rows), read_csv(tmp_path, csv_of(rows))
    assert one.courses == other.courses
    assert [problem._replace(file="") for problem in one.problems] == [p._replace(file="") for p in other.problems]
    assert [(p.code, p.row, p.field) for p in one.problems] == [
        ("not_a_number", "5", "anc"), ("no_patient_id", "6", "patient_id"),
    ]  # fmt: skip


@pytest.mark.parametrize("largest", [0, 0.2, 4.3, 50])
def test_a_sheet_with_small_values_only_is_refused_with_a_question(tmp_path: Path, largest: float) -> None:
    rows = [("P1", INFUSED, INFUSED, value) for value in (largest, 0, "NA", None)]
    with pytest.raises(InputError, match=rf"'sheet.xlsx': the largest anc is {largest:g}: is the column in 10\*9/L\?"):
        read_rows(tmp_path, *rows)
    with pytest.raises(InputError, match=r"'sheet.csv'.*cells per uL: multiply it by 1000"):
        read_csv(tmp_path, csv_of(rows), ",".join(HEADER[:4]))


def test_one_value_above_fifty_is_enough(tmp_path: Path) -> None:
    found = read_rows(tmp_path, ("P1", INFUSED, INFUSED, 51), ("P1", INFUSED, date(2024, 3, 2), "<50"))
    assert [(event.low, event.high) for event in found.events] == [(51, 51), (0, 49)]


def test_a_sheet_without_a_readable_value_is_not_refused(tmp_path: Path) -> None:
    found = read_rows(tmp_path, ("P1", INFUSED, INFUSED, "many"), ("P1", INFUSED, INFUSED, "0.3 10*9/L"))
    assert [problem.code for problem in found.problems] == ["not_a_number", "not_a_number"]


@pytest.mark.parametrize("name", ["plt", "Platelets", "PLT"])
def test_platelets_are_in_10_9_per_litre(tmp_path: Path, name: str) -> None:
    header = ("Patient ID", "CART-date", "Date", "ANC", name)
    found = read_rows(
        tmp_path, ("P1", INFUSED, INFUSED, 800, 25.5), ("P1", INFUSED, INFUSED, None, 3000), header=header
    )
    assert [(e.signal, e.low, e.shown) for e in found.events] == [
        ("neutrophils", 800, "800 /uL"), ("platelets", 255, "25.5 10*9/L"), ("platelets", 30000, "3000 10*9/L"),
    ]  # fmt: skip


def test_platelets_that_must_be_per_microlitre_are_refused(tmp_path: Path) -> None:
    rows = ("P1", INFUSED, INFUSED, 800, 25), ("P1", INFUSED, INFUSED, 800, 3001)
    with pytest.raises(InputError, match=r"largest platelet count is 3001: .* in 10\*9/L: divide it by 1000"):
        read_rows(tmp_path, *rows, header=(*HEADER[:4], "plt"))


CELLS: list[tuple[Any, str]] = [
    (date(2024, 3, 2), "2024-03-02T12:00"),
    (datetime.fromisoformat("2024-03-02T08:30"), "2024-03-02T08:30"),
    (datetime.fromisoformat("2024-03-02"), "2024-03-02T12:00"),
    ("2024-03-02", "2024-03-02T12:00"),
    ("2024-03-02 00:00:00", "2024-03-02T12:00"),
    ("2024-03-02T00:00", "2024-03-02T12:00"),
    ("2024-03-02 00:01:00", "2024-03-02T00:01"),
    ("2-3-2024", "2024-03-02T12:00"),
    (" 02-03-2024 ", "2024-03-02T12:00"),
    (45353, "2024-03-02T12:00"),
    (45353.25, "2024-03-02T06:00"),
    (20240302, "2024-03-02T12:00"),
]


@pytest.mark.parametrize(("cell", "time"), CELLS)
def test_dates_as_workbooks_hold_them(tmp_path: Path, cell: Any, time: str) -> None:
    found = read_rows(tmp_path, ("P1", INFUSED, cell, 900))
    assert [format_time(event.time, ZONE)[:16] for event in found.events] == [time]
    assert found.events[0].flags == ({"time_assumed"} if time.endswith("12:00") else set())
    assert not found.problems


@pytest.mark.parametrize("cell", ["soon", "3/2/2024", "2024-02-30", 0, 80000, -1, "45353", True, "NA", None])
def test_dates_that_cannot_be_read_are_problems(tmp_path: Path, cell: Any) -> None:
    found = read_rows(tmp_path, ("P1", INFUSED, cell, 900), ("P1", INFUSED, INFUSED, 800))
    assert [(p.code, p.row, p.used) for p in found.problems] == [("bad_time", "2", "no")]
    assert len(found.events) == 1


def test_days_counted_from_1904(tmp_path: Path) -> None:
    book = workbook([("P1", INFUSED, 45353 - 1462, 900)])
    book.epoch = CALENDAR_MAC_1904
    found = read_workbook(tmp_path, book)
    assert [format_time(event.time, ZONE)[:10] for event in found.events] == ["2024-03-02"]


VALUES: list[tuple[Any, int | str]] = [
    (900, 900), (900.0, 900), ("900", 900), (" 900 ", 900), ("900,4", 900), ("1.200,5", 1200), (1200.6, 1201),
    ("1,200", "ambiguous_number"), ("1.200", "unit_contradicts_value"), (0.5, "unit_contradicts_value"),
    ("none", "not_a_number"), (-5, "implausible"), (date(2024, 3, 1), "not_a_number"), ("NaN", ""), ("NA", ""),
    ("", ""), (None, ""), ("  ", ""),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "meant"), VALUES)
def test_counts_as_workbooks_hold_them(tmp_path: Path, cell: Any, meant: int | str) -> None:
    found = read_rows(tmp_path, ("P1", INFUSED, INFUSED, 2000), ("P1", INFUSED, date(2024, 3, 2), cell))
    if isinstance(meant, int):
        assert [event.low for event in found.events] == [2000, meant] and not found.problems
        return
    assert [event.low for event in found.events] == ([2000, None] if meant else [2000])
    assert [(p.code, p.row, p.field) for p in found.problems] == ([(meant, "3", "anc")] if meant else [])
    assert all(event.word == UNREADABLE for event in found.events[1:])


def test_a_formula_is_a_problem_in_any_column(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path, ("P1", INFUSED, INFUSED, 900, None, None, LAST_SEEN),
        ("P1", INFUSED, "=C2+1", 800), ("P1", INFUSED, date(2024, 3, 3), "=D2*2"),
        ("=A2", INFUSED, date(2024, 3, 4), 700), ("P1", "=B2", date(2024, 3, 5), 600, "=B2+30"),
    )  # fmt: skip
    assert sorted((p.code, p.row, p.field, p.used) for p in found.problems) == [
        ("formula_cell", "3", "time", "no"), ("formula_cell", "4", "anc", "as_unknown"),
        ("formula_cell", "5", "patient_id", "no"),
        ("formula_cell", "6", "cart_date", "as_unknown"), ("formula_cell", "6", "progression_date", "as_unknown"),
    ]  # fmt: skip
    assert [event.low for event in found.events] == [900, None, 600]


def test_the_stored_value_of_a_formula_does_not_count_and_rows_of_formulas_are_not_lost(tmp_path: Path) -> None:
    book = workbook([("P1", INFUSED, INFUSED, 900), ("P1", INFUSED, INFUSED, "=1"), ("=1", "=1", "=1", "=1")])
    content = change_part(book, "xl/worksheets/sheet1.xml", b"<f>1</f><v />", b"<f>1</f><v>777</v>", 1)
    (tmp_path / "sheet.xlsx").write_bytes(content)
    found = read_paths([tmp_path / "sheet.xlsx"])
    assert [event.low for event in found.events] == [900, None]
    assert [(p.code, p.row, p.field) for p in found.problems] == [
        ("formula_cell", "3", "anc"), ("formula_cell", "4", "patient_id"),
    ]  # fmt: skip


def test_an_error_cell_is_a_problem(tmp_path: Path) -> None:
    book = workbook([("P1", INFUSED, INFUSED, 900), ("P1", INFUSED, date(2024, 3, 2), "#N/A")])
    book.active["D3"].data_type = "e"
    found = read_workbook(tmp_path, book)
    assert [(p.code, p.row, p.field) for p in found.problems] == [("not_a_number", "3", "anc")]


def test_titles_merged_cells_gaps_and_empty_rows(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet["B2"] = "Counts after CAR-T cells"
    sheet.merge_cells("B2:E2")
    for place, cell in zip("BCDEF", ("patient_id", "cart_date", "date", "anc", "ward"), strict=True):
        sheet[f"{place}4"] = cell
        sheet.merge_cells(f"{place}4:{place}5")
    for row, value in ((7, 900), (9, 700)):
        sheet[f"B{row}"], sheet[f"C{row}"], sheet[f"D{row}"], sheet[f"E{row}"] = 101, INFUSED, INFUSED, value
    sheet["E12"] = " "
    sheet["E40"].number_format = "0.0"
    found = read_workbook(tmp_path, book)
    assert [(event.patient_id, event.low) for event in found.events] == [("101", 900), ("101", 700)]
    assert [(p.code, p.row, p.field) for p in found.problems] == [("extra_column", "1", "ward")]
    assert found.inputs[0]["rows"] == 2


def test_the_first_worksheet_with_the_header_is_read(tmp_path: Path) -> None:
    book = workbook([("a note",)], ("about",), "Read me")
    for name, value in (("Counts", 900), ("Old", 100)):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append(["P1", INFUSED, INFUSED, value])
    book.create_chartsheet("Picture")
    book.create_sheet("Far below")["B60"] = "a value"
    book.create_sheet("Empty")["A1"] = " "
    found = read_workbook(tmp_path, book)
    assert [event.low for event in found.events] == [900]
    assert [(p.code, p.value, p.used) for p in found.problems] == [
        ("extra_worksheet", name, "no") for name in ("Far below", "Old", "Read me")
    ]
    said = {p.value: p.problem for p in found.problems}
    assert "only the first worksheet with this header is read" in said["Old"]
    assert said["Read me"] == said["Far below"] and "has no header of a laboratory sheet" in said["Read me"]


def test_a_workbook_without_the_header_names_its_worksheets(tmp_path: Path) -> None:
    book = workbook([("P1", INFUSED)], ("patient_id", "infusion_time"), "Patients")
    book.create_sheet("Events")
    with pytest.raises(InputError, match=r"no worksheet \(of 'Patients', 'Events'\) has a header with patient_id"):
        read_workbook(tmp_path, book)
    workbook(ROWS).save(tmp_path / "good.xlsx")
    (tmp_path / "~$good.xlsx").write_bytes(b"locked")
    found = read_paths([tmp_path])
    assert len(found.events) == 3
    assert [(p.file, p.code) for p in found.problems] == [("sheet.xlsx", "not_a_table")]


def test_a_header_below_many_rows_is_not_looked_for(tmp_path: Path) -> None:
    book = workbook([*[("x",)] * (xlsx_rows.HEADER_WITHIN - 2), HEADER, *ROWS], ("title",))
    assert len(read_workbook(tmp_path, book).events) == 3
    book.active.insert_rows(1)
    with pytest.raises(InputError, match="no worksheet"):
        read_workbook(tmp_path, book)


def test_dates_of_a_patient_stand_in_any_row(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path, ("P1", None, INFUSED, 900, date(2024, 5, 1), None, None), ("P1", INFUSED, date(2024, 3, 2), 800),
        ("P1", None, date(2024, 3, 3), 700, None, date(2024, 5, 3), None),
        ("P1", INFUSED, None, None, None, None, LAST_SEEN),
    )  # fmt: skip
    patient = found.courses[0].infusions[0]
    assert infused(found) == [("P1", 1, "2024-03-01")] and len(found.events) == 3
    columns = "progression_date", "next_therapy_date", "last_followup"
    assert [day(patient, column) for column in columns] == ["2024-05-01", "2024-05-03", "2024-09-01"]
    assert not found.problems


def test_of_contradicting_dates_the_earliest_counts(tmp_path: Path) -> None:
    dates = date(2024, 6, 1), "2024-05-01", None, date(2024, 6, 1), "01-06-2024", "soon", "soon", date(2024, 7, 1)
    rows = [("P1", INFUSED, date(2024, 3, number), 900, cell) for number, cell in enumerate(dates, start=1)]
    found = read_rows(tmp_path, *rows)
    assert day(found.courses[0].infusions[0], "progression_date") == "2024-05-01"
    assert [(p.code, p.row, p.field, p.used) for p in found.problems] == [
        ("contradicting_date", "2", "progression_date", "no"), ("bad_time", "7", "progression_date", "as_unknown"),
        ("contradicting_date", "9", "progression_date", "no"),
    ]  # fmt: skip


def test_a_date_before_the_infusion_is_the_problem_it_is_in_tables(tmp_path: Path) -> None:
    found = read_rows(tmp_path, ("P1", INFUSED, INFUSED, 900, date(2023, 1, 1)))
    assert [(p.code, p.used) for p in found.problems] == [("impossible_date", "as_unknown")]


def test_a_patient_without_a_cart_date_is_a_problem(tmp_path: Path) -> None:
    found = read_rows(tmp_path, *ROWS, ("P3", None, INFUSED, 900), ("P4", "soon", INFUSED, 900))
    assert {(p.patient_id, p.code) for p in found.problems} == {
        ("P3", "bad_time"), ("P3", "unknown_patient"), ("P4", "bad_time"), ("P4", "unknown_patient"),
    }  # fmt: skip
    assert len(found.courses) == 2


SECOND = date(2024, 8, 1)


def test_one_cart_date_in_two_spellings_is_one_infusion(tmp_path: Path) -> None:
    rows = [("P1", "2024-03-01 10:30", date(2024, 3, 2), 450, None, None, LAST_SEEN),
            ("P1", INFUSED, date(2024, 3, 3), 300, None, None, LAST_SEEN)]  # fmt: skip
    (course,) = read_rows(tmp_path, *rows).courses
    assert [day_of(one.infusion_time, ZONE) for one in course.infusions] == [INFUSED] and len(course.events) == 2


def test_two_cart_dates_are_two_infusions_in_order(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path, ("P1", SECOND, date(2024, 7, 25), 600, None, None, date(2025, 1, 1)), ("P1", SECOND, SECOND, 500),
        ("P1", INFUSED, INFUSED, 900, date(2024, 6, 1)), ("P1", INFUSED, SECOND, 800),
    )  # fmt: skip
    assert infused(found) == [("P1", 1, "2024-03-01"), ("P1", 2, "2024-08-01")]
    first, second = found.courses[0].infusions
    assert (day(first, "progression_date"), day(second, "progression_date")) == ("2024-06-01", "")
    assert (day(first, "last_followup"), day(second, "last_followup")) == ("", "2025-01-01")
    assert [(p.code, p.row, p.used) for p in found.problems] == [("several_infusions", "2", "yes")]


@pytest.mark.parametrize(
    "rows",
    [
        [("P1", INFUSED, date(2024, 8, 2), 900), ("P1", SECOND, SECOND, 500)],  # the first goes on after the second
        [("P1", INFUSED, INFUSED, 900), ("P1", SECOND, date(2024, 7, 31), 500)],  # nothing from the second on
    ],
)
def test_cart_dates_that_may_be_slips_are_not_graded(tmp_path: Path, rows: list[Row]) -> None:
    found = read_rows(tmp_path, *rows, ("P2", INFUSED, INFUSED, 700))
    assert infused(found) == [("P2", 1, "2024-03-01")]
    assert ("contradicting_date", "3", "cart_date", "no") in found.codes()
    assert {p.code for p in found.problems} == {"contradicting_date", "bad_time", "unknown_patient"}


def test_a_date_beside_no_cart_date_of_several_is_a_problem(tmp_path: Path) -> None:
    found = read_rows(
        tmp_path, ("P1", INFUSED, INFUSED, 900), ("P1", SECOND, SECOND, 500), ("P1", None, SECOND, None, SECOND)
    )
    assert ("contradicting_date", "4", "progression_date", "no") in found.codes()
    assert len(infused(found)) == 2


def test_a_csv_sheet_of_a_dutch_spreadsheet(tmp_path: Path) -> None:
    found = read_csv(tmp_path, "P1;01-03-2024;02-03-2024;450,0\n", "patient_id;cart_date;date;anc")
    assert [event.low for event in found.events] == [450] and not found.problems


def test_broken_lines_of_a_csv_sheet_are_told_once(tmp_path: Path) -> None:
    found = read_csv(tmp_path, "P1,2024-03-01,2024-03-01,900,,,\nP1,2024-03-01\n,2024-03-01,2024-03-02,5,,,\n")
    assert [(p.code, p.row) for p in found.problems] == [("wrong_field_count", "3"), ("no_patient_id", "4")]


def test_sheets_can_be_looked_through_for_what_nothing_maps(tmp_path: Path) -> None:
    workbook(ROWS).save(tmp_path / "sheet.xlsx")
    assert suggest_mapping([tmp_path / "sheet.xlsx"], None, Settings()) == []


def change_part(book: Workbook, part: str, old: bytes, new: bytes, count: int = -1) -> bytes:
    saved, changed = BytesIO(), BytesIO()
    book.save(saved)
    with ZipFile(saved) as source, ZipFile(changed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new, count)
                part = ""
            target.writestr(name, content)
    assert not part
    return changed.getvalue()


def packed(**parts: bytes) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


MAIN = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def by_hand(rows: str, strings: str, target: str = "/xl/worksheets/sheet1.xml") -> bytes:
    """A workbook as other programs write it: with prefixes, shared texts, and paths from the top."""
    book = f'<x:workbook {MAIN} xmlns:r="{LINKS}"><x:sheets><x:sheet name="S" r:id="a"/></x:sheets></x:workbook>'
    links = f'<Relationships><Relationship Id="a" Type="{LINKS}/worksheet" Target="{target}"/></Relationships>'
    return packed(
        xl__workbook_dot_xml=book.encode(), xl___rels__workbook_dot_xml_dot_rels=links.encode(),
        xl__sharedStrings_dot_xml=f"<x:sst {MAIN}>{strings}</x:sst>".encode(),
        xl__worksheets__sheet1_dot_xml=f"<x:worksheet {MAIN}><x:sheetData>{rows}</x:sheetData></x:worksheet>".encode(),
    )  # fmt: skip


STRINGS = (
    "<x:si><x:t>patient_id</x:t></x:si><x:si><x:r><x:t>cart_</x:t></x:r><x:r><x:t>date</x:t></x:r></x:si>"
    "<x:si><x:t>date</x:t></x:si><x:si><x:t> anc </x:t><x:rPh><x:t>said so</x:t></x:rPh></x:si>"
    "<x:si><x:t>P1</x:t></x:si>"
)
SHARED_ROWS = (
    '<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c><x:c t="s"><x:v>2</x:v></x:c>'
    '<x:c t="s"><x:v>3</x:v></x:c></x:row>'
    '<x:row r="5"><x:c r="A5" t="s"><x:v>4</x:v></x:c><x:c r="C5"><x:v>45353</x:v></x:c><x:c><x:v>9e2</x:v></x:c>'
    '<x:c r="B5" t="d"><x:v>2024-03-01</x:v></x:c></x:row>'
)


@pytest.mark.parametrize("target", ["/xl/worksheets/sheet1.xml", "worksheets/sheet1.xml"])
def test_workbooks_of_other_programs(tmp_path: Path, target: str) -> None:
    (tmp_path / "sheet.xlsx").write_bytes(by_hand(SHARED_ROWS, STRINGS, target))
    found = read_paths([tmp_path / "sheet.xlsx"])
    assert charted(found) == [("P1", "2024-03-02T12:00", "neutrophils", 900, "900 /uL")]
    assert infused(found) == [("P1", 1, "2024-03-01")] and not found.problems


@pytest.mark.parametrize("place", ["5", "-1", "", "1.0", "x"])
def test_a_text_that_is_not_there_is_damage(tmp_path: Path, place: str) -> None:
    rows = SHARED_ROWS.replace("<x:v>4</x:v>", f"<x:v>{place}</x:v>")
    (tmp_path / "sheet.xlsx").write_bytes(by_hand(rows, STRINGS))
    with pytest.raises(InputError, match="damaged"):
        read_paths([tmp_path / "sheet.xlsx"])


FORMATS = [("d-m-yyyy", True), ("[$-413]d mmm", True), ("[h]:mm", True), ('0.0" days"', False), ("#,##0\\d", False)]


@pytest.mark.parametrize(
    ("shown_as", "is_date"), [*FORMATS, ("[Red]0", False), ("General", False), ("0.00E+00", False)]
)
def test_a_count_that_is_shown_as_a_date_is_a_problem(tmp_path: Path, shown_as: str, is_date: bool) -> None:
    book = workbook([("P1", INFUSED, INFUSED, 900), ("P1", INFUSED, date(2024, 3, 2), 45000)])
    book.active["D3"].number_format = shown_as
    found = read_workbook(tmp_path, book)
    assert [problem.value for problem in found.problems] == (["2023-03-15"] if is_date else [])
    assert [event.low for event in found.events] == [900, None if is_date else 45000]


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
REFUSED: list[tuple[str, bytes, str]] = [
    ("sheet.xls", OLE + b"\0" * 600, "old form"),
    ("sheet.xlsx", OLE + b"\0" * 600, "old form"),
    ("sheet.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    ("sheet.xlsx", b"", "not an Excel workbook"),
    ("sheet.xls", b"<html><table>", "not an Excel workbook"),
    ("sheet.xlsx", ",".join(HEADER).encode(), "not an Excel workbook"),
    ("sheet.xlsx", b"PK\x03\x04", "damaged"),
    ("sheet.ods", packed(content_dot_xml=b"<x/>"), "damaged"),
    ("sheet.xlsb", packed(xl__workbook_dot_bin=b"x"), "damaged"),
    ("sheet.xlsx", packed(xl__workbook_dot_xml=b"<a><b></a>", xl___rels__workbook_dot_xml_dot_rels=b"<a/>"), "damaged"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), REFUSED)
def test_what_is_no_workbook_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=sentence) as caught:
        read_paths([tmp_path / name])
    assert f"'{name}'" in str(caught.value) and "\n" not in str(caught.value)


def test_refusals_of_workbooks_and_sheets_are_told_in_dutch(tmp_path: Path) -> None:
    refused = [tmp_path / f"{place}{name}" for place, (name, _, _) in enumerate(REFUSED)]
    for path, (_, content, _) in zip(refused, REFUSED, strict=True):
        path.write_bytes(content)
    for name, header, row in (
        ("none.xlsx", ("patient_id",), ("P1",)),
        ("anc.xlsx", HEADER, ("P1", INFUSED, INFUSED, 4.3)),
        ("plt.xlsx", (*HEADER[:4], "plt"), ("P1", INFUSED, INFUSED, 800, 3001)),
    ):
        workbook([row], header).save(tmp_path / name)
        refused.append(tmp_path / name)
    for path in refused:
        with pytest.raises(InputError) as caught:
            read_paths([path])
        dutch = caught.value.tell(speaker("nl"))
        assert path.name in dutch and re.search(r"\b(is geen|is met|is een|geen werkblad|grootste?)\b", dutch), dutch


def test_only_a_workbook_that_is_none_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook(ROWS).save(tmp_path / "sheet.xlsx")
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("the whole file was read"))
    assert len(read_paths([tmp_path / "sheet.xlsx"]).events) == 3


def test_a_csv_sheet_with_decimal_commas(tmp_path: Path) -> None:
    header = ";".join((*HEADER[:4], "plt"))
    found = read_csv(tmp_path, "P1;2024-03-01;2024-03-01;12.000;25,5\nP1;2024-03-01;2024-03-02;900;250.000\n", header)
    assert [(p.code, p.row, p.field, p.value) for p in found.problems] == [
        ("ambiguous_number", "2", "anc", "12.000"), ("ambiguous_number", "3", "platelets", "250.000"),
    ]  # fmt: skip
    assert [(e.signal, e.low) for e in found.events] == [
        ("neutrophils", None), ("platelets", 255), ("neutrophils", 900), ("platelets", None),
    ]  # fmt: skip
    only_points = "P1;2024-03-01;2024-03-01;12.000;25.5\n"
    with pytest.raises(InputError, match="the largest anc is 12:"):
        read_csv(tmp_path, only_points, header)
    found = read_csv(tmp_path, only_points.replace("25.5", "25,5"), header)
    assert [p.code for p in found.problems] == ["ambiguous_number"]


def test_a_count_that_contradicts_the_unit_shows_its_cell(tmp_path: Path) -> None:
    found = read_rows(tmp_path, ("P1", INFUSED, INFUSED, 2000), ("P1", INFUSED, date(2024, 3, 2), 0.5))
    (problem,) = found.problems
    assert (problem.code, problem.field, problem.value) == ("unit_contradicts_value", "anc", "0.5")
    assert problem.problem.startswith("'0.5' of neutrophils is not plausible in /uL")


def test_a_few_bytes_that_stand_for_gigabytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(packed(xl__workbook_dot_xml=b" " * (xlsx_rows.MOST_BYTES + 1)))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(InputError, match="too large"):
        read_paths([path])
    path.write_bytes(packed(**{f"a{number}_dot_xml": b"" for number in range(xlsx_rows.MOST_PARTS + 1)}))
    with pytest.raises(InputError, match="too large"):
        read_paths([path])
    monkeypatch.setattr(xlsx_rows, "MOST_BYTES", 100)
    workbook(ROWS).save(path)
    with pytest.raises(InputError, match="too large"):
        read_paths([path])


def test_far_cells_cost_nothing_and_are_not_read(tmp_path: Path) -> None:
    book = workbook(ROWS)
    book.active["XFD2"] = book.active["XFD1048576"] = 1
    assert len(read_workbook(tmp_path, book).events) == 3


@pytest.mark.parametrize(("place", "codes"), [("SF1", ["extra_column"]), ("SG1", [])])
def test_the_header_ends_with_column_500(tmp_path: Path, place: str, codes: list[str]) -> None:
    book = workbook(ROWS)
    book.active[place] = "ward"
    assert [problem.code for problem in read_workbook(tmp_path, book).problems] == codes


def test_a_part_that_is_larger_than_the_zip_says_is_not_unpacked(tmp_path: Path) -> None:
    content = bytearray(packed(xl__workbook_dot_xml=b" " * 1_000_000))
    size = (1_000_000).to_bytes(4, "little")
    (tmp_path / "sheet.xlsx").write_bytes(content.replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(InputError, match="damaged"):
        read_paths([tmp_path / "sheet.xlsx"])


def outcome(path: Path) -> Read | str:
    """What was read, or the sentence of the refusal; nothing else may come."""
    try:
        return read_paths([path])
    except InputError as error:
        sentence = str(error)
    assert path.name in sentence or "no patient was found" in sentence
    assert "\n" not in sentence
    return sentence


PARTS: list[tuple[str, bytes, bytes]] = [
    ("xl/workbook.xml", b'r:id="rId1"', b""),
    ("xl/workbook.xml", b'name="Sheet1"', b'name="Other"'),
    ("xl/workbook.xml", b'name="Sheet1"', b""),
    ("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"worksheets/none.xml"),
    ("xl/worksheets/sheet1.xml", b"</sheetData>", b""),
    ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="ZZZZ99999999"'),
    ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="A0"'),
    ("xl/worksheets/sheet1.xml", b'r="2"', b'r="two"'),
    ("xl/worksheets/sheet1.xml", b'r="2"', b'r="-2"'),
    ("xl/worksheets/sheet1.xml", b't="n"', b't="s"'),
    ("xl/worksheets/sheet1.xml", b't="inlineStr"', b't="zz"'),
    ("xl/worksheets/sheet1.xml", b"<v>1200</v>", b"<v>1e999</v>"),
    ("xl/worksheets/sheet1.xml", b"<v>1200</v>", b"<v>NaN</v>"),
    ("xl/worksheets/sheet1.xml", b"<v>1200</v>", b"<v>many</v>"),
    ("xl/worksheets/sheet1.xml", b"<v>45352</v>", b"<v>1e300</v>"),
    ("xl/worksheets/sheet1.xml", b"<v>45352</v>", b"<v>-1e9</v>"),
    ("xl/styles.xml", b'formatCode="', b'other="'),
    ("xl/styles.xml", b"</numFmts>", b""),
]


@pytest.mark.parametrize(("part", "old", "new"), PARTS)
def test_a_broken_part_is_a_sentence_or_a_problem(tmp_path: Path, part: str, old: bytes, new: bytes) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(change_part(workbook(ROWS), part, old, new))
    found = outcome(path)
    assert isinstance(found, str) or found.problems or found.events


@pytest.mark.parametrize("seed", range(60))
def test_damage_anywhere_never_ends_in_a_traceback(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    saved = BytesIO()
    workbook(ROWS * 5).save(saved)
    content = bytearray(saved.getvalue())
    for _ in range(chance.choice((1, 3, 20))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(content[: chance.choice((len(content), len(content), chance.randrange(len(content))))])
    outcome(path)


ODD_CELLS = [
    "",
    None,
    "NA",
    "=1+1",
    "#REF!",
    "x" * 40_000,
    "a\nb",
    "\t",
    -1,
    1e300,
    10**20,
    True,
    0.1 + 0.2,
    "١٢",
    "<",
    "1,2,3",
]


@pytest.mark.parametrize("seed", range(60))
def test_odd_cells_anywhere_never_end_in_a_traceback(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = [list(row) for row in ROWS]
    for _ in range(chance.randrange(1, 9)):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice([*ODD_CELLS, *(cell for cell, _ in CELLS)])
    workbook(rows, chance.choice((HEADER, (*HEADER[:4], *HEADER[:3])))).save(tmp_path / "sheet.xlsx")
    outcome(tmp_path / "sheet.xlsx")
