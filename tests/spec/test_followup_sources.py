"""Where sources disagree they stand side by side: immunoglobulin, prophylaxis, vaccination, irradiated products."""

import datetime as dt

import pytest
from charts import DAY_0, SETTINGS
from follow_kit import INFUSED, rows, stands, table, told, who

from cytovigil.following import follow_course
from cytovigil.followup.chart import Chart, Place
from cytovigil.followup.facts import fact_of
from cytovigil.followup.fields import B_CELL_LOSS, NEXT_THERAPY, NEXT_THERAPY_YEAR
from cytovigil.followup.items import Decide, DrivingRule
from cytovigil.followup.judge import follow_item
from cytovigil.followup.late import DRIVING
from cytovigil.followup.prophylaxis import IRRADIATED
from cytovigil.followup.schedule import ITEMS
from cytovigil.followup.sources import TECARTUS_GB
from cytovigil.model.events import Course, Patient
from cytovigil.model.settings import from_site

KEYS = (
    "Hill 2019", "ASH table", "Baird 2021", "Blood table", "AAAAI 2022", "ASBMT", "UK consensus",
    "EU label of immunoglobulin", "NTVH 2015", "Tecartus SmPC",
)  # fmt: skip
TWICE = "d30..d34 infection bacterial, d60..d64 infection bacterial"
# case | who | chart | on day | what each of KEYS says, ? where it may say several | the item
THRESHOLDS = f"""
I7: 3.8, no infection               | adult | d45 igg 3.8 | d45 | give give observe observe not not not not not refer | due d45
3.8 beyond 3 months, no infection   | adult | d95 igg 3.8 | d95 | not give observe observe not not not not not refer | due d95
exactly 4 (400 mg/dL)               | adult | d45 igg 4 | d45 | give give not not not not not not not refer | due d45
4.01                                | adult | d45 igg 4.01 | d45 | not not not not not not not not not refer | not applicable
1.49                                | adult | d45 igg 1.49 | d45 | give give observe observe give not not not not refer | due d45
1.5                                 | adult | d45 igg 1.5 | d45 | give give observe observe not not not not not refer | due d45
3.8, one bacterial infection        | adult | d40..d44 infection bacterial, d45 igg 3.8 | d45 | give give ? ? ? ? ? ? not refer | due d45
3.8, two bacterial infections       | adult | {TWICE}, d95 igg 3.8 | d95 | give give ? ? give consider ? ? not refer | due d95
4.5, two bacterial infections       | adult | {TWICE}, d95 igg 4.5 | d95 | consider not not not ? consider ? ? not refer | due d95
5, two bacterial infections         | adult | {TWICE}, d95 igg 5 | d95 | consider not not not ? consider not ? not refer | due d95
5, also IgA low by limit            | adult | {TWICE}, d95 igg 5, d95 iga 0.1 ref_low=0.7, d95 igm 1 ref_low=0.4 | d95 | consider not not not ? consider not ? not refer | due d95
5, IgA and IgM within limits        | adult | {TWICE}, d95 igg 5, d95 iga 1 ref_low=0.7, d95 igm 1 ref_low=0.4 | d95 | consider not not not not consider not ? not refer | due d95
6, two bacterial infections         | adult | {TWICE}, d95 igg 6 | d95 | consider not not not ? consider not ? not refer | due d95
6.01, two bacterial infections      | adult | {TWICE}, d95 igg 6.01 | d95 | ? not not not ? consider not ? not refer | due d95
7, two bacterial infections         | adult | {TWICE}, d95 igg 7 | d95 | ? not not not not consider not ? not refer | due d95
2.9 in CLL, two infections          | liso-cel CLL 60 | {TWICE}, d95 igg 2.9 | d95 | give give ? ? give consider ? ? ? refer | due d95
3 in CLL, two infections            | liso-cel CLL 60 | {TWICE}, d95 igg 3 | d95 | give give ? ? give consider ? ? not refer | due d95
brexu-cel, two infections           | brexu-cel MCL 60 | {TWICE}, d95 igg 8 | d95 | ? not not not not consider not ? not give | due d95
the same, and a viral one with it   | adult | d40..d44 infection bacterial, d40 infection viral, d45 igg 3.8 | d45 | give give ? ? ? ? ? ? not refer | due d45
a viral infection only              | adult | d40..d44 infection viral, d45 igg 3.8 | d45 | give give ? observe ? not not not not refer | due d45
infections of 11 months ago         | adult | {TWICE}, d370 igg 3.8 | d370 | give give ? ? give consider ? ? not refer | due d370
infections of more than a year ago  | adult | {TWICE}, d440 igg 3.8 | d440 | not give observe observe not not not not not refer | due d440
never measured                      | adult | | d45 | ? ? ? ? ? not not not not refer | unknown igg|immunoglobulin
measured 45 days ago                | adult | d45 igg 3.8 | d89 | give give observe observe not not not not not refer | overdue d45
measured 46 days ago                | adult | d45 igg 3.8 | d91 | ? ? ? ? ? not not not not refer | unknown igg|immunoglobulin
above 4 long ago                    | adult | d45 igg 4.4 | d391 | not not not not not not not not not refer | not applicable
below the limit of the test         | adult | d45 igg <3 | d45 | give give observe observe ? not not not not refer | due d45
measured after immunoglobulin       | adult | d40 immunoglobulin 30, d60 igg 6 | d80 | ? ? ? ? ? not not not not refer | unknown igg|immunoglobulin
given                               | adult | d45 igg 3.8, d50 immunoglobulin 30 | d60 | give give observe observe not not not not not refer | done d50
given 5 weeks ago                   | adult | d45 igg 3.8, d46 immunoglobulin 30 | d81 | give give observe observe not not not not not refer | due d81
"""


