"""Advice from the chart to the page: what was charted, what protocols then say, what they ask, where they differ."""

from datetime import date

import pytest

from cytovigil.engine.advice import PatientAdvice, advise_patient, situation_of
from cytovigil.engine.advice_text import render_advice
from cytovigil.guidance import ICANS_SCALE, PROTOCOLS, choose_protocols
from cytovigil.model.events import Course, Patient
from cytovigil.model.told import ToldValueError
from cytovigil.rules import SCALES
from cytovigil.rules.scores import SCORES
from spec.charts import ADULT, SETTINGS, at, events
from spec.febrile import FEBRILE, ROOM_AIR, WITH_LABORATORY

INFUSED = ADULT._replace(infusion_time=at("d0 08:00"))
CALM = "\n".join(
    f"d{day} 09:00 | ice | 10\nd{day} 09:00 | consciousness | awake | d{day + 1} 09:00" for day in range(9)
)
AFEBRILE = f"{WITH_LABORATORY.replace('| 39', '| 37')}\n{ROOM_AIR}"
NO_ORGAN = f"{WITH_LABORATORY}\n{ROOM_AIR}\n{CALM}"
LOW_DOSE = "d1 00:00 | vasopressor_high_dose | absent | d5 00:00"
PRESSOR = f"d1 02:00 | norepinephrine | 4/min | d5 00:00\n{LOW_DOSE}"
HIGH_PRESSOR = "d1 02:00 | norepinephrine | 25/min | d5 00:00\nd1 02:00 | vasopressor_high_dose | present | d5 00:00"
LOW = "\n".join(f"d{day} 08:00 | neutrophils | {2 if day < 3 else 0.3}" for day in range(15))
THREE = "\n".join(f"{time} | tocilizumab | 640" for time in ("d1 08:00", "d1 16:00", "d2 00:00"))


def advice(chart: str, time: str | None, *protocols: str, patient: Patient = INFUSED) -> PatientAdvice:
    course = Course((patient,), tuple(events(chart)))
    situation = situation_of(course, SCALES, SCORES, SETTINGS, at(time) if time else None)
    return advise_patient(situation, [PROTOCOLS[name] for name in protocols], (ICANS_SCALE,))


def ids(found: PatientAdvice) -> list[str]:
    (one,) = found.advised
    return [f"{'' if each.applies else '?'}{each.recommendation.id}" for each in one.advice]


BREYANZI, KYMRIAH, ASCO, CARTOX, UMCG = (
    "breyanzi-gb-2026-05", "kymriah-us-2025-06", "asco-2021", "cartox-2018", "umcg-2020",
)  # fmt: skip


