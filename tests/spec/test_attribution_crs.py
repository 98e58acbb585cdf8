"""A person says that a sign has another cause (semantics 7): fever, hypotension, hypoxia. Never inferred."""

import pytest

from cytovigil.engine.explain import explain_course
from cytovigil.model.events import Course
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, grade, row_at, shown
from spec.febrile import CRS, FEBRILE, over_time

CALM = (
    "d0 08:00 | systolic_bp | 120 | d9 00:00 \n d0 08:00 | spo2 | 97 | d9 00:00 \n d9 00:00 | heart_rate | 90 \n"
    + "\n".join(f"d{day} {hour}:00 | temperature | 37" for day in range(9) for hour in ("08", "20"))
)
FEVER = "d1 10:00 | temperature | 39"


def said(sign: str, end: str = "d1 20:00", start: str = "d1 10:00", extra: str = "") -> str:
    return f"{start} | attribution | {sign} | {end} | {extra}"


def calm(chart: str, *times: str) -> list[str]:
    graded = grade(f"{CALM}\n{chart}", CRS)
    return [shown(row_at(graded, time)) for time in times]


class TestFever:
    @pytest.mark.parametrize(
        ("what", "attribution", "expected"),
        [
            ("another cause: the reading is no fever", said("fever:infection"), "0"),
            ("a cause that confirms", said("fever:crs"), "1"),
            ("of another sign", said("hypoxia:infection"), "1"),
            ("from after the reading", said("fever:infection", start="d1 10:01"), "1"),
            ("until the reading", said("fever:infection", "d1 10:00", "d1 09:00"), "1"),
        ],
    )
    def test_removes_readings(self, what: str, attribution: str, expected: str) -> None:
        assert calm(f"{FEVER}\n{attribution}", "d1 11:00") == [expected], what

    def test_readings_outside_it_count(self) -> None:
        chart = f"{FEVER}\nd1 21:00 | temperature | 38.5\n{said('fever:infection')}"
        assert calm(chart, "d1 11:00", "d1 20:59", "d1 21:00") == ["0", "0", "1"]

    def test_no_fever_stays_no_fever_where_crs_is_confirmed(self) -> None:
        assert calm(said("fever:crs"), "d1 11:00") == ["0"]

    def test_without_end_until_fever_is_known_absent(self) -> None:
        """Fever of d1 10:00 counts until d2 10:00; the next fever is another one."""
        chart = f"{FEVER}\nd1 21:00 | temperature | 39\nd4 09:00 | temperature | 39\n{said('fever:infection', '')}"
        assert calm(chart, "d1 11:00", "d1 22:00", "d4 09:30") == ["0", "0", "1"]

    def test_without_end_at_most_72_h(self) -> None:
        fevers = "\n".join(f"d{day} 10:00 | temperature | 39" for day in range(1, 7))
        assert calm(f"{fevers}\n{said('fever:infection', '')}", "d4 09:59", "d4 10:00") == ["0", "1"]

    def test_an_open_episode_stays_open(self) -> None:
        chart = f"""{CALM}
            {FEVER}
            d1 11:00 | tocilizumab | 640
            d1 23:00 | temperature | 39
            d1 12:00 | systolic_bp | 80 | d3 10:00
            {said("fever:infection", "d3 00:00", "d1 20:00")}"""
        graded = grade(chart, CRS)
        assert [shown(row_at(graded, time)) for time in ("d1 22:00", "d1 23:30", "d2 12:00")] == ["2", "2", "2"]
        assert len(graded.episodes) == 1


@pytest.mark.parametrize(
    ("sign", "charted", "alone"),
    [
        ("hypotension:infection", "d1 09:00 | systolic_bp | 80 | d1 22:00", "2"),
        ("hypotension:drug", "d1 09:00 | mean_bp | 50 \n d1 09:00 | hypotension | present", "2"),
        ("hypotension:infection", "d1 09:30 | fluid_bolus | 500", "2"),
        ("hypotension:sedation", "d1 09:00 | norepinephrine | 4 | d1 22:00", "3"),
        ("hypotension:sedation",
         "d1 09:00 | norepinephrine | 4 | d1 22:00 \n d1 09:00 | vasopressin | 0.03 | d1 22:00", "3"),
        ("hypotension:infection",
         "d1 09:00 | norepinephrine | 4 | d1 22:00 \n d1 09:00 | epinephrine | 4 | d1 22:00", "4"),
        ("hypoxia:sleep_apnoea", "d1 09:00 | oxygen_device | cpap", "4"),
        ("hypoxia:comfort", "d1 09:00 | oxygen_device | nasal_cannula \n d1 09:00 | oxygen_flow | 2", "2"),
        ("hypoxia:infection", "d1 09:00 | oxygen_flow | 8", "3"),
        ("hypoxia:procedure", "d1 09:00 | spo2 | 80 | d1 22:00", "2..4"),
    ],
)  # fmt: skip
def test_what_a_sign_covers(sign: str, charted: str, alone: str) -> None:
    """With fever from d0 on, what is attributed leaves grade 1; what was charted is shown beside it."""
    calm_else = "d0 08:00 | spo2 | 97 | d9 00:00" if sign.startswith("hypotension") else ""
    chart = f"{FEBRILE}\n{calm_else}\n{charted}"
    row = row_at(grade(f"{chart}\n{said(sign)}", CRS), "d1 11:00")
    assert (shown(row), shown(row._replace(low=row.charted_low, high=row.charted_high))) == ("1", alone)
    assert shown(row_at(grade(chart, CRS), "d1 11:00")) == alone


