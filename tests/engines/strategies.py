"""Random courses: every signal the scales rest on, bounds, gaps, ties, duplicates, attributions, two infusions."""

from hypothesis import strategies as st

from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.vocabulary import OTHER_CAUSES, SIGNS, signals
from cytovigil.rules import SCALES

START = 1_772_434_800  # 2026-03-02 08:00 in Amsterdam
HOUR = 3600
USED = tuple(sorted({name for scale in SCALES.values() for name in scale.signals}))
NUMBERS = tuple(name for name in USED if signals()[name].kind == "number")
CATEGORIES = tuple(name for name in USED if signals()[name].kind == "category")
DRUGS = (
    "norepinephrine", "epinephrine", "vasopressin", "propofol", "midazolam", "fluid_bolus",
    "tocilizumab", "dexamethasone", "prednisolone", "paracetamol", "fludarabine", "cyclophosphamide",
)  # fmt: skip
# Values near the thresholds, in the canonical unit: plausible, and on both sides of every cut.
NEAR = {
    "temperature": (36.5, 40), "systolic_bp": (60, 130), "mean_bp": (50, 90), "spo2": (80, 100), "oxygen_flow": (0, 12),
    "fio2": (21, 80), "creatinine": (40, 900), "bilirubin": (5, 300), "ast": (10, 1200), "alt": (10, 1200),
    "neutrophils": (0, 2), "platelets": (5, 130),
}  # fmt: skip
# Limits of normal, in the canonical unit: charted or not, or 0, which is none.
LIMITS = {"creatinine": 110, "bilirubin": 21, "ast": 40, "alt": 40, "neutrophils": 1.8, "platelets": 100}

times = st.integers(-10 * 24, 40 * 24).map(lambda h: START + h * HOUR) | st.integers(-48 * 4, 10 * 24 * 4).map(
    lambda q: START + q * 900
)


@st.composite
def numbers(draw: st.DrawFn, name: str) -> Event:
    signal = signals()[name]
    assert signal.plausible_low is not None and signal.plausible_high is not None
    low, high = NEAR.get(name, (signal.plausible_low * signal.step, signal.plausible_high * signal.step))
    ends = st.integers(int(float(low) / float(signal.step)), int(float(high) / float(signal.step)))
    one = draw(ends)
    other = draw(ends) if draw(st.integers(0, 5)) == 0 else one
    limit = [int(LIMITS[name] / float(signal.step)), 0] if name in LIMITS else []
    ref_low, ref_high = (draw(st.sampled_from([None, None, *limit])) for _ in range(2))
    return Event("P1", draw(times), name, min(one, other), max(one, other), ref_low=ref_low, ref_high=ref_high)


@st.composite
def categories(draw: st.DrawFn, name: str) -> Event:
    time = draw(times)
    end = draw(st.none() | st.integers(1, 96).map(lambda h: time + h * HOUR))
    return Event("P1", time, name, word=draw(st.sampled_from(signals()[name].categories)), end=end)


@st.composite
def drugs(draw: st.DrawFn, name: str) -> Event:
    time = draw(times)
    rate = name in ("norepinephrine", "epinephrine", "vasopressin") or (name == "propofol" or draw(st.booleans()))
    rate = rate and name in ("norepinephrine", "epinephrine", "vasopressin", "propofol", "midazolam")
    amount = draw(st.sampled_from([None, 0, 4000, 10_000, 40_000]))
    end = draw(st.none() | st.integers(0, 48).map(lambda h: time + h * HOUR))
    route = draw(st.sampled_from(["systemic", "systemic", "systemic", "topical"]))
    return Event("P1", time, name, amount, amount, rate=rate, end=end, route=route)


@st.composite
def attributions(draw: st.DrawFn) -> Event:
    time = draw(times)
    sign, cause = draw(st.sampled_from(SIGNS[:9])), draw(st.sampled_from([*OTHER_CAUSES[:3], "crs", "icans"]))
    end = draw(st.none() | st.integers(1, 96).map(lambda h: time + h * HOUR))
    return Event("P1", time, "attribution", word=f"{sign}:{cause}", end=end)


others = st.one_of(
    st.tuples(times, st.sampled_from(["0", "1", "3"])).map(
        lambda x: Event("P1", x[0], "recorded_crs_grade", word=x[1])
    ),
    st.tuples(times, st.sampled_from(["0", "2"])).map(lambda x: Event("P1", x[0], "recorded_icans_grade", word=x[1])),
    times.map(lambda t: Event("P1", t, "culture", word="positive")),
    times.map(lambda t: Event("P1", t, "intracranial_bleeding", word="present")),
)
events = st.one_of(
    numbers("temperature"),
    st.sampled_from(NUMBERS).flatmap(numbers),
    st.sampled_from(CATEGORIES).flatmap(categories),
    st.sampled_from(DRUGS).flatmap(drugs),
    attributions(),
    others,
)


@st.composite
def recorded(draw: st.DrawFn, made: st.SearchStrategy[Event]) -> Event:
    """An event, sometimes known only later."""
    event = draw(made)
    late = draw(st.none() | st.integers(0, 72).map(lambda h: event.time + h * HOUR))
    return event._replace(recorded_at=late)


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    days = st.none() | st.integers(1, 40).map(lambda d: START + d * 24 * HOUR)
    return Patient(
        "P1",
        START,
        age_years=draw(st.sampled_from([None, 0, 7, 11, 12, 60])),
        sex=draw(st.sampled_from(["female", "male", "unknown"])),
        baseline_ice=draw(st.sampled_from([None, None, 8])),
        baseline_oxygen=draw(st.sampled_from(["", "", "cpap", "nasal_cannula 2", "nasal_cannula"])),
        lymphodepletion_start=draw(st.sampled_from([None, START - 5 * 24 * HOUR])),
        death_time=draw(st.one_of(st.none(), st.none(), days)),
        death_cause=draw(st.sampled_from(["", "crs", "icans", "other"])),
        last_followup=draw(st.one_of(st.none(), st.none(), days)),
        next_therapy_date=draw(st.one_of(st.none(), st.none(), days)),
    )


@st.composite
def courses(draw: st.DrawFn, max_size: int = 30) -> Course:
    first = draw(patients())
    infusions = [first]
    if draw(st.integers(0, 5)) == 0:
        infusions.append(first._replace(infusion=2, infusion_time=START + 15 * 24 * HOUR, death_time=None))
    return Course(tuple(infusions), tuple(draw(st.lists(recorded(events), max_size=max_size))))