@pytest.mark.parametrize(
    ("what", "protocol", "chart", "time", "there", "away"),
    [
        ("fever on day 1: early", BREYANZI, NO_ORGAN, "d1 10:00", "crs-1-tocilizumab crs-1-steroid", "crs-1-symptoms crs-2-tocilizumab"),
        ("one vasopressor in a low dose is grade 2 of the label", BREYANZI, f"{NO_ORGAN}\n{PRESSOR}", "d1 10:00",
         "crs-2-tocilizumab crs-2-early-steroid", "crs-3-steroid crs-2-late-steroid"),
        ("the same is grade 3 by ASTCT", ASCO, f"{NO_ORGAN}\n{PRESSOR}", "d1 10:00", "crs-2-tocilizumab crs-3-steroid crs-3-icu", "crs-2-as-3"),
        ("high dose: grade 3", BREYANZI, f"{NO_ORGAN}\n{HIGH_PRESSOR}", "d1 10:00", "crs-3-steroid hlh", "crs-2-early-steroid"),
        ("dose class not charted: asked", BREYANZI, f"{NO_ORGAN}\nd1 02:00 | norepinephrine | 4/min | d5 00:00", "d1 10:00",
         "?crs-2-early-steroid ?crs-3-steroid crs-2-tocilizumab", "crs-3-steroid"),
        ("continuous dialysis: grade 4 of the label", BREYANZI, f"{NO_ORGAN}\nd1 08:00 | dialysis | continuous | d3 00:00", "d1 10:00",
         "crs-4-steroid", "crs-1-steroid"),
        ("it is not of the Kymriah label", KYMRIAH, f"{NO_ORGAN}\nd1 08:00 | dialysis | continuous | d3 00:00", "d1 10:00", "crs-1-causes", "crs-4-steroid"),
        ("just treated: no second dose yet", KYMRIAH, f"{NO_ORGAN}\n{PRESSOR}\nd1 08:00 | tocilizumab | 640", "d1 15:59", "gm-csf",
         "crs-tocilizumab-again crs-2-tocilizumab crs-2-steroid"),
        ("8 h later, no better", KYMRIAH, f"{NO_ORGAN}\n{PRESSOR}\nd1 08:00 | tocilizumab | 640", "d1 16:00", "crs-tocilizumab-again", "crs-2-steroid"),
        ("24 h later, no better", KYMRIAH, f"{NO_ORGAN}\n{PRESSOR}\nd1 08:00 | tocilizumab | 640", "d2 08:00", "crs-tocilizumab-again crs-2-steroid", "crs-3-as-4"),
        ("doses at 0, 8, 16 h: no fourth at 20 h", KYMRIAH, f"{NO_ORGAN}\n{PRESSOR}\n{THREE}", "d2 04:00", "tocilizumab-limit", "crs-tocilizumab-again"),
        ("the fourth at 24 h", KYMRIAH, f"{NO_ORGAN}\n{PRESSOR}\n{THREE}", "d2 08:00", "crs-tocilizumab-again crs-2-steroid", "tocilizumab-limit"),
        ("never a fifth", KYMRIAH, f"{NO_ORGAN}\n{PRESSOR}\n{THREE}\nd2 08:00 | tocilizumab | 640", "d4 08:00", "tocilizumab-limit", "crs-tocilizumab-again"),
        ("fever for more than 3 days", ASCO, f"d0 09:00 | temperature | 37\n{NO_ORGAN}", "d4 10:00", "crs-1-long-fever", "crs-2-tocilizumab"),
        ("for 2 days", UMCG, NO_ORGAN, "d2 10:00", "crs-1-antibiotics", "crs-1-tocilizumab"),
        ("for 3 days", UMCG, NO_ORGAN, "d3 09:00", "crs-1-tocilizumab", "crs-2-tocilizumab"),
        ("a twitch of 40 s yesterday, ICE 9 today: ICANS 1 today", BREYANZI, f"{AFEBRILE}\n{CALM}\nd5 08:00 | seizure | resolved\nd6 08:30 | ice | 9", "d6 08:45",
         "icans-antiseizure icans-1-late", "icans-3-steroid crs-2-tocilizumab"),
        ("the evening before it was 3", BREYANZI, f"{AFEBRILE}\n{CALM}\nd5 08:00 | seizure | resolved", "d5 20:00", "icans-antiseizure icans-3-steroid", "icans-4-steroid"),
        ("ICANS without CRS: never tocilizumab", ASCO, f"{AFEBRILE}\nd5 08:00 | ice | 5\nd5 08:00 | consciousness | awake", "d5 09:00",
         "icans-ice icans-imaging", "icans-tocilizumab ?icans-tocilizumab crs-2-tocilizumab ?crs-2-tocilizumab"),
        ("ICANS 2 with CRS 1", ASCO, f"{NO_ORGAN}\nd5 10:00 | ice | 5", "d5 11:00", "icans-tocilizumab", "icans-icu crs-2-tocilizumab"),
        ("both: the steroid of neurotoxicity", BREYANZI, f"{NO_ORGAN}\n{PRESSOR}\nd1 10:00 | ice | 2", "d1 11:00", "icans-3-steroid both crs-2-tocilizumab", "crs-2-early-steroid"),
        ("low in spite of two boluses and tocilizumab", ASCO,
         f"{FEBRILE.replace('d0 08:00 | systolic_bp | 120 | d9 00:00', '')}\n{ROOM_AIR}\nd1 06:00 | fluid_bolus | 500\nd1 07:00 | fluid_bolus | 500\nd1 08:00 | tocilizumab | 640\nd1 09:30 | systolic_bp | 80",
         "d1 10:00", "crs-2-steroid", "crs-3-steroid"),
        ("38.3 once with neutrophils of 0.4: febrile neutropenia by NCCN alone", "fever-work-up",
         f"d3 08:00 | temperature | 38.3\nd3 08:00 | neutrophils | 0.4\nd3 08:00 | systolic_bp | 120\n{ROOM_AIR}", "d3 09:00",
         "work-up antibiotics febrile-neutropenia-nccn umcg-2020-crs-1-antibiotics", "febrile-neutropenia-ctcae late"),
        ("fever on day 16 that a person attributes to infection: cultures all the same", "fever-work-up",
         "d16 07:00 | attribution | fever:infection | d18 00:00\nd16 08:00 | temperature | 39", "d16 09:00", "work-up late ?antibiotics", "antibiotics"),
        ("neutropenia for ten days in spite of G-CSF", "eha-ebmt-icaht-2023", f"{LOW}\nd5 09:00 | filgrastim | 300", "d12 09:00",
         "transfusion gcsf work-up-1 work-up-2 ?gcsf-early ?antibacterial antiviral", "gcsf-early antibacterial"),
        ("NCCN asks for other causes from day 14 on", "nccn-growth-factors-2026", f"{LOW}\nd5 09:00 | filgrastim | 300", "d14 07:59", "infection", "other-causes boost"),
        ("which is now", "nccn-growth-factors-2026", f"{LOW}\nd5 09:00 | filgrastim | 300", "d14 08:00", "other-causes boost infection", "platelets"),
        ("a high risk from blood before lymphodepletion", "nccn-growth-factors-2026",
         "d-6 08:00 | platelets | 60\nd-6 08:00 | neutrophils | 1\nd-6 08:00 | hemoglobin | 11\nd-6 08:00 | crp | 5\nd-6 08:00 | ferritin | 900", "d3 08:00",
         "gcsf-high-risk", "?gcsf-high-risk gcsf-low-risk"),
        ("ferritin of more than twice the limit in CRS", "iec-hs-2023", f"{NO_ORGAN}\nd1 08:00 | ferritin | 900 | | ref_high=400", "d1 10:00", "look treatment", "look-severe-crs"),
        ("the same without CRS", "iec-hs-2023", f"{AFEBRILE}\n{CALM}\nd1 08:00 | ferritin | 900 | | ref_high=400", "d1 10:00", "", "look ?look treatment ?treatment"),
        ("diffuse oedema", "cerebral-oedema", f"{AFEBRILE}\n{CALM}\nd5 08:00 | raised_icp | diffuse_oedema", "d5 09:00",
         "breyanzi-gb-2026-05-oedema cartox-2018-icans-pressure kymriah-us-2025-06-icans-4-steroid", ""),
        ("ICANS 2 without CRS is no intensive care yet", "intensive-care", f"{AFEBRILE}\nd5 08:00 | ice | 5\nd5 08:00 | consciousness | awake", "d5 09:00", "", "asco-2021-icans-icu cartox-2018-icans-icu"),
        ("ICANS 3 is", "intensive-care", f"{AFEBRILE}\nd5 08:00 | ice | 2\nd5 08:00 | consciousness | awake", "d5 09:00", "asco-2021-icans-icu cartox-2018-icans-icu", "asco-2021-icans-4-airway"),
        ("nothing charted: everything is asked", UMCG, "", "d2 10:00", "?crs-1-symptoms ?crs-2-tocilizumab ?crs-4-steroid", "crs-1-symptoms"),
    ],
)  # fmt: skip
def test_from_chart_to_advice(what: str, protocol: str, chart: str, time: str, there: str, away: str) -> None:
    found = set(ids(advice(chart, time, protocol)))
    assert set(there.split()) <= found, what
    assert not set(away.split()) & found, what


