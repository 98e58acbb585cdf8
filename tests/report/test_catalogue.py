import re
from collections import Counter
from dataclasses import fields
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from cytovigil import SCALES, Settings, app
from cytovigil.model.flags import FLAGS, says_flag
from cytovigil.model.vocabulary import signals
from cytovigil.report.days import MONTHS
from cytovigil.report.language import Say, speaker
from cytovigil.report.marks import NAMES

REPORT = resources.files("cytovigil.report")
PO = REPORT.joinpath("locales/nl.po")


def messages() -> list[Message]:
    with PO.open("rb") as file:
        return [one for one in read_po(file, locale="nl", abort_invalid=True) if one.id]


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


TEXTS = {
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
    assert sorted(asked - {str(one.id) for one in messages()}) == []


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
