"""Tables of the contract: what goes in well, and what becomes a problem."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tables_kit import EVENTS, HEADER, PATIENTS, Reader, read_paths

from cytovigil.model.settings import Settings
from cytovigil.readers.errors import InputError
from cytovigil.readers.mapping import read_mapping
from cytovigil.readers.problem_log import KEPT
from cytovigil.readers.tables import open_courses


def row(text: str) -> str:
    return HEADER + text + "\n"


def test_the_example_of_the_contract(read: Reader) -> None:
    found = read()
    assert found.problems == []
    assert [c.infusions[0].patient_id for c in found.courses] == ["P1", "P2"]
    assert len(found.events) == 8
    patient = found.courses[0].infusions[0]
    assert (patient.product, patient.age_years, patient.sex, patient.weight_kg) == ("axi-cel", 65, "female", 80.0)
    assert [(i["file"], i["rows"]) for i in found.inputs] == [("events.csv", 8), ("patients.csv", 2)]
    fever, pressor, device = found.events[:3]
    assert (fever.low, fever.high, fever.shown, fever.source_id) == (3860, 3860, "38.6 Cel", "obs/1")
    assert (pressor.low, pressor.rate, pressor.end) == (4000, True, 1772499600)
    assert device.word == "nasal_cannula"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_case_and_order(read: Reader, delimiter: str) -> None:
    header = ["UNIT", "Value", "Signal", "Time", "Patient ID", "source-id"]
    cells = ["Cel", '"38,6"', "Temperatuur", "02-03-2026 08:00", "P1", "x"]
    text = "\ufeff" + delimiter.join(header) + "\r\n" + delimiter.join(cells) + "\r\n"
    (event,) = read(text).events
    assert (event.time, event.signal, event.low, event.source_id) == (1772434800, "temperature", 3860, "x")


def test_order_of_files_and_rows_does_not_matter(read: Reader) -> None:
    header, *rows = EVENTS.splitlines(keepends=True)
    forward = {(c.infusions, frozenset(c.events)) for c in read().courses}
    backward = read(header + "".join(reversed(rows)), names=("z.csv", "a.csv"))
    assert {(c.infusions, frozenset(c.events)) for c in backward.courses} == forward


def test_patients_come_bytewise(read: Reader) -> None:
    names = ["p10", "P2", "é", "P10", "z", "😀", "ﬀ"]
    text = "patient_id,infusion_time\n" + "".join(f"{n},2026-03-01T10:00+01:00\n" for n in names)
    found = [c.infusions[0].patient_id for c in read(patients=text).courses]
    assert found == sorted(names, key=str.encode)


def test_a_folder_is_searched(tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text(PATIENTS)
    (tmp_path / "events.csv").write_text(EVENTS)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "notes.md").write_text("no table")
    found = read_paths([tmp_path])
    assert len(found.events) == 8
    assert [(p.file, p.code) for p in found.problems] == [("other.csv", "not_a_table")]


ROWS = [
    ("P1,2026-03-02,fluid,5,,,", "unknown_signal", "signal", "no"),
    ("P1,2026-03-02,,5,,,", "no_signal", "signal", "no"),
    ("P1,2026-03-02,crp,5,furlong,,", "unknown_unit", "unit", "no"),
    ("P1,2026-03-02,crp,5,,,", "unit_missing", "unit", "no"),
    ("P1,2026-03-02,crp,5,mm[Hg],,", "wrong_dimension", "unit", "no"),
    ("P1,2026-03-02,hemoglobin,8.5,g/L,,", "unit_contradicts_value", "unit", "no"),
    ("P1,2026-03-02,crp,NaN,mg/L,,", "no_value", "value", "no"),
    ("P1,2026-03-02,crp,five,mg/L,,", "not_a_number", "value", "no"),
    ("P1,2026-03-02,temperature,386,,,", "implausible", "value", "no"),
    ('P1,2026-03-02,platelets,"1,200",10*9/L,,', "ambiguous_number", "value", "as_unknown"),
    ("P1,2026-03-02,neutrophils,clotted,10*9/L,,", "not_a_number", "value", "as_unknown"),
    ("P1,2026-03-02,neutrophils,0.4,furlong,,", "unknown_unit", "unit", "as_unknown"),
    ("P1,2026-03-02,neutrophils,NaN,10*9/L,,", "no_value", "value", "no"),
    ("P1,2026-02-30,crp,5,mg/L,,", "bad_time", "time", "no"),
    ("P1,1776-07-04,crp,5,mg/L,,", "bad_time", "time", "no"),
    ("P1,,crp,5,mg/L,,", "bad_time", "time", "no"),
    ("P1,2026-03-02,oxygen_device,balloon,,,", "unknown_word", "value", "as_unknown"),
    ("P1,2026-03-02,oxygen_device,,,,", "no_value", "value", "no"),
    ("P1,2026-03-02,attribution,fever:magic,,,", "unknown_attribution", "value", "no"),
    ("P1,2026-03-02,attribution,fever,,,", "unknown_attribution", "value", "no"),
    ("P1,2026-03-02,=HYPERLINK(1),5,mg/L,,", "formula_cell", "signal", "no"),
    ("P1,2026-03-02,crp,=1+1,mg/L,,", "formula_cell", "value", "no"),
    ("P1,2026-03-02,crp,@SUM(1),mg/L,,", "formula_cell", "value", "no"),
    ("P1,2026-03-02,tocilizumab,0,mg,,", "zero_dose", "value", "no"),
    ("P1,2026-03-02,crp,5,mg/L", "wrong_field_count", "", "no"),
    ("P1,P1,2026-03-02,crp,5,mg/L,,", "wrong_field_count", "", "no"),
    (",2026-03-02,crp,5,mg/L,,", "no_patient_id", "patient_id", "no"),
    ("=P1,2026-03-02,crp,5,mg/L,,", "formula_cell", "patient_id", "no"),
    ("P9,2026-03-02,crp,5,mg/L,,", "unknown_patient", "patient_id", "no"),
    ('P1,2026-03-02,crp,"5,mg/L,,', "broken_quotes", "", "no"),
    ("P1,2026-03-02,crp,5\0,mg/L,,", "nul_byte", "", "no"),
    ("P1," + "9" * 200_000 + ",crp,5,mg/L,,", "broken_quotes", "", "no"),
    ("P1," + "9" * 2_000_000 + ",crp,5,mg/L,,", "line_too_long", "", "no"),
]


@pytest.mark.parametrize(("text", "code", "field", "used"), ROWS, ids=[f"{i}-{r[1]}" for i, r in enumerate(ROWS)])
def test_rows_that_cannot_be_used(read: Reader, text: str, code: str, field: str, used: str) -> None:
    found = read(row(text + "\nP2,2026-03-02T08:00+01:00,temperature,38.6,Cel,,"))
    assert found.codes() == [(code, "2", field, used)]
    assert [e.patient_id for e in found.events] == (["P1", "P2"] if used == "as_unknown" else ["P2"])
    assert all("\n" not in p.problem + p.value and len(p.value) <= 80 for p in found.problems)


AS_UNKNOWN = [
    ("norepinephrine,4,mg,,", "wrong_dimension", "unit"),
    ("norepinephrine,4,,,", "unit_missing", "unit"),
    ("norepinephrine,much,ug/min,,", "not_a_number", "value"),
    ("norepinephrine,-4,ug/min,,", "implausible", "value"),
    ("norepinephrine,,furlong,,", "unknown_unit", "unit"),
    ("norepinephrine,=4*2,ug/min,,", "formula_cell", "value"),
]


@pytest.mark.parametrize(("text", "code", "field"), AS_UNKNOWN)
def test_a_drug_is_never_lost(read: Reader, text: str, code: str, field: str) -> None:
    found = read(row("P1,2026-03-02T08:00+01:00," + text))
    assert found.codes() == [(code, "2", field, "as_unknown")]
    (event,) = found.events
    assert (event.low, event.high, event.rate, event.word) == (None, None, True, "")


def test_an_end_that_is_a_formula_or_a_dash_leaves_the_row(read: Reader) -> None:
    found = read(row("P1,2026-03-02T08:00+01:00,norepinephrine,4,ug/min,=NOW(),\nP1,2026-03-02T09:00+01:00,ice,7,,-,"))
    assert found.codes() == [("formula_cell", "2", "end", "as_unknown"), ("bad_time", "3", "end", "as_unknown")]
    assert [(e.signal, e.low, e.end) for e in found.events] == [("norepinephrine", 4000, None), ("ice", 7, None)]


def test_problems_hold_no_formula_and_no_line_of_text(read: Reader) -> None:
    patients = (
        "patient_id,infusion_time,display_name,=HYPERLINK(1)\nP1,2026-03-01,J. Jansen,\nP2,2026-03-01,J. Jansen\n"
    )
    found = read(row("P1,2026-03-02T08:00+01:00,crp,=1+1,mg/L,,"), patients=patients)
    assert [(p.field, p.value) for p in found.problems] == [
        ("value", "'=1+1"),
        ("'=HYPERLINK(1)", ""),
        ("", ""),
    ]


def test_drugs_without_value(read: Reader) -> None:
    found = read(
        HEADER
        + "".join(
            f"P1,2026-03-02T08:00+01:00,{text}\n"
            for text in (
                "norepinephrine,,,,",
                "tocilizumab,,,,",
                "norepinephrine,stop,,,",
                "norepinephrine,5,mL/h,,",
                "norepinephrine,0,mL/h,,",
                "tocilizumab,8,mg/kg,,",
            )
        )
    )
    assert found.problems == []
    assert [(e.low, e.rate, e.word) for e in found.events] == [
        (None, True, ""),
        (None, False, ""),
        (0, True, "stopped"),
        (None, True, ""),
        (0, True, "stopped"),
        (640_000, False, ""),
    ]


def test_a_dose_per_kg_without_weight(read: Reader) -> None:
    found = read(row("P1,2026-03-02,tocilizumab,8,mg/kg,,"), "patient_id,infusion_time\nP1,2026-03-01T10:00\n")
    assert found.codes() == [("weight_missing", "2", "unit", "as_unknown")]
    assert found.events[0].low is None


def test_ends(read: Reader) -> None:
    start = "P1,2026-03-02T08:00+01:00,"
    found = read(
        HEADER
        + "".join(
            start + text + "\n"
            for text in (
                "norepinephrine,4,ug/min,2026-03-02T07:00+01:00,",
                "norepinephrine,4,ug/min,soon,",
                "tocilizumab,640,mg,2026-03-02T08:00+01:00,",
                "sedation,sedated,,2026-03-02T08:00+01:00,",
            )
        )
    )
    assert [e.end for e in found.events] == [None] * 4
    assert found.codes() == [
        ("end_before_time", "2", "end", "as_unknown"),
        ("bad_time", "3", "end", "as_unknown"),
        ("end_before_time", "5", "end", "as_unknown"),
    ]


def test_clock_changes_and_dates(read: Reader) -> None:
    found = read(
        HEADER + "P1,2026-03-29T02:30,crp,5,mg/L,,\nP1,2026-10-25T02:30,crp,5,mg/L,,\nP1,2026-03-02,crp,5,mg/L,,\n"
    )
    assert found.codes() == [("missing_hour", "2", "time", "yes"), ("doubled_hour", "3", "time", "yes")]
    assert [sorted(e.flags) for e in found.events] == [[], [], ["time_assumed"]]


OPTIONAL = "patient_id,time,signal,value,unit,recorded_at,recorded_by,status,route,text,ref_low,ref_high\n"


def test_optional_columns(read: Reader) -> None:
    lines = [
        "ast,44,E/l,2026-03-02T09:00+01:00,lab,final,,note,<10,35",
        "ast,44,U/L,never,,,,,50,35",
        "ast,44,U/L,,,Toegediend,,,x,",
        "dexamethasone,10,mg,,,done,p.o.,,,",
        "dexamethasone,10,mg,,,done,telepathic,,,",
        "dexamethasone,10,mg,,,perhaps,,,,",
        "ast,44,U/L,,,perhaps,,,,",
        "ast,44,U/L,,,planned,,,,",
        "ast,44,U/L,,,not done,,,,",
    ]
    found = read(OPTIONAL + "".join(f"P1,2026-03-02T08:00+01:00,{line}\n" for line in lines))
    first = found.events[0]
    assert (first.recorded_at, first.recorded_by, first.text, first.ref_low, first.ref_high) == (
        1772438400,
        "lab",
        "note",
        100,
        350,
    )
    assert len(found.events) == 6
    assert [e.route for e in found.events[3:]] == ["systemic"] * 3
    assert found.codes() == [
        ("not_done", "", "status", "no"),
        ("bad_time", "3", "recorded_at", "yes"),
        ("bad_reference", "3", "ref_low", "as_unknown"),
        ("bad_reference", "4", "ref_low", "as_unknown"),
        ("unknown_route", "6", "route", "yes"),
        ("unknown_status", "7", "status", "yes"),
        ("unknown_status", "8", "status", "no"),
    ]


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("alt,44,U/L,,0", ["ref_high"]),
        ("alt,44,U/L,10,0", ["ref_high"]),
        ("alt,44,U/L,-5,35", ["ref_low"]),
        ("alt,44,U/L,0,35", []),  # laboratories print it so
        ("neutrophils,0.4,10*9/L,0,7.5", ["ref_low"]),
        ("neutrophils,0.4,10*9/L,-1,-2", ["ref_low", "ref_high"]),
        ("neutrophils,0.4,10*9/L,7.5,1.5", ["ref_low"]),
        ("neutrophils,0.4,10*9/L,1.5,1.5", []),
        ("neutrophils,0.4,10*9/L,0.0004,7.5", []),
        ("hemoglobin,8,g/dL,0,16", ["ref_low"]),
    ],
)
def test_a_limit_that_cannot_be_one_is_a_problem(read: Reader, line: str, fields: list[str]) -> None:
    header = "patient_id,time,signal,value,unit,ref_low,ref_high\n"
    found = read(header + f"P1,2026-03-02T08:00+01:00,{line}\n")
    assert sorted(found.codes()) == sorted(("bad_reference", "2", field, "as_unknown") for field in fields)
    (event,) = found.events
    given = [event.limits[("ref_low", "ref_high").index(field)] for field in fields]
    assert given == [None] * len(fields)


def test_a_limit_that_cannot_be_one_is_not_used(read: Reader) -> None:
    """Without it the grade is a range, never 0."""
    header = "patient_id,time,signal,value,unit,ref_low,ref_high\n"
    found = read(header + "P1,2026-03-02T08:00+01:00,platelets,90,10*9/L,0,400\n")
    assert found.events[0].ref_low is None and found.events[0].ref_high == 4000


def test_codes(read: Reader) -> None:
    header = "patient_id,time,system,code,value,unit\n"
    lines = [
        "loinc,8310-5,38.6,Cel",
        "SNOMED CT,336623009,,",
        "atc,l04ac07,640,mg",
        "LOINC,107117-4,Neusbril,",
        "LOINC,0-0,1,",
    ]
    found = read(header + "".join(f"P1,2026-03-02T08:00+01:00,{line}\n" for line in lines))
    assert [(e.signal, e.low, e.word) for e in found.events] == [
        ("temperature", 3860, ""),
        ("oxygen_device", None, "nasal_cannula"),
        ("tocilizumab", 640_000, ""),
        ("oxygen_device", None, "nasal_cannula"),
    ]
    assert found.codes() == [("unknown_signal", "6", "signal", "no")]
    assert found.unmapped == {("name", "LOINC 0-0"): 1}


@pytest.mark.parametrize(
    ("signal", "word", "expected"),
    [
        ("oxygen_device", "Room Air", "none"),
        ("oxygen_device", "High-flow nasal cannula", "high_flow_nasal_cannula"),
        ("oxygen_device", "NRM", "non_rebreather"),
        ("oxygen_device", "beademing", "invasive_ventilation"),
        ("hypotension", "ja", "present"),
        ("splenomegaly", "Nee", "absent"),
        ("immunosuppression", "ja", "yes"),
        ("avpu", "a", "A"),
        ("recorded_crs_grade", "graad 2", "2"),
        ("dialysis", "geen", "none"),
        ("death", "recidief", None),
        ("attribution", "Oxygen_device : Airway protection", "hypoxia:airway_protection"),
        ("infection", "?", "unknown"),
    ],
)
def test_words(read: Reader, signal: str, word: str, expected: str | None) -> None:
    (event,) = read(row(f"P1,2026-03-02,{signal},{word},,,")).events
    assert event.word == (expected or "unknown")


def test_a_stray_quote_costs_one_row(read: Reader) -> None:
    good = "P1,2026-03-02T08:00+01:00,temperature,38.6,Cel,,\n"
    found = read(HEADER + good + 'P1,2026-03-02,crp,"5,mg/L,,\n' + good + good + 'P1,2026-03-02,crp,5",mg/L,,\n' + good)
    assert len(found.events) == 4
    assert [(p.code, p.row) for p in found.problems] == [("broken_quotes", "3"), ("broken_quotes", "6")]


def test_quoted_line_breaks_are_read(read: Reader) -> None:
    found = read(OPTIONAL + 'P1,2026-03-02,crp,5,mg/L,,,,,"two\nlines ""quoted""",,\nP1,2026-03-02,crp,x,mg/L,,,,,,,\n')
    assert found.events[0].text == 'two\nlines "quoted"'
    assert found.codes() == [("not_a_number", "4", "value", "no")]


