"""Every text of guidance has its Dutch line, and no English is left on a translated page."""

import re

from cytovigil.engine.advice import PatientAdvice
from cytovigil.engine.advice_text import render_advice
from cytovigil.guidance import PROTOCOLS
from cytovigil.logic.guidance import COVERAGES, KINDS, Protocol
from cytovigil.logic.guidance_text import guidance_markdown
from cytovigil.logic.text import cite
from cytovigil.model.vocabulary import PRODUCTS
from cytovigil.rules import SCALES
from report.test_catalogue import lacking, rub_out, words
from spec.test_advice import NO_ORGAN, PRESSOR, advice


def pages() -> list[PatientAdvice]:
    """Well, ill, and with nothing charted; on every protocol."""
    ill = f"{NO_ORGAN}\n{PRESSOR}\nd1 08:00 | tocilizumab | 640\nd1 10:00 | ice | 2"
    return [advice(chart, "d2 08:00", *PROTOCOLS) for chart in ("", NO_ORGAN, ill)]


def data(protocol: Protocol) -> set[str]:
    """What stays as it is in every language: ids, citations, jurisdictions, products."""
    ids = {protocol.id, protocol.scale, protocol.jurisdiction, cite(protocol.source)}
    return ids | {one.id for one in protocol.recommendations} | {one.where for one in protocol.recommendations}


def test_the_catalogue_holds_every_text_of_guidance() -> None:
    asked = {*KINDS.values(), *COVERAGES.values()}

    def say(text: str) -> str:
        asked.add(text)
        return text

    assert guidance_markdown(list(PROTOCOLS.values()), say)
    assert all(render_advice(found, SCALES, say) for found in pages())
    asked |= {label for one in PROTOCOLS.values() for field in one.fields for label in (field.says, *field.labels)}
    assert len(asked) > 250
    assert lacking(asked) == []


def test_no_english_is_left() -> None:
    kept = set().union(*map(data, PROTOCOLS.values())) | set(SCALES) | set(PRODUCTS) | {"P1", "mg", "kg", "CRS"}
    page = guidance_markdown(list(PROTOCOLS.values()), rub_out)
    assert words(page, kept) == set()
    charted = {signal for found in pages() for verdict in found.grades.values() for signal in verdict.missing}
    for found in pages():
        page = re.sub(r"\d{4}-\d\d-\d\dT[\d:+-]+", "", render_advice(found, SCALES, rub_out))
        assert words(page, kept | charted) == set()
