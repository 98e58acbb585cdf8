"""ICANS as a term of CTCAE v6: by ICE, or by CAPD together with arousal."""

from cytovigil.logic.ladder import OUR_READING, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.rules.citations import CTCAE_V6_ICANS
from cytovigil.rules.fields import AROUSAL, CAPD, ICE, RAISED_PRESSURE, SEIZURE
from cytovigil.rules.icans_astct_2019 import ICANS_COURSE, ICANS_TREATMENTS

ASSESSMENT = Ladder(
    "assessment",
    "ICE, or CAPD with arousal",
    CTCAE_V6_ICANS,
    (
        Rung(
            1,
            (ICE <= 9) | (CAPD >= 1),
            "ICE 7-9, or CAPD 1-8 and awakens spontaneously",
            OUR_READING,
            note="CAPD 9 or more that awakens spontaneously has no grade in the text: read as 1",
        ),
        Rung(
            2,
            (ICE <= 6) | ((CAPD >= 1) & (AROUSAL >= 2)),
            "ICE 3-6, or CAPD 1-8 and awakens to voice",
            OUR_READING,
            note="CAPD 9 or more that awakens to voice, or 1-8 only to touch, has no grade in the text: read as 2",
        ),
        Rung(3, (ICE <= 2) | ((CAPD >= 9) & (AROUSAL >= 3)), "ICE 0-2, or CAPD 9 or more and awakens only to touch"),
        Rung(
            4,
            AROUSAL >= 4,
            "life-threatening, urgent intervention: unarousable",
            OUR_READING,
            note="the text leaves grade 4 to the clinician",
        ),
    ),
)
LIFE_THREATENING = Ladder(
    "life_threatening",
    "Life-threatening signs",
    CTCAE_V6_ICANS,
    (
        Rung(
            4,
            (SEIZURE >= 2) | (RAISED_PRESSURE >= 2),
            "life-threatening, urgent intervention: prolonged seizure, or raised pressure",
            OUR_READING,
            note="the text leaves grade 4 to the clinician; seizures and oedema have no lower grade in it",
        ),
    ),
)

ICANS_CTCAE_V6 = Scale(
    id="icans-ctcae-v6",
    version="1",
    title="ICANS, CTCAE v6",
    source=CTCAE_V6_ICANS,
    course=ICANS_COURSE,
    domains=(ASSESSMENT, LIFE_THREATENING),
    death_cause="icans",
    treatments=ICANS_TREATMENTS,
    notes=(
        "where the text has no number it names mild, moderate or severe symptoms and daily activities: not charted",
        "motor weakness, and seizures that resolve, have no grade of their own: CTCAE grades them by other terms",
        "grade 5 is death due to ICANS",
    ),
)
