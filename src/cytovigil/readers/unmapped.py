"""Names, words and units that nothing maps yet, counted; and what they may stand for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from cytovigil.model.unit_table import UNITS
from cytovigil.model.vocabulary import signals
from cytovigil.readers.words import charted_names, charted_words, plain, signal_of_name

_MOST_KINDS = 10_000
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing without a translation. `kind` is name, value or unit; a value is local `signal=word`."""

    kind: str
    local: str
    count: int
    suggestion: str


class Unmapped:
    """Counts by (kind, local text); bounded, so that free text in a column cannot fill the memory."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, kind: str, local: str, count: int = 1) -> None:
        """Count one."""
        key = kind, local[:_LONGEST]
        if key in self.counts or len(self.counts) < _MOST_KINDS:
            self.counts[key] += count

    def suggestions(self) -> list[Suggestion]:
        """By frequency, then kind and text; `suggestion` is empty where nothing is alike."""
        ranked = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        return [Suggestion(kind, local, count, _suggest(kind, local)) for (kind, local), count in ranked]


def _suggest(kind: str, local: str) -> str:
    if kind == "name":
        return signal_of_name(_closest(plain(local), charted_names()))
    if kind == "unit":
        return _closest(local, list(UNITS))
    name, _, word = local.partition("=")
    words = charted_words(signals()[name])
    return words.get(_closest(plain(word), list(words)), "")


def _closest(text: str, choices: Sequence[str]) -> str:
    return next(iter(get_close_matches(text, choices, n=1, cutoff=0.7)), "")
