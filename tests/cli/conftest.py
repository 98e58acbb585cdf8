"""A small ward, and the command line called as a user does."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cytovigil.cli import main

PATIENTS = """\
patient_id,infusion_time,product,age_years,sex
=P2,2026-02-27T11:00+01:00,axi-cel,61,female
P1,2026-02-27T11:00+01:00,axi-cel,44,male
"""
EVENTS = """\
patient_id,time,signal,value,unit,end,source_id,text
P1,2026-03-02T07:50+01:00,systolic_bp,104,mm[Hg],,obs/4,
P1,2026-03-02T08:00+01:00,temperature,38.6,Cel,,obs/1,
P1,2026-03-02T08:00+01:00,oxygen_device,none,,,obs/5,
P1,2026-03-02T08:00+01:00,spo2,96,%,,obs/6,
P1,2026-03-02T09:10+01:00,norepinephrine,4,ug/min,2026-03-02T12:00+01:00,mar/7,
P1,2026-03-02T10:00+01:00,tocilizumab,640,mg,,mar/8,
P1,2026-03-02T10:30+01:00,recorded_crs_grade,2,,,note/1,
=P2,2026-03-02T08:00+01:00,temperature,37.1,Cel,,obs/9,
=P2,2026-03-02T08:00+01:00,systolic_bp,118,mm[Hg],,obs/10,
=P2,2026-03-02T08:00+01:00,spo2,97,%,,obs/11,
=P2,2026-03-02T08:00+01:00,oxygen_device,none,,,obs/12,
"""


class Done(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    before = signal.getsignal(signal.SIGTERM)

    def call(*arguments: object) -> Done:
        with pytest.raises(SystemExit) as stop:
            main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        return Done(stop.value.code or 0, out, err)  # type: ignore[arg-type]

    yield call
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """A folder with two good tables."""
    folder = tmp_path / "ward"
    folder.mkdir()
    (folder / "patients.csv").write_text(PATIENTS, "utf-8")
    (folder / "events.csv").write_text(EVENTS, "utf-8")
    return folder
