"""Risk scores on the page of an infusion."""

import pytest

from cytovigil.engine.record import Record
from cytovigil.report.language import speaker
from cytovigil.report.risk_scores import score_table
from cytovigil.rules.scores import SCORES
from spec.charts import ADULT, SETTINGS, at, events

BLOOD = """
d-6 08:00 | platelets  | 60
d-6 08:00 | crp        | 150
d-6 08:00 | ldh        | 450
d-6 08:00 | creatinine | 79.6
d-6 08:00 | neutrophils | 0.7
d-6 08:00 | hemoglobin | 9.0
d2 08:00 | platelets | 90
d2 08:00 | ldh | 450
d2 08:00 | attribution | cytopenia:disease
d2 08:00 | tocilizumab | 640"""


def table(language: str = "en") -> dict[str, dict[str, object]]:
    patient = ADULT._replace(infusion_time=at("d0 08:00"), lymphodepletion_start=at("d-5 12:00"))
    record = Record(patient, events(BLOOD), SETTINGS, fine=True)
    rows = score_table(record, list(SCORES.values()), speaker(language))  # type: ignore[arg-type]
    return {str(row["title"]): row for row in rows}


def test_the_last_and_the_highest_value() -> None:
    rows = table()
    assert list(rows) == ["CAR-HEMATOTOX", "EASIX", "HScore", "Modified EASIX", "Simplified EASIX"]
    simple = rows["Simplified EASIX"]
    assert str(simple["last"]).startswith("5, ") and str(simple["highest"]).startswith("7.5, ")
    assert simple["inputs"] == ["ldh 450", "platelets 90"]
    assert str(rows["EASIX"]["last"]).startswith("6.75, ") and rows["EASIX"]["highest"] == ""
    assert rows["EASIX"]["band"] == ">4.67"


def test_a_score_that_a_drug_made_invalid_says_why() -> None:
    row = table()["Modified EASIX"]
    assert str(row["last"]).startswith("112.5, ")
    assert row["flags"] == ["CRP falls after tocilizumab whatever the disease does: no value"]
    record = Record(ADULT._replace(infusion_time=at("d0 08:00")), events("d2 08:00 | tocilizumab | 640"), SETTINGS)
    (alone,) = score_table(record, [SCORES["m-easix"]], str)
    assert (alone["last"], alone["flags"]) == ("-", row["flags"])


def test_a_range_says_what_to_chart() -> None:
    row = table()["CAR-HEMATOTOX"]
    assert str(row["last"]).startswith("4..6, ") and row["band"] == "high" and row["missing"] == ["ferritin"]
    assert row["flags"] == ["a value lies on a cut-off that the publication does not define"]


def test_a_score_without_a_value_says_what_to_chart() -> None:
    record = Record(ADULT._replace(infusion_time=at("d0 08:00")), events("d1 08:00 | ldh | 9"), SETTINGS, fine=True)
    rows = {row["title"]: row for row in score_table(record, [SCORES["easix"], SCORES["car-hematotox"]], str)}
    assert (rows["EASIX"]["last"], rows["EASIX"]["missing"]) == ("-", ["creatinine", "ldh", "platelets"])
    assert rows["CAR-HEMATOTOX"]["flags"] == [] and len(rows["CAR-HEMATOTOX"]["missing"]) == 5


@pytest.mark.parametrize("title", ["EASIX"])
def test_numbers_are_dutch_in_dutch(title: str) -> None:
    assert str(table("nl")[title]["last"]).startswith("6,75, ") and table("nl")[title]["band"] == ">4,67"


def test_a_band_that_is_a_word_is_translated() -> None:
    asked: list[str] = []
    record = Record(
        ADULT._replace(infusion_time=at("d0 08:00")), events("d-6 08:00 | platelets | 170"), SETTINGS, fine=True
    )
    rows = score_table(
        record, [SCORES["car-hematotox"], SCORES["hscore"]], lambda text: asked.append(text) or f"<{text}>"
    )
    assert rows[0]["band"] == "<low>..<high>"
    assert rows[1]["band"] == "" and {"low", "high"} <= set(asked)
