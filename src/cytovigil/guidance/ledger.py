"""The treatment ledger of one infusion at one moment: what was given, how the grades went, what may come next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from cytovigil.guidance.steroids import Exposure, exposure
from cytovigil.guidance.tocilizumab import (
    TOCILIZUMAB,
    CrsEpisode,
    TocilizumabLedger,
    WeightAt,
    tocilizumab_ledger,
    whole_doses,
)
from cytovigil.logic.ladder import Range
from cytovigil.model.doses import Dose
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR, day_of
from cytovigil.model.vocabulary import drugs_of, signals

GradeAt = Callable[[int], Range | None]  # the range of a grade at a moment in seconds UTC; None: not observed
RESPONSE_H = (6, 12, 24, 48)
TREATMENTS = drugs_of("anticytokine", "corticosteroid", "cytotoxic")
DRUGS = (*TREATMENTS, *drugs_of("antiseizure"))


class Tried(NamedTuple):
    """A drug given from the infusion on: its class, first and last dose, and how many."""

    drug: str
    drug_class: str
    first: int
    last: int
    doses: int


class Graded(NamedTuple):
    """The grade of one scale, by the name it is shown under: just before a treatment, and so many hours after it.

    A moment that has not come yet is left out; None is a grade that is not known.
    """

    scale: str
    before: Range | None
    after: tuple[tuple[int, Range | None], ...]


class Response(NamedTuple):
    """A treatment, and the grades around it. What came after it need not have come of it."""

    dose: Dose
    grades: tuple[Graded, ...]


@dataclass(frozen=True, eq=False)
class Ledger:
    """What the ledger holds at `at`. `steroids` is None where none were given from the infusion on.

    `no_crs` is True where no scale that was asked sees CRS now.
    """

    at: int
    settings: Settings
    tocilizumab: TocilizumabLedger
    steroids: Exposure | None
    tried: tuple[Tried, ...]
    responses: tuple[Response, ...]
    no_crs: bool = False

    @property
    def asks(self) -> frozenset[str]:
        """Signals to chart."""
        return self.tocilizumab.asks | (self.steroids.asks if self.steroids else frozenset())


def keep_ledger(
    doses: Sequence[Dose], weight_at: WeightAt, settings: Settings, t: int, *, infusion: int,
    episodes: Sequence[CrsEpisode] = (), grades: Mapping[str, GradeAt] | None = None,
    no_crs: bool = False,
) -> Ledger:  # fmt: skip
    """The ledger at t of systemic doses of DRUGS; what lies after t is not looked at. Times in seconds UTC.

    Tocilizumab counts whenever it was given; the rest from the infusion on.
    """
    known = sorted((dose for dose in doses if dose.time <= t), key=lambda dose: (dose.time, dose.drug))
    since = [dose for dose in known if dose.time >= infusion]
    tocilizumab = tocilizumab_ledger(known, weight_at, episodes, settings, t, infusion=infusion)
    responses = tuple(_response(dose, grades or {}, t) for dose in treatments(since, settings))
    steroids = exposure(since, infusion, settings.zone, t)
    return Ledger(t, settings, tocilizumab, steroids, tried(since), responses, no_crs)


def tried(doses: Sequence[Dose]) -> tuple[Tried, ...]:
    """Each drug once, in order of its first dose."""
    starts = [dose for dose in doses if not dose.continued and dose.drug in DRUGS]
    drugs = dict.fromkeys(dose.drug for dose in starts)
    mine = {drug: [dose.time for dose in starts if dose.drug == drug] for drug in drugs}
    return tuple(
        Tried(drug, signals()[drug].drug_class, times[0], times[-1], len(times)) for drug, times in mine.items()
    )


def treatments(doses: Sequence[Dose], settings: Settings) -> list[Dose]:
    """Each dose of tocilizumab; of another drug the first of a course, which a day without a dose ends: our reading."""
    mine = sorted((dose for dose in doses if dose.drug in TREATMENTS), key=lambda dose: (dose.drug, dose.time))
    found = []
    for drug, given in groupby(mine, key=lambda dose: dose.drug):
        before = None
        for dose in (one for one in whole_doses(list(given)) if not one.continued):
            day = day_of(dose.time, settings.zone)
            if drug == TOCILIZUMAB.drug or before is None or day > before + timedelta(days=1):
                found.append(dose)
            before = day
    return sorted(found, key=lambda dose: (dose.time, dose.drug))


def _response(dose: Dose, grades: Mapping[str, GradeAt], t: int) -> Response:
    due = [hours for hours in RESPONSE_H if dose.time + hours * HOUR <= t]
    return Response(
        dose,
        tuple(
            Graded(name, grade_at(dose.time - 1), tuple((hours, grade_at(dose.time + hours * HOUR)) for hours in due))
            for name, grade_at in grades.items()
        ),
    )