def said(item: str, chart: str, day: int, patient: Patient) -> dict[str, str]:
    """What each source says; ? where it may say several."""
    heard = stands(item, chart, day, patient).heard
    return {one.opinion.source.key: next(iter(one.verdicts)) if len(one.verdicts) == 1 else "?" for one in heard}


@pytest.mark.parametrize(
    ("case", "person", "chart", "day", "verdicts", "expected"),
    table(THRESHOLDS),
)
def test_every_threshold_of_substitution(
    case: str, person: str, chart: str, day: int, verdicts: str, expected: str
) -> None:
    assert said("igg-substitution", chart, day, who(person)) == dict(zip(KEYS, verdicts.split(), strict=True)), case
    assert told(stands("igg-substitution", chart, day, who(person))) == expected, case


def test_i7_the_disagreement_is_printed() -> None:
    found = stands("igg-substitution", "d45 igg 3.8", 45)
    assert found.why(str) == (
        "igg 3.8 on 2026-04-16; give: Hill 2019, ASH table; observe: Baird 2021, Blood table; refers to guidelines: "
        "Tecartus SmPC; not: AAAAI 2022, ASBMT, UK consensus, EU label of immunoglobulin, NTVH 2015"
    )


READY = "d190 igg 5.5, d130 immunoglobulin 30, d195 cd4 240, d195 b_cells 30, d190 immunosuppression no"


def test_i7_day_200_killed_vaccines_may_be_given_and_live_ones_not() -> None:
    assert set(said("vaccine-pneumococcal", READY, 200, INFUSED).values()) == {"give", "refer"}
    assert told(stands("vaccine-pneumococcal", READY, 200)) == "due d195"
    assert told(stands("vaccine-live", READY, 200)) == "later d365"


def test_a_rule_on_chemotherapy_decides_nothing_here() -> None:
    assert said("vaccine-pneumococcal", READY, 200, INFUSED)["RIVM LCI 2023"] == "refer"


def test_i7_day_60_is_too_early_for_influenza() -> None:
    assert told(stands("vaccine-influenza", "", 60)) == "later d92"
    november = INFUSED._replace(infusion_time=INFUSED.infusion_time + 200 * 86_400)
    assert told(stands("vaccine-influenza", "", 260, november)) == "later d291"


