"""The subset of subset.md, patient by patient, straight from its definitions. Slow, and meant to be obviously right."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers.subset import (
    ANY_CLASS,
    BOLUS,
    BOLUS_H,
    CANNULA,
    CANNULA_CLASSES,
    CLASS_OF,
    DEVICE,
    FEVER_CEL,
    FEVER_H,
    FLOW,
    HOUR,
    INFUSION_H,
    INFUSION_UNKNOWN_H,
    LAPSED_H,
    LOW_FLOW_L_MIN,
    POOR_CLASSES,
    REOPEN_H,
    ROOM_AIR,
    SPO2,
    SPO2_PERCENT,
    SYSTOLIC,
    SYSTOLIC_MMHG,
    TEMPERATURE,
    TIMELINE,
    TREATED_BEFORE_H,
    TREATING,
    VALID_H,
    VASOPRESSORS,
    run,
)

_WINDOWS_H = (0, BOLUS_H, INFUSION_H, VALID_H, FEVER_H, INFUSION_UNKNOWN_H, VALID_H + LAPSED_H)


class Row(NamedTuple):
    """One row of the events: a number or a word; times in seconds UTC."""

    time: int
    signal: str
    value: Any
    word: Any
    end: int | None


class Grade(NamedTuple):
    """One row of the timeline."""

    start: int
    end: int
    low: int | None
    high: int | None


class Stretch(NamedTuple):
    """Fever (None: unknown) and the worst sign, lowest and highest, from `start` to `end`."""

    start: int
    end: int
    fever: bool | None
    low: int
    high: int

    @property
    def active(self) -> bool:
        """True where fever or a sign is there, or may be."""
        return self.fever is not False or self.high > 0


class Patient:
    """What is charted of one patient, graded from `start` to `until`."""

    def __init__(self, rows: Sequence[Row], start: int, until: int) -> None:
        """Rows in any order; those of signals that are not in the subset do not matter."""
        self.start, self.until = start, until
        self._rows: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(rows, key=attrgetter("time")):
            self._rows[row.signal].append(row)

    def timeline(self) -> list[Grade]:
        """The grades, a row for each stretch in which they do not change."""
        graded = [(one, self.grade(one, onset)) for group, onset in self._episodes() for one in group]
        found = []
        for grade, same in groupby(graded, key=lambda pair: pair[1]):
            stretches = [stretch for stretch, _ in same]
            found.append(Grade(stretches[0].start, stretches[-1].end, *grade))
        return found

    def fever(self, t: int) -> bool | None:
        """Only readings since the infusion tell."""
        readings = self._between(TEMPERATURE, max(self.start, t - FEVER_H * HOUR + 1), t)
        if any(row.value >= FEVER_CEL for row in readings):
            return True
        return False if readings and t < readings[-1].time + VALID_H * HOUR else None

    def hypotension(self, t: int) -> tuple[int, int]:
        """The grade of pressure and vasopressors, lowest and highest."""
        running = [self._running(drug, t) for drug in VASOPRESSORS]
        bolus, pressure = self._newest(BOLUS, t), self._valid(SYSTOLIC, t)
        certain = (
            True in running
            or (bolus is not None and t < bolus.time + BOLUS_H * HOUR)
            or (pressure is not None and pressure.value < SYSTOLIC_MMHG)
        )
        possible = certain or None in running or pressure is None
        surely, perhaps = running.count(True), len(running) - running.count(False)
        return 2 + surely if certain else 0, 2 + perhaps if possible else 0

    def oxygen(self, t: int) -> tuple[int, int]:
        """The lowest and the highest class of support."""
        device = self._newest(DEVICE, t)
        age = t - device.time if device else 0
        saturation = self._valid(SPO2, t)
        if device and device.word != ROOM_AIR:
            if age < VALID_H * HOUR:
                return self._classes(device)
            if age < (VALID_H + LAPSED_H) * HOUR:
                return ANY_CLASS
        if saturation is not None:
            return POOR_CLASSES if saturation.value < SPO2_PERCENT else (0, 0)
        return (0, 0) if device and device.word == ROOM_AIR and age < VALID_H * HOUR else ANY_CLASS

    def treated(self, t: int, onset: int | None) -> bool:
        """True from the first treating dose of the episode on."""
        if onset is None:
            return False
        return any(self._between(drug, onset - TREATED_BEFORE_H * HOUR, t) for drug in TREATING)

    def grade(self, now: Stretch, onset: int | None) -> tuple[int | None, int | None]:
        """Lowest and highest grade of a stretch; `onset` is the first certain fever of its episode."""
        if now.fever is None and now.low == 0:
            return None, None
        treated = self.treated(now.start, onset)
        if now.fever:
            return max(1, now.low), max(1, now.high)
        if now.fever is None:
            return now.low if treated else 0, max(1, now.high)
        if onset is None or now.start < onset:
            return 0, 0
        return now.low if treated else 0, now.high

    def _episodes(self) -> Iterator[tuple[list[Stretch], int | None]]:
        """Stretches from one active stretch on until none was active for 48 h, with the first certain fever."""
        groups: list[list[Stretch]] = [[]]
        last_active: int | None = None
        for one in self._stretches():
            if one.active:
                if last_active is not None and one.start - last_active >= REOPEN_H * HOUR:
                    groups.append([])
                last_active = one.end
            groups[-1].append(one)
        for group in groups:
            yield group, next((one.start for one in group if one.fever), None)

    def _stretches(self) -> Iterator[Stretch]:
        """Cut wherever a row comes, ends, or has been there for one of the windows."""
        rows = [row for rows in self._rows.values() for row in rows]
        cuts = {row.time + hours * HOUR for row in rows for hours in _WINDOWS_H}
        cuts |= {row.end for row in rows if row.end is not None}
        inside = sorted(t for t in cuts | {self.start} if self.start <= t < self.until)
        for t, end in pairwise([*inside, self.until]):
            (low, high), support = self.hypotension(t), self.oxygen(t)
            signs = max(low, _grade_of(support[0])), max(high, _grade_of(support[1]))
            yield Stretch(t, end, self.fever(t), *signs)

    def _classes(self, device: Row) -> tuple[int, int]:
        if device.word != CANNULA:
            return (CLASS_OF[device.word],) * 2
        flows = [row.value for row in self._rows[FLOW] if row.time == device.time]
        if not flows:
            return CANNULA_CLASSES
        return (1, 1) if flows[0] <= LOW_FLOW_L_MIN else (2, 2)

    def _running(self, drug: str, t: int) -> bool | None:
        newest = self._newest(drug, t)
        if newest is None or newest.value == 0:
            return False
        if newest.end is not None:
            return t < newest.end
        age = t - newest.time
        return True if age < INFUSION_H * HOUR else None if age < INFUSION_UNKNOWN_H * HOUR else False

    def _valid(self, signal: str, t: int) -> Row | None:
        newest = self._newest(signal, t)
        return newest if newest and t < newest.time + VALID_H * HOUR else None

    def _newest(self, signal: str, t: int) -> Row | None:
        rows = self._rows[signal]
        place = bisect_right(rows, t, key=attrgetter("time"))
        return rows[place - 1] if place else None

    def _between(self, signal: str, first: int, last: int) -> list[Row]:
        """Rows of these moments, both included."""
        rows, time = self._rows[signal], attrgetter("time")
        return rows[bisect_left(rows, first, key=time) : bisect_right(rows, last, key=time)]


def _grade_of(support: int) -> int:
    return support + 1 if support else 0


def grade(folder: Path, output: Path) -> None:
    """Grade a folder into the form of the comparison programs."""
    lines = [
        (patient_id, *(_us(t) for t in row[:2]), *row[2:])
        for patient_id, patient in read_patients(folder).items()
        for row in patient.timeline()
    ]
    columns = [pa.array(column, kind) for column, kind in zip(zip(*lines, strict=True), TIMELINE.types, strict=True)]
    pq.write_table(pa.table(columns, schema=TIMELINE), output)


def read_patients(folder: Path) -> Mapping[str, Patient]:
    """The patients of a folder, by id."""
    infusions = pq.read_table(folder / "patients.parquet", columns=["patient_id", "infusion_time", "last_followup"])
    events = pq.read_table(
        folder / "events.parquet", columns=["patient_id", "time", "signal", "value", "value_text", "end"]
    )
    rows: dict[str, list[Row]] = defaultdict(list)
    for patient_id, time, signal, value, word, end in zip(*_plain(events), strict=True):
        rows[patient_id].append(Row(time, signal, value, word, end))
    return {name: Patient(rows[name], start, until) for name, start, until in zip(*_plain(infusions), strict=True)}


def _plain(table: pa.Table) -> Iterator[list[object]]:
    """Columns as lists, times in seconds."""
    for column in table.columns:
        is_time = pa.types.is_timestamp(column.type)
        yield (column.cast(pa.timestamp("s", "UTC"), safe=False).cast(pa.int64()) if is_time else column).to_pylist()


def _us(seconds: int) -> int:
    return seconds * 1_000_000


if __name__ == "__main__":
    run(grade)
