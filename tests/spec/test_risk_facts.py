"""Published facts beside the patient's own values: which concern whom, and no probability."""

from dataclasses import replace

import pytest

from cytovigil.engine.explain import explain_course
from cytovigil.engine.explain_text import render_text
from cytovigil.engine.record import Record
from cytovigil.engine.risk import Applied, Own, risk_facts, risk_lines
from cytovigil.logic.ladder import SOURCE_READ, Citation
from cytovigil.logic.risk import RiskFact
from cytovigil.model.events import Course, Patient
from cytovigil.model.vocabulary import DISEASES, PRODUCTS
from cytovigil.rules import SCALES
from cytovigil.rules.risk_facts import RATES, RISK_FACTS
from spec.charts import SETTINGS, at, events

START = at("d0 08:00")
AXI = Patient("P1", START, product="axi-cel", disease="LBCL", age_years=50)


def concern(patient: Patient, chart: str = "", when: str = "d5 12:00", about: str = "") -> list[Applied]:
    found = risk_facts(Record(patient, events(chart), SETTINGS), RISK_FACTS, at(when))
    return [one for one in found if about in ("", one.fact.about)]


def own(patient: Patient, about: str, chart: str = "", when: str = "d5 12:00") -> set[str]:
    """The patient's own value beside the facts about it."""
    return {one.patient.tell() for one in concern(patient, chart, when, about)}


def test_product_and_disease() -> None:
    found = [(one.fact.says, one.fact.value) for one in concern(AXI, about="product")]
    assert found == [
        ("CRS of any grade (Lee 2014)", "94 %"), ("CRS of grade 3 or more (Lee 2014)", "13 %"),
        ("median day on which CRS began (range)", "2 (1-12)"), ("neurotoxicity of any grade (CTCAE)", "87 %"),
        ("neurotoxicity of grade 3 or more (CTCAE)", "31 %"), ("median day on which neurotoxicity began (range)", "4"),
        ("CRS of any grade (ASTCT)", "82 %"), ("CRS of grade 3 or more (ASTCT)", "9 %"),
        ("neurotoxicity of any grade (ASTCT)", "58 %"), ("neurotoxicity of grade 3 or more (ASTCT)", "19 %"),
    ]  # fmt: skip
    assert own(AXI, "product") == {"axi-cel LBCL"}


@pytest.mark.parametrize(
    "patient",
    [AXI._replace(product=""), AXI._replace(disease=""), AXI._replace(disease="MM"), AXI._replace(product="other")],
)
def test_another_product_or_disease_or_none(patient: Patient) -> None:
    assert concern(patient, about="product") == []


def test_a_fact_of_a_disease_needs_no_product() -> None:
    assert own(Patient("P1", START, disease="MCL"), "disease") == {"MCL"}


@pytest.mark.parametrize(
    ("age", "facts"), [(None, 0), (64, 0), (65, 2), (69, 2), (70, 3)]
)  # fmt: skip
def test_age_in_lymphoma(age: int | None, facts: int) -> None:
    found = concern(AXI._replace(age_years=age), about="age")
    assert (len(found), {one.patient.tell() for one in found}) == (facts, {f"{age} years"} if facts else set())


@pytest.mark.parametrize(
    ("age", "crs"), [(2, ["61.1 %", "55.3 %"]), (3, ["55.3 %"]), (17, ["55.3 %"]), (18, ["62.7 %"])]
)
def test_age_in_leukaemia(age: int, crs: list[str]) -> None:
    found = concern(Patient("P1", START, product="tisa-cel", disease="B-ALL", age_years=age), about="age")
    assert [one.fact.value for one in found if one.fact.says == "CRS of any grade (ASTCT)"] == crs


@pytest.mark.parametrize(
    ("chart", "column", "expected"),
    [
        ("", None, set()),
        ("", 60.0, {"60 %"}),
        ("d-9 08:00 | marrow_blasts | 35", 60.0, {"35 %"}),
        ("d0 08:00 | marrow_blasts | 35", None, {"35 %"}),
        ("d0 08:01 | marrow_blasts | 35", None, set()),
    ],
)
def test_marrow_blasts_before_the_infusion(chart: str, column: float | None, expected: set[str]) -> None:
    assert own(AXI._replace(marrow_blasts_percent=column), "marrow_blasts", chart) == expected


def test_cell_dose() -> None:
    assert (own(AXI, "cell_dose"), own(AXI._replace(cell_dose=110), "cell_dose")) == (set(), {"110 million cells"})


