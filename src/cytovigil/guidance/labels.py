"""Labels as dated records: monitoring, staying near, driving, tocilizumab in stock. One record a version.

Old versions stay: who was infused in 2023 is judged by what held in 2023. Where no record is known, nothing is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from cytovigil.guidance.names import check_name
from cytovigil.logic.ladder import OUR_READING, SOURCE_READ, STATUSES, Citation
from cytovigil.model.settings import JURISDICTIONS
from cytovigil.model.vocabulary import PRODUCTS

SHORTAGE_LISTS = MappingProxyType(
    {"EU": "the shortage catalogue of the EMA", "GB": "the Central Alerting System of the MHRA"}
)
CLASS = ""  # a record of no one product: what an authority said of all
ANYWHERE = ""  # a record of no one jurisdiction


class Days(NamedTuple):
    """Days from `since` to before `until`; None where there is no such end, or none is known."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """True where the day is one of them."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


ANY_DAY = Days()


@dataclass(frozen=True, eq=False)
class LabelRecord:
    """What one version of a label asks. None where it gives nothing, or where the text was not seen.

    `label_date` is how the version is dated in print. It surely stood on `stood` (None: no day is sure), and may have
    stood on `may`. Numbers are the least that the source asks: days of daily visits after infusion, visits in week 1
    (from, to), weeks of watching, of staying near, without driving; tocilizumab doses before infusion, and the hours
    within which a next one must be there. Raises ValueError at import without a source, or without any content.
    """

    product: str
    jurisdiction: str
    label_date: str
    source: Citation
    status: str
    may: Days = ANY_DAY
    stood: Days | None = None
    daily_days: int | None = None
    visits_wk1: tuple[int, int] | None = None
    watch_weeks: int | None = None
    proximity_weeks: int | None = None
    proximity_note: str = ""
    driving_weeks: int | None = None
    driving_until_neuro_resolved: bool = False
    toci_min_doses: int | None = None
    toci_next_dose_within_h: int | None = None
    shortage_exception: bool = False
    note: str = ""
    open_question: str = ""

    def __post_init__(self) -> None:
        """Refuse a record that nothing stands behind."""
        if not self.source.text or self.status not in STATUSES:
            raise ValueError(f"label of '{self.product}', {self.label_date}: no source, or an unknown status")
        if not (self.numbers or self.open_question):
            raise ValueError(f"label of '{self.product}', {self.label_date}: neither a number nor an open question")

    @property
    def numbers(self) -> tuple[int, ...]:
        """Every number it gives."""
        found = (
            self.daily_days, *(self.visits_wk1 or ()), self.watch_weeks, self.proximity_weeks, self.driving_weeks,
            self.toci_min_doses, self.toci_next_dose_within_h,
        )  # fmt: skip
        return tuple(number for number in found if number is not None)


@dataclass(frozen=True, eq=False)
class LabelRule:
    """A rule that labels share. Empty `products` and `jurisdictions` mean any; `numbers` are as printed, by name.

    `read_in` is how well it was read, by product and jurisdiction; where it has some, for all others it is our reading.
    """

    id: str
    title: str
    says: str
    source: Citation
    status: str = SOURCE_READ
    products: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    numbers: Mapping[str, tuple[float, float]] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""
    read_in: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Refuse a rule without a source."""
        if not self.source.text or {self.status, *self.read_in.values()} - {*STATUSES}:
            raise ValueError(f"label rule '{self.id}' has no source, or an unknown status")

    def status_for(self, product: str, jurisdiction: str) -> str:
        """How well it was read in the label of a product."""
        return self.read_in.get((product, jurisdiction), OUR_READING) if self.read_in else self.status


class Held(NamedTuple):
    """A record on the day of an infusion; `sure` is False where it may have been another version's day."""

    record: LabelRecord
    sure: bool


def labels_on(records: tuple[LabelRecord, ...], product: str, jurisdiction: str, infused: date) -> tuple[Held, ...]:
    """All records that held, or may have held, on the day of infusion: the product's own first, in their order.

    Empty where none is known: that prints "not known", and no other jurisdiction or product fills it.
    Raises ValueError with a sentence on a name that is none.
    """
    check_name("product", product, PRODUCTS)
    check_name("jurisdiction", jurisdiction, JURISDICTIONS)
    own = [one for one in records if one.product == product and one.jurisdiction in (jurisdiction, ANYWHERE)]
    shared = [one for one in records if one.product == CLASS and one.jurisdiction == jurisdiction]
    found = [*own, *(shared if PRODUCTS[product] else ())]  # what is not named is not sure to be of the class
    return tuple(
        Held(one, one.stood is not None and one.stood.holds(infused)) for one in found if one.may.holds(infused)
    )


def rules_of(rules: tuple[LabelRule, ...], product: str, jurisdiction: str) -> tuple[LabelRule, ...]:
    """The shared rules that a label of this product and jurisdiction was read to have. Raises ValueError."""
    check_name("product", product, PRODUCTS)
    check_name("jurisdiction", jurisdiction, JURISDICTIONS)
    return tuple(
        one
        for one in rules
        if product in (one.products or PRODUCTS) and jurisdiction in (one.jurisdictions or JURISDICTIONS)
    )
