"""Ward-like courses from a seed: vitals every 2 to 4 hours, laboratory, ICE, drugs, and in most a CRS or ICANS.

About 2,400 events a patient over 30 days. The same seed and number give the same patient on every machine, whatever
the number of patients. The frequencies are plausible, not fitted: grades of these courses say nothing about a product.
"""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from cytovigil.model.times import DAY, HOUR
from cytovigil.model.vocabulary import PRODUCTS

DAYS = 30
FIRST_INFUSION = 1_735_722_000  # 2025-01-01 10:00 at UTC+1
MINUTE = 60
_DISEASES = ("LBCL", "FL", "MCL", "MM", "B-ALL")
_LABS = {  # signal: unit, value in health, upper limit of normal
    "creatinine": ("umol/L", 70, 104), "bilirubin": ("umol/L", 9, 21), "ast": ("U/L", 24, 40), "alt": ("U/L", 25, 45),
    "crp": ("mg/L", 6, None), "ldh": ("U/L", 210, 250), "leukocytes": ("10*9/L", 3.5, None),
    "lymphocytes": ("10*9/L", 0.6, None), "neutrophils": ("10*9/L", 2.2, None), "platelets": ("10*9/L", 130, None),
    "hemoglobin": ("g/dL", 10.2, None), "fibrinogen": ("g/L", 3.2, None), "ferritin": ("ug/L", 400, None),
}  # fmt: skip
_PROPHYLAXIS = (("aciclovir", 400, 8), ("cotrimoxazole", 480, 9), ("levetiracetam", 500, 9), ("levetiracetam", 500, 21))
_WEANING = 0.75  # the share of an episode after which support is weaned


class Row(NamedTuple):
    """One row of the events table. Times in seconds UTC; `value` and `unit` as charted."""

    time: int
    signal: str
    value: str
    unit: str = ""
    end: int | None = None
    ref_high: str = ""


class Episode(NamedTuple):
    """When a toxicity lasts, in seconds UTC, and its worst grade; grade 0: none."""

    start: int
    end: int
    grade: int

    def share(self, time: int) -> float:
        """How much of the episode is over, 0 to 1; below 0 where it does not last."""
        return (time - self.start) / (self.end - self.start) if self.grade and self.start <= time < self.end else -1.0


class WardPatient(NamedTuple):
    """One synthetic patient: a row of the patients table, and rows of the events table by time."""

    patient_id: str
    infusion_time: int
    product: str
    disease: str
    age_years: int
    sex: str
    weight_kg: int
    crs: Episode
    icans: Episode
    rows: tuple[Row, ...]


def make_patients(count: int, seed: int = 1) -> Iterator[WardPatient]:
    """Patients number 0 to `count` - 1, one at a time."""
    return (make_patient(number, seed) for number in range(count))


def make_patient(number: int, seed: int = 1) -> WardPatient:
    """The patient of this number and seed."""
    rng = Random(f"{seed}/{number}")  # not for secrets
    start = FIRST_INFUSION + number % 365 * DAY + rng.randrange(0, 4 * HOUR, 15 * MINUTE)
    crs = _episode(rng, start, 0.8, (18, 140), (48, 170), (50, 30, 14, 6))
    icans = _episode(rng, (crs.start if crs.grade else start) + DAY, 0.4, (6, 90), (30, 150), (40, 25, 25, 10))
    weight = rng.randrange(52, 105)
    rows = [
        *_vitals(rng, start, crs, icans),
        *_laboratory(rng, start, crs),
        *_neurology(rng, start, icans),
        *_prophylaxis(start),
        *_treatment(rng, crs, icans, weight),
    ]
    return WardPatient(
        f"W{number:06}", start, rng.choice(list(PRODUCTS)), rng.choice(_DISEASES), rng.randrange(18, 80),
        rng.choice(("female", "male")), weight, crs, icans, tuple(sorted(rows, key=lambda row: row[:3])),
    )  # fmt: skip


