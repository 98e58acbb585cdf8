"""The box at the top of an infusion's page: one moment, plainly told, and nothing asked of the dead."""

import re
from pathlib import Path

import pytest

from cytovigil import app
from cytovigil.engine.advice import FIRST
from cytovigil.engine.record import Record
from cytovigil.engine.watch_text import OVERDUE, QUESTIONS, TRENDS
from cytovigil.guidance import PROTOCOLS
from cytovigil.guidance.chosen import Guidance
from cytovigil.guidance.monitoring import all_intervals
from cytovigil.guiding import guide_course
from cytovigil.logic.guidance import KINDS
from cytovigil.logic.watch_text import intervals_markdown
from cytovigil.model.events import Course, Patient
from cytovigil.report.language import speaker
from cytovigil.report.now import Guided, now_box
from cytovigil.report.page import Values
from report.test_catalogue import lacking
from report.test_report import pages
from spec.charts import ADULT, SETTINGS, at, events, well

AXI = ADULT._replace(infusion_time=at("d0 08:00"), product="axi-cel", weight_kg=80)
ILL = f"""{well(2)}
d1 15:00 | temperature | 39
d1 16:00 | tocilizumab | 640
d1 17:00 | dexamethasone | 10
d1 18:00 | levetiracetam | 500
d1 20:00 | norepinephrine | 4/min
d2 01:00 | ice | 8
d2 05:00 | spo2 | 85"""


def guided(chart: str, as_of: str = "", patient: Patient = AXI, following: str = "") -> Guided:
    rows = tuple(events(chart))
    infusions = (patient, patient._replace(infusion=2, infusion_time=at(following))) if following else (patient,)
    known = at(as_of) if as_of else None
    then = at(following) if following else None
    record = Record(patient, rows, SETTINGS, known, fine=True, following=then)
    found = guide_course(Guidance(PROTOCOLS), Course(infusions, rows), record)
    assert found is not None
    return found


def box(chart: str, as_of: str = "", language: app.Language = "en", patient: Patient = AXI) -> Values:
    return now_box(guided(chart, as_of, patient), speaker(language))


def texts(found: Values) -> str:
    return "\n".join(line for _, lines in found["lists"] for line in lines)


def test_it_stands_at_the_last_moment_of_the_record() -> None:
    found = box(ILL)
    assert (found["at"], found["ended"], found["died"]) == ("4 Mar 05:00 (D+2)", "", False)
    assert [(one["text"], one["low"], one["high"]) for one in found["grades"]] == [("3..4", 3, 4), ("1", 1, 1)]
    assert found["last_look"] == "last vital sign or assessment: 4 Mar 05:00 (D+2), 0 min ago"
    headings = [heading for heading, _ in found["lists"]]
    assert headings == [QUESTIONS, OVERDUE, TRENDS]
    assert found["lists"][0][1] == ["oxygen device: never charted: please chart (CRS, ASTCT consensus 2019)"]
    strength = "strength: never charted; every 12 h (ASCO 2021, printed: at least twice a day) [source read]"
    assert strength in texts(found)


def test_with_an_as_of_time_it_stands_there() -> None:
    assert box(ILL, "d2 12:00")["at"] == "4 Mar 12:00 (D+2)"
    assert box(ILL, "d1 17:30")["at"] == "3 Mar 17:30 (D+1)"
    assert [one["text"] for one in box(ILL, "d1 17:30")["grades"]] == ["1", "0"]


def test_what_was_given_stands_with_limits_and_calculation() -> None:
    given = dict(box(ILL)["given"])
    assert given["Tocilizumab"] == [
        "given in 24 h: 1 of 3; in this episode of CRS: 1 of 4",
        "next dose: allowed now by number and interval; left in this episode: 3",
        "dose by weight: 80 kg x 8 mg/kg = 640 mg (weight of the patients table)",
    ]
    (steroid,) = [lines for heading, lines in given.items() if heading.startswith("Corticosteroids")]
    assert steroid[0].startswith("10 mg; ") and steroid[1] == "last 3 Mar 17:00 (D+1)"
    assert given["Also given"][0].startswith("levetiracetam (antiseizure): doses 1, first 3 Mar 18:00 (D+1)")
    untreated = dict(box(well(2))["given"])
    assert ["none given from the infusion on"] in untreated.values() and "Also given" not in untreated


def test_each_protocol_has_one_line_with_its_source_and_all_below() -> None:
    found = box(ILL)
    said = {one["title"]: one for one in found["said"]}
    asco = said["ASCO guideline 2021"]
    assert "tocilizumab" in asco["says"] and asco["more"].startswith("and ") and "Santomasso" in asco["source"]
    assert len(asco["all"]) > 5 and {one["sure"] for one in asco["all"]} == {True, False} and asco["depends"] > 0
    assert all({"says", "when", "status"} <= set(one) for one in asco["all"])
    assert "Yescarta label" in found["empty"] and "Breyanzi label, Great Britain, May 2026" not in said
    well_now = box(well(2))
    assert "UMCG Groningen 2020" in well_now["silent"]
    assert set(FIRST) == set(KINDS)


def test_a_dose_by_weight_stands_with_its_calculation() -> None:
    steps = [each["says"] for one in box(ILL)["said"] for each in one["all"]]
    dosed = [one for one in steps if " mg/kg" in one]
    assert dosed and all(" kg x " in one for one in dosed)


