"""Where an item stands on a day: its state, the days that count, why, and what to chart."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from cytovigil.followup.items import VERDICTS, Item, Opinion, Verdict
from cytovigil.logic.conditions import Condition
from cytovigil.logic.ladder import Citation
from cytovigil.logic.text import in_words
from cytovigil.model.events import Event
from cytovigil.model.told import Say, decimal, show_quantity

State = Literal["overdue", "due", "unknown", "in_force", "later", "done", "not_applicable"]
STATES: Mapping[State, str] = {
    "overdue": "overdue", "due": "due", "unknown": "unknown", "in_force": "in force", "later": "later", "done": "done",
    "not_applicable": "not applicable",
}  # fmt: skip
OPEN: tuple[State, ...] = ("overdue", "due")


Told = date | Condition | Event | Citation | int | str


class Reason(NamedTuple):
    """A sentence with its data in braces: days, conditions, charted rows, sources, numbers, words."""

    text: str
    data: Mapping[str, Told] = {}  # nobody changes it

    def tell(self, say: Say) -> str:
        """The sentence in the language of `say`."""
        return say(self.text).format(**{name: _told(one, say) for name, one in self.data.items()})


def _told(one: Told, say: Say) -> str:
    match one:
        case date():
            return one.isoformat()
        case Condition():
            return in_words(one, say)
        case Event():
            value = say(one.word.replace("_", " ")) or decimal(show_quantity(one.shown), say) or one.text
            return f"{say(one.signal.replace('_', ' '))} {value}".strip()
        case Citation():
            return one.key
        case int():
            return str(one)
    return say(one)


class Heard(NamedTuple):
    """One source and what it may say: one verdict where all it looks at is known."""

    opinion: Opinion
    verdicts: frozenset[Verdict]


class Standing(NamedTuple):
    """`since`: first day due, or in force. `until`: next time, or the day it ends. `done`: the day it was done.

    `asked` are the signals, or what has no signal, whose charting would settle what is unknown. `window` is the time
    point or season meant, of an item that has several; neither what is charted nor the day asked about moves it.
    """

    item: Item
    state: State
    since: date | None = None
    until: date | None = None
    done: date | None = None
    reasons: tuple[Reason, ...] = ()
    asked: tuple[str, ...] = ()
    heard: tuple[Heard, ...] = ()
    window: date | None = None

    def why(self, say: Say) -> str:
        """Reasons and, where sources stand side by side, what each says."""
        return "; ".join([*(one.tell(say) for one in self.reasons), *self.side_by_side(say)])

    def side_by_side(self, say: Say) -> list[str]:
        """`give: Hill 2019, ASH table`, one a verdict; a source that may say several stands under `unknown`."""
        return _side_by_side(self.heard, say)


@lru_cache(maxsize=4_096)  # of many patients the same answers come again and again
def _side_by_side(heard: tuple[Heard, ...], say: Say) -> list[str]:
    found: dict[str, list[str]] = {name: [] for name in (*VERDICTS.values(), "unknown")}
    for one in heard:
        known = len(one.verdicts) == 1
        found[VERDICTS[next(iter(one.verdicts))] if known else "unknown"].append(one.opinion.source.key)
    return [f"{say(name)}: {', '.join(keys)}" for name, keys in found.items() if keys]