def _episode(
    rng: Random, start: int, chance: float, after_h: tuple[int, int], lasts_h: tuple[int, int], weights: tuple[int, ...]
) -> Episode:
    if rng.random() >= chance:
        return Episode(start, start + 1, 0)
    begin = start + rng.randrange(*after_h) * HOUR
    grade = rng.choices(range(1, len(weights) + 1), weights)[0]
    return Episode(begin, begin + rng.randrange(*lasts_h) * HOUR, grade)


def _vitals(rng: Random, start: int, crs: Episode, icans: Episode) -> Iterator[Row]:
    """A round every 4 hours, every 2 when ill, and on most days every 3; a round takes some minutes."""
    time, end = start - 2 * HOUR, start + DAYS * DAY
    systolic, saturation = rng.randrange(112, 140), rng.choice((95, 96, 97, 98))
    while time < end:
        share = crs.share(time)
        minutes = iter(range(time, time + 15 * MINUTE, MINUTE))
        yield Row(next(minutes), "temperature", f"{_temperature(rng, share):.1f}", "Cel")
        yield Row(next(minutes), "heart_rate", str(rng.randrange(64, 92) + (20 if share >= 0 else 0)), "/min")
        yield Row(next(minutes), "respiratory_rate", str(rng.randrange(13, 20) + (4 if share >= 0 else 0)), "/min")
        low = crs.grade >= 2 and 0.2 <= share < 0.3
        pressure = rng.randrange(78, 89) if low else systolic + rng.randrange(-9, 10)
        yield Row(time, "systolic_bp", str(pressure), "mm[Hg]")
        yield Row(time, "diastolic_bp", str(pressure * 6 // 10), "mm[Hg]")
        yield from _oxygen(rng, next(minutes), crs, icans, saturation)
        time += (2 if share >= 0 or icans.share(time) >= 0 else rng.choice((2, 3, 4, 4))) * HOUR


def _temperature(rng: Random, share: float) -> float:
    if 0 <= share < _WEANING:
        return rng.uniform(37.9, 39.9)
    return rng.uniform(36.2, 37.4)


def _oxygen(rng: Random, time: int, crs: Episode, icans: Episode, saturation: int) -> Iterator[Row]:
    """Saturation at each round; the device, with flow or fraction, at all but a few."""
    yield Row(time, "spo2", str(saturation - rng.randrange(0, 3)), "%")
    if rng.random() < 0.02:
        return
    device, flow, fio2 = _support(crs, icans, time)
    yield Row(time + MINUTE, "oxygen_device", device)
    if flow:
        yield Row(time + MINUTE, "oxygen_flow", str(flow), "L/min")
    if fio2:
        yield Row(time + MINUTE, "fio2", str(fio2), "%")


def _support(crs: Episode, icans: Episode, time: int) -> tuple[str, int, int]:
    """Device, flow in L/min and inspired oxygen in percent; 0 where not charted."""
    share, grade = crs.share(time), crs.grade
    if icans.grade == 4 and 0.3 <= icans.share(time) < 0.6:
        return "invasive_ventilation", 0, 35
    if grade < 2 or not 0.25 <= share < 0.9:
        return "none", 0, 0
    if grade == 4 and share < _WEANING:
        return "bipap", 0, 60
    if grade == 3 and share < 0.5:
        return "high_flow_nasal_cannula", 40, 50
    return "nasal_cannula", 3 if share < _WEANING else 1, 0


def _laboratory(rng: Random, start: int, crs: Episode) -> Iterator[Row]:
    """A baseline 6 days before, then each morning; counts fall and come back, organs suffer with severe CRS."""
    for day in (-6, *range(DAYS)):
        time = start + day * DAY - 3 * HOUR
        share = crs.share(time)
        for signal, (unit, usual, limit) in _LABS.items():
            value = usual * rng.uniform(0.9, 1.1) * _strain(signal, day, share, crs.grade)
            digits = 0 if usual >= 20 else 1 if usual >= 5 else 2
            yield Row(time, signal, f"{value:.{digits}f}", unit, ref_high="" if limit is None else str(limit))


def _strain(signal: str, day: int, share: float, grade: int) -> float:
    if signal in ("neutrophils", "leukocytes", "lymphocytes", "platelets"):
        return max(0.05, abs(day - 8) / 14) if day >= 0 else 1.0
    if share < 0:
        return 1.0
    if signal in ("crp", "ferritin"):
        return 6.0 * grade
    return 1 + 0.45 * max(0, grade - 1) if signal in ("creatinine", "ast", "alt") else 1.0


def _neurology(rng: Random, start: int, icans: Episode) -> Iterator[Row]:
    """ICE and arousal in the morning and in the evening; a few are forgotten, and some are charted as items."""
    for half_day in range(2 * DAYS):
        time = start + half_day * DAY // 2 - HOUR
        share = icans.share(time)
        if half_day and rng.random() < 0.02:
            continue
        grade = 0 if share < 0 else icans.grade if 0.2 <= share < 0.7 else 1
        yield from _assessment(rng, time, grade)
        if icans.grade >= 3 and 0.3 <= share < 0.5 and rng.random() < 0.3:
            yield Row(time + 90 * MINUTE, "seizure", "resolved")


def _assessment(rng: Random, time: int, grade: int) -> Iterator[Row]:
    if grade == 0 and rng.random() < 0.1:
        for minute, (item, most) in enumerate((("orientation", 4), ("naming", 3), ("command", 1), ("writing", 1))):
            yield Row(time + minute * MINUTE, f"ice_{item}", str(most))
        yield Row(time + 4 * MINUTE, "ice_attention", "1")
    else:
        score = (10, rng.randrange(7, 10), rng.randrange(3, 7), rng.randrange(0, 3), 0)[grade]
        yield Row(time, "ice", str(score))
    yield Row(time + 5 * MINUTE, "consciousness", ("awake", "awake", "voice", "voice", "unarousable")[grade])


def _prophylaxis(start: int) -> Iterator[Row]:
    for day in range(DAYS):
        for drug, dose, hour in _PROPHYLAXIS:
            yield Row(start + day * DAY + (hour - 10) * HOUR, drug, str(dose), "mg")


def _treatment(rng: Random, crs: Episode, icans: Episode, weight: int) -> Iterator[Row]:
    """Antipyretic, fluids, tocilizumab, steroids, vasopressors and sedation as the grades need them."""
    lasts = crs.end - crs.start
    if crs.grade:
        yield from (Row(crs.start + n * 8 * HOUR, "paracetamol", "1000", "mg") for n in range(lasts // (12 * HOUR)))
    if crs.grade >= 2:
        yield Row(crs.start + lasts // 5 + 20 * MINUTE, "fluid_bolus", "500", "mL")
        yield Row(crs.start + lasts // 4, "tocilizumab", str(min(800, 8 * weight)), "mg")
    if crs.grade >= 3:
        yield from _infusion(rng, crs, "norepinephrine", (0.3, 0.7), "ug/min", 12)
        yield from (Row(crs.start + lasts // 3 + n * 6 * HOUR, "dexamethasone", "10", "mg") for n in range(8))
    if crs.grade == 4:
        yield from _infusion(rng, crs, "phenylephrine", (0.35, 0.5), "ug/min", 90)
    if icans.grade >= 2:
        yield from (Row(icans.start + n * 6 * HOUR, "dexamethasone", "10", "mg") for n in range(12))
    if icans.grade == 4:
        yield from _infusion(rng, icans, "propofol", (0.3, 0.6), "mg/h", 150)


def _infusion(
    rng: Random, episode: Episode, drug: str, shares: tuple[float, float], unit: str, most: int
) -> Iterator[Row]:
    """Rates charted every 2 hours, then 0, or each with its end; now and then the stop is forgotten."""
    lasts = episode.end - episode.start
    time, stop = (episode.start + int(share * lasts) // MINUTE * MINUTE for share in shares)
    with_end, forgotten = rng.random() < 0.5, rng.random() < 0.03
    while time < stop:
        until = min(time + 2 * HOUR, stop)
        yield Row(time, drug, str(max(1, round(most * rng.uniform(0.3, 1)))), unit, until if with_end else None)
        time = until
    if not with_end and not forgotten:
        yield Row(stop, drug, "0", unit)
