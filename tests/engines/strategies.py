"""Random courses: every signal the scales rest on, bounds, gaps, ties, duplicates, attributions, two infusions.

Most rows come in rounds about one topic, so that facts meet; others are of any signal at any time. What the courses
reach is held by test_reach.py.
"""

from collections.abc import Sequence

from hypothesis import strategies as st

from cytovigil.model.events import UNREADABLE, Course, Event, Patient
from cytovigil.model.vocabulary import OTHER_CAUSES, SIGNS, signals
from cytovigil.rules import SCALES

START = 1_772_434_800  # 2026-03-02 08:00 in Amsterdam
HOUR = 3600
DAY = 24 * HOUR
USED = tuple(sorted({name for scale in SCALES.values() for name in scale.signals}))
NUMBERS = tuple(name for name in USED if signals()[name].kind == "number")
CATEGORIES = tuple(name for name in USED if signals()[name].kind == "category")
DRUGS = (
    *(name for name in USED if signals()[name].kind == "drug"),
    "tocilizumab", "anakinra", "dexamethasone", "prednisolone", "paracetamol", "fludarabine", "cyclophosphamide",
    "filgrastim", "platelet_transfusion",
)  # fmt: skip
# Values in the canonical unit, on every cut and on both sides of it; of other numbers any plausible one.
NEAR: dict[str, tuple[float, ...]] = {
    "temperature": (36.5, 37.9, 38, 38.5, 39, 39.5, 40, 40.1, 40.5),
    "systolic_bp": (60, 69, 70, 85, 89, 90, 91, 110, 130), "mean_bp": (50, 64, 65, 66, 90),
    "spo2": (80, 89, 90, 91, 92, 93, 97), "oxygen_flow": (0, 1, 3, 4, 4.1, 6, 6.1, 10), "fio2": (21, 25, 39.9, 40, 60),
    "creatinine": (60, 100, 110, 111, 165, 170, 220, 330, 340, 500, 660, 700),
    "bilirubin": (10, 21, 22, 31.5, 40, 70, 250),
    "direct_bilirubin": (2, 5, 6, 20),
    "ast": (20, 40, 41, 100, 120, 130, 200, 250, 850), "alt": (20, 40, 41, 100, 120, 130, 200, 250, 850),
    "neutrophils": (0, 0.05, 0.1, 0.101, 0.3, 0.5, 0.501, 0.9, 1, 1.2, 1.5, 1.7, 2, 3),
    "platelets": (5, 10, 19.9, 20, 24, 25, 40, 49.9, 50, 60, 75, 90, 100, 130, 200),
    "lymphocytes": (0.1, 0.2, 0.3, 0.5, 0.6, 0.8, 0.9, 1.2), "leukocytes": (0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 6),
    "hemoglobin": (6, 7.9, 8, 9, 9.5, 10, 11, 12, 14), "cd4": (20, 50, 100, 200, 300, 500, 600),
    "fibrinogen": (0.3, 0.5, 0.6, 1, 1.2, 1.5, 1.51, 1.9, 2, 3, 4),
    "inr": (0.9, 1, 1.1, 1.2, 1.3, 1.5, 1.6, 2.5, 2.6, 4),
    "aptt": (30, 40, 41, 60, 61, 100, 101), "ldh": (100, 250, 251, 600), "triglycerides": (1, 2.9, 3, 3.01, 5),
    "ferritin": (100, 400, 499, 500, 801, 2000, 10_000, 10_001, 50_000), "scd25": (1000, 2399, 2400, 3000),
    "capd": (0, 1, 5, 8, 9, 10, 20, 32),
}  # fmt: skip
# Limits of normal, (low, high) in the canonical unit: charted or not, or 0, which is none.
LIMITS: dict[str, tuple[float, float]] = {
    "creatinine": (50, 110), "bilirubin": (3, 21), "direct_bilirubin": (1, 5), "ast": (10, 40), "alt": (10, 40),
    "neutrophils": (1.8, 7.5), "platelets": (100, 400), "lymphocytes": (1, 4), "leukocytes": (4, 10),
    "hemoglobin": (12, 16), "cd4": (550, 1500), "fibrinogen": (2, 4), "inr": (0.9, 1.1), "aptt": (25, 40),
    "ldh": (100, 250), "ferritin": (20, 400),
}  # fmt: skip
# Units as reported, where the publication prints numbers of their own for them.
UNITS = {"temperature": "[degF]", "hemoglobin": "mmol/L", "fibrinogen": "mg/dL", "triglycerides": "mg/dL"}
# Signals of which a word that nobody can read still counts as charted.
UNREAD = tuple(name for name in CATEGORIES if signals()[name].absence != "open")
OFTEN = {"oxygen_device": ("none", *["nasal_cannula"] * 5)}
# What is charted together in one round.
VASOPRESSORS = ("norepinephrine", "epinephrine", "vasopressin")
TREATMENT = ("tocilizumab", "dexamethasone", "paracetamol")
SUPPORT = ("oxygen_device", "oxygen_flow", "fio2", "spo2")
ICE = tuple(name for name in USED if name.startswith("ice"))
CAPD = tuple(name for name in USED if name.startswith("capd"))
AROUSAL = ("consciousness", "avpu", "rass", "gcs_eye", "gcs")
ACUTE: tuple[tuple[str, ...], ...] = (
    ("temperature", "systolic_bp", "mean_bp", "hypotension", "fluid_bolus", "norepinephrine", *TREATMENT),
    ("temperature", "systolic_bp", "vasopressor_high_dose", "fluid_bolus", "tocilizumab", *VASOPRESSORS),
    ("temperature", "norepinephrine", *VASOPRESSORS),
    ("temperature", "tocilizumab", "pulmonary_oedema", *SUPPORT), ("temperature", "oxygen_device", "oxygen_flow"),
    ("temperature", "oxygen_device", "spo2", "consciousness", "seizure", "sedation"),
    ("temperature", "tocilizumab", "creatinine", "bilirubin", "ast", "alt"),
    ("temperature", "tocilizumab", "creatinine", "dialysis", "fresh_plasma", "fibrinogen"),
)  # fmt: skip
NEUROLOGY: tuple[tuple[str, ...], ...] = (
    ("ice",), ICE, CAPD, ("ice", "capd", "propofol", "midazolam", "sedation", *AROUSAL),
    ("ice", "seizure", "motor_weakness", "raised_icp", "intracranial_bleeding", "oxygen_device"),
)  # fmt: skip
MEASURED: tuple[tuple[str, ...], ...] = (
    ("temperature", "neutrophils", "platelets", "lymphocytes", "leukocytes", "hemoglobin", "cd4"),
    ("creatinine", "bilirubin", "ast", "alt"), ("direct_bilirubin", "ldh", "inr", "aptt", "fibrinogen"),
    ("lymphocytes", "hemoglobin", "cd4", "pulmonary_oedema", "scd25"),
    ("ferritin", "fibrinogen", "triglycerides", "scd25", "haemophagocytosis", "splenomegaly", "pulmonary_oedema"),
)  # fmt: skip
topics = st.sampled_from(ACUTE) | st.sampled_from(NEUROLOGY) | st.sampled_from(MEASURED)
SERIES = (("neutrophils", 24), ("platelets", 24), ("temperature", 6))  # and hours between rows
OTHERS = (
    ("recorded_crs_grade", "0"), ("recorded_crs_grade", "1"), ("recorded_crs_grade", "3"),
    ("recorded_icans_grade", "0"), ("recorded_icans_grade", "2"),
    ("culture", "positive"), ("intracranial_bleeding", "present"),
)  # fmt: skip
# Whole rounds: temperature, pressure, saturation, device, and a drug given then.
VITALS: tuple[tuple[float, float, float, str, str], ...] = (
    (36.5, 110, 97, "none", ""), (36.5, 110, 97, "none", ""), (36.5, 110, 97, "none", ""), (39, 110, 97, "none", ""),
    (37, 85, 97, "none", ""), (37, 110, 93, "nasal_cannula", ""), (39, 85, 88, "cpap", ""),
    (37, 110, 97, "none", "tocilizumab"),
)  # fmt: skip
RATES = (*VASOPRESSORS, "propofol")
RATES_OR_DOSES = ("midazolam", "phenylephrine", "dopamine", "dexmedetomidine")

