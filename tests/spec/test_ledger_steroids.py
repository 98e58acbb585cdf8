"""Corticosteroids in the treatment ledger: dexamethasone equivalents by calendar day, and the taper.

Equivalent to dexamethasone 10 mg: methylprednisolone 53 mg, prednisone 67 mg (unverified).
"""

from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.doses import doses_given
from cytovigil.engine.record import Record
from cytovigil.guidance.ledger import DRUGS
from cytovigil.guidance.steroids import ASSOCIATIONS, Association, Exposure, dexamethasone_mg, exposure
from cytovigil.logic.ladder import SECONDARY, SOURCE_READ, Citation
from cytovigil.model.times import DAY
from spec.charts import ADULT, SETTINGS, at, events

START = at("d0 08:00")


def exposed(chart: str, when: str = "d9 12:00") -> Exposure | None:
    record = Record(ADULT._replace(infusion_time=START), events(chart), SETTINGS)
    return exposure(doses_given(record, DRUGS, at(when)), START, SETTINGS.zone, at(when))


def told(low: Fraction, high: Fraction | None) -> str:
    ends = [f"{float(low):g}", "?" if high is None else f"{float(high):g}"]
    return "..".join(dict.fromkeys(ends))


def by_day(chart: str, when: str = "d9 12:00") -> str:
    found = exposed(chart, when)
    return "" if found is None else " ".join(told(day.low_mg, day.high_mg) for day in found.days)


@pytest.mark.parametrize(
    ("drug", "mg", "dexamethasone"),
    [
        ("dexamethasone", 10, 10), ("betamethasone", 10, 10), ("methylprednisolone", 53, 10), ("prednisone", 67, 10),
        ("prednisolone", 67, 10), ("hydrocortisone", 267, 10), ("methylprednisolone", 1000, 187.5),
    ],
)  # fmt: skip
def test_equivalents(drug: str, mg: int, dexamethasone: float) -> None:
    assert float(dexamethasone_mg(drug, Fraction(mg))) == pytest.approx(dexamethasone, rel=0.01)


DAYS = """
# chart                                                              | mg of dexamethasone by day | now
d1 08:00,dexamethasone,10                                            | 10                         |
d1 08:00,dexamethasone,10;d1 23:54,dexamethasone,10;d2 00:00,dexamethasone,10 | 20 10             |
d1 08:00,dexamethasone,10;d4 08:00,methylprednisolone,80             | 10 0 0 15                  |
d1 08:00,dexamethasone,?;d1 20:00,dexamethasone,10                   | 10..?                      |
d1 08:00,dexamethasone,8..12                                         | 8..12                      |
d1 08:00,dexamethasone,10,,route=topical                             |                            |
d-1 08:00,dexamethasone,10                                           |                            |
d0 08:00,dexamethasone,10                                            | 10                         | d0 08:00
d1 08:00,dexamethasone,10                                            |                            | d1 07:59
d1 20:00,hydrocortisone,10/h,d2 04:00                                | 1.5 1.5                    |
d1 20:00,hydrocortisone,10/h,d2 04:00                                | 1.125                      | d1 23:00
d1 20:00,hydrocortisone,80,d2 04:00                                  | 1.5 1.5                    |
d1 08:00,hydrocortisone,10/h;d1 12:00,hydrocortisone,stopped         | 1.5                        |
d1 08:00,hydrocortisone,10/h;d1 12:00,hydrocortisone,20/h;d1 14:00,hydrocortisone,stopped | 3     |
d1 08:00,hydrocortisone,10/h                                         | 1.5                        | d1 12:00
d1 08:00,hydrocortisone,10/h                                         | 4.5..6 0..1.5              | d2 04:00
d1 08:00,hydrocortisone,10/h                                         | 4.5..6 0..9 0..3           |
d1 08:00,hydrocortisone,10/h;d1 22:00,hydrocortisone,stopped         | 4.5..5.25                  |
d1 08:00,hydrocortisone,?/h;d1 12:00,hydrocortisone,stopped          | 0..?                       |
d1 08:00,hydrocortisone,10/h,d1 12:00;d1 10:00,hydrocortisone,10/h,d1 14:00                | 3    |
d1 08:00,hydrocortisone,10/h;d1 10:00,hydrocortisone,100;d1 12:00,hydrocortisone,stopped   | 5.25 |
d1 08:00,dexamethasone,0                                             |                            |
d1 08:00,tocilizumab,640                                             |                            |
"""


@pytest.mark.parametrize("row", [row for row in DAYS.splitlines() if row.strip() and row[0] != "#"])
def test_dose_by_calendar_day(row: str) -> None:
    """An infusion is spread over its days; one that nobody saw stop ran 12 h, and perhaps until 48 h."""
    chart, days, now = (cell.strip() for cell in row.split("|"))
    assert by_day(chart.replace(";", "\n").replace(",", "|"), now or "d9 12:00") == days


def test_an_infusion_begun_at_midnight_and_one_that_begins_now() -> None:
    assert by_day("d1 00:00 | hydrocortisone | 10/h | d2 00:00") == "9"
    assert by_day("d1 08:00 | hydrocortisone | 10/h", "d1 08:00") == "0"


