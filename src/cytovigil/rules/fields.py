"""The fields that rules look at. The measures that make them from events are the engine's; their meaning is here."""

from cytovigil.logic.conditions import Field
from cytovigil.model.vocabulary import drugs_of

VASOPRESSORS_CLASS, VASOPRESSIN_CLASS = "vasopressor", "vasopressin"
_PRESSORS = drugs_of(VASOPRESSORS_CLASS, VASOPRESSIN_CLASS)
_OXYGEN = ("oxygen_device", "oxygen_flow", "fio2", "spo2")
_OXYGEN_SETTINGS = (
    "spo2_percent", "low_flow_l_min", "sure_flow_l_min", "finding_unknown_h", "baseline_oxygen_days",
    "airway_window_h", "airway_spo2_percent", "extubation_h",
)  # fmt: skip
_RUNNING = ("infusion_valid_h", "infusion_unknown_h")


def _yes_no(name: str, says: str, measure: str, signals: tuple[str, ...], assumptions: tuple[str, ...] = ()) -> Field:
    return Field(name, says, (False, True), ("no", "yes"), measure, signals, assumptions=assumptions)


FEVER = _yes_no(
    "fever", "fever", measure="fever", signals=("temperature",),
    assumptions=("fever_cel", "fever_window_h"),
)  # fmt: skip
HYPOTENSION = _yes_no(
    "hypotension", "hypotension", measure="hypotension",
    signals=("hypotension", "systolic_bp", "mean_bp", "fluid_bolus", *_PRESSORS),
    assumptions=(
        "systolic_adult_mmhg", "systolic_infant_mmhg", "systolic_per_year_mmhg",
        "adult_pressure_years", "mean_adult_mmhg", "fluid_bolus_h",
    ),
)  # fmt: skip
VASOPRESSORS = Field(
    "vasopressors", "number of vasopressors", (0, 1, 2), ("none", "one", "two or more"),
    measure="vasopressors", signals=_PRESSORS, assumptions=_RUNNING,
)  # fmt: skip
VASOPRESSOR_HIGH_DOSE = _yes_no(
    "vasopressor_high_dose", "high-dose vasopressor", measure="vasopressor_high_dose",
    signals=("vasopressor_high_dose", *_PRESSORS), assumptions=_RUNNING,
)  # fmt: skip
VASOPRESSOR_24_H = Field(
    "vasopressor_24_h", "vasopressors for 24 h or more", (False, True), ("no", "yes"), measure="vasopressor_long",
    signals=_PRESSORS, detail=24, assumptions=("vasopressor_pause_h", *_RUNNING),
)  # fmt: skip
VASOPRESSIN_ADDED = _yes_no(
    "vasopressin_added", "vasopressin beside a vasopressor", measure="vasopressin_added",
    signals=_PRESSORS, assumptions=_RUNNING,
)  # fmt: skip
REFRACTORY = _yes_no(
    "refractory", "low pressure in spite of a vasopressor", measure="pressure_despite_vasopressor",
    signals=("systolic_bp", "mean_bp", "hypotension", *_PRESSORS),
    assumptions=(
        "systolic_adult_mmhg", "systolic_infant_mmhg", "systolic_per_year_mmhg",
        "adult_pressure_years", "mean_adult_mmhg", "vasopressor_pause_h", *_RUNNING,
    ),
)  # fmt: skip
FLUID_BOLUSES = Field(
    "fluid_boluses", "number of fluid boluses", (0, 1, 2), ("none", "one", "two or more"), measure="doses",
    signals=("fluid_bolus",), detail=("fluid_boluses_h", "hypotension"), assumptions=("fluid_boluses_h",),
)  # fmt: skip
COAGULATION_PRODUCT = Field(
    "coagulation_product", "plasma, cryoprecipitate or fibrinogen given", (False, True), ("no", "yes"), measure="doses",
    signals=("fresh_plasma", "cryoprecipitate", "fibrinogen_concentrate"),
    detail=("coagulation_product_h", "organ_toxicity"), assumptions=("coagulation_product_h",),
)  # fmt: skip
OXYGEN = Field(
    "oxygen", "oxygen support above baseline", (0, 1, 2, 3),
    ("none", "low flow", "high flow or mask", "positive pressure"),
    measure="oxygen", signals=_OXYGEN, detail="class", assumptions=_OXYGEN_SETTINGS,
)  # fmt: skip
OXYGEN_FRACTION = Field(
    "oxygen_fraction", "inspired oxygen above baseline", (0, 1, 2, 3),
    ("room air", "below 40 %", "40 % or more", "ventilator"),
    measure="oxygen", signals=_OXYGEN, detail="fraction", assumptions=_OXYGEN_SETTINGS,
)  # fmt: skip
DIALYSIS = Field(
    "dialysis", "new dialysis", (0, 1, 2), ("none", "intermittent", "continuous"),
    measure="dialysis", signals=("dialysis",), assumptions=("finding_unknown_h",),
)  # fmt: skip