def test_encodings(read: Reader) -> None:
    text = row("P1,2026-03-02,temperature,38.6,°C,,café")
    assert read(text.encode("cp1252")).codes() == [("wrong_encoding", "2", "", "yes")]
    assert read(text.encode("utf-16")).events[0].source_id == "café"


def test_columns_named_once(read: Reader) -> None:
    found = read("patient_id,time,signal,value,unit,value,mood\nP1,2026-03-02,crp,5,mg/L,6,blue\n")
    assert found.codes() == [("extra_column", "1", "mood", "no"), ("duplicate_column", "1", "value", "no")]
    assert found.events[0].low == 50
    board = "patient_id,infusion_time,ward,bed,display_name\nP1,2026-03-01,3A,2,Someone\n"
    assert read(patients=board).codes() == [("unknown_patient", "7", "patient_id", "no")]


def test_a_cut_off_file(read: Reader) -> None:
    found = read(EVENTS.rstrip()[:-30])
    (problem,) = found.problems
    assert (problem.code, problem.row) == ("wrong_field_count", "9")
    assert "cut off" in problem.problem


def test_strangers_are_counted_once(read: Reader) -> None:
    line = "P0,2026-03-02,crp,5,mg/L,,\n"
    found = read(HEADER + line * 7 + line.replace("P0", "P3") * 2)
    assert [(p.patient_id, p.row, p.problem.split()[0]) for p in found.problems] == [("P0", "2", "7"), ("P3", "9", "2")]


