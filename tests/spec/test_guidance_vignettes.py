"""Worked vignettes of guidance: the state of a patient, and exactly what a protocol then recommends, and nothing else.

A row is `state | ids of recommendations`; `?id` may apply, once what is not known is charted. Words: `guidance_kit`.
"""

import pytest

from cytovigil.guidance import PROTOCOLS
from spec.guidance_kit import READ, advised, rows
from spec.vignettes_by_topic import BY_TOPIC

BREYANZI = """
    crs=0 | no-prophylactic-steroid
    crs=1 | crs-1-symptoms
    crs=1 crs_onset=early | crs-1-tocilizumab crs-1-steroid
    crs=1 crs_onset=early tocilizumab_doses=1 tocilizumab_24_h=1 tocilizumab_8_h | crs-1-steroid
    crs=2 | crs-2-tocilizumab crs-2-late-steroid
    crs=2 crs_onset=early | crs-2-tocilizumab crs-2-early-steroid
    crs=2 tocilizumab_doses=1 tocilizumab_24_h=1 tocilizumab_8_h | crs-2-late-steroid
    crs=2 crs_no_better_24_h tocilizumab_doses=1 tocilizumab_24_h=1 | crs-tocilizumab-again
        | crs-more-steroid hlh
    crs=3 | crs-2-tocilizumab crs-3-steroid hlh
    crs=3 crs_worse crs_no_better_on_steroid crs_no_better_24_h steroid tocilizumab_doses=2 tocilizumab_24_h=2 |
        | crs-tocilizumab-again crs-more-steroid crs-methylprednisolone crs-other-agent
        | crs-steroid-course hlh
    crs=4 | crs-2-tocilizumab crs-4-steroid hlh
    crs=4 crs_no_better_24_h crs_no_better_on_steroid steroid tocilizumab_doses=1 | crs-4-steroid crs-tocilizumab-again
        | crs-methylprednisolone crs-steroid-course hlh
    crs=3 crs_no_better_24_h? | crs-2-tocilizumab ?crs-3-steroid ?crs-more-steroid hlh
    crs=2 tocilizumab_doses=0..4 | ?crs-2-tocilizumab crs-2-late-steroid ?tocilizumab-limit
    crs=4 crs_no_better_24_h tocilizumab_doses=3 tocilizumab_24_h=3 steroid | crs-4-steroid
        | crs-other-agent tocilizumab-limit crs-steroid-course hlh
    crs=4 crs_no_better_24_h tocilizumab_doses=4 tocilizumab_24_h=1 steroid | crs-4-steroid
        | crs-other-agent tocilizumab-limit crs-steroid-course hlh
    icans=1 | icans-antiseizure icans-1-late
    icans=1 icans_onset=early | icans-antiseizure icans-1-early-steroid
    icans=2 | icans-antiseizure icans-2-steroid
    icans=2 icans_no_better_24_h steroid | icans-antiseizure icans-2-more-steroid
    icans=2 icans_no_better_24_h icans_no_better_48_h steroid | icans-antiseizure icans-2-more-steroid
        | icans-2-methylprednisolone
    icans=2 icans_worse steroid | icans-antiseizure icans-2-steroid icans-2-methylprednisolone
    icans=3 | icans-antiseizure icans-3-steroid
    icans=3 icans_no_better_24_h raised_icp=1 steroid | icans-antiseizure icans-3-steroid icans-methylprednisolone
        | oedema oedema-methylprednisolone oedema-cyclophosphamide
    icans=4 | icans-antiseizure icans-4-steroid
    crs=1 crs_onset=early icans=1 icans_onset=early | crs-1-tocilizumab icans-antiseizure icans-1-early-steroid both
    crs=1 crs_onset=early icans=2 | crs-1-tocilizumab icans-antiseizure icans-2-steroid both
    crs=2 icans=3 | crs-2-tocilizumab icans-antiseizure icans-3-steroid both
    crs=2 icans=1 | crs-2-tocilizumab crs-2-late-steroid icans-antiseizure icans-1-late both
    crs=2 icans=1 icans_onset=early | crs-2-tocilizumab icans-antiseizure icans-1-early-steroid both
    crs=2 crs_onset=early icans=1 icans_onset=early | crs-2-tocilizumab crs-2-early-steroid icans-antiseizure both
    crs=2 icans=2 | crs-2-tocilizumab icans-antiseizure icans-2-steroid both
    crs=3 icans=2 | crs-2-tocilizumab crs-3-steroid hlh icans-antiseizure both
    crs=3 icans=3 | crs-2-tocilizumab hlh icans-antiseizure icans-3-steroid both
    crs=4 icans=3 | crs-2-tocilizumab crs-4-steroid hlh icans-antiseizure both
    crs=3 icans=4 | crs-2-tocilizumab hlh icans-antiseizure icans-4-steroid both
    crs=4 icans=2 | crs-2-tocilizumab crs-4-steroid hlh icans-antiseizure both
    crs=1 icans=4 | crs-1-symptoms icans-antiseizure icans-4-steroid both
    crs=4 icans=4 | crs-2-tocilizumab crs-4-steroid hlh icans-antiseizure both
    crs=2..3 | crs-2-tocilizumab ?crs-2-late-steroid ?crs-3-steroid ?hlh
    crs? icans=0 | ?crs-1-symptoms ?crs-2-tocilizumab ?crs-2-late-steroid ?crs-3-steroid ?crs-4-steroid ?hlh
        | ?no-prophylactic-steroid
    crs=1 crs_onset? | ?crs-1-symptoms ?crs-1-tocilizumab ?crs-1-steroid
    icans? | ?icans-antiseizure ?icans-1-late ?icans-2-steroid ?icans-3-steroid ?icans-4-steroid
        | ?no-prophylactic-steroid
"""

