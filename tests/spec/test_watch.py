"""What a grade hides: questions with since when, what is overdue by which interval, what moves towards the next grade."""

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cytovigil.engine.situation import Situation
from cytovigil.engine.trend import Trend
from cytovigil.engine.watch import Watch, watch, watched_facts
from cytovigil.engine.watch_text import watch_lines
from cytovigil.guidance.fields import ASTCT, CARTOX, ICANS_SCALE, LEE_LABEL
from cytovigil.guidance.monitoring import OWN, PUBLISHED, intervals_for
from cytovigil.logic.ladder import SOURCE_READ, Citation
from cytovigil.logic.scale import EpisodicCourse
from cytovigil.logic.watch import Interval
from cytovigil.model.events import Course, Patient
from cytovigil.model.times import DAY, day_of
from cytovigil.report.language import speaker
from cytovigil.rules import SCALES
from cytovigil.rules.scores import SCORES
from engines.strategies import courses
from spec.charts import ADULT, SETTINGS, at, events, well

INFUSED = ADULT._replace(infusion_time=at("d0 08:00"))
MAIN = (ASTCT, ICANS_SCALE)


def situation(chart: str, time: str, patient: Patient = INFUSED) -> Situation:
    return Situation(patient, events(chart), SETTINGS, SCALES, SCORES, at(time))


def watched(chart: str, time: str, patient: Patient = INFUSED, scales: tuple[str, ...] = MAIN) -> Watch:
    here = situation(chart, time, patient)
    infused = day_of(patient.infusion_time, SETTINGS.zone)
    return watch(here, scales, intervals_for(patient.product, "EU", infused))


def asked(found: Watch) -> list[str]:
    return [one.signal for one in found.unknowns]


def overdue(found: Watch) -> list[str]:
    return [one.interval.id for one in found.overdue]


def moving(found: Watch) -> list[str]:
    return [_moving(one) for one in found.trends]


def _moving(one: Trend) -> str:
    return f"{one.signal} {len(one.rows)} {one.edge.format(limit=one.limit)} -> {one.grade}"


ROUND = "{t} | temperature | {c}\n{t} | systolic_bp | {p}\n{t} | spo2 | 97\n{t} | oxygen_device | none"
AWAKE = "{t} | ice | 10\n{t} | consciousness | awake"


@pytest.mark.parametrize(
    ("what", "chart", "time", "there", "away"),
    [
        ("all charted: nothing is asked", well(3), "d2 20:30", "", "spo2 temperature ice systolic_bp consciousness"),
        ("the device is not charted again", f"{well(3)}\nd2 19:00 | temperature | 39\nd2 09:00 | oxygen_device | nasal_cannula\nd2 09:00 | oxygen_flow | 2", "d3 01:30", "oxygen_device", "spo2"),
        ("a cannula without its flow", f"{well(3)}\nd2 19:00 | temperature | 39\nd2 20:00 | oxygen_device | nasal_cannula", "d2 20:30", "oxygen_flow", "oxygen_device"),
        ("nothing was ever charted", "", "d2 10:00", "temperature ice", ""),
        ("not the pressure while a vasopressor runs", f"{well(2)}\nd2 08:00 | norepinephrine | 4/min\nd2 09:00 | temperature | 39\nd2 09:00 | spo2 | 97\nd2 09:00 | ice | 10\nd2 09:00 | consciousness | awake", "d2 19:00", "", "systolic_bp"),
        ("oxygen could hide more than the pressure does: both are asked", "d1 08:00 | temperature | 39", "d1 09:00", "systolic_bp oxygen_device", ""),
        ("under sedation it is asked whether it lasts", f"{well(2)}\nd2 08:00 | sedation | sedated", "d2 09:00", "ice", ""),
        ("past its window nobody asks for ICE", well(3), "d70 09:00", "", "ice temperature"),
    ],
)  # fmt: skip
def test_questions(what: str, chart: str, time: str, there: str, away: str) -> None:
    found = asked(watched(chart, time))
    assert set(there.split()) <= set(found), what
    assert not set(away.split()) & set(found), what
    assert there or not found, what