def test_problems_are_bounded(read: Reader) -> None:
    found = read(HEADER + "P1,2026-03-02,fluid,5,,,\n" * (2 * KEPT + 50))
    assert [p.row for p in found.problems[:KEPT]] == [str(n + 2) for n in range(KEPT)]
    assert found.problems[KEPT].problem == f"{KEPT + 50} more of this kind are not listed"


def test_wide_chart(read: Reader) -> None:
    text = "patient_id,time,Temp (F),spo2,norepinephrine [ug/min],O2 device,mood\n"
    text += "P1,2026-03-02T08:00+01:00,100.4,,4,neusbril,x\n"
    text += "P1,2026-03-02T09:00+01:00,hot,101,,,\n"
    found = read(text)
    assert [(e.signal, e.low, e.word) for e in found.events] == [
        ("temperature", 3800, ""),
        ("norepinephrine", 4000, ""),
        ("oxygen_device", None, "nasal_cannula"),
    ]
    assert found.codes() == [
        ("extra_column", "1", "mood", "no"),
        ("not_a_number", "3", "Temp", "no"),
        ("implausible", "3", "spo2", "no"),
    ]


def test_parquet(tmp_path: Path) -> None:
    zone = pa.timestamp("us", "UTC")
    events = {
        "patient_id": ["P1", "P1", "P1", "P1"],
        "time": pa.array([1772434800_000_000] * 3 + [None], zone),
        "signal": pa.array(["temperature", "oxygen_device", "rass", "crp"]).dictionary_encode(),
        "value": pa.array([38.6, None, -2.0, float("nan")], pa.float32()),
        "value_text": [None, "nasal_cannula", None, None],
        "unit": ["Cel", None, "", "mg/L"],
    }
    patients = {"patient_id": ["P1"], "infusion_time": pa.array([1772355600], pa.timestamp("s")), "weight_kg": [80.0]}
    pq.write_table(pa.table(events), tmp_path / "events.parquet")
    pq.write_table(pa.table(patients), tmp_path / "patients.parquet")
    found = read_paths([tmp_path])
    assert [(e.time, e.signal, e.low, e.word) for e in found.events] == [
        (1772434800, "temperature", 3860, ""),
        (1772434800, "oxygen_device", None, "nasal_cannula"),
        (1772434800, "rass", -2, ""),
    ]
    assert found.codes() == [("bad_time", "3", "time", "no")]
    assert found.courses[0].infusions[0].infusion_time == 1772355600 - 3600


