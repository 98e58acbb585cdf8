"""The records of labels in words: what held on the day of infusion, until when, and what is not known."""

from collections.abc import Iterator, Sequence
from datetime import date

from cytovigil.guidance.labels import Held, LabelRecord
from cytovigil.guidance.stays import Events, Until, daily_until, near_until, no_driving_until, watched_until
from cytovigil.logic.text import cite
from cytovigil.model.told import Say

NOT_KNOWN = "not known"
HELD, MAY_HAVE_HELD = "held on that day", "may have held on that day: compare the label itself"
HEADS = ("daily monitoring", "signs are watched for", "near the centre", "no driving and no machines")


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
