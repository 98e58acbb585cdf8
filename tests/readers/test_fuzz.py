"""Two hundred ways to break a table: no traceback, and nothing that became unusable is silent."""

import random
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables_kit import EVENTS, HEADER, PATIENTS, Read, Reader, read_paths

from cytovigil.model.settings import Settings
from cytovigil.model.times import format_time
from cytovigil.readers.errors import InputError

MUTATIONS = 200
COLUMNS = HEADER.strip().split(",")
# Cells that make a row of these columns unusable, or usable only as unknown, or with a note.
BAD_CELLS = {
    "patient_id": ["", "NA", "=P1", "@P1", "NOBODY"],
    "time": [
        "",
        "soon",
        "2026-02-30",
        "31-02-2026 10:00",
        "1776-07-04",
        "9999-01-01",
        "46000",
        "2026-03-02T25:61",
        "=NOW()",
        "2026-03-02T08:00+99:00",
        "NaN",
        "2026-03-29T02:30",
        "0000-00-00",
        "٢٠٢٦",
    ],
    "signal": ["", "fluid", "temperature;", "=A1", "+cmd|' /C calc'!A0", "NULL", "nan", "x" * 500],
    "end": ["soon", "2025-01-01", "2026-02-30", "=A1", "1776-07-04"],
}
BAD_NUMBERS = [
    "",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "1e400",
    "9" * 40,
    "1e99",
    "=1+1",
    "@A1",
    "-=1",
    "high",
    "3 8 . 6",
    "38.6.1",
    "1,234",
    "--5",
    "0x1F",
    "５x",
    "<",
    "<>5",
    "1_000",
    "NULL",
    "-40",
]
BAD_UNITS = ["furlong", "mm[Hg]xx", "=A1", "Cel/Cel", "🌡", "L/L/L/L", "%%%"]


class Broken(NamedTuple):
    """A broken input; `row` is the line that must have a problem, if one must."""

    what: str
    files: dict[str, bytes]
    row: int = 0


