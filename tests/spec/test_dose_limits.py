"""Limits of doses, for any order of doses, fever and oxygen: what was given counts, whatever was charted when."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.doses import episode_spans
from cytovigil.engine.situation import Situation
from cytovigil.guidance import PROTOCOLS
from cytovigil.guidance.fields import ASTCT, crs_by
from cytovigil.logic.guidance import Advice, advise
from cytovigil.model.times import HOUR
from cytovigil.rules import SCALES
from cytovigil.rules.scores import SCORES
from spec.charts import ADULT, SETTINGS, at, events

INFUSED = at("d0 08:00")
BY_GRADE = {
    1: "oxygen_device | none", 2: "oxygen_device | nasal_cannula", 3: "oxygen_device | high_flow_nasal_cannula",
    4: "oxygen_device | cpap",
}  # fmt: skip
READ = [
    PROTOCOLS[name] for name in ("asco-2021", "breyanzi-gb-2026-05", "cartox-2018", "kymriah-us-2025-06", "umcg-2020")
]


def clock(hour: int) -> str:
    """Hours since the infusion at d0 08:00, as the charts of these tests write a time."""
    day, of_day = divmod(hour + 8, 24)
    return f"d{day} {of_day:02}:00"


def situation(rows: list[str], hour: int) -> Situation:
    chart = "\n".join([*rows, "d0 08:00 | systolic_bp | 120 | d30 00:00", "d0 08:00 | spo2 | 96 | d30 00:00"])
    patient = ADULT._replace(infusion_time=INFUSED)
    return Situation(patient, events(chart), SETTINGS, SCALES, SCORES, INFUSED + hour * HOUR)


def given_now(one: Situation, drug: str) -> list[Advice]:
    """What applies, beyond question, and gives a dose of this drug."""
    facts = {p: {field.name: one.fact(field) for field in p.fields} for p in READ}
    found = [each for p in READ for each in advise(p, facts[p]) if each.applies and each.recommendation.scheme]
    return [each for each in found if each.recommendation.scheme and each.recommendation.scheme.drug == drug]


hours = st.lists(st.integers(-4, 220), max_size=7, unique=True).map(sorted)


@given(hours, hours, st.lists(st.integers(0, 220), max_size=12), st.sampled_from([37, 39]), st.integers(2, 240))
def test_no_dose_beyond_the_limits_of_all_since_the_infusion(
    doses: list[int], siltuximab: list[int], fevers: list[int], other: int, now: int
) -> None:
    rows = [f"{clock(hour)} | tocilizumab | 640" for hour in doses]
    rows += [f"{clock(hour)} | siltuximab | 880" for hour in siltuximab]
    rows += [f"{clock(hour)} | temperature | 39" for hour in fevers]
    rows += [f"{clock(hour)} | temperature | {other}" for hour in range(1, now, 6) if hour not in fevers]
    rows += [f"{clock(0)} | oxygen_device | nasal_cannula | d30 00:00", f"{clock(0)} | oxygen_flow | 3 | d30 00:00"]
    one = situation(rows, now)
    lead = int(SETTINGS.treated_before_onset_h * HOUR)
    over = [(start - lead, end) for start, end in episode_spans(one.record, SCALES[ASTCT]) if end is not None]
    times = [INFUSED + hour * HOUR for hour in doses if 0 <= hour <= now]
    counted = [time for time in times if not any(start <= time < end for start, end in over)]
    if len(counted) >= 4:
        assert given_now(one, "tocilizumab") == []
    if any(0 <= hour <= now for hour in siltuximab):
        assert given_now(one, "siltuximab") == []


@given(st.lists(st.integers(1, 4), min_size=1, max_size=8), st.sets(st.integers(0, 39), min_size=1, max_size=6))
def test_a_grade_above_that_at_any_dose_of_the_last_day_is_worse(grades: list[int], doses: set[int]) -> None:
    """The grade changes every 5 hours, and is known."""
    rows = [f"{clock(24 + hour)} | temperature | 39" for hour in range(0, 41, 4)]
    spans = [*pairwise([*range(0, 5 * len(grades), 5), 48])]
    for level, (start, end) in zip(grades, spans, strict=True):
        rows.append(f"{clock(24 + start)} | {BY_GRADE[level]} | {clock(24 + end)}")
        rows += [f"{clock(24 + start)} | oxygen_flow | 3 | {clock(24 + end)}"] if level == 2 else []
    rows += [f"{clock(24 + hour)} | dexamethasone | 10" for hour in doses]
    one = situation(rows, 24 + 40)
    at_dose = [grades[min(hour // 5, len(grades) - 1)] for hour in doses if hour > 16]
    fact = one.fact(crs_by(ASTCT).worse)
    if any(grades[-1] > level for level in at_dose):
        assert fact.values == {True}
    elif at_dose:
        assert fact.values == {False}
