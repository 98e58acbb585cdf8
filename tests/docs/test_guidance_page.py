"""The page of guidance is made from the protocols: one that is stale fails here, and nothing is left out."""

import runpy
import sys
from pathlib import Path

import pytest

from cytovigil.guidance import PROTOCOLS
from cytovigil.logic.guidance_text import scheme_words
from cytovigil.logic.text import cite, in_words

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))  # as `python docs/generate.py` has it
PAGE = runpy.run_path(str(DOCS / "generate.py"))["guidance_page"]()
SECTIONS = {part.partition("`, version")[0].rpartition("`")[2]: part for part in PAGE.split("\n## ")[1:]}


def test_the_page_is_not_stale() -> None:
    assert (DOCS / "guidance.md").read_text("utf-8") == PAGE, "the protocols changed: run `make docs`"


def test_it_says_what_it_is_not_for() -> None:
    assert "machine grade, unconfirmed; not for decisions about a patient who is being treated now." in PAGE
    assert set(SECTIONS) == set(PROTOCOLS)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_recommendation_stands_there_with_source_and_status(name: str) -> None:
    protocol, page = PROTOCOLS[name], SECTIONS[name]
    assert cite(protocol.source) in page
    assert all(text in page for text in (*protocol.notes, *protocol.open_questions))
    assert page.count("\n| `") == len(protocol.recommendations)
    for one in protocol.recommendations:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{one.id}` |"))
        assert all(f"| {cell} |" in row for cell in (one.strength, one.topic, one.status, in_words(one.when)))
        assert one.says in row and one.note in row
        assert one.scheme is None or scheme_words(one.scheme) in row
