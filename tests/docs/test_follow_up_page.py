"""docs/follow-up.md is made from the items: a page that is stale fails here."""

import re

from test_rulebook import DOCS

from cytovigil.followup.schedule import ITEMS
from cytovigil.followup.text import followup_markdown
from cytovigil.report.language import speaker


def test_the_page_is_not_stale_and_names_every_item() -> None:
    page = (DOCS / "follow-up.md").read_text("utf-8")
    assert page == followup_markdown(ITEMS), "items changed: run `make docs`"
    assert [one.id for one in ITEMS if f"| `{one.id}` |" not in page] == []


def test_the_page_is_dutch_too() -> None:
    page = followup_markdown(ITEMS, speaker("nl"))
    assert page.startswith("# Langetermijnfollow-up\n")
    said = " ".join(cell for row in re.findall(r"^\| `.*$", page, re.MULTILINE) for cell in row.split(" | ")[1:5])
    assert not re.search(r"\b(the|with|from|after|monthly|yearly|only)\b", said)