any_time = st.integers(-10 * 24, 40 * 24).map(lambda h: START + h * HOUR) | st.integers(-48 * 4, 10 * 24 * 4).map(
    lambda q: START + q * 900
)
begins = st.sampled_from((-6, 0, 0, 6, 12, 24, 13 * 24, 16 * 24, 29 * 24, 59 * 24)).map(
    lambda hour: START + hour * HOUR
)
earlier = st.integers(-14, -1).map(lambda day: START + day * DAY)
one_in = {many: st.integers(0, many - 1).map(lambda n: n == 0) for many in (2, 4, 6, 8, 10)}


def steps(name: str, value: float) -> int:
    """A value in the canonical unit as steps of its signal."""
    return round(value / float(signals()[name].step))


def _values(name: str) -> st.SearchStrategy[int]:
    signal = signals()[name]
    assert signal.plausible_low is not None and signal.plausible_high is not None
    near = [steps(name, value) for value in NEAR.get(name, ())]
    return st.sampled_from(near) if near else st.integers(signal.plausible_low, signal.plausible_high)


def _limits(name: str) -> st.SearchStrategy[tuple[int | None, int | None]]:
    low, high = (steps(name, value) for value in LIMITS[name])
    return st.sampled_from([*[(low, high)] * 5, (None, None), (low, None), (None, high), (0, 0)])


