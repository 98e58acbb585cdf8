"""The worked examples of the rulebook: small charts, and the moments at which a grade or a score is asked."""

from typing import NamedTuple


class Example(NamedTuple):
    """A small chart, and the moments at which the grade is asked. Its grades are never written by hand."""

    title: str
    says: str
    chart: str
    at: tuple[str, ...]


LOW_PRESSURE = """
d2 08:00 | temperature    | 38.6
d2 08:00 | systolic_bp    | 85
d2 08:00 | spo2           | 97
d2 08:00 | oxygen_device  | none"""
NORADRENALINE = """
d2 08:10 | norepinephrine | 4 | d2 20:00"""
TREATED = """
d2 08:00 | temperature    | 39.4
d2 08:00 | spo2           | 97
d2 08:00 | oxygen_device  | none
d2 08:30 | norepinephrine | 4 | d2 18:00
d2 10:00 | tocilizumab    | 640
d3 10:00 | temperature    | 36.9
d3 10:00 | systolic_bp    | 118
d3 10:00 | spo2           | 94
d3 10:00 | oxygen_device  | nasal_cannula
d3 10:00 | oxygen_flow    | 2"""
ORGANS = """
d-1 08:00 | creatinine    | 80 | | 100
d-1 08:00 | bilirubin     | 10 | | 100
d-1 08:00 | ast           | 20 | | 100
d-1 08:00 | alt           | 20 | | 100
d2 06:00 | bilirubin      | 10 | | 100
d2 06:00 | ast            | 20 | | 100
d2 06:00 | alt            | 20 | | 100"""
FEVER = """
d2 08:00 | temperature    | 38.6
d2 08:00 | systolic_bp    | 120
d2 08:00 | spo2           | 97
d2 08:00 | oxygen_device  | none"""

