"""Vignettes on the far side of every part of a condition: with those of `test_guidance_vignettes`, each part decides one.

Rows as there. Not every state is likely; each is possible.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from cytovigil.guidance import PROTOCOLS
from cytovigil.logic.conditions import And, Condition, Named, Not, Or, atoms, holds
from cytovigil.logic.guidance import Protocol
from cytovigil.logic.text import in_words
from spec.guidance_kit import READ, advised, facts, rows
from spec.test_guidance_vignettes import VIGNETTES

BREYANZI = """
    tocilizumab_doses=4 crs_no_better_24_h raised_icp=1 | no-prophylactic-steroid
    crs=2 icans_onset=early tocilizumab_doses=3 icans_worse | crs-2-late-steroid
    crs=3 icans=4 tocilizumab_doses=2 crs_worse | crs-tocilizumab-again crs-more-steroid crs-other-agent hlh
        | icans-antiseizure icans-4-steroid both
    crs=1 crs_onset=early icans=1 tocilizumab_doses=3 tocilizumab_24_h=1 crs_no_better_24_h | crs-1-steroid
        | icans-antiseizure icans-1-late both
    crs=4 icans=3 crs_no_better_24_h crs_worse steroid | crs-2-tocilizumab crs-4-steroid
        | crs-methylprednisolone crs-steroid-course hlh icans-antiseizure both
    crs=2 crs_onset=early icans=4 tocilizumab_24_h=2 tocilizumab_8_h | icans-antiseizure icans-4-steroid both
    crs=2 crs_onset=early tocilizumab_24_h=3 crs_no_better_24_h crs_no_better_on_steroid steroid
        | crs-more-steroid crs-methylprednisolone tocilizumab-limit crs-steroid-course hlh
    crs=1 crs_onset=early tocilizumab_24_h=3 crs_worse steroid icans_worse | crs-1-steroid tocilizumab-limit
        | crs-steroid-course
    crs=3 icans=1 icans_onset=early | crs-2-tocilizumab crs-3-steroid hlh icans-antiseizure both
    crs=2 crs_worse | crs-2-tocilizumab crs-more-steroid
    crs=2 crs_onset=early crs_worse | crs-2-tocilizumab crs-more-steroid
    crs=3 crs_no_better_24_h | crs-2-tocilizumab crs-more-steroid hlh
    crs=1 crs_onset=early tocilizumab_24_h=2 tocilizumab_8_h crs_worse | crs-1-steroid
    crs=3 tocilizumab_doses=3 tocilizumab_24_h=2 tocilizumab_8_h crs_worse | crs-more-steroid
        | crs-other-agent hlh
"""

KYMRIAH = """
    crs=2 tocilizumab_doses=2 | gm-csf antiseizure
    crs=1 crs_no_better_8_h tocilizumab_doses=4 | crs-1-causes tocilizumab-limit gm-csf antiseizure
    crs=2 crs_no_better_8_h tocilizumab_doses=2 tocilizumab_24_h=3 | crs-other-agent-limit tocilizumab-limit gm-csf antiseizure
    fever_days=2 |
    crs=1 fever_days=2 tocilizumab_24_h=3 | crs-1-causes crs-1-long-fever-limit tocilizumab-limit gm-csf antiseizure
    crs=1 tocilizumab_doses=4 | crs-1-causes tocilizumab-limit gm-csf antiseizure
    crs=3 icans=2 fever_days=2 tocilizumab_24_h=3 | tocilizumab-limit gm-csf antiseizure
    icans=2 tocilizumab_doses=3 crs_no_better_8_h | icans-2-steroid icans-2-steroid-or antiseizure
    icans=1 tocilizumab_doses=4 | icans-1-support antiseizure
    crs=2 icans=3 tocilizumab_24_h=1 tocilizumab_8_h crs_no_better_8_h | gm-csf icans-3-steroid icans-3-steroid-or
        | antiseizure
    crs=3 tocilizumab_doses=4 | tocilizumab-limit gm-csf antiseizure
    crs=4 tocilizumab_24_h=3 crs_no_better_8_h | crs-other-agent-limit crs-4-steroid tocilizumab-limit gm-csf antiseizure
