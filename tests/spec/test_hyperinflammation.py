"""HLH-2004 as a count, CARTOX as required and two of four, IEC-HS as a checklist: what each item needs, and no more."""

import pytest

from cytovigil.engine.explain import Explanation, explain_course
from cytovigil.engine.explain_text import render_text
from cytovigil.logic.ladder import SECONDARY, SOURCE_READ, UNVERIFIED
from cytovigil.model.events import Course, Patient
from cytovigil.model.settings import Settings
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, grade, row_at, shown

HLH, CARTOX, IEC = "hlh-2004", "cartox-hlh", "iec-hs-2023"
TIME = "d5 12:00"
NOTHING_OF_HLH = """
d5 08:00 | temperature       | 37
d5 08:00 | splenomegaly      | absent
d5 08:00 | hemoglobin        | 12
d5 08:00 | platelets         | 150
d5 08:00 | neutrophils       | 3
d5 08:00 | triglycerides     | 1
d5 08:00 | fibrinogen        | 3
d5 08:00 | haemophagocytosis | absent
d5 08:00 | ferritin          | 100 | | ref_high=300
d5 08:00 | scd25             | 500
"""
NOTHING_OF_CARTOX = """
d-1 08:00 | creatinine        | 80 | | ref_high=100
d-1 08:00 | bilirubin         | 10 | | ref_high=100
d-1 08:00 | ast               | 20 | | ref_high=100
d-1 08:00 | alt               | 20 | | ref_high=100
d5 08:00  | creatinine        | 80 | | ref_high=100
d5 08:00  | bilirubin         | 10 | | ref_high=100
d5 08:00  | ast               | 20 | | ref_high=100
d5 08:00  | alt               | 20 | | ref_high=100
d5 08:00  | ferritin          | 100 | | ref_high=300
d5 08:00  | haemophagocytosis | absent
d5 08:00  | pulmonary_oedema  | absent
d5 08:00  | oxygen_device     | none
d5 08:00  | spo2              | 97
"""
NOTHING_OF_IEC = f"""{NOTHING_OF_CARTOX}
d-1 08:00 | ferritin          | 100 | | ref_high=300
d-1 08:00 | splenomegaly      | absent
d5 08:00  | splenomegaly      | absent
d5 08:00  | temperature       | 37
d5 08:00  | neutrophils       | 3
d5 08:00  | platelets         | 150
d5 08:00  | fibrinogen        | 3   | | ref_low=2
d5 08:00  | triglycerides     | 1
d5 08:00  | ldh               | 200 | | ref_high=250
d5 08:00  | inr               | 1.0 | | ref_high=1.2
d5 08:00  | aptt              | 30  | | ref_high=35
d5 08:00  | direct_bilirubin  | 2   | | ref_high=5
d5 08:00  | ice               | 10
d5 08:00  | consciousness     | awake
"""
NOTHING = {HLH: NOTHING_OF_HLH, CARTOX: NOTHING_OF_CARTOX, IEC: NOTHING_OF_IEC}


def charted(scale: str, rows: str, leave_out: str = "") -> str:
    """The chart with nothing met, in which these rows replace today's of their signals; `leave_out`: never charted."""
    today, dropped = set(map(signal_of, filled(rows))), leave_out.split()
    kept = [
        line
        for line in filled(NOTHING[scale])
        if signal_of(line) not in dropped and (line.startswith("d-1") or signal_of(line) not in today)
    ]
    return "\n".join([*kept, rows])


def filled(table: str) -> list[str]:
    return [line for line in table.splitlines() if line.strip()]


def signal_of(line: str) -> str:
    return line.split("|")[1].strip()


def number(scale: str, rows: str, leave_out: str = "", patient: Patient = ADULT, settings: Settings = SETTINGS) -> str:
    return shown(row_at(grade(charted(scale, rows, leave_out), scale, patient, settings=settings), TIME))


def explained(scale: str, rows: str, leave_out: str = "", patient: Patient = ADULT) -> Explanation:
    course = Course((patient._replace(infusion_time=at("d0 08:00")),), tuple(events(charted(scale, rows, leave_out))))
    return explain_course(course, None, SCALES[scale], SETTINGS, at(TIME))