# case | who | chart | on day | Hill & Seo, consensus, experts, RIVM | the item
KILLED = f"""
ready at day 200                    | adult | {READY} | d200 | give give give refer | due d195
3 months, recovered                  | adult | d80 cd4 240, d80 b_cells 30, d80 immunosuppression no | d92 | wait give give refer | due d92
4 months, recovered                 | adult | d110 cd4 240, d110 b_cells 30, d110 immunosuppression no | d125 | wait give give refer | due d110
4 months, nothing charted           | adult | | d125 | wait ? ? refer | unknown b_cells|cd4|immunosuppression
4 months, CD4 of 200                | adult | d110 cd4 200, d110 b_cells 30, d110 immunosuppression no | d125 | wait wait wait refer | not applicable
4 months, B cells of 20             | adult | d110 cd4 240, d110 b_cells 20, d110 immunosuppression no | d125 | wait wait wait refer | not applicable
5 months, CD4 of 50 and no B cells  | adult | d149 cd4 50, d149 b_cells 0 | d150 | wait wait wait refer | not applicable
immunoglobulin 6 weeks ago          | adult | {READY}, d160 immunoglobulin 30 | d200 | wait give wait refer | due d195
immunosuppression not charted       | adult | d190 cd4 240, d195 b_cells 30 | d200 | ? ? ? refer | unknown immunosuppression
immunosuppressed                    | adult | d195 cd4 240, d195 b_cells 30, d190 immunosuppression yes | d200 | wait wait wait refer | not applicable
immunosuppression charted last year | adult | d195 cd4 240, d195 b_cells 30, d1 immunosuppression no | d400 | ? ? ? refer | unknown b_cells|immunosuppression
8 months, no recovery               | adult | d240 cd4 50, d240 b_cells 0, d240 immunosuppression no | d250 | give wait wait refer | due d240
a steroid cream                     | adult | {READY}, d199 prednisolone 20 route=topical | d200 | give give give refer | due d195
"""


@pytest.mark.parametrize(("case", "person", "chart", "day", "verdicts", "expected"), table(KILLED))
def test_who_lets_vaccinate(case: str, person: str, chart: str, day: int, verdicts: str, expected: str) -> None:
    assert list(said("vaccine-pneumococcal", chart, day, who(person)).values()) == verdicts.split(), case
    assert told(stands("vaccine-pneumococcal", chart, day, who(person))) == expected, case


@pytest.mark.parametrize(
    ("therapy", "expected"),
    [
        (200, "? give ? refer"),
        (17, "? give ? refer"),
        (16, "give give give refer"),
        (150, "? give ? refer"),
        (5, "give give give refer"),
        (300, "give give give refer"),
    ],
)
def test_another_therapy_of_the_last_6_months_may_be_an_antibody(therapy: int, expected: str) -> None:
    patient = INFUSED._replace(next_therapy_date=INFUSED.infusion_time + therapy * 86_400)
    assert list(said("vaccine-pneumococcal", READY, 200, patient).values()) == expected.split()


LIVE = "d690 cd4 400, d690 b_cells 90, d690 immunosuppression no"


@pytest.mark.parametrize(
    ("therapy", "half_a_year", "a_year"),
    [(335, True, True), (336, True, False), (516, True, False), (517, False, False)],
)
def test_another_therapy_counts_as_long_as_the_source_says(therapy: int, half_a_year: bool, a_year: bool) -> None:
    """Day 700 is 31 January 2028; those days are 31 January, 1 February, 31 July and 1 August 2027."""
    patient = INFUSED._replace(next_therapy_date=INFUSED.infusion_time + therapy * 86_400)
    chart = chart_on(DAY_0 + dt.timedelta(days=700), patient, LIVE)
    over = [fact_of(chart, field).values == {False} for field in (NEXT_THERAPY, NEXT_THERAPY_YEAR)]
    assert over == [half_a_year, a_year]
    assert set(said("vaccine-live", LIVE, 700, patient).values()) == {"?", "refer"}


