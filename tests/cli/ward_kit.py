"""A small ward, and what a command gives."""

from collections.abc import Callable
from typing import NamedTuple

PATIENTS = """\
patient_id,infusion_time,product,age_years,sex
A-2,2026-02-27T11:00+01:00,axi-cel,61,female
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
A-2,2026-03-02T08:00+01:00,temperature,37.1,Cel,,obs/9,
A-2,2026-03-02T08:00+01:00,systolic_bp,118,mm[Hg],,obs/10,
A-2,2026-03-02T08:00+01:00,spo2,97,%,,obs/11,
A-2,2026-03-02T08:00+01:00,oxygen_device,none,,,obs/12,
"""


class Done(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]
