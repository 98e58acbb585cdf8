"""Rows on their way into order: a batch is kept, more are written to disk as they come, in bounded memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from cytovigil.readers.raw import RawEvent, RawPatient
from cytovigil.scratch import scratch_folder

if TYPE_CHECKING:
    from cytovigil.readers.disk_spool import DiskSpool, Packed

_BATCH = 16_384
_BETWEEN = "\x1f"  # the unit separator of ASCII
_TABLES = ("patients", "events")


class Spool:
    """Two tables, `patients` and `events`. Order: patient_id by its bytes, then as they came. Raises InputError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, list[Packed]] = {name: [] for name in _TABLES}
        self._disk: DiskSpool | None = None
        self.event_count = 0

    def close(self) -> None:
        """Let go of what lies in the folder that was given."""
        if self._disk is not None:
            self._disk.close()

    def write_patients(self, rows: Iterable[RawPatient]) -> Iterator[int]:
        """Append rows; yields how many were written, batch by batch."""
        return self._write("patients", rows)

    def write_events(self, rows: Iterable[RawEvent]) -> Iterator[int]:
        """Append rows; yields how many were written, batch by batch."""
        for count in self._write("events", rows):
            self.event_count += count
            yield count

    def patients(self) -> Iterator[RawPatient]:
        """All rows of the patients table in order; no patient can be written after that."""
        return (RawPatient(int(file), int(row), *rest) for file, row, *rest in self._sorted("patients"))

    def events(self) -> Iterator[RawEvent]:
        """All charted rows in order; no event can be written after that."""
        return (RawEvent(int(file), int(row), *rest) for file, row, *rest in self._sorted("events"))

    def count_patients(self) -> int:
        """How many patients have a row."""
        disk = self._disk_of("patients")
        return (
            len({patient for patient, _ in self._kept["patients"]}) if disk is None else disk.count_patients("patients")
        )

    def _write(self, name: str, rows: Iterable[RawEvent | RawPatient]) -> Iterator[int]:
        kept, new = self._kept[name], 0
        for row in rows:
            kept.append((row.patient_id.replace(_BETWEEN, " "), _packed(row)))
            new += 1
            if len(kept) >= _BATCH:
                self._put_away(name)
                yield new
                new = 0
        if new:
            yield new

    def _put_away(self, name: str) -> None:
        """Write the rows that are kept to disk."""
        if self._disk is None:
            from cytovigil.readers.disk_spool import DiskSpool

            self._disk = DiskSpool(self._folder)
        self._disk.append(name, self._kept[name])
        self._kept[name].clear()

    def _disk_of(self, name: str) -> "DiskSpool | None":
        """The disk, with all rows of a table, where some are there."""
        if self._disk is None or name not in self._disk:
            return None
        if self._kept[name]:
            self._put_away(name)
        return self._disk

    def _sorted(self, name: str) -> Iterator[list[str]]:
        disk = self._disk_of(name)
        if disk is None:
            cells: Iterable[str] = (text for _, text in sorted(self._kept[name], key=itemgetter(0)))
        else:
            cells = disk.cells(name)
        return (text.split(_BETWEEN) for text in cells)


def _packed(row: RawEvent | RawPatient) -> str:
    """All cells of a row as one text; the separator means nothing in a chart."""
    cells = _BETWEEN.join(map(str, row))
    if cells.count(_BETWEEN) == len(row) - 1:
        return cells
    return _BETWEEN.join(str(cell).replace(_BETWEEN, " ") for cell in row)


@contextmanager
def open_spool() -> Iterator[Spool]:
    """A spool in a temporary folder, which goes at the end, whoever interrupts. Raises InputError where it is full."""
    with scratch_folder() as folder:
        spool = Spool(folder)
        try:
            yield spool
        finally:
            spool.close()
