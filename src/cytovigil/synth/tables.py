"""Synthetic patients as the tables of the contract, CSV or Parquet, written in blocks of whole patients."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from cytovigil.model.times import DAY
from cytovigil.synth.ward import DAYS, WardPatient

PATIENT_COLUMNS = (
    "patient_id", "infusion", "infusion_time", "product", "disease", "age_years", "sex", "weight_kg",
    "lymphodepletion_start", "baseline_ice", "last_followup",
)  # fmt: skip
EVENT_COLUMNS = ("patient_id", "time", "signal", "value", "unit", "end", "source_id", "ref_high")
_BLOCK = 100  # patients in memory, and in a row group of Parquet

Line = tuple[Any, ...]
Put = Callable[[Sequence[Line]], None]  # writes lines of one table
Form = Literal["csv", "parquet"]


def write_tables(folder: Path, patients: Iterable[WardPatient], form: Form = "csv") -> int:
    """Write `patients` and `events` into an existing folder; the answer is the number of events."""
    table = _csv_table if form == "csv" else _parquet_table
    count, left = 0, iter(patients)
    with (
        table(folder / f"patients.{form}", PATIENT_COLUMNS) as infusions,
        table(folder / f"events.{form}", EVENT_COLUMNS) as events,
    ):
        while block := list(islice(left, _BLOCK)):
            lines = [line for patient in block for line in _event_lines(patient)]
            infusions([_patient_line(patient) for patient in block])
            events(lines)
            count += len(lines)
    return count


def _patient_line(patient: WardPatient) -> Line:
    start = patient.infusion_time
    about = patient.product, patient.disease, patient.age_years, patient.sex, patient.weight_kg
    return (
        patient.patient_id, 1, _iso(start), *about, _iso(start - 5 * DAY), 10, _iso(start + DAYS * DAY),
    )  # fmt: skip


def _event_lines(patient: WardPatient) -> Iterator[Line]:
    for number, row in enumerate(patient.rows, start=1):
        end = "" if row.end is None else _iso(row.end)
        yield patient.patient_id, _iso(row.time), row.signal, row.value, row.unit, end, f"row/{number}", row.ref_high


@lru_cache(maxsize=4_096)
def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="minutes")


@contextmanager
def _csv_table(path: Path, columns: tuple[str, ...]) -> Iterator[Put]:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        yield writer.writerows


@contextmanager
def _parquet_table(path: Path, columns: tuple[str, ...]) -> Iterator[Put]:
    import pyarrow as pa  # only where Parquet is asked for
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in columns])
    with pq.ParquetWriter(path, schema) as writer:

        def put(lines: Sequence[Line]) -> None:
            cells = [[str(cell) or None for cell in column] for column in zip(*lines, strict=True)]
            writer.write_table(pa.table(cells, schema=schema))

        yield put