def test_parquet_times_are_no_numbers(tmp_path: Path) -> None:
    pq.write_table(pa.table({"patient_id": ["P1"], "infusion_time": [1772355600]}), tmp_path / "patients.parquet")
    with pytest.raises(InputError, match="column infusion_time holds numbers"):
        read_paths([tmp_path])


STOPS = [
    ({}, "no CSV or Parquet file"),
    ({"events.csv": EVENTS}, "no patient was found"),
    ({"patients.csv": "patient_id,infusion_time\n"}, "no patient was found"),
    ({"patients.csv": ""}, "no patient was found"),
    ({"patients.parquet": "not Parquet"}, "is not a readable Parquet table"),
]


@pytest.mark.parametrize(("files", "sentence"), STOPS)
def test_what_stops_a_run(tmp_path: Path, files: dict[str, str], sentence: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=sentence):
        read_paths([tmp_path])


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "is empty"), ("a,b\n1,2\n", "is not a table"), (None, "does not exist")]
)
def test_a_file_asked_for_by_name(tmp_path: Path, text: str | None, sentence: str) -> None:
    path = tmp_path / "events.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=sentence):
        read_paths([path])


def test_courses_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text(PATIENTS)
    rows: list[int] = []
    with open_courses([tmp_path], Settings(), progress=rows.append) as source:
        assert len(list(source)) == source.patient_count == 2
        with pytest.raises(RuntimeError):
            list(source)
    assert rows == [2]


