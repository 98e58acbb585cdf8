"""The whole page of an explanation, and the whole of it as plain values."""

import json

from cytovigil.engine.explain import Explanation, explain_course
from cytovigil.engine.explain_text import render_text
from cytovigil.logic.text import assumptions
from cytovigil.model.events import Course
from cytovigil.model.settings import from_site
from cytovigil.rules import SCALES
from spec.charts import ADULT, at, events

SITE = from_site({"fever_window_h": 12, "icans_window_days": 45})
FIRST = ADULT._replace(infusion=1, infusion_time=at("d0 08:00"))
SECOND = ADULT._replace(infusion=2, infusion_time=at("d3 08:00"))
SOURCE = (
    "Lee DW et al. ASTCT consensus grading for CRS and neurologic toxicity. "
    "Biol Blood Marrow Transplant 2019;25:625-638; doi 10.1016/j.bbmt.2018.12.758; CRS and ICANS tables and their text"
)


def crs_of_the_second_infusion() -> Explanation:
    chart = """
        d0 09:00 | temperature    | 37.0
        d3 09:00 | temperature    | 39.0          | | recorded_by=nurse A
        d3 09:00 | spo2           | 97
        d3 11:00 | systolic_bp    | 80            | | source_id=monitor/7
        d3 12:00 | oxygen_device  | nasal_cannula | | source_id=
        d3 12:00 | culture        | positive
        d3 13:00 | tocilizumab    | 560"""
    course = Course((SECOND, FIRST), tuple(events(chart)))
    return explain_course(course, None, SCALES["crs-astct-2019"], SITE, at("d3 12:30"))


def icans_with_an_attribution() -> Explanation:
    chart = """
        d1 08:00 | ice             | 10
        d2 08:00 | rass            | 0            |           | recorded_by=nurse A
        d2 08:00 | rass            | 1
        d2 08:00 | ice_orientation | 3
        d2 08:00 | ice_command     | 1
        d2 08:00 | ice_writing     | 1
        d2 08:00 | ice_attention   | 1
        d2 08:30 | attribution     | ice:sedation | d2 20:00  | recorded_by=dr B; shown="""
    course = Course((FIRST,), tuple(events(chart)))
    return explain_course(course, None, SCALES["icans-astct-2019"], SITE, at("d2 09:00"))


CRS_PAGE = f"""\
P1, infusion 2: CRS, ASTCT consensus 2019 = 2..3 at 2026-03-05T12:30:00+01:00, the same since \
2026-03-05T12:00:00+01:00
machine grade, unconfirmed; rule crs-astct-2019 version 1; {SOURCE}
course: open
to narrow it, chart: oxygen_flow
flag positive_culture: a positive culture is charted: another cause is possible

Facts
  hypotension: yes
    systolic_bp 80 at 2026-03-05T11:00:00+01:00 (monitor/7)
  number of vasopressors: none
  oxygen support above baseline: low flow or high flow or mask (not known)
    oxygen_device nasal_cannula at 2026-03-05T12:00:00+01:00 (no source id)
  fever: yes
    temperature 39.0 at 2026-03-05T09:00:00+01:00 (temperature@d3 09:00, nurse A)

Conditions
=> [  yes  ] Hypotension 2: low pressure that needs no vasopressor
     when hypotension  [source read]; the paper gives no limit: the limits by age, and 6 h for a fluid bolus, are \
our reading
   [  no   ] Hypotension 3: one vasopressor, with or without vasopressin
     when hypotension and number of vasopressors: one or more  [source read]; vasopressin alone counts as one and is \
flagged: our reading
   [  no   ] Hypotension 4: more than one vasopressor, vasopressin not counted
     when hypotension and number of vasopressors: two or more  [source read]; whatever the dose; inotropes do not \
count (the paper names milrinone; the others by analogy)
=> [  yes  ] Hypoxia 2: low-flow nasal cannula, up to 6 L/min, or blow-by
     when oxygen support above baseline: low flow or more  [source read]
=> [unknown] Hypoxia 3: high-flow cannula above 6 L/min, face mask, non-rebreather or Venturi mask
     when oxygen support above baseline: high flow or mask or more  [source read]
   [  no   ] Hypoxia 4: positive pressure: CPAP, BiPAP, intubation with ventilation
     when oxygen support above baseline: positive pressure  [source read]; support not above the baseline, or to \
protect the airway, is not for hypoxia of CRS: our reading

Assumptions (our reading, changed by the site's file)
  systolic_adult_mmhg = 90: systolic pressure below this is hypotension in adults
  systolic_infant_mmhg = 70: systolic pressure below this is hypotension under 1 year
  systolic_per_year_mmhg = 2: added to that limit per completed year, below the adult's age
  adult_pressure_years = 10: from this age in completed years the adult's limits hold
  mean_adult_mmhg = 65: mean pressure alone: below this is hypotension in adults
  fluid_bolus_h = 6: a fluid bolus is hypotension this many hours
  infusion_valid_h = 12: an infusion runs this many hours after its last row
  infusion_unknown_h = 48: from then, until this many hours after its last row, it is unknown
  spo2_percent = 90: saturation below this is hypoxia
  low_flow_l_min = 6: a cannula up to this flow, in L/min, is low flow
  sure_flow_l_min = 4: a cannula up to this flow, in L/min, gives less than 40 % oxygen
  finding_unknown_h = 48: after a positive finding expires the signal is unknown this many hours
  baseline_oxygen_days = 7: oxygen charted in this many days before infusion is the baseline
  airway_window_h = 6: hours looked back for a reason to protect the airway, and for hypoxia
  airway_spo2_percent = 92: saturation below this before it speaks for hypoxia
  extubation_h = 24: support in this many hours after extubation may be routine
  fever_cel = 38: fever is a temperature at or above this, in degrees Celsius
  fever_window_h = 12: a fever counts this many hours
  crs_window_days = 30: CRS can begin until this day after infusion
  crs_late_days = 15: CRS that begins from this day is flagged late_onset
  crs_reopen_h = 48: a sign within this many hours reopens the CRS episode
  treated_before_onset_h = 1: a treatment this long before the first fever belongs to the episode
  masked_after_episode_days = 7: fever may be hidden this many days after a treated episode
  mask_antipyretic_h = 8: an antipyretic may hide fever this many hours
  mask_dexamethasone_h = 48: dexamethasone may hide fever this many hours
  mask_corticosteroid_h = 24: another corticosteroid may hide fever this many hours
  mask_anticytokine_h = 24: anakinra and other anticytokines may hide fever this many hours
  mask_antibody_h = 168: tocilizumab and siltuximab may hide fever this many hours
  low_dose_prednisolone_mg = 10: up to this much prednisolone in 24 h neither treats nor masks
  same_dose_min = 5: the same dose charted twice within this many minutes is one dose
  attribution_h = 72: an attribution without an end holds at most this many hours
  short_stretch_h = 1: a shorter uncertain stretch does not count for the highest grade of a day
"""

