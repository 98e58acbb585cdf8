"""Points on both sides of every published cut-off; ranges are exact; what a score must be; how it is shown."""

import json
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil import app_scores
from cytovigil.engine.scoring import score_course
from cytovigil.engine.verdicts import range_of
from cytovigil.logic.ladder import STATUSES
from cytovigil.logic.score import Band, IndexScore, PointScore, Score
from cytovigil.logic.score_text import describe_score, edge_parts, render_score, score_markdown, score_parts
from cytovigil.logic.text import cite
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.settings import Settings, from_site
from cytovigil.model.told import ToldValueError
from cytovigil.model.vocabulary import signals
from cytovigil.rules.scores import SCORES, UNPUBLISHED, score_ids

START = 1_772_000_000
DAY = 86_400
POINTS = [score for score in SCORES.values() if isinstance(score, PointScore)]
LADDERS = {f"{score.id}.{ladder.name}": ladder for score in POINTS for ladder in score.domains}

# Cut-offs as published, in the canonical unit of the signal: points below, on and above each.
HEMATOTOX = {
    "platelets": {"75": (2, 1, 1), "175": (1, 1, 0)},
    "neutrophils": {"1.2": (1, 0, 0)},
    "hemoglobin": {"9.0": (1, 0, 0)},
    "crp": {"30": (0, 1, 1)},
    "ferritin": {"650": (0, 1, 1), "2000": (1, 1, 2)},
}
HSCORE = {
    "temperature": {"38.4": (0, 33, 33), "39.4": (33, 33, 49)},
    "ferritin": {"2000": (0, 35, 35), "6000": (35, 35, 50)},
    "triglycerides": {"1.5": (0, 44, 44), "4": (44, 44, 64)},
    "fibrinogen": {"2.5": (30, 30, 0)},
    "ast": {"30": (0, 19, 19)},
}
LINEAGES = {"hemoglobin": "9.2", "leukocytes": "5.0", "platelets": "110"}
PROBABILITIES = [
    (0, "<1 %"), (90, "<1 %"), (91, "~1 %"), (100, "~1 %"), (101, "1-3 %"), (110, "1-3 %"), (111, "3-5 %"),
    (120, "3-5 %"), (121, "5-9 %"), (130, "5-9 %"), (131, "9-16 %"), (140, "9-16 %"), (141, "16-25 %"),
    (150, "16-25 %"), (151, "25-40 %"), (160, "25-40 %"), (161, "40-54 %"), (170, "40-54 %"), (171, "54-70 %"),
    (180, "54-70 %"), (181, "70-80 %"), (190, "70-80 %"), (191, "80-88 %"), (200, "80-88 %"), (201, "88-93 %"),
    (210, "88-93 %"), (211, "93-96 %"), (220, "93-96 %"), (221, "96-98 %"), (230, "96-98 %"), (231, "98-99 %"),
    (240, "98-99 %"), (241, ">99 %"), (337, ">99 %"),
]  # fmt: skip


def steps(name: str, text: str) -> int:
    return int(Decimal(text) / signals()[name].step)


def total(score: str, time: int, values: dict[str, int]) -> float | None:
    rows = tuple(Event("P1", time, name, value, value) for name, value in values.items())
    (found,) = score_course(Course((Patient("P1", START),), rows), [SCORES[score]], Settings())
    return found.rows[0].low


def sides(table: dict[str, dict[str, tuple[int, int, int]]]) -> list[tuple[str, int, int]]:
    return [
        (name, steps(name, edge) + away, points)
        for name, edges in table.items()
        for edge, three in edges.items()
        for away, points in zip((-1, 0, 1), three, strict=True)
    ]


@pytest.mark.parametrize(("name", "value", "points"), sides(HEMATOTOX))
def test_points_of_car_hematotox(name: str, value: int, points: int) -> None:
    assert total("car-hematotox", START - 2 * DAY, {name: value}) == points


@pytest.mark.parametrize(("name", "value", "points"), sides(HSCORE))
def test_points_of_hscore(name: str, value: int, points: int) -> None:
    assert total("hscore", START + DAY, {name: value}) == points


@pytest.mark.parametrize("away", list(product((0, 1), repeat=3)))
def test_lineages_of_hscore(away: tuple[int, int, int]) -> None:
    """At its cut-off a lineage is low, one step above it is not."""
    values = {name: steps(name, edge) + up for (name, edge), up in zip(LINEAGES.items(), away, strict=True)}
    assert total("hscore", START + DAY, values) == {0: 0, 1: 0, 2: 24, 3: 34}[away.count(0)]


@pytest.mark.parametrize(("points", "band"), PROBABILITIES)
def test_probability_of_hscore(points: int, band: str) -> None:
    assert SCORES["hscore"].band(points, points) == band  # type: ignore[arg-type]


