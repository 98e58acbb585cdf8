"""Names and words of charts: signals, categories, statuses, routes; Dutch and US forms come with the package."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

from cytovigil.model.vocabulary import (
    CONFIRMING_CAUSES,
    OTHER_CAUSES,
    PRODUCTS,
    ROUTES,
    SEXES,
    SIGN_SYNONYMS,
    SIGNS,
    STATUSES,
    Code,
    Signal,
    codes,
    signals,
)

_LISTS = {"status": STATUSES, "route": ROUTES, "sex": SEXES}
_SYSTEMS = {
    "http://loinc.org": "loinc", "http://snomed.info/sct": "snomed", "snomed_ct": "snomed", "sct": "snomed",
    "snomedct": "snomed", "http://www.whocc.no/atc": "atc", "omop_concept_id": "omop",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
}  # fmt: skip


@lru_cache(maxsize=8_192)
def plain(text: str) -> str:
    """A word in lower case, without accents, with one underscore for spaces and hyphens."""
    flat = unicodedata.normalize("NFKD", text.strip())
    flat = "".join(mark for mark in flat if not unicodedata.combining(mark)).lower()
    return re.sub(r"[\s\-_]+", "_", flat).strip("_")


@lru_cache(maxsize=16_384)
def find_code(system: str, code: str) -> Code | None:
    """What a code of codes.csv stands for. Names of systems and codes are read in any case."""
    name = _SYSTEMS.get(plain(system), plain(system))
    return _codes().get((name, code.strip().lower()))


@lru_cache(maxsize=16_384)
def find_signal(name: str) -> Signal | None:
    """The signal of a charted name, without a mapping file."""
    word = plain(name)
    return signals().get(_names().get(word, word))


@lru_cache(maxsize=8_192)
def find_word(signal: Signal, text: str) -> str | None:
    """The category a charted word stands for; None if nothing does."""
    if signal.name == "attribution":
        return _attribution(text)
    word = plain(text)
    if signal.name.startswith("recorded_"):
        word = re.sub(r"^(?:grade|graad|gr)\.?_?", "", word)
    return _category(signal.name, signal.categories, word)


@lru_cache(maxsize=4_096)
def find_listed(column: str, text: str) -> str | None:
    """The status, route or sex a charted word stands for; None if nothing does."""
    word = plain(text)
    found = _words().get((column, word), word)
    return found if found in _LISTS[column] else None


@lru_cache(maxsize=4_096)
def find_product(text: str) -> str | None:
    """The product of a short, full or brand name; None if it is none."""
    word = plain(text)
    for product, names in PRODUCTS.items():
        if word in {plain(name) for name in (product, *names)}:
            return product
    return None


def charted_names() -> list[str]:
    """All names of signals that are known: for suggestions."""
    return [*signals(), *_names()]


def charted_words(signal: Signal) -> dict[str, str]:
    """All words known for a category signal, and what they stand for: for suggestions."""
    known = {plain(word): word for word in signal.categories}
    known.update({word: found for (name, word), found in _words().items() if name in _groups(signal)})
    return {word: found for word, found in known.items() if found in signal.categories}


def signal_of_name(name: str) -> str:
    """The signal behind a name of `charted_names`."""
    return _names().get(name, name)


def _groups(signal: Signal) -> tuple[str, ...]:
    groups = [signal.name]
    if set(signal.categories) == {"present", "absent"}:
        groups.append("present|absent")
    if signal.categories[:1] == ("none",):
        groups.append("none")
    if signal.categories == ("no", "yes"):
        groups.append("no|yes")
    return tuple(groups)


def _category(name: str, categories: tuple[str, ...], word: str) -> str | None:
    for category in categories:
        if plain(category) == word:
            return category
    for group in _groups(signals()[name]):
        found = _words().get((group, word))
        if found in categories:
            return found
    return None


def _attribution(text: str) -> str | None:
    sign, colon, cause = (plain(part) for part in text.partition(":"))
    sign = SIGN_SYNONYMS.get(sign, sign)
    if colon and sign in SIGNS and cause in (*OTHER_CAUSES, *CONFIRMING_CAUSES):
        return f"{sign}:{cause}"
    return None


def _rows(name: str) -> Iterator[list[str]]:
    text = resources.files("cytovigil.readers").joinpath("data", name).read_text("utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    yield from rows


@cache
def _names() -> dict[str, str]:
    return {plain(local): signal for local, signal in _rows("signal_names.csv")}


@cache
def _words() -> dict[tuple[str, str], str]:
    return {(signal, plain(local)): word for signal, local, word in _rows("words.csv")}


@cache
def _codes() -> dict[tuple[str, str], Code]:
    return {(system, code.lower()): found for (system, code), found in codes().items()}