def _words(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*signals()[name].categories * 2, *OFTEN.get(name, ()), *[UNREADABLE] * (name in UNREAD)])


VALUES = {name: _values(name) for name in NUMBERS}
REFERENCES = {name: _limits(name) for name in LIMITS}
WORDS = {name: _words(name) for name in (*CATEGORIES, "intracranial_bleeding")}
REPORTED = {name: st.sampled_from(["", "", unit]) for name, unit in UNITS.items()}
AMOUNTS = st.sampled_from([4000, 10_000, 40_000, None, 4000, 10_000, 0])
ROUTES = st.sampled_from([*["systemic"] * 7, "topical"])
HOURS = st.none() | st.none() | st.integers(1, 96)
RUNS = st.none() | st.integers(0, 48) | st.integers(4, 48)


def number(draw: st.DrawFn, name: str, time: int) -> Event:
    """A number; one in some is a bound."""
    one = draw(VALUES[name])
    other = draw(VALUES[name]) if draw(one_in[6]) else one
    ref_low, ref_high = draw(REFERENCES[name]) if name in REFERENCES else (None, None)
    unit = draw(REPORTED[name]) if name in REPORTED else ""
    return Event("P1", time, name, min(one, other), max(one, other), ref_low=ref_low, ref_high=ref_high, unit=unit)


def category(draw: st.DrawFn, name: str, time: int) -> Event:
    """A word, with an end or without."""
    return Event("P1", time, name, word=draw(WORDS[name]), end=_after(time, draw(HOURS)))


def drug(draw: st.DrawFn, name: str, time: int) -> Event:
    """A dose or a rate, with an end or without."""
    rate = name in RATES or (name in RATES_OR_DOSES and draw(one_in[2]))
    amount = draw(AMOUNTS)
    return Event("P1", time, name, amount, amount, rate=rate, end=_after(time, draw(RUNS)), route=draw(ROUTES))


def _after(time: int, hours: int | None) -> int | None:
    return None if hours is None else time + hours * HOUR


def row_of(draw: st.DrawFn, name: str, time: int) -> Event:
    """A row of one signal, sometimes known only later."""
    made = {"number": number, "category": category, "drug": drug}[signals()[name].kind](draw, name, time)
    return made._replace(recorded_at=_after(time, draw(st.integers(0, 72)))) if draw(one_in[4]) else made


any_signal = st.sampled_from(NUMBERS) | st.sampled_from(CATEGORIES) | st.sampled_from(DRUGS)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """A row of any signal at any time."""
    if draw(one_in[6]):
        name, word = draw(st.sampled_from(OTHERS))
        return Event("P1", draw(any_time), name, word=word)
    return row_of(draw, draw(any_signal), draw(any_time))


@st.composite
def attributions(draw: st.DrawFn) -> Event:
    time = draw(any_time)
    sign, cause = draw(st.sampled_from(SIGNS)), draw(st.sampled_from([*OTHER_CAUSES[:3], "crs", "icans"]))
    return Event("P1", time, "attribution", word=f"{sign}:{cause}", end=_after(time, draw(HOURS)))