KYMRIAH = """
    crs=0 |
    crs=0 first_3_weeks | gm-csf
    crs=1 | crs-1-causes gm-csf antiseizure
    crs=1 fever_days=1 | crs-1-causes gm-csf antiseizure
    crs=1 fever_days=2 | crs-1-causes crs-1-long-fever gm-csf antiseizure
    crs=1 fever_days=2 tocilizumab_doses=4 | crs-1-causes crs-1-long-fever-limit tocilizumab-limit gm-csf antiseizure
    crs=2 | crs-2-tocilizumab gm-csf antiseizure
    crs=2 tocilizumab_doses=1 tocilizumab_24_h=1 crs_no_better_8_h | crs-tocilizumab-again gm-csf antiseizure
    crs=2 tocilizumab_doses=1 tocilizumab_24_h=1 crs_no_better_8_h crs_no_better_24_h | crs-tocilizumab-again
        | crs-2-steroid gm-csf antiseizure
    crs=3 tocilizumab_doses=2 tocilizumab_24_h=1 crs_no_better_8_h crs_no_better_24_h crs_no_better_on_steroid |
        | crs-tocilizumab-again crs-2-steroid crs-3-as-4 crs-other-agent gm-csf antiseizure
    crs=4 | crs-2-tocilizumab crs-4-steroid gm-csf antiseizure
    crs=4 crs_no_better_on_steroid crs_no_better_24_h crs_no_better_8_h tocilizumab_doses=4 | crs-other-agent-limit
        | crs-4-steroid crs-4-more-steroid crs-4-other-agent tocilizumab-limit gm-csf antiseizure
    icans=1 | icans-1-support antiseizure
    crs=1 icans=1 | crs-1-causes gm-csf icans-tocilizumab antiseizure
    crs=1 icans=1 tocilizumab_doses=1 tocilizumab_24_h=1 tocilizumab_8_h | crs-1-causes gm-csf
        | icans-tocilizumab-caution icans-1-add-steroid antiseizure
    icans=2 | icans-2-steroid icans-2-steroid-or antiseizure
    crs=1 icans=2 tocilizumab_doses=1 | crs-1-causes gm-csf icans-tocilizumab-caution icans-2-crs-steroid
        | icans-2-crs-steroid-or antiseizure
    icans=3 | icans-3-steroid icans-3-steroid-or antiseizure
    icans=3 icans_no_better_24_h | icans-3-steroid icans-3-steroid-or icans-3-as-4 antiseizure
    icans=4 | icans-4-ventilation icans-4-steroid icans-4-seizures-oedema antiseizure
    icans=4 icans_no_better_24_h | icans-4-ventilation icans-4-steroid icans-4-more-steroid icans-4-other-agent
        | icans-4-seizures-oedema antiseizure
"""

