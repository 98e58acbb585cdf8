import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from html import unescape
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import cytovigil
from cytovigil import SCALES, SCORES, Course, Settings, app, explain_course, render_text
from cytovigil.engine.explain import Explanation
from cytovigil.logic.html import render_html, render_score_html
from cytovigil.logic.score_text import render_score
from cytovigil.logic.text import cite, render_scale
from cytovigil.model.flags import FLAGS, says_flag
from cytovigil.model.vocabulary import signals
from cytovigil.report.days import MONTHS
from cytovigil.report.language import Say, speaker
from cytovigil.report.marks import NAMES
from cytovigil.rules.risk_facts import RISK_FACTS
from cytovigil.rules.scores import UNPUBLISHED
from cytovigil.run import open_inputs

SOURCE = Path(cytovigil.__file__).parent
REPORT = resources.files("cytovigil.report")
PO = REPORT.joinpath("locales/nl.po")


def messages() -> list[Message]:
    with PO.open("rb") as file:
        return [one for one in read_po(file, locale="nl", abort_invalid=True) if one.id]


def lacking(texts: set[str]) -> list[str]:
    """Texts that the catalogue does not have; one without a letter of its own needs no translation."""
    worded = {text for text in texts if re.search("[A-Za-z]", re.sub(r"\{[^}]*\}", "", text))}
    return sorted(worded - {str(one.id) for one in messages()})


def format_fields(text: str) -> set[tuple[str, str]]:
    return {(name, form or "") for _, name, form, _ in Formatter().parse(text) if name is not None}


def texts_of_templates() -> set[str]:
    folder = REPORT.joinpath("templates")
    pages = [one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".html")]
    return {text for page in pages for text in re.findall(r'\b_\("([^"]+)"\)', page)}


def texts_of_scales() -> set[str]:
    ladders = [ladder for scale in SCALES.values() for ladder in scale.domains]
    said = {rung.says for ladder in ladders for rung in ladder.rungs}
    return said | {scale.title for scale in SCALES.values()} | {ladder.title for ladder in ladders}


def texts_of_signals() -> set[str]:
    words = {word for one in signals().values() for word in (one.name, *one.categories)}
    return {word.replace("_", " ") for word in words} | set(NAMES.values())


