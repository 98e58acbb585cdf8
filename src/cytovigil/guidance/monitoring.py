"""How often a patient is to be looked at: what sources print, and our own intervals where none that was read does."""

from collections.abc import Iterator
from datetime import date

from cytovigil.guidance.asco_2021 import ASCO_2021
from cytovigil.guidance.fields import FIRST_3_WEEKS, ICANS, PRODUCT, at_least
from cytovigil.guidance.gitmo import GITMO_HANDBOOK
from cytovigil.guidance.label_records import LABELS
from cytovigil.guidance.label_rules import LEAFLETS
from cytovigil.guidance.labels import LabelRecord, labels_on
from cytovigil.guidance.umcg_2020 import UMCG_2020
from cytovigil.logic.conditions import Condition, Field
from cytovigil.logic.guidance import Protocol
from cytovigil.logic.ladder import OUR_READING, SECONDARY, SOURCE_READ, Citation
from cytovigil.logic.watch import Interval
from cytovigil.model.vocabulary import drugs_of, signals

OURS = Citation("cytovigil", "cytovigil, signals.csv: how long a charted value is held to be valid")
ASH_SAP = Citation("ASH-SAP", "American Society of Hematology Self-Assessment Program, view-large/12050798")
SCORES = tuple(name for name in signals() if name.startswith(("ice", "capd")))
AROUSAL = ("consciousness", "avpu", "rass", "gcs_eye", "gcs")
PRESSURE = ("systolic_bp", "mean_bp")
SEEN = ("temperature", "heart_rate", "respiratory_rate", "spo2", *PRESSURE, *SCORES, *AROUSAL)
SEDATED = Field(
    "sedation", "sedation", (False, True), ("no", "yes"), "sedation", ("sedation", *drugs_of("sedative")),
)  # fmt: skip
_TWICE = "printed: at least twice a day"


def _when(protocol: Protocol, name: str) -> Condition:
    """The condition of a recommendation."""
    return next(one.when for one in protocol.recommendations if one.id == name)


_VITAL_SIGNS = "printed: vital signs every 4 h; the closer ones of the first 5 h are not looked at here"
_LOOKED_AT = (
    ("temperature", ("temperature",)), ("blood pressure", PRESSURE), ("oxygen saturation", ("spo2",)),
)  # fmt: skip
PUBLISHED = (
    *(
        Interval(f"gitmo-{says.replace(' ', '-')}", says, names, 4, GITMO_HANDBOOK.source, SECONDARY,
                 _when(GITMO_HANDBOOK, "vital-signs"), note=_VITAL_SIGNS)
        for says, names in _LOOKED_AT
    ),
    Interval("asco-ice", "ICE", SCORES, 12, ASCO_2021.source, SOURCE_READ,
             _when(ASCO_2021, "icans-ice") & ~SEDATED, note=_TWICE),
    Interval("asco-strength", "strength", ("motor_weakness",), 12, ASCO_2021.source, SOURCE_READ,
             _when(ASCO_2021, "icans-ice") & ~SEDATED, note=_TWICE),
    Interval("ash-sap-ice", "ICE", SCORES, 8, ASH_SAP, OUR_READING, at_least(ICANS, 1) & ~SEDATED,
             note="printed: every 8 h; for whom was not read: while ICANS lasts, our reading"),
    Interval("umcg-review", "a look at the patient", SEEN, 1, UMCG_2020.source, SOURCE_READ,
             _when(UMCG_2020, "crs-3-review")),
    Interval("leaflet-temperature", "temperature", ("temperature",), 12, LEAFLETS, SECONDARY,
             PRODUCT.one_of("axi-cel", "brexu-cel") & FIRST_3_WEEKS, note="printed: twice a day for 3-4 weeks"),
)  # fmt: skip
OWN = (
    *(
        Interval(says.replace(" ", "-"), says, names, None, OURS, OUR_READING, until="crs_window_days")
        for says, names in _LOOKED_AT
    ),
    Interval("score", "ICE or CAPD", SCORES, None, OURS, OUR_READING, ~SEDATED, until="icans_window_days"),
    Interval("arousal", "arousal", AROUSAL, None, OURS, OUR_READING, until="icans_window_days"),
)


def intervals_for(product: str, jurisdiction: str, infused: date) -> tuple[Interval, ...]:
    """All intervals for a patient: of the labels that held, or may have, at infusion; of protocols; our own.

    Raises ValueError with a sentence on a product or jurisdiction that is none.
    """
    held = labels_on(LABELS, product, jurisdiction, infused) if product else ()
    labels = (_daily(one.record) for one in held if one.record.daily_days)
    return (*labels, *PUBLISHED, *OWN)


def all_intervals() -> Iterator[Interval]:
    """Every interval there is, for the texts and the tests."""
    yield from (_daily(one) for one in LABELS if one.daily_days)
    yield from (*PUBLISHED, *OWN)


def _daily(record: LabelRecord) -> Interval:
    name = f"label-{record.product}-{record.jurisdiction}-{record.label_date}".lower()
    return Interval(name, "a look at the patient", SEEN, 24, record.source, record.status, days=record.daily_days)
