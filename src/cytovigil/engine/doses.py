"""What a treatment ledger is kept from: doses in mg, the weight, the episodes and grades of a scale."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from cytovigil.engine.episodes import find_episodes
from cytovigil.engine.measures.drugs import ANTIBODIES, Runs, infusion_s, is_given, is_stop, running, treating
from cytovigil.engine.record import Record, is_systemic
from cytovigil.engine.reference import grade_scale
from cytovigil.logic.ladder import Range
from cytovigil.logic.scale import Scale
from cytovigil.model.doses import Dose, Weight
from cytovigil.model.events import Event
from cytovigil.model.times import HOUR
from cytovigil.model.vocabulary import signals

_UNKNOWN_STOP = Fraction(0)


def doses_given(record: Record, drugs: Sequence[str], t: int) -> list[Dose]:
    """Systemic doses of drugs charted in mg until t, by time; of an infusion what ran until t."""
    rows = (row for drug in drugs for row in record.until(drug, t) if is_systemic(row) and is_given(row))
    return sorted((dose for row in rows for dose in _doses(record, row, t)), key=lambda dose: (dose.time, dose.drug))


def begun(record: Record, drug: str, t: int) -> list[Event]:
    """Rows that begin a systemic dose until t, by time. Another rate of an infusion that surely runs begins none.

    Limits of number and interval are those of doses. A rate that is changed is the same dose: counted as another it
    would hold back the next one. Where the infusion before may have been over, the row counts: too many doses counted
    ask a question, too few allow an overdose. An antibody runs for about an hour, so that a rate hours after a rate
    without an end is another dose.
    """
    rows = [row for row in record.until(drug, t) if is_systemic(row) and is_given(row)]
    return [row for row in rows if not _goes_on(record, row)]


def counted(record: Record, scales: Sequence[Scale], drug: str, t: int) -> tuple[list[Event], list[Event]]:
    """Doses of a drug that surely are of the episode that lasts at t, and those that may be. Both by time.

    A dose from the infusion on is of none of it only where by each scale an earlier episode had it that is over. Where
    it lies in no episode, or the scales differ, it may be.
    """
    lead_s = int(record.settings.treated_before_onset_h * HOUR)
    spans = [episode_spans(record, scale) for scale in scales]
    ends = {one.row: one.end for one in treating(record)}
    sure: list[Event] = []
    perhaps: list[Event] = []
    for row in begun(record, drug, t):
        homes = [_home(one, ends[row], lead_s) for one in spans]
        if ends[row] < record.start or set(homes) == {True}:
            continue
        (sure if False in homes and True not in homes else perhaps).append(row)
    return sure, perhaps


def _home(spans: Sequence[tuple[int, int | None]], time: int, lead_s: int) -> bool | None:
    """Whether the episode that a treatment belongs to is over; None where it is of none."""
    mine = [until for onset, until in spans if _is_inside(time, onset - lead_s, until)]
    return mine[-1] is not None if mine else None


def _is_inside(time: int, start: int, until: int | None) -> bool:
    return start <= time and (until is None or time < until)


def _goes_on(record: Record, row: Event) -> bool:
    """True where a row is another rate of an infusion that surely runs."""
    runs, rows = running(record, row.signal, row.time - 1)
    if not row.rate or runs is not Runs.YES:
        return False
    ends = row.signal in ANTIBODIES and rows[0].end is None
    return not ends or row.time < rows[0].time + _antibody_s(record)


def _antibody_s(record: Record) -> int:
    return int(record.settings.antibody_infusion_h * HOUR)


def weight_at(record: Record, t: int) -> Weight | None:
    """The weight at t: the newest that is valid, else that of the patients table while one would be; None: unknown."""
    signal = signals()["weight"]
    row = record.valid("weight", t)
    if row is not None:
        low, high = ((end or 0) * Fraction(signal.step) for end in (row.low, row.high))
        return Weight(low, high, row.time)
    kg = record.patient.weight_kg
    if kg is None or t >= record.start + (signal.valid_s or 0):
        return None
    return Weight(Fraction(str(kg)), Fraction(str(kg)))


def episode_spans(record: Record, scale: Scale) -> list[tuple[int, int | None]]:
    """Onset of each episode, and when it could no longer reopen; None while it can."""
    verdicts = record.once(grade_scale, scale)
    return [(one.onset, one.confirmed) for one in find_episodes(record, scale, verdicts)]


def grade_at(record: Record, scale: Scale, t: int) -> Range | None:
    """The grade of a scale at t; None where it was not observed, or not graded."""
    verdicts = record.once(grade_scale, scale)
    one = next((verdict for verdict in verdicts if verdict.start <= t < verdict.end), None)
    return None if one is None or one.low is None or one.high is None else (one.low, one.high)


def _doses(record: Record, row: Event, t: int) -> Iterator[Dose]:
    low, high = _mg(row)
    if not row.rate:
        yield Dose(row.signal, row.time, low, high, row.end)
        return
    closing, again = [one for one in _closing(record, row) if one <= t], _goes_on(record, row)
    if (
        row.signal in ANTIBODIES
        and row.end is None
        and not any(row.time + _antibody_s(record) > one for one in closing)
    ):
        yield Dose(row.signal, row.time, _UNKNOWN_STOP, None, continued=again)  # for how long it ran is not charted
        return
    closing.append(t)
    sure_s, unknown_s = infusion_s(record.settings)
    until = min([row.time + sure_s if row.end is None else row.end, *closing])
    yield _ran(row, row.time, until, low, high, again)
    last = min([row.time + unknown_s if row.end is None else until, *closing])
    if last > until:  # nobody charted whether it still ran
        yield _ran(row, until, last, _UNKNOWN_STOP, high, True)


def _mg(row: Event) -> tuple[Fraction, Fraction | None]:
    """The least and the most, in mg or mg/h."""
    each = Fraction(signals()[row.signal].step)
    return (row.low or 0) * each, None if row.high is None else row.high * each


def _closing(record: Record, row: Event) -> Iterator[int]:
    """When a later row ended this one: a stop does; another rate does where no end is charted."""
    for other in record.rows(row.signal):
        if other.time > row.time and is_systemic(other) and (is_stop(other) or (other.rate and row.end is None)):
            yield other.time


def _ran(row: Event, start: int, end: int, low: Fraction, high: Fraction | None, continued: bool) -> Dose:
    hours = Fraction(end - start, HOUR)
    return Dose(row.signal, start, low * hours, None if high is None else high * hours, end, continued)
