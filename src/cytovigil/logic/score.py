"""Risk scores: points added up, or an index of laboratory values. Like a scale, a score is one readable value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cytovigil.logic.combine import TOTAL
from cytovigil.logic.conditions import Field
from cytovigil.logic.laboratory import VALUE, Cuts, cuts_field
from cytovigil.logic.ladder import SOURCE_READ, Citation, Ladder, Range, weakest


@dataclass(frozen=True)
class BeforeLymphodepletion:
    """Only values of so many days before lymphodepletion; where its date is unknown, before the infusion.

    Both are names of settings; `says` is the window in words.
    """

    days: str
    infusion_days: str
    says: str

    @property
    def settings(self) -> tuple[str, ...]:
        """Names of the settings."""
        return self.days, self.infusion_days


@dataclass(frozen=True)
class AroundInfusion:
    """From so many days before the infusion until so many after it; empty: from it, and while the patient is followed.

    Both are names of settings; `says` is the window in words.
    """

    says: str
    before_days: str = ""
    after_days: str = ""

    @property
    def settings(self) -> tuple[str, ...]:
        """Names of the settings."""
        return tuple(name for name in (self.before_days, self.after_days) if name)


Window = BeforeLymphodepletion | AroundInfusion


@dataclass(frozen=True)
class WindowCuts:
    """Detail of a field: the newest value inside the window, by how many cuts it has passed.

    `undefined` are cut-offs at which the publication does not say on which side a value lies; there it is flagged.
    """

    cuts: Cuts
    window: Window
    undefined: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class HighestCuts:
    """Detail of a field: the highest value of so many hours, a setting, by how many cuts it has passed."""

    cuts: Cuts
    hours: str


@dataclass(frozen=True)
class Band:
    """A published class of a score: from `least` points until the next band."""

    least: int
    label: str


@dataclass(frozen=True)
class CutOff:
    """A published cut-off of an index, for values before treatment: positive where the index is above it."""

    number: Fraction

    @property
    def labels(self) -> tuple[str, str]:
        """At or below it, and above it."""
        return f"<={float(self.number):g}", f">{float(self.number):g}"


@dataclass(frozen=True)
class Term:
    """A signal in the unit of the formula."""

    signal: str
    unit: str

    @property
    def says(self) -> str:
        """The term in words."""
        return f"{self.signal} [{self.unit}]"


@dataclass(frozen=True, eq=False)
class Evidence:
    """Whom a score was made in, what it was worth there, and where others found it weaker."""

    population: str
    performance: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PointScore:
    """Points of items that add up. Raises ValueError where items share a field, or bands do not rise from 0."""

    id: str
    version: str
    title: str
    source: Citation
    domains: tuple[Ladder, ...]
    bands: tuple[Band, ...]
    bands_status: str
    window: Window
    evidence: Evidence
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse items that share a field, and bands with a hole."""
        names = [field.name for field in self.fields]
        if len(names) != len(set(names)):
            raise ValueError(f"score '{self.id}': items share a field")
        least = [band.least for band in self.bands]
        if least[:1] != [0] or least != sorted(set(least)):
            raise ValueError(f"score '{self.id}': bands must rise from 0")

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields of the items."""
        return tuple(field for ladder in self.domains for field in ladder.fields)

    @property
    def signals(self) -> tuple[str, ...]:
        """Signals whose charting the score rests on, sorted."""
        return tuple(sorted({signal for field in self.fields for signal in field.signals}))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Names of the settings it rests on."""
        return (*self.window.settings, *(name for field in self.fields for name in field.assumptions))

    @property
    def status(self) -> str:
        """The weakest evidence of its points and bands."""
        return weakest([self.bands_status, *(rung.status for ladder in self.domains for rung in ladder.rungs)])

    def combined(self, ranges: Sequence[Range]) -> Range:
        """The lowest and the highest total from the ranges of the items, in their order."""
        return TOTAL.of([ladder.name for ladder in self.domains], ranges)

    def band(self, low: int, high: int) -> str:
        """The published class of a total, or the first and the last of a range."""
        return joined([[band.label for band in self.bands if band.least <= points][-1] for points in (low, high)])


