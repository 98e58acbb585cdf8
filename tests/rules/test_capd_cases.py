"""The cases of a published CAPD calculator (GDL guideline `Cornell_Assessment_of_Pediatric_Delirium.v1`): its totals.

Where an item is missing the calculator says nothing; here what is charted leaves a range that holds every completion.
"""

from pathlib import Path

import pytest
import yaml

from cytovigil.engine.measures import MEASURES
from cytovigil.engine.record import Record
from cytovigil.rules.fields import CAPD
from spec.charts import ADULT, SETTINGS, at, events

CASES = yaml.safe_load((Path(__file__).parent / "data/capd_cases.yml").read_text("utf-8"))["test_cases"]
ITEMS = {
    "gt0003": "capd_eye_contact", "gt0004": "capd_purposeful", "gt0005": "capd_aware", "gt0006": "capd_communicates",
    "gt0009": "capd_restless", "gt0010": "capd_inconsolable", "gt0012": "capd_underactive",
    "gt0013": "capd_slow_response",
}  # fmt: skip


def charted(case: dict[str, dict[str, dict[int, dict[str, str]]]]) -> dict[str, int]:
    """Points by signal. An entry is `gt0003|title: 2|code|word|`."""
    given = case["input"][1] or {}
    lines = given if isinstance(given, str) else "\n".join(f"{key}: {value}" for key, value in given.items())
    found = {}
    for line in lines.splitlines():
        code, _, rest = line.strip().partition("|")
        if code in ITEMS:
            found[ITEMS[code]] = int(rest.partition(": ")[2].partition("|")[0])
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_published_case(case: dict[str, dict[str, dict[int, dict[str, str]]]]) -> None:
    points = charted(case)
    table = "\n".join(f"d2 08:00 | {signal} | {value}" for signal, value in points.items())
    child = ADULT._replace(age_years=6, infusion_time=at("d0 08:00"))
    fact = MEASURES[CAPD.measure](Record(child, events(table), SETTINGS), CAPD).at(at("d2 09:00"))
    expected = case["expected_output"][1] or {}
    text = expected if isinstance(expected, str) else "\n".join(f"{key}: {value}" for key, value in expected.items())
    totals = [int(line.rpartition(": ")[2]) for line in text.splitlines() if "CAPD score" in line]
    if totals:
        assert len(points) == len(ITEMS) and fact.values == set(totals)
    else:
        lacking = len(ITEMS) - len(points)
        assert lacking and fact.values == set(range(sum(points.values()), sum(points.values()) + 4 * lacking + 1))


def test_the_cases_are_there() -> None:
    assert sum("CAPD score" in str(case["expected_output"]) for case in CASES) >= 5
