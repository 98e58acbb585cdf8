"""Published guidance as values: what a source recommends, when, how strongly, and where it stands.

A recommendation is a condition on facts, like a rung of a scale, and what the source says to do. What of the facts is
not known makes it a question, never silence: the condition may hold, and these are the signals that would settle it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any, Literal, get_args

from cytovigil.logic.conditions import Condition, Field, atoms, field_of, holds
from cytovigil.logic.facts import Fact
from cytovigil.logic.ladder import SOURCE_READ, STATUSES, UNVERIFIED, Citation, weakest

Kind = Literal["monitor", "work_up", "care", "treat", "escalate", "prevent", "avoid"]
KINDS: Mapping[str, str] = {
    "treat": "treatment", "escalate": "if there is no improvement", "avoid": "to be avoided", "care": "place of care",
    "monitor": "monitoring", "work_up": "work-up", "prevent": "prevention",
}  # fmt: skip
Topic = Literal[
    "tocilizumab", "corticosteroid", "other agents", "antiseizure drug", "oedema and seizures", "circulation",
    "supportive care", "infection", "growth factor", "work-up", "monitoring", "place of care", "transfusion",
    "platelets", "stem cells", "hyperinflammation", "second dose",
]  # fmt: skip
Coverage = Literal["complete", "partial", "refers_to_guidelines", "not_read"]
COVERAGES: Mapping[str, str] = {
    "complete": "read completely",
    "partial": "as far as the source was read",
    "refers_to_guidelines": "has no table of its own, and refers to guidelines",
    "not_read": "source not read: nothing is filled in from another",
}
Interval = tuple[float, float]  # from, to; both the same where the source gives one number


@dataclass(frozen=True)
class Scheme:
    """A dose as a source prints it: mg, or mg/kg; hours between doses, for how many doses or days; caps.

    `light` is the other dose in mg/kg below `light_kg`. None where the source gives nothing.
    """

    drug: str
    mg: Interval | None = None
    mg_per_kg: Interval | None = None
    light: float | None = None
    light_kg: float | None = None
    cap_mg: float | None = None
    every_h: Interval | None = None
    days: Interval | None = None
    route: str = ""

    def __post_init__(self) -> None:
        """Refuse a scheme without an amount, or with a lighter patient's dose and no weight."""
        if (self.mg is None) == (self.mg_per_kg is None):
            raise ValueError(f"the scheme of {self.drug} needs mg, or mg/kg")
        if (self.light is None) != (self.light_kg is None):
            raise ValueError(f"the scheme of {self.drug} needs the dose of light patients, and their weight")


@dataclass(frozen=True, eq=False)
class Recommendation:
    """What a source says to do where a condition holds. `strength` is its own word: give, consider, avoid ...

    `topic` is what it is about: by it protocols are set side by side.
    """

    id: str
    kind: Kind
    topic: Topic
    when: Condition
    says: str
    strength: str
    status: str = SOURCE_READ
    scheme: Scheme | None = None
    note: str = ""
    where: str = ""  # table or page, where it is not that of the whole protocol

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields its condition looks at, in order of appearance."""
        return tuple({field.name: field for field in map(field_of, atoms(self.when))}.values())


@dataclass(frozen=True, eq=False)
class Protocol:
    """Guidance of one source. Raises ValueError at import where it is no such thing.

    Empty `products` mean any; `jurisdiction` is empty where the source has none. It holds from `since` to before
    `until`, days on which it was published and replaced; None where that is not known, the first day where only the
    month or the year is. `scale` is the id of the scale of CRS by which it grades.
    `by_topic`: a page that repeats what other sources say of a topic, so that it is not set beside them.
    """

    id: str
    version: str
    title: str
    source: Citation
    coverage: Coverage
    recommendations: tuple[Recommendation, ...] = ()
    open_questions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    jurisdiction: str = ""
    since: date | None = None
    until: date | None = None
    scale: str = "crs-astct-2019"
    notes: tuple[str, ...] = ()
    by_topic: bool = False

    def __post_init__(self) -> None:
        """Refuse what has no source, says the same twice, or is filled in where its source was not read."""
        ids = [one.id for one in self.recommendations]
        if not self.source.text or self.coverage not in COVERAGES:
            raise ValueError(f"protocol '{self.id}' has no source, or an unknown coverage")
        if len(ids) != len(set(ids)):
            raise ValueError(f"protocol '{self.id}': two recommendations share an id")
        known = STATUSES, KINDS, get_args(Topic)
        said = {one.id: (one.status, one.kind, one.topic) for one in self.recommendations}
        if bad := [name for name, words in said.items() if any(a not in b for a, b in zip(words, known, strict=True))]:
            raise ValueError(f"protocol '{self.id}': unknown status, kind or topic in {bad}")
        if bool(ids) != (self.coverage in ("complete", "partial")):
            raise ValueError(f"protocol '{self.id}': recommendations stand where its source was read, and only there")
        if self.coverage != "complete" and not self.open_questions:
            raise ValueError(f"protocol '{self.id}': what was not read is an open question")

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields of its conditions, each once."""
        return tuple({field.name: field for one in self.recommendations for field in one.fields}.values())

    @property
    def grades_crs(self) -> bool:
        """True where a condition looks at its scale of CRS."""
        details = (one.detail if isinstance(one.detail, tuple) else (one.detail,) for one in self.fields)
        return any(self.scale in detail for detail in details)

    def fits(self, product: str, day: date) -> bool:
        """True where it is for this product, or any, and holds on this day."""
        if self.products and product not in self.products:
            return False
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    @property
    def status(self) -> str:
        """The weakest evidence of its recommendations; without any it is unverified."""
        return weakest([one.status for one in self.recommendations] or [UNVERIFIED])


@dataclass(frozen=True, eq=False)
class Advice:
    """A recommendation that applies (`asked` is empty), or may apply once the signals `asked` are charted."""

    protocol: Protocol
    recommendation: Recommendation
    facts: Mapping[str, Fact]
    asked: frozenset[str] = frozenset()

    @property
    def applies(self) -> bool:
        """True where its condition holds on everything that is possible."""
        return not self.asked


def advise(protocol: Protocol, facts: Mapping[str, Fact]) -> Iterator[Advice]:
    """The recommendations of a protocol that apply, or may apply, on facts by field name."""
    for one in protocol.recommendations:
        mine = {field.name: facts[field.name] for field in one.fields}
        truths = set(_truths(one.when, mine))
        if truths == {True}:
            yield Advice(protocol, one, mine)
        elif truths == {False, True}:
            yield Advice(protocol, one, mine, _to_ask(one.when, mine))


def _truths(condition: Condition, facts: Mapping[str, Fact]) -> Iterator[bool]:
    """Whether it holds, for each completion of what is not known."""
    for values in product(*(sorted(fact.values, key=repr) for fact in facts.values())):
        yield holds(condition, dict(zip(facts, values, strict=True)))


def _to_ask(condition: Condition, facts: Mapping[str, Fact]) -> frozenset[str]:
    """Signals of the open fields of which some value alone settles the condition; where none does, of all."""
    open_ = {name: fact for name, fact in facts.items() if not fact.known}
    telling = {name for name, fact in open_.items() if any(_settles(condition, facts, name, v) for v in fact.values)}
    return frozenset(signal for name in telling or open_ for signal in open_[name].missing or {name})


def _settles(condition: Condition, facts: Mapping[str, Fact], name: str, value: Any) -> bool:
    alone = {**facts, name: facts[name]._replace(values=frozenset({value}))}
    return len(set(_truths(condition, alone))) == 1
