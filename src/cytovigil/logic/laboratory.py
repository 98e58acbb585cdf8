"""What a laboratory criterion compares: a value with numbers, with a limit of normal, or with the baseline."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from cytovigil.logic.conditions import Field

VALUE, UPPER_LIMIT, LOWER_LIMIT, BASELINE = "value", "upper limit", "lower limit", "baseline"
_OPERATORS = (">=", "<=", ">", "<")


@dataclass(frozen=True)
class Cut:
    """One edge of a criterion, as printed: `<0.5`, `>=1.5`. `number` is a value, or a multiple of limit or baseline."""

    operator: str
    number: Fraction

    def passed(self, value: Fraction, of: Fraction) -> bool:
        """True where the value is beyond the edge, taken `of` times."""
        edge = self.number * of
        match self.operator:
            case ">":
                return value > edge
            case ">=":
                return value >= edge
            case "<":
                return value < edge
        return value <= edge

    @property
    def strict(self) -> "Cut":
        """The same edge, itself not beyond it."""
        return Cut(self.operator[0], self.number)


def cut(text: str) -> Cut:
    """`<0.5` as a cut."""
    operator = next(one for one in _OPERATORS if text.startswith(one))
    return Cut(operator, Fraction(text.removeprefix(operator)))


@dataclass(frozen=True)
class Cuts:
    """Detail of a field: how many of the `cuts`, from mild to severe, the newest value of `signal` has passed.

    `of` is what the cuts are multiples of, or VALUE: then they are numbers in the signal's canonical unit, and
    `in_unit` gives other numbers for values reported in some unit, where the publication prints its own. The printed
    number counts, not its conversion: a haemoglobin of 4.9 mmol/L is not below 4.9.

    `side`: the rules look at multiples of the baseline only where the baseline was beyond that limit of normal, and at
    multiples of the limit only where it was not. That settles some values where limit or baseline is not known.
    """

    signal: str
    of: str
    cuts: tuple[Cut, ...]
    in_unit: Mapping[str, tuple[Cut, ...]]
    side: str = ""


@dataclass(frozen=True)
class BaselineSide:
    """Detail of a yes/no field: was the baseline of `signal` beyond its own limit of normal, UPPER or LOWER?"""

    signal: str
    of: str

    @property
    def beyond(self) -> Cut:
        """The limit itself as a cut."""
        return Cut(">" if self.of == UPPER_LIMIT else "<", Fraction(1))


@dataclass(frozen=True)
class Spell:
    """Detail of a yes/no field: consecutive readings beyond `level` over more than `over_min` minutes.

    One of them beyond `peak` suffices.
    """

    level: Cuts
    over_min: int
    peak: Cuts | None = None


def cuts_field(
    name: str,
    says: str,
    signal: str,
    of: str,
    cuts: tuple[str, ...],
    in_unit: Mapping[str, tuple[str, ...]] | None = None,
    side: str = "",
    measure: str = "laboratory",
) -> Field:
    """An ordered field: 0 where no cut is passed, 1 where the first is, and so on. Cuts run from mild to severe."""
    return Field(
        name, says, tuple(range(len(cuts) + 1)), (f"not {cuts[0]}", *cuts), measure, signals=(signal,),
        detail=made_cuts(signal, of, cuts, in_unit, side),
        assumptions=("baseline_laboratory_days",) if of == BASELINE else (),
    )  # fmt: skip


def made_cuts(
    signal: str, of: str, cuts: tuple[str, ...], in_unit: Mapping[str, tuple[str, ...]] | None = None, side: str = ""
) -> Cuts:
    """Cuts as printed, as values."""
    others = {unit: tuple(map(cut, them)) for unit, them in (in_unit or {}).items()}
    return Cuts(signal, of, tuple(map(cut, cuts)), MappingProxyType(others), side)


def passed_field(
    name: str, says: str, signal: str, of: str, cut: str, in_unit: Mapping[str, tuple[str, ...]] | None = None
) -> Field:
    """A yes/no field: one cut is passed."""
    return replace(cuts_field(name, says, signal, of, (cut,), in_unit), labels=("no", "yes"))


def baseline_field(name: str, says: str, signal: str, of: str) -> Field:
    """A yes/no field: the baseline was beyond its limit of normal."""
    return Field(
        name, says, (False, True), ("no", "yes"), measure="laboratory_baseline", signals=(signal,),
        detail=BaselineSide(signal, of), assumptions=("baseline_laboratory_days",),
    )  # fmt: skip
