"""Grades of CRS and ICANS over time after CAR-T cells: ranges where facts are missing, each with its reason.

The public API for Python objects; files are graded with `cytovigil.app`. Loads no third party.
"""

from cytovigil.engine.explain import explain_course
from cytovigil.engine.explain_text import render_text
from cytovigil.engine.reference import grade_course
from cytovigil.engine.scoring import score_course
from cytovigil.logic.text import render_scale
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.results import Graded
from cytovigil.model.settings import Settings
from cytovigil.rules import SCALES, scale_ids
from cytovigil.rules.scores import SCORES

__version__ = "0.1.0"

__all__ = [
    "SCALES",
    "SCORES",
    "Course",
    "Event",
    "Graded",
    "Patient",
    "Settings",
    "explain_course",
    "grade_course",
    "render_scale",
    "render_text",
    "scale_ids",
    "score_course",
]
