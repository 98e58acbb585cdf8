"""No driving: the weeks of a label, and longer while neurological events last. Guidance and follow-up both use it.

The later day counts, also where a label prints "or", or says nothing of events: our reading, the safe one. A finding
is over on its own end, or when a newer row shows none of it; where nobody has looked again, it goes on.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from cytovigil.model.events import UNREADABLE, Event, Patient
from cytovigil.model.vocabulary import signals

Events = date | Literal["none", "ongoing", "unknown"]  # neurological events: the day they had resolved, or how it is
SIGNS = ("recorded_icans_grade", "motor_weakness", "raised_icp", "tremor")  # the first of their words is: none
SINGLE = ("seizure", "other_neurotoxicity")  # each row is an event of its own
SIGNALS = ("ice", "capd", *SIGNS, *SINGLE)
BEST_ICE, BEST_CAPD = 10, 0
_EITHER = frozenset({False, True})


class Neurology(NamedTuple):
    """Neurological events since the infusion, and the rows of those that are not known to be over."""

    events: Events
    rows: tuple[Event, ...] = ()


class _Finding(NamedTuple):
    row: Event
    sure: bool
    over: date | None


def neurology(
    patient: Patient, rows: Callable[[str], Sequence[Event]], until: int, day: Callable[[int], date],
    since: date = date.min,
) -> Neurology:  # fmt: skip
    """How it is before `until`, in seconds UTC. `rows` gives those of a signal from the infusion until then, by time.

    Unknown where nothing was charted: nobody has looked. What had resolved before `since` is not looked for.
    """
    charted = {name: mine for name in SIGNALS if (mine := rows(name))}
    found = [one for name, mine in charted.items() for one in _findings(patient, name, mine, until, day, since)]
    if open_ := [one for one in found if one.over is None]:
        sure = tuple(one.row for one in open_ if one.sure)
        return Neurology("ongoing", sure) if sure else Neurology("unknown", tuple(one.row for one in open_))
    if not charted:
        return Neurology("unknown")
    return Neurology(max((one.over for one in found if one.over), default="none"))


def no_driving(weeks: int | None, infused: date, events: Events) -> tuple[date | None, bool]:
    """The last day without driving, None where there are no weeks; and whether it may still be later."""
    end = None if weeks is None else infused + timedelta(weeks=weeks)
    if end is None or isinstance(events, str):
        return end, end is None or events != "none"
    return max(end, events), False


def _findings(
    patient: Patient, name: str, rows: Sequence[Event], until: int, day: Callable[[int], date], since: date
) -> Iterator[_Finding]:
    """Each event of its own; of other signals the last finding, over when the first newer row shows none."""
    over: date | None = None
    for row in reversed(rows):
        ended = day(row.end) if row.end is not None and row.end < until else None
        truth = _is_finding(patient, name, row)
        if name in SINGLE:
            yield _Finding(row, True, day(row.time) if name == "seizure" and row.end is None else ended)
        elif True in truth:
            yield _Finding(row, False not in truth, over or ended)
            return
        else:
            over = day(row.time)
            if over < since:
                return


def _is_finding(patient: Patient, name: str, row: Event) -> frozenset[bool]:
    """Whether a row shows a finding; of a score, whether it is worse than the best and than before the infusion."""
    if name in SINGLE:
        return frozenset({True})
    if name in SIGNS:
        return _EITHER if row.word == UNREADABLE else frozenset({row.word != signals()[name].categories[0]})
    if row.low is None or row.high is None:
        return _EITHER
    if name == "ice":
        limit = BEST_ICE if patient.baseline_ice is None else patient.baseline_ice
        return frozenset({row.low < limit, row.high < limit})
    limit = BEST_CAPD if patient.baseline_capd is None else patient.baseline_capd
    return frozenset({row.low > limit, row.high > limit})
