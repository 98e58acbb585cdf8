"""The records of labels in words: what held on the day of infusion, until when, and what is not known."""

from collections.abc import Iterator, Sequence
from datetime import date

from cytovigil.guidance.label_records import LABELS
from cytovigil.guidance.label_rules import LABEL_RULES
from cytovigil.guidance.labels import Held, LabelRecord, LabelRule, labels_on, rules_of
from cytovigil.guidance.stays import Until, daily_until, in_stock, near_until, no_driving_until, watched_until
from cytovigil.logic.driving import Events
from cytovigil.logic.ladder import OUR_READING
from cytovigil.logic.text import cite
from cytovigil.model.settings import JURISDICTIONS
from cytovigil.model.told import Say

NOT_KNOWN = "not known"
HELD, MAY_HAVE_HELD = "held on that day", "may have held on that day: compare the label itself"
HEADS = ("daily monitoring", "signs are watched for", "near the centre", "no driving and no machines")


PAGE = "Labels on the day of infusion, {infused}: {place} ({name}, by `jurisdiction` in the site's file)"
BESIDES = "What labels say besides"
NOT_OF_THIS = "not read in a label of this product and place"
STOCK = "tocilizumab in stock ({label})"


def label_page(product: str, jurisdiction: str, infused: date, events: Events, say: Say = str) -> list[str]:
    """What the labels of a product asked on the day of infusion, as lines; headings without indent.

    Monitoring, staying near, driving, tocilizumab in stock, and what labels say alike. Raises ValueError with a
    sentence on a name that is none.
    """
    heads = say(PAGE).format(infused=infused, place=say(JURISDICTIONS[jurisdiction]), name=jurisdiction)
    if not product:
        return [heads, f"  {say(NOT_KNOWN)}: {say('the product is not given')}"]
    held, rules = labels_on(LABELS, product, jurisdiction, infused), rules_of(LABEL_RULES, product, jurisdiction)
    lines = [*label_lines(held, infused, events, say), *(_stock(one.record, jurisdiction, say) for one in held)]
    shared = [f"  {_rule(one, one.status_for(product, jurisdiction), say)}" for one in rules]
    return [heads, *(f"  {line}" for line in lines), *([say(BESIDES), *shared] if shared else [])]


def _stock(record: LabelRecord, jurisdiction: str, say: Say) -> str:
    """What must be in stock, and what has to be recorded to tell whether it is: no record of a patient says so."""
    found = in_stock(record, jurisdiction, None, None, None)
    words = [reason.tell(say) for reason in found.reasons]
    words += [f"{say('please record')}: {', '.join(map(say, found.asked))}"] if found.asked else []
    head = say(STOCK).format(label=say(record.label_date))
    return f"{head}: {'; '.join(words)} [{say(found.status)}]"


def _rule(one: LabelRule, status: str, say: Say) -> str:
    notes = [one.note] if one.note else []
    notes += [NOT_OF_THIS] if status == OUR_READING else []
    note = f" ({'; '.join(map(say, notes))})" if notes else ""
    return f"{say(one.title)}: {say(one.says)}{note} {cite(one.source)} [{say(status)}]"


def label_lines(held: Sequence[Held], infused: date, events: Events, say: Say = str) -> list[str]:
    """Each record with its days, as lines of text; `not known` where there is none."""
    if not held:
        return [say(NOT_KNOWN)]
    return [line for one in held for line in _record(one, infused, events, say)]


def _record(held: Held, infused: date, events: Events, say: Say) -> Iterator[str]:
    record = held.record
    whose = record.product or say("all CAR-T cells")
    where = f" {record.jurisdiction}" if record.jurisdiction else ""
    when = say(HELD if held.sure else MAY_HAVE_HELD)
    yield f"{whose}{where}, {say(record.label_date)}: {when} [{say(record.status)}]"
    yield f"  {say('Source')}: {cite(record.source)}"
    times = (
        daily_until(record, infused), watched_until(record, infused), near_until(record, infused),
        no_driving_until(record, infused, events),
    )  # fmt: skip
    if record.visits_wk1:
        low, high = record.visits_wk1
        yield f"  {say('visits in week 1: {low} to {high}').format(low=low, high=high)}"
    for head, until in zip(HEADS, times, strict=True):
        yield f"  {say(head)}: {_until(until, say)}"
    if record.proximity_note:
        yield f"  {say('near the centre')}: {say(record.proximity_note)}"
    yield f"  {say('tocilizumab')}: {_doses(record, say)}"
    yield from (f"  {say(text)}" for text in (record.note, record.open_question) if text)


def _until(until: Until, say: Say) -> str:
    why = "; ".join(reason.tell(say) for reason in until.reasons)
    if until.day is None:
        return why
    template = "at least until {day} ({why})" if until.open else "until {day} ({why})"
    return say(template).format(day=until.day, why=why)


def _doses(record: LabelRecord, say: Say) -> str:
    least, hours = record.toci_min_doses, record.toci_next_dose_within_h
    words = [say("at least {doses} before the infusion").format(doses=least) if least else say(NOT_KNOWN)]
    words += [say("a next dose within {hours} h").format(hours=hours)] if hours else []
    words += [say("except in an officially listed shortage, with an alternative")] if record.shortage_exception else []
    return "; ".join(words)