def truth(scale: str, item: str, rows: str, leave_out: str = "", patient: Patient = ADULT) -> str:
    """What an explanation says of one item: yes, no, unknown."""
    title = next(ladder.title for ladder in SCALES[scale].domains if ladder.name == item)
    return next(rung.truth for rung in explained(scale, rows, leave_out, patient).rungs if rung.domain == title)


def now(*pairs: str) -> str:
    """`ferritin 500 ref_high=300` charted on the morning that is looked at."""
    lines = []
    for pair in pairs:
        signal, value, *limit = pair.split()
        lines.append(f"d5 08:00 | {signal} | {value} | | {';'.join(limit)}")
    return "\n".join(lines)


@pytest.mark.parametrize("scale", [HLH, CARTOX, IEC])
def test_nothing_met(scale: str) -> None:
    assert number(scale, "") == "0"
    rungs = explained(scale, "").rungs
    assert {rung.truth for rung in rungs if (scale, rung.domain) != (CARTOX, "Kidney")} == {"no"}
    assert not any(rung.decides for rung in rungs)


def test_cartox_kidney_is_never_a_certain_no() -> None:
    """Oliguria has no signal: the item stays open, and nothing that can be charted settles it."""
    assert truth(CARTOX, "kidney", "") == "unknown"
    view = next(view for view in explained(CARTOX, "").fields if view.name == "oliguria")
    assert (view.values, view.rows, view.missing) == (("no", "yes"), (), ())
    row = row_at(grade(charted(CARTOX, now(HIGH_FERRITIN, LIVER)), CARTOX), TIME)
    assert (shown(row), row.missing) == ("0..1", ())


@pytest.mark.parametrize(
    ("item", "below", "at_limit"),
    [
        ("fever", "temperature 37.9", "temperature 38"),
        ("lipids_fibrinogen", "triglycerides 2.99", "triglycerides 3"),
        ("lipids_fibrinogen", "fibrinogen 1.51", "fibrinogen 1.5"),
        ("ferritin", "ferritin 499.9", "ferritin 500"),
        ("scd25", "scd25 2399", "scd25 2400"),
        ("splenomegaly", "splenomegaly absent", "splenomegaly present"),
        ("haemophagocytosis", "haemophagocytosis absent", "haemophagocytosis present"),
    ],
)
def test_hlh_2004_on_both_sides(item: str, below: str, at_limit: str) -> None:
    assert (number(HLH, now(below)), truth(HLH, item, now(below))) == ("0", "no")
    assert (number(HLH, now(at_limit)), truth(HLH, item, now(at_limit))) == ("1", "yes")
    assert truth(HLH, item, "", leave_out=below.split()[0]) == "unknown"
    assert number(HLH, "", leave_out=below.split()[0]) == "0..1"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("hemoglobin 8.999", "platelets 99.9"), "1"),
        (("hemoglobin 9", "platelets 99.9"), "0"),
        (("hemoglobin 8.999", "platelets 100"), "0"),
        (("hemoglobin 8.999", "neutrophils 0.999"), "1"),
        (("hemoglobin 8.999", "neutrophils 1"), "0"),
        (("platelets 99.9", "neutrophils 0.999"), "1"),
        (("hemoglobin 8.999", "platelets 99.9", "neutrophils 0.999"), "1"),
        (("hemoglobin 8..10", "platelets 50"), "0..1"),
    ],
)
def test_hlh_2004_needs_two_lineages(rows: tuple[str, ...], expected: str) -> None:
    assert number(HLH, now(*rows)) == expected, rows


@pytest.mark.parametrize(
    ("age", "hemoglobin", "expected"),
    [
        (50, "9.9", "no"), (1, "9.9", "no"), (None, "9.999", "unknown"), (None, "10", "no"), (None, "8.999", "yes"),
        (0, "10", "no"), (0, "9.999", "unknown"), (0, "9", "unknown"), (0, "8.999", "yes"),
    ],
)  # fmt: skip
def test_hlh_2004_hemoglobin_by_age(age: int | None, hemoglobin: str, expected: str) -> None:
    rows = now(f"hemoglobin {hemoglobin}", "platelets 50")
    assert truth(HLH, "cytopenia", rows, patient=ADULT._replace(age_years=age)) == expected


