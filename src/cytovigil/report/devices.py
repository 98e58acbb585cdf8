"""The oxygen device in the patient picture: one lane, a bar as long as a device holds."""

from cytovigil.engine.record import Record, holds_until
from cytovigil.model.events import UNREADABLE, Event
from cytovigil.report.days import Days
from cytovigil.report.marks import Mark, Panel, source_of


def device_lane(record: Record, window: tuple[int, int], days: Days) -> Panel:
    """The oxygen device as one lane: as long as it holds, and hatched from then until the next is charted."""
    lane = days.say("oxygen device")
    rows = [row for row in record.rows("oxygen_device") if row.time <= window[1]]
    marks: list[Mark] = []
    for index, row in enumerate(rows):
        following = rows[index + 1].time if index + 1 < len(rows) else window[1]
        until = max(min(holds_until(row), following), row.time)
        marks += _device_marks(row, until, following, lane, days)
    merged: list[Mark] = []
    for mark in (m for m in marks if m.end is not None and m.end > window[0]):
        if merged and (merged[-1].value, merged[-1].end) == (mark.value, mark.start):
            source = f"{merged[-1].source.partition(' – ')[0]} – {mark.source}"
            merged[-1] = merged[-1]._replace(end=mark.end, source=source)
        else:
            merged.append(mark._replace(start=max(mark.start, window[0])))
    return Panel("oxygen_device", "lanes", days.say("Oxygen device"), (lane,), tuple(merged))


def _device_marks(row: Event, until: int, following: int, lane: str, days: Days) -> list[Mark]:
    say, source = days.say, source_of([row])
    known = row.word != UNREADABLE
    word = say("room air" if row.word == "none" else row.word.replace("_", " ")) if known else say("not readable")
    found = [Mark(lane, word, row.time, until, source, None, None, known=known, label=word, plain=row.word == "none")]
    if until < following:
        unknown = say("not known")
        found.append(Mark(lane, unknown, until, following, source, None, None, known=False, label=unknown))
    return found
