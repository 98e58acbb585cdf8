"""Every text of the treatment ledger has its Dutch."""

import re
from fractions import Fraction

from cytovigil.guidance.ledger import DRUGS, Ledger, keep_ledger
from cytovigil.guidance.ledger_text import FLAGS, LIMITS, PLACES, TAPERS, ledger_lines
from cytovigil.guidance.steroids import ASSOCIATIONS
from cytovigil.guidance.tocilizumab import TOCILIZUMAB, CrsEpisode
from cytovigil.logic.text import cite
from cytovigil.model.doses import Dose
from cytovigil.model.settings import Settings
from cytovigil.model.times import DAY, HOUR
from cytovigil.model.vocabulary import signals
from cytovigil.report.language import speaker
from cytovigil.rules import SCALES
from report.test_catalogue import lacking, rub_out, words


def ledger() -> Ledger:
    """All drugs in one patient."""
    doses = [Dose(drug, place * HOUR, Fraction(100), None) for place, drug in enumerate(DRUGS)]
    return keep_ledger(
        doses, lambda _t: None, Settings(), 3 * DAY, infusion=0, episodes=[CrsEpisode(0)],
        grades={SCALES["crs-astct-2019"].title: lambda _t: (1, 2)},
    )  # fmt: skip


def test_the_catalogue_holds_every_text() -> None:
    asked = {*LIMITS.values(), *PLACES.values(), *FLAGS.values(), *TAPERS.values()}
    asked |= {text for one in TOCILIZUMAB.constants for text in (one.says, one.note) if text}
    asked |= {text for one in ASSOCIATIONS for text in (one.says, one.population, one.confounding, one.status)}

    def say(text: str) -> str:
        asked.add(text)
        return text

    assert ledger_lines(ledger(), say)
    assert lacking(asked) == []


def test_no_english_is_left() -> None:
    page = re.sub(r"\d{4}-\d\d-\d\d(T[\d:+-]+)?", "", "\n".join(ledger_lines(ledger(), rub_out)))
    cited = {cite(one.source) for one in (*ASSOCIATIONS, *TOCILIZUMAB.constants)}
    assert words(page, cited | set(signals()) | {"mg", "kg"}) == set()


def test_dutch_lines() -> None:
    lines = ledger_lines(ledger(), speaker("nl"))
    assert lines[:2] == ["Tocilizumab", "  dosis naar gewicht: het gewicht is niet bekend: graag vastleggen"]
    source = "Kymriah US prescribing information, revised 6/2025; table 1  [secundaire bron]"
    assert f"  ten minste 8 uur tussen doses: {source}" in lines
