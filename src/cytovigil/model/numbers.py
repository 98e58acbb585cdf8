"""Numbers as charts print them: decimal point or comma, grouped thousands, bounds such as <0.1."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

NO_VALUE = frozenset({"", "na", "null", "nan"})

_NUMBER = re.compile(
    r"(<=|>=|=<|=>|[<>≤≥])?\s*([+-]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d{1,2})?)\s*(.*)", re.DOTALL | re.ASCII
)
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_POINTED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d*|\d{1,3}(?:\.\d{3})+),\d+(?:[eE][+-]?\d{1,2})?", re.ASCII)
_GROUPED = re.compile(
    r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?!\1)[.,]\d+|[+-]?\d{1,3}(?:,\d{3}){2,}|[+-]?\d{1,3}(?:\.\d{3}){2,}",
    re.ASCII,
)
_PLAIN = re.compile(r"[+-]?(?:\d{1,25}(?:[.,]\d{0,25})?|[.,]\d{1,25})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_OPERATORS = {"≤": "<=", "=<": "<=", "≥": ">=", "=>": ">="}


class UnitError(ValueError):
    """A value or unit that cannot be used. `code` names the kind of problem, `sentence` says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


class Number(NamedTuple):
    """A number as printed; `operator` is < <= > >= or empty."""

    operator: str
    value: Fraction


def number_text(value: str | float | None) -> str:
    """The text of a value. Floats are rounded to 7 significant digits, as many as a float32 holds."""
    if value is None:
        return ""
    return format(value, ".7g") if isinstance(value, float) else str(value).strip()


@lru_cache(maxsize=4096)  # many cells say the same few numbers
def read_number(text: str) -> tuple[Number, str]:
    """The number, and what is printed behind it. Raises UnitError (`not_a_number`, `ambiguous_number`)."""
    match = _NUMBER.fullmatch(text)
    if not match:
        raise not_a_number(text)
    operator, digits, rest = match.groups()
    return Number(_OPERATORS.get(operator or "", operator or ""), _fraction(digits)), rest


def has_decimal_comma(text: str) -> bool:
    """True for a number whose comma can only be a decimal one: `38,6`, `<0,125`, `12.345,0 mg`; not `12,345`."""
    match = _NUMBER.fullmatch(text.strip())
    return bool(match and _DECIMAL_COMMA.fullmatch(match[2]) and not _AMBIGUOUS.fullmatch(match[2]))


def pointed_digits(text: str) -> str:
    """The digits of a number whose point may group thousands, as of `>10.000`; empty where there are none."""
    match = _NUMBER.fullmatch(text.strip())
    return match[2] if match and _POINTED.fullmatch(match[2]) else ""


def refuse_thousands(text: str) -> None:
    """Among decimal commas a point before three digits is in doubt. Raises UnitError (`ambiguous_number`)."""
    if digits := pointed_digits(text):
        comma, whole = digits.replace(".", ","), digits.replace(".", "")
        short = comma.rstrip("0")
        decimals = f"{short}0" if short in (comma, f"{whole[:-3]},") else short  # of three it would be in doubt again
        sentence = f"'{digits}' stands among decimal commas, it may group thousands: write {decimals} or {whole}"
        raise UnitError("ambiguous_number", sentence)


def not_a_number(text: str) -> UnitError:
    """The problem of a text that should be a number."""
    return UnitError("not_a_number", f"'{text[:40]}' is not a number: write for example 38.6 or <0.1")


def _fraction(digits: str) -> Fraction:
    if _AMBIGUOUS.fullmatch(digits):
        point, whole = digits.replace(",", "."), digits.replace(",", "")
        raise UnitError("ambiguous_number", f"'{digits}' may be {point} or {whole}: write it without a comma")
    if _GROUPED.fullmatch(digits):
        mark = max(digits.rfind("."), digits.rfind(","))
        point = "." if "." in digits and "," in digits else ""
        digits = re.sub(r"[.,]", "", digits[:mark]) + point + digits[mark + 1 :]
    if not _PLAIN.fullmatch(digits):
        raise not_a_number(digits)
    return Fraction(digits.replace(",", "."))