ASCO = """
    crs=0 |
    crs=0 product=axi-cel |
    crs=0 product=axi-cel first_60_days | antiseizure
    crs=2 hypotension | crs-work-up crs-work-up-more crs-symptoms gm-csf crs-telemetry crs-2-fluids crs-2-oxygen
        | crs-2-tocilizumab
    icans=2 raised_icp=1 | icans-ice icans-laboratory icans-support icans-imaging icans-eeg
        | icans-lumbar-puncture-pressure
    icans=3 raised_icp=2 | icans-ice icans-laboratory icans-support icans-imaging icans-eeg
        | icans-lumbar-puncture-pressure icans-icu icans-3-steroid icans-3-steroid-or
    icans=3 raised_icp? | icans-ice icans-laboratory icans-support icans-imaging icans-eeg ?icans-3-lumbar-puncture
        | ?icans-lumbar-puncture-pressure icans-icu icans-3-steroid icans-3-steroid-or
    icans=1 raised_icp=1 | icans-ice icans-laboratory icans-support
    seizure=1 icans=3 | icans-ice icans-laboratory icans-support icans-imaging icans-eeg icans-3-lumbar-puncture
        | icans-icu icans-3-steroid icans-3-steroid-or antiseizure
    crs=1 | crs-work-up crs-work-up-more crs-symptoms gm-csf
    crs=1 neutropenia | crs-work-up crs-work-up-more crs-symptoms crs-antibiotics crs-gcsf gm-csf
    crs=1 fever_days=2 | crs-work-up crs-work-up-more crs-symptoms gm-csf crs-1-long-fever
    crs=1 fever_days=2 tocilizumab_doses=4 | crs-work-up crs-work-up-more crs-symptoms gm-csf crs-1-long-fever-limit
        | tocilizumab-limit
    crs=2 | crs-work-up crs-work-up-more crs-symptoms gm-csf crs-telemetry crs-2-oxygen crs-2-tocilizumab
    crs=2 low_after_fluids fluid_boluses=2 tocilizumab_doses=1 tocilizumab_24_h=1 | crs-work-up crs-work-up-more
        | crs-symptoms gm-csf crs-telemetry crs-2-oxygen crs-2-steroid
    crs=2 crs_no_better_8_h crs_no_better_24_h tocilizumab_doses=1 tocilizumab_24_h=1 steroid | crs-work-up
        | crs-work-up-more crs-symptoms gm-csf crs-telemetry crs-2-oxygen crs-tocilizumab-again crs-2-as-3 antifungal
        | steroid-taper
    crs=3 | crs-work-up crs-work-up-more crs-symptoms gm-csf crs-telemetry crs-2-oxygen crs-2-tocilizumab crs-3-icu
        | crs-3-haemodynamics crs-3-echo crs-3-steroid
    crs=3 steroid crs_no_better_on_steroid crs_no_better_24_h tocilizumab_doses=4 | crs-work-up crs-work-up-more
        | crs-symptoms gm-csf crs-telemetry crs-2-oxygen tocilizumab-limit crs-3-icu crs-3-haemodynamics crs-3-echo
        | crs-3-steroid crs-3-as-4 antifungal steroid-taper
    crs=4 | crs-work-up crs-work-up-more crs-symptoms gm-csf crs-telemetry crs-2-oxygen crs-2-tocilizumab crs-3-icu
        | crs-3-haemodynamics crs-3-echo crs-4-steroid
    crs=4 steroid crs_no_better_on_steroid | crs-work-up crs-work-up-more crs-symptoms gm-csf crs-telemetry
        | crs-2-oxygen crs-2-tocilizumab crs-3-icu crs-3-haemodynamics crs-3-echo crs-4-steroid crs-4-more-steroid
        | antifungal steroid-taper
    icans=1 | icans-ice icans-laboratory icans-support
    icans=1 product=axi-cel first_60_days | icans-ice icans-laboratory icans-support icans-1-high-risk-steroid
        | antiseizure
    crs=1 icans=1 | crs-work-up crs-work-up-more crs-symptoms gm-csf icans-ice icans-laboratory icans-support
        | icans-tocilizumab
    crs=1 icans=1 tocilizumab_doses=1 tocilizumab_24_h=1 | crs-work-up crs-work-up-more crs-symptoms gm-csf icans-ice
        | icans-laboratory icans-support icans-tocilizumab-caution icans-1-add-steroid
    icans=2 | icans-ice icans-laboratory icans-support icans-imaging icans-eeg icans-2-lumbar-puncture
    icans=2 product=brexu-cel first_60_days | icans-ice icans-laboratory icans-support icans-imaging icans-eeg
        | icans-2-lumbar-puncture icans-2-high-risk-steroid antiseizure
    crs=2 icans=2 tocilizumab_doses=1 tocilizumab_24_h=1 tocilizumab_8_h | crs-work-up crs-work-up-more crs-symptoms
        | gm-csf crs-telemetry crs-2-oxygen icans-ice icans-laboratory icans-support icans-imaging icans-eeg
        | icans-2-lumbar-puncture icans-tocilizumab-caution icans-2-crs-steroid icans-2-crs-steroid-or icans-icu
    icans=3 product=axi-cel first_60_days | icans-ice icans-laboratory icans-support icans-imaging icans-eeg
        | icans-3-lumbar-puncture icans-icu icans-3-steroid icans-3-steroid-or icans-3-high-risk-steroid antiseizure
    icans=4 | icans-ice icans-laboratory icans-support icans-imaging icans-eeg icans-3-lumbar-puncture icans-icu
        | icans-4-airway icans-4-steroid icans-4-seizures-oedema
    icans=4 icans_no_better_24_h steroid | antifungal steroid-taper icans-ice icans-laboratory icans-support
        | icans-imaging icans-eeg icans-3-lumbar-puncture icans-icu icans-4-airway icans-4-steroid
        | icans-4-more-steroid icans-4-other-agent icans-4-seizures-oedema
    crs=1 icans=4 | crs-work-up crs-work-up-more crs-symptoms gm-csf icans-ice icans-laboratory icans-support
        | icans-imaging icans-eeg icans-3-lumbar-puncture icans-4-tocilizumab icans-icu icans-4-airway icans-4-steroid
        | icans-4-seizures-oedema
    icans=2 product? first_60_days | icans-ice icans-laboratory icans-support icans-imaging icans-eeg
        | icans-2-lumbar-puncture ?icans-2-high-risk-steroid ?antiseizure
    crs=1 icans=2 tocilizumab_doses=1 crs_no_better_8_h | crs-work-up crs-work-up-more crs-symptoms gm-csf icans-ice
        | icans-laboratory icans-support icans-imaging icans-eeg icans-2-lumbar-puncture icans-tocilizumab-again
        | icans-tocilizumab-caution icans-2-crs-steroid icans-2-crs-steroid-or
    crs=1 icans=2 tocilizumab_doses=1 tocilizumab_24_h=1 tocilizumab_8_h | crs-work-up crs-work-up-more crs-symptoms
        | gm-csf icans-ice icans-laboratory icans-support icans-imaging icans-eeg icans-2-lumbar-puncture
        | icans-tocilizumab-caution icans-2-crs-steroid icans-2-crs-steroid-or
    crs=1 neutropenia? | crs-work-up crs-work-up-more crs-symptoms ?crs-antibiotics ?crs-gcsf gm-csf
"""

