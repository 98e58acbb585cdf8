"""Courses of counts written as `4-16: 400, 20: 800`: days since infusion, at 09:00; the rest of the days `others`."""

from decimal import Decimal

from spec.charts import ADULT, at, grade, row_at, shown

NEUTROPHILS, PLATELETS = "neutrophils", "platelets"


def counts(series: str, others: str = "", days: int = 31, signal: str = NEUTROPHILS) -> str:
    """A chart; neutrophils are written per microlitre, platelets in 10*9/L. `<100` is a bound, `?` cannot be read."""
    found = {day: others for day in range(days) if others}
    for part in filter(None, (one.strip() for one in series.split(","))):
        span, _, value = part.partition(":")
        first, _, last = span.partition("-")
        found |= dict.fromkeys(range(int(first), int(last or first) + 1), value.strip())
    return "\n".join(f"d{day} 09:00 | {signal} | {_canonical(value, signal)}" for day, value in sorted(found.items()))


def _canonical(value: str, signal: str) -> str:
    if signal == PLATELETS or value == "?":
        return value
    sign = value[0] if value[0] in "<>" else ""
    return f"{sign}{Decimal(value.removeprefix(sign)) / 1000}"


def summary(chart: str, scale: str, **patient: str) -> str:
    """The grade at the end. Dates of the patient are written `d12 20:00`."""
    found = grade(chart, scale, ADULT._replace(**{name: at(time) for name, time in patient.items()}))
    low, high = found.summaries[scale][:2]
    return "-" if low is None else f"{low}" if low == high else f"{low}..{high}"


def at_times(chart: str, scale: str, *times: str, **patient: str) -> list[str]:
    """The grade at these times, `?` where it is provisional."""
    graded = grade(chart, scale, ADULT._replace(**{name: at(time) for name, time in patient.items()}))
    rows = [row_at(graded, time) for time in times]
    return [shown(row) + "?" * row.provisional for row in rows]


def days_of(chart: str, scale: str, threshold: float, **patient: str) -> tuple[str, str]:
    """Longest and cumulative days below a threshold of table cytopenia."""
    graded = grade(chart, scale, ADULT._replace(**{name: at(time) for name, time in patient.items()}))
    row = next(one for one in graded.cytopenia if one.threshold == threshold)
    ends = (row.longest_low, row.longest_high), (row.cumulative_low, row.cumulative_high)
    longest, whole = (str(low) if low == high else f"{low}..{high}" for low, high in ends)
    return longest, whole