CRS_EXAMPLES = (
    Example(
        "Fever and one vasopressor",
        "Fever and low pressure; noradrenaline runs from 08:10 to 20:00. No later pressure is charted.",
        LOW_PRESSURE + NORADRENALINE,
        ("d2 08:05", "d2 12:00", "d2 21:00"),
    ),
    Example(
        "Oxygen was not charted",
        "Fever and a normal pressure. Saturation and device are missing: neither is taken as normal.",
        "d2 08:00 | temperature    | 39.0\nd2 08:00 | systolic_bp    | 120",
        ("d2 09:00",),
    ),
    Example(
        "No fever after tocilizumab",
        "Once treated, fever is no longer required: the next day a cannula at 2 L/min still counts.",
        TREATED,
        ("d2 12:00", "d3 11:00"),
    ),
    Example(
        "Low pressure without fever, untreated",
        "Fever on day 2; more than 24 h later it is gone, nothing was given, and the pressure is low.",
        LOW_PRESSURE.replace("systolic_bp    | 85", "systolic_bp    | 120")
        + "\nd3 10:00 | temperature    | 37.0\nd3 10:00 | systolic_bp    | 84\nd3 10:00 | spo2           | 97",
        ("d2 09:00", "d3 11:00"),
    ),
)
LEE_EXAMPLES = (
    Example(
        "A vasopressor whose dose class nobody charted",
        "Low or high dose decides between two grades. From 12:00 it is charted that the dose is high.",
        LOW_PRESSURE + ORGANS + "\nd2 06:00 | creatinine     | 80 | | 100" + NORADRENALINE
        + "\nd2 12:00 | vasopressor_high_dose | present | d2 20:00",
        ("d2 10:00", "d2 13:00"),
    ),
    Example(
        "Creatinine four times the upper limit",
        "Fever, pressure and oxygen as in grade 1. Creatinine was normal before: the rise is new.",
        FEVER + ORGANS + "\nd2 06:00 | creatinine     | 400 | | 100",
        ("d2 09:00",),
    ),
    Example(
        "Continuous dialysis",
        "Only the form that product labels print counts it.",
        FEVER + ORGANS + "\nd2 06:00 | creatinine     | 80 | | 100\nd2 08:00 | dialysis       | continuous | d3 00:00",
        ("d2 09:00",),
    ),
)  # fmt: skip
KIDNEY_FINE = "\nd2 06:00 | creatinine     | 80 | | 100"
HELD = "\nd2 09:00 | systolic_bp    | 112 | d4 00:00"
PENN_EXAMPLES = (
    Example(
        "One fluid bolus, and another",
        "Low pressure; a bolus at 09:00, and again at 14:00. Several boluses within a day are a higher grade.",
        LOW_PRESSURE + ORGANS + KIDNEY_FINE + "\nd2 09:00 | fluid_bolus    | 500\nd2 14:00 | fluid_bolus    | 500",
        ("d2 10:00", "d2 15:00"),
    ),
    Example(
        "Plasma for a coagulopathy",
        "Fever alone until plasma is given at 12:00; it counts for 24 hours.",
        FEVER + ORGANS + KIDNEY_FINE + "\nd2 12:00 | fresh_plasma   | 2",
        ("d2 09:00", "d2 13:00"),
    ),
)
MSKCC_EXAMPLES = (
    Example(
        "A vasopressor for more than a day",
        "Noradrenaline in low dose from day 2 08:30 to day 4. The hours until each moment decide.",
        LOW_PRESSURE + HELD + "\nd2 08:30 | norepinephrine | 4 | d4 00:00"
        "\nd2 08:30 | vasopressor_high_dose | absent | d4 00:00\nd3 08:00 | oxygen_device  | none"
        "\nd3 08:00 | spo2           | 97\nd3 08:00 | temperature    | 38.4",
        ("d2 12:00", "d3 08:29", "d3 08:30"),
    ),
    Example(
        "High dose, and the pressure stays low",
        "Noradrenaline in high dose. No pressure is charted until 11:00; then it is low in spite of it.",
        LOW_PRESSURE + NORADRENALINE + "\nd2 08:10 | vasopressor_high_dose | present | d2 20:00"
        "\nd2 11:00 | systolic_bp    | 78",
        ("d2 10:00", "d2 12:00"),
    ),
)
CARTOX_EXAMPLES = (
    LEE_EXAMPLES[1],
    Example(
        "Vasopressin beside noradrenaline",
        "Low dose, the pressure is held: one vasopressor, and from 12:00 a second one.",
        LOW_PRESSURE + ORGANS + KIDNEY_FINE + HELD + NORADRENALINE + "\nd2 12:00 | vasopressin    | 0.03 | d2 20:00"
        "\nd2 08:10 | vasopressor_high_dose | absent | d2 20:00",
        ("d2 10:00", "d2 13:00"),
    ),
)
CTCAE_EXAMPLES = (
    CRS_EXAMPLES[0],
    Example(
        "A mask, and ventilation",
        "Fever; a mask at 09:00 whose oxygen nobody charted, BiPAP at 12:00, ventilation at 15:00.",
        FEVER.replace("\nd2 08:00 | oxygen_device  | none", "") + "\nd2 09:00 | oxygen_device  | simple_mask"
        "\nd2 12:00 | oxygen_device  | bipap\nd2 15:00 | oxygen_device  | invasive_ventilation",
        ("d2 10:00", "d2 13:00", "d2 16:00"),
    ),
)
ICANS_EXAMPLES = (
    Example(
        "ICE 3 and a seizure",
        "The worst domain counts. The day after, the seizure is over and ICE is 8.",
        "d5 07:00 | seizure        | resolved\nd5 08:00 | consciousness  | awake\nd5 08:00 | ice            | 3\n"
        "d6 08:00 | consciousness  | awake\nd6 08:00 | ice            | 8",
        ("d5 09:00", "d6 09:00"),
    ),
    Example(
        "ICE 0: awake, or not arousable",
        "The same ICE. At 08:00 the patient is awake, at 14:00 cannot be aroused.",
        "d5 08:00 | consciousness  | awake\nd5 08:00 | ice            | 0\n"
        "d5 14:00 | consciousness  | unarousable\nd5 14:00 | ice            | 0",
        ("d5 09:00", "d5 15:00"),
    ),
    Example(
        "An ICE with a part left blank",
        "Writing was not tested: its point may be there or not. The rest adds up to 6 of 9.",
        "d5 08:00 | consciousness  | awake\nd5 08:00 | ice_orientation | 3\nd5 08:00 | ice_naming     | 2\n"
        "d5 08:00 | ice_command    | 1\nd5 08:00 | ice_attention  | 0",
        ("d5 09:00",),
    ),
    Example(
        "Propofol",
        "Under sedation an ICE of 0 says nothing: the grade before it is held as the least, the rest is open.",
        "d5 06:00 | consciousness  | awake\nd5 06:00 | ice            | 5\nd5 07:00 | propofol       | ? | d5 20:00\n"
        "d5 12:00 | ice            | 0",
        ("d5 06:30", "d5 13:00"),
    ),
)
HYPERINFLAMMATION = """
d-1 08:00 | ferritin       | 400  | | 300
d9 06:00 | ferritin        | 14000 | | 300
d9 06:00 | ast             | 420  | | 40
d-1 08:00 | ast            | 30   | | 40
d9 06:00 | creatinine      | 390  | | 100
d-1 08:00 | creatinine     | 80   | | 100
d9 06:00 | hemoglobin      | 7.4
d9 06:00 | platelets       | 18
d9 06:00 | neutrophils     | 0.2
d9 06:00 | fibrinogen      | 1.1
d9 06:00 | triglycerides   | 3.4
d9 06:00 | temperature     | 38.7"""
HYPERINFLAMMATION_EXAMPLES = (
    Example(
        "Ferritin rises after CRS",
        "Laboratory values of one morning. Spleen, marrow and soluble IL-2 receptor are charted by nobody until noon: "
        "what they would add is left open, not taken as absent.",
        HYPERINFLAMMATION
        + "\nd9 12:00 | splenomegaly | absent\nd9 12:00 | haemophagocytosis | present\nd9 12:00 | scd25 | 9000",
        ("d9 08:00", "d9 13:00"),
    ),
    Example(
        "Only the ferritin",
        "High, and nothing else is charted.",
        "d-1 08:00 | ferritin | 400 | | 300\nd9 06:00 | ferritin | 14000 | | 300",
        ("d9 08:00",),
    ),
)


