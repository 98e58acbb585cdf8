"""Rows that say the same, and rows that disagree (semantics 2). Input order never matters."""

from itertools import permutations

import pytest

from cytovigil.engine.record import Record, holds_until
from cytovigil.engine.reference import grade_course
from cytovigil.model.events import Course, Event
from cytovigil.rules import SCALES
from spec.charts import ADULT, SETTINGS, at, events, grade, row_at, shown, well
from spec.febrile import CRS, FEBRILE, LEE, NORMAL, at_once

TIE = ("tie",)


def kept(table: str, signal: str, as_of: str = "") -> list[Event]:
    return Record(ADULT, events(table), SETTINGS, at(as_of) if as_of else None).rows(signal)


def values(table: str, signal: str, as_of: str = "") -> list[str]:
    """What counts, as it was shown on the chart."""
    return [row.shown for row in kept(table, signal, as_of)]


def two(signal: str, first: str, second: str) -> str:
    return f"d1 10:00 | {signal} | {first} | | source_id=a \n d1 10:00 | {signal} | {second} | | source_id=b"


@pytest.mark.parametrize(
    ("signal", "better", "worse"),
    [
        ("temperature", "37", "39"),
        ("spo2", "97", "85"),
        ("systolic_bp", "120", "80"),
        ("mean_bp", "80", "60"),
        ("hypotension", "absent", "present"),
        ("oxygen_device", "none", "nasal_cannula"),
        ("oxygen_device", "cpap", "invasive_ventilation"),
        ("oxygen_flow", "2", "8"),
        ("fio2", "30", "60"),
        ("creatinine", "80", "400"),
        ("dialysis", "intermittent", "continuous"),
        ("dialysis", "continuous", "?"),  # a word that nobody can read may be anything
        ("oxygen_device", "invasive_ventilation", "?"),
        ("hypotension", "absent", "?"),
        ("hypotension", "present", "?"),
        ("neutrophils", "2", "0.1"),
        ("ice", "10", "3"),
    ],
)
def test_the_worse_of_two_counts(signal: str, better: str, worse: str) -> None:
    for rows in ((better, worse), (worse, better)):
        (row,) = kept(two(signal, *rows), signal)
        assert (row.shown, row.flags) == (worse, {"tie"})


def test_a_tie_is_flagged_on_the_grade() -> None:
    assert at_once(two("oxygen_device", "none", "simple_mask")) == ("3", TIE)
    assert at_once(two("spo2", "97", "97")) == ("1", ())


@pytest.mark.parametrize(
    ("signal", "first", "second", "expected"),
    [
        ("temperature", "38.2", "<39", (3820, 3899)),
        ("spo2", "95", "<97", (300, 950)),
        ("weight", "70", "80", (7000, 8000)),  # neither end is worse: anything between
    ],
)
def test_bounds(signal: str, first: str, second: str, expected: tuple[int, int]) -> None:
    (row,) = kept(two(signal, first, second), signal)
    assert (row.low, row.high) == expected


@pytest.mark.parametrize(
    ("signal", "first", "second"),
    [
        ("attribution", "fever:infection", "fever:crs"),
        ("raised_icp", "posturing", "papilloedema"),
        ("seizure", "resolved", "repetitive"),
        ("norepinephrine", "4", "8"),
        ("paracetamol", "500", "1000"),
    ],
)
def test_attributions_other_categories_and_drugs_keep_all(signal: str, first: str, second: str) -> None:
    rows = kept(two(signal, first, second), signal)
    assert ({row.shown for row in rows}, {row.flags for row in rows}) == ({first, second}, {frozenset()})


@pytest.mark.parametrize(
    ("what", "first", "second", "limit"),
    [("the limit of the laboratory is not lost", "", "ref_high=110", 110),
     ("the lower of two limits, whatever the source", "ref_high=110", "ref_high=90", 90)],
)  # fmt: skip
def test_the_same_value_with_another_limit(what: str, first: str, second: str, limit: int) -> None:
    value = "d1 10:00 | creatinine | 200 | |"
    rows = events(f"{value} source_id=a;{first}\n{value} source_id=b;{second}")
    expected = events(f"d1 10:00 | creatinine | 200 | | ref_high={limit}")[0].ref_high
    for order in (rows, rows[::-1]):
        (row,) = Record(ADULT, order, SETTINGS).rows("creatinine")
        assert row.ref_high == expected, what