def test_hlh_2004_triglycerides_in_the_unit_reported() -> None:
    """265 mg/dL is 2.99 mmol/L: the number printed in that unit counts."""
    (row,) = events("d5 08:00 | triglycerides | 2.99")
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), (row,))
    seen = explain_course(course, None, SCALES[HLH], SETTINGS, at(TIME))
    assert next(view.values for view in seen.fields if view.name == "triglycerides_high") == ("no",)
    details = {f.name: f.detail.in_unit for one in (HLH, IEC) for f in SCALES[one].fields if "triglycerides" in f.name}
    assert [str(one.number) for detail in details.values() for one in detail["mg/dL"]] == ["265"]
    assert [one.operator for s in (HLH, IEC) for f in SCALES[s].fields if f.name == "triglycerides_high"
            for one in f.detail.in_unit["mg/dL"]] == [">=", ">"]  # fmt: skip


def test_hlh_2004_counts_as_a_range() -> None:
    rows = now("temperature 39", "ferritin 9000", "hemoglobin 7", "neutrophils 0.1", "scd25 >2000")
    row = row_at(grade(charted(HLH, rows, "splenomegaly haemophagocytosis"), HLH), TIME)
    assert shown(row) == "3..6"
    assert row.missing == ("haemophagocytosis", "scd25", "splenomegaly")
    everything = now("temperature 39", "ferritin 9000", "hemoglobin 7", "neutrophils 0.1", "scd25 9000",
                     "splenomegaly present", "haemophagocytosis present", "fibrinogen 1")  # fmt: skip
    assert number(HLH, everything) == "7"


def test_a_finding_holds_as_long_as_it_is_valid() -> None:
    rows = f"{now('splenomegaly present')}\nd36 00:00 | heart_rate | 80"
    graded = grade(charted(HLH, rows), HLH)
    assert [shown(row_at(graded, time)) for time in ("d35 07:00", "d35 09:00")] == ["1..6", "-"]


@pytest.mark.parametrize(
    ("item", "not_yet", "met"),
    [
        ("liver", "bilirubin 300", "bilirubin 300.1"),
        ("liver", "ast 500", "ast 500.1"),
        ("liver", "alt 500", "alt 500.1"),
        ("kidney", "creatinine 240", "creatinine 240.1"),
        ("kidney", "dialysis none", "dialysis intermittent"),
        ("haemophagocytosis", "haemophagocytosis absent", "haemophagocytosis present"),
    ],
)
def test_cartox_items_on_both_sides(item: str, not_yet: str, met: str) -> None:
    limits = " ref_high=100" if not_yet.split()[0] in ("bilirubin", "ast", "alt", "creatinine") else ""
    assert truth(CARTOX, item, now(not_yet + limits)) == ("unknown" if item == "kidney" else "no")
    assert truth(CARTOX, item, now(met + limits)) == "yes"
    if item != "kidney":
        assert truth(CARTOX, item, "", leave_out=met.split()[0]) == "unknown"


OXYGEN = ("oxygen_device nasal_cannula", "oxygen_flow 2")
HIGH_FERRITIN, LIVER, KIDNEY = "ferritin 10000.1", "ast 600 ref_high=100", "creatinine 400 ref_high=100"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("pulmonary_oedema present", *OXYGEN), "yes"),
        (("pulmonary_oedema present",), "no"),
        (OXYGEN, "no"),
    ],
)
def test_cartox_lung_needs_oedema_and_oxygen(rows: tuple[str, ...], expected: str) -> None:
    assert truth(CARTOX, "lung", now(*rows)) == expected
    assert truth(CARTOX, "lung", now(*OXYGEN), leave_out="pulmonary_oedema") == "unknown"


@pytest.mark.parametrize(
    ("what", "rows", "leave_out", "expected"),
    [
        ("ferritin and two", (HIGH_FERRITIN, LIVER, KIDNEY), "", "1"),
        ("ferritin and two others", (HIGH_FERRITIN, "pulmonary_oedema present", *OXYGEN, "haemophagocytosis present"), "", "1"),
        ("ferritin and one: oliguria may be the other", (HIGH_FERRITIN, LIVER), "", "0..1"),
        ("ferritin and the kidney", (HIGH_FERRITIN, KIDNEY), "", "0"),
        ("ferritin alone: oliguria is one", (HIGH_FERRITIN,), "", "0"),
        ("no ferritin, one, and oliguria", ("ferritin 10000", LIVER), "", "0"),
        ("ferritin at the limit", ("ferritin 10000", LIVER, KIDNEY), "", "0"),
        ("two without ferritin", (LIVER, KIDNEY), "ferritin", "0..1"),
        ("ferritin, one, and one unknown", (HIGH_FERRITIN, LIVER), "haemophagocytosis", "0..1"),
        ("a low ferritin settles it", (LIVER,), "haemophagocytosis", "0"),
    ],
)  # fmt: skip
def test_cartox_requirement(what: str, rows: tuple[str, ...], leave_out: str, expected: str) -> None:
    assert number(CARTOX, now(*rows), leave_out) == expected, what