def test_a_row_entered_in_error_withdraws_its_source_id(read: Reader) -> None:
    header = "patient_id,time,signal,value,unit,end,source_id,recorded_at,status\n"
    rows = (
        "P1,2026-03-02T08:00+01:00,temperature,39,Cel,,obs/1,,\n"
        "P1,2026-03-02T08:00+01:00,temperature,,,,obs/1,2026-03-02T09:00+01:00,entered_in_error\n"
        "P1,2026-03-02T08:00+01:00,temperature,39,Cel,,,,entered_in_error\n"
    )
    found = read(header + rows)
    assert [(event.source_id, event.withdrawn) for event in found.events] == [("obs/1", False), ("obs/1", True)]


DUTCH_HEADER = "patient_id;time;signal;value;unit;ref_low;ref_high\n"
AT = "P1;2026-03-02T08:00+01:00"


def dutch(*rows: str) -> str:
    return DUTCH_HEADER + "".join(f"{AT};{row}\n" for row in rows)


@pytest.mark.parametrize("rows", [("ferritin;12,5;ug/L;;",), ("ferritin;12.345,0;ug/L;;",), ("crp;5;mg/L;;0,5",)])
def test_a_thousands_point_among_decimal_commas_is_in_doubt(read: Reader, rows: tuple[str, ...]) -> None:
    doubtful = ("ferritin;10.000;ug/L;;", "ferritin;>10.000;ug/L;;", "ferritin;10.000 ug/L;;;")
    found = read(dutch(*doubtful, *rows))
    assert found.codes() == [("ambiguous_number", line, "value", "no") for line in "234"]
    assert [p.value for p in found.problems] == ["10.000", ">10.000", "10.000 ug/L"]
    assert all(p.problem.endswith("write 10,0 or 10000") for p in found.problems)
    assert len(found.events) == 1
    backward = read(dutch(*rows, *doubtful))
    assert [p.code for p in backward.problems] == ["ambiguous_number"] * 3 and len(backward.events) == 1


