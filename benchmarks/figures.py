"""What one run of the benchmark measured, and the bars it is held against."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.process import Measured

CORE, CRS, DEFAULT, ONE_CORE = "core", "crs", "default", "one_core"
POLARS, DUCKDB, READ = "polars_plan", "duckdb_plan", "read_only"
PANDAS, REFERENCE = "pandas_groupby", "reference"
SAYS = {
    CORE: "cytovigil, core set",
    CRS: "cytovigil, CRS alone",
    DEFAULT: "cytovigil, default set",
    ONE_CORE: "cytovigil, core set, one core",
    REFERENCE: "cytovigil, core set, reference engine",
    PANDAS: "pandas, CRS timeline",
    POLARS: "polars, CRS timeline",
    DUCKDB: "DuckDB, CRS timeline",
    READ: "pyarrow, reading only",
}


class Bar(NamedTuple):
    """What must be reached; `met` is None where it was not measured."""

    says: str
    wanted: str
    measured: str
    met: bool | None


@dataclass
class Figures:
    """Measurements by program and number of patients; seconds and MB.

    `large`: the size that the bars are about. `few`: patients of the slow programs, a small and a larger number.
    `single` holds medians of what is measured once by name: milliseconds, and seconds of the engine alone.
    """

    large: int
    few: dict[str, tuple[int, int]]
    cores: int
    events: dict[int, int] = field(default_factory=dict)
    runs: dict[tuple[str, int], list[Measured]] = field(default_factory=dict)
    peaks: dict[tuple[str, int], float] = field(default_factory=dict)
    single: dict[str, float] = field(default_factory=dict)

    def seconds(self, program: str, patients: int) -> float | None:
        """The median; of the slow programs at the large size what a few patients say of it."""
        if runs := self.runs.get((program, patients)):
            return statistics.median(run.seconds for run in runs)
        if program in self.few and patients == self.large:
            small, more = self.few[program]
            before, after = self.seconds(program, small), self.seconds(program, more)
            if before and after:
                return after + (after - before) / (more - small) * (patients - more)  # start-up counts once
        return None

    def ratio(self, program: str, other: str) -> float | None:
        """How many times as long one takes as the other, at the large size."""
        one, two = self.seconds(program, self.large), self.seconds(other, self.large)
        return one / two if one and two else None

    def slopes(self, program: str) -> list[float]:
        """Microseconds a patient more between one size and the next: equal where growth is linear."""
        sizes = sorted(patients for name, patients in self.runs if name == program)
        times = [self.seconds(program, patients) or 0.0 for patients in sizes]
        pairs = zip(sizes, sizes[1:], times, times[1:], strict=False)
        return [(after - before) / (more - few) * 1e6 for few, more, before, after in pairs]

    def bars(self) -> list[Bar]:
        """All bars, whether met or not."""
        return [*self._speed(), *self._growth(), *self._interactive(), *self._spark()]

    def _speed(self) -> Iterator[Bar]:
        seconds = self.seconds(CORE, self.large)
        speed = self.events[self.large] / seconds / self.cores / 1e6 if seconds else None
        yield _least("events a second and core, core set", speed, 8, " million")
        yield _most("core set, times only reading the Parquet", self.ratio(CORE, READ), 4, "x")
        yield _least("pandas takes, times the core set", self.ratio(PANDAS, CORE), 100, "x")
        yield _least("the reference takes, times the core set", self.ratio(REFERENCE, CORE), 50, "x")
        yield _most("core set, times the polars plan", self.ratio(CORE, POLARS), 1, "x")
        yield _least("DuckDB takes, times the core set", self.ratio(DUCKDB, CORE), 3, "x")

    def _growth(self) -> Iterator[Bar]:
        slopes = self.slopes(CORE)
        off = (slopes[-1] / slopes[0] - 1) * 100 if len(slopes) > 1 else None
        off = None if off is None else abs(off)
        yield _most("growth: cost of a patient more, first to last step, differs by", off, 15, " %")
        peaks = [peak for (program, _), peak in self.peaks.items() if program == CORE]
        yield _most("peak memory of the core set at any size", max(peaks, default=None), 600, " MB", below=True)

    def _interactive(self) -> Iterator[Bar]:
        single = self.single
        for which in ("newest", "late"):
            yield _most(f"one {which} event, median", single.get(f"{which} p50"), 2, " ms", below=True)
            yield _most(f"one {which} event, 99th percentile", single.get(f"{which} p99"), 10, " ms", below=True)
        yield _most("cytovigil --help", single.get("help"), 250, " ms", below=True)
        yield _most("import cytovigil", single.get("import"), 60, " ms", below=True)
        yield _most("grade of one patient, with its report", single.get("one patient"), 800, " ms", below=True)

    def _spark(self) -> Iterator[Bar]:
        spark, seconds = self.single.get("spark"), self.seconds(CORE, self.large)
        yield _most("Spark local, times the columnar engine", spark / seconds if spark and seconds else None, 1.5, "x")


def _least(says: str, measured: float | None, wanted: float, unit: str) -> Bar:
    met = None if measured is None else measured >= wanted
    return Bar(says, f"at least {wanted:g}{unit}", _shown(measured, unit), met)


def _most(says: str, measured: float | None, wanted: float, unit: str, below: bool = False) -> Bar:
    met = None if measured is None else measured < wanted if below else measured <= wanted
    return Bar(says, f"{'below' if below else 'at most'} {wanted:g}{unit}", _shown(measured, unit), met)


def _shown(measured: float | None, unit: str) -> str:
    return "not measured" if measured is None else f"{measured:,.{0 if measured >= 100 else 2}f}{unit}"
