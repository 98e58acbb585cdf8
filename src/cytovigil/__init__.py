"""Grades of CRS and ICANS over time after CAR-T cells: ranges where facts are missing, each with its reason.

The public API for Python objects; files are graded with `cytovigil.app`. Loads what is asked for, when it is asked for,
and no third party but for a `Session`, which needs NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cytovigil.engine.explain import explain_course
    from cytovigil.engine.explain_text import render_text
    from cytovigil.engine.reference import grade_course
    from cytovigil.engine.scoring import score_course
    from cytovigil.engine.session import Changed, Session
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
    "Changed",
    "Course",
    "Event",
    "Graded",
    "Patient",
    "Session",
    "Settings",
    "explain_course",
    "grade_course",
    "render_scale",
    "render_text",
    "scale_ids",
    "score_course",
]
_HOMES = {
    "cytovigil.engine.explain": ("explain_course",),
    "cytovigil.engine.explain_text": ("render_text",),
    "cytovigil.engine.reference": ("grade_course",),
    "cytovigil.engine.scoring": ("score_course",),
    "cytovigil.engine.session": ("Changed", "Session"),
    "cytovigil.logic.text": ("render_scale",),
    "cytovigil.model.events": ("Course", "Event", "Patient"),
    "cytovigil.model.results": ("Graded",),
    "cytovigil.model.settings": ("Settings",),
    "cytovigil.rules": ("SCALES", "scale_ids"),
    "cytovigil.rules.scores": ("SCORES",),
}


def __getattr__(name: str) -> Any:
    """A name of the API, loaded at its first use: the rulebook takes longer to load than `import` should."""
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'cytovigil' has no attribute '{name}'")
    globals()[name] = found = getattr(import_module(home), name)
    return found
