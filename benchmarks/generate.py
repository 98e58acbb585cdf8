"""Ward-like patients with a fixed seed as typed, sorted Parquet: what `make bench` grades.

python -m benchmarks.generate 1000 10000
"""

import argparse
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cytovigil.model.times import DAY
from cytovigil.synth.ward import DAYS, WardPatient, make_patient

DATA = Path(__file__).parent / "data"  # not under version control
SEED = 1
GROUP = 400  # whole patients in a row group
_TIME = pa.timestamp("us", tz="UTC")
EVENTS = pa.schema(
    [
        ("patient_id", pa.string()),
        ("time", _TIME),
        ("signal", pa.string()),
        ("value", pa.float64()),
        ("value_text", pa.string()),
        ("unit", pa.string()),
        ("end", _TIME),
        ("source_id", pa.string()),
        ("ref_high", pa.float64()),
    ]
)
PATIENTS = pa.schema(
    [
        ("patient_id", pa.string()),
        ("infusion", pa.int8()),
        ("infusion_time", _TIME),
        ("product", pa.string()),
        ("disease", pa.string()),
        ("age_years", pa.int16()),
        ("sex", pa.string()),
        ("weight_kg", pa.int16()),
        ("lymphodepletion_start", _TIME),
        ("baseline_ice", pa.int8()),
        ("last_followup", _TIME),
    ]
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the sizes that are missing, and print where they are."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("patients", type=int, nargs="+", help="numbers of patients")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the patients")
    chosen = parser.parse_args(arguments)
    for patients in chosen.patients:
        print(generate(patients, chosen.seed))


def generate(patients: int, seed: int = SEED, processes: int | None = None) -> Path:
    """The folder with `patients.parquet` and `events.parquet`, made if it is not there yet.

    The same bytes for a size and a seed, whatever the number of processes.
    """
    folder = DATA / f"ward-{patients}-seed{seed}"
    if not folder.exists():
        under_way = folder.with_name(f"{folder.name}-{os.getpid()}")
        under_way.mkdir(parents=True)
        try:
            _write(under_way, patients, seed, processes or os.cpu_count() or 1)
            under_way.rename(folder)
        finally:
            shutil.rmtree(under_way, ignore_errors=True)
    return folder


def events_in(folder: Path) -> int:
    """How many events the folder holds."""
    found: int = pq.read_metadata(folder / "events.parquet").num_rows
    return found


def _write(folder: Path, patients: int, seed: int, processes: int) -> None:
    with (
        pq.ParquetWriter(folder / "patients.parquet", PATIENTS, compression="zstd") as infusions,
        pq.ParquetWriter(folder / "events.parquet", EVENTS, compression="zstd") as events,
    ):
        for some, rows in _blocks(patients, seed, processes):
            infusions.write_table(some)
            events.write_table(rows, row_group_size=len(rows))


def _blocks(patients: int, seed: int, processes: int) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Patients and events of one row group after another; few blocks are in memory at once."""
    wanted = [(first, min(first + GROUP, patients), seed) for first in range(0, patients, GROUP)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for place in range(0, len(wanted), 2 * processes):
            yield from pool.map(_block, wanted[place : place + 2 * processes])


def _block(wanted: tuple[int, int, int]) -> tuple[pa.Table, pa.Table]:
    first, last, seed = wanted
    patients = [make_patient(number, seed) for number in range(first, last)]
    return _table([_infusion(one) for one in patients], PATIENTS), _table(_rows(patients), EVENTS)


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)


def _infusion(patient: WardPatient) -> tuple[object, ...]:
    start = patient.infusion_time
    about = patient.product, patient.disease, patient.age_years, patient.sex, patient.weight_kg
    times = (_us(time) for time in (start, start - 5 * DAY, start + DAYS * DAY))
    infused, depleted, followed = times
    return patient.patient_id, 1, infused, *about, depleted, 10, followed


def _rows(patients: Sequence[WardPatient]) -> list[tuple[object, ...]]:
    return [
        (
            one.patient_id, _us(row.time), row.signal, *_said(row.value), row.unit or None,
            None if row.end is None else _us(row.end), f"row/{number}", float(row.ref_high) if row.ref_high else None,
        )
        for one in patients
        for number, row in enumerate(one.rows, start=1)
    ]  # fmt: skip


@cache
def _said(text: str) -> tuple[float | None, str | None]:
    """A number or a word."""
    try:
        return float(text), None
    except ValueError:
        return None, text


def _us(seconds: int) -> int:
    return seconds * 1_000_000


if __name__ == "__main__":
    main()