def test_a_protocol_of_which_nothing_is_sure_says_so() -> None:
    found = box("d1 08:00 | heart_rate | 80")
    unsure = [one for one in found["said"] if not any(each["sure"] for each in one["all"])]
    assert {one["says"] for one in unsure} == {"nothing for sure"}


def test_of_the_dead_nothing_is_asked() -> None:
    found = box(f"{ILL}\nd2 09:00 | death | crs")
    assert (found["died"], found["ended"], found["at"]) == (True, "4 Mar 09:00 (D+2)", "4 Mar 05:00 (D+2)")
    assert (found["lists"], found["said"], found["last_look"]) == ([], [], "")
    assert found["given"] and [one["text"] for one in found["grades"]] == ["3..4", "1"]


@pytest.mark.parametrize(
    ("as_of", "ended"), [("", "4 Mar 03:00 (D+2)"), ("d2 02:00", ""), ("d5 08:00", "4 Mar 03:00 (D+2)")]
)
def test_no_longer_followed(as_of: str, ended: str) -> None:
    found = box(ILL, as_of, patient=AXI._replace(last_followup=at("d2 03:00")))
    assert (found["ended"], found["died"]) == (ended, False)
    assert found["at"] == ("4 Mar 02:00 (D+2)" if as_of == "d2 02:00" else "4 Mar 01:00 (D+2)")


def test_an_infusion_ends_where_the_next_begins() -> None:
    assert guided(ILL, following="d1 18:30").advice.at == at("d1 18:00")


def test_facts_are_as_if_the_record_were_read_again() -> None:
    rows = tuple(events(ILL))
    record = Record(AXI, rows, SETTINGS, fine=True)
    first, again = (guide_course(Guidance(PROTOCOLS), Course((AXI,), rows), record) for _ in range(2))
    assert now_box(first, str) == now_box(again, str) == now_box(guided(ILL, "d2 05:00"), str)


def test_for_other_scales_alone_is_one_line() -> None:
    found = now_box(guided(ILL, patient=AXI._replace(product="tisa-cel")), str)
    assert "creatinine" in found["questions"] and "creatinine" not in texts(found)
    assert any(one.startswith("CRS, Lee 2014: ") for one in found["others"])


def test_the_catalogue_holds_every_text() -> None:
    asked: set[str] = set()

    def say(text: str) -> str:
        asked.add(text)
        return text

    trend = "\n".join(f"d2 {n:02d}:00 | ice | {value}" for n, value in enumerate((10, 10, 9, 8, 8)))
    for chart in (ILL, well(2), "", f"{well(2)}\n{trend}", f"{well(2)}\nd1 20:30 | systolic_bp | 85..95"):
        assert now_box(guided(chart), say)
    assert intervals_markdown(all_intervals(), say)
    assert lacking(asked) == []


def test_dutch() -> None:
    found = box(ILL, language="nl")
    assert found["lists"][0] == (
        "Niet bekend, en kan een graad veranderen",
        ["zuurstoftoediening: nooit genoteerd: graag noteren (CRS, ASTCT-consensus 2019)"],
    )


def test_the_page_says_plainly_that_it_is_not_live(tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text("patient_id,infusion_time,product\nA,2026-02-27T11:00+01:00,axi-cel\n")
    rows = "A,2026-03-02T08:00+01:00,temperature,38.5,Cel\nA,2026-03-02T09:00+01:00,norepinephrine,4,ug/min\n"
    (tmp_path / "events.csv").write_text(f"patient_id,time,signal,value,unit\n{rows}")
    app.grade([tmp_path / "patients.csv", tmp_path / "events.csv"], tmp_path / "out", detail="full")
    (page,) = pages((tmp_path / "out" / "report.html").read_text("utf-8"))
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Now: as of 2 Mar 09:00 (D+3) the last moment of the record that was read; not live" in said
    assert page.index('class="box"') < page.index("<figure>") < page.index('class="follow"')


@pytest.mark.parametrize(
    ("what", "patient", "as_of", "following"),
    [
        ("followed until the infusion", {"last_followup": at("d0 08:00")}, "", ""),
        ("died at the infusion", {"death_time": at("d0 08:00")}, "", ""),
        ("as of before the infusion", {}, "d0 07:00", ""),
        ("two infusions at one time", {}, "", "d0 08:00"),
    ],
)
def test_there_is_no_box_where_nothing_is_graded(
    what: str, patient: dict[str, int], as_of: str, following: str
) -> None:
    mine, known = AXI._replace(**patient), at(as_of) if as_of else None
    then = at(following) if following else None
    rows = tuple(events(ILL))
    record = Record(mine, rows, SETTINGS, known, fine=True, following=then)
    assert guide_course(Guidance(PROTOCOLS), Course((mine,), rows), record) is None, what


def test_a_patient_who_is_not_followed_has_a_page(tmp_path: Path) -> None:
    head = "patient_id,infusion_time,last_followup\nP1,2026-03-02T08:00Z,2026-03-02T08:00Z\nP2,2026-03-02T08:00Z,\n"
    (tmp_path / "patients.csv").write_text(head)
    (tmp_path / "events.csv").write_text("patient_id,time,signal,value,unit\nP2,2026-03-03T08:00Z,temperature,38,Cel\n")
    app.grade([tmp_path / "patients.csv", tmp_path / "events.csv"], tmp_path / "out", detail="full")
    assert len(pages((tmp_path / "out" / "report.html").read_text("utf-8"))) == 2
