"""Published facts that may concern a patient: what was seen in others, never a probability for this one."""

from dataclasses import dataclass
from typing import Literal

from cytovigil.logic.ladder import SOURCE_READ, STATUSES, Citation

About = Literal["product", "disease", "age", "marrow_blasts", "cell_dose", "expansion", "early_fever"]
Ages = tuple[int | None, int | None]
ANY_AGE: Ages = (None, None)


@dataclass(frozen=True)
class RiskFact:
    """What was published: a sentence with its value, the population it was seen in, and its source.

    `about` is what of the patient it concerns: it applies where that is charted. Empty `products` and `diseases` mean
    any; `ages` are completed years, both ends included, None where open. Raises ValueError at import without evidence.
    """

    about: About
    says: str
    population: str
    source: Citation
    value: str = ""  # numbers alone, as printed
    status: str = SOURCE_READ
    products: tuple[str, ...] = ()
    diseases: tuple[str, ...] = ()
    ages: Ages = ANY_AGE

    def __post_init__(self) -> None:
        """Refuse a fact without evidence."""
        if self.status not in STATUSES or not self.source.text or not self.population:
            raise ValueError(f"risk fact '{self.says}' has no source, population or known status")