CARTOX = """
    crs=0 |
    crs=1 | crs-1-symptoms
    crs=1 fever_days=2 | crs-1-symptoms crs-1-tocilizumab crs-1-siltuximab
    crs=2 hypotension | crs-1-symptoms crs-2-fluids crs-2-tocilizumab crs-2-siltuximab
    crs=2 hypotension low_after_fluids tocilizumab_doses=1 tocilizumab_24_h=1 | crs-1-symptoms crs-2-fluids
        | crs-2-vasopressor crs-2-steroid crs-icu
    crs=2 crs_no_better_8_h crs_no_better_24_h tocilizumab_doses=1 tocilizumab_24_h=1 | crs-1-symptoms
        | crs-tocilizumab-again crs-2-steroid
    crs=3 | crs-1-symptoms crs-2-tocilizumab crs-2-siltuximab crs-icu crs-3-steroid
    crs=3 crs_no_better_on_steroid tocilizumab_doses=4 | crs-1-symptoms tocilizumab-limit crs-icu crs-3-steroid
        | crs-3-more-steroid
    crs=4 | crs-1-symptoms crs-2-tocilizumab crs-2-siltuximab crs-icu crs-4-steroid
    crs=3 cartox_hlh | crs-1-symptoms crs-2-tocilizumab crs-2-siltuximab crs-icu crs-3-steroid hlh-etoposide
    cartox_hlh |
    crs=1 cartox_hlh? | crs-1-symptoms ?hlh-etoposide
    icans=1 | icans-support icans-swallow icans-neurologist icans-eeg icans-antiseizure
    crs=1 icans=1 | crs-1-symptoms icans-support icans-swallow icans-neurologist icans-eeg icans-antiseizure icans-tocilizumab
        | icans-siltuximab
    icans=2 | icans-support icans-swallow icans-neurologist icans-eeg icans-antiseizure icans-2-steroid icans-2-steroid-or
    crs=2 icans=2 tocilizumab_doses=1 | crs-1-symptoms icans-support icans-swallow icans-neurologist icans-eeg icans-antiseizure
        | icans-icu
    icans=3 raised_icp=2 | icans-support icans-swallow icans-neurologist icans-eeg icans-antiseizure icans-icu icans-3-steroid
        | icans-pressure
    icans=4 seizure=2 nonconvulsive | icans-support icans-swallow icans-neurologist icans-eeg icans-antiseizure icans-icu
        | icans-4-steroid icans-status
    icans=4 seizure=2 nonconvulsive? | icans-support icans-swallow icans-neurologist icans-eeg icans-antiseizure icans-icu
        | icans-4-steroid ?icans-status
    icans=4 seizure=2 | icans-support icans-swallow icans-neurologist icans-eeg icans-antiseizure icans-icu icans-4-steroid
    crs=2 siltuximab | crs-1-symptoms after-siltuximab no-more-siltuximab
    crs=1 fever_days=2 siltuximab | crs-1-symptoms after-siltuximab no-more-siltuximab
    crs=2 siltuximab tocilizumab_doses=1 crs_no_better_8_h | crs-1-symptoms crs-tocilizumab-again no-more-siltuximab
    crs=2 siltuximab low_after_fluids | crs-1-symptoms after-siltuximab no-more-siltuximab crs-2-vasopressor crs-2-steroid
        | crs-icu
    crs=1 icans=1 siltuximab | crs-1-symptoms after-siltuximab no-more-siltuximab icans-support icans-swallow
        | icans-neurologist icans-eeg icans-antiseizure
"""

