"""Grade synthetic patients in fresh processes and print time, events a second, peak memory and the ratio of the peaks.

python -m benchmarks.run --patients 1000 10000
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cytovigil.synth.tables import Form, write_tables
from cytovigil.synth.ward import make_patients

DATA = Path(__file__).parent / "data"
QUICK = (100, 1_000)


class Measured(NamedTuple):
    """One run of `grade`: wall time in seconds, peak resident memory of its process in MB."""

    patients: int
    events: int
    seconds: float
    peak_mb: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Generate what is missing, measure each size, print."""
    chosen = _arguments().parse_args(arguments)
    found = []
    for patients in chosen.patients:
        folder, events = generate(patients, chosen.seed, chosen.form)
        print(f"grading {patients:,} patients, {events:,} events ...", flush=True)
        found.append(measure(folder, patients, events, chosen.grade_options))
        print(line(found[-1]), flush=True)
    print()
    print(*(line(one) for one in found), sep="\n")
    if len(found) > 1:
        first, last = found[0], found[-1]
        ratio = last.peak_mb / first.peak_mb
        print(f"peak memory of {last.patients:,} patients / {first.patients:,} patients: {ratio:.2f}")


def generate(patients: int, seed: int, form: Form) -> tuple[Path, int]:
    """The folder with so many patients, made if it is not there yet, and its number of events."""
    folder = DATA / f"{form}-{patients}-seed{seed}"
    counted = folder / "events.count"
    if not counted.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"writing {patients:,} synthetic patients as {form} ...", flush=True)
        counted.write_text(str(write_tables(folder, make_patients(patients, seed), form)), "utf-8")
    return folder, int(counted.read_text("utf-8"))


def measure(folder: Path, patients: int, events: int, options: Sequence[str]) -> Measured:
    """Run `cytovigil grade` once in a process of its own. Exits with its output if it fails."""
    output = DATA / f"output-{os.getpid()}"
    command = [sys.executable, "-m", "cytovigil", "grade", str(folder), "-o", str(output), "--report", "none", *options]
    log = DATA / "grade.log"
    try:
        with log.open("w", encoding="utf-8") as handle:
            begun = time.perf_counter()
            process = subprocess.Popen(command, stdout=handle, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - begun
    finally:
        shutil.rmtree(output, ignore_errors=True)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{log.read_text('utf-8')[-4000:]}")
    kilobytes = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Measured(patients, events, seconds, kilobytes / 1024)


def line(one: Measured) -> str:
    """One measurement as a line of text."""
    size = f"{one.patients:>8,} patients {one.events:>12,} events"
    return f"{size} {one.seconds:>9.1f} s {one.events / one.seconds:>10,.0f} events/s {one.peak_mb:>7.0f} MB"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--patients", type=int, nargs="+", default=QUICK, help="sizes to measure, smallest first")
    parser.add_argument("--form", choices=("csv", "parquet"), default="parquet", help="form of the input")
    parser.add_argument("--seed", type=int, default=1, help="seed of the synthetic patients")
    parser.add_argument("grade_options", nargs="*", help="after --: further options of `cytovigil grade`")
    return parser


if __name__ == "__main__":
    main()