def test_cumulative_dose_and_duration() -> None:
    found = exposed("d3 08:00 | dexamethasone | 10\nd3 14:00 | dexamethasone | 10\nd6 09:00 | dexamethasone | ?")
    assert found is not None
    assert (told(found.low_mg, found.high_mg), len(found.days), found.days_given, found.first_day) == ("20..?", 4, 2, 3)
    assert (found.first, found.last, set(found.asks)) == (at("d3 08:00"), at("d6 09:00"), {"dexamethasone"})
    low = exposed("d3 08:00 | prednisone | 5")
    assert low is not None and low.days_given == 1
    known = exposed("d3 08:00 | dexamethasone | 10\nd4 08:00 | prednisone | 30")
    assert known is not None
    assert (told(known.low_mg, known.high_mg), set(known.asks)) == ("14.5", set())


TAPERS = """
# mg of dexamethasone on days 1, 2 ... | now | taper, since day
40 40 20 10     | d5 | falling 3
40 40 20 20     | d5 | falling 3
40 20 30 10     | d5 | falling 4
40 40           | d3 | not_falling
20 40           | d3 | not_falling
40 20 30 30     | d5 | not_falling
40              | d2 | not_falling
40 20           | d2 | not_falling
40 20           | d1 | not_falling
40 20 ? 10      | d5 | unknown
40 20 ? 30 10   | d6 | falling 5
? 40 20         | d4 | falling 3
40 ?            | d3 | unknown
30..40 20       | d3 | falling 2
30..40 35       | d3 | unknown
30 0 10         | d4 | not_falling
40 20 10        | d9 | falling 2
20 ? ?          | d4 | unknown
40 20..30 30    | d4 | unknown
"""


@pytest.mark.parametrize("row", [row for row in TAPERS.splitlines() if row.strip() and row[0] != "#"])
def test_taper(row: str) -> None:
    """Judged on full days: that of the moment does not count. What is not known is not a fall."""
    doses, now, expected = (cell.strip() for cell in row.split("|"))
    chart = "\n".join(f"d{day} 08:00 | dexamethasone | {mg}" for day, mg in enumerate(doses.split(), 1))
    found = exposed(chart, f"{now} 12:00")
    assert found is not None
    since = found.falling_since and f" {(found.falling_since - found.days[0].date).days + 1}"
    assert found.taper + (since or "") == expected


@given(st.lists(st.integers(0, 50), min_size=2, max_size=8), st.integers(0, 7))
def test_an_unknown_dose_never_makes_a_taper_that_some_amount_denies(doses: list[int], place: int) -> None:
    """Where a day's dose is not known, a taper is certain only if it is one whatever that dose was."""
    unknown = place % len(doses)
    doses[0] += 1  # a first day with a dose

    def taper(middle: str) -> str:
        texts = [str(mg) for mg in doses]
        texts[unknown] = middle
        rows = (f"d{day} 08:00 | dexamethasone | {mg}" for day, mg in enumerate(texts, 1) if mg != "0")
        found = exposed("\n".join(rows), "d20 12:00")
        return found.taper if found else "unknown"

    open_ = taper("?")
    if open_ != "unknown":
        assert {taper(str(mg)) for mg in (1, 10, 25, 60)} == {open_}


@given(st.lists(st.tuples(st.integers(0, 9 * DAY), st.integers(1, 900)), min_size=1, max_size=12))
def test_days_add_up_to_what_was_given(given_: list[tuple[int, int]]) -> None:
    rows = sorted(given_)
    stops = accumulate((mg for _, mg in rows), initial=0)
    chart = [event._replace(time=START + time, source_id=str(n)) for (time, mg), n in zip(rows, stops, strict=False)
             for event in events(f"d0 08:00 | methylprednisolone | {mg}")]  # fmt: skip
    record = Record(ADULT._replace(infusion_time=START), chart, SETTINGS)
    doses = doses_given(record, DRUGS, START + 10 * DAY)
    found = exposure(doses, START, SETTINGS.zone, START + 10 * DAY)
    assert found is not None
    assert found.low_mg == found.high_mg == sum(dose.low_mg for dose in doses) * Fraction("0.1875")


PUBLISHED = """
Strati 2021     | 100 patients with LBCL | 186 (8-1803), 9 (1-30), 75 %  | the more severe        | source read
ZUMA-1 cohort 4 | ZUMA-1 cohort 4        | 2 %; 11-13 %, 17 %; 28-32 %   | not randomised         | secondary source
Oluwole 2021    | ZUMA-1 cohort 6, n=40  | 80 %, 58 %; 13 %, 68 %, 95 %; 80 % | less disease at the start | source read
"""


@pytest.mark.parametrize("row", PUBLISHED.strip().splitlines())
def test_numbers_as_published_and_their_confounding(row: str) -> None:
    key, population, values, confounding, status = (cell.strip() for cell in row.split("|"))
    mine = [one for one in ASSOCIATIONS if one.source.key == key]
    assert ", ".join(one.value for one in mine if one.value) == values
    assert all(one.population.startswith(population) and confounding in one.confounding for one in mine)
    assert {one.status for one in mine} == {status}


@pytest.mark.parametrize(
    ("population", "confounding", "source", "status"),
    [
        ("", "c", Citation("x", "x"), SOURCE_READ), ("p", "", Citation("x", "x"), SOURCE_READ),
        ("p", "c", Citation("x", ""), SOURCE_READ), ("p", "c", Citation("x", "x"), "said"),
    ],
)  # fmt: skip
def test_an_association_without_evidence_or_confounding_is_refused(
    population: str, confounding: str, source: Citation, status: str
) -> None:
    with pytest.raises(ValueError, match="no source, population, confounding or known status"):
        Association("says", "", population, confounding, source, status)
    assert Association("says", "", "p", "c", Citation("x", "x"), SECONDARY).value == ""