def test_without_a_time_it_is_the_last_moment_of_the_record() -> None:
    assert advice("d1 08:00 | temperature | 39\nd2 10:00 | heart_rate | 80", None, UMCG).at == at("d2 10:00")
    late = "d1 08:00 | temperature | 39 | | recorded_at=d1 11:00"
    assert advice(late, None, UMCG).at == at("d1 11:00")  # when the last of it was known
    assert advice("", None, UMCG).at == at("d0 08:00")
    dead = "d1 08:00 | temperature | 39\nd2 10:00 | death | crs"
    assert advice(dead, None, UMCG).at == at("d1 08:00")


@pytest.mark.parametrize(
    ("chart", "time", "sentence"),
    [
        ("", "d-1 08:00", "P1: the infusion is at 2026-03-02T08:00:00+01:00: choose this time, or a later one"),
        (
            "d2 10:00 | death | crs",
            "d2 10:00",
            "P1 is followed until 2026-03-04T10:00:00+01:00: choose a time before it",
        ),
    ],
)
def test_a_time_that_cannot_be(chart: str, time: str, sentence: str) -> None:
    with pytest.raises(ToldValueError, match=sentence.replace("+", r"\+")):
        advice(chart, time, UMCG)


def test_questions_say_what_was_charted_last() -> None:
    chart = f"{WITH_LABORATORY}\n{CALM}\nd1 06:00 | oxygen_device | nasal_cannula\nd1 06:00 | spo2 | 95"
    found = advice(chart, "d1 23:00", ASCO)
    text = render_advice(found, SCALES)
    assert (
        "  oxygen device: not charted since 2026-03-03T06:00:00+01:00: please chart (recommendations that rest on it:"
        in text
    )
    assert "  neutrophils: never charted: please chart (recommendations that rest on it: 2)" in text
    assert "  product: not given: please add" in text
    counts = [one.recommendations for one in found.questions]
    assert counts == sorted(counts, reverse=True)