@pytest.mark.parametrize(
    ("item", "not_yet", "met"),
    [
        ("transaminases", "ast 500 ref_high=100", "ast 500.1 ref_high=100"),
        ("transaminases", "alt 500 ref_high=100", "alt 500.1 ref_high=100"),
        ("fibrinogen", "fibrinogen 1.5 ref_low=1", "fibrinogen 1.49 ref_low=1"),
        ("fibrinogen", "fibrinogen 2 ref_low=2", "fibrinogen 1.99 ref_low=2"),
        ("haemophagocytosis", "haemophagocytosis absent", "haemophagocytosis present"),
        ("cytopenia", "neutrophils 0.5", "neutrophils 0.499"),
        ("cytopenia", "platelets 25", "platelets 24.9"),
        ("ldh", "ldh 250 ref_high=250", "ldh 250.1 ref_high=250"),
        ("coagulation", "inr 1.2 ref_high=1.2", "inr 1.21 ref_high=1.2"),
        ("coagulation", "aptt 35 ref_high=35", "aptt 35.1 ref_high=35"),
        ("bilirubin", "direct_bilirubin 5 ref_high=5", "direct_bilirubin 5.1 ref_high=5"),
        ("fever", "temperature 37.9", "temperature 38"),
        ("lung", "pulmonary_oedema absent", "pulmonary_oedema present"),
        ("kidney", "creatinine 120 ref_high=100", "creatinine 150.1 ref_high=100"),
        ("triglycerides", "triglycerides 3", "triglycerides 3.01"),
        ("splenomegaly", "splenomegaly absent", "splenomegaly present"),
        ("neurotoxicity", "ice 10", "ice 9"),
    ],
)
def test_iec_hs_items_on_both_sides_never_change_the_number(item: str, not_yet: str, met: str) -> None:
    assert truth(IEC, item, now(not_yet)) == "no"
    assert truth(IEC, item, now(met)) == "yes"
    assert truth(IEC, item, "", leave_out=met.split()[0]) == "unknown"
    assert {number(IEC, now(not_yet)), number(IEC, now(met)), number(IEC, "", leave_out=met.split()[0])} <= {"0"}


@pytest.mark.parametrize(
    ("item", "row"),
    [
        ("kidney", "dialysis continuous"), ("neurotoxicity", "consciousness drowsy"), ("neurotoxicity", "seizure resolved"),
        ("neurotoxicity", "motor_weakness mild"), ("neurotoxicity", "raised_icp focal_oedema"),
        ("lung", "oxygen_device high_flow_nasal_cannula"),
    ],
)  # fmt: skip
def test_iec_hs_signs(item: str, row: str) -> None:
    assert truth(IEC, item, now(row)) == "yes"


def test_iec_hs_neurotoxicity_of_a_child() -> None:
    child = ADULT._replace(age_years=5)
    seen = [truth(IEC, "neurotoxicity", now(f"capd {score}"), "ice", child) for score in (0, 1)]
    assert seen == ["no", "yes"]


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("at twice the baseline", "ferritin 200 ref_high=300", "0"),
        ("above it, normal all the same", "ferritin 200.1 ref_high=300", "1"),
        ("the limit of the baseline alone, at twice the baseline", "ferritin 200", "0"),
        ("no limit, above it", "ferritin 200.1", "1"),
    ],
)
def test_iec_hs_required_item(what: str, rows: str, expected: str) -> None:
    assert number(IEC, now(rows)) == expected, what


def test_iec_hs_without_any_limit() -> None:
    before = "d-1 08:00 | ferritin | 100"
    found = [number(IEC, f"{before}\n{now(f'ferritin {value}')}", "ferritin") for value in ("200", "200.1")]
    assert found == ["0..1", "1"]


