"""The versions of labels that were read, oldest and newest, as values. The European default of a centre is here too."""

from datetime import date

from cytovigil.guidance.labels import ANYWHERE, CLASS, Days, LabelRecord
from cytovigil.logic.ladder import OUR_READING, SECONDARY, SOURCE_READ, UNVERIFIED, Citation

COPIES_READ = date(2026, 9, 30)  # copies called current were read in September 2026; the day is ours
REMS_ENDED = date(2025, 6, 26)
_JUNE_2025, _JULY_2025 = date(2025, 6, 1), date(2025, 7, 1)  # labels revised in June 2025 name no day

BREYANZI_GB = Citation(
    "Breyanzi SmPC", "Breyanzi GB SmPC, PLGB 15105/0152, text revised 05/05/2026", where="sections 4.2, 4.4, 4.7"
)
TECARTUS_GB = Citation(
    "Tecartus SmPC", "Tecartus GB SmPC, PLGB 11972/0045, text revised 30/04/2026", where="sections 4.2, 4.4, 4.7"
)
KYMRIAH_US = Citation("Kymriah US label", "Kymriah US prescribing information, revised 6/2025", where="sections 2.2, 5")
KYMRIAH_EU = Citation("Kymriah SmPC", "Kymriah EMA SmPC, copy of September 2026")
KYMRIAH_CH = Citation("Kymriah CH", "Kymriah, Swiss information for professionals (66778), copy of a portal")
KYMRIAH_SI = Citation("Kymriah 2019", "Kymriah EU conditions of 2019, as the Slovenian agency printed them")
YESCARTA_EU = Citation("Yescarta EU", "Yescarta EU text, current Italian copy of a portal")
YESCARTA_EARLY = Citation(
    "Yescarta EU, early",
    "Yescarta EU package leaflet of 2022 (EU/1/18/1299/001), and an earlier EU and Swiss text (66986)",
)
YESCARTA_SITE = Citation("Yescarta", "Yescarta, manufacturer's site for professionals, before June 2025")
BREYANZI_LEAFLET = Citation("Breyanzi leaflet", "Breyanzi EU package leaflet, 2022")
TECARTUS_LEAFLET = Citation("Tecartus leaflet", "Tecartus EU package leaflet, 2022")
ABECMA_LEAFLET = Citation("Abecma leaflet", "Abecma EU package leaflet, 2022 (EU/1/21/1539/001)")
CARVYKTI_LEAFLET = Citation("Carvykti leaflet", "Carvykti EU package leaflet, 2022 (EU/1/22/1648/001)")
ABECMA_IL = Citation("Abecma IL", "Abecma, text of the EU type for Israel, copy of a portal")
ABECMA_US = Citation(
    "Abecma US label", "Abecma US prescribing information, list of changes of 6/2025, and the manufacturer's notice"
)
CARVYKTI_GB = Citation("Carvykti GB", "Carvykti GB product information, manufacturer's portal")
CARVYKTI_US = Citation("Carvykti US", "Carvykti US prescribing information of May 2024, and its REMS (412)")
FDA_2025 = Citation(
    "FDA 2025", "FDA Safety Communication of 26 June 2025: REMS of CAR-T cells removed; manufacturers' notices"
)
NOT_SEEN = Citation("not seen", "no text of this label was seen")
OURS = Citation(
    "our reading", "the numbers of the EU leaflet of 2022, kept until the present EMA text of Breyanzi is seen"
)

_LEAFLET, _CURRENT = "package leaflet of 2022", "current copy, its day not printed"
_SINCE_2022 = Days(date(2022, 1, 1))

