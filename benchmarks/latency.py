"""One event after another for a patient with 2,400 of them: how long until the grades are there.

python -m benchmarks.latency SCALES: prints the median and the 99th percentile in milliseconds of an event that is the
newest of the chart, then the same of one that was charted late, anywhere in the course.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.generate import generate
from cytovigil.app import choose_scales
from cytovigil.engine.session import Session
from cytovigil.logic.scale import Scale
from cytovigil.model.events import Course, Event
from cytovigil.model.settings import Settings
from cytovigil.readers.tables import open_courses

PATIENTS, SEED = 5, 3
NEW = 100  # events of each patient that are measured


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scales")
    newest, late = latencies(generate(PATIENTS, SEED), choose_scales(parser.parse_args().scales))
    print(*percentiles(newest), *percentiles(late))


def latencies(folder: Path, scales: Sequence[Scale]) -> tuple[list[float], list[float]]:
    """Seconds of each event that came as the newest, and of each that came late."""
    newest, late = [], []
    with open_courses([folder], Settings()) as source:
        for course in source:
            events = sorted(course.events, key=lambda event: event.time)
            newest += _one_by_one(course, scales, events[:-NEW], events[-NEW:])
            step = len(events) // NEW
            charted_late = events[::step][:NEW]
            late += _one_by_one(course, scales, [e for e in events if e not in set(charted_late)], charted_late)
    return newest, late


def _one_by_one(course: Course, scales: Sequence[Scale], before: Sequence[Event], new: Sequence[Event]) -> list[float]:
    session = Session(course.infusions, scales, Settings())
    session.add(before)
    found = []
    for event in new:
        begun = time.perf_counter()
        session.add([event])
        found.append(time.perf_counter() - begun)
    return found


def percentiles(seconds: list[float]) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds."""
    return statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=100)[98] * 1000


if __name__ == "__main__":
    main()