ICE = Field(
    "ice", "ICE score", tuple(range(11)), tuple(str(n) for n in range(11)), measure="assessment", worse="low",
    signals=("ice", "ice_orientation", "ice_naming", "ice_command", "ice_writing", "ice_attention"),
    assumptions=("assessment_min", "assessment_wait_min", "assessment_due_h", "capd_below_years"),
)  # fmt: skip
CAPD = Field(
    "capd", "CAPD score", tuple(range(33)), tuple(str(n) for n in range(33)), measure="assessment",
    signals=(
        "capd", "capd_eye_contact", "capd_purposeful", "capd_aware", "capd_communicates", "capd_restless",
        "capd_inconsolable", "capd_underactive", "capd_slow_response",
    ),
    assumptions=("assessment_min", "assessment_wait_min", "assessment_due_h", "capd_below_years"),
)  # fmt: skip
AROUSAL = Field(
    "arousal", "arousal", (0, 1, 2, 3, 4),
    ("awake", "awakens spontaneously, drowsy", "awakens to voice", "awakens only to touch", "unarousable"),
    measure="arousal", signals=("consciousness", "avpu", "rass", "gcs_eye", "gcs"),
)  # fmt: skip
SEIZURE = Field(
    "seizure", "seizure", (0, 1, 2), ("none", "resolved", "prolonged or repetitive"),
    measure="seizure", signals=("seizure",), assumptions=("seizure_h",),
)  # fmt: skip
MOTOR_WEAKNESS = Field(
    "motor_weakness", "motor weakness", (0, 1, 2), ("none", "mild", "deep focal"),
    measure="motor_weakness", signals=("motor_weakness",), assumptions=("finding_unknown_h",),
)  # fmt: skip
RAISED_PRESSURE = Field(
    "raised_icp", "raised intracranial pressure or oedema", (0, 1, 2), ("none", "focal oedema", "diffuse or signs"),
    measure="raised_icp", signals=("raised_icp",), assumptions=("finding_unknown_h",),
)  # fmt: skip
SEDATION = _yes_no(
    "sedation", "sedation", measure="sedation",
    signals=("sedation", *drugs_of("sedative")),
    assumptions=("sedative_tail_h", "midazolam_tail_h", "sedation_hold_h", "sedation_last_value_h", *_RUNNING),
)  # fmt: skip
VENTILATION = _yes_no(
    "ventilation", "invasive ventilation", measure="ventilation", signals=("oxygen_device",),
)  # fmt: skip

# What the course of CRS looks at besides: made by the course itself from fever, signs, doses and dates.
COUNTED_FEVER = _yes_no("counted_fever", "a fever certain and counted", measure="", signals=())
SIGN = _yes_no("sign", "hypotension or hypoxia", measure="", signals=())
TREATING = _yes_no("treating", "a treating drug given since shortly before the first fever", measure="", signals=())
MAY_BEGIN = _yes_no("may_begin", "inside the window in which CRS can begin", measure="", signals=())
MASKED = _yes_no("masked", "a drug acts that may hide fever", measure="", signals=())