# case | who | chart | on day | EHA/EBMT, ASH, Stanford, Blood, NCCN of the antiviral | the item
ANTIVIRAL = """
at 5 months                         | adult | d100 cd4 100 | d150 | continue continue continue continue continue | overdue d0
at 5 months, CD4 above 200          | adult | d100 cd4 201 | d150 | weigh continue continue continue continue | overdue d0
at 6 months                         | adult | d100 cd4 100 | d184 | continue continue continue may_stop weigh | overdue d0
at 11 months, CD4 above 200         | adult | d100 cd4 201 | d364 | weigh continue continue may_stop weigh | overdue d0
at 12 months, CD4 above 200         | adult | d100 cd4 201 | d365 | may_stop weigh continue may_stop may_stop | overdue d0
at 12 months, CD4 of 200            | adult | d100 cd4 200 | d365 | weigh continue continue may_stop may_stop | overdue d0
at 17 months, CD4 above 200         | adult | d100 cd4 201 | d520 | may_stop weigh continue may_stop may_stop | overdue d0
at 18 months, CD4 above 200         | adult | d100 cd4 201 | d549 | may_stop may_stop may_stop may_stop may_stop | not applicable
at 18 months, CD4 not counted       | adult | | d549 | ? ? may_stop may_stop may_stop | overdue d0
"""


@pytest.mark.parametrize(("case", "person", "chart", "day", "verdicts", "expected"), table(ANTIVIRAL))
def test_when_a_source_lets_stop(case: str, person: str, chart: str, day: int, verdicts: str, expected: str) -> None:
    assert list(said("antiviral", chart, day, who(person)).values()) == verdicts.split(), case
    assert told(stands("antiviral", chart, day, who(person))) == expected, case


# case | who | chart | on day | EHA/EBMT, ASH, Stanford, Blood, UMCG, NCCN against Pneumocystis | the item
PNEUMOCYSTIS = """
before 6 months                     | adult | d100 cd4 201 | d183 | weigh continue continue continue continue consider | overdue d28
at 6 months                         | adult | d100 cd4 200 | d184 | continue continue continue weigh continue consider | overdue d28
before 12 months                    | adult | d100 cd4 201 | d364 | weigh continue continue weigh continue consider | overdue d28
at 12 months                        | adult | d100 cd4 201 | d365 | may_stop weigh continue may_stop may_stop consider | overdue d28
before 18 months                    | adult | d100 cd4 201 | d548 | may_stop weigh continue may_stop may_stop consider | overdue d28
at 18 months                        | adult | d100 cd4 201 | d549 | may_stop may_stop may_stop may_stop may_stop consider | not applicable
at 18 months, CD4 of 200            | adult | d100 cd4 200 | d549 | weigh may_stop may_stop may_stop may_stop consider | unknown
"""


@pytest.mark.parametrize(("case", "person", "chart", "day", "verdicts", "expected"), table(PNEUMOCYSTIS))
def test_when_a_source_lets_stop_cotrimoxazole(
    case: str, person: str, chart: str, day: int, verdicts: str, expected: str
) -> None:
    assert list(said("pneumocystis", chart, day, who(person)).values()) == verdicts.split(), case
    assert told(stands("pneumocystis", chart, day, who(person))) == expected, case


@pytest.mark.parametrize(
    ("chart", "day", "verdicts"),
    [
        ("d-5 entecavir 0.5, d100 cd4 201", 183, "weigh continue"),
        ("d-5 entecavir 0.5, d100 cd4 200", 184, "continue weigh"),
        ("d-5 entecavir 0.5, d100 cd4 200", 364, "continue weigh"),
        ("d-5 entecavir 0.5, d100 cd4 200", 365, "weigh may_stop"),
        ("d-5 entecavir 0.5, d100 cd4 201", 365, "may_stop may_stop"),
    ],
)
def test_when_a_source_lets_stop_entecavir(chart: str, day: int, verdicts: str) -> None:
    assert list(said("hepatitis-b", chart, day, INFUSED).values()) == verdicts.split()


