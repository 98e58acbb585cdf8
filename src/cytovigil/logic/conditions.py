"""Fields and conditions on them. A condition is a value: it is never a string that is parsed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NoReturn

from cytovigil.model.told import Say, decimal


class Condition:
    """Base of all conditions. `and`, `or`, `not` and `if` cannot be used on it: write & | ~."""

    def __and__(self, other: "Condition") -> "Condition":
        return And(self, other)

    def __or__(self, other: "Condition") -> "Condition":
        return Or(self, other)

    def __invert__(self) -> "Condition":
        return Not(self)

    def __bool__(self) -> NoReturn:
        raise TypeError("a condition has no truth of its own: use & | ~, and holds(condition, values)")


@dataclass(frozen=True, eq=False)
class Field(Condition):
    """What a ladder looks at.

    `domain` lists all values, for an ordered field in rising order; `labels` are their words; `worse` is the ill end.
    `measure` names the piece of the engine that makes it from events, `signals` the charting it rests on. A yes/no
    field is a condition.
    """

    name: str
    says: str
    domain: tuple[Any, ...]
    labels: tuple[str, ...]
    measure: str
    signals: tuple[str, ...]
    ordered: bool = True
    worse: Literal["high", "low"] = "high"
    detail: Any = None  # what the measure needs besides: a ladder of laboratory classes, for example
    assumptions: tuple[str, ...] = ()  # settings that the measure uses, printed with the grade
    attributed: bool = True  # False: as charted, whatever cause a person gave
    says_not: str = ""  # of a yes/no field: the opposite, where "no ..." would read badly

    def __ge__(self, value: Any) -> Condition:
        return self._compare(">=", value)

    def __le__(self, value: Any) -> Condition:
        return self._compare("<=", value)

    def one_of(self, *values: Any) -> Condition:
        """True where the value is one of these; refused on an ordered field."""
        if self.ordered:
            raise TypeError(f"'{self.name}' is ordered: compare it with >= or <=")
        return OneOf(self, self._known(*values))

    def as_charted(self) -> "Field":
        """The field with attributions left aside."""
        return replace(self, attributed=False)

    def label(self, value: Any, say: Say = str) -> str:
        """The word for a value, translated by `say`."""
        return say_label(self.labels[self.domain.index(value)], say)

    @property
    def normal(self) -> Any:
        """The value at the healthy end."""
        return self.domain[0] if self.worse == "high" else self.domain[-1]

    @property
    def unknown(self) -> frozenset[Any]:
        """All values."""
        return frozenset(self.domain)

    @property
    def is_yes_no(self) -> bool:
        """True where the field is itself a condition."""
        return self.domain == (False, True)

    def _compare(self, operator: Literal[">=", "<="], value: Any) -> Condition:
        if not self.ordered or self.is_yes_no:
            raise TypeError(f"'{self.name}' is not ordered: use one_of, or the field itself")
        return Compare(self, operator, *self._known(value))

    def _known(self, *values: Any) -> tuple[Any, ...]:
        for value in values:
            if value not in self.domain:
                raise ValueError(f"'{self.name}' cannot be {value!r}: it is one of {self.domain}")
        return values


def say_label(label: str, say: Say) -> str:
    """The word for a value, translated; of a number with its noun, as `13 days`, the noun."""
    number, _, noun = label.partition(" ")
    return f"{number} {say(noun)}" if number.isdecimal() and noun.isalpha() else decimal(say(label), say)


@dataclass(frozen=True, eq=False)
class Compare(Condition):
    """An ordered field at or above, at or below, a value."""

    field: Field
    operator: Literal[">=", "<="]
    value: Any


@dataclass(frozen=True, eq=False)
class OneOf(Condition):
    """An unordered field that is one of some values."""

    field: Field
    values: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class And(Condition):
    """Both."""

    left: Condition
    right: Condition


@dataclass(frozen=True, eq=False)
class Or(Condition):
    """At least one."""

    left: Condition
    right: Condition


@dataclass(frozen=True, eq=False)
class Not(Condition):
    """The opposite."""

    inner: Condition


@dataclass(frozen=True, eq=False)
class Named(Condition):
    """A long condition that is told in a few words of its own."""

    inner: Condition
    says: str


def holds(condition: Condition, values: Mapping[str, Any]) -> bool:
    """The truth of a condition on complete values, by field name."""
    match condition:
        case Field():
            return bool(values[condition.name])
        case Compare(field, ">=", value):
            return bool(field.domain.index(values[field.name]) >= field.domain.index(value))
        case Compare(field, _, value):
            return bool(field.domain.index(values[field.name]) <= field.domain.index(value))
        case OneOf(field, allowed):
            return values[field.name] in allowed
        case And(left, right):
            return holds(left, values) and holds(right, values)
        case Or(left, right):
            return holds(left, values) or holds(right, values)
        case Not(inner):
            return not holds(inner, values)
        case Named(inner):
            return holds(inner, values)
    raise TypeError(f"{condition!r} is not a condition")


def atoms(condition: Condition) -> tuple[Condition, ...]:
    """The comparisons and yes/no fields in a condition, from left to right."""
    match condition:
        case And(left, right) | Or(left, right):
            return atoms(left) + atoms(right)
        case Not(inner) | Named(inner):
            return atoms(inner)
    return (condition,)


def named(condition: Condition) -> tuple[Named, ...]:
    """The conditions in a condition that have words of their own, from left to right."""
    match condition:
        case And(left, right) | Or(left, right):
            return named(left) + named(right)
        case Not(inner):
            return named(inner)
        case Named(inner):
            return (condition, *named(inner))
    return ()


def field_of(atom: Condition) -> Field:
    """The field that an atom looks at."""
    match atom:
        case Field():
            return atom
        case Compare(field) | OneOf(field):
            return field
    raise TypeError(f"{atom!r} is not an atom")
