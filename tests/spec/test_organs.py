"""Organ toxicity by CTCAE v5 and dialysis, new or worse than baseline, as Lee 2014 counts them (semantics 4)."""

import pytest

from cytovigil.logic.laboratory import Cuts
from cytovigil.model.events import Patient
from cytovigil.model.settings import Settings
from cytovigil.rules.ctcae_v5_organs import ALT, AST, BILIRUBIN, CREATININE
from cytovigil.rules.fields import DIALYSIS
from spec.charts import ADULT, SETTINGS, at, grade, row_at, shown
from spec.febrile import FEBRILE, LABEL, LEE, ROOM_AIR
from spec.test_oxygen_table import looked_up, rows_of

ORGANS = {"creatinine": 80, "bilirubin": 10, "ast": 20, "alt": 20}


def chart(organ: str, today: str, before: str, limit: str = "100", day: str = "d-1 07:00") -> str:
    """One organ's values; the others are normal."""
    rows = [FEBRILE, ROOM_AIR]
    for name, value in ORGANS.items():
        if name != organ:
            rows += [f"{time} | {name} | {value} | {end} | ref_high=1000" for time, end in
                     (("d-1 07:00", ""), ("d0 09:00", "d9 00:00"))]  # fmt: skip
    given = f"ref_high={limit}" if limit else ""
    rows += [f"{day} | {organ} | {before} | | {given}"] if before else []
    rows += [f"d1 10:00 | {organ} | {today} | d3 00:00 | {given}"] if today else []
    return "\n".join(rows)


def lee(table: str, patient: Patient = ADULT, settings: Settings = SETTINGS) -> tuple[str, tuple[str, ...]]:
    row = row_at(grade(table, LEE, patient, settings=settings), "d1 12:00")
    return shown(row), row.flags


@pytest.mark.parametrize(
    ("organ", "before", "cuts"),
    [
        ("creatinine", "100", {"150": 1, "150.1": 2, "300": 2, "300.1": 3, "600": 3, "600.1": 4}),
        ("creatinine", "50", {"75": 1, "75.1": 2, "150": 2, "150.1": 3, "600": 3, "600.1": 4}),
        ("creatinine", "200", {"300": 1, "300.1": 3, "600": 3, "600.1": 4}),
        ("bilirubin", "100", {"150": 1, "150.1": 2, "300": 2, "300.1": 3, "1000": 3, "1000.1": 4}),
        ("bilirubin", "120", {"180": 1, "180.1": 2, "360": 2, "360.1": 3, "1200": 3, "1200.1": 4}),
        ("ast", "100", {"300": 1, "300.1": 2, "500": 2, "500.1": 3, "2000": 3, "2000.1": 3}),
        ("ast", "200", {"600": 1, "600.1": 2, "1000": 2, "1000.1": 3, "4000.1": 3}),
        ("alt", "100", {"300": 1, "300.1": 2, "500": 2, "500.1": 3, "2000.1": 3}),
        ("alt", "200", {"600": 1, "600.1": 2, "1000": 2, "1000.1": 3}),
    ],
)
def test_both_sides_of_each_cut(organ: str, before: str, cuts: dict[str, int]) -> None:
    """Upper limit 100. Transaminases of grade 4 are grade 3 in Lee; organ toxicity of grade 1 adds nothing to fever."""
    assert {value: lee(chart(organ, value, before))[0] for value in cuts} == {v: str(g) for v, g in cuts.items()}


def test_cuts_of_ctcae_v5() -> None:
    """The numbers of the table, as rules."""
    cuts = {
        ladder.name: [(field.detail.of, field.labels[1:]) for field in ladder.fields if isinstance(field.detail, Cuts)]
        for ladder in (CREATININE, BILIRUBIN, AST, ALT)
    }
    liver = [("upper limit", (">1", ">3", ">5", ">20")), ("baseline", (">=1.5", ">3", ">5", ">20"))]
    assert {name: sorted(found) for name, found in cuts.items()} == {
        "creatinine": [("baseline", (">1.5", ">3")), ("upper limit", (">1", ">1.5", ">3", ">6"))],
        "bilirubin": [("baseline", (">1", ">1.5", ">3", ">10")), ("upper limit", (">1", ">1.5", ">3", ">10"))],
        "ast": sorted(liver),
        "alt": sorted(liver),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("what", "organ", "before", "today"),
    [
        ("the same value", "creatinine", "400", "400"),
        ("better", "creatinine", "700", "400"),
        ("higher, of the same grade", "creatinine", "320", "420"),
        ("bilirubin, abnormal before and no higher", "bilirubin", "500", "500"),
    ],
)
def test_not_worse_than_baseline_does_not_count(what: str, organ: str, before: str, today: str) -> None:
    assert lee(chart(organ, today, before))[0] == "1", what