@st.composite
def rounds(draw: st.DrawFn, most: int) -> list[Event]:
    """Rounds within some days, at each of which some signals of a topic are charted; now and then long before."""
    begin, hours = draw(begins), draw(st.sampled_from((12, 24, 48, 144)))
    names = draw(topics)
    near = st.integers(0, hours // 2).map(lambda n: begin + n * 2 * HOUR)
    times = draw(st.lists(near | near | near | earlier, min_size=4, max_size=most))
    return [row_of(draw, name, time) for time in times for name in names if draw(one_in[2])]


@st.composite
def series(draw: st.DrawFn) -> list[Event]:
    """Rows at steady intervals, whose value stays for some time, then changes."""
    name, hours = draw(st.sampled_from(SERIES))
    time = START + draw(st.sampled_from((-3, 0, 1, 31, 31))) * DAY
    step = hours * HOUR * draw(st.sampled_from((1, 1, 2, 3, 7)))
    found: list[Event] = []
    for value, rows in draw(st.lists(st.tuples(VALUES[name], st.integers(1, 20)), min_size=2, max_size=6)):
        found += [Event("P1", time + n * step, name, value, value) for n in range(rows)]
        time += rows * step
    return found


@st.composite
def nursed(draw: st.DrawFn) -> list[Event]:
    """Every few hours all that CRS looks at, so that its course is known."""
    time, hours = draw(begins), draw(st.sampled_from((6, 8, 12)))
    found: list[Event] = []
    for *values, device, drug in draw(st.lists(st.sampled_from(VITALS), min_size=4, max_size=16)):
        for name, value in zip(("temperature", "systolic_bp", "spo2"), values, strict=True):
            found.append(Event("P1", time, name, steps(name, value), steps(name, value)))
        found.append(Event("P1", time, "oxygen_device", word=device))
        found += [Event("P1", time, drug, 4000, 4000)] if drug else []
        time += hours * HOUR
    return found


@st.composite
def recorded(draw: st.DrawFn, made: st.SearchStrategy[Event]) -> Event:
    """An event, sometimes known only later."""
    event = draw(made)
    late = draw(st.none() | st.integers(0, 72).map(lambda h: event.time + h * HOUR))
    return event._replace(recorded_at=late)


def corrected(draw: st.DrawFn, rows: Sequence[Event]) -> list[Event]:
    """Rows of which some replace others with their source id, or withdraw them."""
    sources = st.sampled_from(["", "a", "b"])
    return [row._replace(source_id=draw(sources), withdrawn=draw(one_in[8])) for row in rows]


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    days = st.none() | (st.integers(1, 6) | st.integers(1, 40)).map(lambda d: START + d * DAY)
    return Patient(
        "P1",
        START,
        age_years=draw(st.sampled_from([None, 0, 7, 11, 12, 60])),
        sex=draw(st.sampled_from(["female", "male", "unknown"])),
        baseline_ice=draw(st.sampled_from([None, None, 8])),
        baseline_capd=draw(st.sampled_from([None, None, 9])),
        baseline_oxygen=draw(st.sampled_from(["", "", "cpap", "nasal_cannula 2", "nasal_cannula"])),
        lymphodepletion_start=draw(st.sampled_from([None, START - 5 * DAY])),
        death_time=draw(st.one_of(st.none(), st.none(), st.none(), days)),
        death_cause=draw(st.sampled_from(["", "", "crs", "icans", "other"])),
        last_followup=draw(st.one_of(st.none(), st.none(), days, st.just(START + 120 * DAY))),
        next_therapy_date=draw(st.one_of(st.none(), st.none(), st.none(), days)),
        progression_date=draw(st.one_of(st.none(), st.none(), st.none(), days)),
        flags=draw(st.sampled_from([frozenset[str]()] * 5 + [frozenset({"time_assumed"})])),
    )


@st.composite
def courses(draw: st.DrawFn, most: int = 10) -> Course:
    """A patient; one in some is attributed, corrected, or infused again. `most`: rounds, and rows of any kind."""
    first = draw(patients())
    infusions = [first]
    if draw(one_in[8]):
        infusions.append(first._replace(infusion=2, infusion_time=START + 15 * DAY, death_time=None))
    rows = draw(st.lists(events(), max_size=most // 2))
    rows += draw(rounds(most))
    if draw(one_in[4]):
        rows += draw(series())
    if draw(one_in[4]):
        rows += draw(nursed())
    if draw(one_in[4]):
        rows += draw(st.lists(recorded(attributions()), min_size=1, max_size=4))
    return Course(tuple(infusions), tuple(corrected(draw, rows) if draw(one_in[10]) else rows))
