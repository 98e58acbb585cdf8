"""Corticosteroids as dexamethasone equivalents, by day; and what was published on benefit and risk, without verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from cytovigil.logic.ladder import SECONDARY, SOURCE_READ, STATUSES, UNVERIFIED, Citation
from cytovigil.model.doses import Dose
from cytovigil.model.settings import PREDNISOLONE_EQUIVALENT_MG
from cytovigil.model.times import day_of, start_of_day

Taper = Literal["falling", "not_falling", "unknown"]
EQUIVALENCE_STATUS = UNVERIFIED  # of model/settings.PREDNISOLONE_EQUIVALENT_MG


class Day(NamedTuple):
    """What a calendar day at the site adds up to, in mg of dexamethasone; `high_mg` None: no upper end is known."""

    date: date
    low_mg: Fraction
    high_mg: Fraction | None


@dataclass(frozen=True, eq=False)
class Exposure:
    """Systemic corticosteroids from the infusion on. `days` are all calendar days from the first dose to the last.

    The taper is judged on full days; `falling_since` is the first day below the one before it, if it is falling.
    """

    days: tuple[Day, ...]
    first: int
    last: int
    taper: Taper
    falling_since: date | None
    unknown: tuple[Dose, ...]
    first_day: int  # days after the infusion's calendar day

    @property
    def low_mg(self) -> Fraction:
        """The least that all days add up to."""
        return sum((day.low_mg for day in self.days), Fraction(0))

    @property
    def high_mg(self) -> Fraction | None:
        """The most; None where some dose has no upper end."""
        return _sum(day.high_mg for day in self.days)

    @property
    def days_given(self) -> int:
        """Days with a dose, or perhaps one."""
        return sum(day.high_mg is None or day.high_mg > 0 for day in self.days)

    @property
    def asks(self) -> frozenset[str]:
        """Drugs whose amounts are to be charted."""
        return frozenset(dose.drug for dose in self.unknown)


def dexamethasone_mg(drug: str, mg: Fraction) -> Fraction:
    """The amount of dexamethasone that is held to equal an amount of a corticosteroid. Unverified."""
    return mg * PREDNISOLONE_EQUIVALENT_MG["dexamethasone"] / PREDNISOLONE_EQUIVALENT_MG[drug]


def exposure(doses: Sequence[Dose], infusion: int, zone: ZoneInfo, t: int) -> Exposure | None:
    """Exposure at t; None where no corticosteroid was given from the infusion on."""
    mine = [dose for dose in doses if dose.drug in PREDNISOLONE_EQUIVALENT_MG and infusion <= dose.time <= t]
    if not mine:
        return None
    days = _days([part for dose in mine for part in _parts(dose, zone, t)])
    today = day_of(t, zone)
    taper, since = _taper([day for day in days if day.date < today])
    unknown = tuple(dose for dose in mine if not dose.known)
    first_day = (day_of(mine[0].time, zone) - day_of(infusion, zone)).days
    return Exposure(days, mine[0].time, max(dose.time for dose in mine), taper, since, unknown, first_day)


def _sum(amounts: Iterator[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _parts(dose: Dose, zone: ZoneInfo, t: int) -> Iterator[Day]:
    """The dose by calendar day; what ran over time is spread evenly."""
    end = min(dose.time if dose.end is None else dose.end, t)
    low = dexamethasone_mg(dose.drug, dose.low_mg)
    high = None if dose.high_mg is None else dexamethasone_mg(dose.drug, dose.high_mg)
    if end <= dose.time:
        yield Day(day_of(dose.time, zone), low, high)
        return
    start, seconds = dose.time, end - dose.time
    while start < end:
        day = day_of(start, zone)
        until = min(end, start_of_day(day + timedelta(days=1), zone))
        share = Fraction(until - start, seconds)
        yield Day(day, low * share, None if high is None else high * share)
        start = until


def _days(parts: Sequence[Day]) -> tuple[Day, ...]:
    """All days from the first to the last, those without a dose too."""
    first, last = min(part.date for part in parts), max(part.date for part in parts)
    dates = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return tuple(_day(one, [part for part in parts if part.date == one]) for one in dates)


def _day(one: date, parts: Sequence[Day]) -> Day:
    return Day(one, sum((part.low_mg for part in parts), Fraction(0)), _sum(part.high_mg for part in parts))


def _taper(days: Sequence[Day]) -> tuple[Taper, date | None]:
    """Falling where the last change from one full day to the next was a fall, since the fall that no rise preceded."""
    since: date | None = None
    for before, day in reversed(list(pairwise(days))):
        if day.high_mg is not None and day.high_mg < before.low_mg:
            since = day.date
        elif not (day.low_mg == day.high_mg == before.low_mg == before.high_mg):
            rose = before.high_mg is not None and day.low_mg > before.high_mg
            return ("falling", since) if since else ("not_falling" if rose else "unknown", None)
    return ("falling", since) if since else ("not_falling", None)


@dataclass(frozen=True)
class Association:
    """What was published on corticosteroids and outcome, in whom, and what else may explain it: never a verdict.

    Raises ValueError at import without evidence, or where the confounding is not named.
    """

    says: str
    value: str  # numbers alone, as printed; empty where the source gives a direction only
    population: str
    confounding: str
    source: Citation
    status: str = SOURCE_READ

    def __post_init__(self) -> None:
        """Refuse what would read as a verdict."""
        if self.status not in STATUSES or not (self.source.text and self.population and self.confounding):
            raise ValueError(f"'{self.says}' has no source, population, confounding or known status")


STRATI = Citation("Strati 2021", "Strati P et al. Blood 2021;137:3272")
COHORT_4 = Citation("ZUMA-1 cohort 4", "ZUMA-1 cohort 4 (Topp MS et al.), ASH 2019, as reported by cgtlive")
COHORT_6 = Citation("Oluwole 2021", "Oluwole OO et al. Br J Haematol 2021;194:690 (ZUMA-1 cohort 6)")
_LYMPHOMA = "100 patients with LBCL, mostly axi-cel; 60 had corticosteroids"
_SEVERITY = "retrospective; the more severe the toxicity, the more corticosteroid was given"
_EARLY = "ZUMA-1 cohort 4, axi-cel with early corticosteroids, beside cohorts 1 and 2"
_NOT_RANDOMISED = "compared between cohorts, not randomised"
_PROPHYLAXIS = "ZUMA-1 cohort 6, n=40, axi-cel with dexamethasone 10 mg on days 0, 1 and 2"
_BURDEN = "not randomised; less disease at the start than in cohorts 1 and 2; follow-up of 8.9 months"
ASSOCIATIONS = (
    Association("median cumulative dose in mg of dexamethasone (range)", "186 (8-1803)", _LYMPHOMA, _SEVERITY, STRATI),
    Association("median duration in days (range)", "9 (1-30)", _LYMPHOMA, _SEVERITY, STRATI),
    Association("begun on days 0 to 7", "75 %", _LYMPHOMA, _SEVERITY, STRATI),
    Association("a higher cumulative dose went with shorter progression-free survival", "", _LYMPHOMA, _SEVERITY,
                STRATI),
    Association("a higher dose, longer and earlier use went with shorter survival", "", _LYMPHOMA, _SEVERITY, STRATI),
    Association("CRS of grade 3 or more; in cohorts 1 and 2", "2 %; 11-13 %", _EARLY, _NOT_RANDOMISED, COHORT_4,
                SECONDARY),
    Association("neurotoxicity of grade 3 or more; in cohorts 1 and 2", "17 %; 28-32 %", _EARLY, _NOT_RANDOMISED,
                COHORT_4, SECONDARY),
    Association("the cumulative dose of corticosteroids was lower, and the response no worse at 8.7 months", "", _EARLY,
                _NOT_RANDOMISED, COHORT_4, SECONDARY),
    Association("CRS of any grade, none above grade 2", "80 %", _PROPHYLAXIS, _BURDEN, COHORT_6),
    Association("neurotoxicity of any grade; of grade 3 or more", "58 %; 13 %", _PROPHYLAXIS, _BURDEN, COHORT_6),
    Association("neither CRS nor neurotoxicity in the first 72 h", "68 %", _PROPHYLAXIS, _BURDEN, COHORT_6),
    Association("response; complete response", "95 %; 80 %", _PROPHYLAXIS, _BURDEN, COHORT_6),
)  # fmt: skip
