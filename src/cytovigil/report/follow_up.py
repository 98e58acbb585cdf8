"""Long-term follow-up on the page of an infusion: what is asked at the end of the record, and what comes next."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from cytovigil.followup.standing import STATES, Standing
from cytovigil.model.events import Course, Patient
from cytovigil.model.settings import Settings
from cytovigil.model.told import Say

Follow = Callable[[Course, date, Settings, int | None], Sequence[tuple[Patient, Sequence[Standing]]]]
_NOT_ASKED = ("not_applicable",)


def follow_up_rows(standings: Sequence[Standing], on: date, say: Say) -> list[dict[str, Any]]:
    """What is asked or will be, worst first, in one row where all but the names of items are the same.

    None of what is over or does not concern the patient.
    """
    states = list(STATES)
    asked = [one for one in standings if one.state not in _NOT_ASKED and not (one.state == "done" and _over(one, on))]
    found: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for one in sorted(asked, key=lambda one: states.index(one.state)):
        found.setdefault(tuple(_row(one, say).items()), []).append(say(one.item.what))
    return [{"what": "; ".join(names), **dict(row)} for row, names in found.items()]


def _over(one: Standing, on: date) -> bool:
    return one.until is None or one.until <= on


def _row(one: Standing, say: Say) -> dict[str, str]:
    asked = ", ".join(say(name.replace("_", " ")) for name in one.asked if name != one.item.what)
    return {
        "when": say(one.item.when),
        "state": say(STATES[one.state]),
        "since": "" if one.since is None or one.state in ("done", "in_force") else one.since.isoformat(),
        "until": "" if one.until is None or one.state not in ("done", "in_force", "unknown") else one.until.isoformat(),
        "why": one.why(say),
        "asked": asked,
        "source": one.item.source.key,
        "status": say(one.item.status),
    }