@pytest.mark.parametrize(
    ("chart", "when", "expected"),
    [
        ("d-1 08:00 | car_t_cells | 900", "d5 12:00", set()),
        ("d4 08:00 | car_t_cells | 12\nd3 08:00 | car_t_cells | 40", "d5 12:00", {"40 /uL"}),
        ("d4 08:00 | car_t_cells | 40", "d4 08:00", {"40 /uL"}),
        ("d4 08:00 | car_t_cells | 40", "d4 07:59", set()),
        ("d4 08:00 | car_t_cells | >1000\nd3 08:00 | car_t_cells | 40", "d5 12:00", {">1000"}),
        ("d4 08:00 | car_transgene | 5000", "d5 12:00", {"5000 {copies}/ug"}),
        ("d4 08:00 | car_transgene | 5000\nd4 08:00 | car_t_cells | 0", "d5 12:00", {"0 /uL"}),
    ],
)
def test_highest_expansion_so_far(chart: str, when: str, expected: set[str]) -> None:
    assert own(AXI, "expansion", chart, when) == expected


@pytest.mark.parametrize(
    ("chart", "when", "expected"),
    [
        ("d1 23:00 | temperature | 38\nd2 08:00 | temperature | 39", "d5 12:00", {"first fever on day 1"}),
        ("d1 23:00 | temperature | 37.99", "d5 12:00", set()),
        ("d1 23:00 | temperature | >37", "d5 12:00", set()),
        ("d0 07:59 | temperature | 39", "d5 12:00", set()),
        ("d0 08:00 | temperature | 39", "d5 12:00", {"first fever on day 0"}),
        ("d5 13:00 | temperature | 39", "d5 12:00", set()),
        ("d30 08:00 | temperature | 39", "d40 12:00", {"first fever on day 30"}),
        ("d31 08:00 | temperature | 39", "d40 12:00", set()),
    ],
)
def test_first_fever_while_crs_can_begin(chart: str, when: str, expected: set[str]) -> None:
    assert own(AXI, "early_fever", chart, when) == expected


def test_in_an_explanation() -> None:
    course = Course(
        (AXI,), tuple(events("d1 09:00 | temperature | 39\nd1 09:00 | spo2 | 97\nd9 09:00 | car_t_cells | 4"))
    )
    seen = explain_course(course, None, SCALES["crs-astct-2019"], SETTINGS, at("d1 10:00"), published=RISK_FACTS)
    text = render_text(seen, SETTINGS)
    assert "Published facts (seen in others; no probability for this patient)" in text
    assert (
        "  axi-cel LBCL: ZUMA-1, n=108; Am J Hematol 2021, review, tables 4 and 6 (PMC9290945); doi 10.1002/ajh.26301  [secondary source]\n    CRS of any grade (Lee 2014): 94 %\n"
        in text
    )
    assert "    CRS that begins early, or is severe, went with ICANS\n" in text
    assert text.count("ZUMA-1, n=108") == 1
    first = seen.to_json()["published_facts"][0]
    assert first == {
        "about": "product", "patient": "axi-cel LBCL", "says": "CRS of any grade (Lee 2014)", "value": "94 %",
        "population": "ZUMA-1, n=108", "status": "secondary source",
        "source": "Am J Hematol 2021, review, tables 4 and 6 (PMC9290945); doi 10.1002/ajh.26301",
    }  # fmt: skip
    assert {one.fact.about for one in seen.published} == {"product", "disease", "early_fever"}  # nothing of later days
    bare = explain_course(course, None, SCALES["crs-astct-2019"], SETTINGS, at("d1 10:00"))
    assert "Published facts" not in render_text(bare, SETTINGS)


def test_each_fact_has_its_source_and_known_names() -> None:
    assert {name for one in RISK_FACTS for name in one.products} <= set(PRODUCTS)
    assert {name for one in RISK_FACTS for name in one.diseases} <= set(DISEASES)
    assert len({(one.says, one.population, one.products, one.diseases, one.value) for one in RISK_FACTS}) == len(
        RISK_FACTS
    )
    assert all(one.value for one in RATES)


@pytest.mark.parametrize(
    ("population", "source", "status"),
    [("", Citation("x", "x"), SOURCE_READ), ("x", Citation("x", ""), SOURCE_READ), ("x", Citation("x", "x"), "said")],
)
def test_a_fact_without_evidence_is_refused(population: str, source: Citation, status: str) -> None:
    with pytest.raises(ValueError, match="no source, population or known status"):
        RiskFact("age", "says", population, source, status=status)


PUBLISHED = """
tisa-cel  | B-ALL | ELIANA         | 77 48 71 22 | 3 (1-22)
tisa-cel  | LBCL  | JULIET         | 74 23 60 19 |
tisa-cel  | FL    | ELARA          | 53 0 43 6   |
axi-cel   | LBCL  | ZUMA-1         | 94 13 87 31 | 2 (1-12), 4
axi-cel   | LBCL  | CIBMTR         | 82 9 58 19  |
axi-cel   | FL    | ZUMA-5         | 84 8        | 4 (1-20)
brexu-cel | MCL   | trials         | 91 20 69 32 | 3 (1-13), 7 (1-262)
brexu-cel | B-ALL | trials         | 91 20 69 32 | 3 (1-13), 7 (1-262)
brexu-cel | MCL   | CIBMTR         | 89 11 62 30 | 5 (1-46), 7 (1-31)
liso-cel  | LBCL  | LBCL after one | 45 1 18 5   | 4 (1-63), 8 (1-63)
liso-cel  | LBCL  | LBCL after two | 38 2 26 10  | 4 (1-14), 9 (1-66)
liso-cel  | FL    | FL             | 58 0.8 16 3 | 6 (1-17), 8 (4-16)
liso-cel  | MCL   | MCL            | 61 1 31 9   | 4 (1-10), 8 (1-25)
liso-cel  | CLL   | TRANSCEND      | 85 9 45 19  | 4 (1-7), 7 (4-11)
ide-cel   | MM    | KarMMa         | 85 9 28 4   | 1 (1-23), 2 (1-42)
cilta-cel | MM    | CARTITUDE      | 95 4        | 7 (5-8)
cilta-cel | MM    | US             | 75 5 14 4   |
obe-cel   | B-ALL | FELIX, n       | 75 3        | 8 (1-23)
"""


