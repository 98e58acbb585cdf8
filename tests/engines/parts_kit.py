"""A synthetic registry as typed Parquet, with everything that parts could get wrong, and its tables."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cytovigil import app, grading
from cytovigil.synth.tables import write_tables
from cytovigil.synth.ward import make_patients

SCALES = "crs-astct-2019,crs-lee-2014,icans-astct-2019,icaht-early-2023,ctcae-v5-platelets,ctcae-v5-creatinine"
PATIENTS = 14
IN_PARTS = (  # a program: the command line, with small files graded in parts, too
    "import sys; from cytovigil import cli, grading; "
    "grading.MANY, grading.cores, grading._SMALLEST = 0, lambda: 2, 4_000; cli.main(sys.argv[1:])"
)
MOMENT = pa.timestamp("us", "UTC")


def write_registry(folder: Path, row_group: int = 5_000) -> list[Path]:
    """Row groups cut patients of 2,400 rows; ids have gaps; patients lack events, or an infusion; rows have faults."""
    folder.mkdir()
    write_tables(folder, make_patients(PATIENTS), "parquet")
    paths = [folder / "patients.parquet", folder / "events.parquet"]
    patients, events = (pq.read_table(path).to_pylist() for path in paths)
    ids = [row["patient_id"] for row in patients]
    silent = {ids[0], ids[5], ids[6], ids[-1]}
    again = patients[3] | {"infusion": "2", "infusion_time": patients[3]["last_followup"]}
    patients = [*patients[:8], *patients[9:], again]  # the ninth is unknown, the fourth is infused twice
    events = [row for place, row in enumerate(events) if row["patient_id"] not in silent and _is_kept(row, ids, place)]
    for row in events[7::1_000]:
        row["unit"] = "bushel"
    for row in events:
        row |= {name: row[name] or None for name in ("time", "end")}
    schema = pa.schema([(name, pa.string()) for name in events[0]])
    table = pa.Table.from_pylist(events, schema=schema)
    for name in ("time", "end"):
        table = table.set_column(schema.get_field_index(name), name, table[name].cast(MOMENT))
    pq.write_table(table, paths[1], row_group_size=row_group)
    pq.write_table(pa.Table.from_pylist(patients), paths[0])
    return paths


def _is_kept(row: dict[str, Any], ids: list[str], place: int) -> bool:
    return row["patient_id"] != ids[4] or place % 200 == 0  # one has few rows


def in_parts(monkeypatch: pytest.MonkeyPatch, cores: int = 2) -> None:
    """Small files are graded in parts too, on so many cores."""
    monkeypatch.setattr(grading, "MANY", 0)
    monkeypatch.setattr(grading, "cores", lambda: cores)
    monkeypatch.setattr(grading, "_SMALLEST", 4_000)


def tables_of(inputs: list[Path], output: Path, **options: Any) -> dict[str, bytes]:
    """All files of a run, by name."""
    app.grade(inputs, output, SCALES, **options)
    return {path.name: path.read_bytes() for path in sorted(output.iterdir())}
