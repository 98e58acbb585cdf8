"""Every hour and limit that no paper gives: our reading, in one table, changed by the site's file (TOML).

Each entry is printed with the grade that used it. Hours are hours, days are calendar days, limits carry their unit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cytovigil.model.numbers import UnitError
from cytovigil.model.told import ToldValueError
from cytovigil.model.units import normalise_quantity
from cytovigil.model.vocabulary import signals

DEFAULT_ZONE = "Europe/Amsterdam"
# Whose labels hold, and until when blood products are irradiated: no source decides it for a centre, its file does.
JURISDICTIONS = MappingProxyType(
    {"EU": "European Union", "GB": "Great Britain", "US": "United States", "CH": "Switzerland", "IL": "Israel"}
)
IRRADIATION = ("nl", "gb", "eha-ebmt")

# Upper limits of normal for adults, (female, male), in the signal's unit: unverified, awaiting review.
# A site gives its own in its settings; the laboratory's own limits on the row go before both.
DEFAULT_UPPER_LIMITS = {
    "creatinine": (90.0, 110.0),
    "bilirubin": (21.0, 21.0),
    "ast": (35.0, 40.0),
    "alt": (35.0, 45.0),
}
# Signals whose limits of normal a site may give.
LABORATORY = (
    "neutrophils", "leukocytes", "lymphocytes", "platelets", "hemoglobin", "cd4", "crp", "ferritin", "il6", "ldh",
    "creatinine", "ast", "alt", "bilirubin", "direct_bilirubin", "fibrinogen", "d_dimer", "inr", "aptt",
    "triglycerides", "scd25",
)  # fmt: skip
# mg that equal 1 mg prednisolone: unverified, the standard table of equivalent doses, awaiting review.
PREDNISOLONE_EQUIVALENT_MG = {
    "prednisolone": Fraction(1),
    "prednisone": Fraction(1),
    "methylprednisolone": Fraction("0.8"),
    "dexamethasone": Fraction("0.15"),
    "betamethasone": Fraction("0.15"),
    "hydrocortisone": Fraction(4),
}

# An infusion is unknown only after it was valid, and an assessment counts before the next one may begin.
_NOT_BELOW = (("infusion_unknown_h", "infusion_valid_h"), ("assessment_min", "assessment_wait_min"))


def _reading(value: float, says: str, at_most: float = 100_000) -> Any:
    return field(default=value, metadata={"says": says, "at_most": at_most})


def _one_of(known: Collection[str], says: str) -> Any:
    """A word out of these; the first unless the site has another."""
    return field(default=next(iter(known)), metadata={"says": says, "one_of": tuple(known)})


@dataclass(frozen=True, slots=True)
class Settings:
    """The site's settings. Field metadata `says` holds the sentence that is printed."""

    zone_name: str = field(default=DEFAULT_ZONE, metadata={"says": "time zone of the site"})
    jurisdiction: str = _one_of(JURISDICTIONS, "whose labels hold at the site")
    irradiation: str = _one_of(IRRADIATION, "by whose rule blood products are irradiated, and until when")
    fever_cel: float = _reading(38.0, "fever is a temperature at or above this, in degrees Celsius", 45)
    fever_window_h: float = _reading(24, "a fever counts this many hours")
    systolic_adult_mmhg: float = _reading(90, "systolic pressure below this is hypotension in adults", 200)
    systolic_infant_mmhg: float = _reading(70, "systolic pressure below this is hypotension under 1 year", 200)
    systolic_per_year_mmhg: float = _reading(2, "added to that limit per completed year, below the adult's age", 20)
    adult_pressure_years: float = _reading(10, "from this age in completed years the adult's limits hold", 100)
    mean_adult_mmhg: float = _reading(65, "mean pressure alone: below this is hypotension in adults", 200)
    fluid_bolus_h: float = _reading(6, "a fluid bolus is hypotension this many hours")
    fluid_boluses_h: float = _reading(24, "fluid boluses within this many hours are counted together")
    vasopressor_pause_h: float = _reading(1, "vasopressors paused for up to this many hours ran on")
    coagulation_product_h: float = _reading(24, "plasma or a clotting factor given counts this many hours")
    spo2_percent: float = _reading(90, "saturation below this is hypoxia", 100)
    low_flow_l_min: float = _reading(6, "a cannula up to this flow, in L/min, is low flow", 80)
    sure_flow_l_min: float = _reading(4, "a cannula up to this flow, in L/min, gives less than 40 % oxygen", 80)
    finding_unknown_h: float = _reading(48, "after a positive finding expires the signal is unknown this many hours")
    infusion_valid_h: float = _reading(12, "an infusion runs this many hours after its last row")
    infusion_unknown_h: float = _reading(48, "from then, until this many hours after its last row, it is unknown")
    antibody_infusion_h: float = _reading(
        4, "tocilizumab or siltuximab at a rate without an end runs less than this many hours"
    )
    same_dose_min: float = _reading(5, "the same dose charted twice within this many minutes is one dose", 1440)
    sedative_tail_h: float = _reading(6, "sedation lasts this many hours after a sedative's infusion")
    midazolam_tail_h: float = _reading(12, "sedation lasts this many hours after a midazolam infusion")
    baseline_oxygen_days: float = _reading(7, "oxygen charted in this many days before infusion is the baseline")
    baseline_laboratory_days: float = _reading(14, "else the last value in this many days before is the baseline")
    lymphodepletion_days: float = _reading(
        14, "a dose of its drugs in this many days before infusion begins lymphodepletion"
    )
    airway_window_h: float = _reading(6, "hours looked back for a reason to protect the airway, and for hypoxia")
    airway_spo2_percent: float = _reading(92, "saturation below this before it speaks for hypoxia", 100)
    extubation_h: float = _reading(24, "support in this many hours after extubation may be routine")
    crs_window_days: float = _reading(30, "CRS can begin until this day after infusion")
    crs_late_days: float = _reading(15, "CRS that begins from this day is flagged late_onset")
    crs_reopen_h: float = _reading(48, "a sign within this many hours reopens the CRS episode")
    treated_before_onset_h: float = _reading(1, "a treatment this long before the first fever belongs to the episode")
    masked_after_episode_days: float = _reading(7, "fever may be hidden this many days after a treated episode")
    mask_antipyretic_h: float = _reading(8, "an antipyretic may hide fever this many hours")
    mask_dexamethasone_h: float = _reading(48, "dexamethasone may hide fever this many hours")
    mask_corticosteroid_h: float = _reading(24, "another corticosteroid may hide fever this many hours")
    mask_anticytokine_h: float = _reading(24, "anakinra and other anticytokines may hide fever this many hours")
    mask_antibody_h: float = _reading(168, "tocilizumab and siltuximab may hide fever this many hours")
    low_dose_prednisolone_mg: float = _reading(10, "up to this much prednisolone in 24 h neither treats nor masks")
    attribution_h: float = _reading(72, "an attribution without an end holds at most this many hours")
    assessment_min: float = _reading(30, "rows within this many minutes are one ICE or CAPD assessment")
    assessment_wait_min: float = _reading(10, "an incomplete assessment counts this many minutes after its first row")
    assessment_due_h: float = _reading(12, "an ICE or CAPD older than this many hours is due")
    seizure_h: float = _reading(24, "a seizure counts until this many hours after it ended")
    sedation_hold_h: float = _reading(72, "a grade is held under sedation at most this many hours")
    sedation_last_value_h: float = _reading(24, "the grade held is one of at most this many hours before the sedation")
    icans_window_days: float = _reading(60, "ICANS is graded until this day after infusion")
    icans_end_h: float = _reading(24, "ICANS ends when grade 0 is known for this many hours")
    icans_reopen_h: float = _reading(48, "ICANS within this many hours reopens the episode")
    capd_below_years: float = _reading(12, "CAPD is used below this age in completed years, ICE from it", 100)
    unseen_h: float = _reading(12, "a patient unseen for more hours stands directly under grade 2 in the report")
    trend_h: float = _reading(24, "a trend looks back this many hours")
    trend_percent: float = _reading(50, "a trend is shown from this part, in percent, of the way to a limit on", 100)
    short_stretch_h: float = _reading(1, "a shorter uncertain stretch does not count for the highest grade of a day")
    biomarker_days: float = _reading(30, "the peak of a biomarker is looked for until this day after infusion")
    auc_first_day: float = _reading(7, "an area under the curve needs a measurement until this day after infusion", 20)
    auc_last_day: float = _reading(21, "an area under the curve needs a measurement on or after this day", 28)
    auc_measurements: float = _reading(3, "an area under the curve needs at least this many measurements")
    tocilizumab_days: float = _reading(28, "IL-6 and CRP count as after tocilizumab this many days after a dose")
    support_h: float = _reading(72, "growth factor or platelets given this many hours before a count stand beside it")
    hematotox_days: float = _reading(14, "CAR-HEMATOTOX: values of this many days before lymphodepletion")
    hematotox_infusion_days: float = _reading(7, "the same before the infusion, where lymphodepletion has no date")
    easix_before_days: float = _reading(30, "EASIX and its variants are computed from this many days before infusion")
    easix_after_days: float = _reading(28, "EASIX and its variants are computed until this day after infusion")
    hscore_temperature_h: float = _reading(24, "HScore: the highest temperature of this many hours")
    upper_limits: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({}),
        metadata={"says": "the site's upper limits of normal, by signal, in the signal's canonical unit"},
    )
    lower_limits: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({}),
        metadata={"says": "the site's lower limits of normal, by signal, in the signal's canonical unit"},
    )

    def __reduce__(self) -> tuple["partial[Settings]", tuple[()]]:
        return partial(Settings, **asdict_plain(self)), ()  # for other processes: no proxy of a mapping can be pickled

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.zone_name)

    def changed(self) -> dict[str, Any]:
        """The settings that differ from the shipped ones, for the manifest."""
        ours, shipped = asdict_plain(self), asdict_plain(Settings())
        return {name: value for name, value in ours.items() if value != shipped[name]}


