"""The site's own names, words and units (`--map`): a CSV that translates them before anything else is tried."""

import csv
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cytovigil.model.numbers import UnitError, read_number
from cytovigil.model.told import ToldError, ToldValueError
from cytovigil.model.units import find_unit
from cytovigil.model.vocabulary import signals

COLUMNS = ("local_name", "local_value", "local_unit", "signal", "value", "unit", "factor")


class Rule(NamedTuple):
    """One row of the mapping file: where all local fields that are filled match, the others replace."""

    local_name: str
    local_value: str
    local_unit: str
    signal: str
    value: str
    unit: str
    factor: Fraction | None

    @property
    def weight(self) -> tuple[int, bool, bool]:
        """More local fields go before fewer; a name goes before a word, a word before a unit."""
        filled = bool(self.local_name), bool(self.local_value), bool(self.local_unit)
        return sum(filled), filled[0], filled[1]


class Charted(NamedTuple):
    """Name, value and unit of a cell, as charted or as translated; `factor` multiplies a number."""

    name: str
    value: str
    unit: str
    factor: Fraction | None = None


class SiteMapping:
    """All rules of a mapping file, by local name."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.weight, reverse=True))
        self._by_name: dict[str, list[Rule]] = {}
        for rule in self.rules:
            self._by_name.setdefault(rule.local_name, []).append(rule)
        self._find = lru_cache(maxsize=8_192)(self._find_uncached)

    def __reduce__(self) -> tuple[type["SiteMapping"], tuple[tuple[Rule, ...]]]:
        return SiteMapping, (self.rules,)  # what was found is not handed over

    def names(self) -> list[str]:
        """The local names that have a rule, in lower case."""
        return sorted(name for name in self._by_name if name)

    def knows(self, name: str) -> bool:
        """True where a rule translates this local name into a signal."""
        return any(rule.signal for rule in self._by_name.get(_key(name), ()) if rule.local_name)

    def translate(self, name: str, value: str, unit: str) -> Charted:
        """What a charted name, value and unit stand for; unchanged where no rule matches."""
        found = self._find(_key(name), _key(value), _key(unit))
        return Charted(found.name or name, found.value or value, found.unit or unit, found.factor)

    def _find_uncached(self, name: str, value: str, unit: str) -> Charted:
        rules = [*self._by_name.get(name, ()), *(self._by_name.get("", ()) if name else ())]
        rules.sort(key=lambda rule: rule.weight, reverse=True)
        hits = [r for r in rules if r.local_value in ("", value) and r.local_unit in ("", unit)]
        signal, word, code = (next((v for r in hits if (v := getattr(r, field))), "") for field in COLUMNS[3:6])
        return Charted(signal, word, code, next((r.factor for r in hits if r.factor is not None), None))


def scale_text(text: str, factor: Fraction) -> str:
    """A number, or a bound, multiplied exactly by a decimal factor. Raises UnitError if it is no number."""
    number, rest = read_number(text)
    product = number.value * factor
    places = next((n for n in range(100) if (product * 10**n).denominator == 1), 30)
    digits = str(abs(round(product * 10**places))).rjust(places + 1, "0")
    whole, decimals = digits[: len(digits) - places], digits[len(digits) - places :]
    sign = "-" if product < 0 else ""
    return f"{number.operator}{sign}{whole}{'.' if decimals else ''}{decimals}{' ' + rest if rest else ''}"


def read_mapping(path: Path) -> SiteMapping:
    """Read a mapping file. Raises ValueError with one sentence that names line and field."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise ToldValueError("mapping file '{name}' does not exist", name=path.name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ToldValueError("mapping file '{name}' cannot be read: save it as CSV in UTF-8", name=path.name) from error
    rules = tuple(_read_rules(path.name, text))
    _check_doubles(path.name, rules)
    return SiteMapping(rules)


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _read_rules(file: str, text: str) -> Iterator[Rule]:
    lines = text.splitlines()
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    found = set(reader.fieldnames)
    if not found & set(COLUMNS[:3]) or not found & set(COLUMNS[3:]):
        sentence = "mapping file '{name}' needs a header with {columns}"
        raise ToldValueError(sentence, name=file, columns=", ".join(COLUMNS))
    for row in reader:
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if any(cells.values()):
            yield _read_rule(ToldError("mapping file '{name}', line {line}", name=file, line=reader.line_num), cells)


def _read_rule(where: ToldError, cells: dict[str, str]) -> Rule:
    if not any(cells[name] for name in COLUMNS[:3]):
        raise ToldValueError("{where}: fill in local_name, local_value or local_unit", where=where)
    if not any(cells[name] for name in COLUMNS[3:]):
        raise ToldValueError("{where}: fill in signal, value, unit or factor", where=where)
    if cells["signal"] and cells["signal"] not in signals():
        raise ToldValueError("{where}: '{name}' is not a signal of signals.csv", where=where, name=cells["signal"])
    if cells["unit"] and find_unit(cells["unit"]) is None:
        raise ToldValueError("{where}: unit '{unit}' is not known", where=where, unit=cells["unit"])
    factor = _factor(where, cells["factor"]) if cells["factor"] else None
    name, value, unit = (_key(cells[name]) for name in COLUMNS[:3])
    return Rule(name, value, unit, cells["signal"], cells["value"], cells["unit"], factor)


def _factor(where: ToldError, text: str) -> Fraction:
    try:
        number, rest = read_number(text)
    except UnitError as error:
        raise ToldValueError("{where}: factor {why}", where=where, why=error.sentence) from error
    if number.operator or rest or number.value <= 0:
        raise ToldValueError("{where}: factor '{value}' must be a number above 0", where=where, value=text)
    return number.value


def _check_doubles(file: str, rules: tuple[Rule, ...]) -> None:
    seen: dict[tuple[str, str, str], Rule] = {}
    for rule in rules:
        other = seen.setdefault(rule[:3], rule)
        if other != rule:
            local = " ".join(part for part in rule[:3] if part)
            sentence = "mapping file '{name}': '{local}' is translated twice and differently"
            raise ToldValueError(sentence, name=file, local=local)
