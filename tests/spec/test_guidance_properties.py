"""Safety of guidance, on any state of a patient that is possible."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.logic.conditions import holds
from cytovigil.logic.facts import Fact
from cytovigil.logic.guidance import Protocol, advise
from spec.guidance_kit import READ

PROTOCOLS = [pytest.param(one, id=name) for name, one in READ.items()]
GRADES = ("crs", "icans")


@st.composite
def states(draw: st.DrawFn, protocol: Protocol) -> dict[str, Fact]:
    """Facts of a protocol's fields: mostly known, at most three not."""
    open_ = draw(st.sets(st.sampled_from([field.name for field in protocol.fields]), max_size=3))
    found = {}
    for field in protocol.fields:
        least = 2 if field.name in open_ else 1
        values = draw(st.sets(st.sampled_from(field.domain), min_size=least, max_size=3 if least == 2 else 1))
        found[field.name] = Fact(frozenset(values), missing=frozenset({field.name} if least == 2 else ()))
    return found


def complete(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """One of the states that are possible."""
    return {name: Fact(frozenset({min(fact.values, key=repr)})) for name, fact in facts.items()}


def truth(condition: Any, facts: Mapping[str, Fact]) -> bool:
    return holds(condition, {name: next(iter(fact.values)) for name, fact in facts.items()})


def ids(protocol: Protocol, facts: Mapping[str, Fact], *kinds: str) -> set[str]:
    return {one.recommendation.id for one in advise(protocol, facts) if one.recommendation.kind in kinds}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(data=st.data())
def test_nothing_is_recommended_unless_its_condition_holds_or_is_asked(protocol: Protocol, data: st.DataObject) -> None:
    facts = data.draw(states(protocol))
    found = {one.recommendation.id: one for one in advise(protocol, facts)}
    one = complete(facts)
    for each in protocol.recommendations:
        said = found.get(each.id)
        assert truth(each.when, one) is (said is not None) or (said is not None and said.asked)
        if said and not said.applies:
            assert said.asked <= {name for name, fact in facts.items() if not fact.known}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(data=st.data())
def test_tocilizumab_is_never_for_icans_without_crs(protocol: Protocol, data: st.DataObject) -> None:
    facts = data.draw(states(protocol)) | {"crs": Fact(frozenset({0}))}
    found = [one.recommendation for one in advise(protocol, facts)]
    assert [one.id for one in found if one.topic == "tocilizumab" and one.kind != "avoid"] == []
    assert [one.id for one in found if one.scheme and one.scheme.drug == "tocilizumab"] == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(data=st.data())
def test_no_dose_of_tocilizumab_beyond_the_limits(protocol: Protocol, data: st.DataObject) -> None:
    over = {"tocilizumab_doses": 4, "tocilizumab_24_h": 3, "tocilizumab_8_h": True}
    name = data.draw(st.sampled_from(sorted(over)))
    facts = data.draw(states(protocol)) | {name: Fact(frozenset({over[name]}))}
    given_ = [one.recommendation for one in advise(protocol, facts) if one.recommendation.scheme]
    assert [one.id for one in given_ if one.scheme and one.scheme.drug == "tocilizumab"] == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("grade", GRADES)
@given(data=st.data())
def test_a_higher_grade_is_never_watched_less(protocol: Protocol, grade: str, data: st.DataObject) -> None:
    if grade not in {field.name for field in protocol.fields}:
        return
    facts = complete(data.draw(states(protocol)))
    lower, higher = sorted(data.draw(st.sets(st.integers(0, 4), min_size=2, max_size=2)))
    one, other = (facts | {grade: Fact(frozenset({value}))} for value in (lower, higher))
    assert ids(protocol, one, "monitor") <= ids(protocol, other, "monitor")
    assert len(ids(protocol, one, "care")) <= len(ids(protocol, other, "care"))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(data=st.data())
def test_knowing_more_turns_no_advice_that_applies_away(protocol: Protocol, data: st.DataObject) -> None:
    facts = data.draw(states(protocol))
    sure = {one.recommendation.id for one in advise(protocol, facts) if one.applies}
    possible = {one.recommendation.id for one in advise(protocol, facts)}
    known = {one.recommendation.id for one in advise(protocol, complete(facts))}
    assert sure <= known <= possible


def a_day(protocol: Protocol, facts: Mapping[str, Fact], *kinds: str) -> list[float]:
    """The highest amount of dexamethasone a day of each row of these kinds: `treat` begins it, `escalate` gives more."""
    found = [one.recommendation for one in advise(protocol, facts) if one.recommendation.kind in kinds]
    schemes = [one.scheme for one in found if one.scheme and one.scheme.drug == "dexamethasone"]
    return [one.mg[1] * 24 / one.every_h[0] for one in schemes if one.mg and one.every_h]


@given(data=st.data())
def test_crs_and_icans_together_take_one_corticosteroid_the_more_aggressive_of_the_label(data: st.DataObject) -> None:
    label = READ["breyanzi-gb-2026-05"]
    facts = complete(data.draw(states(label)))
    alone = [facts | {grade: Fact(frozenset({0}))} for grade in GRADES]
    both, either = (
        [dose for one in states_ for dose in a_day(label, one, "treat", "escalate")] for states_ in ([facts], alone)
    )
    assert len(a_day(label, facts, "treat")) <= 1
    assert max(both, default=0) == max(either, default=0)


@given(data=st.data())
def test_no_more_of_the_corticosteroid_than_before_stands_beside_a_smaller_dose_for_crs(data: st.DataObject) -> None:
    """At grade 4 the highest dose is given already: nothing then says more of it, and the source has the next step."""
    label = READ["breyanzi-gb-2026-05"]
    found = ids(label, complete(data.draw(states(label))), "treat", "escalate")
    assert (
        len(found & {"crs-2-late-steroid", "crs-2-early-steroid", "crs-3-steroid", "crs-4-steroid", "crs-more-steroid"})
        <= 1
    )


@given(data=st.data())
def test_siltuximab_is_given_once_and_tocilizumab_after_it_is_not_simply_given(data: st.DataObject) -> None:
    protocol = READ["cartox-2018"]
    once = {"siltuximab": Fact(frozenset({True})), "tocilizumab_doses": Fact(frozenset({0}))}
    found = [
        one.recommendation for one in advise(protocol, data.draw(states(protocol)) | once) if one.recommendation.scheme
    ]
    assert [one.id for one in found if one.scheme and one.scheme.drug == "siltuximab"] == []
    first = {"crs-1-tocilizumab", "crs-2-tocilizumab", "icans-tocilizumab"}
    assert not first & {one.id for one in found}


@given(data=st.data())
def test_the_dose_for_status_without_convulsions_is_never_simply_given(data: st.DataObject) -> None:
    protocol = READ["cartox-2018"]
    unknown = {"nonconvulsive": Fact(frozenset({True, False}), missing=frozenset({"nonconvulsive"}))}
    found = {one.recommendation.id: one for one in advise(protocol, data.draw(states(protocol)) | unknown)}
    assert "icans-status" not in found or found["icans-status"].asked


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_amount_of_tocilizumab_has_its_cap(protocol: Protocol) -> None:
    schemes = [one.scheme for one in protocol.recommendations if one.scheme and one.scheme.drug == "tocilizumab"]
    assert {one.cap_mg for one in schemes} <= {800}