@pytest.mark.parametrize(
    ("what", "table", "ends"),
    [
        ("once", "d1 10:00 | oxygen_device | cpap | | source_id=a \n d1 10:00 | oxygen_device | cpap | | source_id=b",
         [None]),
        ("the later end", "d1 10:00 | oxygen_device | cpap | d1 12:00 | source_id=a"
         "\n d1 10:00 | oxygen_device | cpap | d1 14:00 | source_id=b", ["d1 14:00"]),
        ("an end rather than none", "d1 10:00 | oxygen_device | cpap | d1 12:00 | source_id=a"
         "\n d1 10:00 | oxygen_device | cpap | | source_id=b", ["d1 12:00"]),
        ("a drug", "d1 10:00 | norepinephrine | 4 | d1 12:00 | source_id=a"
         "\n d1 10:00 | norepinephrine | 4 | d1 14:00 | source_id=b", ["d1 14:00"]),
    ],
)  # fmt: skip
def test_the_same_value_at_the_same_time(what: str, table: str, ends: list[str | None]) -> None:
    signal = table.split("|")[1].strip()
    assert [row.end for row in kept(table, signal)] == [end and at(end) for end in ends], what


class TestSourceId:
    WRONG = "d1 10:00 | temperature | 40 | | source_id=x"
    RIGHT = "d1 10:00 | temperature | 37 | | source_id=x;recorded_at=d1 12:00"

    def test_the_later_recorded_replaces(self) -> None:
        assert values(f"{self.WRONG}\n{self.RIGHT}", "temperature") == ["37"]

    def test_also_where_the_time_is_corrected(self) -> None:
        assert values(f"{self.WRONG}\n{self.RIGHT.replace('d1 10:00', 'd1 11:00')}", "temperature") == ["37"]

    def test_until_it_was_recorded_the_first_counts(self) -> None:
        chart = f"{self.WRONG}\n{self.RIGHT}"
        assert values(chart, "temperature", "d1 11:59") == ["40"]
        assert values(chart, "temperature", "d1 12:00") == ["37"]

    def test_recorded_at_one_time_neither_replaces_the_other(self) -> None:
        assert values(f"{self.WRONG}\n{self.WRONG.replace('40', '37')}", "temperature") == ["40"]

    def test_of_several_corrections_the_last_recorded_counts_whatever_the_order(self) -> None:
        rows = (self.WRONG, self.RIGHT, self.RIGHT.replace("37", "38").replace("12:00", "11:00"))
        assert {str(values("\n".join(order), "temperature")) for order in permutations(rows)} == {"['37']"}

    @pytest.mark.parametrize("second", ["source_id=", "source_id=;recorded_at=d1 12:00"])
    def test_rows_without_one_replace_none(self, second: str) -> None:
        chart = f"d1 10:00 | temperature | 40 | | source_id= \n d1 11:00 | temperature | 37 | | {second}"
        assert values(chart, "temperature") == ["40", "37"]

    def test_a_row_that_does_not_say_when_it_was_recorded_replaces_none(self) -> None:
        chart = f"{self.WRONG}\nd1 11:00 | temperature | 37 | | source_id=x"
        assert values(chart, "temperature") == ["40", "37"]

    def test_of_another_signal_is_another_row(self) -> None:
        chart = f"{self.WRONG}\nd1 10:00 | spo2 | 97 | | source_id=x;recorded_at=d1 12:00"
        assert values(chart, "temperature") == ["40"]

    def test_an_infusion_corrected(self) -> None:
        chart = "d1 10:00 | norepinephrine | 4 | d2 10:00 | source_id=x"
        later = f"{chart}\nd1 10:00 | norepinephrine | 4 | d1 11:00 | source_id=x;recorded_at=d1 11:30"
        assert at_once(f"d1 09:00 | spo2 | 97\n{later}")[0] == "1"


@pytest.mark.parametrize(
    ("what", "first", "second", "count"),
    [
        ("within 5 minutes", "d1 10:00 | dexamethasone | 10", "d1 10:05 | dexamethasone | 10", 1),
        ("later", "d1 10:00 | dexamethasone | 10", "d1 10:06 | dexamethasone | 10", 2),
        ("another dose", "d1 10:00 | dexamethasone | 10", "d1 10:05 | dexamethasone | 9", 2),
        ("another route", "d1 10:00 | dexamethasone | 10", "d1 10:05 | dexamethasone | 10 | | route=intrathecal", 2),
        ("an infusion", "d1 10:00 | norepinephrine | 4", "d1 10:05 | norepinephrine | 4", 2),
        ("a dose, then a stop", "d1 10:00 | terlipressin | ?", "d1 10:05 | terlipressin | stopped", 2),
    ],
)
def test_the_same_dose(what: str, first: str, second: str, count: int) -> None:
    record = Record(ADULT, events(f"{first}\n{second}"), SETTINGS)
    assert len(record.rows(first.split("|")[1].strip())) == count, what
    assert len(record.notes) == 2 - count