def test_a_question_says_since_when_and_for_which_scales() -> None:
    chart = (
        f"{well(3)}\nd2 19:00 | temperature | 39\nd2 09:00 | oxygen_device | nasal_cannula\nd2 09:00 | oxygen_flow | 2"
    )
    found = watched(chart, "d3 01:30", scales=(ASTCT, LEE_LABEL, ICANS_SCALE))
    (device,) = [one for one in found.unknowns if one.signal == "oxygen_device"]
    assert (device.holds, device.scales) == (False, (ASTCT, LEE_LABEL))
    lines = list(watch_lines(found, SCALES))
    said = "oxygen device: not charted since 2026-03-04T09:00:00+01:00, 16 h ago: please chart"
    assert f"  {said} (crs-astct-2019, crs-lee-2014-label)" in lines
    assert lines[0] == "last vital sign or assessment: 2026-03-04T20:00:00+01:00, 5 h ago"
    assert "  creatinine: never charted: please chart (crs-lee-2014-label)" in lines


def test_years_later_the_last_look_is_still_found() -> None:
    """Past every window no interval asks for anything, but somebody has looked."""
    found = watched(f"{well(2)}\nd200 08:00 | temperature | 36.8", "d200 09:00")
    assert "temperature" not in {name for one in found.looks for name in one.interval.signals}
    assert next(watch_lines(found, SCALES)).startswith("last vital sign or assessment: 2026-09-18T08:00:00")
    assert next(watch_lines(watched("", "d200 09:00"), SCALES)) == "no vital sign and no assessment is charted"


def test_what_is_overdue_is_te_laat_in_dutch() -> None:
    say = speaker("nl")
    chart = f"{well(2)}\nd1 20:30 | ice | 8\nd2 05:00 | consciousness | awake"
    lines = list(watch_lines(watched(chart, "d2 08:30"), SCALES, say))
    assert "Te laat" in lines and not any("over tijd" in line.lower() for line in lines)
    last = "  ICE: voor het laatst 2026-03-03T20:30:00+01:00, 12 uur geleden"
    assert any(line.startswith(last) for line in lines)
    assert say("What is not known, and would settle it") == "Wat niet bekend is en de doorslag geeft"


def test_a_row_that_says_too_little_is_asked_in_full() -> None:
    text = "\n".join(
        watch_lines(
            watched(f"{well(2)}\nd1 19:00 | temperature | 39\nd1 20:30 | systolic_bp | 85..95", "d1 21:00"), SCALES
        )
    )
    assert "systolic bp: charted at 2026-03-03T20:30:00+01:00, 30 min ago, which leaves it open: please chart" in text


def test_a_score_no_worse_than_before_asks_for_a_person() -> None:
    found = watched(f"{well(2)}\nd1 20:30 | ice | 8", "d1 21:00", INFUSED._replace(baseline_ice=8))
    assert asked(found) == ["attribution"]
    text = "\n".join(watch_lines(found, SCALES))
    assert "  whether a sign has another cause: a person must say so, as an attribution (icans-astct-2019)" in text