def test_a_drug_with_a_thousands_point_was_given_amount_unknown(read: Reader) -> None:
    found = read(dutch("tocilizumab;1.200;mg;;", "temperature;38,6;Cel;;"))
    assert found.codes() == [("ambiguous_number", "2", "value", "as_unknown")]
    assert [(e.signal, e.low, e.high) for e in found.events] == [
        ("tocilizumab", None, None),
        ("temperature", 3860, 3860),
    ]


def test_a_limit_with_a_thousands_point_is_unknown(read: Reader) -> None:
    found = read(dutch("ferritin;12,5;ug/L;1.200;"))
    assert found.codes() == [("bad_reference", "2", "ref_low", "as_unknown")]
    assert found.events[0].ref_low is None and "write 1,2 or 1200" in found.problems[0].problem


@pytest.mark.parametrize("others", [(), ("ferritin;12.5;ug/L;;",), ('ferritin;"12,345.6";ug/L;;',)])
def test_among_decimal_points_three_decimals_are_decimals(read: Reader, others: tuple[str, ...]) -> None:
    found = read(dutch("creatinine;1.200;mg/dL;;", "ferritin;0.500;ug/L;;", *others))
    assert found.problems == [] and found.events[0].shown == "1.200 mg/dL" and len(found.events) == 2 + len(others)


