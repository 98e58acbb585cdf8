"""Which published facts concern a patient, beside the patient's own value."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cytovigil.engine.record import Record
from cytovigil.logic.ladder import Citation
from cytovigil.logic.risk import ANY_AGE, Ages, RiskFact
from cytovigil.logic.text import cite
from cytovigil.model.events import Event
from cytovigil.model.times import DAY, day_of
from cytovigil.model.told import Say, decimal
from cytovigil.model.vocabulary import signals

NO_PROBABILITY = "seen in others; no probability for this patient"
EXPANSION = ("car_t_cells", "car_transgene")


class Own(NamedTuple):
    """What of the patient a fact concerns: a value as charted, and a sentence that names it in braces."""

    value: str
    says: str = "{value}"

    def tell(self, say: Say = str) -> str:
        """`axi-cel LBCL`, `62 years`, `60 %`."""
        return decimal(say(self.says).format(value=self.value), say)


class Applied(NamedTuple):
    """A fact, and what of the patient it concerns."""

    fact: RiskFact
    patient: Own


def risk_facts(record: Record, facts: Sequence[RiskFact], at: int) -> list[Applied]:
    """The facts that concern the record's infusion by what is charted until `at`, in their own order."""
    found = []
    for fact in facts:
        own = _of_patient(record, fact, at) if _belongs(record, fact) else Own("")
        if own.value:
            found.append(Applied(fact, own))
    return found


def _belongs(record: Record, fact: RiskFact) -> bool:
    """True where product, disease and age are those of the fact; one that is not given is not."""
    patient = record.patient
    if fact.products and patient.product not in fact.products:
        return False
    if fact.diseases and patient.disease not in fact.diseases:
        return False
    return fact.ages == ANY_AGE or (patient.age_years is not None and _within(fact.ages, patient.age_years))


def _within(ages: Ages, years: int) -> bool:
    first, last = ages
    return (first is None or years >= first) and (last is None or years <= last)


def _of_patient(record: Record, fact: RiskFact, at: int) -> Own:
    """The patient's own value; empty where it is not charted, and the fact concerns nobody."""
    patient = record.patient
    match fact.about:
        case "product" | "disease":
            return Own(" ".join(filter(None, (patient.product, patient.disease))))
        case "age":
            return Own("" if patient.age_years is None else str(patient.age_years), "{value} years")
        case "marrow_blasts":
            return Own(_marrow_blasts(record))
        case "cell_dose":
            return Own("" if patient.cell_dose is None else f"{patient.cell_dose:g}", "{value} million cells")
        case "expansion":
            return Own(_peak(record, at))
    return Own(_first_fever(record, at), "first fever on day {value}")


def _marrow_blasts(record: Record) -> str:
    """The newest before the infusion, else what the patients table says."""
    row = record.newest("marrow_blasts", record.start)
    if row is not None:
        return _shown(row)
    percent = record.patient.marrow_blasts_percent
    return "" if percent is None else f"{percent:g} %"


def _peak(record: Record, at: int) -> str:
    """The highest count of CAR-T cells, else of transgene copies, since the infusion."""
    for name in EXPANSION:
        rows = record.between(name, record.start, at)
        if rows:
            return _shown(max(rows, key=lambda row: (row.low or 0, row.high or 0)))
    return ""


def _first_fever(record: Record, at: int) -> str:
    """The day of the first reading that is certainly fever, while CRS can still begin."""
    step = float(signals()["temperature"].step)
    limit = round(record.settings.fever_cel / step)
    until = min(at, record.start + int(record.settings.crs_window_days * DAY))
    zone = record.settings.zone
    rows = (
        row for row in record.between("temperature", record.start, until) if row.low is not None and row.low >= limit
    )
    first = next(rows, None)
    return "" if first is None else str((day_of(first.time, zone) - day_of(record.start, zone)).days)


def _shown(row: Event) -> str:
    """A value in the signal's unit; a bound as it was reported."""
    signal = signals()[row.signal]
    if row.low != row.high:
        return row.shown
    return f"{float((row.low or 0) * signal.step):g} {signal.unit}"


def risk_lines(found: Sequence[Applied], say: Say = str) -> list[str]:
    """A section of text: facts of one population and source together; empty where none concerns the patient."""
    lines = ["", f"{say('Published facts')} ({say(NO_PROBABILITY)})"] if found else []
    before: tuple[Own, str, Citation] | None = None
    for one in found:
        group = one.patient, one.fact.population, one.fact.source
        if group != before:
            heading = f"  {one.patient.tell(say)}: {say(one.fact.population)}; {cite(one.fact.source)}"
            lines.append(f"{heading}  [{say(one.fact.status)}]")
        lines.append(f"    {say(one.fact.says)}" + (f": {decimal(one.fact.value, say)}" if one.fact.value else ""))
        before = group
    return lines


def risk_values(found: Sequence[Applied], say: Say = str) -> Iterator[dict[str, Any]]:
    """The facts as plain values, their texts translated by `say`."""
    for fact, patient in found:
        yield {
            "about": fact.about, "patient": patient.tell(say),
            "says": say(fact.says), "value": decimal(fact.value, say),
            "population": say(fact.population), "source": cite(fact.source), "status": say(fact.status),
        }  # fmt: skip