@pytest.mark.parametrize(
    ("what", "lymphodepletion", "day", "expected"),
    [
        ("before lymphodepletion, months ago", "d-5 12:00", "d-90 07:00", "2"),
        ("14 days before", "", "d-14 08:00", "2"),
        ("more than 14 days before", "", "d-14 07:59", "1..3"),
        ("only since lymphodepletion", "d-5 12:00", "d-3 07:00", "2"),
        ("since infusion is no baseline", "", "d0 08:00", "1..3"),
    ],
)
def test_which_value_is_the_baseline(what: str, lymphodepletion: str, day: str, expected: str) -> None:
    """Creatinine 160 with a limit of 100: grade 2 by the limit, at most 3 by a baseline nobody knows."""
    patient = ADULT._replace(lymphodepletion_start=at(lymphodepletion) if lymphodepletion else None)
    assert lee(chart("creatinine", "160", "90", day=day), patient)[0] == expected, what


def test_the_value_before_lymphodepletion_goes_before_a_later_one() -> None:
    table = f"{chart('creatinine', '160', '90', day='d-20 07:00')}\nd-2 07:00 | creatinine | 160 | | ref_high=100"
    assert lee(table, ADULT._replace(lymphodepletion_start=at("d-5 12:00")))[0] == "2"
    assert lee(table)[0] == "1"


@pytest.mark.parametrize(
    ("what", "before", "today", "expected"),
    [
        ("no baseline, value 0", "", "0", "1"),
        ("no baseline, bilirubin above ten times the limit", "", "1001", "1..4"),
        ("a bound today", "50", ">160", "2..4"),
        ("a bound within one grade", "50", "160..200", "2"),
        ("a baseline between two values", "90..200", "160", "1..2"),
    ],
)
def test_ranges(what: str, before: str, today: str, expected: str) -> None:
    assert lee(chart("bilirubin", today, before))[0] == expected, what


def test_a_value_holds_72_h() -> None:
    table = f"{FEBRILE}\n{chart('ast', '', '20', limit='40', day='d-3 07:00')}\nd1 10:00 | ast | 150 | | ref_high=40"
    seen = [shown(row_at(grade(table, LEE), time)) for time in ("d1 09:59", "d1 10:00", "d4 09:59", "d4 10:00")]
    assert seen == ["1..3", "2", "2", "1..3"]
    assert row_at(grade(table, LEE), "d4 10:00").missing == ("ast",)


def test_nothing_valid_today() -> None:
    assert lee(chart("bilirubin", "", "50", day="d-5 07:00"))[0] == "1..4"


@pytest.mark.parametrize(
    ("sex", "today", "expected"),
    [
        ("female", "135", "1"), ("female", "135.1", "2"), ("male", "165", "1"), ("male", "165.1", "2"),
        ("unknown", "135", "1"), ("unknown", "150", "1..2"), ("unknown", "165.1", "2"),
        ("other", "150", "1..2"),
    ],
)  # fmt: skip
def test_default_limits_by_sex(sex: str, today: str, expected: str) -> None:
    """Creatinine 90 umol/L for women, 110 for men; either where the sex is unknown."""
    found = lee(chart("creatinine", today, "90" if sex == "female" else "110", limit=""), ADULT._replace(sex=sex))
    assert found == (expected, ("default_limits",))


@pytest.mark.parametrize(
    ("organ", "sex", "today", "expected"),
    [
        ("bilirubin", "unknown", "31.5", "1"), ("bilirubin", "unknown", "31.6", "2"),
        ("ast", "female", "105", "1"), ("ast", "female", "105.1", "2"),
        ("ast", "male", "120", "1"), ("ast", "male", "120.1", "2"),
        ("alt", "female", "105.1", "2"), ("alt", "male", "135", "1"), ("alt", "male", "135.1", "2"),
        ("alt", "unknown", "120", "1..2"),
    ],
)  # fmt: skip
def test_default_limits_of_the_liver(organ: str, sex: str, today: str, expected: str) -> None:
    found = lee(chart(organ, today, "10", limit=""), ADULT._replace(sex=sex))
    assert found == (expected, ("default_limits",))


