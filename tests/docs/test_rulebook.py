"""The rulebook is made from the rules: a page that is stale fails here. The same rules as one HTML page."""

import re
import runpy
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cytovigil import app
from cytovigil.logic.html import render_html
from cytovigil.logic.text import cite, in_words
from cytovigil.model.settings import from_site
from cytovigil.rules import SCALES
from cytovigil.rules.scores import SCORES

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))  # as `python docs/generate.py` has it
PAGES = runpy.run_path(str(DOCS / "generate.py"))["pages"]()
VOID = {"meta"}


class Page(HTMLParser):
    """Open tags, ids, targets and text; refuses tags that do not close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "aria-labelledby" or (name == "href" and value and value[0] == "#"):
                self.references.append((value or "").removeprefix("#"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_there_is_a_page_for_every_scale_and_no_other() -> None:
    assert sorted(PAGES) == sorted(["README.md", *(f"{name}.md" for name in (*SCALES, *SCORES))])
    assert sorted(path.name for path in (DOCS / "rulebook").iterdir()) == sorted(PAGES)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_page_is_stale(name: str) -> None:
    assert (DOCS / "rulebook" / name).read_text("utf-8") == PAGES[name], "the rules changed: run `make docs`"


@pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
def test_a_page_says_all_of_a_rule_and_has_examples(scale: object) -> None:
    page = PAGES[f"{scale.id}.md"]
    for ladder in scale.domains:
        assert f"Source: {cite(ladder.source)}" in page
        for rung in ladder.rungs:
            assert f"| {rung.grade} | {rung.says} | {in_words(rung.when)} | {rung.status} | {rung.note} |" in page
    examples = page.split("## Worked examples")[1].split("## Edges")[0]
    assert 2 <= examples.count("\n### ") <= 4
    assert page.startswith(app.rules_show(scale.id, "markdown").split("## Edges")[0])


@pytest.mark.parametrize("names", ["all", *SCALES])
def test_html_is_one_whole_page_that_fetches_nothing(names: str) -> None:
    text = app.rules_show(names, "html")
    page = Page(text)
    assert text.count("<html") == 1 and '<html lang="en">' in text
    assert len(page.ids) == len(set(page.ids)) and set(page.references) <= set(page.ids)
    assert not re.search(r"<(script|link|img|iframe)|url\(|@import|src=", text)
    assert "machine grade, unconfirmed" in text.lower() and app.__version__ in page.text
    assert text == app.rules_show(names, "html")


@pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
def test_html_says_all_of_a_rule(scale: object) -> None:
    page = Page(app.rules_show(scale.id, "html"))
    for ladder in scale.domains:
        assert cite(ladder.source) in page.text
        for rung in ladder.rungs:
            assert all(part in page.text for part in (rung.says, in_words(rung.when), rung.status, rung.note))


def test_html_tables_name_their_rows_and_columns() -> None:
    text = app.rules_show("crs-astct-2019", "html")
    assert text.count("<table>") == text.count("<caption") == text.count("<thead>") == 6
    assert not re.search(r"<th(?![^>]*scope=)[ >]", text)
    assert '<td class="hatched">unknown</td>' in text and 'class="grade hatched">0..4<' in text
    assert '<td colspan="2">death due to CRS</td>' in text


def test_html_shows_weaker_evidence_and_a_changed_setting() -> None:
    assert '<strong class="weaker">secondary source</strong>' in app.rules_show("crs-lee-2014", "html")
    page = render_html([SCALES["crs-astct-2019"]], "1", from_site({"fever_cel": 38.3}))
    assert "<td>38.3</td>" in page
