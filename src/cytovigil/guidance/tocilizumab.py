"""Tocilizumab: the dose by weight with its calculation, what was given, and when the limits allow the next dose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Literal, NamedTuple

from cytovigil.logic.ladder import OUR_READING, SECONDARY, SOURCE_READ, STATUSES, Citation
from cytovigil.model.doses import Dose, Weight
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR

WeightAt = Callable[[int], Weight | None]
Limit = Literal["interval", "window", "episode", "episode_perhaps"]
Place = Literal["episode", "perhaps", "earlier_episode", "outside"]

KYMRIAH_US = Citation("Kymriah US label", "Kymriah US prescribing information, revised 6/2025", where="table 1")
BREYANZI_GB = Citation("Breyanzi SmPC", "Breyanzi GB SmPC, text revised 05/05/2026", where="table 1, pages 7-8")
ASCO_2021 = Citation(
    "ASCO 2021", "Santomasso BD et al. J Clin Oncol 2021;39:3978-3992 (ASCO), pocket guide", "10.1200/JCO.21.01992",
    "page 6",
)  # fmt: skip


@dataclass(frozen=True)
class Published:
    """A number as published; `says` names it in braces. Raises ValueError at import without evidence."""

    value: int
    says: str
    source: Citation
    status: str = SOURCE_READ
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a number without evidence."""
        if self.status not in STATUSES or not self.source.text or "{value}" not in self.says:
            raise ValueError(f"'{self.says}' has no source, value or known status")


@dataclass(frozen=True, eq=False)
class DoseLimits:
    """How a drug is dosed by weight, and how often it may be given. Windows are half open."""

    drug: str
    mg_per_kg: Published
    light_mg_per_kg: Published
    light_below_kg: Published
    cap_mg: Published
    interval_h: Published
    window_h: Published
    per_window: Published
    per_episode: Published
    rounding: Published

    @property
    def constants(self) -> tuple[Published, ...]:
        """Its numbers, in order."""
        return tuple(value for one in fields(self) if isinstance(value := getattr(self, one.name), Published))


TOCILIZUMAB = DoseLimits(
    drug="tocilizumab",
    mg_per_kg=Published(8, "{value} mg/kg over 1 h", BREYANZI_GB),
    light_mg_per_kg=Published(12, "{value} mg/kg for a light patient", KYMRIAH_US, SECONDARY),
    light_below_kg=Published(30, "a light patient weighs less than {value} kg", KYMRIAH_US, SECONDARY),
    cap_mg=Published(800, "at most {value} mg a dose", BREYANZI_GB),
    interval_h=Published(8, "at least {value} h between doses", KYMRIAH_US, SECONDARY),
    window_h=Published(
        24, "doses are counted over {value} h", BREYANZI_GB,
        note="half open, our reading: a dose of exactly 24 h ago no longer counts",
    ),
    per_window=Published(3, "at most {value} doses in that time", BREYANZI_GB),
    per_episode=Published(
        4, "at most {value} doses in an episode of CRS", ASCO_2021,
        note="labels print a total of 4; a new episode begins a new count, as ASCO counts per event; a dose after the "
        "infusion that is of no earlier episode may be of this one: our reading",
    ),
    rounding=Published(
        1, "rounded to {value} mg", Citation("cytovigil", "cytovigil"), OUR_READING,
        note="no source that was read rounds; vials are not considered",
    ),
)  # fmt: skip


class Calculation(NamedTuple):
    """A dose in whole mg and how it came about; `exact_mg` is before the cap and rounding."""

    mg: int
    weight_kg: Fraction
    mg_per_kg: int
    exact_mg: Fraction
    cap_mg: int

    @property
    def capped(self) -> bool:
        """True where the cap made it less."""
        return self.exact_mg > self.cap_mg


class CrsEpisode(NamedTuple):
    """An episode of CRS: its onset, and when it could no longer reopen; None while it can. Seconds UTC."""

    onset: int
    until: int | None = None


