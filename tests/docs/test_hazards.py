"""The table of hazards names tests that exist, and its page is the one made from it."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = runpy.run_path(str(ROOT / "docs" / "hazards.py"))
HAZARDS, GROUPS, PAGE = TABLE["HAZARDS"], TABLE["GROUPS"], TABLE["page"]()
TESTS = TABLE["existing"](ROOT / "tests")


def test_the_page_is_not_stale() -> None:
    written = (ROOT / "docs" / "safety" / "hazards.md").read_text("utf-8")
    assert written == PAGE, "the table changed: run `make docs`"


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda one: one.hazard)
def test_a_hazard_is_whole_and_its_tests_exist(hazard: object) -> None:
    assert hazard.group in GROUPS and hazard.hazard and hazard.cause and hazard.harm
    assert [name for name in hazard.tests if name not in TESTS] == []
    assert len(set(hazard.tests)) == len(hazard.tests)
    assert bool(hazard.prevented) == bool(hazard.tests), "what prevents it needs a test; what has none is not prevented"
    assert hazard.prevented or hazard.remains


def test_a_test_that_is_not_there_is_noticed() -> None:
    assert "docs/test_hazards.py::test_a_test_that_is_not_there_is_noticed" in TESTS
    assert "docs/test_hazards.py::test_that_nobody_wrote" not in TESTS


def test_the_hazards_that_must_be_there_are_and_each_once() -> None:
    names = [one.hazard for one in HAZARDS]
    asked = {
        "wrong unit", "missing taken for normal", "stale data", "wrong patient", "wrong dose", "over-reliance",
        "outdated guidance", "alarm fatigue", "look-ahead", "mapping error", "partial output", "privacy",
    }  # fmt: skip
    assert asked <= set(names) and len(set(names)) == len(names) >= 25
    assert {one.group for one in HAZARDS} == set(GROUPS)


def test_the_page_says_what_it_is_not_and_what_is_not_prevented() -> None:
    assert "ISO 14971 only" in PAGE and "not the risk file of a medical device" in PAGE
    assert PAGE.count("**Not prevented.**") == sum(not one.prevented for one in HAZARDS) > 0
    assert all(f"`tests/{name}`" in PAGE for one in HAZARDS for name in one.tests)
