"""Measure everything in one run, program after program and then again, and print it beside the bars.

python -m benchmarks.compare            # 1k, 10k and 40k patients, writes RESULTS.md: an hour or so
python -m benchmarks.compare --quick    # 1k patients, a few repeats, some minutes, writes nothing
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import figures
from benchmarks.agreement import Agreement, agreements, compare, left_out, timelines
from benchmarks.figures import CORE, CRS, DEFAULT, DUCKDB, ONE_CORE, PANDAS, POLARS, READ, REFERENCE, Figures
from benchmarks.generate import DATA, events_in, generate
from benchmarks.peers.read_only import copy_seconds
from benchmarks.process import measure, peak_mb
from benchmarks.results import render
from benchmarks.sheet import SHEET_SCALES, write_sheet

RESULTS = Path(__file__).parent / "RESULTS.md"
LABORATORY = ("neutrophils", "platelets", "hemoglobin", "creatinine", "alt", "ast")
CORE_SET = ",".join(
    ("crs-astct-2019", "icans-astct-2019", "icaht-early-2023", *(f"ctcae-v5-{name}" for name in LABORATORY))
)
SIZES, QUICK = (1_000, 10_000, 40_000), (1_000,)
LARGE = 10_000  # the size of the bars
GROWING = (CORE, POLARS, DUCKDB, READ)  # measured at all sizes
ALL = (CORE, READ, POLARS, DUCKDB, CRS, ONE_CORE, DEFAULT)  # at the size of the bars
FEW = {PANDAS: (20, 200), REFERENCE: (5, 50)}
REPEATS, REPEATS_ABOVE, QUICK_REPEATS, STARTS = 5, 3, 3, 11


def main(arguments: Sequence[str] | None = None) -> None:
    """Agree, measure, print; without --quick write RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 patients, few repeats; nothing is written")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of patients")
    chosen = parser.parse_args(arguments)
    if sys.platform != "linux":
        sys.exit("the benchmark needs Linux: it reads the memory of processes from /proc, and holds them to one core")
    sizes, repeats = (QUICK, QUICK_REPEATS) if chosen.quick else (tuple(sorted(chosen.sizes)), REPEATS)
    DATA.mkdir(exist_ok=True)
    found = Figures(LARGE if LARGE in sizes else sizes[-1], FEW, len(os.sched_getaffinity(0)))
    with TemporaryDirectory(dir=DATA) as name:
        output = Path(name)
        agreed = agreements()
        _say("the programs agree: " + "; ".join(map(str, agreed)))
        _measure_programs(found, sizes, repeats, output)
        agreed.append(_agree_at(found.large, output))
        _measure_starts(found, output)
        _measure_engine(found, repeats, output)
    text = render(found, agreed, repeats, chosen.quick)
    print(text)
    if not chosen.quick:
        RESULTS.write_text(text, "utf-8")


def command(program: str, folder: Path, output: Path) -> list[str]:
    """How a program grades a folder."""
    if program in (READ, POLARS, DUCKDB, PANDAS):
        return [sys.executable, "-m", f"benchmarks.peers.{program}", str(folder), str(output / f"{program}.out")]
    scales = {CRS: "crs-astct-2019", DEFAULT: "default"}.get(program, CORE_SET)
    engine = "reference" if program == REFERENCE else "auto"
    return _grade(folder, output / program, "--scales", scales, "--engine", engine, "--report", "none")


def _grade(folder: Path, output: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "cytovigil", "grade", str(folder), "-o", str(output), *options]


def _measure_programs(found: Figures, sizes: Sequence[int], repeats: int, output: Path) -> None:
    """Interleaved: each round measures every program once, so that a slow minute of the machine meets all of them."""
    planned = [(program, size) for size in sizes for program in (ALL if size == found.large else GROWING)]
    planned += [(program, size) for program, both in found.few.items() for size in both]
    folders = {size: generate(size) for _, size in planned}
    found.events.update({size: events_in(folder) for size, folder in folders.items()})
    for number in range(repeats):
        for program, size in planned:
            if size <= found.large or number < REPEATS_ABOVE:
                one = measure(command(program, folders[size], output), one_core=program == ONE_CORE)
                found.runs.setdefault((program, size), []).append(one)
                _say(f"round {number + 1}: {figures.SAYS[program]}, {size:,} patients: {one.seconds:.2f} s")
    for program, size in planned:
        if program not in found.few or size == found.few[program][1]:
            found.peaks[program, size] = peak_mb(command(program, folders[size], output))


def _agree_at(size: int, output: Path) -> Agreement:
    """At full size the product's CRS timeline, the polars plan's and the DuckDB plan's are equal."""
    folder = generate(size)
    for program in (POLARS, DUCKDB, CRS):
        measure(command(program, folder, output))
    polars, duckdb = (timelines(output / f"{program}.out") for program in (POLARS, DUCKDB))
    compare(f"polars = DuckDB at {size:,} patients", polars, duckdb, {})
    graded = timelines(output / CRS / "timeline.parquet")
    return compare(f"cytovigil = polars plan = DuckDB plan, {size:,} ward patients", polars, graded, left_out(folder))


def _measure_starts(found: Figures, output: Path) -> None:
    """What one waits for who asks for little: each in a fresh process."""
    one, sheet = generate(1), write_sheet(DATA / "sheet.xlsx")
    _say("start-up")
    import_it = "import time; t = time.perf_counter(); import cytovigil; print((time.perf_counter() - t) * 1000)"
    found.single["import"] = statistics.median(_told([sys.executable, "-c", import_it])[0] for _ in range(STARTS))
    whole = {
        "python": [sys.executable, "-c", "pass"],
        "help": [sys.executable, "-m", "cytovigil", "--help"],
        "one patient": _grade(one, output / "one"),
        "one patient, no report": _grade(one, output / "one", "--report", "none"),
        "sheet": _grade(sheet, output / "sheet", "--scales", SHEET_SCALES, "--report", "none"),
    }
    for name, program in whole.items():
        runs = [measure(program).seconds for _ in range(STARTS if name in ("python", "help") else REPEATS)]
        found.single[name] = statistics.median(runs) * 1000


def _measure_engine(found: Figures, repeats: int, output: Path) -> None:
    """The engine without its driver, a session, Spark where there is one, and copying in memory."""
    _say("the engine in process")
    folder = generate(found.large)
    both = [_told([sys.executable, "-m", "benchmarks.in_process", str(folder), CORE_SET]) for _ in range(repeats)]
    found.single["read"], found.single["grade"] = (statistics.median(part) for part in zip(*both, strict=True))
    names = "newest p50", "newest p99", "late p50", "late p99"
    runs = [_told([sys.executable, "-m", "benchmarks.latency", CORE_SET]) for _ in range(repeats)]
    found.single |= dict(zip(names, map(statistics.median, zip(*runs, strict=True)), strict=True))
    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        spark = [sys.executable, "-m", "benchmarks.spark", str(folder), str(output / "spark"), CORE_SET]
        found.single["spark first"], found.single["spark"] = _told(spark)
    seconds, copied = min(copy_seconds(folder) for _ in range(repeats))
    found.single["copy"], found.single["copied MB"] = seconds, copied / 1e6


def _told(program: Sequence[str]) -> list[float]:
    """The figures a program prints on its last line."""
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.splitlines()[-1].split()]


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