LABELS: tuple[LabelRecord, ...] = (
    LabelRecord(
        "liso-cel", "GB", "text revised 05/05/2026", BREYANZI_GB, SOURCE_READ,
        may=Days(date(2026, 5, 5)), stood=Days(date(2026, 5, 5)), visits_wk1=(2, 3), watch_weeks=2, proximity_weeks=2,
        driving_weeks=4, toci_min_doses=1, toci_next_dose_within_h=8, shortage_exception=True,
        note="in hospital at the first signs; later, and for driving longer, at the physician's discretion",
    ),
    LabelRecord(
        "liso-cel", "EU", _LEAFLET, BREYANZI_LEAFLET, SECONDARY, may=_SINCE_2022,
        visits_wk1=(2, 3), proximity_weeks=4, driving_weeks=8,
    ),
    LabelRecord(
        "liso-cel", "EU", "present text not seen", OURS, OUR_READING, may=Days(date(2023, 1, 1)),
        proximity_weeks=4, driving_weeks=8,
        open_question="whether the EMA text has 2 and 4 weeks by now, as that of Great Britain has, was not seen",
    ),
    LabelRecord(
        "brexu-cel", "GB", "text revised 30/04/2026", TECARTUS_GB, SOURCE_READ,
        may=Days(date(2026, 4, 30)), stood=Days(date(2026, 4, 30)), daily_days=7, proximity_weeks=4, driving_weeks=8,
        driving_until_neuro_resolved=True, toci_min_doses=1, toci_next_dose_within_h=8, shortage_exception=True,
        note="in hospital for 7 days or at the first signs: optional; later at the physician's discretion",
    ),
    LabelRecord(
        "brexu-cel", "EU", _LEAFLET, TECARTUS_LEAFLET, SECONDARY, may=_SINCE_2022,
        daily_days=10, proximity_weeks=4, driving_weeks=8, note="or 10 days in hospital",
    ),
    LabelRecord(
        "axi-cel", "EU", _CURRENT, YESCARTA_EU, SECONDARY, may=Days(date(2023, 1, 1)), stood=Days(COPIES_READ),
        daily_days=7, proximity_weeks=4, shortage_exception=True,
        note="in hospital: optional; later at the physician's discretion; doses must be there before the infusion",
        open_question="driving, and the number of tocilizumab doses, were not visible in the copy",
    ),
    LabelRecord(
        "axi-cel", "EU", "2022 and earlier", YESCARTA_EARLY, SECONDARY, may=Days(None, COPIES_READ),
        daily_days=10, proximity_weeks=4, driving_weeks=8, driving_until_neuro_resolved=True, toci_min_doses=4,
        note="a stay in hospital is considered; 4 doses are those of the early text",
    ),
    LabelRecord(
        "axi-cel", "US", "before 6/2025", YESCARTA_SITE, SECONDARY,
        may=Days(None, _JULY_2025), stood=Days(None, _JUNE_2025), daily_days=7, watch_weeks=4, proximity_weeks=4,
        proximity_note="within 2 hours", driving_weeks=8, toci_min_doses=2,
        note="daily at the certified site; then signs of CRS are watched for",
    ),
    LabelRecord(
        "tisa-cel", "US", "revised 6/2025", KYMRIAH_US, SECONDARY,
        may=Days(_JUNE_2025), stood=Days(_JULY_2025), daily_days=7, watch_weeks=2, proximity_weeks=2, driving_weeks=2,
        toci_min_doses=2, note="the doses are on site",
    ),
    LabelRecord(
        "tisa-cel", "EU", "copy of September 2026", KYMRIAH_EU, SECONDARY,
        may=Days(date(2020, 1, 1)), stood=Days(COPIES_READ), visits_wk1=(2, 3), proximity_weeks=4,
        proximity_note="within 2 hours of travel", driving_weeks=8, toci_min_doses=1, toci_next_dose_within_h=8,
        shortage_exception=True, note="2 or 3 visits in week 1, or more; later at the physician's discretion",
    ),
    LabelRecord(
        "tisa-cel", "CH", _CURRENT, KYMRIAH_CH, SECONDARY, toci_min_doses=2, toci_next_dose_within_h=8,
        open_question="monitoring, staying near and driving were not seen",
    ),
    LabelRecord(
        "tisa-cel", "EU", "2019", KYMRIAH_SI, SECONDARY, may=Days(date(2019, 1, 1), COPIES_READ), toci_min_doses=4,
        open_question="monitoring, staying near and driving were not seen",
    ),
    LabelRecord(
        "ide-cel", "IL", _CURRENT, ABECMA_IL, SECONDARY, toci_min_doses=1, toci_next_dose_within_h=8,
        open_question="monitoring, staying near and driving were not seen",
    ),
    LabelRecord(
        "ide-cel", "EU", _LEAFLET, ABECMA_LEAFLET, SECONDARY, may=_SINCE_2022,
        daily_days=10, proximity_weeks=4, driving_weeks=8, driving_until_neuro_resolved=True,
        note="daily visits are possible, not fixed; most effects come within 8 weeks",
    ),
    LabelRecord(
        "ide-cel", "US", "before 6/2025", ABECMA_US, SECONDARY,
        may=Days(None, _JULY_2025), stood=Days(None, _JUNE_2025), proximity_weeks=4, driving_weeks=8,
    ),
    LabelRecord(
        "ide-cel", "US", "revised 6/2025", ABECMA_US, SECONDARY,
        may=Days(_JUNE_2025), stood=Days(_JULY_2025), daily_days=7, watch_weeks=2, proximity_weeks=2, driving_weeks=2,
        note="daily visits and watching as the FDA said of the class; sections on the REMS and on driving deleted",
    ),
    LabelRecord(
        "cilta-cel", "EU", _LEAFLET, CARVYKTI_LEAFLET, SECONDARY, may=_SINCE_2022,
        daily_days=14, proximity_weeks=4, driving_weeks=8, note="no driving again if symptoms return",
    ),
    LabelRecord(
        "cilta-cel", "GB", _CURRENT, CARVYKTI_GB, SECONDARY, toci_next_dose_within_h=8, shortage_exception=True,
        note="doses are per patient; an alternative where there are none",
        open_question="the number of doses, monitoring, staying near and driving were not seen",
    ),
    LabelRecord(
        "cilta-cel", "US", "May 2024", CARVYKTI_US, SECONDARY,
        may=Days(date(2024, 5, 1), _JULY_2025), stood=Days(date(2024, 6, 1), _JUNE_2025), daily_days=10, watch_weeks=4,
        proximity_weeks=4, toci_min_doses=2,
        note="watched for 2 hours after the infusion, then daily at the site, then from time to time for late "
        "neurotoxicity; the doses can be used within 2 hours",
    ),
    LabelRecord(
        "cilta-cel", "US", "after 6/2025", NOT_SEEN, UNVERIFIED, may=Days(_JUNE_2025),
        open_question="the numbers of this product were not seen",
    ),
    LabelRecord(
        "obe-cel", ANYWHERE, "any version", NOT_SEEN, UNVERIFIED,
        open_question="monitoring, staying near, driving and tocilizumab in stock were not seen",
    ),
    LabelRecord(
        CLASS, "US", "26 June 2025", FDA_2025, SECONDARY, may=Days(REMS_ENDED), stood=Days(REMS_ENDED),
        daily_days=7, watch_weeks=2, proximity_weeks=2, driving_weeks=2,
        note="tocilizumab on site is no longer a duty of the REMS; the label of a product may still ask for 2 doses",
    ),
)  # fmt: skip