@pytest.mark.parametrize(
    ("what", "chart", "time", "there", "away"),
    [
        ("all is fresh", well(3), "d2 20:30", "", "temperature blood-pressure oxygen-saturation score arousal asco-ice"),
        ("fever still counts, but nobody measured for 16 h", f"{well(1)}\nd1 02:00 | temperature | 39\nd1 17:00 | systolic_bp | 120\nd1 17:00 | spo2 | 97\nd1 17:00 | ice | 10\nd1 17:00 | consciousness | awake", "d1 18:00", "temperature", "blood-pressure oxygen-saturation"),
        ("a mean pressure stands in", f"{well(1)}\nd1 09:00 | mean_bp | 80", "d1 20:00", "", "blood-pressure"),
        ("ICE 9 h ago, and ICANS", f"{well(2)}\nd1 20:30 | ice | 8\nd2 05:00 | consciousness | awake", "d2 05:30", "ash-sap-ice", "asco-ice score"),
        ("ICE 12 h ago, and ICANS", f"{well(2)}\nd1 20:30 | ice | 8\nd2 05:00 | consciousness | awake", "d2 08:30", "ash-sap-ice asco-ice asco-strength", "score"),
        ("no ICANS: neither asks", well(2), "d2 10:00", "", "ash-sap-ice asco-ice asco-strength"),
        ("sedated: ICE cannot be asked", f"{well(2)}\nd1 20:30 | seizure | prolonged\nd1 20:30 | sedation | sedated", "d2 10:00", "", "ash-sap-ice asco-ice score"),
        ("CRS 3: a look every hour", f"{well(2)}\nd1 20:00 | temperature | 39\nd1 20:00 | norepinephrine | 4/min", "d1 21:00", "umcg-review", ""),
        ("CRS, vital signs 4 h ago", f"{well(2)}\nd1 20:00 | temperature | 38.5", "d2 00:00", "gitmo-temperature gitmo-blood-pressure", ""),
        ("CRS, less than 4 h ago", f"{well(2)}\nd1 20:00 | temperature | 38.5", "d1 23:59", "", "gitmo-temperature"),
        ("CRS 3, seen 59 min ago", f"{well(2)}\nd1 20:00 | temperature | 39\nd1 20:00 | norepinephrine | 4/min", "d1 20:59", "", "umcg-review"),
        ("what is a question already is not overdue as well", "d1 08:00 | temperature | 39", "d3 09:00", "", "temperature oxygen-saturation"),
        ("past the window of CRS", f"{well(3)}", "d31 09:00", "", "temperature blood-pressure oxygen-saturation"),
    ],
)  # fmt: skip
def test_overdue(what: str, chart: str, time: str, there: str, away: str) -> None:
    found = overdue(watched(chart, time))
    assert set(there.split()) <= set(found), what
    assert not set(away.split()) & set(found), what


def test_labels_and_leaflets_of_the_product() -> None:
    treated = INFUSED._replace(product="brexu-cel")
    found = watched(well(2), "d3 08:00", treated)
    labels = [one for one in found.looks if one.interval.id.startswith("label-")]
    assert labels and {one.interval.every_h for one in labels} == {24}
    assert {one.interval.id for one in labels} <= set(overdue(found)) and "leaflet-temperature" in overdue(found)
    assert not [one for one in watched(well(2), "d15 08:00", treated).looks if one.interval.id.startswith("label-")]
    assert "leaflet-temperature" not in overdue(watched(well(2), "d3 08:00", INFUSED._replace(product="liso-cel")))


def test_a_line_for_what_is_looked_at_names_every_source() -> None:
    chart = f"{well(2)}\nd1 20:30 | ice | 8\nd2 05:00 | consciousness | awake"
    lines = list(watch_lines(watched(chart, "d2 08:30"), SCALES))
    assert (
        "  ICE: last 2026-03-03T20:30:00+01:00, 12 h ago; every 12 h (ASCO 2021, printed: at least twice a day) "
        "[source read]; every 8 h (ASH-SAP, printed: every 8 h; for whom was not read: while ICANS lasts, our reading) [our reading]"
    ) in lines
    nobody = list(watch_lines(watched("", "d1 08:00"), SCALES))
    assert nobody[0] == "no vital sign and no assessment is charted"
    early = watch(situation("d0 09:00 | heart_rate | 80", "d0 09:00"), (), OWN)
    assert "  blood pressure: never charted; no value of it holds any longer [our reading]" in watch_lines(
        early, SCALES
    )


def readings(signal: str, *values: float, every_h: int = 3) -> str:
    return "\n".join(f"d2 {8 + n * every_h:02d}:00 | {signal} | {value}" for n, value in enumerate(values))