def test_the_limit_of_the_row_then_of_the_site() -> None:
    site = Settings(upper_limits={"creatinine": 200})
    assert lee(chart("creatinine", "240", "180", limit=""), settings=site) == ("1", ())
    assert lee(chart("creatinine", "240", "180", limit="150"), settings=site) == ("2", ())
    assert lee(chart("creatinine", "301", "210", limit=""), settings=site) == ("2", ())


def label(rows: str, time: str = "d1 12:00", patient: Patient = ADULT) -> str:
    return shown(row_at(grade(f"{chart('', '', '')}\n{rows}", LABEL, patient), time))


CONTINUOUS = "d1 10:00 | dialysis | continuous"


def test_a_limit_that_only_the_baseline_has_serves_both() -> None:
    table = chart("creatinine", "310", "110", limit="")
    assert lee(table) == ("3", ("default_limits",))
    given = table.replace("creatinine | 110 | | ", "creatinine | 110 | | ref_high=105")
    assert lee(given) == ("2", ()) and lee(given.replace("=105", "=103")) == ("3", ())


@pytest.mark.parametrize(
    ("what", "rows", "time", "expected"),
    [
        ("continuous", CONTINUOUS, "d1 12:00", "4"),
        ("intermittent", "d1 10:00 | dialysis | intermittent", "d1 12:00", "1"),
        ("none", "d1 10:00 | dialysis | none", "d1 12:00", "1"),
        ("not charted", "", "d1 12:00", "1"),
        ("an unknown word", "d1 10:00 | dialysis | ?", "d1 12:00", "1..4"),
        ("valid 72 h", CONTINUOUS, "d4 09:59", "4"),
        ("then unknown", CONTINUOUS, "d4 10:00", "1..4"),
        ("for 48 h", CONTINUOUS, "d6 09:59", "1..4"),
        ("for 48 h, an earlier row or not", f"d0 20:00 | dialysis | continuous \n {CONTINUOUS}", "d6 09:59", "1..4"),
        ("then none", CONTINUOUS, "d6 10:00", "1"),
        ("ended", f"{CONTINUOUS} | d1 20:00", "d1 20:00", "1"),
        ("until its end, behind a row that lapsed",
         f"{CONTINUOUS} | d6 00:00 \n d1 11:00 | dialysis | none", "d4 12:00", "4"),
        ("charted as over", f"{CONTINUOUS} \n d2 00:00 | dialysis | none", "d2 00:00", "1"),
        ("an unknown word, expired", "d1 10:00 | dialysis | ?", "d4 10:00", "1..4"),
        ("an unknown word, long ago", "d1 10:00 | dialysis | ?", "d6 10:00", "1"),
        ("as before the infusion", f"d-2 10:00 | dialysis | continuous \n {CONTINUOUS}", "d1 12:00", "1"),
        ("continuous before, ended", f"d-3 10:00 | dialysis | continuous | d-2 10:00 \n {CONTINUOUS}", "d1 12:00", "4"),
        ("continuous before, then none",
         f"d-5 10:00 | dialysis | continuous \n d-4 10:00 | dialysis | none \n {CONTINUOUS}", "d1 12:00", "4"),
        ("intermittent before", f"d-2 10:00 | dialysis | intermittent \n {CONTINUOUS}", "d1 12:00", "4"),
        ("an unknown word before", f"d-2 10:00 | dialysis | ? \n {CONTINUOUS}", "d1 12:00", "4"),
    ],
)  # fmt: skip
def test_dialysis_in_the_label_form(what: str, rows: str, time: str, expected: str) -> None:
    assert label(rows, time) == expected, what


