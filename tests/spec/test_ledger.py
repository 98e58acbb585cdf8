"""The treatment ledger of a chart: what has been tried, grades around each treatment, and its lines of text."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.engine.doses import doses_given, episode_spans, grade_at, weight_at
from cytovigil.engine.record import Record
from cytovigil.guidance.ledger import DRUGS, Ledger, keep_ledger
from cytovigil.guidance.ledger_text import ledger_lines, ledger_summary
from cytovigil.guidance.tocilizumab import CrsEpisode
from cytovigil.logic.ladder import Range
from cytovigil.model.doses import Weight
from cytovigil.model.events import Patient
from cytovigil.model.times import HOUR
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, well

GRADES: dict[str, Range | None] = {"d2 08:00": (1, 1), "d2 14:00": (2, 2), "d3 02:00": (1, 2), "d3 20:00": (0, 0)}


def kept(
    chart: str, when: str = "d9 12:00", patient: Patient = ADULT, episodes: Sequence[tuple[str, str]] = (),
    grades: dict[str, Range | None] | None = None,
) -> Ledger:  # fmt: skip
    record = Record(patient._replace(infusion_time=at("d0 08:00")), events(chart), SETTINGS)
    spans = [CrsEpisode(at(start), at(end) if end else None) for start, end in episodes]

    def graded(t: int) -> Range | None:
        return next((grade for time, grade in reversed((grades or {}).items()) if at(time) <= t), None)

    return keep_ledger(
        doses_given(record, DRUGS, at(when)), lambda t: weight_at(record, t), SETTINGS, at(when),
        infusion=record.start, episodes=spans, grades={"CRS": graded} if grades else None,
    )  # fmt: skip


TRIED = """
d1 08:00 | levetiracetam | 750
d1 20:00 | levetiracetam | 750
d2 14:00 | tocilizumab | 640
d2 15:00 | dexamethasone | 10 | | route=topical
d3 02:00 | dexamethasone | 10
d3 02:00 | anakinra | 100
d-3 08:00 | cyclophosphamide | 500
d6 08:00 | cyclophosphamide | 900
d1 08:00 | paracetamol | 1000
"""


def test_what_has_been_tried_in_order_of_the_first_dose() -> None:
    found = kept(TRIED).tried
    assert [f"{one.drug} {one.drug_class} {one.doses}" for one in found] == [
        "levetiracetam antiseizure 2", "tocilizumab anticytokine 1", "anakinra anticytokine 1",
        "dexamethasone corticosteroid 1", "cyclophosphamide cytotoxic 1",
    ]  # fmt: skip
    assert (found[0].first, found[0].last) == (at("d1 08:00"), at("d1 20:00"))
    assert kept(TRIED, "d1 07:59").tried == ()
    assert [one.drug for one in kept(TRIED, "d1 08:00").tried] == ["levetiracetam"]
    assert [one.drug for one in kept("d0 08:00 | anakinra | 100\nd0 07:59 | ruxolitinib | 5").tried] == ["anakinra"]


def test_an_infusion_at_another_rate_is_no_dose_of_its_own() -> None:
    chart = "d1 08:00 | anakinra | 10/h\nd1 10:00 | anakinra | 20/h\nd1 12:00 | anakinra | stopped"
    assert [one.doses for one in kept(chart).tried] == [1]
    unseen = kept("d1 08:00 | anakinra | 10/h\nd2 08:00 | anakinra | 10/h")
    assert [one.doses for one in unseen.tried] == [2]  # whether the first still ran is not known


# chart | doses of tocilizumab at d1 18:00: when, and what amount
ANTIBODY = """
d1 08:00 | tocilizumab | 400/h; d1 08:30 | tocilizumab | 800/h; d1 09:00 | tocilizumab | stopped > 08:00 600..600
d1 08:00 | tocilizumab | 640/h | d1 09:00 > 08:00 640..640
d1 08:00 | tocilizumab | 640/h > 08:00 0..?
d1 08:00 | tocilizumab | 640/h; d1 12:00 | tocilizumab | stopped > 08:00 0..?
d1 08:00 | tocilizumab | 640/h; d1 11:59 | tocilizumab | 640/h > 08:00 2549..?
d1 08:00 | tocilizumab | 640/h; d1 12:00 | tocilizumab | 640/h > 08:00 0..?, 12:00 0..?
d1 08:00 | tocilizumab | 640/h; d1 19:00 | tocilizumab | stopped > 08:00 0..?
"""


@pytest.mark.parametrize("line", ANTIBODY.strip().splitlines())
def test_an_antibody_runs_for_about_an_hour(line: str) -> None:
    """Where no end says so, another rate is the same dose only for some hours, and the amount is not known."""
    chart, _, expected = line.partition(" > ")
    doses = kept(chart.replace("; ", "\n"), "d1 18:00").tocilizumab.doses
    ends = (
        f"{float(one.dose.low_mg):.0f}..{'?' if one.dose.high_mg is None else f'{float(one.dose.high_mg):.0f}'}"
        for one in doses
    )
    times = [(one.dose.time - at("d1 00:00")) // HOUR for one in doses]
    assert ", ".join(f"{time:02}:00 {amount}" for time, amount in zip(times, ends, strict=True)) == expected


def test_a_treatment_in_parts_is_shown_whole() -> None:
    chart = "d1 08:00 | tocilizumab | 400/h\nd1 08:30 | tocilizumab | 800/h\nd1 09:00 | tocilizumab | stopped"
    (one,) = kept(chart, "d1 18:00").responses
    assert (one.dose.time, one.dose.low_mg, one.dose.high_mg) == (at("d1 08:00"), 600, 600)
    assert [each.dose.low_mg for each in kept("d0 07:00 | anakinra | 10/h\nd0 09:00 | anakinra | 20/h").responses] == []


def test_grades_around_a_treatment() -> None:
    found = kept("d2 14:00 | tocilizumab | 640", "d3 14:00", grades=GRADES)
    ((graded,),) = (one.grades for one in found.responses)
    assert graded.before == (1, 1)
    assert graded.after == ((6, (2, 2)), (12, (1, 2)), (24, (1, 2)))  # 48 h have not passed
    assert [one.grades for one in kept("d2 14:00 | tocilizumab | 640").responses] == [()]


def test_a_grade_that_is_not_known_stays_unknown() -> None:
    ((graded,),) = (
        one.grades for one in kept("d1 08:00 | dexamethasone | 10", "d1 20:00", grades=GRADES).responses
    )  # fmt: skip
    assert (graded.before, graded.after) == (None, ((6, None), (12, None)))


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        ("d2 08:00 | tocilizumab | 640\nd2 16:00 | tocilizumab | 640", ["tocilizumab d2", "tocilizumab d2"]),
        ("d2 08:00 | dexamethasone | 10\nd2 16:00 | dexamethasone | 10\nd3 22:00 | dexamethasone | 10", ["dexamethasone d2"]),
        ("d2 08:00 | dexamethasone | 10\nd4 08:00 | dexamethasone | 10", ["dexamethasone d2", "dexamethasone d4"]),
        ("d3 08:00 | anakinra | 100\nd2 08:00 | dexamethasone | 10", ["dexamethasone d2", "anakinra d3"]),
        ("d2 08:00 | levetiracetam | 750", []),
        ("d-2 08:00 | fludarabine | 50", []),
    ],
)  # fmt: skip
def test_treatments_with_a_response(chart: str, expected: list[str]) -> None:
    """Each dose of tocilizumab; of another drug the first of a course, which a day without a dose ends."""
    found = kept(chart).responses
    days = [(one.dose.drug, (one.dose.time - at("d0 00:00")) // (24 * HOUR)) for one in found]
    assert [f"{drug} d{day}" for drug, day in days] == expected


@pytest.mark.parametrize(
    ("chart", "column", "when", "expected"),
    [
        ("", None, "d5 12:00", None),
        ("", 72.5, "d5 12:00", "72.5 72.5"),
        ("", 72.5, "d30 07:59", "72.5 72.5"),
        ("", 72.5, "d30 08:59", "72.5 72.5"),
        ("", 72.5, "d30 09:00", None),  # its 30 days are over
        ("d-1 08:00 | weight | 80", 72.5, "d5 12:00", "80 80"),
        ("d-1 08:00 | weight | 80\nd3 08:00 | weight | 82", None, "d5 12:00", "82 82"),
        ("d3 08:00 | weight | 82", None, "d2 12:00", None),
        ("d3 08:00 | weight | 82\nd3 08:00 | weight | 84", None, "d5 12:00", "82 84"),
    ],
)
def test_the_weight(chart: str, column: float | None, when: str, expected: str | None) -> None:
    """The newest row of 30 days, else the patients table; two of one time are both possible."""
    patient = ADULT._replace(infusion_time=at("d0 08:00"), weight_kg=column)
    found: Weight | None = weight_at(Record(patient, events(chart), SETTINGS), at(when))
    assert (found and f"{float(found.low_kg):g} {float(found.high_kg):g}") == expected


COURSE = """
d-1 08:00 | weight | 80
d1 10:00 | tocilizumab | 600
d2 14:00 | tocilizumab | 640
d2 20:00 | tocilizumab | 640
d2 20:00 | dexamethasone | 10
d3 08:00 | methylprednisolone | ?
"""


def test_lines() -> None:
    lines = ledger_lines(kept(COURSE, "d3 09:00", episodes=[("d2 08:00", "")], grades=GRADES))
    assert lines[:8] == [
        "Tocilizumab",
        "  dose by weight: 80 kg x 8 mg/kg = 640 mg (2026-03-01T08:00:00+01:00)",
        "  given in 24 h: 2 of 3; in this episode of CRS: 2..3 of 4",
        "  next dose: allowed now by number and interval; left in this episode: 1..2",
        "  tocilizumab 600 mg, 2026-03-03T10:00:00+01:00: in no episode of CRS that was charted: may count in this one; "
        "less than the dose by weight; 80 kg x 8 mg/kg = 640 mg",
        "  tocilizumab 640 mg, 2026-03-04T14:00:00+01:00: in this episode of CRS",
        "  tocilizumab 640 mg, 2026-03-04T20:00:00+01:00: in this episode of CRS; too soon after the dose before",
        "  8 mg/kg over 1 h: Breyanzi GB SmPC, text revised 05/05/2026; table 1, pages 7-8  [source read]",
    ]
    where = lines.index("Corticosteroids (in mg of dexamethasone by the usual table of equivalent doses; unverified)")
    assert lines[where + 1 : where + 7] == [
        "  at least 10 mg; days from the first to the last dose: 2, with a dose: 2; begun on day 2",
        "  first 2026-03-04T20:00:00+01:00, last 2026-03-05T08:00:00+01:00",
        "  daily doses are not falling",
        "  2026-03-04: 10 mg",
        "  2026-03-05: dose unknown",
        "  methylprednisolone dose unknown, 2026-03-05T08:00:00+01:00: dose not charted: please chart",
    ]
    assert (
        "  tocilizumab (anticytokine): doses 3, first 2026-03-03T10:00:00+01:00, last 2026-03-04T20:00:00+01:00"
        in lines
    )
    place = lines.index("  tocilizumab 640 mg, 2026-03-04T14:00:00+01:00")
    assert lines[place + 1] == "    CRS: before 1, 6 h 2, 12 h 1..2"
    verdict = lines.index("Corticosteroids: benefit and risk (seen in others; no verdict on this patient)")
    assert lines[verdict + 1].startswith("  this patient: at least 10 mg; days from")
    assert lines[verdict + 2 : verdict + 5] == [
        "  100 patients with LBCL, mostly axi-cel; 60 had corticosteroids; Strati P et al. Blood 2021;137:3272  [source read]",
        "    confounding: retrospective; the more severe the toxicity, the more corticosteroid was given",
        "    median cumulative dose in mg of dexamethasone (range): 186 (8-1803)",
    ]


def test_lines_of_a_patient_of_whom_nothing_is_known() -> None:
    lines = ledger_lines(kept("", "d3 09:00"))
    assert lines[1:4] == [
        "  dose by weight: the weight is not known: please chart",
        "  given in 24 h: 0 of 3; no episode of CRS is open, so none counts its doses",
        "  for CRS, not for ICANS alone, and no CRS is known now; by number and interval a dose would be allowed",
    ]
    assert lines.count("  nothing") == 2 and "  this patient: none" in lines
    assert "  none given from the infusion on" in lines


def test_without_crs_no_dose_is_invited() -> None:
    """Nothing recommends tocilizumab without CRS: neither a next dose nor an amount beside it."""
    found = kept("d2 14:00 | tocilizumab | 640", "d3 09:00", ADULT._replace(weight_kg=80), [("d2 08:00", "")])
    lines = ledger_lines(replace(found, no_crs=True))
    assert lines[3] == "  no CRS now: nothing here recommends tocilizumab, and none is for ICANS alone"
    assert not any("next dose" in line for line in lines)
    (_, summary), *_ = ledger_summary(replace(found, no_crs=True), str, str)
    assert summary == [lines[2].strip(), lines[3].strip()]


def test_lines_while_no_dose_is_allowed() -> None:
    spent = "\n".join(f"d{day} 08:00 | tocilizumab | 640" for day in range(2, 6))
    lines = ledger_lines(kept(spent, "d5 09:00", ADULT._replace(weight_kg=80), [("d2 08:00", "")]))
    assert lines[1] == "  dose by weight: 80 kg x 8 mg/kg = 640 mg (weight of the patients table)"
    assert lines[3] == (
        "  next dose: none in this episode: too soon after the dose before, this episode has had all its doses"
    )
    soon = kept("d2 08:00 | tocilizumab | 640\nd3 08:00 | weight | 79\nd3 08:00 | weight | 81", "d2 09:00")
    assert ledger_lines(soon)[3] == (
        "  next dose: not before 2026-03-04T16:00:00+01:00: too soon after the dose before"
    )
    tied = kept("d1 08:00 | weight | 79\nd1 08:00 | weight | 81", "d2 09:00")
    assert ledger_lines(tied)[1] == "  dose by weight: the weight is 79 to 81 kg: please chart it anew"


GRADED = """
d1 10:00 | temperature | 39
d1 10:00 | systolic_bp | 85
d1 12:00 | tocilizumab | 640
d5 10:00 | temperature | 38.5
d5 11:00 | tocilizumab | 640
"""


def test_episodes_and_grades_of_a_record() -> None:
    """Fever returns after more than 48 h: another episode, whose doses are counted anew."""
    chart = events(f"{well(5)}\n{GRADED}")
    record = Record(ADULT._replace(infusion_time=at("d0 08:00"), weight_kg=80), chart, SETTINGS)
    scale, now = SCALES["crs-astct-2019"], at("d5 12:00")
    spans = episode_spans(record, scale)
    assert spans == [(at("d1 10:00"), at("d4 10:00")), (at("d5 10:00"), None)]
    found = keep_ledger(
        doses_given(record, DRUGS, now), lambda t: weight_at(record, t), SETTINGS, now, infusion=record.start,
        episodes=[CrsEpisode(*span) for span in spans], grades={"CRS": lambda t: grade_at(record, scale, t)},
    )  # fmt: skip
    assert [one.place for one in found.tocilizumab.doses] == ["earlier_episode", "episode"]
    first = found.responses[0].grades[0]
    assert (first.before, first.after) == ((2, 2), ((6, (1, 1)), (12, (1, 1)), (24, (0, 0)), (48, (0, 0))))
    assert grade_at(record, scale, at("d-1 08:00")) is None
    assert [grade_at(record, scale, at("d1 10:00") - before) for before in (1, 0)] == [(0, 0), (2, 2)]


def test_what_is_asked() -> None:
    assert kept("").asks == {"weight"}
    assert kept(COURSE, "d3 09:00").asks == {"methylprednisolone"}
    assert kept("d2 08:00 | tocilizumab | ?").asks == {"weight", "tocilizumab"}


@given(st.integers(0, 96), st.lists(st.tuples(st.integers(97, 200), st.sampled_from(DRUGS)), max_size=6))
def test_later_doses_change_nothing(now: int, later: list[tuple[int, str]]) -> None:
    """The ledger of a moment does not look ahead."""
    rows = [f"d2 {hour:02d}:00 | {drug} | 500" for hour, drug in ((8, "tocilizumab"), (9, "dexamethasone"))]
    more = [f"d{hour // 24 + 1} {hour % 24:02d}:00 | {drug} | 500" for hour, drug in later]
    when = f"d{now // 24 + 1} {now % 24:02d}:00"
    one, other = (kept("\n".join(chart), when, episodes=[("d2 07:00", "")]) for chart in (rows, rows + more))
    assert ledger_lines(one) == ledger_lines(other)