CANNULA = "\n".join(f"d2 {hour:02d}:00 | oxygen_device | nasal_cannula" for hour in (8, 11, 14))
FEVERISH = "d2 07:00 | temperature | 39"


@pytest.mark.parametrize(
    ("what", "chart", "found"),
    [
        ("temperature rises, half way or more", readings("temperature", 36.8, 37.2, 37.7), ["temperature 3 from 3800 -> 1"]),
        ("two readings are enough", readings("temperature", 36.8, 37.4), ["temperature 2 from 3800 -> 1"]),
        ("less than half way", readings("temperature", 36.8, 37.3), []),
        ("it fell in between: the run begins after", readings("temperature", 37.6, 36.8, 37.0), []),
        ("one reading", readings("temperature", 37.9), []),
        ("the same all the time", readings("temperature", 37.7, 37.7), []),
        ("there already", readings("temperature", 37, 37.6, 38), []),
        ("a bound breaks the run", "d2 08:00 | temperature | 36.8\nd2 11:00 | temperature | 37.6..37.8", []),
        ("a bound before it too", "d2 08:00 | temperature | 36..36.8\nd2 11:00 | temperature | 37.8", []),
        ("pressure falls towards its limit", f"{FEVERISH}\n{readings('systolic_bp', 124, 110, 96)}", ["systolic_bp 3 below 900 -> 2"]),
        ("mean pressure alone", f"{FEVERISH}\n{readings('mean_bp', 80, 70)}", ["mean_bp 2 below 650 -> 2"]),
        ("no grade more by pressure while oxygen gives it", f"{FEVERISH}\n{CANNULA}\n{readings('oxygen_flow', 2, 2, 2)}\n{readings('systolic_bp', 124, 110, 96)}", []),
        ("flow rises on a cannula", f"{FEVERISH}\n{CANNULA}\n{readings('oxygen_flow', 2, 3, 5)}", ["oxygen_flow 3 above 60 -> 3"]),
        ("saturation falls on room air", f"{FEVERISH}\n{readings('spo2', 97, 95, 92)}", ["spo2 3 below 900 -> 2"]),
        ("ICE falls", readings("ice", 10, 8), ["ice 2 6 or less -> 2"]),
        ("ICE falls further", readings("ice", 9, 6, 4), ["ice 3 2 or less -> 3"]),
        ("ICE at its last rung", readings("ice", 9, 2), []),
        ("no pressure charted, declared good", f"{FEVERISH}\nd2 08:00 | hypotension | absent\n# no systolic_bp", []),
        ("on a mask-like device no flow is a limit", f"{FEVERISH}\nd2 08:00 | oxygen_device | blow_by\n{readings('oxygen_flow', 2, 3, 5)}", []),
        ("on a ventilator there is no next class", f"{FEVERISH}\nd2 08:00 | oxygen_device | cpap", []),
    ],
)  # fmt: skip
def test_trends(what: str, chart: str, found: list[str]) -> None:
    known = "" if "bp" in chart else "d2 08:00 | systolic_bp | 120\n"
    known += "" if "spo2" in chart else "d2 08:00 | spo2 | 97\n"
    assert moving(watched(f"{known}{chart}", "d2 14:30")) == found, what


def test_a_childs_capd_rises() -> None:
    child = INFUSED._replace(age_years=7)
    assert moving(watched(readings("capd", 1, 6), "d2 12:00", child)) == ["capd 2 from 9 -> 3"]


def test_a_trend_is_readings_with_their_times_and_the_rules_limit() -> None:
    chart = f"d2 08:00 | systolic_bp | 120\nd2 08:00 | spo2 | 97\n{readings('temperature', 36.4, 36.6, 36.9, 37.2, 37.7, every_h=1)}"
    assert (
        "  temperature rising in 5 readings: 36.4 at 2026-03-04T08:00:00+01:00, 37.2 at 2026-03-04T11:00:00+01:00, "
        "37.7 at 2026-03-04T12:00:00+01:00; from 38 °C is grade 1 of CRS, ASTCT consensus 2019 (fever)"
    ) in watch_lines(watched(chart, "d2 12:30"), SCALES)
    text = "\n".join(watch_lines(watched(readings("ice", 10, 8), "d2 12:00"), SCALES))
    assert "ice falling: 10 at 2026-03-04T08:00:00+01:00, 8 at 2026-03-04T11:00:00+01:00; 6 or less is grade 2" in text


