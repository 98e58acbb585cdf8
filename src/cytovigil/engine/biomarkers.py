"""Dynamics of markers of inflammation, and expansion of CAR-T cells: one row a signal that was measured after infusion.

No paper defines them for charts with holes: docs/decisions/0013. What rests on a bound such as `>1000` is a range.
Values stay in steps of their signal, which are whole but for `Event.exact`, until they are shown.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import log
from typing import Any, NamedTuple

from cytovigil.engine.baseline import baseline_row
from cytovigil.engine.limits import limit_of
from cytovigil.engine.measures.drugs import is_given
from cytovigil.engine.record import Record, is_systemic
from cytovigil.logic.laboratory import UPPER_LIMIT
from cytovigil.model.events import Event
from cytovigil.model.results import BiomarkerRow
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY, FOR_EVER
from cytovigil.model.vocabulary import signals

EXPANSION = ("car_t_cells", "car_transgene")
INFLAMMATION = ("crp", "ferritin", "il6", "ldh")
AUC_DAYS = 28  # AUC0-28 is an area of these days by its name
TOCILIZUMAB = "tocilizumab"
SHIFTED = ("crp", "il6")  # by tocilizumab; of these IL-6 cannot be interpreted after it
LOST = ("il6",)


class Span(NamedTuple):
    """A value before rounding, in steps of its signal; `high` is None where it is only known to be above `low`."""

    low: int | Fraction
    high: int | Fraction | None

    @property
    def exact(self) -> int | Fraction | None:
        """The value, where it is one."""
        return self.low if self.low == self.high else None


class Area(NamedTuple):
    """The area under the measurements from the first to the last, in unit times days; `high` as that of a value."""

    low: float
    high: float | None
    first: Event
    last: Event


def biomarkers(record: Record) -> list[BiomarkerRow]:
    """Rows by name of the signal; none for a signal without a measurement after the infusion."""
    found = (biomarker(record, name) for name in (*EXPANSION, *INFLAMMATION))
    return [row for row in found if row is not None]


def biomarker(record: Record, signal: str) -> BiomarkerRow | None:
    """The row of one signal; None without a measurement after the infusion."""
    rows = _measured(record, signal)
    return _row(record, signal, rows) if rows else None


def _measured(record: Record, signal: str) -> list[Event]:
    """Rows from the infusion to death, last follow-up and as-of, both ends included, and before the next infusion."""
    last = (record.death[0], record.patient.last_followup, record.as_of)
    until = min((time for time in last if time is not None), default=FOR_EVER)
    rows = record.between(signal, record.start, until)
    return [row for row in rows if record.following is None or row.time < record.following]


def _row(record: Record, name: str, rows: list[Event]) -> BiomarkerRow:
    """The columns that every signal has; `_inflammation` and `_expansion` fill in theirs."""
    usable = [row for row in rows if _interpretable(record, row)]
    before = baseline_row(record, name)
    if before is not None and not _interpretable(record, before):
        before = None
    closes = record.day_after(record.settings.biomarker_days + 1)
    window = [row for row in usable if row.time < closes]
    peak, height = highest(window)
    last = usable[-1] if usable else None
    base, final = (span(row) if row is not None else None for row in (before, last))
    (base_low, base_high), (peak_low, peak_high), (last_low, last_high) = (
        _shown(name, value) for value in (base, height, final)
    )
    fold_low, fold_high = fold_change(base, height)
    found = BiomarkerRow(
        patient_id=record.patient.patient_id, infusion=record.patient.infusion, signal=name,
        unit=signals()[name].unit, measurements=len(rows),
        baseline_low=base_low, baseline_high=base_high, baseline_time=_time(before),
        peak_low=peak_low, peak_high=peak_high, peak_time=_time(peak), peak_day=_days(record.start, peak),
        fold_low=fold_low, fold_high=fold_high, doubling_days=doubling_days(window, peak) if peak else None,
        last_low=last_low, last_high=last_high, last_time=_time(last),
        flags=_flags(record, rows if before is None else [*rows, before]),
    )  # fmt: skip
    return _expansion(record, found, usable) if name in EXPANSION else _inflammation(record, found, rows, usable, peak)


def _expansion(record: Record, found: BiomarkerRow, usable: list[Event]) -> BiomarkerRow:
    area = area_under(record, usable)
    if area is None:
        return found
    return found._replace(
        auc_0_28_low=area.low,
        auc_0_28_high=area.high,
        auc_from_day=_days(record.start, area.first),
        auc_to_day=_days(record.start, area.last),
    )


def _inflammation(
    record: Record, found: BiomarkerRow, rows: list[Event], usable: list[Event], peak: Event | None
) -> BiomarkerRow:
    if peak and (back := time_to_normal(record, usable, peak)):
        found = found._replace(normal_time=back.time, days_to_normal=_days(peak.time, back))
    if found.signal not in SHIFTED:
        return found
    acting = [_acting(record, row) for row in rows]
    first = min((dose.time for doses in acting for dose in doses), default=None)
    return found._replace(tocilizumab_time=first, after_tocilizumab=sum(map(bool, acting)))


def span(row: Event) -> Span:
    """The possible values of a row; a bound such as `>1000` has no upper end."""
    top = signals()[row.signal].plausible_high
    assert row.low is not None and row.high is not None and top is not None
    exact = row.exact.value if row.exact else None
    if exact is not None:
        return Span(exact, None if row.high >= top else exact)
    return Span(row.low, None if row.high >= top else row.high)


def highest(rows: Sequence[Event]) -> tuple[Event | None, Span | None]:
    """The first row of the highest value, and that value. No row where bounds leave open which it is."""
    if not rows:
        return None, None
    lows, highs = zip(*map(span, rows), strict=True)
    low = max(lows)
    first = lows.index(low)  # every other row may be below this one
    earlier = all(high is not None and high < low for high in highs[:first])
    later = all(high is not None and high <= low for high in highs[first + 1 :])
    return rows[first] if earlier and later else None, Span(low, None if None in highs else max(highs))


def fold_change(base: Span | None, peak: Span | None) -> tuple[float | None, float | None]:
    """Peak over baseline, lowest and highest; an end that a bound, or a baseline of 0, leaves open is None."""
    if base is None or peak is None:
        return None, None
    low = fold(peak.low, base.high) if base.high else None
    high = fold(peak.high, base.low) if peak.high is not None and base.low else None
    return low, high


def doubling_days(rows: Sequence[Event], peak: Event) -> float | None:
    """Days to double, log-linear, from the first to the last of the rising exact measurements that end in the peak."""
    foot = peak
    for row in reversed([row for row in rows if row.time < peak.time]):
        value, following = span(row).exact, span(foot).exact
        if not value or following is None or value >= following:
            break
        foot = row
    return None if foot is peak else doubled_in(peak.time - foot.time, span(foot).low, span(peak).low)


def time_to_normal(record: Record, rows: Sequence[Event], peak: Event) -> Event | None:
    """The first normal value after a peak above normal, unless the next one is not; None where a limit is not known."""
    if is_normal(record, peak) is not False:
        return None
    after = [row for row in rows if row.time > peak.time]
    normal = [is_normal(record, row) for row in after]
    for row, now, following in zip(after, normal, [*normal[1:], True], strict=False):
        if now is None:
            return None
        if now and following:
            return row
    return None


def is_normal(record: Record, row: Event) -> bool | None:
    """Whether a value is at or below the laboratory's upper limit, else the site's; None where nobody can tell."""
    limit = limit_of(record, (row,), UPPER_LIMIT)
    if limit is None:
        return None
    low, high = row.ends[0], row.ends[-1]
    if high <= limit:
        return True
    return False if low > limit else None


def area_under(record: Record, rows: Sequence[Event]) -> Area | None:
    """AUC0-28 by the linear trapezoidal rule, from the first to the last measurement of days 0 to 28; none if few."""
    settings, closes = record.settings, record.day_after(AUC_DAYS + 1)
    inside = [row for row in rows if row.time < closes]
    if len(inside) < max(settings.auc_measurements, 2):
        return None
    first, last = inside[0], inside[-1]
    begins, reaches = record.day_after(settings.auc_first_day + 1), record.day_after(settings.auc_last_day)
    if first.time >= begins or last.time < reaches:
        return None
    times, (lows, highs) = [row.time for row in inside], zip(*map(span, inside), strict=True)
    low, high = _area(first.signal, times, lows), None if None in highs else _area(first.signal, times, highs)
    return Area(low, high, first, last)


def _area(signal: str, times: Sequence[int], values: Sequence[int | Fraction]) -> float:
    widths = (later - earlier for earlier, later in pairwise(times))
    heights = (one + two for one, two in pairwise(values))
    found: float = area_shown(signal, sum(width * height for width, height in zip(widths, heights, strict=True)))
    return found


def _interpretable(record: Record, row: Event) -> bool:
    return row.signal not in LOST or not _acting(record, row)


def _acting(record: Record, row: Event) -> list[Event]:
    """Doses of tocilizumab that a measurement is after."""
    acts_s, doses = tocilizumab_s(record.settings), filter(counts_as_dose, record.rows(TOCILIZUMAB))
    return [dose for dose in doses if dose.time <= row.time < dose.time + acts_s]


def counts_as_dose(row: Event) -> bool:
    """True for a dose that shifts what is measured after it."""
    return is_given(row) and is_systemic(row)


def tocilizumab_s(settings: Settings) -> int:
    """For how many seconds a dose does."""
    return int(settings.tocilizumab_days * DAY)


def _flags(record: Record, rows: Sequence[Event]) -> tuple[str, ...]:
    return tuple(sorted(record.patient.flags.union(*(row.flags for row in rows))))


def _shown(name: str, value: Span | None) -> tuple[float | None, float | None]:
    if value is None:
        return None, None
    return shown(name, value.low), None if value.high is None else shown(name, value.high)


def _time(row: Event | None) -> int | None:
    return None if row is None else row.time


def _days(start: int, row: Event | None) -> float | None:
    return None if row is None else in_days(row.time - start)


# Numbers as they are shown, in both engines: each a number, exact, or a column of whole numbers; `parts` of a step.


def rounded(numerator: Any, denominator: Any, digits: int) -> Any:
    """A ratio of numbers from 0 up, rounded once, half to even."""
    whole, rest = divmod(numerator * 10**digits, denominator)
    up = (2 * rest > denominator) | ((2 * rest == denominator) & (whole % 2 == 1))
    return (whole + up) / 10**digits


def shown(signal: str, steps: Any, parts: int = 1) -> Any:
    """A value in its unit, in whole steps, as everywhere."""
    step = signals()[signal].step
    exponent, (numerator, denominator) = step.as_tuple().exponent, step.as_integer_ratio()
    assert isinstance(exponent, int)
    return rounded(steps * numerator, denominator * parts, -exponent)


def area_shown(signal: str, total: Any, parts: int = 1) -> Any:
    """An area in unit times days, of the sum of seconds times the two values at their ends."""
    numerator, denominator = signals()[signal].step.as_integer_ratio()
    return rounded(total * numerator, 2 * DAY * denominator * parts, 3)


def fold(peak: Any, base: Any) -> Any:
    """A ratio of two values."""
    return rounded(peak, base, 2)


def in_days(seconds: Any) -> Any:
    """Seconds as days of 24 h."""
    return rounded(seconds, DAY, 2)


def doubled_in(seconds: int, low: int | Fraction, high: int | Fraction) -> float:
    """Days to double, log-linear, of one rise."""
    return round(seconds / DAY * log(2) / log(high / low), 2)
