"""A billion events: the 40,000 patients of the benchmark eleven times, under other names, graded once.

python -m benchmarks.billion
"""

import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.compare import command
from benchmarks.figures import CORE
from benchmarks.generate import DATA, events_in, generate
from benchmarks.process import peak_mb

COPIES, PATIENTS = 11, 40_000


def main() -> None:
    """Make the cohort if it is not there, grade it, and print time and peak memory."""
    folder = _cohort()
    events, begun = events_in(folder), time.perf_counter()
    with TemporaryDirectory(dir=DATA) as output:
        peak = peak_mb(command(CORE, folder, Path(output)))
    seconds = time.perf_counter() - begun
    print(
        f"{COPIES * PATIENTS:,} patients, {events:,} events: {seconds:,.0f} s, {events / seconds / 1e6:.2f} million "
        f"events/s, peak memory {peak:,.0f} MB (watched every 20 ms, which slows it)"
    )


def _cohort() -> Path:
    folder, one = DATA / "billion", generate(PATIENTS)
    if not folder.exists():
        under_way = DATA / "billion-under-way"
        shutil.rmtree(under_way, ignore_errors=True)
        under_way.mkdir()
        for name in ("patients.parquet", "events.parquet"):
            _copies(one / name, under_way / name)
        under_way.rename(folder)
    return folder


def _copies(source: Path, target: Path) -> None:
    """A table so many times; each copy's patients have names that sort behind those of the one before."""
    with pq.ParquetFile(source) as file, pq.ParquetWriter(target, file.schema_arrow, compression="zstd") as writer:
        for copy in range(COPIES):
            for group in range(file.num_row_groups):
                rows = file.read_row_group(group)
                names = pc.binary_join_element_wise(f"{copy:02}", rows["patient_id"], "-")
                writer.write_table(rows.set_column(0, "patient_id", names), row_group_size=len(rows))
            print(f"{target.name}: {copy + 1} of {COPIES}", file=sys.stderr)
        pa.default_memory_pool().release_unused()


if __name__ == "__main__":
    main()
