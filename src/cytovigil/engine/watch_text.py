"""What a grade hides, in words; `say` translates what is ours, and leaves ids and citations."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cytovigil.engine.record import ATTRIBUTION
from cytovigil.engine.trend import Trend
from cytovigil.engine.watch import Look, Unknown, Watch
from cytovigil.logic.ladder import OUR_READING
from cytovigil.logic.scale import Scale
from cytovigil.logic.text import number
from cytovigil.logic.watch import Interval
from cytovigil.model.events import Event
from cytovigil.model.times import format_time, show_span
from cytovigil.model.told import Say, decimal, show_unit
from cytovigil.model.vocabulary import signals

QUESTIONS, OVERDUE, TRENDS = (
    "Not known, and could change a grade", "Overdue", "Moving towards the next grade, as measured; not a prediction",
)  # fmt: skip
MANY = 4  # readings of a trend that are all printed; of more the first and the last two


@dataclass(frozen=True)
class WatchWords:
    """Sentences about one moment. `time` prints a moment, `unit` a UCUM unit, `name` a signal."""

    watch: Watch
    say: Say
    time: Callable[[int], str]
    unit: Callable[[str], str] = show_unit
    name: Callable[[str, Say], str] | None = None

    def question(self, one: Unknown) -> str:
        """`oxygen device: not charted since 22:00, 9 h ago: please chart`."""
        name = self.signal(one.signal)
        if one.signal == ATTRIBUTION:
            return self.say("whether a sign has another cause: a person must say so, as an attribution")
        if one.last is None:
            return f"{name}: {self.say('never charted: please chart')}"
        text = self.say("charted at {time}, {ago} ago, which leaves it open: please chart it in full")
        if not one.holds:
            text = self.say("not charted since {time}, {ago} ago: please chart")
        return f"{name}: {text.format(time=self.time(one.last.time), ago=self._ago(one.last))}"

    def overdue(self) -> Iterator[str]:
        """`ICE: last 2 Mar 09:00, 13 h ago; every 8 h (source)`, a line for what is looked at, whoever asks for it."""
        by_look: dict[tuple[str, Event | None], list[Look]] = {}
        for one in self.watch.overdue:
            by_look.setdefault((one.interval.says, one.last), []).append(one)
        for (says, row), looks in by_look.items():
            last = self.say("never charted")
            if row is not None:
                last = self.say("last {time}, {ago} ago").format(time=self.time(row.time), ago=self._ago(row))
            asked = (interval_words(one.interval, self.say) for one in looks)
            yield "; ".join([f"{self.say(says)}: {last}", *asked])

    def trend(self, one: Trend, scale: Scale) -> str:
        """`temperature rising: 36.8 at 06:00, 37.7 at 14:00; from 38 °C is grade 1 of CRS (fever)`."""
        rows = one.rows if len(one.rows) <= MANY else (one.rows[0], *one.rows[-2:])
        at = self.say("{value} at {time}")
        read = ", ".join(at.format(value=self._value(row), time=self.time(row.time)) for row in rows)
        count = "" if rows is one.rows else " " + self.say("in {count} readings").format(count=len(one.rows))
        unit, way = self.unit(unit_of(one.signal)), self.say("rising" if one.rising else "falling")
        limit = f"{decimal(_canonical(one.signal, one.limit), self.say)} {unit}".strip()
        ahead = self.say("{limit} is grade {grade} of {scale} ({what})").format(
            limit=self.say(one.edge).format(limit=limit), grade=one.grade, scale=self.say(scale.title),
            what=self.say(one.what),
        )  # fmt: skip
        return f"{self.signal(one.signal)} {way}{count}: {read}; {ahead}"

    def last_look(self) -> str:
        """When a vital sign or an assessment was charted last."""
        row = self.watch.last_look
        if row is None:
            return self.say("no vital sign and no assessment is charted")
        text = self.say("last vital sign or assessment: {time}, {ago} ago")
        return text.format(time=self.time(row.time), ago=self._ago(row))

    def signal(self, name: str) -> str:
        """A signal as a person writes it."""
        return self.name(name, self.say) if self.name else self.say(name.replace("_", " "))

    def _ago(self, row: Event) -> str:
        return show_span(self.watch.at - row.time, self.say)

    def _value(self, row: Event) -> str:
        return decimal(_canonical(row.signal, row.low or 0), self.say)


def interval_words(one: Interval, say: Say) -> str:
    """How often, by which source, how well that was read."""
    if one.every_h is None:
        return f"{say('no value of it holds any longer')} [{say(OUR_READING)}]"
    note = f", {say(one.note)}" if one.note else ""
    often = say("every {hours} h").format(hours=number(one.every_h, say))
    return f"{often} ({one.source.key}{note}) [{say(one.status)}]"


def unit_of(signal: str) -> str:
    """The unit in which a signal is printed; none of a score."""
    unit = signals()[signal].unit
    return "" if unit.startswith("{") else unit


def watch_lines(watch: Watch, scales: Mapping[str, Scale], say: Say = str) -> Iterator[str]:
    """The watch as lines of text, headings without indent; times in the site's zone."""
    words = WatchWords(watch, say, lambda seconds: format_time(seconds, watch.settings.zone))
    yield words.last_look()
    for heading, lines in (
        (QUESTIONS, [f"{words.question(one)} ({', '.join(one.scales)})" for one in watch.unknowns]),
        (OVERDUE, list(words.overdue())),
        (TRENDS, [words.trend(one, scales[one.scale]) for one in watch.trends]),
    ):
        if lines:
            yield say(heading)
            yield from (f"  {line}" for line in lines)


def _canonical(signal: str, steps: int) -> str:
    return f"{(steps * signals()[signal].step).normalize():f}"
