"""Risk scores on the page of an infusion: the last value of each, and the highest."""

from collections.abc import Sequence
from typing import Any

from cytovigil.engine.record import Record
from cytovigil.engine.scoring import score_rows
from cytovigil.logic.score import IndexScore, Score
from cytovigil.model.results import ScoreRow, show_values
from cytovigil.model.told import Say, decimal
from cytovigil.report.page import Words

Values = dict[str, Any]


def score_table(record: Record, scores: Sequence[Score], say: Say) -> list[Values]:
    """A row a score that has any row, by its id. A score without a value says what to chart, or why it has none."""
    charted, words = record.as_charted(), Words(record.settings, say, record.patient)
    found = ((score, score_rows(charted, score)) for score in sorted(scores, key=lambda one: one.id))
    return [_view(score, rows, words) for score, rows in found if rows]


def _view(score: Score, rows: Sequence[ScoreRow], words: Words) -> Values:
    valued = [row for row in rows if row.low is not None or row.high is not None]
    last = valued[-1] if valued else rows[-1]
    now = rows[-1]
    flags = sorted({*last.flags, *(() if now in valued else now.flags)})
    highest = max(valued, key=lambda row: row.low or 0, default=None)
    return {
        "title": words.say(score.title),
        "last": _value(last, words) if valued else "-",
        "band": _band(last.band, words),
        "highest": "" if highest is None or highest is last else _value(highest, words),
        "inputs": [_input(text, words) for text in last.inputs],
        "missing": [words.signal(name) for name in last.missing],
        "flags": [*words.flags(flags), *_invalid(score, now, words)],
    }


def _invalid(score: Score, now: ScoreRow, words: Words) -> list[str]:
    """Why the score has no value now, where a drug was given after which it has none."""
    if not isinstance(score, IndexScore) or not any(text.startswith(f"{score.invalid_after}=") for text in now.inputs):
        return []
    return [words.say(score.invalid_says)]


def _value(row: ScoreRow, words: Words) -> str:
    return f"{decimal(show_values(row.low, row.high), words.say)}, {words.time(row.time)}"


def _band(band: str, words: Words) -> str:
    """Only a word has another in another language: `low`, not `40-54 %`."""
    return decimal("..".join(words.say(one) if one.isalpha() else one for one in band.split("..")), words.say)


def _input(text: str, words: Words) -> str:
    """`platelets 60 10*9/L`: its time is that of the chart."""
    name, _, value = text.partition("=")
    return f"{words.signal(name)} {decimal(value.rpartition('@')[0], words.say)}"