def rows_of(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


def joined(rows: list[list[str]]) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()


def bad_cell(chance: random.Random) -> Broken:
    rows = rows_of(EVENTS)
    line = chance.randrange(1, len(rows))
    numbers = rows[line][2] not in ("oxygen_device", "attribution")
    column = chance.choice(["patient_id", "time", "signal", "value", "unit", "end"])
    bad = {**BAD_CELLS, "value": BAD_NUMBERS if numbers else ["", "balloon", "=A1", "fever:magic"], "unit": BAD_UNITS}
    if column == "unit" and not numbers:
        column = "value"
    cell = chance.choice([c for c in bad[column] if "," not in c] if column != "value" else bad[column])
    rows[line][COLUMNS.index(column)] = f'"{cell}"' if "," in cell else cell
    # A drug without value is given, amount unknown: that is no problem.
    silent = (
        column == "value" and rows[line][2] in ("norepinephrine", "tocilizumab") and cell.lower() in ("", "nan", "null")
    )
    return Broken(f"{column}={cell[:20]!r} on line {line + 1}", {"events.csv": joined(rows)}, 0 if silent else line + 1)


def shifted(chance: random.Random) -> Broken:
    rows = rows_of(EVENTS)
    line = chance.randrange(1, len(rows))
    if chance.random() < 0.5:
        rows[line].insert(chance.randrange(7), chance.choice(["", "x", "P1"]))
    else:
        del rows[line][chance.randrange(7)]
    return Broken(f"shifted line {line + 1}", {"events.csv": joined(rows)}, line + 1)


def truncated(chance: random.Random) -> Broken:
    name, text = chance.choice([("events.csv", EVENTS), ("patients.csv", PATIENTS)])
    return Broken("truncated", {name: text.encode()[: chance.randrange(len(text))]})


def flipped(chance: random.Random) -> Broken:
    name, text = chance.choice([("events.csv", EVENTS), ("patients.csv", PATIENTS)])
    data = bytearray(text.encode())
    for _ in range(chance.randrange(1, 12)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return Broken("flipped bytes", {name: bytes(data)})


def encoded(chance: random.Random) -> Broken:
    encoding = chance.choice(["utf-16", "utf-16-be", "utf-32", "cp037", "cp1252", "latin-1"])
    return Broken(encoding, {"events.csv": EVENTS.replace("obs", "obsé").encode(encoding)})


def delimited(chance: random.Random) -> Broken:
    delimiter = chance.choice(["|", ":", ";", "\t", " ", ",,", "\0", '"'])
    return Broken(f"delimiter {delimiter!r}", {"events.csv": EVENTS.replace(",", delimiter).encode()})


def without_column(chance: random.Random) -> Broken:
    name, text = chance.choice([("events.csv", EVENTS), ("patients.csv", PATIENTS)])
    place = chance.randrange(7)
    return Broken(f"no column {place}", {name: joined([row[:place] + row[place + 1 :] for row in rows_of(text)])})


def odd_file(chance: random.Random) -> Broken:
    name = chance.choice(["events.csv", "patients.csv", "events.parquet"])
    quotes = EVENTS.replace("38.6", '"38.6').encode()
    odd = [
        b"",
        b"\n\n\n",
        b"\0" * 100,
        b'"',
        b"\xef\xbb\xbf",
        b"patient_id",
        HEADER.encode() * 2,
        quotes,
        b"PAR1",
        b"," * 9999,
    ]
    return Broken("odd file", {name: chance.choice(odd)})


def broken_parquet(chance: random.Random) -> Broken:
    columns = list(zip(*rows_of(EVENTS)[1:], strict=True))
    sink = BytesIO()
    pq.write_table(pa.table({name: list(cells) for name, cells in zip(COLUMNS, columns, strict=True)}), sink)
    data = bytearray(sink.getvalue())
    if chance.random() < 0.4:
        return Broken("truncated Parquet", {"events.parquet": bytes(data[: chance.randrange(len(data))])})
    for _ in range(chance.randrange(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return Broken("flipped Parquet", {"events.parquet": bytes(data)})


def bad_patient(chance: random.Random) -> Broken:
    rows = rows_of(PATIENTS)
    line, column = chance.randrange(1, 3), chance.choice([0, 1, 2, 3, 4, 5, 6, 7])
    cell = chance.choice(["=A1", "x" * 300, "1e400", "@x"])
    rows[line][column] = cell
    return Broken(f"{rows[0][column]}={cell[:20]}", {"patients.csv": joined(rows)}, -1)


KINDS: list[tuple[Callable[[random.Random], Broken], int]] = [
    (bad_cell, 90),
    (shifted, 20),
    (truncated, 15),
    (flipped, 15),
    (encoded, 8),
    (delimited, 8),
    (without_column, 10),
    (odd_file, 10),
    (broken_parquet, 16),
    (bad_patient, 8),
]


def broken_inputs() -> Iterator[Broken]:
    chance = random.Random(20260302)  # the same inputs each time
    for make, count in KINDS:
        for _ in range(count):
            yield make(chance)


INPUTS = list(broken_inputs())


def test_there_are_enough() -> None:
    assert len(INPUTS) == MUTATIONS


@pytest.mark.parametrize("broken", INPUTS, ids=lambda b: b.what.encode("ascii", "replace").decode()[:40])
def test_no_traceback_and_no_silence(broken: Broken, tmp_path: Path) -> None:
    files = {"patients.csv": PATIENTS.encode(), "events.csv": EVENTS.encode(), **broken.files}
    if "events.parquet" in files:
        del files["events.csv"]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    sentence = None
    try:
        found = read_paths([tmp_path / name for name in files])
    except InputError as error:
        sentence = str(error)
    if sentence is not None:
        assert sentence.strip()
        assert "\n" not in sentence
        return
    check(broken, found)


def check(broken: Broken, found: Read) -> None:
    for problem in found.problems:
        assert problem.code
        assert problem.problem
        assert "\n" not in problem.problem + problem.value
        assert problem.used in ("yes", "no", "as_unknown")
    if broken.row > 0:
        assert broken.row in {int(p.row) for p in found.problems if p.row and p.file == "events.csv"}, found.problems
    if broken.row < 0:
        assert found.problems


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(1_700_000_000, 1_900_000_000),
            st.one_of(
                st.tuples(st.just("temperature"), st.integers(3000, 4400), st.sampled_from(["{:.2f}", '"{:.2f}"'])),
                st.tuples(st.just("neutrophils"), st.integers(10, 200_000), st.just("{:.3f}")),
                st.tuples(st.just("rass"), st.integers(-5, 4), st.just("{:.0f}")),
            ),
            st.text("abcXYZ é'\\;|-_/", max_size=8),
        ),
        max_size=12,
    ),
    st.sampled_from([",", ";", "\t"]),
)
def test_round_trip(read: Reader, rows: list[tuple[int, tuple[str, int, str], str]], delimiter: str) -> None:
    scale = {"temperature": 100, "neutrophils": 1000, "rass": 1}
    units = {"temperature": "Cel", "neutrophils": "10*9/L", "rass": ""}
    zone = Settings().zone
    text = HEADER.replace(",", delimiter)
    for time, (name, steps, form), source in rows:
        cells = ["P1", format_time(time, zone), name, form.format(steps / scale[name]), units[name], "", f'"{source}"']
        text += delimiter.join(cells) + "\n"
    found = read(text)
    assert [p.code for p in found.problems if p.code != "empty_file"] == []
    expected = [(time, name, steps, source.strip()) for time, (name, steps, _), source in rows]
    assert [(e.time, e.signal, e.low, e.source_id) for e in found.events] == expected