def _counts(signal: str, *counts: tuple[int, str]) -> str:
    """One count a day, at 09:00."""
    return "\n".join(f"d{day} 09:00 | {signal} | {value}" for day, value in counts)


WEEKLY = _counts("neutrophils", (0, "1.8"), (3, "0.45"), (10, "0.42"), (17, "0.38"), (24, "0.7"), (30, "1.5"))
ICAHT_EARLY_EXAMPLES = (
    Example(
        "Counts once a week",
        "Days between two counts are filled on the line: at or below 500/µL from day 3 to day 19.",
        WEEKLY,
        ("d10 12:00", "d31 12:00"),
    ),
    Example(
        "Nine days without a count",
        "Days 5 to 13 are not filled.",
        _counts("neutrophils", (0, "1.8"), (3, "0.45"), (4, "0.4"), (14, "0.45"), (15, "0.9"), (22, "1.5"), (30, "2")),
        ("d31 12:00",),
    ),
    Example(
        "On day 5",
        "What has happened, and what still can: the grade is provisional.",
        _counts("neutrophils", (0, "1.8"), (1, "0.9"), (2, "0.45"), (3, "0.3"), (4, "0.2"), (5, "0.15")),
        ("d5 12:00",),
    ),
    Example(
        "501 per microlitre",
        "From day 2 to day 15, just above the limit.",
        _counts("neutrophils", (1, "2"), (2, "0.501"), (9, "0.501"), (15, "0.501"), (16, "2"), (23, "2"), (30, "2")),
        ("d31 12:00",),
    ),
)
ICAHT_LATE_EXAMPLES = (
    Example(
        "Two low counts",
        "The lower one gives the grade, the other only has to be 1500/µL or less.",
        _counts("neutrophils", (40, "0.5"), (50, "1.2")),
        ("d35 12:00", "d40 12:00", "d50 12:00"),
    ),
    Example(
        "A count that did not last",
        "No other count is 1500/µL or less.",
        _counts("neutrophils", (40, "1"), (50, "1.501")),
        ("d40 12:00", "d50 12:00"),
    ),
)
T_ICAHT_EARLY_EXAMPLES = (
    Example(
        "Counts once a week",
        "Below 50 on the days around two counts, below 20 on none.",
        _counts("platelets", (0, "90"), (4, "45"), (10, "30"), (17, "60"), (24, "110"), (31, "120"), (37, "120")),
        ("d12 12:00", "d38 12:00"),
    ),
    Example(
        "Exactly 50",
        "The table counts days below 50, the code of its authors also days at 50.",
        _counts("platelets", (4, "60"), (5, "50"), (12, "50"), (13, "60"), (20, "80"), (27, "90"), (37, "110")),
        ("d38 12:00",),
    ),
)
T_ICAHT_LATE_EXAMPLES = (
    Example(
        "Two low counts",
        "The table asks that a low count is not transient.",
        _counts("platelets", (40, "40"), (50, "45"), (60, "150")),
        ("d40 12:00", "d60 12:00"),
    ),
    Example(
        "Two weeks apart",
        "The days between may have been as low.",
        _counts("platelets", (40, "15"), (53, "15")),
        ("d53 12:00",),
    ),
)