# months since infusion, in season: 18 September 2026 and later
@pytest.mark.parametrize(
    ("day", "verdicts"), [(290, "later"), (291, "give wait"), (380, "give wait"), (381, "give give")]
)
def test_who_lets_vaccinate_against_influenza(day: int, verdicts: str) -> None:
    september = INFUSED._replace(infusion_time=INFUSED.infusion_time + 200 * 86_400)
    found = " ".join(said("vaccine-influenza", "", day, september).values())
    assert (found or stands("vaccine-influenza", "", day, september).state) == verdicts


def test_how_many_doses_make_a_series() -> None:
    """TID 2023, table 3."""
    doses = {one.id[8:]: one.how.doses for one in ITEMS if isinstance(one.how, Decide) and one.how.doses}
    assert doses == {
        "sars-cov-2": 3, "pneumococcal": 3, "pneumococcal-23": 1, "dtp": 3, "hepatitis-b": 3, "hepatitis-a": 2, "hib": 3,
        "meningococcal": 2, "zoster": 2, "live": 2,
    }  # fmt: skip


def test_two_samples_in_a_row_confirm_that_b_cells_are_back() -> None:
    patient = who("tisa-cel B-ALL 20")
    for text, samples in (
        ("d60 b_cells 101", 1), ("d60 b_cells 101, d60 b_cells_percent 2", 1), ("d60 b_cells 101, d90 b_cells 140", 2),
        ("d30 b_cells 101, d60 b_cells 101, d90 b_cells 140", 2), ("d60 b_cells 101, d90 b_cells 100", 0),
    ):  # fmt: skip
        assert fact_of(chart_on(DAY_0 + dt.timedelta(days=91), patient, text), B_CELL_LOSS).values == {samples}, text


def test_fludarabine_is_assumed_only_where_none_is_charted() -> None:
    assumed = "no fludarabine of this lymphodepletion is charted: counted from the infusion"
    assert assumed in stands("irradiated", "", 50).why(str)
    assert assumed not in stands("irradiated", "d-4 fludarabine 50", 50).why(str)


def test_umcg_has_12_months_of_cotrimoxazole() -> None:
    assert said("pneumocystis", "d300 cd4 100", 364, INFUSED)["UMCG"] == "continue"
    assert said("pneumocystis", "d300 cd4 100", 365, INFUSED)["UMCG"] == "may_stop"


# case | who | chart | on day | item | expected
SUBCLASSES = """
no infection                        | adult | d40 igg 5 | d45 | igg-subclasses | not applicable
infection, IgG low                  | adult | d40 igg 3, d44..d46 infection viral | d45 | igg-subclasses | not applicable
infection after a normal IgG        | adult | d40 igg 5, d44..d46 infection viral | d45 | igg-subclasses | due d44
measured since                      | adult | d40 igg 5, d44..d46 infection viral, d50 igg 5 | d51 | igg-subclasses | done d50
infection of more than 6 months ago | adult | d40..d44 infection viral, d60 igg 5 | d240 | igg-subclasses | not applicable
"""


@pytest.mark.parametrize(("case", "person", "chart", "day", "item", "expected"), table(SUBCLASSES))
def test_subclasses(case: str, person: str, chart: str, day: int, item: str, expected: str) -> None:
    assert told(stands(item, chart, day, who(person))) == expected, case


def chart_on(day: dt.date, patient: Patient, text: str = "", place: Place | None = None) -> Chart:
    found: dict[str, list] = {}  # type: ignore[type-arg]
    for row in rows(text):
        found.setdefault(row.signal, []).append(row)
    return Chart(patient, found, day, place or Place(SETTINGS.zone))