def test_an_old_reading_is_no_trend() -> None:
    assert moving(watched(f"{well(1)}\n{readings('temperature', 36.8, 37.7)}", "d3 04:00")) == []


def test_an_interval_without_a_source_is_refused() -> None:
    for source, status, names in (
        (Citation("", ""), SOURCE_READ, ("ice",)), (OWN[0].source, "hearsay", ("ice",)), (OWN[0].source, SOURCE_READ, ()),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="interval 'x' has no source, no known status or no signal"):
            Interval("x", "x", names, 8, source, status)


SEEN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SEEN
@given(courses(), st.sampled_from((ASTCT, CARTOX, LEE_LABEL, ICANS_SCALE)), st.floats(0, 1))
def test_every_unknown_fact_that_could_change_the_grade_is_a_question(course: Course, name: str, share: float) -> None:
    patient = course.infusions[0]
    times = sorted(one.time for one in course.events if one.time > patient.infusion_time)
    t = times[int(share * (len(times) - 1))] if times else patient.infusion_time
    here = Situation(patient, course.events, SETTINGS, SCALES, SCORES, t)
    scale, verdict = SCALES[name], here.verdict(name, t)
    questions = {one.signal for one in watch(here, (name,), ()).unknowns}
    if verdict.low is None or verdict.low == verdict.high:
        assert questions <= verdict.missing
        return
    assert verdict.missing <= questions
    facts = watched_facts(here.record, scale, t)
    lows = {ladder.name: ladder.range_of(tuple(facts[n].values for n in ladder.names))[0] for ladder in scale.domains}
    for ladder in scale.domains:
        others = max((low for other, low in lows.items() if other != ladder.name), default=0)
        for field in ladder.fields:
            rest = [one for one in ladder.fields if one is not field]
            for values in product(*(facts[one.name].values for one in rest)):
                known = dict(zip((one.name for one in rest), values, strict=True))
                grades = {max(others, ladder.grade({**known, field.name: v})) for v in facts[field.name].values}
                assert len(grades) == 1 or (facts[field.name].missing or {field.name}) <= questions
    if isinstance(scale.course, EpisodicCourse):
        assert questions <= {signal for fact in facts.values() for signal in fact.missing or {"attribution"}}


@SEEN
@given(
    st.floats(36, 40.5), st.integers(60, 180), st.integers(80, 100), st.sampled_from(("none", "venturi_mask", "non_rebreather")),
    st.integers(0, 10), st.sampled_from(("awake", "voice", "tactile")), st.integers(0, 3 * DAY),
)  # fmt: skip
def test_where_everything_is_known_and_fresh_nothing_is_asked(
    temperature: float, systolic: int, spo2: int, device: str, ice: int, arousal: str, seconds: int
) -> None:
    rows = {
        "temperature": f"{temperature:.1f}", "systolic_bp": systolic, "oxygen_device": device, "ice": ice,
        "spo2": max(spo2, 90) if device == "none" else spo2, "consciousness": arousal,
    }  # fmt: skip
    charted = [
        one._replace(time=INFUSED.infusion_time + seconds)
        for one in events("\n".join(f"d1 08:00 | {name} | {value}" for name, value in rows.items()))
    ]
    here = Situation(INFUSED, charted, SETTINGS, SCALES, SCORES, INFUSED.infusion_time + seconds)
    found = watch(here, MAIN, intervals_for("", "EU", here.day))
    assert asked(found) == []
    assert {one.id for one in OWN} & set(overdue(found)) == set()
    assert len(PUBLISHED) == 8 and moving(found) == []