def _two_values(signal: str, first: str, second: str) -> tuple[Example, ...]:
    """A value on a cut-off, and one that only a limit of normal could grade."""
    on, beside = (f"d2 08:00 | {signal} | {value}" for value in (first, second))
    return (
        Example("On a printed number", "The text prints below this number for the next grade.", on, ("d2 09:00",)),
        Example("Without a limit", "The laboratory gave no limits: below them or not.", beside, ("d2 09:00",)),
    )


def _against_baseline(signal: str, bases: tuple[str, str], value: str, limit: str) -> tuple[Example, ...]:
    """The same value after one baseline, after another, and without."""
    today, asked = f"d2 08:00 | {signal} | {value} | | {limit}", ("d2 09:00",)
    after = [
        Example(
            f"After a baseline of {base}", "Measured the day before infusion.",
            f"d-1 08:00 | {signal} | {base} | | {limit}\n{today}", asked,
        )
        for base in bases
    ]  # fmt: skip
    return (*after, Example("Without a baseline", "What any baseline could make of the same value.", today, asked))


TWO_READINGS = "d2 08:00 | temperature    | 38.0\nd2 09:{} | temperature    | 38.0\nd2 06:00 | neutrophils    | 0.9"
MEASURED_EXAMPLES = {
    "neutrophils": _two_values("neutrophils", "0.5", "1.6"),
    "platelets": _two_values("platelets", "25", "100"),
    "lymphocytes": _two_values("lymphocytes", "0.2", "0.9"),
    "hemoglobin": _two_values("hemoglobin", "8.0", "11"),
    "leukocytes": _two_values("leukocytes", "1.0", "3.5"),
    "cd4": _two_values("cd4", "50", "600"),
    "fibrinogen": _two_values("fibrinogen", "0.49", "1.8"),
    "inr": _against_baseline("inr", ("1.2", "0.9"), "1.4", "1.2"),
    "aptt": (
        Example(
            "1.5 times the limit",
            "The text prints above 1.5 for grade 2.",
            "d2 08:00 | aptt | 60 | | 40",
            ("d2 09:00",),
        ),
        Example("Without a limit", "The same value.", "d2 08:00 | aptt | 60", ("d2 09:00",)),
    ),
    "creatinine": _against_baseline("creatinine", ("60", "120"), "100", "110"),
    "bilirubin": _against_baseline("bilirubin", ("10", "40"), "60", "20"),
    "ast": _against_baseline("ast", ("20", "100"), "201", "40"),
    "alt": _against_baseline("alt", ("20", "100"), "201", "40"),
    "temperature": (
        Example(
            "Above 40.0 °C for more than a day",
            "Measured every 12 hours. No reading is assumed between them, and none after the last.",
            "d2 08:00 | temperature | 40.2\nd2 20:00 | temperature | 40.3\nd3 08:30 | temperature | 40.1",
            ("d2 21:00", "d3 09:00", "d4 01:00"),
        ),
        Example(
            "39.0 °C, and a tenth more",
            "The text prints above 39.0 for grade 2.",
            "d2 08:00 | temperature | 39.0\nd2 12:00 | temperature | 39.1",
            ("d2 09:00", "d2 13:00"),
        ),
    ),
    "febrile-neutropenia": (
        Example(
            "38.0 °C twice, 60 minutes apart",
            "More than 1 hour is asked for.",
            TWO_READINGS.format("00"),
            ("d2 10:00",),
        ),
        Example("38.0 °C twice, 61 minutes apart", "A minute more.", TWO_READINGS.format("01"), ("d2 10:00",)),
        Example(
            "38.4 °C, neutrophils not counted",
            "A fever that counts: the neutrophils decide.",
            "d2 08:00 | temperature    | 38.4",
            ("d2 09:00",),
        ),
    ),
}
EXAMPLES = {
    "crs-astct-2019": CRS_EXAMPLES,
    "crs-lee-2014": LEE_EXAMPLES,
    "crs-lee-2014-label": LEE_EXAMPLES,
    "crs-penn-2014": PENN_EXAMPLES,
    "crs-mskcc-2018": MSKCC_EXAMPLES,
    "crs-cartox-2018": CARTOX_EXAMPLES,
    "crs-ctcae-v5": CTCAE_EXAMPLES,
    "crs-ctcae-v6": CTCAE_EXAMPLES,
    "icans-astct-2019": ICANS_EXAMPLES,
    "icans-ctcae-v6": ICANS_EXAMPLES[1:],
    "iec-hs-2023": HYPERINFLAMMATION_EXAMPLES,
    "cartox-hlh": HYPERINFLAMMATION_EXAMPLES,
    "hlh-2004": HYPERINFLAMMATION_EXAMPLES,
    "icaht-early-2023": ICAHT_EARLY_EXAMPLES,
    "icaht-early-liang-2024": ICAHT_EARLY_EXAMPLES,
    "icaht-late-2023": ICAHT_LATE_EXAMPLES,
    "icaht-late-liang-2024": ICAHT_LATE_EXAMPLES,
    "t-icaht-early-2025": T_ICAHT_EARLY_EXAMPLES,
    "t-icaht-early-2025-authors": T_ICAHT_EARLY_EXAMPLES,
    "t-icaht-late-2025": T_ICAHT_LATE_EXAMPLES,
    "t-icaht-late-2025-authors": T_ICAHT_LATE_EXAMPLES,
    **{f"ctcae-{edition}-{name}": found for edition in ("v5", "v6") for name, found in MEASURED_EXAMPLES.items()},
}