@pytest.mark.parametrize(
    ("nation", "until"), [("NL", dt.date(2026, 9, 1)), ("", dt.date(2026, 6, 3)), ("GB", None)]
)  # fmt: skip
def test_the_longest_end_of_the_chosen_country(nation: str, until: dt.date | None) -> None:
    """Last fludarabine 1 March, infusion 5 March."""
    patient = INFUSED._replace(infusion_time=INFUSED.infusion_time + 3 * 86_400)
    chart = chart_on(dt.date(2026, 5, 1), patient, "d-1 fludarabine 50", Place(SETTINGS.zone, nation))
    found = follow_item(chart, IRRADIATED)
    assert (found.state, found.until) == ("in_force", until)


@pytest.mark.parametrize(
    ("chart", "begun", "until"),
    [
        ("d-14 fludarabine 50", None, "d167"),
        ("d-15 fludarabine 50", None, "d184"),  # of an earlier treatment: not that of this infusion
        ("d-700 fludarabine 50", None, "d184"),
        ("d-700 fludarabine 50, d-4 fludarabine 50", None, "d177"),
        ("d-20 fludarabine 50", -21, "d161"),  # an infusion that came later than planned
        ("d-20 fludarabine 50", -20, "d161"),
        ("d-21 fludarabine 50", -20, "d184"),
        ("d30 fludarabine 50", None, "d213"),  # given again since
    ],
)
def test_an_old_dose_of_fludarabine_ends_nothing(chart: str, begun: int | None, until: str) -> None:
    begin = None if begun is None else INFUSED.infusion_time + begun * 86_400
    patient = INFUSED._replace(lymphodepletion_start=begin)
    found = stands("irradiated", chart, 60, patient)
    assert told(found) == f"in force until {until}"
    assumed = "no fludarabine of this lymphodepletion is charted: counted from the infusion"
    assert (assumed in found.why(str)) == (until == "d184")


@pytest.mark.parametrize(
    ("item", "counts", "other"),
    [
        ("pneumococcal",
         ("PCV20", "Prevenar 13", "Pneumococcal polysaccharide conjugate vaccine (13-valent, adsorbed)",
          "pneumokokkenpolysacharidevaccin (geconjugeerd)", "vaccin pneumokokken", "Apexxnar"),
         ("PPSV23", "Pneumovax 23", "pneumococcal polysaccharide vaccine", "pneumococcal vaccine, 23-valent",
          "Pneumokokken (PPSV23)", "pneumokokkenpolysacharidevaccin")),
        ("pneumococcal-23",
         ("PPSV23", "Pneumovax 23", "pneumococcal polysaccharide vaccine", "pneumokokkenpolysacharidevaccin"),
         ("PCV20", "pneumococcal polysaccharide conjugate vaccine", "pneumokokkenpolysacharidevaccin, geconjugeerd")),
        ("influenza", ("Influenza 2026", "griepvaccin"), ("Haemophilus influenzae type b", "Hib (H. influenzae b)")),
        ("meningococcal", ("MenACWY", "Meningococcal ACWY"), ("Bexsero (meningococcal B)", "meningokokken B")),
        ("zoster", ("Shingrix", "zoster, recombinant", "zoster, niet-levend"), ("Zostavax (zoster)", "zoster, live")),
        ("hepatitis-b", ("Hepatitis-B", "HBV (Engerix)"), ("hepatitis A",)),
    ],
)  # fmt: skip
def test_a_vaccine_of_another_kind_does_not_count(item: str, counts: tuple[str, ...], other: tuple[str, ...]) -> None:
    (how,) = [one.how for one in ITEMS if one.id == f"vaccine-{item}"]
    assert isinstance(how, Decide) and how.named
    assert [text for text in counts if not how.named.knows(text)] == []
    assert [text for text in other if how.named.knows(text)] == []


