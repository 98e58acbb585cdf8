"""A row of the patients table becomes an infusion, or a problem."""

from collections.abc import Iterable
from functools import partial
from zoneinfo import ZoneInfo

from cytovigil.model.events import Patient
from cytovigil.model.numbers import UnitError, read_number, refuse_thousands
from cytovigil.model.problems import Problem
from cytovigil.model.settings import Settings
from cytovigil.model.times import day_of
from cytovigil.model.vocabulary import DISEASES, PRODUCTS, signals
from cytovigil.readers.fields import filled, is_formula, read_time
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.readers.raw import Complain, RawPatient
from cytovigil.readers.words import find_listed, find_product, find_word, plain

_NUMBERS = {  # field: lowest, highest plausible
    "weight_kg": (1, 400), "height_cm": (30, 250), "cell_dose": (0.0001, 1_000_000), "marrow_blasts_percent": (0, 100),
}  # fmt: skip
_BEFORE = ("lymphodepletion_start", "leukapheresis_date")
_AFTER = ("last_followup", "death_time", "progression_date", "next_therapy_date")


class PatientReader:
    """Reads raw rows of the patients table, one patient at a time."""

    def __init__(self, settings: Settings, files: list[str], log: ProblemLog, commas: set[int]) -> None:
        self._zone = settings.zone
        self._files = files
        self._log = log
        self._commas = commas  # numbers of the files that have decimal commas

    def read(self, rows: Iterable[RawPatient]) -> tuple[Patient, ...]:
        """The infusions of one patient in order of time; a second row of one infusion is a problem."""
        infusions: dict[int, Patient] = {}
        for raw in rows:
            complain = partial(self._complain, raw)
            patient = self._patient(raw, complain)
            if patient is None:
                continue
            if patient.infusion in infusions:
                sentence = "this patient and infusion came before: only the first row counts"
                complain("infusion", raw.infusion, "duplicate_infusion", sentence, "no")
                continue
            infusions[patient.infusion] = patient
            if any((p.infusion < patient.infusion) != (p.infusion_time < patient.infusion_time)
                   for p in infusions.values() if p is not patient):  # fmt: skip
                sentence = "infusions are not numbered in order of time: the times count"
                complain("infusion", raw.infusion, "infusion_order", sentence, "yes")
        return tuple(sorted(infusions.values(), key=lambda p: (p.infusion_time, p.infusion)))

    def _complain(self, raw: RawPatient, field: str, value: str, code: str, sentence: str, used: str) -> None:
        file = self._files[raw.file]
        self._log.add(Problem(file, str(raw.row), raw.patient_id, field, value, code, sentence, used))

    def _patient(self, raw: RawPatient, complain: Complain) -> Patient | None:
        cells = _cells(raw, raw.file in self._commas, complain)
        infusion = _count("infusion", cells, (1, 99), "no", complain) if cells["infusion"] else 1
        if not cells["infusion_time"]:
            complain("infusion_time", raw.infusion_time, "bad_time", "the infusion has no time: fill it in", "no")
            return None
        start = read_time("infusion_time", cells["infusion_time"], self._zone, "no", complain)
        if start is None or infusion is None:
            return None
        patient = Patient(
            patient_id=raw.patient_id, infusion_time=start.seconds, infusion=infusion,
            product=_product(cells, complain), disease=_disease(cells, complain),
            age_years=_age(cells, start.seconds, self._zone, complain), sex=_sex(cells, complain),
            baseline_oxygen=_oxygen(cells, complain), death_cause=_cause(cells, complain),
            flags=frozenset({"time_assumed"}) & start.notes,
        )  # fmt: skip
        return _with_times(_with_numbers(patient, cells, complain), cells, self._zone, complain)


def _with_numbers(patient: Patient, cells: dict[str, str], complain: Complain) -> Patient:
    return patient._replace(
        weight_kg=_measure("weight_kg", cells, complain),
        height_cm=_measure("height_cm", cells, complain),
        cell_dose=_measure("cell_dose", cells, complain),
        marrow_blasts_percent=_measure("marrow_blasts_percent", cells, complain),
        baseline_ice=_count("baseline_ice", cells, (0, 10), "as_unknown", complain),
        baseline_capd=_count("baseline_capd", cells, (0, 32), "as_unknown", complain),
    )


def _with_times(patient: Patient, cells: dict[str, str], zone: ZoneInfo, complain: Complain) -> Patient:
    when = {name: _when(name, cells, patient.infusion_time, zone, complain) for name in (*_BEFORE, *_AFTER)}
    return patient._replace(
        lymphodepletion_start=when["lymphodepletion_start"],
        leukapheresis_date=when["leukapheresis_date"],
        last_followup=when["last_followup"],
        death_time=when["death_time"],
        progression_date=when["progression_date"],
        next_therapy_date=when["next_therapy_date"],
    )


def _cells(raw: RawPatient, commas: bool, complain: Complain) -> dict[str, str]:
    """Filled cells by column; a formula, and among decimal commas a doubtful point, is a problem and an empty cell."""
    cells = {}
    for field, text in zip(RawPatient._fields[2:], raw[2:], strict=True):
        cells[field] = filled(str(text))
        if field != "patient_id" and is_formula(cells[field]):
            used = "no" if field in ("infusion", "infusion_time") else "as_unknown"
            complain(field, cells[field], "formula_cell", "the cell holds a formula: write its value", used)
            cells[field] = ""
        if commas and field in _NUMBERS:
            try:
                refuse_thousands(cells[field])
            except UnitError as problem:
                complain(field, cells[field], problem.code, problem.sentence, "as_unknown")
                cells[field] = ""
    return cells


