"""The closed set of flags that an output row may carry. A flag outside it fails the build.

A name in braces is a setting: its value of that run is printed in its place.
"""

from types import MappingProxyType

from cytovigil.model.settings import Settings, asdict_plain
from cytovigil.model.told import Say, decimal

FLAGS = MappingProxyType(
    {
        "after_window": "CRS can no longer begin: after day {crs_window_days:g} or after the next anticancer therapy",
        "airway_or_hypoxia": "the device may protect the airway or treat hypoxia; an attribution settles it",
        "at_baseline": "the score is not worse than before the infusion",
        "baseline_device": "oxygen support not above that before the infusion is not counted",
        "default_limits": "the laboratory's limits were not given: default limits used",
        "device_not_recharted": "the oxygen device was not charted again: unknown until it is",
        "held_under_sedation": "the grade before sedation is held until the patient is assessed without it",
        "hypoxia_without_device": "saturation below {spo2_percent:g} % and no oxygen device charted",
        "ice_due": "the last ICE or CAPD is more than {assessment_due_h:g} h old",
        "intracranial_bleeding": "raised pressure is not counted while intracranial bleeding is charted",
        "late": "after day {icans_window_days:g} ICANS counts only where a clinician charted it",
        "late_onset": "CRS that begins on days {crs_late_days:g} to {crs_window_days:g}: look for another cause",
        "masked_fever": "low pressure or oxygen while a drug may hide the fever",
        "no_stop_charted": "the end of an infusion was not charted",
        "not_observed": "nothing valid is charted that this scale looks at",
        "on_cut_off": "a value lies on a cut-off that the publication does not define",
        "other_instrument": "ICE where CAPD belongs to the age, or the reverse",
        "oxygen_contradiction": "room air is charted together with oxygen",
        "positive_culture": "a positive culture is charted: another cause is possible",
        "tie": "different values at one time: the worse one counts",
        "time_assumed": "a date without a time was read as 12:00 at the site",
        "unobserved_in_episode": "the patient became unobserved while the episode was open",
        "untreated_no_fever": "no fever, and no treatment that would explain its absence",
        "vasopressin_alone": "vasopressin is the only vasopressor: counted as one",
    }
)


def says_flag(flag: str, settings: Settings, say: Say = str) -> str:
    """The sentence of a flag, translated by `say`, with the site's numbers in it."""
    return decimal(say(FLAGS[flag]).format_map(asdict_plain(settings)), say)