def texts_of_code() -> set[str]:
    """Texts that stand in the code where they are said; those with the patient's own value beside a published fact."""
    calls = [
        one
        for path in SOURCE.rglob("*.py")
        for one in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in ("say", "Own")
    ]
    said = [one.args[-1] for one in calls if one.func.id == "say" or len(one.args) == 2]  # type: ignore[attr-defined]
    return {one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def texts_of_risk_facts() -> set[str]:
    return {text for fact in RISK_FACTS for text in (fact.says, fact.population, fact.status)}


TEXTS = {
    "code": texts_of_code(),
    "risk facts": texts_of_risk_facts(),
    "templates": texts_of_templates(),
    "flags": set(FLAGS.values()),
    "settings": {str(one.metadata["says"]) for one in fields(Settings)},
    "scales": texts_of_scales(),
    "signals": texts_of_signals(),
    "months": set(MONTHS),
}


def test_every_entry_is_translated_and_none_is_in_doubt() -> None:
    found = messages()
    assert found and [one.id for one in found if one.fuzzy or not str(one.string).strip()] == []


def test_every_entry_stands_once_and_in_order() -> None:
    said = re.findall(r'^msgid "(.+)"$', PO.read_text("utf-8"), re.MULTILINE)
    assert [text for text, count in Counter(said).items() if count > 1] == []
    assert said == sorted(said) and len(said) == len(messages())


def test_a_translation_has_the_format_fields_of_its_text() -> None:
    pairs = [(str(one.id), str(one.string)) for one in messages()]
    assert [text for text, dutch in pairs if format_fields(text) != format_fields(dutch)] == []
    assert sum(bool(format_fields(text)) for text, _ in pairs) >= 1


@pytest.mark.parametrize("kind", TEXTS)
def test_the_catalogue_holds_every_text_of_the_sources(kind: str) -> None:
    assert TEXTS[kind]
    assert sorted(TEXTS[kind] - {str(one.id) for one in messages()}) == []


def test_the_catalogue_holds_every_text_that_the_demo_asks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()

    def record(_language: str) -> Say:
        def say(text: str) -> str:
            asked.add(text)
            return text

        return say

    monkeypatch.setattr("cytovigil.report.book.speaker", record)
    app.demo(tmp_path / "out", detail="full")
    assert {"grade", "Temperature", "Overview"} <= asked
    assert lacking(asked) == []


def test_an_unknown_text_stays_as_it_is() -> None:
    text = "a text that nobody translated"
    assert (speaker("en")(text), speaker("nl")(text)) == (text, text)
    assert speaker("nl")("") == ""


def test_known_texts_are_dutch_or_stay_english() -> None:
    assert (speaker("nl")("fever"), speaker("en")("fever")) == ("koorts", "fever")
    assert "12 uur" in says_flag("ice_due", Settings(), speaker("nl"))


def test_names_in_the_picture_hold_no_quote() -> None:
    names = texts_of_signals() | {"oxygen device"}
    assert [name for name in sorted(names) if "'" in speaker("nl")(name)] == []


def demo_courses() -> list[Course]:
    data = SOURCE / "demo" / "data"
    with open_inputs([data / "patients.csv", data / "events.csv"], Settings(), None, None) as source:
        return list(source)


def explanations() -> Iterator[Explanation]:
    """Every course of the demo on a scale of each kind, at its worst moment."""
    for course in demo_courses():
        for name in ("crs-astct-2019", "crs-lee-2014-label", "icans-astct-2019", "icaht-early-2023"):
            yield explain_course(course, None, SCALES[name], Settings(), published=RISK_FACTS)


def rule_pages(say: Say) -> Iterator[str]:
    for scale in SCALES.values():
        yield from (render_scale(scale, "text", say=say), render_scale(scale, "markdown", say=say))
    yield render_html(list(SCALES.values()), "1", say=say)
    for score in (*SCORES.values(), *UNPUBLISHED):
        yield from (render_score(score, "text", say=say), render_score(score, "markdown", say=say))
        yield render_score_html(score, "1", say=say)


def rub_out(text: str) -> str:
    """A translation in which no letter is left: what still has letters was never translated."""
    return re.sub(r"\{[^}]*\}|[A-Za-zµ]", lambda found: found[0] if found[0][0] == "{" else "_", text)


def words(page: str, data: set[str]) -> set[str]:
    """Words of two letters or more in a page, tags, links, citations and `data` aside."""
    page = unescape(re.sub(r"<style>.*?</style>|</?[a-z!][^>]*>", "", page, flags=re.DOTALL | re.IGNORECASE))
    for text in sorted(data - {""}, key=len, reverse=True):
        page = page.replace(text, " ")
    return set(re.findall(r"[A-Za-z]{2,}", page))


def names() -> set[str]:
    """What stays as it is in every language: ids, names of signals, settings and flags, citations."""
    rules = [*SCALES.values(), *SCORES.values(), *UNPUBLISHED]
    cited = {cite(one.source) for one in rules} | {cite(d.source) for one in SCALES.values() for d in one.domains}
    return cited | {one.id for one in rules} | set(signals()) | {one.name for one in fields(Settings)} | set(FLAGS)


def test_the_catalogue_holds_every_text_that_explain_and_rules_show_ask_for() -> None:
    asked: set[str] = set()

    def say(text: str) -> str:
        asked.add(text)
        return text

    for found in explanations():
        render_text(found, Settings(), say)
    assert all(rule_pages(say))
    assert len(asked) > 900
    assert lacking(asked) == []


def test_no_english_is_left_in_a_translated_page_of_a_rule() -> None:
    formulas = {score.formula for score in SCORES.values() if hasattr(score, "formula")}
    data = names() | formulas | {"cytovigil", "```text", "CRS", "ICANS"}
    for page in rule_pages(rub_out):
        assert words(page, data) == set()


def test_no_english_is_left_in_a_translated_explanation() -> None:
    pages = 0
    for found in explanations():
        charted = {one for view in found.fields for row in view.rows for one in (row.shown, row.word, row.source_id)}
        charted |= {row.recorded_by for view in found.fields for row in view.rows}
        charted |= {row.unit for row in found.biomarkers} | {"AUC"}
        charted |= {cite(one.fact.source) for one in found.published} | {one.patient.value for one in found.published}
        page = re.sub(r"\d{4}-\d\d-\d\dT[\d:+-]+", "", render_text(found, Settings(), rub_out))
        assert words(page, charted | names() | {found.patient_id}) == set()
        pages += 1
    assert pages > 50


def test_names_in_code_style_and_of_settings_stay() -> None:
    """`spo2`, crs_reopen_h: what a text names in code style, or with an underscore, its translation names too."""
    code = re.compile(r"`[^`]+`|\b[a-z]+(?:_[a-z]+)+\b")
    pairs = [(str(one.id), str(one.string)) for one in messages() if " " in one.id]
    assert [text for text, dutch in pairs if sorted(code.findall(text)) != sorted(code.findall(dutch))] == []
