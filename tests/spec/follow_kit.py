"""Follow-up written as tables: a chart on one line, and where an item stands on a day.

A chart is `d31 igg 3.8, d40 immunoglobulin 30`; `d10..d20 infection bacterial` has an end; `d95 vaccine 1 text=griep` a
text; `fludarabine-4` is not one: days before the infusion are `d-4 fludarabine 50`. Who is `axi-cel LBCL 50`, or `adult`.
A standing is told as `due d30`, `overdue d30`, `done d31`, `done d31 next d61`, `later d90`, `in force until d184`,
`in force`, `unknown cd4|igg`, `not applicable`; days count from the infusion.
"""

import datetime as dt

from charts import ADULT, DAY_0, SETTINGS, at, events

from cytovigil.following import follow_course
from cytovigil.followup.standing import Standing
from cytovigil.model.events import Course, Event, Patient

INFUSED = ADULT._replace(infusion_time=at("d0 08:00"), product="axi-cel", disease="LBCL")


def who(text: str) -> Patient:
    """`axi-cel LBCL 50`; a dash is not charted."""
    if text == "adult":
        return INFUSED
    product, disease, age = text.split()
    known = {"product": product, "disease": disease}
    fields = {name: "" if value == "-" else value for name, value in known.items()}
    return INFUSED._replace(**fields, age_years=None if age == "-" else int(age))


def rows(chart: str) -> list[Event]:
    """The events of a chart on one line."""
    lines = []
    for part in (part.strip() for part in chart.split(",") if part.strip()):
        days, name, value, *more = part.split(" ", 3)
        begin, _, end = days.partition("..")
        extra = [cell if "=" in cell else f"text={cell}" for cell in more]
        lines.append(" | ".join([f"{begin} 09:00", name, value, f"{end} 09:00" if end else "", *extra]))
    return [row._replace(shown=row.shown.partition("/")[0]) for row in events("\n".join(lines))]


def stands(item: str, chart: str, day: int, patient: Patient = INFUSED) -> Standing:
    """One item on a day of the last infusion."""
    course = Course((patient,), tuple(rows(chart)))
    *_, (_, standings) = follow_course(course, DAY_0 + dt.timedelta(days=day), SETTINGS)
    return next(one for one in standings if one.item.id == item)


def told(standing: Standing) -> str:
    """A standing in one line."""
    match standing.state:
        case "due" | "overdue" | "later":
            return f"{standing.state} {_day(standing.since)}"
        case "done":
            following = f" next {_day(standing.until)}" if standing.until and standing.until != standing.done else ""
            return f"done {_day(standing.done)}{following}"
        case "in_force":
            return f"in force until {_day(standing.until)}" if standing.until else "in force"
        case "unknown":
            return f"unknown {'|'.join(standing.asked)}".strip()
    return "not applicable"


def _day(day: dt.date | None) -> str:
    assert day is not None
    return f"d{(day - DAY_0).days}"


def table(text: str) -> list[tuple[str, str, str, int, str, str]]:
    """`case | who | chart | day | item | expected`, one a line."""
    lines = (line for line in text.strip().splitlines() if line.strip() and not line.strip().startswith("#"))
    cells = ([cell.strip() for cell in line.split("|", 5)] for line in lines)
    return [(case, person, chart, int(day[1:]), item, expected) for case, person, chart, day, item, expected in cells]
