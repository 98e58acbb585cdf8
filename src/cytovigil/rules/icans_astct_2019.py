"""ICANS, ASTCT consensus 2019: ICE from 12 years, CAPD below."""

from cytovigil.logic.ladder import Ladder, Rung
from cytovigil.logic.scale import MomentCourse, Scale
from cytovigil.rules.citations import LEE_2019
from cytovigil.rules.fields import (
    AROUSAL,
    CAPD,
    ICE,
    MOTOR_WEAKNESS,
    RAISED_PRESSURE,
    SEDATION,
    SEIZURE,
    VENTILATION,
)  # fmt: skip

ASSESSMENT = Ladder(
    "assessment",
    "ICE, or CAPD under 12 years",
    LEE_2019,
    (
        Rung(1, (ICE <= 9) | (CAPD >= 1), "ICE 7-9, or CAPD 1-8", note="CAPD 1-8 is grade 1 or 2, by arousal"),
        Rung(2, (ICE <= 6) | (CAPD >= 9), "ICE 3-6"),
        Rung(3, (ICE <= 2) | (CAPD >= 9), "ICE 0-2, or CAPD 9 or more", note="unarousable is graded by arousal"),
    ),
)
CONSCIOUSNESS = Ladder(
    "arousal",
    "Depressed consciousness",
    LEE_2019,
    (
        Rung(1, AROUSAL >= 1, "drowsy, awakens spontaneously", note="awake and not drowsy is grade 0: our reading"),
        Rung(2, AROUSAL >= 2, "awakens to voice"),
        Rung(3, AROUSAL >= 3, "awakens only to touch"),
        Rung(4, AROUSAL >= 4, "unarousable, or needs vigorous stimuli; stupor or coma"),
    ),
)
SEIZURES = Ladder(
    "seizure",
    "Seizure",
    LEE_2019,
    (
        Rung(3, SEIZURE >= 1, "any seizure that resolves rapidly, or a nonconvulsive one that resolves",
             note="counts until 24 h after it ended: our reading"),
        Rung(4, SEIZURE >= 2, "prolonged over 5 min, or repetitive without return to baseline"),
    ),
)  # fmt: skip
MOTOR = Ladder(
    "motor",
    "Motor weakness",
    LEE_2019,
    (Rung(4, MOTOR_WEAKNESS >= 2, "deep focal weakness: hemiparesis, paraparesis"),),
)
PRESSURE = Ladder(
    "pressure",
    "Raised intracranial pressure, oedema",
    LEE_2019,
    (
        Rung(3, RAISED_PRESSURE >= 1, "focal oedema on imaging"),
        Rung(4, RAISED_PRESSURE >= 2, "diffuse oedema, posturing, sixth nerve palsy, papilloedema, Cushing triad",
             note="not counted while intracranial bleeding is charted"),
    ),
)  # fmt: skip

ICANS_COURSE = MomentCourse(
    recorded="recorded_icans_grade",
    sedation=SEDATION,
    ventilation=VENTILATION,
    assessments=(ICE, CAPD),
    hidden=(ICE, CAPD, AROUSAL, MOTOR_WEAKNESS),
    signs=(AROUSAL >= 1, SEIZURE >= 1, MOTOR_WEAKNESS >= 1, RAISED_PRESSURE >= 1),
    says="each moment is graded by its worst domain; under sedation the grade before it is held",
)
ICANS_TREATMENTS = ("anticytokine", "corticosteroid", "antiseizure")

ICANS_ASTCT_2019 = Scale(
    id="icans-astct-2019",
    version="1",
    title="ICANS, ASTCT consensus 2019",
    source=LEE_2019,
    course=ICANS_COURSE,
    domains=(ASSESSMENT, CONSCIOUSNESS, SEIZURES, MOTOR, PRESSURE),
    death_cause="icans",
    treatments=ICANS_TREATMENTS,
    notes=(
        "tremor, myoclonus, headache and facial palsy never grade",
        "late and other neurotoxicity are events of their own, not ICANS",
        "grade 5 is death due to ICANS",
    ),
)