def test_a_third_dose_counts_from_the_first() -> None:
    chart = "\n".join(f"d1 10:0{minute} | dexamethasone | 10" for minute in (0, 4, 8))
    assert [row.time for row in kept(chart, "dexamethasone")] == [at("d1 10:00"), at("d1 10:08")]


@pytest.mark.parametrize(("first", "second"), [("10:30", "11:00"), ("11:00", "10:30"), ("11:00", "")])
def test_of_the_same_dose_the_later_end(first: str, second: str) -> None:
    chart = f"""d1 10:00 | fluid_bolus | 500 | d1 {first}
        d1 10:03 | fluid_bolus | 500 | {second and f"d1 {second}"}"""
    assert [row.end for row in kept(chart, "fluid_bolus")] == [at("d1 11:00")]


def test_a_dose_charted_twice_is_noted_in_the_result() -> None:
    chart = "d1 10:03 | paracetamol | 500\nd1 10:00 | paracetamol | 500"
    (note,) = grade(chart, CRS).notes
    assert (note.patient_id, note.field, note.value, note.code, note.used) == (
        "P1", "paracetamol", "500", "charted_twice", "yes",
    )  # fmt: skip
    assert note.problem == (
        "the same dose at 2026-03-03T10:00:00+01:00 and 2026-03-03T10:03:00+01:00 "
        "(paracetamol@d1 10:00 and paracetamol@d1 10:03): counted once"
    )


@pytest.mark.parametrize(
    "chart",
    [
        two("temperature", "38.0", "38.0"),
        "d1 10:00 | oxygen_device | cpap | d1 12:00 | source_id=a \n d1 10:00 | oxygen_device | bipap"
        "\n d1 10:00 | oxygen_device | none | d2 10:00 | source_id=c \n d1 09:00 | oxygen_flow | 3",
        "d1 10:00 | paracetamol | 500 \n d1 10:04 | paracetamol | 500 \n d1 10:03 | anakinra | 100 | | source_id=a"
        "\n d1 10:00 | anakinra | 100 | | source_id=b",
        "d1 10:00 | creatinine | 200 | | source_id=a;ref_high=90"
        "\n d1 10:00 | creatinine | 200 | | source_id=b;ref_high=110 \n d-1 10:00 | creatinine | 80",
        "d1 10:00 | attribution | fever:infection | d1 20:00 | source_id=a;recorded_by=one"
        "\n d1 10:00 | attribution | fever:crs | d1 20:00 | source_id=b;recorded_by=two"
        "\n d1 10:00 | attribution | fever:infection | d1 20:00 | source_id=c;recorded_at=d1 12:00",
    ],
)
def test_order_never_matters(chart: str) -> None:
    rows = events(chart)
    patient = ADULT._replace(infusion_time=at("d0 08:00"))
    scales = [SCALES[CRS], SCALES[LEE]]
    rest = events(FEBRILE)
    results = {str(grade_course(Course((patient,), (*order, *rest)), scales, SETTINGS)) for order in permutations(rows)}
    assert len(results) == 1


def test_rows_that_differ_in_print_only_are_one_row_whatever_the_order() -> None:
    (row,) = events("d1 10:00 | temperature | 38 | | source_id=a")
    same = row._replace(shown="100.4 [degF]")
    orders = [Record(ADULT, order, SETTINGS).rows("temperature") for order in ((row, same), (same, row))]
    assert orders[0] == orders[1] and len(orders[0]) == 1


@pytest.mark.parametrize(
    ("what", "rows", "expected"),
    [
        ("an older row with an end, behind one that ended",
         "d1 10:00 | systolic_bp | 80 | d2 00:00 \n d1 11:00 | systolic_bp | 120 | d1 12:00", "2"),
        ("behind one without end", "d1 10:00 | systolic_bp | 80 | d2 00:00 \n d1 11:00 | systolic_bp | 120", "1"),
        ("one without end is replaced by a newer one, also after its end",
         "d1 10:00 | systolic_bp | 120 \n d1 11:00 | systolic_bp | 80 | d1 12:00", "1..2"),
    ],
)  # fmt: skip
def test_a_row_with_an_end_holds_until_it(what: str, rows: str, expected: str) -> None:
    chart = f"d1 09:00 | temperature | 39 \n d1 09:00 | spo2 | 97 \n {rows}"
    assert shown(row_at(grade(chart, CRS), "d1 13:00")) == expected, what