def test_a_polysaccharide_is_no_dose_of_the_conjugate() -> None:
    conjugates = f"{READY}, d100 vaccine 1 text=PCV20, d130 vaccine 1 text=PCV20"
    assert told(stands("vaccine-pneumococcal", f"{conjugates}, d160 vaccine 1 text=PCV20", 200)) == "done d160"
    polysaccharide = f"{conjugates}, d160 vaccine 1 text=pneumokokkenpolysacharidevaccin"
    assert told(stands("vaccine-pneumococcal", polysaccharide, 200)) == "due d195"
    assert told(stands("vaccine-pneumococcal-23", polysaccharide, 200)) == "done d160"


def test_a_reason_prints_units_as_people_write_them() -> None:
    neutrophils, cd4 = rows("d95 neutrophils 0.9, d95 cd4 150")
    charted = neutrophils._replace(shown="0.9 10*9/L"), cd4._replace(shown="150 /uL")
    course = Course((INFUSED,), charted)
    (found,) = follow_course(course, DAY_0 + dt.timedelta(days=130), SETTINGS)
    whys = {one.item.id: one.why(str) for one in found.standings}
    assert whys["delayed-cytopenia"].startswith("neutrophils 0.9 × 10⁹/L on 2026-06-05")
    assert whys["cd4"].startswith("cd4 150/µL on 2026-06-05")


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("", 27, "in force until d28"),
        ("", 28, "unknown recorded_icans_grade"),  # nobody looked
        ("d5 ice 10", 28, "done d28"),
        ("d5 capd 0", 28, "done d28"),
        ("d5 ice 9", 40, "in force until d40"),
        ("d5 ice 9, d29 ice 10", 40, "done d29"),
        ("d5 ice 9, d28 ice 10, d29 ice 10", 40, "done d28"),
        ("d5 ice 9, d27 ice 10, d29 ice 10", 40, "done d28"),
        ("d5 ice ?", 40, "unknown ice"),
        ("d5 motor_weakness mild", 40, "in force until d40"),
        ("d5 motor_weakness ?", 40, "unknown motor_weakness"),
        ("d5 motor_weakness mild, d6 tremor none", 40, "in force until d40"),
        ("d5..d35 motor_weakness mild", 40, "done d35"),
        ("d5..d35 motor_weakness mild, d30 motor_weakness none", 40, "done d30"),
        ("d33 seizure resolved", 40, "done d33"),
        ("d33..d34 seizure prolonged", 40, "done d34"),
        ("d20 other_neurotoxicity neuropathy", 40, "in force until d40"),
        ("d20 other_neurotoxicity neuropathy, d22..d24 other_neurotoxicity other", 40, "in force until d40"),
        ("d20..d30 other_neurotoxicity neuropathy", 40, "done d30"),
        ("d20..d30 other_neurotoxicity neuropathy", 25, "in force until d28"),
        ("d20 recorded_icans_grade 2", 40, "in force until d40"),
        ("d20 recorded_icans_grade 2, d22 recorded_icans_grade 0", 40, "done d28"),
    ],
)
def test_nobody_drives_while_a_neurological_event_lasts(text: str, day: int, expected: str) -> None:
    place = Place(SETTINGS.zone, driving=lambda _product, _day: DrivingRule(4, TECARTUS_GB))
    found = follow_item(chart_on(DAY_0 + dt.timedelta(days=day), INFUSED, text, place), DRIVING)
    assert told(found) == expected


def test_a_score_no_worse_than_before_the_infusion_is_no_event() -> None:
    place = Place(SETTINGS.zone, driving=lambda _product, _day: DrivingRule(4, TECARTUS_GB))
    for text, patient in (
        ("d5 ice 9", INFUSED._replace(baseline_ice=9)), ("d5 capd 4", INFUSED._replace(baseline_capd=4)),
    ):  # fmt: skip
        assert told(follow_item(chart_on(DAY_0 + dt.timedelta(days=40), patient, text, place), DRIVING)) == "done d28"