UMCG = """
    crs=0 icans=2 |
    crs=0 first_28_days first_365_days |
    crs=0 first_365_days | pneumocystis
    crs=1 | crs-1-symptoms crs-1-antibiotics
    crs=1 fever_days=1 | crs-1-symptoms crs-1-antibiotics crs-1-tocilizumab
    crs=2 | crs-2-symptoms crs-2-antibiotics crs-2-tocilizumab crs-2-steroid
    crs=2 crs_no_better_8_h crs_no_better_24_h tocilizumab_doses=1 tocilizumab_24_h=1 | crs-2-symptoms
        | crs-2-antibiotics crs-tocilizumab-again crs-2-steroid crs-2-as-3
    crs=2 tocilizumab_doses=3 tocilizumab_24_h=3 | crs-2-symptoms crs-2-antibiotics tocilizumab-limit crs-2-steroid
    crs=3 | crs-2-symptoms crs-2-antibiotics crs-2-tocilizumab crs-3-review crs-3-icu crs-3-steroid
    crs=4 | crs-2-symptoms crs-2-antibiotics crs-2-tocilizumab crs-3-review crs-4-icu crs-4-steroid
    crs=4 crs_no_better_on_steroid | crs-2-symptoms crs-2-antibiotics crs-2-tocilizumab crs-3-review crs-4-icu
        | crs-4-steroid crs-4-other-agent
    crs=2..4 | crs-2-symptoms crs-2-antibiotics crs-2-tocilizumab ?crs-2-steroid ?crs-3-review ?crs-3-icu
        | ?crs-3-steroid ?crs-4-icu ?crs-4-steroid
"""

TABLES = {
    "breyanzi-gb-2026-05": BREYANZI,
    "kymriah-us-2025-06": KYMRIAH,
    "asco-2021": ASCO,
    "cartox-2018": CARTOX,
    "umcg-2020": UMCG,
} | BY_TOPIC
VIGNETTES = [(name, *row) for name, table in TABLES.items() for row in rows(table)]


@pytest.mark.parametrize(("protocol", "state", "expected"), VIGNETTES)
def test_exactly_these(protocol: str, state: str, expected: list[str]) -> None:
    assert advised(protocol, state) == expected


@pytest.mark.parametrize("protocol", READ)
def test_every_branch_is_reached_and_left_out(protocol: str) -> None:
    """Each recommendation applies in one vignette of its protocol, and stays away in another."""
    ids = {one.id for one in PROTOCOLS[protocol].recommendations}
    found = [set(expected) for name, _, expected in VIGNETTES if name == protocol]
    assert set().union(*found) >= ids
    assert {name for name in ids if all(name in one for one in found)} == set()


def test_there_are_enough_of_them() -> None:
    assert len(VIGNETTES) >= 90
    assert set(TABLES) == set(READ)
