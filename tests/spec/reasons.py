"""What an explanation says of one field: its values, the rows they rest on, the signals that would settle it."""

from cytovigil.engine.explain import explain_course
from cytovigil.model.events import Course
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events
from spec.febrile import CRS

Reasons = tuple[str, list[str], tuple[str, ...]]


def rests_on(chart: str, name: str, time: str = "d1 12:00", scale: str = CRS) -> Reasons:
    """The field `name` at a time; a row is shown as `signal@time`."""
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), tuple(events(f"{chart}\nd9 00:00 | spo2 | 97")))
    found = explain_course(course, None, SCALES[scale], SETTINGS, at(time))
    view = next(view for view in found.fields if view.name == name)
    return " or ".join(view.values), [row.source_id for row in view.rows], view.missing
