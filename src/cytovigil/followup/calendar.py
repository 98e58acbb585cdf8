"""Follow-up as a calendar file (RFC 5545): all-day entries with the patient's id and no name.

What is open stands on the day asked about; what comes later, or ends, on its own day. An item has one UID an
infusion, or one a time point or season: of a newer file a calendar moves the entry of an older one to its new date.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from hashlib import sha256

from cytovigil.followup.standing import OPEN, Standing, State
from cytovigil.model.events import Patient
from cytovigil.model.told import Say

_TITLES: Mapping[State, str] = {"overdue": "overdue since {day}: {what}", "in_force": "ends: {what}"}
_MOST = 75  # octets of a line
_CONTROLS = dict.fromkeys((*range(32), 127))  # no text of a calendar may have them
_ESCAPED = _CONTROLS | str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def render_calendar(entries: Iterable[str], version: str) -> str:
    """The calendar of the entries of many patients. The same input gives the same bytes."""
    heads = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//cytovigil//follow-up {version}//EN", "CALSCALE:GREGORIAN"]
    return f"{_written(heads)}{''.join(entries)}{_written(['END:VCALENDAR'])}"


def calendar_entries(patient: Patient, standings: Iterable[Standing], on: date, say: Say) -> str:
    """The entries of one infusion: what is open, and the next date of all else."""
    dated = ((standing, _day(standing, on)) for standing in standings)
    return "".join(_written(_entry(patient, one, day, on, say)) for one, day in dated if day is not None)


def _written(lines: Iterable[str]) -> str:
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _day(standing: Standing, on: date) -> date | None:
    """The day that a calendar has to show: since when something is open, when it comes next, or ends."""
    if standing.state in OPEN:
        return standing.since
    return standing.until if standing.until and standing.until > on else None


def _entry(patient: Patient, standing: Standing, day: date, on: date, say: Say) -> list[str]:
    shown = max(day, on)
    what = say(standing.item.what)
    title = say(_TITLES[standing.state]).format(what=what, day=day) if standing.state in _TITLES else what
    key = f"{patient.patient_id}\n{patient.infusion}\n{standing.item.id}\n{standing.window or ''}"
    return [
        "BEGIN:VEVENT",
        f"UID:{sha256(key.encode()).hexdigest()[:32]}@cytovigil",  # not the id: it ends up in logs
        f"DTSTAMP:{on:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{shown:%Y%m%d}",
        f"DTEND;VALUE=DATE:{shown + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{f'{patient.patient_id}: {title}'.translate(_ESCAPED)}",
        f"DESCRIPTION:{'; '.join((say(standing.item.when), standing.item.source.key)).translate(_ESCAPED)}",
        "CLASS:CONFIDENTIAL",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a character; what goes on begins with a space."""
    parts, part, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _MOST:
            parts.append(part)
            part, size = " ", 1
        part, size = part + sign, size + octets
    return "\r\n".join([*parts, part])