def _measure(field: str, cells: dict[str, str], complain: Complain) -> float | None:
    if not cells[field]:
        return None
    try:
        number, rest = read_number(cells[field])
    except UnitError as problem:
        complain(field, cells[field], problem.code, problem.sentence, "as_unknown")
        return None
    low, high = _NUMBERS[field]
    if rest or number.operator or not low <= number.value <= high:
        sentence = f"{field} is a number from {low} to {high} without a unit: correct it"
        complain(field, cells[field], "implausible", sentence, "as_unknown")
        return None
    return float(number.value)


def _count(field: str, cells: dict[str, str], limits: tuple[int, int], used: str, complain: Complain) -> int | None:
    if not cells[field]:
        return None
    try:
        number, rest = read_number(cells[field])
        whole = number.value if not rest and not number.operator and number.value.denominator == 1 else None
    except UnitError:
        whole = None
    if whole is None or not limits[0] <= whole <= limits[1]:
        sentence = f"{field} is a whole number from {limits[0]} to {limits[1]}: correct it"
        complain(field, cells[field], "implausible", sentence, used)
        return None
    return int(whole)


def _when(field: str, cells: dict[str, str], start: int, zone: ZoneInfo, complain: Complain) -> int | None:
    """A time beside the infusion; on the wrong side of it, by day, it is a problem and unknown."""
    if not cells[field]:
        return None
    found = read_time(field, cells[field], zone, "as_unknown", complain)
    if found is None:
        return None
    infused, day = day_of(start, zone), day_of(found.seconds, zone)
    if (field in _BEFORE and day > infused) or (field in _AFTER and day < infused):
        side = "after" if field in _BEFORE else "before"
        complain(field, cells[field], "impossible_date", f"{field} is {side} the infusion: correct it", "as_unknown")
        return None
    return found.seconds


def _age(cells: dict[str, str], start: int, zone: ZoneInfo, complain: Complain) -> int | None:
    charted = _count("age_years", cells, (0, 120), "as_unknown", complain)
    if not cells["birth_date"]:
        return charted
    born = read_time("birth_date", cells["birth_date"], zone, "as_unknown", complain)
    if born is None:
        return charted
    birthday, infused = day_of(born.seconds, zone), day_of(start, zone)
    age = infused.year - birthday.year - ((infused.month, infused.day) < (birthday.month, birthday.day))
    if not 0 <= age <= 120:
        complain(
            "birth_date", cells["birth_date"], "impossible_date", "the age is impossible: correct it", "as_unknown"
        )
        return charted
    if charted is not None and charted != age:
        complain("age_years", cells["age_years"], "age_differs", "the date of birth gives another age: it counts", "no")
    return age


def _product(cells: dict[str, str], complain: Complain) -> str:
    product = find_product(cells["product"]) if cells["product"] else ""
    if product is None:
        sentence = f"the product is not known: write one of {', '.join(PRODUCTS)}"
        complain("product", cells["product"], "unknown_word", sentence, "as_unknown")
    return product or ""


def _disease(cells: dict[str, str], complain: Complain) -> str:
    known = {plain(disease): disease for disease in DISEASES}
    disease = known.get(plain(cells["disease"]), "")
    if cells["disease"] and not disease:
        sentence = f"the disease is not known: write one of {', '.join(DISEASES)}"
        complain("disease", cells["disease"], "unknown_word", sentence, "as_unknown")
    return disease


def _sex(cells: dict[str, str], complain: Complain) -> str:
    sex = find_listed("sex", cells["sex"]) if cells["sex"] else "unknown"
    if sex is None:
        complain("sex", cells["sex"], "unknown_word", "write female, male, other or unknown", "as_unknown")
    return sex or "unknown"


def _cause(cells: dict[str, str], complain: Complain) -> str:
    if not cells["death_cause"]:
        return ""
    cause = find_word(signals()["death"], cells["death_cause"])
    if cause is None:
        sentence = f"the cause is not known: write one of {', '.join(signals()['death'].categories)}"
        complain("death_cause", cells["death_cause"], "unknown_word", sentence, "as_unknown")
    return cause or "unknown"


def _oxygen(cells: dict[str, str], complain: Complain) -> str:
    """A device, or a device and its flow: `nasal_cannula 2`; a unit behind the flow is left out."""
    text = cells["baseline_oxygen"]
    if not text:
        return ""
    words = text.replace("l/min", "").replace("L/min", "").split()
    flow = words.pop() if len(words) > 1 and words[-1][0].isdigit() else ""
    device = find_word(signals()["oxygen_device"], " ".join(words))
    try:
        litres = float(read_number(flow)[0].value) if flow else 0.0
    except UnitError:
        device, litres = None, 0.0
    if device is None or not 0 <= litres <= 80:
        sentence = "write a device, or a device and its flow in L/min: nasal_cannula 2"
        complain("baseline_oxygen", text, "unknown_word", sentence, "as_unknown")
        return ""
    return f"{device} {litres:g}" if flow else device