"""

ASCO = """
    fever_days=2 |
    crs=1 fever_days=2 tocilizumab_24_h=3 | crs-work-up crs-work-up-more crs-symptoms gm-csf crs-1-long-fever-limit
        | tocilizumab-limit
    icans=1 neutropenia fever_days=2 tocilizumab_doses=4 steroid icans_no_better_24_h | antifungal steroid-taper
        | icans-ice icans-laboratory icans-support
    crs=4 icans=2 tocilizumab_24_h=3 low_after_fluids seizure=1 | crs-work-up crs-work-up-more crs-symptoms gm-csf
        | crs-telemetry crs-2-oxygen tocilizumab-limit crs-3-icu crs-3-haemodynamics crs-3-echo crs-4-steroid
        | icans-ice icans-laboratory icans-support icans-imaging icans-eeg icans-2-lumbar-puncture icans-icu
        | antiseizure
    icans=2 tocilizumab_doses=1 crs_no_better_8_h | icans-ice icans-laboratory icans-support icans-imaging icans-eeg
        | icans-2-lumbar-puncture
    crs=2 icans=2 neutropenia tocilizumab_24_h=2 tocilizumab_8_h product=axi-cel first_60_days | crs-work-up
        | crs-work-up-more crs-symptoms crs-antibiotics crs-gcsf gm-csf crs-telemetry crs-2-oxygen icans-ice icans-laboratory
        | icans-support icans-imaging icans-eeg icans-2-lumbar-puncture icans-icu antiseizure
    crs=2 tocilizumab_doses=4 crs_no_better_8_h low_after_fluids | crs-work-up crs-work-up-more crs-symptoms gm-csf
        | crs-telemetry crs-2-oxygen tocilizumab-limit
    crs=2 icans=4 fever_days=2 tocilizumab_doses=1 tocilizumab_24_h=3 crs_no_better_8_h | crs-work-up crs-work-up-more
        | crs-symptoms gm-csf crs-telemetry crs-2-oxygen tocilizumab-limit icans-ice icans-laboratory icans-support
        | icans-imaging icans-eeg icans-3-lumbar-puncture icans-tocilizumab-caution icans-icu icans-4-airway
        | icans-4-steroid icans-4-seizures-oedema
    crs=2 icans=4 tocilizumab_doses=4 fluid_boluses=2 steroid product=tisa-cel | crs-work-up crs-work-up-more
        | crs-symptoms gm-csf crs-telemetry crs-2-oxygen tocilizumab-limit antifungal steroid-taper icans-ice
        | icans-laboratory icans-support icans-imaging icans-eeg icans-3-lumbar-puncture icans-tocilizumab-caution
        | icans-icu icans-4-airway icans-4-steroid icans-4-seizures-oedema
    tocilizumab_doses=4 low_after_fluids fluid_boluses=2 |
    product=liso-cel first_60_days |
    crs=1 hypotension | crs-work-up crs-work-up-more crs-symptoms gm-csf
    crs=2 low_after_fluids fluid_boluses=2 | crs-work-up crs-work-up-more crs-symptoms gm-csf crs-telemetry
        | crs-2-oxygen crs-2-tocilizumab
    crs=1 tocilizumab_doses=1 crs_no_better_8_h | crs-work-up crs-work-up-more crs-symptoms gm-csf
    crs=1 icans=1 tocilizumab_doses=4 crs_no_better_8_h | crs-work-up crs-work-up-more crs-symptoms gm-csf
        | tocilizumab-limit icans-ice icans-laboratory icans-support icans-tocilizumab-caution icans-1-add-steroid
    crs=1 icans=1 tocilizumab_doses=3 tocilizumab_24_h=3 crs_no_better_8_h | crs-work-up crs-work-up-more crs-symptoms
        | gm-csf tocilizumab-limit icans-ice icans-laboratory icans-support icans-tocilizumab-caution
        | icans-1-add-steroid
    crs=1 icans=1 tocilizumab_doses=2 tocilizumab_24_h=1 tocilizumab_8_h crs_no_better_8_h | crs-work-up
        | crs-work-up-more crs-symptoms gm-csf icans-ice icans-laboratory icans-support icans-tocilizumab-caution
        | icans-1-add-steroid
    crs=4 icans=4 tocilizumab_24_h=2 tocilizumab_8_h | crs-work-up crs-work-up-more crs-symptoms gm-csf crs-telemetry
        | crs-2-oxygen crs-3-icu crs-3-haemodynamics crs-3-echo crs-4-steroid icans-ice icans-laboratory icans-support
        | icans-imaging icans-eeg icans-3-lumbar-puncture icans-icu icans-4-airway icans-4-steroid
        | icans-4-seizures-oedema
    crs=2 neutropenia tocilizumab_doses=1 tocilizumab_24_h=2 tocilizumab_8_h crs_no_better_8_h | crs-work-up
        | crs-work-up-more crs-symptoms crs-antibiotics crs-gcsf gm-csf crs-telemetry crs-2-oxygen
