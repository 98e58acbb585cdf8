"""The page of intervals is made from them: one that is stale fails here, and nothing is left out."""

import runpy
import sys
from pathlib import Path

from cytovigil.guidance.monitoring import all_intervals
from cytovigil.logic.text import cite

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))  # as `python docs/generate.py` has it
PAGE = runpy.run_path(str(DOCS / "generate.py"))["monitoring_page"]()


def test_the_page_is_not_stale() -> None:
    assert (DOCS / "monitoring.md").read_text("utf-8") == PAGE, "the intervals changed: run `make docs`"


def test_every_interval_stands_there_once_with_source_and_status() -> None:
    found = list(all_intervals())
    assert len({one.id for one in found}) == len(found) > 10
    for one in found:
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{one.id}` |")]
        assert cite(one.source) in row and f"| {one.status} |" in row and one.note in row
