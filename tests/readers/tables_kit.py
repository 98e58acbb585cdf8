"""A small valid pair of tables, and a way to read one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from cytovigil.model.events import Course, Event
from cytovigil.model.problems import Problem
from cytovigil.model.settings import Settings
from cytovigil.readers.mapping import SiteMapping
from cytovigil.readers.tables import open_courses

PATIENTS = """patient_id,infusion,infusion_time,product,birth_date,sex,weight_kg,last_followup
P1,1,2026-03-01T10:00+01:00,axi-cel,1960-05-01,female,80,2026-04-01
P2,1,2026-03-01T11:00+01:00,tisa-cel,1955-01-31,male,70.5,2026-04-01
"""
HEADER = "patient_id,time,signal,value,unit,end,source_id\n"
EVENTS = (
    HEADER
    + """P1,2026-03-02T08:00+01:00,temperature,38.6,Cel,,obs/1
P1,2026-03-02T09:10+01:00,norepinephrine,4,ug/min,2026-03-03T02:00+01:00,mar/7
P1,2026-03-02T09:15+01:00,oxygen_device,nasal_cannula,,,obs/2
P1,2026-03-02T09:15+01:00,oxygen_flow,3,L/min,,obs/3
P1,2026-03-02T10:00+01:00,tocilizumab,640,mg,,mar/8
P2,2026-03-02T12:00+01:00,ice,7,,,obs/4
P2,2026-03-02T12:00+01:00,neutrophils,0.4,10*9/L,,lab/9
P2,2026-03-02T12:00+01:00,attribution,fever:infection,,2026-03-03T00:00+01:00,note/1
"""
)


class Read(NamedTuple):
    """All that a reading gave."""

    courses: list[Course]
    problems: list[Problem]
    inputs: list[dict[str, object]]
    unmapped: dict[tuple[str, str], int]

    @property
    def events(self) -> list[Event]:
        return [event for course in self.courses for event in course.events]

    def codes(self) -> list[tuple[str, str, str, str]]:
        return [(p.code, p.row, p.field, p.used) for p in self.problems]


Reader = Callable[..., Read]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Write texts (or bytes) as files and read them: `read(events, patients=..., mapping=...)`."""

    def read_texts(
        events: str | bytes = EVENTS,
        patients: str | bytes = PATIENTS,
        mapping: SiteMapping | None = None,
        names: Sequence[str] = ("patients.csv", "events.csv"),
    ) -> Read:
        paths = [tmp_path / name for name in names]
        for path, content in zip(paths, (patients, events), strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_paths(paths, mapping)

    return read_texts


def read_paths(paths: Sequence[Path], mapping: SiteMapping | None = None) -> Read:
    """Read files with the shipped settings."""
    with open_courses(paths, Settings(), mapping) as source:
        courses = list(source)
        return Read(courses, source.problems.rows(), source.inputs, source.unmapped)
