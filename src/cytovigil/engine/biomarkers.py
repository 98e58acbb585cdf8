"""Dynamics of markers of inflammation, and expansion of CAR-T cells: one row a signal that was measured after infusion.

No paper defines them for charts with holes: docs/decisions/0013. What rests on a bound such as `>1000` is a range.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import log
from typing import NamedTuple

from cytovigil.engine.baseline import baseline_row
from cytovigil.engine.limits import limit_of
from cytovigil.engine.measures.drugs import is_given
from cytovigil.engine.record import Record, is_systemic
from cytovigil.logic.laboratory import UPPER_LIMIT
from cytovigil.model.events import Event
from cytovigil.model.results import BiomarkerRow
from cytovigil.model.times import DAY
from cytovigil.model.vocabulary import signals

EXPANSION = ("car_t_cells", "car_transgene")
INFLAMMATION = ("crp", "ferritin", "il6", "ldh")
AUC_DAYS = 28  # AUC0-28 is an area of these days by its name
TOCILIZUMAB = "tocilizumab"
_SHIFTED = ("crp", "il6")  # by tocilizumab; of these IL-6 cannot be interpreted after it
_LOST = ("il6",)


class Span(NamedTuple):
    """A value in its signal's unit, before rounding; `high` is None where it is only known to be above `low`."""

    low: Fraction
    high: Fraction | None

    @property
    def exact(self) -> Fraction | None:
        """The value, where it is one."""
        return self.low if self.low == self.high else None


class Area(NamedTuple):
    """The area under the measurements from the first to the last, in unit times days."""

    span: Span
    first: Event
    last: Event


def biomarkers(record: Record) -> list[BiomarkerRow]:
    """Rows by name of the signal; none for a signal without a measurement after the infusion."""
    found = ((name, _measured(record, name)) for name in (*EXPANSION, *INFLAMMATION))
    return [_row(record, name, rows) for name, rows in found if rows]


def _measured(record: Record, signal: str) -> list[Event]:
    """Rows from the infusion to death, last follow-up and as-of, both ends included, and before the next infusion."""
    last = (record.death[0], record.patient.last_followup, record.as_of)
    until = min((time for time in last if time is not None), default=None)
    rows = [row for row in record.rows(signal) if row.time >= record.start and (until is None or row.time <= until)]
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
        auc_0_28_low=_rounded(area.span.low, 3),
        auc_0_28_high=_rounded(area.span.high, 3),
        auc_from_day=_days(record.start, area.first),
        auc_to_day=_days(record.start, area.last),
    )


def _inflammation(
    record: Record, found: BiomarkerRow, rows: list[Event], usable: list[Event], peak: Event | None
) -> BiomarkerRow:
    if peak and (back := time_to_normal(record, usable, peak)):
        found = found._replace(normal_time=back.time, days_to_normal=_days(peak.time, back))
    if found.signal not in _SHIFTED:
        return found
    acting = [_acting(record, row) for row in rows]
    first = min((dose.time for doses in acting for dose in doses), default=None)
    return found._replace(tocilizumab_time=first, after_tocilizumab=sum(map(bool, acting)))


def span(row: Event) -> Span:
    """The possible values of a row; a bound such as `>1000` has no upper end."""
    signal = signals()[row.signal]
    step = Fraction(signal.step)
    assert row.high is not None and signal.plausible_high is not None
    return Span(row.ends[0] * step, None if row.high >= signal.plausible_high else row.ends[-1] * step)


def highest(rows: Sequence[Event]) -> tuple[Event | None, Span | None]:
    """The first row of the highest value, and that value. No row where bounds leave open which it is."""
    if not rows:
        return None, None
    spans = [span(row) for row in rows]
    tops = [one.high for one in spans if one.high is not None]
    height = Span(max(one.low for one in spans), max(tops) if len(tops) == len(spans) else None)
    for index, row in enumerate(rows):
        low = spans[index].low
        earlier = all(one.high is not None and one.high < low for one in spans[:index])
        later = all(one.high is not None and one.high <= low for one in spans[index + 1 :])
        if earlier and later:
            return row, height
    return None, height


def fold_change(base: Span | None, peak: Span | None) -> tuple[float | None, float | None]:
    """Peak over baseline, lowest and highest; an end that a bound, or a baseline of 0, leaves open is None."""
    if base is None or peak is None:
        return None, None
    low = peak.low / base.high if base.high else None
    high = peak.high / base.low if peak.high is not None and base.low else None
    return _rounded(low, 2), _rounded(high, 2)


def doubling_days(rows: Sequence[Event], peak: Event) -> float | None:
    """Days to double, log-linear, from the first to the last of the rising exact measurements that end in the peak."""
    foot = peak
    for row in reversed([row for row in rows if row.time < peak.time]):
        value, following = span(row).exact, span(foot).exact
        if not value or following is None or value >= following:
            break
        foot = row
    if foot is peak:
        return None
    rise = log(span(peak).low / span(foot).low)
    return round((peak.time - foot.time) / DAY * log(2) / rise, 2)


def time_to_normal(record: Record, rows: Sequence[Event], peak: Event) -> Event | None:
    """The first normal value after a peak above normal, unless the next one is not; None where a limit is not known."""
    if _is_normal(record, peak) is not False:
        return None
    after = [row for row in rows if row.time > peak.time]
    normal = [_is_normal(record, row) for row in after]
    for row, now, following in zip(after, normal, [*normal[1:], True], strict=False):
        if now is None:
            return None
        if now and following:
            return row
    return None


def _is_normal(record: Record, row: Event) -> bool | None:
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
    steps = [(Fraction(two.time - one.time, DAY) / 2, span(one), span(two)) for one, two in pairwise(inside)]
    low = sum((width * (one.low + two.low) for width, one, two in steps), Fraction())
    tops = [width * (one.high + two.high) for width, one, two in steps if one.high is not None and two.high is not None]
    return Area(Span(low, sum(tops, Fraction()) if len(tops) == len(steps) else None), first, last)


def _interpretable(record: Record, row: Event) -> bool:
    return row.signal not in _LOST or not _acting(record, row)


def _acting(record: Record, row: Event) -> list[Event]:
    """Doses of tocilizumab that a measurement is after."""
    acts_s = int(record.settings.tocilizumab_days * DAY)
    doses = (dose for dose in record.rows(TOCILIZUMAB) if is_given(dose) and is_systemic(dose))
    return [dose for dose in doses if dose.time <= row.time < dose.time + acts_s]


def _flags(record: Record, rows: Sequence[Event]) -> tuple[str, ...]:
    return tuple(sorted(record.patient.flags.union(*(row.flags for row in rows))))


def _shown(name: str, value: Span | None) -> tuple[float | None, float | None]:
    """A value in whole steps, as everywhere."""
    if value is None:
        return None, None
    exponent = signals()[name].step.as_tuple().exponent
    assert isinstance(exponent, int)
    return _rounded(value.low, -exponent), _rounded(value.high, -exponent)


def _time(row: Event | None) -> int | None:
    return None if row is None else row.time


def _days(start: int, row: Event | None) -> float | None:
    return None if row is None else float(round(Fraction(row.time - start, DAY), 2))


def _rounded(value: Fraction | None, digits: int) -> float | None:
    return None if value is None else float(round(value, digits))