def test_a_row_with_an_end_holds_from_its_first_moment_beside_one_that_has_ended() -> None:
    """Of unordered categories all rows of one time are kept."""
    chart = "d1 10:00 | raised_icp | papilloedema | d1 12:00 \n d1 10:00 | raised_icp | posturing | d1 10:00"
    holding = Record(ADULT, events(chart), SETTINGS).valid("raised_icp", at("d1 10:00"))
    assert holding is not None and holding.shown == "papilloedema"


def test_as_of_later_rows_do_not_count() -> None:
    """Stated on `recorded_at`, by default the time of the row; an end that lies ahead is one not yet known to come."""
    chart = f"{NORMAL}\n{FEBRILE}\nd1 10:00 | oxygen_device | simple_mask | d3 00:00 | recorded_at=d1 14:00"
    assert shown(grade(chart, CRS, as_of="d1 13:59").timeline[-1]) == "1..4"
    assert shown(grade(chart, CRS, as_of="d1 14:00").timeline[-1]) == "3"


def test_a_row_without_end_of_a_signal_without_validity_holds() -> None:
    (row,) = kept("d1 10:00 | care_setting | icu", "care_setting")
    assert holds_until(row) > at("d999 00:00")


def test_a_row_with_a_date_only_is_flagged_where_it_is_used() -> None:
    """The reader has put it at 12:00."""
    chart = "d1 12:00 | oxygen_device | simple_mask | d1 14:00 | flags=time_assumed \n d1 09:00 | spo2 | 97"
    flagged = {time: at_once(chart, time) for time in ("d1 11:59", "d1 12:00", "d1 14:00")}
    assert flagged == {"d1 11:59": ("1", ()), "d1 12:00": ("3", ("time_assumed",)), "d1 14:00": ("1", ())}


def test_a_tie_keeps_the_assumed_time() -> None:
    (row,) = kept(
        "d1 12:00 | spo2 | 97 | | source_id=a;flags=time_assumed \n d1 12:00 | spo2 | 85 | | source_id=b", "spo2"
    )
    assert (row.shown, row.flags) == ("85", {"tie", "time_assumed"})


@pytest.mark.parametrize(
    ("correction", "as_of", "expected"),
    [
        ("recorded_at=d1 12:00", "", "0"),
        ("recorded_at=d1 12:00", "d1 11:30", "1"),
        ("", "", "0"),
    ],
)
def test_a_row_entered_in_error_does_not_count_once_that_is_known(correction: str, as_of: str, expected: str) -> None:
    rows = events(
        f"{well()}\nd1 10:00 | temperature | 39 | | source_id=x\nd1 10:00 | temperature | 39 | | source_id=x;{correction}"
    )
    rows[-1] = rows[-1]._replace(withdrawn=True)
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), tuple(rows))
    (graded,) = grade_course(course, [SCALES["crs-astct-2019"]], SETTINGS, at(as_of) if as_of else None)
    assert shown(row_at(graded, "d1 11:00")) == expected


def test_a_row_charted_after_the_withdrawal_of_its_source_id_counts() -> None:
    rows = events(f"{well()}\nd1 09:30 | temperature | 37 | | source_id=x\nd1 10:00 | temperature | 39 | | source_id=x")
    rows[-2] = rows[-2]._replace(withdrawn=True)
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), tuple(rows))
    (graded,) = grade_course(course, [SCALES["crs-astct-2019"]], SETTINGS)
    assert shown(row_at(graded, "d1 11:00")) == "1"


def test_a_row_entered_in_error_that_names_no_source_takes_no_other_row_with_it() -> None:
    rows = [row._replace(source_id="") for row in events(f"{well()}\nd1 10:00 | temperature | 39")]
    error = rows[-1]._replace(withdrawn=True, time=at("d1 10:30"))
    course = Course((ADULT._replace(infusion_time=at("d0 08:00")),), (*rows, error))
    (graded,) = grade_course(course, [SCALES["crs-astct-2019"]], SETTINGS)
    assert shown(row_at(graded, "d1 11:00")) == "1"


def test_of_two_withdrawals_the_later_counts_whatever_the_order() -> None:
    fever = "d1 10:00 | temperature | 39 | | source_id=x;recorded_at=d1 {}"
    rows = events("\n".join(fever.format(time) for time in ("11:00", "11:30", "12:00")))
    first, known, last = rows[0]._replace(withdrawn=True), rows[1], rows[2]._replace(withdrawn=True)
    for order in permutations((first, known, last)):
        assert Record(ADULT, order, SETTINGS).rows("temperature") == []
        assert Record(ADULT, order, SETTINGS, at("d1 11:59")).rows("temperature") == [known]