@dataclass(frozen=True, eq=False)
class IndexScore:
    """The product of some laboratory values, divided by one.

    After a dose of `invalid_after` it has no value for `invalid_days`; `invalid_says` tells why.
    """

    id: str
    version: str
    title: str
    source: Citation
    numerator: tuple[Term, ...]
    denominator: Term
    window: AroundInfusion
    evidence: Evidence
    notes: tuple[str, ...] = ()
    formula_status: str = SOURCE_READ
    cut_off: CutOff | None = None
    cut_off_status: str = SOURCE_READ
    invalid_after: str = ""
    invalid_days: str = ""  # a setting
    invalid_says: str = ""

    @property
    def status(self) -> str:
        """The weakest evidence of its formula and cut-off."""
        return weakest([self.formula_status, *([self.cut_off_status] if self.cut_off else [])])

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms."""
        return (*self.numerator, self.denominator)

    @property
    def signals(self) -> tuple[str, ...]:
        """Signals whose charting the score rests on, sorted."""
        return tuple(sorted(term.signal for term in self.terms))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Names of the settings it rests on."""
        return (*self.window.settings, *((self.invalid_days,) if self.invalid_days else ()))

    @property
    def formula(self) -> str:
        """The formula in words."""
        return f"{' x '.join(term.says for term in self.numerator)} / {self.denominator.says}"

    def band(self, low: Fraction | None, high: Fraction | None) -> str:
        """The side of the cut-off, or both where the ends leave them open; empty without a cut-off or a value."""
        if self.cut_off is None or low is None is high:
            return ""
        below, above = self.cut_off.labels
        number = self.cut_off.number
        possible = [below] if low is None or low <= number else []
        return joined(possible + ([above] if high is None or high > number else []))


Score = PointScore | IndexScore


@dataclass(frozen=True)
class Unpublished:
    """A score that cannot be computed, because its coefficients are not public; `needs` is what it would look at."""

    id: str
    title: str
    source: Citation
    needs: tuple[str, ...]
    why: str


def joined(labels: Sequence[str]) -> str:
    """One label, or the first and the last of several."""
    return "..".join(dict.fromkeys((labels[0], labels[-1])))


def value_classes(
    name: str,
    says: str,
    signal: str,
    cuts: tuple[str, ...],
    labels: tuple[str, ...],
    in_unit: Mapping[str, tuple[str, ...]] | None = None,
) -> Field:
    """Classes of the newest valid value: the first label where no cut is passed, then one a cut.

    Cuts are in the canonical unit, and run from mild to severe; `in_unit` as in `cuts_field`.
    """
    made = cuts_field(name, says, signal, VALUE, cuts, in_unit)
    return replace(made, labels=labels, ordered=False)


def window_classes(
    name: str,
    says: str,
    signal: str,
    cuts: tuple[str, ...],
    labels: tuple[str, ...],
    window: Window,
    undefined: tuple[str, ...] = (),
) -> Field:
    """Classes of the newest value inside a window."""
    made = value_classes(name, says, signal, cuts, labels)
    detail = WindowCuts(made.detail, window, tuple(map(Fraction, undefined)))
    return replace(made, measure="window_value", detail=detail)


def highest_classes(
    name: str, says: str, signal: str, cuts: tuple[str, ...], labels: tuple[str, ...], hours: str
) -> Field:
    """Classes of the highest value of so many hours, a setting."""
    made = value_classes(name, says, signal, cuts, labels)
    return replace(made, measure="highest_value", detail=HighestCuts(made.detail, hours), assumptions=(hours,))


def finding_field(signal: str, says: str, word: str) -> Field:
    """A yes/no field: is this word charted of a signal, and valid?"""
    return Field(signal, says, (False, True), ("no", "yes"), measure="finding", signals=(signal,), detail=word)