def test_jurisdiction_and_rule_of_irradiation_are_the_sites() -> None:
    course = Course((INFUSED._replace(product="liso-cel"),), tuple(rows("d-1 fludarabine 50, d5 ice 10")))

    def until(item: str, **settings: str) -> dt.date | None:
        (one,) = follow_course(course, DAY_0 + dt.timedelta(days=20), from_site(settings))
        return next(each.until for each in one.standings if each.item.id == item)

    assert until("driving") == until("driving", jurisdiction="EU") == DAY_0 + dt.timedelta(weeks=8)
    assert until("driving", jurisdiction="IL") is None  # no record
    assert until("irradiated") == until("irradiated", irradiation="nl") == dt.date(2026, 9, 1)
    assert until("irradiated", irradiation="gb") is None
    assert until("irradiated", irradiation="eha-ebmt") == DAY_0 + dt.timedelta(days=90)


def test_without_a_record_driving_is_not_known() -> None:
    found = follow_item(chart_on(DAY_0, INFUSED), DRIVING)
    assert (found.state, found.why(str)) == (
        "unknown",
        "not known: no dated record for this product, place and date",
    )


def test_every_source_of_every_decision_can_be_heard_to_want_something() -> None:
    """A source that never asks is in the table because it says no, or refers to others."""
    for item in ITEMS:
        if isinstance(item.how, Decide):
            wanted = {verdict for one in item.how.opinions for verdict, _ in one.verdicts}
            wanted |= {one.otherwise for one in item.how.opinions}
            assert wanted & set(item.how.wants), item.id


def test_infusions_one_after_another() -> None:
    """The first is followed from the second; death and the end of the record end or question the rest."""
    second = INFUSED._replace(infusion=2, infusion_time=INFUSED.infusion_time + 100 * 86_400)
    first, later = follow_course(Course((second, INFUSED), ()), DAY_0 + dt.timedelta(days=140), SETTINGS)
    assert {one.state for one in first.standings} == {"not_applicable"}
    assert first.standings[0].why(str) == "followed from the next infusion, 2026-06-10"
    assert told(next(one for one in later.standings if one.item.id == "counts")) == "due d130"
    before, _ = follow_course(Course((INFUSED, second), ()), DAY_0 + dt.timedelta(days=90), SETTINGS)
    assert told(next(one for one in before.standings if one.item.id == "counts")) == "overdue d30"


@pytest.mark.parametrize("by", ["column", "event"])
def test_nothing_is_asked_after_death(by: str) -> None:
    died = INFUSED.infusion_time + 40 * 86_400
    patient = INFUSED._replace(death_time=died) if by == "column" else INFUSED
    events = tuple(rows("d40 death infection")) if by == "event" else ()
    (found,) = follow_course(Course((patient,), events), DAY_0 + dt.timedelta(days=41), SETTINGS)
    assert {one.why(str) for one in found.standings} == {"died on 2026-04-11"}
    (found,) = follow_course(Course((patient,), events), DAY_0 + dt.timedelta(days=39), SETTINGS)
    assert any(one.state == "overdue" for one in found.standings)


def test_before_the_infusion_nothing_is_asked() -> None:
    assert stands("counts", "", -1).why(str) == "the infusion is on 2026-03-02"


def test_what_became_due_after_the_record_ended_is_a_question() -> None:
    patient = INFUSED._replace(last_followup=INFUSED.infusion_time + 50 * 86_400)
    assert told(stands("counts", "", 60, patient)) == "overdue d30"
    blood = "d31 neutrophils 1.8, d31 platelets 90, d31 hemoglobin 10"
    assert told(stands("counts", blood, 60, patient)) == "done d31 next d61"
    found = stands("counts", blood, 61, patient)
    assert (told(found), found.why(str)[-29:]) == ("unknown last_followup", "the record ends on 2026-04-21")


def test_what_was_recorded_later_was_not_known() -> None:
    late = "d31 igg 5 recorded_at=d50 09:00"
    assert told(stands("igg", late, 49)) == "overdue d30"
    assert told(stands("igg", late, 50)) == "done d31"
    assert told(stands("igg", "d60 igg 5 recorded_at=d31 09:00", 40)) == "due d30"