"""

UMCG = """
    fever_days=1 crs_no_better_8_h crs_no_better_24_h crs_no_better_on_steroid |
    crs=2 tocilizumab_24_h=3 crs_no_better_8_h | crs-2-symptoms crs-2-antibiotics tocilizumab-limit crs-2-steroid
    crs=3 tocilizumab_24_h=2 tocilizumab_8_h crs_no_better_8_h | crs-2-symptoms crs-2-antibiotics crs-3-review
        | crs-3-icu crs-3-steroid
    tocilizumab_24_h=3 |
    crs=1 fever_days=2 tocilizumab_24_h=3 | crs-1-symptoms crs-1-antibiotics tocilizumab-limit
    crs=4 tocilizumab_doses=4 crs_no_better_8_h | crs-2-symptoms crs-2-antibiotics crs-3-review crs-4-icu
        | crs-4-steroid
    crs=1 fever_days=1 tocilizumab_doses=1 | crs-1-symptoms crs-1-antibiotics
    crs=1 fever_days=1 tocilizumab_24_h=1 tocilizumab_8_h | crs-1-symptoms crs-1-antibiotics
"""

CARTOX = """
    siltuximab |
    icans=1 siltuximab | no-more-siltuximab icans-support icans-swallow icans-neurologist icans-eeg icans-antiseizure
    crs=1 siltuximab tocilizumab_24_h=3 | crs-1-symptoms no-more-siltuximab tocilizumab-limit
    crs=1 siltuximab tocilizumab_8_h | crs-1-symptoms no-more-siltuximab
    nonconvulsive |
    fever_days=2 hypotension crs_no_better_8_h low_after_fluids crs_no_better_on_steroid |
    crs=2 icans=1 tocilizumab_24_h=3 crs_no_better_8_h low_after_fluids | crs-1-symptoms tocilizumab-limit
        | crs-2-vasopressor crs-icu icans-support icans-swallow icans-neurologist icans-eeg icans-antiseizure
    crs=2 icans=2 tocilizumab_24_h=2 tocilizumab_8_h crs_no_better_8_h | crs-1-symptoms icans-support icans-swallow
        | icans-neurologist icans-eeg icans-antiseizure icans-icu
    crs=1 fever_days=2 tocilizumab_doses=2 low_after_fluids | crs-1-symptoms
    crs=1 fever_days=2 tocilizumab_24_h=3 crs_no_better_on_steroid | crs-1-symptoms tocilizumab-limit
    crs=1 fever_days=2 tocilizumab_24_h=2 tocilizumab_8_h raised_icp=1 | crs-1-symptoms icans-pressure
    tocilizumab_24_h=3 |
    crs=4 tocilizumab_doses=4 crs_no_better_8_h | crs-1-symptoms tocilizumab-limit crs-icu crs-4-steroid
"""

TABLES = {
    "breyanzi-gb-2026-05": BREYANZI,
    "kymriah-us-2025-06": KYMRIAH,
    "asco-2021": ASCO,
    "umcg-2020": UMCG,
    "cartox-2018": CARTOX,
}
BOUNDARIES = [(name, *row) for name, table in TABLES.items() for row in rows(table)]
Truth = Callable[[Mapping[str, Any]], bool]


@pytest.mark.parametrize(("protocol", "state", "expected"), BOUNDARIES)
def test_exactly_these(protocol: str, state: str, expected: list[str]) -> None:
    assert advised(protocol, state) == expected


def forced(condition: Condition, part: Condition, value: bool) -> Truth:
    """The condition with one of its comparisons held at true, or at false."""
    if condition is part:
        return lambda _: value
    match condition:
        case And(left, right):
            one, other = forced(left, part, value), forced(right, part, value)
            return lambda values: one(values) and other(values)
        case Or(left, right):
            one, other = forced(left, part, value), forced(right, part, value)
            return lambda values: one(values) or other(values)
        case Named(inner):
            return forced(inner, part, value)
        case Not(inner):
            same = forced(inner, part, value)
            return lambda values: not same(values)
    return lambda values: holds(condition, values)


def states(protocol: Protocol) -> Iterator[dict[str, Any]]:
    """The states of all vignettes of a protocol in which everything is known."""
    for name, state, _ in (*VIGNETTES, *BOUNDARIES):
        found = facts(protocol, state) if name == protocol.id else {}
        if found and all(fact.known for fact in found.values()):
            yield {each: next(iter(fact.values)) for each, fact in found.items()}


@pytest.mark.parametrize("name", READ)
def test_every_part_of_a_condition_decides_a_vignette(name: str) -> None:
    seen = list(states(PROTOCOLS[name]))
    idle = [
        (one.id, in_words(part), value)
        for one in PROTOCOLS[name].recommendations
        for part in atoms(one.when)
        for value in (True, False)
        if all(forced(one.when, part, value)(state) == holds(one.when, state) for state in seen)
    ]
    assert idle == []
