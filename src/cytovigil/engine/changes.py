"""Each change of a grade with its reason, for a page of one patient."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from cytovigil.engine.explain import FieldView, RungView, field_view, rung_view
from cytovigil.engine.record import ATTRIBUTION, Record
from cytovigil.engine.reference import fact_tracks, grade_scale
from cytovigil.logic.scale import EpisodicCourse, MeasuredCourse, Scale
from cytovigil.model.results import TimelineRow


class Change(NamedTuple):
    """From `start` until `end` the grade is the same. Times in seconds UTC; null grades: none can be given.

    `deciding`: the conditions that give the low or the high end; `facts`: what is charted behind them, as of `start`.
    """

    start: int
    end: int
    low: int | None
    high: int | None
    charted_low: int | None
    charted_high: int | None
    deciding: tuple[RungView, ...]
    facts: tuple[FieldView, ...]
    missing: tuple[str, ...]
    flags: tuple[str, ...]


def changes(record: Record, scale: Scale, timeline: Sequence[TimelineRow]) -> Iterator[Change]:
    """The changes of one scale in one infusion, by time. `record` is fine: its facts name every row they rest on."""
    rows = [row for row in timeline if row.scale == scale.id]
    tracks = fact_tracks(record, scale) if rows else {}
    verdicts = record.once(grade_scale, scale) if rows else []
    gate = {scale.course.fever.name} if isinstance(scale.course, EpisodicCourse) else set()
    if isinstance(scale.course, MeasuredCourse):
        gate = set(tracks)  # few values, and a 0 rests on all of them
    for _, same in groupby(rows, key=lambda row: row[5:9]):
        stretch = list(same)
        first, start = stretch[0], stretch[0].start
        facts = {name: track.at(start) for name, track in tracks.items()}
        verdict = next(one for one in verdicts if one.start <= start < one.end or one.start == one.end == start)
        rungs = [rung_view(scale, ladder, rung, facts, verdict) for ladder in scale.domains for rung in ladder.rungs]
        deciding = tuple(rung for rung in rungs if rung.decides and verdict.low is not None)
        named = {name for rung in deciding for name in rung.fields}
        views = (field_view(field, facts[field.name]) for field in scale.fields)
        shown = tuple(view for view in views if view.rows and (view.name in named | gate or _attributed(view)))
        yield Change(
            start, stretch[-1].end, first.low, first.high, first.charted_low, first.charted_high, deciding, shown,
            _all(row.missing for row in stretch), _all(row.flags for row in stretch),
        )  # fmt: skip


def _attributed(view: FieldView) -> bool:
    """True where a person said what a sign comes from: the reason why a grade is not as charted."""
    return any(row.signal == ATTRIBUTION for row in view.rows)


def _all(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({name for names in lists for name in names}))