HYPOXIC = "d1 09:00 | oxygen_device | simple_mask"


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("from its time to its end", [said("hypoxia:infection")],
         {"d1 09:59": "3", "d1 10:00": "1", "d1 19:59": "1", "d1 20:00": "3"}),
        ("without end until the sign is known absent",
         [said("hypoxia:infection", ""), "d1 15:00 | oxygen_device | none", "d1 18:00 | oxygen_device | simple_mask"],
         {"d1 14:59": "1", "d1 15:00": "1", "d1 18:00": "3"}),
        ("not known is not absent",
         [said("hypoxia:infection", ""), "d2 05:00 | oxygen_device | simple_mask"], {"d2 02:00": "1", "d2 06:00": "1"}),
        ("written before the sign began",
         [said("hypoxia:infection", "", "d1 08:00"), "d1 07:00 | oxygen_device | none"], {"d1 09:00": "3"}),
    ],
)  # fmt: skip
def test_how_long(what: str, rows: list[str], expected: dict[str, str]) -> None:
    assert over_time("\n".join([HYPOXIC, *rows]), list(expected)) == expected, what


def test_without_end_at_most_72_h() -> None:
    chart = f"{HYPOXIC} | d8 00:00\n{said('hypoxia:infection', '')}"
    expected = {"d4 09:59": "1", "d4 10:00": "3"}
    assert over_time(chart, list(expected)) == expected


def test_without_end_vasopressors_until_hypotension_is_known_absent() -> None:
    """One of two vasopressors less is not yet the end of hypotension."""
    chart = f"""d0 08:00 | spo2 | 97 | d9 00:00
        d1 09:00 | norepinephrine | 4 | d1 20:00
        d1 09:00 | epinephrine    | 4 | d1 12:00
        d2 09:00 | norepinephrine | 4 | d2 20:00
        {said("hypotension:infection", "")}"""
    expected = {"d1 11:00": "1", "d1 13:00": "1", "d2 10:00": "3"}
    assert over_time(chart, list(expected)) == expected


def test_without_end_vasopressors_are_covered_while_the_pressure_is_low() -> None:
    """The vasopressor stops and starts again; the patient has been hypotensive all the time."""
    chart = f"""d0 08:00 | spo2 | 97 | d9 00:00
        d1 09:00 | norepinephrine | 4       | d1 20:00
        d1 10:00 | hypotension    | present | d2 20:00
        d2 06:00 | norepinephrine | 4       | d2 10:00
        d2 21:00 | norepinephrine | 4       | d2 23:00
        {said("hypotension:infection", "")}"""
    expected = {"d1 09:30": "3", "d1 11:00": "1", "d1 21:00": "1", "d2 07:00": "1", "d2 21:00": "3"}
    assert over_time(chart, list(expected)) == expected
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), tuple(events(f"{FEBRILE}\n{chart}")))

    def vasopressors(time: str) -> tuple[str, ...]:
        fields = explain_course(course, None, SCALES[CRS], SETTINGS, at(time)).fields
        return next(field.values for field in fields if field.name == "vasopressors")

    assert {time: vasopressors(time) for time in ("d1 09:30", "d1 11:00", "d2 07:00", "d2 21:00")} == {
        "d1 09:30": ("one",), "d1 11:00": ("none",), "d2 07:00": ("none",), "d2 21:00": ("one",),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("the one known last counts", [said("hypoxia:infection"), said("hypoxia:crs", extra="recorded_at=d1 11:00")],
         "3"),
        ("whatever the order", [said("hypoxia:crs"), said("hypoxia:infection", extra="recorded_at=d1 11:00")], "1"),
        ("said again, last", [said("hypoxia:infection", extra="source_id=a"),
                              said("hypoxia:crs", extra="source_id=b;recorded_at=d1 10:20"),
                              said("hypoxia:infection", extra="source_id=c;recorded_at=d1 10:40")], "1"),
        ("at one time the confirmation", [said("hypoxia:crs", extra="source_id=a"),
                                          said("hypoxia:infection", extra="source_id=b")], "3"),
    ],
)  # fmt: skip
def test_several(what: str, rows: list[str], expected: str) -> None:
    chart = "\n".join(row if "source_id" in row else f"{row};source_id={row}" for row in rows)
    assert over_time(f"{HYPOXIC}\n{chart}", ["d1 12:00"]) == {"d1 12:00": expected}, what


def test_a_confirmation_counts_all_support_also_that_of_the_baseline() -> None:
    chart = f"d-1 09:00 | oxygen_device | simple_mask \n {HYPOXIC}"
    expected = {"d1 09:59": "1..3", "d1 10:00": "3"}
    assert over_time(f"{chart}\n{said('hypoxia:crs')}", list(expected)) == expected


def test_before_it_was_said_nothing_changes() -> None:
    chart = f"{FEBRILE}\n{HYPOXIC}\n{said('hypoxia:infection', extra='recorded_at=d1 15:00')}"
    assert shown(grade(chart, CRS, ADULT, as_of="d1 14:00").timeline[-1]) == "3"
    assert shown(grade(chart, CRS, ADULT, as_of="d1 15:00").timeline[-1]) == "1"


def test_a_positive_culture_is_a_flag_not_an_attribution() -> None:
    row = row_at(grade(f"{FEBRILE}\n{HYPOXIC}\nd1 09:00 | culture | positive", CRS), "d1 11:00")
    assert (shown(row), row.flags) == ("3", ("positive_culture",))
