"""Cells that patients and events share: no value, formula cells, times."""

from zoneinfo import ZoneInfo

from cytovigil.model.numbers import NO_VALUE
from cytovigil.model.times import ReadTime, parse_time
from cytovigil.readers.raw import Complain

_FORMULA = ("=", "@", "+", "-")
_SAFE_BEHIND_SIGN = frozenset("0123456789.,")
_SHIFTED = {
    "doubled_hour": "this hour came twice that day: the first was taken; write the offset",
    "missing_hour": "this hour did not exist that day: one hour later was taken; write the offset",
}


def is_empty(text: str) -> bool:
    """True for what the contract calls no value: empty, NA, NULL, NaN."""
    return not text or text.strip().lower() in NO_VALUE


def filled(text: str) -> str:
    """The text without spaces around it; empty where it stands for no value."""
    return "" if is_empty(text) else text.strip()


def is_formula(text: str) -> bool:
    """True for a cell that a spreadsheet would run as a formula; numbers with a sign, and a lone sign, are none."""
    if not text.startswith(_FORMULA):
        return False
    return text[0] in "=@" or (len(text) > 1 and text[1] not in _SAFE_BEHIND_SIGN)


def read_time(field: str, text: str, zone: ZoneInfo, used: str, complain: Complain) -> ReadTime | None:
    """A time; None and a problem where it cannot be read. `used` says what becomes of the row then."""
    try:
        found = parse_time(text, zone)
    except ValueError as error:
        complain(field, text, "bad_time", str(error), used)
        return None
    for note in found.notes & _SHIFTED.keys():
        complain(field, text, note, _SHIFTED[note], "yes")
    return found
