"""Tocilizumab in the treatment ledger: the dose with its calculation, the limits, and where a dose counts.

Hours are counted from the onset of an episode of CRS. Windows are half open: of doses at 0, 8 and 16 h the first no
longer counts at 24 h.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.guidance.ledger_text import calculation_text
from cytovigil.guidance.tocilizumab import (
    TOCILIZUMAB,
    CrsEpisode,
    Published,
    TocilizumabLedger,
    calculate,
    tocilizumab_ledger,
)
from cytovigil.logic.ladder import OUR_READING, SECONDARY, SOURCE_READ, Citation
from cytovigil.model.doses import Dose, Weight
from cytovigil.model.settings import Settings
from cytovigil.model.times import HOUR

SETTINGS = Settings()
OPEN = (CrsEpisode(0),)


def weight(kg: str) -> Weight:
    return Weight(Fraction(kg), Fraction(kg), 0)


def dose(hour: float, mg: str = "640", continued: bool = False) -> Dose:
    high = None if mg == "?" else Fraction(mg)
    return Dose("tocilizumab", int(hour * HOUR), high or Fraction(0), high, continued=continued)


ADULT = weight("80")


def ledger(
    hours: str, at: float, episodes: tuple[CrsEpisode, ...] = OPEN, kg: Weight | None = ADULT, mg: str = "640"
) -> TocilizumabLedger:
    charted = [dose(float(hour), mg) for hour in hours.split()]
    return tocilizumab_ledger(charted, lambda _t: kg, episodes, SETTINGS, int(at * HOUR), infusion=0)


@pytest.mark.parametrize(
    ("kg", "mg", "calculation"),
    [
        ("80", 640, "80 kg x 8 mg/kg = 640 mg"),
        ("25", 300, "25 kg x 12 mg/kg = 300 mg"),
        ("110", 800, "110 kg x 8 mg/kg = 880 mg, at most 800 mg"),
        ("29.9", 359, "29.9 kg x 12 mg/kg = 358.8 mg, rounded 359 mg"),
        ("30", 240, "30 kg x 8 mg/kg = 240 mg"),
        ("100", 800, "100 kg x 8 mg/kg = 800 mg"),
        ("120", 800, "120 kg x 8 mg/kg = 960 mg, at most 800 mg"),
        ("100.01", 800, "100.01 kg x 8 mg/kg = 800.08 mg, at most 800 mg"),
        ("3.46", 42, "3.46 kg x 12 mg/kg = 41.52 mg, rounded 42 mg"),
    ],
)
def test_the_dose_by_weight(kg: str, mg: int, calculation: str) -> None:
    found = calculate(weight(kg))
    assert found is not None
    assert (found.mg, calculation_text(found)) == (mg, calculation)


def test_rounding_never_exceeds_the_cap() -> None:
    coarse = replace(TOCILIZUMAB, rounding=replace(TOCILIZUMAB.rounding, value=70))
    found = [calculate(weight(kg), coarse) for kg in ("29.9", "99", "110")]
    assert [one and one.mg for one in found] == [350, 770, 800]


@pytest.mark.parametrize("kg", [None, Weight(Fraction(79), Fraction(81), 0)])
def test_without_one_weight_there_is_no_dose_and_the_weight_is_asked(kg: Weight | None) -> None:
    found = ledger("0", 8, kg=kg)
    assert found.calculation is None
    assert (set(found.asks), found.blocked) == ({"weight"}, ())


LIMITS = """
# given at        | now | next | in 24 h, in episode, left | why not now
                  | 5   | 5    | 0 0 4                     |
