"""The language of guidance refuses what is no protocol, and asks for what would settle a recommendation."""

from datetime import date
from typing import Any

import pytest

from cytovigil.app import speaker
from cytovigil.guidance import PROTOCOLS
from cytovigil.guidance.fields import (
    FEVER,
    ICANS,
    PRODUCT,
    STEROID,
    TOCILIZUMAB_DOSES,
    TOCILIZUMAB_SPENT,
    at_least,
    at_most,
    first_days,
)
from cytovigil.logic.conditions import Condition, holds, named
from cytovigil.logic.facts import Fact
from cytovigil.logic.guidance import Protocol, Recommendation, Scheme, advise
from cytovigil.logic.guidance_text import about, guidance_markdown, scheme_words
from cytovigil.logic.ladder import SECONDARY, SOURCE_READ, UNVERIFIED, Citation
from cytovigil.logic.text import in_words

SOURCE = Citation("A 2020", "A paper")


def recommendation(**changes: Any) -> Recommendation:
    fields = {"id": "one", "kind": "treat", "topic": "corticosteroid", "when": STEROID, "says": "x", "strength": "give"}
    return Recommendation(**(fields | changes))


def protocol(*recommendations: Recommendation, **changes: Any) -> Protocol:
    fields: dict[str, Any] = {"id": "a", "version": "1", "title": "A", "source": SOURCE, "coverage": "complete"}
    return Protocol(**(fields | {"recommendations": recommendations} | changes))