def asdict_plain(settings: Settings) -> dict[str, Any]:
    """Settings as plain values, in the order of the table."""
    return {f.name: dict(v) if isinstance(v := getattr(settings, f.name), Mapping) else v for f in fields(settings)}


def says(name: str) -> str:
    """The sentence of one setting."""
    return str(next(f.metadata["says"] for f in fields(Settings) if f.name == name))


def from_site(values: Mapping[str, Any]) -> Settings:
    """Settings from a site's file. Raises ValueError with one clear sentence on an unknown name or a bad value."""
    known = {f.name: f for f in fields(Settings)}
    for name, value in values.items():
        if name not in known:
            raise ToldValueError("unknown setting '{name}': known are {known}", name=name, known=", ".join(known))
        if name == "zone_name":
            _check_zone(value)
        elif name in ("upper_limits", "lower_limits"):
            _check_limits(name, value)
        elif "one_of" in known[name].metadata:
            _check_word(name, value, known[name].metadata["one_of"])
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise ToldValueError("setting '{name}' must be a number, not {value!r}", name=name, value=value)
        elif not 0 < value <= known[name].metadata["at_most"]:
            sentence = "setting '{name}' must be above 0 and at most {most}, not {value}"
            raise ToldValueError(sentence, name=name, most=known[name].metadata["at_most"], value=value)
    settings = replace(Settings(), **values)
    for longer, shorter in _NOT_BELOW:
        if getattr(settings, longer) < getattr(settings, shorter):
            raise ToldValueError("setting '{longer}' must not be below '{shorter}'", longer=longer, shorter=shorter)
    return settings


