"""Signals, drugs, products and codes, read once from the package data (`data/signals.csv`, `codes.csv`)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

Kind = Literal["number", "category", "drug"]
Worse = Literal["", "high", "low", "first", "last"]

SYSTEMIC = "systemic"
ROUTES = (SYSTEMIC, "intrathecal", "topical", "inhaled")
STATUSES = ("done", "not_done", "planned", "entered_in_error")

SIGNS = (
    "fever", "hypotension", "hypoxia", "ice", "arousal", "seizure",
    "motor_weakness", "raised_icp", "organ_toxicity", "cytopenia",
)  # fmt: skip
OTHER_CAUSES = (
    "infection", "airway_protection", "sleep_apnoea", "procedure", "seizure", "sedation",
    "bleeding", "comfort", "baseline", "drug", "disease", "other",
)  # fmt: skip
CONFIRMING_CAUSES = ("crs", "icans")
SIGN_SYNONYMS = MappingProxyType({"oxygen_device": "hypoxia"})

PRODUCTS = MappingProxyType(
    {
        "axi-cel": ("axicabtagene ciloleucel", "yescarta"),
        "brexu-cel": ("brexucabtagene autoleucel", "tecartus"),
        "tisa-cel": ("tisagenlecleucel", "kymriah"),
        "liso-cel": ("lisocabtagene maraleucel", "breyanzi"),
        "ide-cel": ("idecabtagene vicleucel", "abecma"),
        "cilta-cel": ("ciltacabtagene autoleucel", "carvykti"),
        "obe-cel": ("obecabtagene autoleucel", "aucatzyl"),
        "other": (),
    }
)
DISEASES = ("LBCL", "FL", "MCL", "CLL", "B-ALL", "MM", "other")
SEXES = ("female", "male", "other", "unknown")


@dataclass(frozen=True, slots=True)
class Signal:
    """One row of `signals.csv`: what may be charted, in which unit, how long it holds, what its absence means."""

    name: str
    kind: Kind
    drug_class: str
    unit: str
    accepted_units: tuple[str, ...]
    blank_unit: bool
    step: Decimal
    categories: tuple[str, ...]
    valid_s: int | None
    worse: Worse
    plausible_low: int | None
    plausible_high: int | None
    absence: str
    means: str

    @property
    def is_rate(self) -> bool:
        """True where the canonical unit is an amount per time: a row of it is an infusion, not a dose."""
        return self.kind == "drug" and self.unit.endswith("/min")


@dataclass(frozen=True, slots=True)
class Code:
    """One row of `codes.csv`: a code of another system and the signal, or the category of it, that it stands for."""

    signal: str
    value: str
    system: str
    code: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("cytovigil.model").joinpath("data", name).read_text("utf-8")
    yield from csv.DictReader(text.splitlines())


def _steps(text: str, step: Decimal) -> int | None:
    return int(Decimal(text) / step) if text else None


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _signal(row: dict[str, str]) -> Signal:
    step = Decimal(row["step"] or 1)
    return Signal(
        name=row["signal"],
        kind=row["kind"],  # type: ignore[arg-type]  # checked by tests/unit/test_vocabulary.py
        drug_class=row["class"],
        unit=row["unit"],
        accepted_units=_split(row["accepted_units"]),
        blank_unit=row["blank_unit"] == "yes",
        step=step,
        categories=_split(row["categories"]),
        valid_s=int(row["valid_h"]) * 3600 if row["valid_h"] else None,
        worse=row["worse"],  # type: ignore[arg-type]
        plausible_low=_steps(row["plausible_low"], step),
        plausible_high=_steps(row["plausible_high"], step),
        absence=row["absence"],
        means=row["means"],
    )


@cache
def signals() -> MappingProxyType[str, Signal]:
    """All signals by name, in the order of `signals.csv`."""
    return MappingProxyType({row["signal"]: _signal(row) for row in _rows("signals.csv")})


COUNTED_BY_DAY = frozenset({"neutrophils", "platelets"})  # a row nobody can read leaves its day open, and is kept


@cache
def drugs_of(*classes: str) -> tuple[str, ...]:
    """Names of the drugs of these classes, in the order of `signals.csv`."""
    return tuple(s.name for s in signals().values() if s.kind == "drug" and s.drug_class in classes)


@cache
def codes() -> MappingProxyType[tuple[str, str], Code]:
    """Codes that stand for a signal, by (system in lower case, code)."""
    found = {}
    for row in _rows("codes.csv"):
        if row["code"] and not row["signal"].startswith("("):
            code = Code(row["signal"], row["value"], row["system"], row["code"])
            found[code.system.lower(), code.code] = code
    return MappingProxyType(found)
