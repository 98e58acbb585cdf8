"""Follow-up of many patients over 15 years: how long `cytovigil followup --on DATE` takes, reading included.

python -m benchmarks.followup [PATIENTS]: writes synthetic patients once, runs the command three times, prints the
seconds of each. Nothing is asserted.
"""

import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PATIENTS, RUNS, SEED, ON = 10_000, 3, 7, "2041-03-02"
DATA = Path(__file__).parent / "data"
VISITS = (*range(30, 366, 30), *range(455, 731, 91), *range(913, 1827, 183), *range(2190, 5476, 365))  # days
PRODUCTS = (("axi-cel", "LBCL"), ("liso-cel", "FL"), ("brexu-cel", "MCL"), ("tisa-cel", "B-ALL"), ("cilta-cel", "MM"))
DRUGS = (("valaciclovir", "1000", "mg"), ("cotrimoxazole", "480", "mg"))
Row = tuple[str, datetime, str, str, str]


def main() -> None:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PATIENTS
    folder = DATA / f"followup-{count}"
    if not folder.is_dir():
        folder.mkdir(parents=True)
        write(folder, count)
    rows = pq.read_metadata(folder / "events.parquet").num_rows
    print(f"{count} patients, {rows} rows, {os.cpu_count()} cores")
    for _ in range(RUNS):
        seconds, busy = run(folder)
        print(f"followup --on {ON}: {seconds:.2f} s from start to end, {busy:.2f} s of all cores together")


def run(folder: Path) -> tuple[float, float]:
    """Seconds of one run, start-up and reading included; and of computing, which other programs disturb less."""
    begun, before = time.perf_counter(), _computed()
    command = [sys.executable, "-m", "cytovigil", "followup", str(folder), "--on", ON]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun, _computed() - before


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def write(folder: Path, count: int) -> None:
    """Patients infused over 5 years, each with visits until the day asked about or the end of 15 years."""
    chance = random.Random(SEED)
    patients, events = [], list[Row]()
    for number in range(count):
        name, start = f"F{number:05d}", datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(days=number % 1800)
        product, disease = PRODUCTS[number % len(PRODUCTS)]
        patients.append((name, start, product, disease, str(chance.randint(8, 80))))
        events += course(name, start, chance)
    heads = ("patient_id", "infusion_time", "product", "disease", "age_years")
    put(folder / "patients.parquet", heads, patients)
    put(folder / "events.parquet", ("patient_id", "time", "signal", "value", "unit"), events)


def course(name: str, start: datetime, chance: random.Random) -> Iterator[Row]:
    """The rows of one patient: counts, IgG, CD4 and B cells at visits, some missed; drugs and vaccines."""
    for day in VISITS:
        time, grown = start + timedelta(days=day), min(day / 500, 1)
        if chance.random() < 0.1:
            continue
        yield name, time, "neutrophils", f"{0.8 + 2 * grown * chance.random():.2f}", "10*9/L"
        yield name, time, "platelets", f"{60 + 150 * grown * chance.random():.0f}", "10*9/L"
        yield name, time, "hemoglobin", f"{9 + 4 * grown * chance.random():.1f}", "g/dL"
        if day < 1000:
            yield name, time, "igg", f"{2 + 5 * grown * chance.random():.1f}", "g/L"
            yield name, time, "cd4", f"{400 * grown * chance.random():.0f}", "/uL"
            yield name, time, "b_cells", f"{60 * grown * chance.random():.0f}", "/uL"
        if day < 400:
            for drug, dose, unit in DRUGS:
                yield name, time, drug, dose, unit


def put(path: Path, heads: tuple[str, ...], rows: list[tuple[object, ...]] | list[Row]) -> None:
    """Write a Parquet table."""
    pq.write_table(pa.table(dict(zip(heads, zip(*rows, strict=True), strict=True))), path, row_group_size=100_000)


if __name__ == "__main__":
    main()