@pytest.mark.parametrize(
    ("what", "before", "expected"),
    [
        ("not ended", "d-30 10:00 | dialysis | continuous", "1"),
        ("ended long before lymphodepletion", "d-30 10:00 | dialysis | continuous | d-20 10:00", "4"),
        ("ended as lymphodepletion began", "d-30 10:00 | dialysis | continuous | d-5 12:00", "4"),
        ("ended after lymphodepletion began", "d-30 10:00 | dialysis | continuous | d-5 12:01", "1"),
        # Of two dates alone both are at noon: begun with lymphodepletion is from before.
        ("begun with lymphodepletion, ended before the infusion", "d-5 12:00 | dialysis | continuous | d-3 10:00", "1"),
        ("begun after it, ended before the infusion", "d-5 12:01 | dialysis | continuous | d-3 10:00", "4"),
        ("begun with lymphodepletion, not ended", "d-5 12:00 | dialysis | continuous", "1"),
    ],
)
def test_continuous_dialysis_before_lymphodepletion(what: str, before: str, expected: str) -> None:
    """What ran when lymphodepletion began is the baseline; what was charted only since then, if it ran at infusion."""
    patient = ADULT._replace(lymphodepletion_start=at("d-5 12:00"))
    assert label(f"{before} \n {CONTINUOUS}", patient=patient) == expected, what


INTERMITTENT = "d1 10:00 | dialysis | intermittent"


@pytest.mark.parametrize(
    ("what", "rows", "time", "values", "used", "missing"),
    [
        ("not charted", "", "d1 12:00", "0", [], ()),
        ("intermittent", INTERMITTENT, "d1 12:00", "1", ["dialysis@d1 10:00"], ()),
        ("ended", f"{INTERMITTENT} | d1 11:00", "d1 12:00", "0", [], ()),
        ("expired", INTERMITTENT, "d4 12:00", "012", ["dialysis@d1 10:00"], ("dialysis",)),
        ("an unknown word", "d1 10:00 | dialysis | ?", "d1 12:00", "012", ["dialysis@d1 10:00"], ("dialysis",)),
        ("as before", f"d-2 10:00 | dialysis | intermittent \n {INTERMITTENT}", "d1 12:00", "0",
         ["dialysis@d1 10:00"], ()),
        ("an unknown word before", f"d-2 10:00 | dialysis | ? \n {INTERMITTENT}", "d1 12:00", "1",
         ["dialysis@d1 10:00"], ()),
        ("continuous before, ended", f"d-3 10:00 | dialysis | continuous | d-2 10:00 \n {INTERMITTENT}", "d1 12:00",
         "1", ["dialysis@d1 10:00"], ()),
    ],
)  # fmt: skip
def test_dialysis_explained(
    what: str, rows: str, time: str, values: str, used: list[str], missing: tuple[str, ...]
) -> None:
    """New dialysis: 0 none, 1 intermittent, 2 continuous."""
    found = looked_up(rows, time, "dialysis", LABEL)
    kinds = "".join(str(DIALYSIS.labels.index(value)) for value in found.values)
    assert (kinds, rows_of(found), found.missing) == (values, used, missing), what


@pytest.mark.parametrize(
    ("what", "organ", "before", "today", "grades", "missing"),
    [
        ("grade 2", "creatinine", "100", "160", "2", ()),
        ("no worse", "creatinine", "160", "160", "0", ()),
        ("grade 1 by the limit: a baseline at the limit is normal", "ast", "100", "120", "1", ()),
        ("below 1.5 times an abnormal baseline", "ast", "200", "299.9", "0", ()),
        ("1.5 times an abnormal baseline", "ast", "200", "300", "1", ()),
        ("no baseline: as it is now, or the worst it can be", "creatinine", "", "160", "03", ("creatinine",)),
        ("no baseline, a value of a few steps", "creatinine", "", "0.4", "03", ("creatinine",)),
        ("no baseline, bilirubin counts by the limit", "bilirubin", "", "400", "03", ("bilirubin",)),
        ("a bound: every grade between its ends", "bilirubin", "50", ">160", "234", ("bilirubin",)),
        ("a baseline between two values: one of two grades", "bilirubin", "90..200", "320", "23", ("bilirubin",)),
    ],
)  # fmt: skip
def test_organ_toxicity_explained(
    what: str, organ: str, before: str, today: str, grades: str, missing: tuple[str, ...]
) -> None:
    """The CTCAE grades that are possible, the value and its baseline, and what to chart. Upper limit 100."""
    found = looked_up(chart(organ, today, before), field=f"{organ}_toxicity", scale=LEE)
    used = [f"{organ}@d1 10:00", *([f"{organ}@d-1 07:00"] if before else [])]
    assert ("".join(found.values), rows_of(found), found.missing) == (grades, used, missing), what
