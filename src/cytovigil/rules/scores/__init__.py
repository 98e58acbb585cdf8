"""Risk scores: one module a publication."""

from types import MappingProxyType

from cytovigil.logic.score import Score
from cytovigil.model.told import ToldValueError
from cytovigil.rules.scores.car_hematotox_2021 import CAR_HEMATOTOX
from cytovigil.rules.scores.easix import EASIX, M_EASIX, S_EASIX
from cytovigil.rules.scores.hscore_2014 import HSCORE
from cytovigil.rules.scores.unpublished import UNPUBLISHED as UNPUBLISHED

ALL = "all"
SCORES: MappingProxyType[str, Score] = MappingProxyType(
    {score.id: score for score in (CAR_HEMATOTOX, EASIX, S_EASIX, M_EASIX, HSCORE)}
)


def score_ids(text: str) -> list[str]:
    """Score ids for a comma-separated list, each once, in order; `all` stands for all.

    Raises ValueError with a sentence on an unknown name, or one that cannot be computed.
    """
    names = list(dict.fromkeys(name for part in text.split(",") if (name := part.strip().lower())))
    known = ", ".join([ALL, *SCORES])
    for name in names:
        if found := next((one for one in UNPUBLISHED if one.id == name), None):
            raise ToldValueError("score '{name}': {why}", name=name, why=found.why)
        if name != ALL and name not in SCORES:
            raise ToldValueError("unknown score '{name}': known are {known}", name=name, known=known)
    if not names:
        raise ToldValueError("no score given: known are {known}", known=known)
    return list(SCORES) if ALL in names else names