def test_another_file_with_decimal_commas_changes_nothing(read: Reader) -> None:
    patients = PATIENTS.replace(",", ";").replace("70.5", "70,5")
    found = read(row("P1,2026-03-02T08:00+01:00,creatinine,1.200,mg/dL,,"), patients)
    assert found.problems == [] and len(found.events) == 1


def test_numbers_of_patients_among_decimal_commas(read: Reader) -> None:
    header = "patient_id;infusion_time;weight_kg;height_cm;cell_dose;age_years\n"
    rows = "P1;2026-03-01T10:00;80.500;175,5;200.000;60.000\nP2;2026-03-01T10:00;70;0.125;0.500;60\n"
    found = read(EVENTS, header + rows)
    assert found.codes() == [
        ("ambiguous_number", "2", "cell_dose", "as_unknown"), ("ambiguous_number", "2", "weight_kg", "as_unknown"),
        ("implausible", "3", "height_cm", "as_unknown"),
    ]  # fmt: skip
    first, second = (course.infusions[0] for course in found.courses)
    assert (first.weight_kg, first.height_cm, first.cell_dose, first.age_years) == (None, 175.5, None, 60)
    assert (second.weight_kg, second.cell_dose) == (70.0, 0.5)
    assert read(EVENTS, header + rows.replace("175,5", "175.5")).courses[0].infusions[0].weight_kg == 80.5


def test_a_wide_chart_with_decimal_commas(read: Reader) -> None:
    header = "patient_id;time;ferritin [ug/L];temperature;hemoglobin [g/L]\n"
    found = read(header + f"{AT};10.000;38,6;\n{AT};12;;8,5\n")
    assert [(p.code, p.row, p.field, p.value) for p in found.problems] == [
        ("ambiguous_number", "2", "ferritin", "10.000"), ("unit_contradicts_value", "3", "hemoglobin", "8,5"),
    ]  # fmt: skip


def test_a_factor_does_not_hide_a_thousands_point(read: Reader, tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text("local_name,local_value,local_unit,signal,value,unit,factor\nFerri,,,ferritin,,ug/L,0.01\n")
    found = read(dutch("Ferri;10.000;;;", "Ferri;123450,5;;;"), mapping=read_mapping(path))
    assert found.codes() == [("ambiguous_number", "2", "value", "no")]
    assert [event.shown for event in found.events] == ["1234.505 ug/L"]
    found = read(dutch("Ferri;123450;;;", "Ferri;1234,5;;;"), mapping=read_mapping(path))
    assert found.problems == [] and [event.shown for event in found.events] == ["1234.5 ug/L", "12.345 ug/L"]