def _check_zone(value: object) -> None:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        sentence = "setting 'zone_name': '{value}' is not a time zone; write for example Europe/Amsterdam"
        raise ToldValueError(sentence, value=value) from error


def _check_word(name: str, value: object, known: Sequence[str]) -> None:
    if value not in known:
        sentence = "setting '{name}' must be one of {known}, not {value!r}"
        raise ToldValueError(sentence, name=name, known=", ".join(known), value=value)


def _check_limits(setting: str, value: object) -> None:
    if not isinstance(value, Mapping) or not set(value) <= set(LABORATORY):
        raise ToldValueError(
            "setting '{name}' must be a table with some of {known}", name=setting, known=", ".join(LABORATORY)
        )
    for name, limit in value.items():
        if isinstance(limit, bool) or not isinstance(limit, int | float) or limit <= 0:
            sentence = "setting '{name}' must be a number above 0, not {value!r}"
            raise ToldValueError(sentence, name=f"{setting}.{name}", value=limit)
        _check_unit(setting, name, limit)


def _check_unit(setting: str, name: str, limit: float) -> None:
    """A limit in another unit than the signal's own would grade every patient wrongly."""
    signal = signals()[name]
    try:
        normalise_quantity(signal, str(limit), signal.unit)
    except UnitError as error:
        sentence = "setting '{name}': {value} is no limit in {unit}: write it in {unit}"
        raise ToldValueError(sentence, name=f"{setting}.{name}", value=limit, unit=signal.unit or "1") from error
