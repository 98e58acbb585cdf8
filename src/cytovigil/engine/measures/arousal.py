"""Arousal (semantics 5): the newest valid of consciousness, AVPU, RASS, GCS eye; GCS total where no other is valid."""

from collections.abc import Callable

from cytovigil.engine.record import Record
from cytovigil.logic.facts import Fact
from cytovigil.model.events import Event

AWAKE, DROWSY, VOICE, TOUCH, UNAROUSABLE = range(5)
ANY_AROUSAL = frozenset(range(5))
_CONSCIOUSNESS = {"awake": AWAKE, "drowsy": DROWSY, "voice": VOICE, "tactile": TOUCH, "unarousable": UNAROUSABLE}
_AVPU = {"A": {AWAKE}, "C": {AWAKE}, "V": {VOICE}, "P": {TOUCH, UNAROUSABLE}, "U": {UNAROUSABLE}}
_EYE = {4: {AWAKE}, 3: {VOICE}, 2: {TOUCH, UNAROUSABLE}, 1: {UNAROUSABLE}}


def _rass(score: int) -> set[int]:
    if score >= 0:
        return {AWAKE}
    return {UNAROUSABLE} if score <= -5 else {TOUCH} if score == -4 else {VOICE}


def _gcs(score: int) -> set[int]:
    if score == 15:
        return {AWAKE}
    return {TOUCH, UNAROUSABLE} if score <= 8 else set(ANY_AROUSAL)


def _of_score(meaning: Callable[[int], set[int]]) -> Callable[[Event], frozenset[int]]:
    def values(row: Event) -> frozenset[int]:
        assert row.low is not None and row.high is not None
        return frozenset().union(*(meaning(score) for score in range(row.low, row.high + 1)))

    return values


# At equal times the first of these counts; GCS total only where no other is valid.
MEANINGS: dict[str, Callable[[Event], frozenset[int]]] = {
    "consciousness": lambda row: frozenset({_CONSCIOUSNESS[row.word]}),
    "avpu": lambda row: frozenset(_AVPU[row.word]),
    "rass": _of_score(_rass),
    "gcs_eye": _of_score(lambda score: _EYE[score]),
}
GCS = "gcs"
AROUSAL_SIGNALS = (*MEANINGS, GCS)


def meaning_of(row: Event) -> frozenset[int]:
    """The arousal that a row may mean."""
    return _of_score(_gcs)(row) if row.signal == GCS else MEANINGS[row.signal](row)


def charted_arousal(record: Record, t: int, counts: Callable[[Event], bool] = lambda _: True) -> Fact | None:
    """Arousal as charted and valid at t, of the rows that count; None where nothing is."""
    valid = [row for name in MEANINGS if (row := record.valid(name, t)) is not None and counts(row)]
    newest = max(valid, key=lambda row: row.time, default=record.valid(GCS, t))  # max keeps the first of equals
    if newest is None or not counts(newest):
        return None
    return arousal_of(newest)


def arousal_of(row: Event) -> Fact:
    """What a row says of arousal."""
    values = meaning_of(row)
    missing = frozenset({"consciousness"}) if len(values) > 1 else frozenset()
    return Fact(values, missing=missing, because=(row,))
