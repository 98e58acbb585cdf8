"""Risk scores over time: a row each time the inputs change inside the score's window (docs/decisions/0014)."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import NamedTuple

from cytovigil.engine.baseline import is_before_treatment
from cytovigil.engine.biomarkers import Span, span
from cytovigil.engine.measures import MEASURES
from cytovigil.engine.measures.drugs import is_given
from cytovigil.engine.measures.score_values import window_span
from cytovigil.engine.record import Record, is_systemic
from cytovigil.engine.segments import segments
from cytovigil.engine.verdicts import flags_of, range_of, sets_of, to_chart
from cytovigil.logic.facts import NO_FLAGS
from cytovigil.logic.score import IndexScore, PointScore, Score, Term
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.results import Scored, ScoreRow, show_values
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY, format_time
from cytovigil.model.units import steps_of
from cytovigil.model.vocabulary import signals

NOTHING_VALID = frozenset({"not_observed"})
DECIMALS = 2  # of an index


class State(NamedTuple):
    """What a score is from one moment on. `rows` are the inputs."""

    low: float | None
    high: float | None
    band: str
    rows: frozenset[Event]
    missing: frozenset[str]
    flags: frozenset[str]


def score_course(course: Course, scores: Sequence[Score], settings: Settings, as_of: int | None = None) -> list[Scored]:
    """Score one patient: one result an infusion. `as_of` is in seconds UTC; rows known later do not count.

    Attributions do not count: a score looks at what was measured, whatever its cause.
    """
    infusions = sorted(course.infusions, key=lambda patient: (patient.infusion_time, patient.infusion))
    starts = [*(patient.infusion_time for patient in infusions[1:]), None]
    return [
        _infusion(patient, course.events, scores, settings, as_of, following)
        for patient, following in zip(infusions, starts, strict=True)
    ]


def _infusion(
    patient: Patient, events: Iterable[Event], scores: Sequence[Score], settings: Settings, as_of: int | None,
    following: int | None,
) -> Scored:  # fmt: skip
    record = Record(patient, events, settings, as_of, attributed=False, fine=True, following=following)
    rows = (row for score in sorted(scores, key=lambda score: score.id) for row in score_rows(record, score))
    return Scored(patient.patient_id, patient.infusion, tuple(rows), tuple(record.notes))


def score_rows(record: Record, score: Score) -> list[ScoreRow]:
    """Rows by time: from the first input on; without any, one at the opening of the window that says so."""
    opens, closes = window_span(record, score.window)
    limits = (closes, record.followed_until, None if record.as_of is None else record.as_of + 1)
    end = min(limit for limit in limits if limit is not None)
    if opens >= end:
        return []
    states = list(_states(record, score, opens, end))
    first = next((place for place, (_, state) in enumerate(states) if state.rows), None)
    if first is None:
        return [_row(record, score, *states[0])]
    found: list[tuple[int, State]] = []
    for time, state in states[first:]:
        if not found or found[-1][1] != state:
            found.append((time, state))
    return [_row(record, score, time, state) for time, state in found]


def _states(record: Record, score: Score, opens: int, end: int) -> Iterator[tuple[int, State]]:
    return _points(record, score, opens, end) if isinstance(score, PointScore) else _index(record, score, opens, end)


def _row(record: Record, score: Score, time: int, state: State) -> ScoreRow:
    flags = state.flags | record.patient.flags
    inputs = tuple(sorted(input_text(record, row) for row in state.rows))
    values = state.low, state.high, state.band, inputs, tuple(sorted(state.missing)), tuple(sorted(flags))
    return ScoreRow(record.patient.patient_id, record.patient.infusion, score.id, time, *values)


def input_text(record: Record, row: Event) -> str:
    """`signal=value unit@time`: the value as reported, the time in the site's zone."""
    return f"{row.signal}={row.shown or _value(row)}@{format_time(row.time, record.settings.zone)}"


def _value(row: Event) -> str:
    """The value of a row made by a program, which says nothing of how it was reported."""
    if row.low is None:
        return row.word or "given"
    signal = signals()[row.signal]
    ends = [float(end * Fraction(signal.step)) for end in row.ends]
    return f"{show_values(ends[0], ends[-1])} {signal.unit}".strip()


def _points(record: Record, score: PointScore, opens: int, end: int) -> Iterator[tuple[int, State]]:
    tracks = {field.name: MEASURES[field.measure](record, field) for field in score.fields}
    for segment in segments(tracks, opens, end, set()):
        facts = segment.facts
        rows = frozenset(row for fact in facts.values() for row in fact.because)
        flags, missing = flags_of(facts), NO_FLAGS.union(*(fact.missing for fact in facts.values()))
        if not rows:
            yield segment.start, State(None, None, "", rows, missing, NOTHING_VALID)
            continue
        sets = sets_of(facts)
        low, high = range_of(score, sets)
        needed = to_chart(score, facts, sets) if low < high else NO_FLAGS
        yield segment.start, State(low, high, score.band(low, high), rows, needed, flags)


def _index(record: Record, score: IndexScore, opens: int, end: int) -> Iterator[tuple[int, State]]:
    doses = [row for row in record.rows(score.invalid_after) if is_given(row) and is_systemic(row)]
    lasts_s = int(getattr(record.settings, score.invalid_days) * DAY) if score.invalid_days else 0
    changes = record.changes(*score.signals) | {edge for row in doses for edge in (row.time, row.time + lasts_s)}
    for t in sorted({opens, *(t for t in changes if opens < t < end)}):
        if dose := next((row for row in reversed(doses) if row.time <= t < row.time + lasts_s), None):
            yield t, State(None, None, "", frozenset({dose}), NO_FLAGS, dose.flags)
        else:
            yield t, _valued(record, score, t)


def _valued(record: Record, score: IndexScore, t: int) -> State:
    """The index of the values that are valid; without one of them it has no value."""
    found = {term: row for term in score.terms if (row := record.valid(term.signal, t)) is not None}
    rows = frozenset(found.values())
    flags = NO_FLAGS.union(*(row.flags for row in rows))
    if missing := frozenset(term.signal for term in score.terms if term not in found):
        return State(None, None, "", rows, missing, flags if rows else NOTHING_VALID)
    values = {term: _in_unit(term, row) for term, row in found.items()}
    low, high = index_range([values[term] for term in score.numerator], values[score.denominator])
    before = all(is_before_treatment(record, row.time) for row in rows)
    unsure = frozenset(term.signal for term, value in values.items() if value.exact is None)
    return State(_rounded(low), _rounded(high), score.band(low, high) if before else "", rows, unsure, flags)


def _in_unit(term: Term, row: Event) -> Span:
    """The possible values of a row in the unit of the formula."""
    one = steps_of(signals()[term.signal], Fraction(1), term.unit)
    low, high = span(row)
    return Span(low / one, None if high is None else high / one)


def index_range(numerator: Sequence[Span], denominator: Span) -> tuple[Fraction | None, Fraction | None]:
    """The lowest and the highest index; None where an end is open, or would be divided by 0."""
    least = Fraction(prod(one.low for one in numerator))
    highs = [one.high for one in numerator if one.high is not None]
    low = least / denominator.high if denominator.high else None
    is_open = len(highs) < len(numerator) or not denominator.low
    return low, None if is_open else Fraction(prod(highs)) / denominator.low


def _rounded(value: Fraction | None) -> float | None:
    return None if value is None else float(round(value, DECIMALS))
