"""A patient with fever and a good pressure all the time: with fever the grade shows what is left, the oxygen.

ASTCT: 1 is no support, 2 low flow, 3 high flow or mask, 4 positive pressure; `2..3` is low or high.
"""

from cytovigil.model.events import Patient
from cytovigil.model.settings import Settings
from spec.charts import ADULT, SETTINGS, grade, row_at, shown

CRS, LEE, LABEL = "crs-astct-2019", "crs-lee-2014", "crs-lee-2014-label"
FEVER = "\n".join(f"d{day} {hour}:00 | temperature | 39" for day in range(9) for hour in ("09", "21"))
PRESSURE = "d0 08:00 | systolic_bp | 120 | d9 00:00"
NORMAL = "\n".join(
    f"d{day} 07:00 | {name} | {value} | {end} | ref_high=100"
    for name, value in (("creatinine", 80), ("bilirubin", 10), ("ast", 20), ("alt", 20))
    for day, end in ((-1, ""), (0, "d9 00:00"))
)
FEBRILE = f"{FEVER}\n{PRESSURE}"
ROOM_AIR = "d0 09:00 | oxygen_device | none | d9 00:00"
# Liver and kidney were normal before and are now: what Lee 2014 needs to be certain.
WITH_LABORATORY = f"{FEBRILE}\n{NORMAL}"


def over_time(
    chart: str, times: list[str], scale: str = CRS, patient: Patient = ADULT, settings: Settings = SETTINGS
) -> dict[str, str]:
    """The grade of the febrile patient at each time."""
    graded = grade(f"{FEBRILE if scale == CRS else WITH_LABORATORY}\n{chart}", scale, patient, settings=settings)
    return {time: shown(row_at(graded, time)) for time in times}


def at_once(
    chart: str, time: str = "d1 12:00", scale: str = CRS, patient: Patient = ADULT
) -> tuple[str, tuple[str, ...]]:
    """The grade of the febrile patient at a time, and its flags."""
    row = row_at(grade(f"{FEBRILE if scale == CRS else WITH_LABORATORY}\n{chart}", scale, patient), time)
    return shown(row), row.flags