@pytest.mark.parametrize(
    ("recommendations", "changes", "sentence"),
    [
        ([recommendation()], {"source": Citation("A", "")}, "has no source"),
        ([recommendation()], {"coverage": "half"}, "unknown coverage"),
        ([recommendation(), recommendation()], {}, "two recommendations share an id"),
        ([recommendation(status="perhaps")], {}, "unknown status, kind or topic in"),
        ([recommendation(kind="pray")], {}, "unknown status, kind or topic in"),
        ([recommendation(topic="weather")], {}, "unknown status, kind or topic in"),
        ([], {}, "recommendations stand where its source was read, and only there"),
        ([recommendation()], {"coverage": "not_read", "open_questions": ("x",)}, "and only there"),
        ([recommendation()], {"coverage": "partial"}, "what was not read is an open question"),
    ],
)
def test_what_is_no_protocol(recommendations: list[Recommendation], changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        protocol(*recommendations, **changes)


def test_what_is_no_scheme() -> None:
    with pytest.raises(ValueError, match="needs mg, or mg/kg"):
        Scheme("dexamethasone")
    with pytest.raises(ValueError, match="needs mg, or mg/kg"):
        Scheme("dexamethasone", mg=(10, 10), mg_per_kg=(1, 1))
    with pytest.raises(ValueError, match="needs the dose of light patients, and their weight"):
        Scheme("tocilizumab", mg_per_kg=(8, 8), light=12)


def test_a_scheme_in_words() -> None:
    whole = Scheme(
        "tocilizumab",
        mg_per_kg=(8, 8),
        light=12,
        light_kg=30,
        cap_mg=800,
        every_h=(8, 12),
        days=(1, 3),
        route="intravenous",
    )
    assert (
        scheme_words(whole)
        == "tocilizumab 8 mg/kg, 12 mg/kg below 30 kg, at most 800 mg, every 8-12 h, 1-3 days, intravenous"
    )
    assert scheme_words(Scheme("dexamethasone", mg=(7.5, 7.5))) == "dexamethasone 7.5 mg"


def test_a_protocol_holds_for_its_products_from_its_first_day_to_before_its_last() -> None:
    one = protocol(recommendation(), products=("tisa-cel",), since=date(2020, 1, 1), until=date(2021, 1, 1))
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [one.fits("tisa-cel", day) for day in days] == [False, True, True, False]
    assert not one.fits("axi-cel", days[1]) and not one.fits("", days[1])
    assert protocol(recommendation()).fits("", days[0])
    assert list(about(one))[2:] == ["for tisa-cel", "holds from 2020-01-01", "replaced on 2021-01-01"]


def test_its_evidence_is_its_weakest() -> None:
    assert protocol(recommendation(), recommendation(id="two", status=SECONDARY)).status == SECONDARY
    assert protocol(recommendation()).status == SOURCE_READ
    assert PROTOCOLS["ebmt-eha-2022"].status == UNVERIFIED


def test_it_asks_for_what_would_settle_it_alone() -> None:
    either = Fact(frozenset({True, False}), missing=frozenset({"dexamethasone"}))
    doses = Fact(frozenset({0, 1}), missing=frozenset({"tocilizumab"}))
    icans = Fact(frozenset({2}))
    facts = {"steroid": either, "tocilizumab_doses": doses, "icans": icans}
    both = protocol(recommendation(when=STEROID & (TOCILIZUMAB_DOSES >= 1)))
    (one,) = advise(both, facts)
    assert not one.applies and one.asked == {"dexamethasone", "tocilizumab"}
    neither = protocol(
        recommendation(when=(STEROID & (TOCILIZUMAB_DOSES >= 1)) | (~STEROID & (TOCILIZUMAB_DOSES <= 0)))
    )
    (one,) = advise(neither, facts)
    assert one.asked == {"dexamethasone", "tocilizumab"}
    nameless = facts | {"steroid": Fact(frozenset({True, False}))}
    (one,) = advise(protocol(recommendation()), nameless)
    assert one.asked == {"steroid"}
    assert list(advise(protocol(recommendation(when=at_most(ICANS, 1))), facts)) == []
    (one,) = advise(protocol(recommendation(when=at_least(ICANS, 2))), facts)
    assert one.applies


def test_no_protocol_is_filled_in_where_its_source_was_not_read() -> None:
    empty = [one for one in PROTOCOLS.values() if not one.recommendations]
    assert {one.coverage for one in empty} == {"not_read", "refers_to_guidelines"}
    assert len(empty) == 8 and all(one.open_questions for one in empty)


@pytest.mark.parametrize(
    ("condition", "english", "dutch"),
    [
        (at_least(ICANS, 1), "ICANS grade: 1 to 4", "graad van ICANS: 1 tot en met 4"),
        (at_most(ICANS, 2), "ICANS grade: 0 to 2", "graad van ICANS: 0 tot en met 2"),
        (at_least(ICANS, 3), "ICANS grade: 3 or 4", "graad van ICANS: 3 of 4"),
        (ICANS.one_of(0, 2, 4), "ICANS grade: 0 or 2 or 4", "graad van ICANS: 0 of 2 of 4"),
        (ICANS.one_of(2), "ICANS grade: 2", "graad van ICANS: 2"),
        (PRODUCT.one_of("axi-cel", "brexu-cel", "tisa-cel"), "product: axi-cel or brexu-cel or tisa-cel",
         "product: axi-cel of brexu-cel of tisa-cel"),
        (first_days(30), "less than 30 days after the infusion", "minder dan 30 dagen na de infusie"),
        (~first_days(30), "30 days or more after the infusion", "30 dagen of meer na de infusie"),
        (~FEVER, "no fever of any cause", "geen koorts, ongeacht de oorzaak"),
        (~TOCILIZUMAB_SPENT, "not (tocilizumab has reached its limit)", "niet (tocilizumab heeft de grens bereikt)"),
    ],
)  # fmt: skip
def test_conditions_in_words(condition: Condition, english: str, dutch: str) -> None:
    assert in_words(condition) == english
    assert in_words(condition, speaker("nl")) == dutch


def test_named_conditions_are_found_and_hold_as_their_inner_one() -> None:
    either = ~TOCILIZUMAB_SPENT | (STEROID & TOCILIZUMAB_SPENT)
    assert named(either) == (TOCILIZUMAB_SPENT, TOCILIZUMAB_SPENT)
    assert named(STEROID) == ()
    assert holds(TOCILIZUMAB_SPENT, {"tocilizumab_doses": 4, "tocilizumab_24_h": 0})


def test_a_page_explains_the_few_words_where_it_uses_them() -> None:
    limit = recommendation(id="two", when=TOCILIZUMAB_SPENT)
    page = guidance_markdown([protocol(recommendation(), limit)])
    assert "| tocilizumab has reached its limit | tocilizumab doses in this CRS episode: 4 or more, or " in page
    assert "In few words" not in guidance_markdown([protocol(recommendation())])