0                 | 0   | 8    | 1 1 3                     | interval
0                 | 7.5 | 8    | 1 1 3                     | interval
0                 | 8   | 8    | 1 1 3                     |
0 8               | 10  | 16   | 2 2 2                     | interval
0 8 16            | 16  | 24   | 3 3 1                     | interval window
0 8 16            | 20  | 24   | 3 3 1                     | interval window
0 8 16            | 24  | 24   | 2 3 1                     |
0 8 16 24         | 24  | none | 3 4 0                     | interval window episode
0 8 16 24         | 90  | none | 0 4 0                     | episode
0 2 4             | 12  | 24   | 3 3 1                     | window
0 2 4             | 24  | 24   | 2 3 1                     |
0 0               | 1   | 8    | 2 2 2                     | interval
0 1 2 3           | 11  | none | 4 4 0                     | window episode
30                | 20  | 20   | 0 0 4                     |
"""  # later doses are not looked at


@pytest.mark.parametrize("row", [row for row in LIMITS.splitlines() if row.strip() and row[0] != "#"])
def test_limits(row: str) -> None:
    hours, now, ahead, counts, why = (cell.strip() for cell in row.split("|"))
    found = ledger(hours, float(now))
    assert " ".join(found.blocked) == why
    assert found.next_time == (None if ahead == "none" else int(float(ahead) * HOUR))
    assert f"{found.in_window} {found.in_episode} {found.left_in_episode}" == counts
    assert found.left_in_window == max(0, 3 - found.in_window)


def test_a_fourth_dose_at_20_h_breaks_two_limits_and_a_fifth_the_third() -> None:
    broke = [one.broke for one in ledger("0 8 16 20", 21).doses]
    assert broke == [(), (), (), ("interval", "window")]
    assert [one.broke for one in ledger("0 8 16 24 32", 33).doses] == [(), (), (), (), ("episode",)]


PLACES = """
# given at     | episodes     | now | each dose                      | in episode | next
-1 0           | 0-           | 12  | episode episode                | 2          | 12
-1.5 0         | 0-           | 12  | outside episode                | 1          | 12
-20 -12 -4     | 0-           | 1   | outside outside outside        | 0          | 4
0 8 100        | 0-60 90-     | 101 | earlier_episode earlier_episode episode | 1 | 108
0 8 16 24 89.5 | 0-60 90-     | 98  | earlier_episode earlier_episode earlier_episode earlier_episode episode | 1 | 98
0 70           | 0-60         | 78  | earlier_episode perhaps        | 0          | 78
0 8            | 0-60 200-    | 40  | episode episode                | 2          | 40
0 60           | 0-60         | 70  | earlier_episode perhaps        | 0          | 70
89 89.25       | 0-89.5 90-   | 98  | episode episode                | 2          | 98
0 8            |              | 9   | perhaps perhaps                | 0          | 16
"""


@pytest.mark.parametrize("row", [row for row in PLACES.splitlines() if row.strip() and row[0] != "#"])
def test_where_a_dose_counts(row: str) -> None:
    """A dose from 1 h before the onset is one of the episode; the limits of time hold for every dose."""
    hours, spans, now, places, spent, ahead = (cell.strip() for cell in row.split("|"))
    ends = [span.split("-") for span in spans.split()]
    episodes = tuple(
        CrsEpisode(int(float(start) * HOUR), int(float(end) * HOUR) if end else None) for start, end in ends
    )
    found = ledger(hours, float(now), episodes)
    assert " ".join(one.place for one in found.doses) == places
    assert (found.in_episode, found.next_time) == (int(spent), int(ahead) * HOUR)


def test_a_dose_that_ran_into_the_last_hour_before_the_onset_is_one_of_the_episode() -> None:
    doses = [dose(-2)._replace(end=-HOUR), dose(-2)._replace(end=-HOUR - 1)]
    found = tocilizumab_ledger(doses, lambda _t: ADULT, OPEN, SETTINGS, HOUR, infusion=0)
    assert [one.place for one in found.doses] == ["episode", "outside"]


@pytest.mark.parametrize(
    ("mg", "flags"),
    [
        ("640", ()), ("639", ("below_dose",)), ("641", ("above_dose",)), ("801", ("above_cap", "above_dose")),
        ("800", ("above_dose",)), ("?", ("dose_unknown",)),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_the_dose(mg: str, flags: tuple[str, ...]) -> None:
    found = ledger("0", 1, mg=mg)
    assert found.doses[0].flags == flags
    assert found.asks == ({"tocilizumab"} if mg == "?" else set())


def test_of_an_unknown_weight_only_the_cap_is_flagged() -> None:
    assert [one.flags for one in ledger("0", 1, kg=None, mg="801").doses] == [("above_cap",)]


def test_each_dose_is_judged_by_the_weight_of_its_own_time() -> None:
    weights = {0: weight("80"), 9 * HOUR: weight("82")}
    found = tocilizumab_ledger([dose(0)], weights.get, OPEN, SETTINGS, 9 * HOUR, infusion=0)
    assert (found.doses[0].flags, found.calculation) == ((), calculate(weight("82")))


def test_what_goes_on_is_one_dose() -> None:
    parts = [dose(0, "400"), dose(0.5, "240", True), dose(8, "400"), dose(8.5, "?", True)]
    found = tocilizumab_ledger(parts, lambda _t: ADULT, OPEN, SETTINGS, 10 * HOUR, infusion=0)
    assert [one.dose[2:4] for one in found.doses] == [(640, 640), (400, None)]
    assert [one.flags for one in found.doses] == [(), ("dose_unknown",)]
    alone = tocilizumab_ledger(parts[1:2], lambda _t: ADULT, OPEN, SETTINGS, 10 * HOUR, infusion=0)
    assert len(alone.doses) == 1


def test_other_drugs_do_not_count() -> None:
    other = Dose("siltuximab", 0, Fraction(880), Fraction(880))
    assert tocilizumab_ledger([other], lambda _t: ADULT, OPEN, SETTINGS, HOUR, infusion=0).doses == ()


@given(st.integers(100, 40_000))
def test_no_weight_gives_a_dose_above_the_cap_or_off_by_more_than_rounding(hundredths: int) -> None:
    kg = Fraction(hundredths, 100)
    found = calculate(Weight(kg, kg))
    assert found is not None
    assert 0 < found.mg <= TOCILIZUMAB.cap_mg.value
    assert abs(found.mg - min(Fraction(800), kg * (12 if kg < 30 else 8))) < Fraction(1, 2)


@given(st.lists(st.integers(0, 400), max_size=30), st.integers(0, 60), st.booleans())
def test_whoever_follows_the_ledger_never_breaks_a_limit(waits: list[int], onset: int, charted: bool) -> None:
    """A dose is given at each visit at which the ledger forbids none, among doses given before for another reason."""
    episodes = (CrsEpisode(onset * HOUR, (onset + 96) * HOUR), CrsEpisode((onset + 150) * HOUR))
    doses = [dose(0), dose(1)] if charted else []
    t = HOUR
    for wait in waits:
        t += wait * 600
        found = tocilizumab_ledger(doses, lambda _t: ADULT, episodes, SETTINGS, t, infusion=0)
        assert (found.next_time == t) == (not found.blocked)
        assert found.next_time is None or found.next_time >= t
        if not found.blocked:
            doses.append(dose(t / HOUR))
    mine = doses[2:] if charted else doses
    times = [one.time for one in doses]
    for one in mine:
        before = [time for time in times if time < one.time]
        assert all(one.time - time >= 8 * HOUR for time in before)
        assert sum(one.time - time < 24 * HOUR for time in before) < 3
    for start, end in ((onset, onset + 96), (onset + 150, 10**6)):
        assert sum(start * HOUR <= one.time < end * HOUR for one in mine) <= 4


@given(st.lists(st.integers(0, 100), max_size=8), st.integers(0, 100))
def test_the_next_time_is_the_first_that_no_limit_forbids(hours: list[int], now: int) -> None:
    doses = [dose(hour) for hour in sorted(hours)]
    found = tocilizumab_ledger(doses, lambda _t: ADULT, OPEN, SETTINGS, now * HOUR, infusion=0)
    past = [hour for hour in hours if hour <= now]
    if found.next_time is None:
        assert len(past) >= 4
        return
    free = [
        hour for hour in range(now, 200)
        if all(hour - one >= 8 for one in past) and sum(hour - one < 24 for one in past) < 3
    ]  # fmt: skip
    assert found.next_time == free[0] * HOUR


def test_every_number_has_its_source_and_status() -> None:
    told = [(one.value, one.source.key, one.status) for one in TOCILIZUMAB.constants]
    assert told == [
        (8, "Breyanzi SmPC", SOURCE_READ), (12, "Kymriah US label", SECONDARY), (30, "Kymriah US label", SECONDARY),
        (800, "Breyanzi SmPC", SOURCE_READ), (8, "Kymriah US label", SECONDARY), (24, "Breyanzi SmPC", SOURCE_READ),
        (3, "Breyanzi SmPC", SOURCE_READ), (4, "ASCO 2021", SOURCE_READ), (1, "cytovigil", OUR_READING),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("says", "source", "status"),
    [("8 mg", Citation("x", "x"), SOURCE_READ), ("{value}", Citation("x", ""), SOURCE_READ), ("{value}", Citation("x", "x"), "said")],
)  # fmt: skip
def test_a_number_without_evidence_is_refused(says: str, source: Citation, status: str) -> None:
    with pytest.raises(ValueError, match="no source, value or known status"):
        Published(8, says, source, status)
