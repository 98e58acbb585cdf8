"""The figures as a page of Markdown. Names no host and no path."""

import os
import platform
import statistics
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.agreement import Agreement
from benchmarks.figures import CORE, DUCKDB, POLARS, READ, SAYS, Bar, Figures

PACKAGES = ("cytovigil", "numpy", "pyarrow", "duckdb", "polars", "pandas", "pyspark")
SINGLE = {
    "python": "python itself, `-c pass`",
    "help": "`cytovigil --help`",
    "import": "`import cytovigil`, within a process",
    "one patient": "`cytovigil grade`, one patient, default set, with its report",
    "one patient, no report": "the same with `--report none`",
    "sheet": "`cytovigil grade`, a laboratory sheet (XLSX) of 600 patients and 24,000 counts, ICAHT",
    "newest p50": "a session: one new event, the newest of 2,400, core set, median",
    "newest p99": "the same, 99th percentile",
    "late p50": "a session: one event charted late, anywhere in the course, median",
    "late p99": "the same, 99th percentile",
}


def render(found: Figures, agreed: Sequence[Agreement], repeats: int, quick: bool) -> str:
    """The whole page."""
    parts = [_head(found, repeats, quick), _bars(found.bars()), _table(found, repeats), _growth(found), _single(found)]
    parts.append("## Agreement\n\n" + "\n".join(f"- {one}" for one in agreed))
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(found: Figures, repeats: int, quick: bool) -> str:
    kind = "`python -m benchmarks.compare --quick`" if quick else "`make bench`"
    return f"""# Results of the benchmark

Written by {kind} on {datetime.now(UTC):%Y-%m-%d}. What is measured, and how: [README](README.md).
Compare ratios within this page, not seconds of two pages. Programs took turns; times are medians of {repeats}.

- Machine: {found.cores} cores, {_memory_gb():.0f} GB, {_processor()}; {platform.system()} {platform.machine()}
- Python {platform.python_version()}; {"; ".join(_versions())}"""


def _bars(bars: Sequence[Bar]) -> str:
    says = {True: "met", False: "**NOT MET**", None: "not measured"}
    rows = [f"| {bar.says} | {bar.wanted} | {bar.measured} | {says[bar.met]} |" for bar in bars]
    met, missed, unknown = (sum(bar.met is which for bar in bars) for which in (True, False, None))
    intro = f"{met} met, {missed} missed, {unknown} not measured."
    return "\n".join([f"## Bars\n\n{intro}\n", "| | wanted | measured | |", "|---|---|---|---|", *rows])


def _table(found: Figures, repeats: int) -> str:
    patients, events = found.large, found.events[found.large]
    lines = [
        f"## {patients:,} patients, {events:,} events, Parquet to Parquet\n",
        "| | s | fastest, slowest | processor s | million events/s | the same per core | peak MB | times reading |",
        "|---|---|---|---|---|---|---|---|",
        *_lines(found),
        "",
        "- pandas, polars and DuckDB give the CRS timeline and nothing else, and read only the columns for it. The "
        "core set of cytovigil is nine scales, each with timeline, days, episodes and summary, and a check of every "
        "row: the bars ask for more work of it than of the others. *CRS alone* is the same with one scale.",
        *_extrapolated(found, repeats),
        f"- In process on one core, nothing written: reading into columns {found.single['read']:.2f} s, grading "
        f"{found.single['grade']:.2f} s: {events / found.single['grade'] / 1e6:.1f} million events/s graded, "
        f"{events / (found.single['read'] + found.single['grade']) / 1e6:.1f} million read and graded.",
        f"- Copying the same columns in memory (memcpy, {found.single['copied MB']:,.0f} MB, one core): "
        f"{found.single['copy']:.3f} s.",
    ]  # fmt: skip
    if "spark" in found.single:
        lines.append(f"- Spark: {found.single['spark first']:.2f} s at first, then {found.single['spark']:.2f} s.")
    return "\n".join(lines)


def _lines(found: Figures) -> Iterator[str]:
    patients, events = found.large, found.events[found.large]
    reading = found.seconds(READ, patients)
    for program, says in SAYS.items():
        seconds, runs = found.seconds(program, patients), found.runs.get((program, patients))
        if seconds is None:
            continue
        cores = 1 if program == "one_core" or program in found.few else found.cores
        spread = f"{min(r.seconds for r in runs):.2f}, {max(r.seconds for r in runs):.2f}" if runs else "extrapolated"
        cpu = f"{statistics.median(r.cpu_s for r in runs):.2f}" if runs else ""
        peak = found.peaks.get((program, patients))
        speed = events / seconds / 1e6
        yield (
            f"| {says} | {seconds:,.2f} | {spread} | {cpu} | {speed:.2f} | {speed / cores:.2f} "
            f"| {f'{peak:,.0f}' if peak else ''} | {f'{seconds / reading:.1f}' if reading else ''} |"
        )


def _extrapolated(found: Figures, repeats: int) -> Iterator[str]:
    for program, (small, more) in found.few.items():
        before, after = found.seconds(program, small), found.seconds(program, more)
        if before and after:
            each = (after - before) / (more - small) * 1000
            yield (
                f"- *{SAYS[program]}* was measured with {small} and {more} patients ({before:.2f} and {after:.2f} s, "
                f"medians of {repeats}, peak {found.peaks[program, more]:,.0f} MB): {each:.1f} ms a patient; its line "
                "is extrapolated from these."
            )


def _growth(found: Figures) -> str:
    sizes = sorted(patients for program, patients in found.runs if program == CORE)
    if len(sizes) < 2:
        return ""
    heads = " | ".join(f"{size:,} | MB" for size in sizes)
    lines = [f"## Growth\n\n| patients | {heads} | µs a patient more, by step |", "|---" * (2 * len(sizes) + 2) + "|"]
    for program in (CORE, POLARS, DUCKDB, READ):
        cells = [
            f"{found.seconds(program, size) or 0:.2f} s ({len(found.runs[program, size])}) | "
            f"{found.peaks[program, size]:,.0f}"
            for size in sizes
        ]
        slopes = ", ".join(f"{slope:,.0f}" for slope in found.slopes(program))
        lines.append(f"| {SAYS[program]} | {' | '.join(cells)} | {slopes} |")
    return "\n".join([*lines, "", "In brackets: of how many runs the time is the median."])


def _single(found: Figures) -> str:
    rows = [f"| {says} | {found.single[name]:,.1f} |" for name, says in SINGLE.items() if name in found.single]
    return "\n".join(["## Start-up and one patient\n", "| | ms, median |", "|---|---|", *rows])


def _versions() -> Iterator[str]:
    for name in PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"no {name}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, "processor unknown")


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
