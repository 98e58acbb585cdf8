"""What a row says is read once, and every row is read as if it were the first."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.model.settings import Settings
from cytovigil.readers import events as module
from cytovigil.readers.events import EventReader
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.readers.raw import BLANK_EVENT, RawEvent
from cytovigil.readers.unmapped import Unmapped

CELLS = {
    "patient_id": ["P1", "P2"],
    "time": ["2026-03-02T08:00Z", "2026-03-02", "2026-03-29T02:30", "", "soon", "=A1"],
    "signal": ["temperature", "neutrophils", "norepinephrine", "tocilizumab", "oxygen_device", "death", "8310-5", ""],
    "value": ["38.5", "1.200", "0", "<0,5", "0.1", "stop", "nasal_cannula", "unheard", "", "=1+1"],
    "unit": ["Cel", "10*9/L", "ug/kg/min", "mg/kg", "mg", "", "stones"],
    "end": ["", "2026-03-02T09:00Z", "2026-03-02T08:00Z", "2026-03-01", "never"],
    "source_id": ["", "s1", " s1 "],
    "recorded_at": ["", "2026-03-02T10:00Z", "later"],
    "recorded_by": ["", "nurse"],
    "status": ["", "done", "not_done", "entered_in_error", "perhaps"],
    "route": ["", "intrathecal", "by post"],
    "text": ["", "a line\nand another"],
    "ref_low": ["", "0", "2,0", "x"],
    "ref_high": ["", "7.5", "1.000"],
    "system": ["", "http://loinc.org", "local"],
    "column": ["", "Temp"],
}  # fmt: skip
ROWS = st.lists(
    st.builds(
        lambda file, cells: BLANK_EVENT._replace(file=file, **cells),
        st.integers(0, 1),
        st.fixed_dictionaries({name: st.sampled_from([*some[:1] * 6, *some]) for name, some in CELLS.items()}),
    ),
    max_size=12,
)


class Reading:
    """A reader with what it notes; the second file has decimal commas."""

    def __init__(self) -> None:
        self.log, self.unmapped = ProblemLog(), Unmapped()
        self.reader = EventReader(Settings(), None, ["a.csv", "b.csv"], self.log, self.unmapped, {1})


@given(ROWS, st.sampled_from([None, 70.0]), st.sampled_from([1, 3, 1000]))
def test_rows_are_read_as_if_each_was_the_first(rows: list[RawEvent], weight_kg: float | None, most: int) -> None:
    rows = [row._replace(row=number) for number, row in enumerate(rows + rows)]
    together, alone = Reading(), [Reading() for _ in rows]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_MOST_KNOWN", most)
        found = [together.reader.read(row, lambda _: weight_kg) for row in rows]
    assert found == [one.reader._read_whole(row, lambda _: weight_kg) for one, row in zip(alone, rows, strict=True)]
    noted = ProblemLog()
    for one in alone:
        noted.merge(one.log)
    assert together.log.rows() == noted.rows() and together.log.counts == noted.counts
    counts: dict[Any, int] = {}
    for one in alone:
        for name, count in one.unmapped.counts.items():
            counts[name] = counts.get(name, 0) + count
    assert dict(together.unmapped.counts) == counts
    for file in (0, 1):
        assert together.reader.not_done.get(file, 0) == sum(one.reader.not_done.get(file, 0) for one in alone)