ICANS_PAGE = f"""\
P1, infusion 1: ICANS, ASTCT consensus 2019 = 0 at 2026-03-04T09:00:00+01:00, the same since 2026-03-04T08:30:00+01:00
machine grade, unconfirmed; rule icans-astct-2019 version 1; {SOURCE}
as charted, without attributions: 1..2
flag tie: different values at one time: the worse one counts

Facts
  ICE score: 10
    attribution ice:sedation at 2026-03-04T08:30:00+01:00 (attribution@d2 08:30, dr B)
  CAPD score: 0
  arousal: awake
    rass 0 at 2026-03-04T08:00:00+01:00 (rass@d2 08:00, nurse A)
  seizure: none
  motor weakness: none
  raised intracranial pressure or oedema: none
  sedation: no
  invasive ventilation: no

Conditions
   [  no   ] ICE, or CAPD under 12 years 1: ICE 7-9, or CAPD 1-8
     when ICE score: 9 or less, or CAPD score: 1 or more  [source read]; CAPD 1-8 is grade 1 or 2, by arousal
   [  no   ] ICE, or CAPD under 12 years 2: ICE 3-6
     when ICE score: 6 or less, or CAPD score: 9 or more  [source read]
   [  no   ] ICE, or CAPD under 12 years 3: ICE 0-2, or CAPD 9 or more
     when ICE score: 2 or less, or CAPD score: 9 or more  [source read]; unarousable is graded by arousal
   [  no   ] Depressed consciousness 1: drowsy, awakens spontaneously
     when arousal: awakens spontaneously, drowsy or more  [source read]; awake and not drowsy is grade 0: our reading
   [  no   ] Depressed consciousness 2: awakens to voice
     when arousal: awakens to voice or more  [source read]
   [  no   ] Depressed consciousness 3: awakens only to touch
     when arousal: awakens only to touch or more  [source read]
   [  no   ] Depressed consciousness 4: unarousable, or needs vigorous stimuli; stupor or coma
     when arousal: unarousable  [source read]
   [  no   ] Seizure 3: any seizure that resolves rapidly, or a nonconvulsive one that resolves
     when seizure: resolved or more  [source read]; counts until 24 h after it ended: our reading
   [  no   ] Seizure 4: prolonged over 5 min, or repetitive without return to baseline
     when seizure: prolonged or repetitive  [source read]
   [  no   ] Motor weakness 4: deep focal weakness: hemiparesis, paraparesis
     when motor weakness: deep focal  [source read]
   [  no   ] Raised intracranial pressure, oedema 3: focal oedema on imaging
     when raised intracranial pressure or oedema: focal oedema or more  [source read]
   [  no   ] Raised intracranial pressure, oedema 4: diffuse oedema, posturing, sixth nerve palsy, papilloedema, \
Cushing triad
     when raised intracranial pressure or oedema: diffuse or signs  [source read]; not counted while intracranial \
bleeding is charted

Assumptions (our reading, changed by the site's file)
  assessment_min = 30: rows within this many minutes are one ICE or CAPD assessment
  assessment_wait_min = 10: an incomplete assessment counts this many minutes after its first row
  assessment_due_h = 12: an ICE or CAPD older than this many hours is due
  capd_below_years = 12: CAPD is used below this age in completed years, ICE from it
  seizure_h = 24: a seizure counts until this many hours after it ended
  finding_unknown_h = 48: after a positive finding expires the signal is unknown this many hours
  sedative_tail_h = 6: sedation lasts this many hours after a sedative's infusion
  midazolam_tail_h = 12: sedation lasts this many hours after a midazolam infusion
  sedation_hold_h = 72: a grade is held under sedation at most this many hours
  sedation_last_value_h = 24: the grade held is one of at most this many hours before the sedation
  infusion_valid_h = 12: an infusion runs this many hours after its last row
  infusion_unknown_h = 48: from then, until this many hours after its last row, it is unknown
  icans_window_days = 45: ICANS is graded until this day after infusion
  icans_end_h = 24: ICANS ends when grade 0 is known for this many hours
  icans_reopen_h = 48: ICANS within this many hours reopens the episode
  attribution_h = 72: an attribution without an end holds at most this many hours
  short_stretch_h = 1: a shorter uncertain stretch does not count for the highest grade of a day
"""


