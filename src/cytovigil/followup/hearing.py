"""What sources that stand side by side say of a chart, each over all completions of what is not known."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from cytovigil.followup.chart import Chart
from cytovigil.followup.facts import fact_of
from cytovigil.followup.items import Opinion, Verdict
from cytovigil.followup.standing import Heard, Reason
from cytovigil.logic.conditions import Field, holds
from cytovigil.model.events import Event

Sets = tuple[frozenset[Any], ...]


class Answers(NamedTuple):
    """What each of some sources says. `certain`: one surely wants it; `possible`: one may; `weigh`: one leaves it open.

    `telling` are the places of the fields that would settle more.
    """

    heard: tuple[Heard, ...]
    certain: bool
    possible: bool
    weigh: bool
    telling: frozenset[int]


class Hearing(NamedTuple):
    """Answers, the signals that would settle what is open; the rows that they rest on, by time, and the last's day."""

    answers: Answers
    asked: tuple[str, ...]
    since: date | None
    because: tuple[Reason, ...]


def hear(chart: Chart, opinions: tuple[Opinion, ...], wants: tuple[Verdict, ...]) -> Hearing:
    """What sources say of a chart. It is asked once: several vaccines rest on the same sources."""
    found: Hearing | None = chart.heard.get(opinions)
    if found is None:
        found = chart.heard[opinions] = _hear(chart, opinions, wants)
    return found


def _hear(chart: Chart, opinions: tuple[Opinion, ...], wants: tuple[Verdict, ...]) -> Hearing:
    facts = [fact_of(chart, field) for field in _fields_of(opinions)]
    answers = _answers(opinions, wants, tuple(fact.values for fact in facts))
    asked = {name for place in answers.telling for name in facts[place].missing}
    because = {row for fact in facts if fact.because for row in fact.because}
    rows = tuple(sorted(because, key=_order))
    return Hearing(answers, tuple(sorted(asked)), chart.day(rows[-1].time) if rows else None, rows_told(chart, rows))


def rows_told(chart: Chart, rows: Iterable[Event]) -> tuple[Reason, ...]:
    """Each row, and its day at the site."""
    return tuple([Reason("{row} on {day}", {"row": row, "day": chart.day(row.time)}) for row in rows])


def _order(row: Event) -> tuple[object, ...]:
    return row.time, row.signal, row.word, row.low or 0, row.end or 0, row.text


@lru_cache
def _fields_of(opinions: tuple[Opinion, ...]) -> tuple[Field, ...]:
    """The fields that they look at, each once."""
    return tuple({field.name: field for one in opinions for field in one.fields}.values())


@lru_cache(maxsize=16_384)
def _answers(opinions: tuple[Opinion, ...], wants: tuple[Verdict, ...], sets: Sets) -> Answers:
    """What each says where the fields of all have these values."""
    places = {field.name: place for place, field in enumerate(_fields_of(opinions))}
    heard, telling, wanted = [], set[int](), frozenset(wants)
    for one in opinions:
        verdicts, fields = _verdicts(one, tuple(sets[places[field.name]] for field in one.fields))
        heard.append(Heard(one, verdicts))
        telling |= {places[field.name] for field in fields}
    return Answers(
        tuple(heard),
        any(one.verdicts <= wanted for one in heard),
        any(one.verdicts & wanted for one in heard),
        any("weigh" in one.verdicts for one in heard),
        frozenset(telling),
    )


@lru_cache(maxsize=16_384)
def _verdicts(opinion: Opinion, sets: Sets) -> tuple[frozenset[Verdict], tuple[Field, ...]]:
    """All verdicts that are possible, and the open fields of which a value alone would leave fewer."""
    found = _possible(opinion, sets)
    if len(found) == 1:
        return found, ()
    open_ = [place for place, values in enumerate(sets) if len(values) > 1]
    telling = [place for place in open_ if any(one != found for one in _settled(opinion, sets, place))]
    return found, tuple(opinion.fields[place] for place in telling or open_)


def _settled(opinion: Opinion, sets: Sets, place: int) -> Iterator[frozenset[Verdict]]:
    """The verdicts that each value of one field alone would leave."""
    for value in sets[place]:
        yield _possible(opinion, (*sets[:place], frozenset({value}), *sets[place + 1 :]))


def _possible(opinion: Opinion, sets: Sets) -> frozenset[Verdict]:
    names = [field.name for field in opinion.fields]
    return frozenset(_verdict(opinion, dict(zip(names, values, strict=True))) for values in product(*sets))


def _verdict(opinion: Opinion, values: dict[str, Any]) -> Verdict:
    return next((verdict for verdict, when in opinion.verdicts if holds(when, values)), opinion.otherwise)
