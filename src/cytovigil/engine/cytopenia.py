"""Days of cytopenia beside the grade: longest and in all, how much was imputed, growth factor and transfusion."""

from collections.abc import Sequence

from cytovigil.engine.measures.count_days import longest
from cytovigil.engine.measures.count_grid import BEST, WORST, filled_days
from cytovigil.engine.measures.counts import Tallies, Tally
from cytovigil.engine.measures.drugs import is_given
from cytovigil.engine.record import Record, is_systemic
from cytovigil.logic.counts import Counting, CountOf
from cytovigil.logic.scale import CumulativeCourse, Scale
from cytovigil.model.events import Event
from cytovigil.model.results import CytopeniaRow, TimelineRow
from cytovigil.model.times import HOUR, day_of
from cytovigil.model.vocabulary import drugs_of, signals

GROWTH_FACTORS, PLATELETS = drugs_of("gcsf"), ("platelet_transfusion",)
DAYS_MEASURE = "count_days"


def cytopenia_rows(record: Record, scale: Scale, rows: Sequence[TimelineRow]) -> list[CytopeniaRow]:
    """One row for each threshold of a scale that counts days, as they stand at the end; none without a grade."""
    if not isinstance(scale.course, CumulativeCourse) or not rows or rows[-1].low is None:
        return []
    counting, by_days = asked(scale)
    tally = [one for one in record.once(Tallies(counting)) if one.time <= rows[-1].end][-1]
    places = range(len(counting.thresholds))
    found = (_row(record, scale, counting, tally, place, by_days) for place in places)
    return [one._replace(low=rows[-1].low, high=rows[-1].high) for one in found]


def asked(scale: Scale) -> tuple[Counting, set[int]]:
    """How a scale counts, and which thresholds, by place, it counts days of."""
    of: list[tuple[str, CountOf]] = [(field.measure, field.detail) for field in scale.fields]
    return of[0][1].counting, {one.threshold for measure, one in of if measure == DAYS_MEASURE}


def imputed_share(counted: int, filled: int) -> float:
    """The share of imputed days, as the table prints it."""
    return round(filled / (counted + filled), 3)


def limit(counting: Counting, place: int) -> tuple[float, str]:
    """A threshold in the signal's unit, and the unit."""
    signal = signals()[counting.signal]
    return float(counting.thresholds[place].steps * signal.step), signal.unit


def _row(record: Record, scale: Scale, counting: Counting, tally: Tally, place: int, by_days: set[int]) -> CytopeniaRow:
    best, worst = (tally.low[end][place] for end in (BEST, WORST))
    counted, filled = len(tally.counted) - tally.unread, filled_days(counting, tally.counted, tally.known)
    begun = 0 if counting.carried else tally.counted[0]
    of_days = place in by_days
    counts = [row for row in tally.rows if row.signal == counting.signal and row.low is not None]
    imputed = (filled, tally.known + 1 - begun - counted - filled, imputed_share(counted, filled))
    return CytopeniaRow(
        *(record.patient.patient_id, record.patient.infusion, scale.id),
        *limit(counting, place),
        *((longest(best), longest(worst), best.bit_count(), worst.bit_count()) if of_days else (None,) * 4),
        *(counted, *(imputed if by_days else (None,) * 3)),
        *(_days_after(record, counts, drugs) for drugs in (GROWTH_FACTORS, PLATELETS)),
    )


def is_supporting(row: Event) -> bool:
    """True for a row of one of these drugs that was given to the whole body."""
    return is_systemic(row) and is_given(row)


def _days_after(record: Record, counts: Sequence[Event], drugs: Sequence[str]) -> int:
    """Days with a count taken within `support_h` after one of these drugs."""
    given = [row for drug in drugs for row in record.rows(drug) if is_supporting(row)]
    if not given:
        return 0
    near_s = int(record.settings.support_h * HOUR)
    near = [one for one in counts if any(r.time <= one.time < max(r.end or 0, r.time) + near_s for r in given)]
    return len({day_of(one.time, record.settings.zone) for one in near})