class Listed(NamedTuple):
    """A dose that was given, where it counts, and what was wrong with it: limits it broke; over or under the dose."""

    dose: Dose
    place: Place
    calculation: Calculation | None
    broke: tuple[Limit, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TocilizumabLedger:
    """Tocilizumab at one moment. `calculation` is None while the weight is not known: the dose is then a question.

    `blocked` are the limits that forbid a dose now; `next_time` is the first moment at which none does, None where
    the episode has had all its doses, or may have had. `episode` is None where no CRS is going on: doses after the
    infusion in no earlier episode may then count in one that nobody has seen.
    """

    at: int
    limits: DoseLimits
    weight: Weight | None
    calculation: Calculation | None
    episode: CrsEpisode | None
    doses: tuple[Listed, ...]
    blocked: tuple[Limit, ...]
    next_time: int | None

    @property
    def in_episode(self) -> int:
        """Doses that are surely in this episode."""
        return sum(one.place == "episode" for one in self.doses)

    @property
    def perhaps_in_episode(self) -> int:
        """Doses that may be in this episode, besides."""
        return sum(one.place == "perhaps" for one in self.doses)

    @property
    def in_window(self) -> int:
        """Doses in the window that ends now, whatever episode they were given in."""
        start = self.at - self.limits.window_h.value * HOUR
        return sum(one.dose.time > start for one in self.doses)

    @property
    def left_in_window(self) -> int:
        """How many more the window allows now."""
        return max(0, self.limits.per_window.value - self.in_window)

    @property
    def left_in_episode(self) -> int:
        """How many more this episode allows, where none of those that may be in it are."""
        return max(0, self.limits.per_episode.value - self.in_episode)

    @property
    def asks(self) -> frozenset[str]:
        """Signals to chart: an unknown weight, or the amount of a dose."""
        unknown = {"weight"} if self.calculation is None else set()
        return frozenset(unknown | {one.dose.drug for one in self.doses if "dose_unknown" in one.flags})


def calculate(weight: Weight | None, limits: DoseLimits = TOCILIZUMAB) -> Calculation | None:
    """The dose for a weight; None where the weight is not known as one number."""
    if weight is None or not weight.known:
        return None
    kg, cap = weight.low_kg, limits.cap_mg.value
    each = (limits.light_mg_per_kg if kg < limits.light_below_kg.value else limits.mg_per_kg).value
    step = limits.rounding.value
    return Calculation(min(cap, round(kg * each / step) * step), kg, each, kg * each, cap)


def tocilizumab_ledger(
    doses: Sequence[Dose], weight_at: WeightAt, episodes: Sequence[CrsEpisode], settings: Settings, t: int, *,
    infusion: int, limits: DoseLimits = TOCILIZUMAB,
) -> TocilizumabLedger:  # fmt: skip
    """The ledger at t of systemic doses of any drug, by time. What lies after t is not looked at.

    A dose from the `infusion` on that is in no episode may belong to the one that lasts, or to one nobody has seen.
    """
    known = [one for one in episodes if one.onset <= t]
    lead_s = int(settings.treated_before_onset_h * HOUR)
    current = _episode_of(known, t, lead_s)
    mine = whole_doses([dose for dose in doses if dose.drug == limits.drug and dose.time <= t])
    homes = [_episode_of(known, _last(dose), lead_s) for dose in mine]
    places = [_place(home, current, _last(dose) >= infusion) for home, dose in zip(homes, mine, strict=True)]
    listed = tuple(
        _listed(mine[: index + 1], homes[: index + 1], places[index], weight_at(dose.time), limits)
        for index, dose in enumerate(mine)
    )
    times, weight = [dose.time for dose in mine], weight_at(t)
    spent = _spent(limits, places.count("episode"), places.count("perhaps"))
    ahead = None if spent else _next_time(limits, times, t)
    blocked = _broken(limits, times, t) + spent
    return TocilizumabLedger(t, limits, weight, calculate(weight, limits), current, listed, blocked, ahead)


def whole_doses(parts: Sequence[Dose]) -> list[Dose]:
    """Doses of one drug, by time, with what went on from them added."""
    found: list[Dose] = []
    for part in parts:
        if part.continued and found:
            before = found[-1]
            high = None if before.high_mg is None or part.high_mg is None else before.high_mg + part.high_mg
            found[-1] = before._replace(low_mg=before.low_mg + part.low_mg, high_mg=high, end=part.end)
        else:
            found.append(part)
    return found


def _last(dose: Dose) -> int:
    return max(dose.time, dose.end or dose.time)


def _place(home: CrsEpisode | None, current: CrsEpisode | None, after_infusion: bool) -> Place:
    if home is None:
        return "perhaps" if after_infusion else "outside"
    return "episode" if home == current else "earlier_episode"


def _episode_of(episodes: Sequence[CrsEpisode], time: int, lead_s: int) -> CrsEpisode | None:
    """The episode that a moment belongs to, the last of several; a treatment shortly before an onset belongs to it."""
    inside = [one for one in episodes if one.onset - lead_s <= time and (one.until is None or time < one.until)]
    return max(inside, default=None, key=lambda one: one.onset)


def _broken(limits: DoseLimits, times: Sequence[int], t: int) -> tuple[Limit, ...]:
    """Which limits of time a dose at t would break, after doses at `times`, none of them later."""
    in_window = sum(time > t - limits.window_h.value * HOUR for time in times)
    too_soon = any(time > t - limits.interval_h.value * HOUR for time in times)
    broken: list[Limit] = ["interval"] if too_soon else []
    return tuple([*broken, "window"] if in_window >= limits.per_window.value else broken)


def _spent(limits: DoseLimits, counted: int, perhaps: int = 0) -> tuple[Limit, ...]:
    """The limit that forbids another dose in an episode that has had so many, and perhaps so many besides."""
    most = limits.per_episode.value
    if counted >= most:
        return ("episode",)
    return ("episode_perhaps",) if counted + perhaps >= most else ()


def _next_time(limits: DoseLimits, times: Sequence[int], t: int) -> int:
    hours = limits.interval_h.value, limits.window_h.value
    moments = {t, *(later for time in times for hour in hours if (later := time + hour * HOUR) > t)}
    return min(moment for moment in moments if not _broken(limits, times, moment))


def _listed(
    doses: Sequence[Dose], homes: Sequence[CrsEpisode | None], place: Place, weight: Weight | None, limits: DoseLimits
) -> Listed:  # fmt: skip
    """The last of these doses, judged by those before it."""
    *before, dose = doses
    *homes_before, home = homes
    spent = () if home is None else _spent(limits, homes_before.count(home))
    broke = _broken(limits, [one.time for one in before], dose.time) + spent
    dosed = calculate(weight, limits)
    flags = tuple(_flags(dose, dosed, limits))
    return Listed(dose, place, dosed, broke, flags)


def _flags(dose: Dose, dosed: Calculation | None, limits: DoseLimits) -> list[str]:
    found = [] if dose.known else ["dose_unknown"]
    if dose.low_mg > limits.cap_mg.value:
        found.append("above_cap")
    if dosed is not None and dose.low_mg > dosed.mg:
        found.append("above_dose")
    if dosed is not None and dose.high_mg is not None and dose.high_mg < dosed.mg:
        found.append("below_dose")
    return found