def test_the_page_of_a_crs_grade_after_a_second_infusion() -> None:
    assert render_text(crs_of_the_second_infusion(), SITE) == CRS_PAGE


def test_the_page_of_an_icans_grade_with_an_attribution() -> None:
    assert render_text(icans_with_an_attribution(), SITE) == ICANS_PAGE


def test_the_same_as_plain_values() -> None:
    found = icans_with_an_attribution().to_json()
    assert json.loads(json.dumps(found)) == found
    conditions, assumed = found.pop("conditions"), found.pop("assumptions")
    assert found == {
        "patient_id": "P1",
        "infusion": 1,
        "scale": "icans-astct-2019",
        "version": "1",
        "source": SOURCE,
        "status": "machine grade, unconfirmed",
        "at": "2026-03-04T09:00:00+01:00",
        "since": "2026-03-04T08:30:00+01:00",
        "low": 0,
        "high": 0,
        "charted_low": 1,
        "charted_high": 2,
        "states": [],
        "missing": [],
        "flags": {"tie": "different values at one time: the worse one counts"},
        "fields": [
            {
                "name": "ice",
                "says": "ICE score",
                "values": ["10"],
                "rows": [
                    {
                        "source_id": "attribution@d2 08:30",
                        "signal": "attribution",
                        "value": "ice:sedation",
                        "time": "2026-03-04T08:30:00+01:00",
                        "recorded_by": "dr B",
                    },
                ],
                "missing": [],
                "flags": [],
            },
            _settled("capd", "CAPD score", "0"),
            {
                "name": "arousal",
                "says": "arousal",
                "values": ["awake"],
                "rows": [
                    {
                        "source_id": "rass@d2 08:00",
                        "signal": "rass",
                        "value": "0",
                        "time": "2026-03-04T08:00:00+01:00",
                        "recorded_by": "nurse A",
                    },
                ],
                "missing": [],
                "flags": ["tie"],
            },
            _settled("seizure", "seizure", "none"),
            _settled("motor_weakness", "motor weakness", "none"),
            _settled("raised_icp", "raised intracranial pressure or oedema", "none"),
            _settled("sedation", "sedation", "no"),
            _settled("ventilation", "invasive ventilation", "no"),
        ],
        "biomarkers": [],
        "published_facts": [],
    }
    assert conditions[0] == {
        "domain": "ICE, or CAPD under 12 years",
        "grade": 1,
        "says": "ICE 7-9, or CAPD 1-8",
        "condition": "ICE score: 9 or less, or CAPD score: 1 or more",
        "truth": "no",
        "decides": False,
        "source": SOURCE,
        "status": "source read",
        "note": "CAPD 1-8 is grade 1 or 2, by arousal",
        "fields": ["ice", "capd"],
    }
    assert [(one["truth"], one["decides"]) for one in conditions] == [("no", False)] * 12
    assert assumed == [
        {"name": name, "value": value, "says": says}
        for name, value, says in assumptions(SCALES["icans-astct-2019"], SITE)
    ]


def _settled(name: str, says: str, value: str) -> dict[str, object]:
    """A field of one value that rests on no row."""
    return {"name": name, "says": says, "values": [value], "rows": [], "missing": [], "flags": []}