@pytest.mark.parametrize(("value", "expected"), [("600", "0"), ("600.1", "1")])
def test_iec_hs_required_item_by_the_upper_limit(value: str, expected: str) -> None:
    rows = f"d-1 08:00 | ferritin | 400 | | ref_high=300\n{now(f'ferritin {value} ref_high=300')}"
    assert number(IEC, rows, "ferritin") == expected


def test_iec_hs_without_baseline_or_limit() -> None:
    assert number(IEC, now("ferritin 500 ref_high=300"), "ferritin") == "0..1"
    assert number(IEC, now("ferritin 601 ref_high=300"), "ferritin") == "1"
    assert number(IEC, now("ferritin 500"), settings=Settings(upper_limits={"ferritin": 200})) == "1"


def test_iec_hs_unknown_ferritin_is_all_that_is_asked() -> None:
    row = row_at(grade(charted(IEC, now("temperature 39"), "ferritin"), IEC), TIME)
    assert (shown(row), row.missing) == ("0..1", ("ferritin",))


@pytest.mark.parametrize(
    ("before", "expected"),
    [("d-1 08:00 | splenomegaly | present", "no"), ("d-1 08:00 | splenomegaly | absent", "yes"), ("", "unknown"),
     ("d-15 08:00 | splenomegaly | absent", "unknown"), ("d-1 08:00 | splenomegaly | ?", "unknown")],
)  # fmt: skip
def test_iec_hs_splenomegaly_is_new_or_not(before: str, expected: str) -> None:
    rows = f"{before}\n{now('splenomegaly present')}".strip()
    assert truth(IEC, "splenomegaly", rows, "splenomegaly") == expected
    views = {view.name: view for view in explained(IEC, rows, "splenomegaly").fields}
    assert views["new_splenomegaly"].missing == (("splenomegaly",) if expected == "unknown" else ())
    based = [] if not before or "d-15" in before else ["splenomegaly@d-1 08:00"]
    assert [row.source_id for row in views["new_splenomegaly"].rows] == ["splenomegaly@d5 08:00", *based]


def test_not_charted_now_rests_on_nothing() -> None:
    seen = explained(IEC, "d-1 08:00 | splenomegaly | absent | d1 00:00", "splenomegaly")
    view = next(view for view in seen.fields if view.name == "new_splenomegaly")
    assert (view.values, view.rows, view.missing) == (("no", "yes"), (), ("splenomegaly",))


SIGNS = {
    HLH: (now("temperature 39", "hemoglobin 7", "neutrophils 0.1"), "2", ("fever", "cytopenia")),
    CARTOX: (now(HIGH_FERRITIN, LIVER, KIDNEY), "1", ("organ_toxicity",)),
    IEC: (now("ferritin 900 ref_high=300", "temperature 39", "neutrophils 0.1", "consciousness voice", "ice 3",
              "oxygen_device nasal_cannula", "oxygen_flow 2", "seizure resolved", "creatinine 400 ref_high=100"),
          "1", ("fever", "cytopenia", "arousal", "ice", "hypoxia", "organ_toxicity", "seizure")),
}  # fmt: skip


@pytest.mark.parametrize("scale", SIGNS)
def test_attributions_are_left_aside(scale: str) -> None:
    rows, expected, signs = SIGNS[scale]
    said = "\n".join(f"d5 07:00 | attribution | {sign}:other | d6 00:00" for sign in signs)
    without, with_them = explained(scale, rows), explained(scale, f"{rows}\n{said}")
    assert number(scale, f"{rows}\n{said}") == expected
    assert [rung.truth for rung in with_them.rungs] == [rung.truth for rung in without.rungs]


def test_explain_shows_the_supporting_items() -> None:
    text = render_text(
        explained(IEC, now("ferritin 900 ref_high=300", "ldh 900 ref_high=250"), "haemophagocytosis"), SETTINGS
    )
    assert "never a diagnosis = 1 at" in text
    assert "[  yes  ] Required: ferritin 1" in text
    assert "[  yes  ] Other: LDH 1" in text
    assert "[unknown] Common: haemophagocytosis 1" in text
    assert "[  no   ] Other: fever 1" in text


