"""How long: monitoring, staying near the centre, not driving; and whether enough tocilizumab is in stock.

Calculated from one record of a label. Where several records held, each is calculated: none goes before another.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from cytovigil.guidance.labels import SHORTAGE_LISTS, LabelRecord
from cytovigil.logic.driving import Events, no_driving
from cytovigil.logic.ladder import OUR_READING, weakest
from cytovigil.model.told import Say

# Tocilizumab doses before infusion where a record has no number, by jurisdiction: our reading of those that have one.
DEFAULT_DOSES: Mapping[str, tuple[int, int | None]] = MappingProxyType(
    {"EU": (1, 8), "GB": (1, 8), "US": (2, None), "CH": (2, 8)}
)


class Reason(NamedTuple):
    """A sentence that names its data in braces."""

    says: str
    data: Mapping[str, Any] = MappingProxyType({})

    def tell(self, say: Say = str) -> str:
        """The sentence, translated, with what of its data is text; dates as 2026-03-30."""
        told = {name: say(one) if isinstance(one, str) else one for name, one in self.data.items()}
        return say(self.says).format(**told)


class Until(NamedTuple):
    """The last day of a time. `day` is None where it is not known; `open` is True where it may still be later."""

    day: date | None
    open: bool
    reasons: tuple[Reason, ...]
    status: str


class Stock(NamedTuple):
    """Whether tocilizumab is there as asked; None where that is not known: `asked` says what to record."""

    enough: bool | None
    asked: tuple[str, ...]
    reasons: tuple[Reason, ...]
    status: str


WEEKS = "{weeks} weeks after the infusion of {infused}"
DAYS = "{days} days after the infusion of {infused}"
NO_NUMBER = "not known: this record gives no number"
RESOLVED = "neurological events resolved on {day}"
ONGOING = "neurological events have not resolved: not before that"
NOT_CHARTED = "whether neurological events occurred, and have resolved, is not charted"
LATER = "the later of the two days, on the safe side"
OWN_DOSES = "tocilizumab doses that this record asks for: {doses}"
USUAL_DOSES = "tocilizumab doses: this record gives no number; other labels of this jurisdiction: {doses}"
NO_DOSES = "not known: neither this record nor its jurisdiction gives a number of tocilizumab doses"
NEXT_DOSE = "a next dose within {hours} h"
HAS_DOSES = "in stock: {doses}"
SHORTAGE = "fewer will do where {list} lists a shortage and an alternative is recorded"
SENTENCES = (
    WEEKS, DAYS, NO_NUMBER, RESOLVED, ONGOING, NOT_CHARTED, LATER,
    OWN_DOSES, USUAL_DOSES, NO_DOSES, NEXT_DOSE, HAS_DOSES, SHORTAGE,
)  # fmt: skip
IN_STOCK, LISTED, ALTERNATIVE = "tocilizumab doses in stock", "shortage officially listed", "alternative recorded"


def daily_until(record: LabelRecord, infused: date) -> Until:
    """The last day of daily monitoring, the day of infusion not counted."""
    if record.daily_days is None:
        return Until(None, True, (Reason(NO_NUMBER),), record.status)
    reason = Reason(DAYS, {"days": record.daily_days, "infused": infused})
    return Until(infused + timedelta(days=record.daily_days), False, (reason,), record.status)


def watched_until(record: LabelRecord, infused: date) -> Until:
    """Until when signs of toxicity are watched for."""
    return _weeks_after(record, record.watch_weeks, infused)


def near_until(record: LabelRecord, infused: date) -> Until:
    """Until when the patient stays near the centre."""
    return _weeks_after(record, record.proximity_weeks, infused)


def no_driving_until(record: LabelRecord, infused: date, events: Events) -> Until:
    """Until when the patient drives no car and uses no machine: the weeks of the label, and until events are over."""
    weeks = _weeks_after(record, record.driving_weeks, infused)
    if events == "none":
        return weeks
    day, open_ = no_driving(record.driving_weeks, infused, events)
    if events == "ongoing":
        told = [Reason(ONGOING)]
    elif events == "unknown":
        told = [Reason(NOT_CHARTED)]
    else:
        told = [Reason(RESOLVED, {"day": events}), *([] if day is None else [Reason(LATER)])]
    return Until(day, open_, (*weeks.reasons, *told), weakest([record.status, OUR_READING]))


def in_stock(
    record: LabelRecord, jurisdiction: str, doses: int | None, listed: bool | None, alternative: bool | None
) -> Stock:
    """Whether tocilizumab is there: doses at least as many as asked, or a listed shortage and an alternative recorded.

    None for each where nobody recorded it.
    """
    usual, within_h = DEFAULT_DOSES.get(jurisdiction, (None, None))
    least = usual if record.toci_min_doses is None else record.toci_min_doses
    own = record.toci_min_doses is not None
    status = record.status if own else weakest([record.status, OUR_READING])
    if least is None:
        return Stock(None, (), (Reason(NO_DOSES),), status)
    exception = jurisdiction in SHORTAGE_LISTS and (record.shortage_exception or not own)
    next_h = record.toci_next_dose_within_h if own else record.toci_next_dose_within_h or within_h
    reasons = [Reason(OWN_DOSES if own else USUAL_DOSES, {"doses": least})]
    reasons += [Reason(NEXT_DOSE, {"hours": next_h})] if next_h else []
    reasons += [Reason(HAS_DOSES, {"doses": doses})] if doses is not None else []
    reasons += [Reason(SHORTAGE, {"list": SHORTAGE_LISTS[jurisdiction]})] if exception else []
    by_doses = None if doses is None else doses >= least
    excused = _both(listed, alternative) if exception else False
    enough = _either(by_doses, excused)
    facts = {IN_STOCK: doses} | ({LISTED: listed, ALTERNATIVE: alternative} if excused is None else {})
    asked = [name for name, value in facts.items() if value is None] if enough is None else []
    return Stock(enough, tuple(asked), tuple(reasons), status)


def _weeks_after(record: LabelRecord, weeks: int | None, infused: date) -> Until:
    if weeks is None:
        return Until(None, True, (Reason(NO_NUMBER),), record.status)
    reason = Reason(WEEKS, {"weeks": weeks, "infused": infused})
    return Until(infused + timedelta(weeks=weeks), False, (reason,), record.status)


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if False in (one, other) else None if None in (one, other) else True


def _either(one: bool | None, other: bool | None) -> bool | None:
    return True if True in (one, other) else None if None in (one, other) else False
