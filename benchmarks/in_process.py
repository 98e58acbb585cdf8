"""The columnar engine without its driver: seconds to read a folder into columns, and to grade them, on one core.

python -m benchmarks.in_process FOLDER SCALES: prints the two figures; nothing is written.
"""

import argparse
import time
from pathlib import Path

from benchmarks.process import on_one_core
from cytovigil.app import choose_scales
from cytovigil.engine.columnar.block import Known
from cytovigil.engine.columnar.charted import Charted
from cytovigil.engine.columnar.grade import grade_block
from cytovigil.model.settings import Settings
from cytovigil.run import open_inputs


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("scales")
    chosen = parser.parse_args()
    on_one_core()
    print(*read_and_grade(chosen.folder, chosen.scales))


def read_and_grade(folder: Path, ids: str) -> tuple[float, float]:
    """Seconds of reading, and of grading."""
    scales, settings, known = choose_scales(ids), Settings(), Known()
    grading, begun = 0.0, time.perf_counter()
    with open_inputs([folder], settings, None, None, 0) as source:
        for columns in source.columns():
            start = time.perf_counter()
            grade_block(Charted(*columns), scales, settings, known)
            grading += time.perf_counter() - start
    return time.perf_counter() - begun - grading, grading


if __name__ == "__main__":
    main()