def test_supporting_items_never_decide() -> None:
    rows = now("ferritin 900 ref_high=300", "ldh 900 ref_high=250", "temperature 39")
    assert [rung.domain for rung in explained(IEC, rows).rungs if rung.decides] == ["Required: ferritin"]
    met = [rung.domain for rung in explained(CARTOX, now(HIGH_FERRITIN, LIVER, KIDNEY)).rungs if rung.decides]
    assert met == ["Ferritin, required", "Liver", "Kidney"]


@pytest.mark.parametrize(
    ("scale", "rows"),
    [
        (CARTOX, (HIGH_FERRITIN, KIDNEY)),
        (CARTOX, ("ferritin 10000", LIVER, KIDNEY)),
        (IEC, ("ldh 900 ref_high=250", "temperature 39")),
        (HLH, ("hemoglobin 7",)),
    ],
)
def test_of_a_certain_0_no_column_decides(scale: str, rows: tuple[str, ...]) -> None:
    assert number(scale, now(*rows)) == "0"
    assert [rung.domain for rung in explained(scale, now(*rows)).rungs if rung.decides] == []


def test_what_each_scale_rests_on_is_said() -> None:
    statuses = {name: {rung.status for ladder in SCALES[name].domains for rung in ladder.rungs} for name in NOTHING}
    assert statuses == {HLH: {SOURCE_READ}, CARTOX: {SECONDARY}, IEC: {UNVERIFIED}}
    assert "unverified" in SCALES[IEC].title and "never a diagnosis" in SCALES[IEC].title
    assert "a clinician must compare" in SCALES[IEC].notes[0]


def test_names_that_programs_rely_on() -> None:
    """Columns and fields as an explanation in JSON names them."""
    names = {name: ([d.name for d in SCALES[name].domains], [f.name for f in SCALES[name].fields]) for name in NOTHING}
    assert names == {
        HLH: (
            ["fever", "splenomegaly", "cytopenia", "lipids_fibrinogen", "haemophagocytosis", "ferritin", "scd25"],
            ["fever", "splenomegaly", "hemoglobin_below_90", "neonate", "hemoglobin_below_100", "platelets_low",
             "neutrophils_low", "triglycerides_high", "fibrinogen_low", "haemophagocytosis", "ferritin_500", "scd25_high"],
        ),
        CARTOX: (
            ["ferritin", "liver", "kidney", "lung", "haemophagocytosis"],
            ["ferritin_10000", "bilirubin_toxicity", "ast_toxicity", "alt_toxicity", "creatinine_toxicity", "dialysis",
             "oliguria", "pulmonary_oedema", "oxygen", "haemophagocytosis"],
        ),
        IEC: (
            ["ferritin", "transaminases", "fibrinogen", "haemophagocytosis", "cytopenia", "ldh", "coagulation", "bilirubin",
             "splenomegaly", "fever", "neurotoxicity", "lung", "kidney", "triglycerides"],
            ["ferritin_per_upper_limit", "ferritin_per_baseline", "ast_toxicity", "alt_toxicity", "fibrinogen_low",
             "fibrinogen_per_limit", "haemophagocytosis", "neutrophils_grade_4", "platelets_grade_4", "ldh_high", "inr_high",
             "aptt_high", "direct_bilirubin_high", "new_splenomegaly", "fever", "ice", "capd", "arousal", "seizure",
             "motor_weakness", "raised_icp", "pulmonary_oedema", "oxygen", "creatinine_toxicity", "dialysis",
             "triglycerides_high"],
        ),
    }  # fmt: skip


def test_what_is_said_beside_the_number() -> None:
    said = {name: " ".join(SCALES[name].notes) for name in NOTHING}
    assert {name: (SCALES[name].version, len(SCALES[name].notes)) for name in NOTHING} == {
        HLH: ("1", 5),
        CARTOX: ("1", 4),
        IEC: ("1", 6),
    }
    assert all(
        "never a diagnosis" in text and "attributions do not change the number" in text for text in said.values()
    )
    assert "5 of 8" in said[HLH] and "NK-cell activity" in said[HLH] and "IEC-HS" in said[CARTOX]
    splenomegaly = next(field for field in SCALES[IEC].fields if field.name == "new_splenomegaly")
    assert (splenomegaly.assumptions, splenomegaly.labels) == (("baseline_laboratory_days",), ("no", "yes"))