def test_a_page_says_state_source_condition_strength_and_status() -> None:
    chart = f"{NO_ORGAN}\n{PRESSOR}\nd1 08:00 | tocilizumab | 640"
    text = render_advice(advice(chart, "d2 08:00", KYMRIAH, ASCO, "ebmt-eha-2022"), SCALES)
    for line in (
        "P1, infusion 1, product not given: day 2, 2026-03-04T08:00:00+01:00",
        "machine grade, unconfirmed; not for decisions about a patient who is being treated now",
        "  CRS, ASTCT consensus 2019 (crs-astct-2019): 3",
        "  This protocol is for another product, or for another time.",
        "    if there is no improvement",
        "    - give: corticosteroid until neither vasopressor nor oxygen is needed, then taper "
        "(methylprednisolone 2 mg/kg, every 24 h, intravenous)  [secondary source]",
        "        when CRS grade: 2 or 3 and CRS no better 24 h after tocilizumab or a corticosteroid  (crs-2-steroid)",
        "    - give: tocilizumab again (tocilizumab 8 mg/kg, 12 mg/kg below 30 kg, at most 800 mg, intravenous over 1 h)  "
        "[secondary source]",
        "Sources without steps here",
        "  EBMT/EHA recommendations 2022 (ebmt-eha-2022): source not read: nothing is filled in from another",
        "Where protocols differ",
        "    asco-2021: do: intensive care",
        "    nothing now: kymriah-us-2025-06",
    ):
        assert line in text.splitlines(), line
    assert not any("nothing now" in line and "ebmt-eha-2022" in line for line in text.splitlines())


def test_the_product_decides_which_labels_speak() -> None:
    treated = INFUSED._replace(product="tisa-cel")
    text = render_advice(advice(NO_ORGAN, "d2 08:00", KYMRIAH, ASCO, patient=treated), SCALES)
    assert text.startswith("P1, infusion 1, tisa-cel: day 2, 2026-03-04T08:00:00+01:00\n")
    assert "another product" not in text and "product: not given" not in text


def test_what_all_say_alike_is_no_difference() -> None:
    well = advice(
        f"{CALM}\nd1 08:00 | temperature | 37\nd1 08:00 | systolic_bp | 120\n{ROOM_AIR}", "d1 09:00", UMCG, CARTOX
    )
    text = render_advice(well, SCALES)
    assert text.split("Nothing applies now\n")[1].partition("\n\n")[0].splitlines() == [
        "  UMCG Groningen 2020 (umcg-2020): as far as the source was read; weakest evidence: our reading",
        "  CARTOX 2018 (cartox-2018): as far as the source was read; weakest evidence: unverified",
    ]
    assert "Where protocols differ" not in text and "What is not known" not in text
    febrile = render_advice(advice(f"{FEBRILE}\n{ROOM_AIR}\n{PRESSOR}", "d1 10:00", "umcg-2020", "umcg-2020"), SCALES)
    assert "Where protocols differ" not in febrile


def test_many_possible_values_are_told_by_their_ends() -> None:
    text = render_advice(advice("", "d2 10:00", ASCO), SCALES)
    assert "not known: product (axi-cel to other)" in text
    assert "not known: CRS grade (0 to 4)" in text