def test_bands_of_car_hematotox() -> None:
    score = SCORES["car-hematotox"]
    assert isinstance(score, PointScore)
    assert [score.band(n, n) for n in range(8)] == ["low", "low"] + ["high"] * 6
    assert (score.band(0, 1), score.band(1, 2), score.band(2, 7)) == ("low", "low..high", "high")


@pytest.mark.parametrize("name", LADDERS)
@given(data=st.data())
def test_the_range_of_an_item_is_exact(name: str, data: st.DataObject) -> None:
    ladder = LADDERS[name]
    sets = tuple(data.draw(st.frozensets(st.sampled_from(f.domain), min_size=1)) for f in ladder.fields)
    points = {ladder.grade(dict(zip(ladder.names, values, strict=True))) for values in product(*sets)}
    assert ladder.range_of(sets) == (min(points), max(points))


@pytest.mark.parametrize("score", POINTS, ids=lambda score: score.id)
def test_the_whole_range_is_that_of_the_publication(score: PointScore) -> None:
    assert range_of(score, {field.name: field.unknown for field in score.fields}) == (
        0, {"car-hematotox": 7, "hscore": 337}[score.id],
    )  # fmt: skip


def test_what_each_score_looks_at() -> None:
    assert {name: score.signals for name, score in SCORES.items()} == {
        "car-hematotox": ("crp", "ferritin", "hemoglobin", "neutrophils", "platelets"),
        "easix": ("creatinine", "ldh", "platelets"),
        "s-easix": ("ldh", "platelets"),
        "m-easix": ("crp", "ldh", "platelets"),
        "hscore": (
            "ast", "ferritin", "fibrinogen", "haemophagocytosis", "hemoglobin", "hepatomegaly", "immunosuppression",
            "leukocytes", "platelets", "splenomegaly", "temperature", "triglycerides",
        ),
    }  # fmt: skip
    assert {name: dict.fromkeys(score.assumptions) for name, score in SCORES.items()} == {
        "car-hematotox": dict.fromkeys(["hematotox_days", "hematotox_infusion_days"]),
        "easix": dict.fromkeys(["easix_before_days", "easix_after_days"]),
        "s-easix": dict.fromkeys(["easix_before_days", "easix_after_days"]),
        "m-easix": dict.fromkeys(["easix_before_days", "easix_after_days", "tocilizumab_days"]),
        "hscore": dict.fromkeys(["hscore_temperature_h"]),
    }


def test_items_and_fields_of_points() -> None:
    assert {score.id: [ladder.name for ladder in score.domains] for score in POINTS} == {
        "car-hematotox": ["platelets", "neutrophils", "hemoglobin", "crp", "ferritin"],
        "hscore": [
            "immunosuppression", "temperature", "organomegaly", "cytopenia", "ferritin", "triglycerides", "fibrinogen",
            "ast", "haemophagocytosis",
        ],
    }  # fmt: skip
    assert {score.id: [field.name for field in score.fields] for score in POINTS} == {
        "car-hematotox": ["platelets", "neutrophils", "hemoglobin", "crp", "ferritin"],
        "hscore": [
            "immunosuppression", "temperature", "splenomegaly", "hepatomegaly", "low_hemoglobin", "low_leukocytes",
            "low_platelets", "ferritin", "triglycerides", "low_fibrinogen", "raised_ast", "haemophagocytosis",
        ],
    }  # fmt: skip


def test_formulas() -> None:
    assert {name: score.formula for name, score in SCORES.items() if isinstance(score, IndexScore)} == {
        "easix": "ldh [U/L] x creatinine [mg/dL] / platelets [10*9/L]",
        "s-easix": "ldh [U/L] / platelets [10*9/L]",
        "m-easix": "ldh [U/L] x crp [mg/dL] / platelets [10*9/L]",
    }


def test_a_score_that_cannot_be_is_refused() -> None:
    score = POINTS[0]
    with pytest.raises(ValueError, match="items share a field"):
        replace(score, domains=(score.domains[0], score.domains[0]))
    for bands in ((), (Band(1, "low"),), (Band(0, "low"), Band(0, "high")), (Band(0, "a"), Band(3, "b"), Band(2, "c"))):
        with pytest.raises(ValueError, match="bands must rise from 0"):
            replace(score, bands=bands)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("all", list(SCORES)),
        ("easix", ["easix"]),
        (" HScore ,easix,, easix", ["hscore", "easix"]),
        ("easix,all", list(SCORES)),
    ],
)
def test_ids(text: str, ids: list[str]) -> None:
    assert score_ids(text) == ids


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("apache", "unknown score 'apache': known are all, car-hematotox, easix, s-easix, m-easix, hscore"),
        (" , ", "no score given: known are all, car-hematotox, easix, s-easix, m-easix, hscore"),
        ("easix,eipm-pre", "score 'eipm-pre': not computable, coefficients unpublished"),
        ("all-hematotox", "score 'all-hematotox': not computable, points or cut-offs unpublished"),
        ("hay-2017", "score 'hay-2017': not computable, numbers unverified"),
    ],
)
def test_ids_that_are_none(text: str, sentence: str) -> None:
    with pytest.raises(ToldValueError) as error:
        score_ids(text)
    assert str(error.value) == sentence