BLOOD = """
d-6 08:00 | ldh        | 450
d-6 08:00 | creatinine | 79.6
d-6 08:00 | platelets  | 60
d-6 08:00 | crp        | 150"""
EASIX_EXAMPLES = (
    Example(
        "Before lymphodepletion, and a week later",
        "All values of one morning. Later values have no published cut-off.",
        BLOOD + BLOOD.replace("d-6", "d3").replace("60", "30"),
        ("d-6 09:00", "d3 09:00"),
    ),
    Example(
        "LDH was not measured",
        "Without one of its values an index is unknown: there is no range.",
        BLOOD.replace("\nd-6 08:00 | ldh        | 450", ""),
        ("d-6 09:00",),
    ),
)
M_EASIX_EXAMPLES = (
    EASIX_EXAMPLES[0],
    Example(
        "Tocilizumab",
        "From the dose on CRP says nothing of the disease: the score has no value.",
        BLOOD.replace("d-6", "d2") + BLOOD.replace("d-6", "d4") + "\nd3 08:00 | tocilizumab | 640",
        ("d2 09:00", "d4 09:00"),
    ),
)
HEMATOTOX_BLOOD = """
d-6 08:00 | platelets   | 130
d-6 08:00 | neutrophils | 1.8
d-6 08:00 | hemoglobin  | 10.5
d-6 08:00 | crp         | 14
d-6 08:00 | ferritin    | 320"""
HEMATOTOX_EXAMPLES = (
    Example(
        "All five items, and a new CRP on its cut-off",
        "The day after, CRP is exactly 3.0 mg/dL. The value of day 1 never enters the score.",
        HEMATOTOX_BLOOD + "\nd-5 08:00 | crp | 30\nd1 08:00 | platelets | 20",
        ("d-6 09:00", "d-5 09:00"),
    ),
    Example(
        "No neutrophil count",
        "One point more or less decides: the patient cannot be classified.",
        HEMATOTOX_BLOOD.replace("\nd-6 08:00 | neutrophils | 1.8", ""),
        ("d-6 09:00",),
    ),
)
HSCORE_CHART = """
d5 08:00 | immunosuppression | yes
d5 08:00 | temperature       | 39.0
d5 08:00 | splenomegaly      | absent
d5 08:00 | hepatomegaly      | absent
d5 08:00 | hemoglobin        | 8.0
d5 08:00 | leukocytes        | 0.8
d5 08:00 | platelets         | 30
d5 08:00 | ferritin          | 12000
d5 08:00 | triglycerides     | 3.2
d5 08:00 | fibrinogen        | 1.2
d5 08:00 | ast               | 180"""
HSCORE_EXAMPLES = (
    Example(
        "Without and with a marrow",
        "Until somebody looked, haemophagocytosis may be there or not.",
        HSCORE_CHART + "\nd6 07:00 | haemophagocytosis | absent",
        ("d5 09:00", "d6 07:30"),
    ),
    Example(
        "Only fever and a ferritin",
        "What nobody charted may give all its points or none.",
        "d5 08:00 | temperature | 39.0\nd5 08:00 | ferritin | 12000",
        ("d5 09:00",),
    ),
)
SCORE_EXAMPLES = {
    "car-hematotox": HEMATOTOX_EXAMPLES,
    "easix": EASIX_EXAMPLES,
    "s-easix": EASIX_EXAMPLES,
    "m-easix": M_EASIX_EXAMPLES,
    "hscore": HSCORE_EXAMPLES,
}
