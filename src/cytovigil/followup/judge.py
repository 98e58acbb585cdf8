"""What an item asks on a day: due, overdue, done, not applicable, or unknown, with window and reason."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import Any

from cytovigil.followup.chart import Chart, covered_until
from cytovigil.followup.facts import fact_of
from cytovigil.followup.hearing import hear, rows_told
from cytovigil.followup.items import Ask, Bound, Decide, Item, Repeat, Until
from cytovigil.followup.standing import OPEN, Reason, Standing, State
from cytovigil.logic.conditions import Condition, Field, atoms, field_of, holds
from cytovigil.logic.driving import neurology, no_driving
from cytovigil.model.events import Event
from cytovigil.model.times import DAY

Sets = tuple[frozenset[Any], ...]


def follow(chart: Chart, items: Iterable[Item]) -> list[Standing]:
    """All items of one infusion on the day of its chart."""
    if (over := _over(chart)) is not None:
        return [Standing(item, "not_applicable", reasons=(over,)) for item in items]
    return [_follow(chart, item) for item in items]


def follow_item(chart: Chart, item: Item) -> Standing:
    """One item of one infusion on the day of its chart."""
    (found,) = follow(chart, (item,))
    return found


def _follow(chart: Chart, item: Item) -> Standing:
    applies, asked = _concerns(chart, item)
    if True not in applies:
        assert item.to is not None
        return Standing(item, "not_applicable", reasons=(Reason("only for: {whom}", {"whom": item.to}),))
    return _as_far_as_known(chart, _judge(chart, item), asked)


def _over(chart: Chart) -> Reason | None:
    """Why nothing of this infusion is followed any more."""
    if chart.on < chart.infused:
        return Reason("the infusion is on {day}", {"day": chart.infused})
    if chart.died:
        return Reason("died on {day}", {"day": chart.died})
    if chart.followed_on:
        return Reason("followed from the next infusion, {day}", {"day": chart.followed_on})
    return None


def _concerns(chart: Chart, item: Item) -> tuple[frozenset[bool], tuple[str, ...]]:
    """Whether the item concerns the patient, as far as known; and what would tell."""
    if item.to is None:
        return frozenset({True}), ()
    facts = [fact_of(chart, field) for field in _fields_of(item.to)]
    missing = {name for fact in facts for name in fact.missing}
    return _truths(item.to, tuple(fact.values for fact in facts)), tuple(sorted(missing))


@lru_cache
def _fields_of(condition: Condition) -> tuple[Field, ...]:
    """The fields that a condition looks at, each once."""
    return tuple({field.name: field for field in map(field_of, atoms(condition))}.values())


@lru_cache(maxsize=4_096)
def _truths(condition: Condition, sets: Sets) -> frozenset[bool]:
    """Whether it holds, for each completion of what is not known."""
    names = [field.name for field in _fields_of(condition)]
    return frozenset(holds(condition, dict(zip(names, values, strict=True))) for values in product(*sets))


def _as_far_as_known(chart: Chart, found: Standing, asked: tuple[str, ...]) -> Standing:
    """A question, where it is not known whom it concerns, or where the record ends before it was due."""
    if found.state not in OPEN:
        return found
    if asked:
        return found._replace(state="unknown", until=None, asked=tuple(sorted({*found.asked, *asked})))
    if chart.ended and found.since and found.since > chart.ended:
        reason = Reason("the record ends on {day}", {"day": chart.ended})
        reasons = (*found.reasons, reason)
        return found._replace(state="unknown", until=None, reasons=reasons, asked=("last_followup",))
    return found


def _judge(chart: Chart, item: Item) -> Standing:
    match item.how:
        case Repeat():
            return _repeat(chart, item, item.how)
        case Ask():
            return _ask(chart, item, item.how)
        case Until():
            return _until(chart, item, item.how)
        case Decide():
            return _decide(chart, item, item.how)
    return _drive(chart, item)


def _repeat(chart: Chart, item: Item, how: Repeat) -> Standing:
    start = how.phases[0].since.after(chart.infused)
    newest = [chart.newest(name) for name in how.rows]
    found = [row for row in newest if row is not None]
    last = _last(chart, found, how.any_of or len(found) == len(newest), how.any_of)
    if how.stop is not None and last and last >= start and _certain(chart, how.stop):
        return Standing(
            item, "done", done=last, reasons=(Reason("until: {what}", {"what": how.stop}), *rows_told(chart, found))
        )
    due = max(start, _next(chart, how, max(last, start))) if last and last >= start else start
    if chart.on < due:
        state: State = "done" if last and last >= start else "later"
        return Standing(
            item, state, since=due, until=due, done=last if state == "done" else None, reasons=rows_told(chart, found)
        )
    reasons = rows_told(chart, found) if last else (Reason("never charted since the infusion"),)
    never = tuple(name for name, row in zip(how.rows, newest, strict=True) if row is None)
    lacking = how.rows if how.any_of or not never else never
    late = how.grace.after(due)
    return Standing(item, "due" if chart.on < late else "overdue", due, late, reasons=reasons, asked=lacking)


def _last(chart: Chart, found: Sequence[Event], complete: bool, any_of: bool) -> date | None:
    days = [chart.day(row.time) for row in found]
    return None if not days or not complete else max(days) if any_of else min(days)


def _next(chart: Chart, how: Repeat, last: date) -> date:
    """The next time: as often as the phase asks in which it was done last."""
    phase = [one for one in how.phases if one.since.after(chart.infused) <= last][-1]
    return phase.every.after(last)


def _certain(chart: Chart, condition: Condition) -> bool:
    return _truths(condition, tuple(fact_of(chart, field).values for field in _fields_of(condition))) == {True}


def _ask(chart: Chart, item: Item, how: Ask) -> Standing:
    """Between two time points the earlier one is asked about: the record cannot show that it was done."""
    place = bisect_right(how.at, chart.on, key=lambda span: span.after(chart.infused))
    following = how.at[place].after(chart.infused) if place < len(how.at) else None
    if not place:
        return Standing(item, "later", since=following, until=following, window=following)
    since = how.at[place - 1].after(chart.infused)
    reason = Reason("no signal shows that it was done")
    return Standing(
        item, "unknown", since=since, until=following, reasons=(reason,), asked=(item.what,), window=following
    )


def _until(chart: Chart, item: Item, how: Until) -> Standing:
    bounds = [one for one in how.bounds if one.nation in ("", chart.place.nation)]
    ends = [_bound_end(chart, one) for one in bounds]
    reasons = tuple(_bound(one, end) for one, (end, _) in zip(bounds, ends, strict=True))
    if any(assumed for _, assumed in ends):
        reasons += (Reason("no fludarabine of this lymphodepletion is charted: counted from the infusion"),)
    days = [end for end, _ in ends]
    end = None if None in days else max(day for day in days if day is not None)
    if end is not None and chart.on >= end:
        return Standing(item, "done", since=chart.infused, until=end, done=end, reasons=reasons)
    return Standing(item, "in_force", since=chart.infused, until=end, reasons=reasons)


def _bound_end(chart: Chart, bound: Bound) -> tuple[date | None, bool]:
    """The day a precaution ends, None for never; and whether its anchor had to be assumed."""
    last = _last_fludarabine(chart) if bound.anchor == "fludarabine" else None
    anchor = chart.infused if last is None else last
    assumed = bound.anchor == "fludarabine" and last is None
    return (None if bound.span is None else bound.span.after(anchor)), assumed


def _last_fludarabine(chart: Chart) -> date | None:
    """The day of the last dose; one before lymphodepletion says nothing of those of this infusion."""
    given, begin = chart.rows("fludarabine"), chart.patient.lymphodepletion_start
    if begin is None:
        begin = chart.patient.infusion_time - int(chart.place.lymphodepletion_days * DAY)
    last = chart.day(given[-1].time) if given else None
    return last if last is not None and last >= chart.day(begin) else None


def _bound(bound: Bound, end: date | None) -> Reason:
    if end is None:
        return Reason("{source}: {says}", {"source": bound.source, "says": bound.says})
    return Reason("{source}: {says}, until {day}", {"source": bound.source, "says": bound.says, "day": end})


def _drive(chart: Chart, item: Item) -> Standing:
    """Until so many weeks are over, and neurological events are."""
    rule = chart.place.driving(chart.patient.product, chart.infused)
    if rule is None:
        reason = Reason("not known: no dated record for this product, place and date")
        return Standing(item, "unknown", since=chart.infused, reasons=(reason,), asked=(item.what,))
    weeks = chart.infused + timedelta(weeks=rule.weeks)
    found = neurology(chart.patient, chart.after_infusion, chart.end, chart.day, weeks)
    end, _ = no_driving(rule.weeks, chart.infused, found.events)
    assert end is not None  # a rule has weeks
    reasons: tuple[Reason, ...] = (Reason("{source}: {weeks} weeks", {"source": rule.source, "weeks": rule.weeks}),)
    if found.events == "ongoing":
        reasons += (Reason("until {row} is over", {"row": found.rows[-1]}),)
        return Standing(item, "in_force", since=chart.infused, until=max(end, chart.on), reasons=reasons)
    if chart.on < end:
        return Standing(item, "in_force", since=chart.infused, until=end, reasons=reasons)
    if found.events == "unknown":
        reasons += (Reason("whether neurological events occurred, and have resolved, is not charted"),)
        asked = tuple(sorted({row.signal for row in found.rows})) or ("recorded_icans_grade",)
        return Standing(item, "unknown", since=end, reasons=reasons, asked=asked)
    if isinstance(found.events, date) and found.events == end:
        reasons += (Reason("neurological events resolved on {day}", {"day": end}),)
    return Standing(item, "done", since=chart.infused, until=end, done=end, reasons=reasons)


def _decide(chart: Chart, item: Item, how: Decide) -> Standing:
    start = how.start.after(chart.infused)
    if chart.on < start:
        return Standing(item, "later", since=start, until=start)
    (heard, certain, possible, weigh, _), asked, found, reasons = hear(chart, how.opinions, how.wants)
    rows = chart.after_infusion(*how.rows)
    rows = [row for row in rows if how.named.knows(row.text)] if how.named else rows
    since = start if how.cautious or found is None else max(start, found)
    done = _done(chart, how, rows, since) if possible or not how.after_finding else None
    if done is not None:
        return Standing(item, "done", since=since, done=done, reasons=reasons, heard=heard)
    if certain or (how.cautious and possible):
        if rows and not how.doses and not how.after_finding:
            since = max(since, _lapses(chart, how, rows))
        season = _season(chart, how)
        since = since if season is None else max(since, season)
        late = how.grace.after(since)
        state: State = "due" if chart.on < late else "overdue"
        return Standing(item, state, since, late, reasons=reasons, asked=asked, heard=heard, window=season)
    if possible or weigh:
        return Standing(item, "unknown", since=since, reasons=reasons, asked=asked, heard=heard)
    reasons = (Reason("no source asks for it on this day"), *reasons)
    return Standing(item, "not_applicable", since=since, reasons=reasons, heard=heard)


def _done(chart: Chart, how: Decide, rows: Sequence[Event], since: date) -> date | None:
    """The day it was done: the newest row that counts, or that of the last dose of a series."""
    if how.doses:
        given = sorted({chart.day(row.time) for row in rows})
        return given[how.doses - 1] if len(given) >= how.doses else None
    if how.after_finding:
        last = chart.day(rows[-1].time) if rows else None
        return last if last is not None and last >= since else None
    if not rows or _lapses(chart, how, rows) <= chart.on:
        return None
    return next(chart.day(row.time) for row in reversed(rows) if _lapses(chart, how, (row,)) > chart.on)


def _lapses(chart: Chart, how: Decide, rows: Sequence[Event]) -> date:
    """The day on which rows no longer count."""
    return how.fresh.after(chart.day(covered_until(rows)))


def _season(chart: Chart, how: Decide) -> date | None:
    """The day on which the present season began."""
    first = how.season_from
    return date(chart.on.year - (chart.on.month < first), first, 1) if first else None
