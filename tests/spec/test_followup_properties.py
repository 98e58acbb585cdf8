"""Properties of follow-up: order never matters, what is done is not due, and time alone never makes it done."""

import datetime as dt
import random

from charts import ADULT, DAY_0, SETTINGS, at
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.following import follow_course
from cytovigil.followup.items import Ask, Decide, Repeat
from cytovigil.followup.standing import OPEN, Standing
from cytovigil.model.events import Course, Event, Patient
from cytovigil.model.times import DAY
from cytovigil.model.vocabulary import signals

NUMBERS = {
    "neutrophils": (0, 4000), "platelets": (0, 3000), "hemoglobin": (6000, 15000), "igg": (0, 1200), "iga": (0, 300),
    "cd4": (0, 5000), "b_cells": (0, 2000), "b_cells_percent": (0, 500),
}  # fmt: skip
WORDS = ("tremor", "other_neurotoxicity", "infection", "immunosuppression", "second_malignancy", "recorded_icans_grade")
DOSES = ("aciclovir", "cotrimoxazole", "fluconazole", "immunoglobulin", "fludarabine", "dexamethasone", "entecavir")
VACCINES = ("influenza", "PCV20", "mmr", "covid-19", "dtp")
PATIENTS = st.builds(
    lambda product, disease, age: ADULT._replace(
        infusion_time=at("d0 08:00"), product=product, disease=disease, age_years=age
    ),
    st.sampled_from(["", "axi-cel", "tisa-cel", "cilta-cel", "brexu-cel", "other"]),
    st.sampled_from(["", "LBCL", "B-ALL", "MM", "CLL"]),
    st.sampled_from([None, 5, 40, 64, 70]),
)


@st.composite
def charted(draw: st.DrawFn) -> Event:
    time = at("d0 09:00") + draw(st.integers(-20, 800)) * DAY
    kind = draw(st.sampled_from(["number", "word", "dose", "vaccine"]))
    if kind == "number":
        name = draw(st.sampled_from(sorted(NUMBERS)))
        value = draw(st.integers(*NUMBERS[name]))
        limit = draw(st.sampled_from([None, NUMBERS[name][1] // 2]))
        return Event("P1", time, name, value, value, ref_low=limit, shown=str(value))
    if kind == "word":
        name = draw(st.sampled_from(WORDS))
        end = draw(st.sampled_from([None, time + 5 * DAY]))
        return Event("P1", time, name, word=draw(st.sampled_from(signals()[name].categories)), end=end)
    if kind == "dose":
        return Event("P1", time, draw(st.sampled_from(DOSES)), 1, 1, shown="1")
    return Event("P1", time, "vaccine", 1, 1, text=draw(st.sampled_from(VACCINES)))


CHARTS = st.lists(charted(), max_size=25)
DAYS = st.integers(0, 1500)


def on(patient: Patient, events: list[Event], day: int) -> list[Standing]:
    (found,) = follow_course(Course((patient,), tuple(events)), DAY_0 + dt.timedelta(days=day), SETTINGS)
    return found.standings


@given(PATIENTS, CHARTS, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(
    patient: Patient, events: list[Event], day: int, chance: random.Random
) -> None:
    mixed = list(events)
    chance.shuffle(mixed)
    assert on(patient, mixed + mixed[:3], day) == on(patient, events, day)


@given(PATIENTS, CHARTS, DAYS)
def test_rows_of_later_days_never_matter(patient: Patient, events: list[Event], day: int) -> None:
    end = at("d0 00:00") + (day - 1) * DAY
    assert on(patient, [row for row in events if row.time < end], day - 2) == on(patient, events, day - 2)


@given(PATIENTS, CHARTS, DAYS)
def test_dates_and_questions_fit_the_state(patient: Patient, events: list[Event], day: int) -> None:
    today = DAY_0 + dt.timedelta(days=day)
    for one in on(patient, events, day):
        assert (one.done is not None) == (one.state == "done"), one.item.id
        assert one.done is None or one.done <= today
        if one.state in OPEN:
            assert one.since is not None and one.until is not None and one.since <= today
            assert (one.state == "overdue") == (today >= one.until), one.item.id
        if one.state == "later":
            assert one.since is not None and one.since > today
        if one.state == "unknown":
            assert one.asked or any("weigh" in heard.verdicts for heard in one.heard), one.item.id


@given(PATIENTS, CHARTS, DAYS, st.integers(1, 200))
def test_time_alone_never_takes_away_what_is_due(patient: Patient, events: list[Event], day: int, more: int) -> None:
    """Of what is measured again and again; what sources decide ends where the last of them lets stop."""
    last = at("d0 00:00") + (day + 1) * DAY
    known = [row for row in events if row.time < last - 2 * DAY]
    for before, after in zip(on(patient, known, day), on(patient, known, day + more), strict=True):
        if before.state not in OPEN:
            continue
        if isinstance(before.item.how, Repeat):
            assert after.state == "overdue" or (after.state == before.state == "due"), before.item.id
            assert after.since == before.since
        assert after.state != "done", before.item.id
        assert after.state != "later", before.item.id


@given(PATIENTS, CHARTS, DAYS)
def test_doing_it_today_makes_it_done(patient: Patient, events: list[Event], day: int) -> None:
    today = at("d0 10:00") + day * DAY
    for one in on(patient, events, day):
        if one.state not in OPEN or isinstance(one.item.how, Ask):
            continue
        if isinstance(one.item.how, Repeat):
            new = [_row(name, today) for name in one.item.how.rows]
        else:
            assert isinstance(one.item.how, Decide)
            word = one.item.how.named.words[0] if one.item.how.named else ""
            times = range(one.item.how.doses or 1)
            new = [_row(name, today - n * DAY, word) for name in one.item.how.rows[:1] for n in times if day > 3]
        if new:
            found = next(two for two in on(patient, [*events, *new], day) if two.item is one.item)
            assert found.state not in OPEN, one.item.id


def _row(name: str, time: int, text: str = "") -> Event:
    signal = signals()[name]
    if signal.kind == "category":
        return Event("P1", time, name, word=signal.categories[0])
    return Event("P1", time, name, 1, 1, text=text, shown="1")