def test_of_several_protocols_what_rests_on_an_unknown_grade_is_counted() -> None:
    text = render_advice(advice("", "d5 10:00", UMCG, ASCO, "eha-ebmt-icaht-2023"), SCALES)
    counted = text.split("\nDepends on what nothing is known of\n")[1].partition("\n\n")[0]
    assert counted.splitlines() == [
        "  UMCG Groningen 2020 (umcg-2020): nothing is known of CRS grade, how long fever has lasted; steps that rest on "
        "it: 12",
    ]
    assert (
        "    nothing is known of CRS grade, how long fever has lasted, ICANS grade, raised intracranial pressure or "
        "oedema; steps that rest on it: "
    ) in text
    assert "? consider: antiseizure drug as prophylaxis" in text and "CRS grade (0 to 4)" not in text
    assert "  temperature: never charted: please chart" in text  # the question stays
    partly = render_advice(advice(f"{FEBRILE}\n{ROOM_AIR}", "d1 10:00", UMCG, ASCO), SCALES)
    assert "    nothing is known of ICANS grade, raised intracranial pressure or oedema; steps that" in partly
    assert "- give: ceftazidime" in partly


ORDER = (
    "Grades now", "last look", "given so far", "What applies now, in short", "ASCO guideline 2021  (asco-2021, version 1)",
    "What is not known, and would settle it", "Appendix: sources, and lists in full", "Where protocols differ",
    "Sources without steps here", "About these sources",
)  # fmt: skip


def test_what_matters_now_stands_first_and_sources_last() -> None:
    chart = f"{NO_ORGAN}\n{PRESSOR}\nd1 08:00 | tocilizumab | 640"
    found = advice(chart, "d2 08:00", ASCO, UMCG, "ebmt-eha-2022")
    lines = render_advice(found, SCALES, watched=["last look"], given=["given so far"]).splitlines()
    places = [lines.index(heading) for heading in ORDER]
    assert places == sorted(places)
    short = lines[lines.index("What applies now, in short") + 1 :]
    assert short[0].startswith("  ASCO guideline 2021: give: corticosteroid, with a fast taper (dexamethasone 10 mg, ")
    assert "; and " in short[0] and short[0].endswith(" may apply")
    assert short[1].startswith("  UMCG Groningen 2020: give: corticosteroid (dexamethasone 10 mg, every 6 h); ")
    assert short[2] == ""
    sources = "\n".join(lines[lines.index("About these sources") :])
    assert sources.count("    Source: ") == 2


def test_in_short_nothing_is_said_twice() -> None:
    found = advice(f"{AFEBRILE}\nd5 08:00 | ice | 2\nd5 08:00 | consciousness | awake", "d5 09:00", "intensive-care")
    lines = render_advice(found, SCALES).splitlines()
    short = lines[lines.index("What applies now, in short") + 1]
    assert short == "  Intensive care: when each source asks for it: do: intensive care"


def test_in_short_a_protocol_of_which_nothing_is_sure_says_so() -> None:
    lines = render_advice(advice("", "d2 10:00", UMCG), SCALES).splitlines()
    assert lines[lines.index("What applies now, in short") + 1] == (
        "  UMCG Groningen 2020: nothing for sure; 11 may apply"
    )


@pytest.mark.parametrize(
    ("product", "day", "there", "away"),
    [
        ("liso-cel", "2026-05-05", "breyanzi-gb-2026-05 asco-2021 ebmt-eha-2022", "kymriah-us-2025-06 abecma"),
        ("liso-cel", "2026-05-04", "asco-2021", "breyanzi-gb-2026-05"),
        ("tisa-cel", "2025-07-01", "kymriah-us-2025-06 kymriah-eu", "yescarta"),
        ("axi-cel", "2019-01-01", "cartox-2018 yescarta", "asco-2021 umcg-2020"),
        ("", "2026-06-01", "asco-2021 nccn", "breyanzi-gb-2026-05 kymriah-us-2025-06 abecma"),
    ],
)
def test_which_protocols_fit(product: str, day: str, there: str, away: str) -> None:
    found = {one.id for one in choose_protocols(None, product, date.fromisoformat(day))}
    assert set(there.split()) <= found and not set(away.split()) & found


def test_a_protocol_by_name_needs_not_fit() -> None:
    assert [one.id for one in choose_protocols(" ASCO-2021 ", "", date(2015, 1, 1))] == ["asco-2021"]
    with pytest.raises(ToldValueError, match="unknown protocol 'asco': did you mean asco-2021"):
        choose_protocols("asco", "", date(2026, 1, 1))


def test_before_any_protocol_none_is_shown() -> None:
    found = advice("", None)
    assert "no protocol is for this product and day: name one with --protocol" in render_advice(found, SCALES)