def test_what_is_not_public_is_never_computed() -> None:
    names = [one.id for one in UNPUBLISHED]
    assert names == sorted(set(names))
    assert not set(names) & set(SCORES)
    assert set(names) >= {"all-hematotox", "easix-f", "easix-fc", "eipm-post", "eipm-pre", "rubin-2020", "teachey-2016"}
    assert all(one.needs and one.source.text for one in UNPUBLISHED)


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize("score", SCORES.values(), ids=list(SCORES))
def test_a_page_says_all_of_a_score(score: Score, form: str) -> None:
    page = render_score(score, form)  # type: ignore[arg-type]
    said = [score.title, score.id, cite(score.source), score.window.says, *score.notes, *score.evidence.performance]
    said += ["machine grade, unconfirmed", score.evidence.population, *score.assumptions]
    if isinstance(score, PointScore):
        said += [rung.says for ladder in score.domains for rung in ladder.rungs] + [band.label for band in score.bands]
        said += [f"Edges: {ladder.title}" for ladder in score.domains]
    else:
        said += [score.formula, *(score.cut_off.labels if score.cut_off else ())]
        assert ("Bands" in page) is (score.cut_off is not None)
    assert [one for one in said if one not in page] == []


def test_a_page_counts_points() -> None:
    lines = render_score(SCORES["car-hematotox"]).splitlines()
    assert "- An item without a row that applies gives 0 points. The score is their sum, from 0 to 7." in lines
    assert "  0-1    | low" in lines and "  2-7    | high" in lines
    assert "  platelets in 10*9/L | points" in lines and "  75 to 175           | 1" in lines
    assert "  hematotox_days          | 14    | CAR-HEMATOTOX: values of this many days before lymphodepletion" in lines
    page = render_score(SCORES["easix"], settings=from_site({"easix_after_days": 9}))
    assert "  easix_after_days  | 9     |" in page and "\nBands\n- Evidence: our reading.\n" in page


def test_markdown_comes_in_two_parts() -> None:
    rule, edges = score_markdown(SCORES["hscore"])
    assert rule.startswith("# HScore\n\n`hscore`, version 1; machine grade, unconfirmed.\n\nSource: ")
    assert "## Edges" not in rule and edges.startswith("## Edges: Immunosuppression\n\n| known")
    assert f"{rule}\n{edges}" == render_score(SCORES["hscore"], "markdown")
    assert "| Organomegaly | 23 | liver or spleen |" in rule
    assert edge_parts(SCORES["easix"]) == edge_parts(UNPUBLISHED[0]) == ()


@pytest.mark.parametrize("score", SCORES.values(), ids=list(SCORES))
def test_a_score_as_plain_values(score: Score) -> None:
    found = json.loads(render_score(score, "json"))
    assert found == describe_score(score)
    assert found["id"] == score.id and found["status"] == "machine grade, unconfirmed"
    assert [one["name"] for one in found["settings"]] == list(dict.fromkeys(score.assumptions))
    if isinstance(score, PointScore):
        assert len(found["items"]) == sum(len(ladder.rungs) for ladder in score.domains)
        assert {one["status"] for one in found["items"]} | {found["bands_status"]} <= set(STATUSES)
        assert [one["from"] for one in found["bands"]] == [band.least for band in score.bands]
    else:
        assert found["formula"] == score.formula and found["formula_status"] == "source read"
        assert found.get("bands") == (list(score.cut_off.labels) if score.cut_off else None)


@pytest.mark.parametrize("one", UNPUBLISHED, ids=lambda one: one.id)
def test_a_score_that_is_not_computed_says_why(one: object) -> None:
    page = app_scores.rule_show(one.id)  # type: ignore[attr-defined]
    assert one.why in page and all(need in page for need in one.needs)  # type: ignore[attr-defined]
    assert json.loads(app_scores.rule_show(one.id, "json"))["status"] == one.why  # type: ignore[attr-defined]
    (part,) = score_parts(one)  # type: ignore[arg-type]
    assert part.title == "Not computed"


@pytest.mark.parametrize("name", [*SCORES, UNPUBLISHED[0].id])
def test_html_is_one_whole_page(name: str) -> None:
    text = app_scores.rule_show(name, "html")
    assert text.count("<html") == text.count("</html>") == text.count("<article") == text.count("</article>") == 1
    assert f'<article id="{name}"' in text and "<main>" in text and "</main>" in text
    assert text.count("<table>") == text.count("</table>") == text.count("<caption")
    if name in SCORES:
        assert "machine grade, unconfirmed" in text