@pytest.mark.parametrize("row", PUBLISHED.strip().splitlines())
def test_numbers_as_published(row: str) -> None:
    """CRS of any grade, of grade 3 or more, neurotoxicity the same, in percent; the median days on which they began."""
    product, disease, study, percent, onset = (cell.strip() for cell in row.split("|"))
    found = concern(Patient("P1", START, product=product, disease=disease), about="product")
    mine = [one.fact for one in found if one.fact.population.startswith(study)]
    assert [fact.value for fact in mine if "grade" in fact.says] == [f"{number} %" for number in percent.split()]
    assert ", ".join(fact.value for fact in mine if "median day" in fact.says) == onset


@pytest.mark.parametrize(
    ("product", "disease", "expected"),
    [
        ("tisa-cel", "B-ALL", {"HLH/MAS": "6 %", "ICAHT of grade 3 or more": "53 %"}),
        ("tisa-cel", "LBCL", {"HLH/MAS": "2 %", "ICAHT of grade 3 or more": "23 %"}),
        ("brexu-cel", "MCL", {"ICAHT of grade 3 or more": "28 %"}),
        ("ide-cel", "MM", {"IEC-HS": "2.9 %", "median day on which IEC-HS began (range)": "9.5 (2-37)", "ICAHT of grade 3 or more": "15 %"}),
        ("cilta-cel", "MM", {"IEC-HS": "6.7 %", "median day on which IEC-HS began (range)": "9.5 (2-37)", "ICAHT of grade 3 or more": "15 %"}),
    ],
)  # fmt: skip
def test_other_toxicity_as_published(product: str, disease: str, expected: dict[str, str]) -> None:
    found = concern(Patient("P1", START, product=product, disease=disease))
    assert {one.fact.says: one.fact.value for one in found if one.fact.value and "CRS" not in one.fact.says
            and "neurotoxicity" not in one.fact.says} == expected  # fmt: skip


def test_burden_dose_and_expansion() -> None:
    rows = "d-5 08:00 | marrow_blasts | 60\nd4 08:00 | car_t_cells | 40\nd2 08:00 | temperature | 39"
    everything = Patient("P1", START, product="obe-cel", disease="B-ALL", age_years=18, cell_dose=410)
    found = [(one.fact.about, one.fact.source.key, one.fact.value) for one in concern(everything, rows)][4:]
    assert found == [
        ("disease", "Nair 2025", "53 %"), ("marrow_blasts", "Hay 2017", ""), ("marrow_blasts", "Santomasso 2018", ""),
        ("marrow_blasts", "FELIX, burden", "2 %, 3 %"), ("marrow_blasts", "FELIX, burden", "4 %, 9 %"),
        ("cell_dose", "Hay 2017", ""), ("expansion", "Santomasso 2018", ""), ("expansion", "PMC8600921", ""),
        ("early_fever", "Blood 2023;141:2443", ""), ("early_fever", "PMC10828176", "3 (2-4)"),
    ]  # fmt: skip
    child = everything._replace(age_years=17)
    assert "Santomasso 2018" not in {one.fact.source.key for one in concern(child, rows)}
    myeloma = concern(Patient("P1", START, disease="MM"), rows, about="marrow_blasts")
    assert [one.fact.source.key for one in myeloma] == ["Hay 2017", "PMC9092941"]


def test_a_heading_for_each_patient_value_population_and_source() -> None:
    one = RiskFact("age", "a", "p", Citation("s", "s"))
    facts = [
        Applied(one, Own("50", "{value} years")), Applied(replace(one, says="b", value="4 %"), Own("50", "{value} years")), Applied(one, Own("axi-cel")),
        Applied(replace(one, population="q"), Own("axi-cel")), Applied(replace(one, population="q", source=Citation("t", "t")), Own("axi-cel")),
    ]  # fmt: skip
    assert risk_lines([]) == []
    assert risk_lines(facts)[2:] == [
        "  50 years: p; s  [source read]", "    a", "    b: 4 %", "  axi-cel: p; s  [source read]", "    a",
        "  axi-cel: q; s  [source read]", "    a", "  axi-cel: q; t  [source read]", "    a",
    ]  # fmt: skip
