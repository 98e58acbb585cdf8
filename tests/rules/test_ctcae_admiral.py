"""Beside a program that others use: admiral's executable criteria of CTCAE, on the same values.

Its few expressions are translated word for word. It rounds to significant digits, we do not; apart from that grades are
the same, except for the differences that `docs/decisions/0015-ctcae.md` lists and the tests below name.
"""

import json
import re
from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.model.vocabulary import signals
from rules.ctcae_kit import Range, grade_of, text_of
from rules.test_ctcae_boundaries import SIGNALS

ROWS = json.loads((Path(__file__).parent / "data/ctcae/admiral.json").read_text("utf-8"))["rows"]
# The rows "10^3/mL" compare with 500 to 75000: numbers of cells per microlitre.
UNITS = {"10^9/L": "10*9/L", "10^3/uL": "10*3/uL", "10^3/mL": "/uL", "1/uL": "/uL", "g/L": "g/L", "g/dL": "g/dL",
         "mg/dL": "mg/dL"}  # fmt: skip
LIMITS = {"aptt": (12, 16), "alt": (5, 40), "ast": (5, 40), "bilirubin": (3, 20), "creatinine": (45, 70),
          "inr": (1, 1)}  # fmt: skip
NA = "NA_character_"


class Case(NamedTuple):
    """One line of a `case_when`: the first whose condition holds gives the grade."""

    condition: str
    grade: str


class Known(NamedTuple):
    """What admiral looks at; None: missing."""

    value: Fraction
    low: Fraction | None
    high: Fraction | None
    base: Fraction | None

    def names(self) -> dict[str, object]:
        """As admiral calls them; a baseline beyond a limit is LOW or HIGH."""
        side, change = None, None
        if self.base is not None:
            side = "HIGH" if self.high and self.base > self.high else "LOW" if self.low and self.base < self.low else ""
            change = (self.value - self.base) / self.base * 100
        return {"AVAL": self.value, "ANRLO": self.low, "ANRHI": self.high, "BASE": self.base, "BNRIND": side,
                "PCHG": change, "Fraction": Fraction}  # fmt: skip


def cases(codes: dict[str, str]) -> list[Case]:
    found = []
    for name in ("GRADE_NA_CODE", "GRADE_4_CODE", "GRADE_3_CODE", "GRADE_2_CODE", "GRADE_1_CODE"):
        flat = re.sub(r"signif\(([^,()]+), signif_dig\)", r"(\1)", codes.get(name, ""))
        for line in filter(None, (part.strip() for part in flat.split(","))):
            condition, grade = (part.strip() for part in line.split("~"))
            found.append(Case(_python(condition), grade.strip('"')))
    return found


def _python(condition: str) -> str:
    found = re.sub(r"is\.na\((\w+)\)", r"(\1 is None)", condition)
    found = re.sub(r"BNRIND %in% (high|low)_indicator", lambda m: f'(BNRIND == "{m[1].upper()}")', found)
    found = found.replace("!", " not ").replace("&", " and ").replace("|", " or ")
    return re.sub(r"(?<![\w.\"])(\d+(?:\.\d+)?)", r'Fraction("\1")', found).strip()


def admiral(lines: list[Case], known: Known) -> int | None:
    """Its grade; None where it gives none. A comparison with a missing value does not hold."""
    for condition, grade in lines:
        try:
            holds = eval(condition, known.names())  # our own fixture, translated above
        except TypeError:
            holds = False
        if holds:
            return None if grade == NA else int(grade)
    return 0


def numbers(lines: Iterable[Case]) -> list[Fraction]:
    return sorted({Fraction(n) for line in lines for n in re.findall(r'Fraction\("([\d.]+)"\)', line.condition)})


class Peer(NamedTuple):
    """One row of admiral, and our scale of it."""

    scale: str
    signal: str
    unit: str
    lines: list[Case]

    def ours(self, known: Known) -> Range:
        """Our grade of the same values."""
        texts = ("" if one is None else text_of(one) for one in (known.value, known.low, known.high, known.base))
        return grade_of(self.scale, self.signal, next(texts), self.unit, *texts)


def peers() -> list[Peer]:
    found = []
    for row in ROWS:
        signal, edition = SIGNALS[row["term"]], "v6" if "v6" in row["file"] else "v5"
        unit = UNITS.get(row["unit"], signals()[signal].unit)
        found.append(Peer(f"ctcae-{edition}-{signal}", signal, unit, cases(row["codes"])))
    return found


PEERS = peers()
COUNTS = [one for one in PEERS if one.signal not in (*LIMITS, "fibrinogen")]
OTHERS = [one for one in PEERS if one.signal in ("aptt", "alt", "ast", "bilirubin", "creatinine")]
SHIFTS = st.sampled_from([Fraction(999, 1000), Fraction(1), Fraction(1001, 1000)])


def name(one: Peer) -> str:
    return f"{one.scale} {one.unit}"


def test_all_rows_are_translated() -> None:
    assert len(PEERS) == 57
    assert {one.scale for one in PEERS} >= {f"ctcae-{e}-{s}" for e in ("v5", "v6") for s in ("alt", "inr", "cd4")}
    assert all(numbers(one.lines) for one in PEERS)


@pytest.mark.parametrize("one", COUNTS, ids=name)
@given(data=st.data())
def test_counts(one: Peer, data: st.DataObject) -> None:
    """The same with a limit; where it gives no grade without one, we give both that are possible."""
    printed = numbers(one.lines)
    limit = max(printed) * Fraction("1.2")
    value = data.draw(st.sampled_from([*printed, limit])) * data.draw(SHIFTS)
    known = Known(value, data.draw(st.sampled_from([limit, min(printed) / 2, None])), None, None)
    theirs = admiral(one.lines, known)
    assert one.ours(known) == ((0, 1) if theirs is None else (theirs, theirs))


def multiples(one: Peer, data: st.DataObject, bases: list[Fraction | None]) -> Known:
    """A value on or beside a multiple of the limit or of the baseline."""
    low, high = map(Fraction, LIMITS[one.signal])
    base = data.draw(st.sampled_from(bases))
    times = data.draw(st.sampled_from([Fraction(1), *numbers(one.lines)]))
    of = data.draw(st.sampled_from([high, *([base] if base else [])]))
    return Known(times * of * data.draw(SHIFTS), low, high, base)


@pytest.mark.parametrize("one", OTHERS, ids=name)
@given(data=st.data())
def test_multiples(one: Peer, data: st.DataObject) -> None:
    """The same with a baseline; missing limits: none of theirs, a range."""
    low, high = map(Fraction, LIMITS[one.signal])
    known = multiples(one, data, [low * Fraction("0.9"), low, high, high * Fraction("1.1"), high * 5, high * 6])
    theirs, (least, most) = admiral(one.lines, known), one.ours(known)
    assert theirs is not None
    assert (least, most) == (theirs, theirs), known
    without = known._replace(high=None)
    least, most = one.ours(without)
    assert least is not None and most is not None
    assert least <= theirs <= most, without
    without = known._replace(base=None)
    least, most = one.ours(without)
    supposed = admiral(one.lines, without)  # it takes a missing baseline for a normal one
    assert least is not None and most is not None and supposed is not None
    assert least <= supposed <= most, without


def find(scale: str, unit: str = "") -> Peer:
    return next(one for one in PEERS if one.scale == scale and unit in ("", one.unit))


def both(scale: str, value: str, low: str = "", high: str = "", base: str = "", unit: str = "") -> tuple[object, Range]:
    """Theirs and ours."""
    given = [Fraction(text) if text else None for text in (low, high, base)]
    known, peer = Known(Fraction(value), *given), find(scale, unit)
    return admiral(peer.lines, known), peer.ours(known)


both_fibrinogen = partial(both, "ctcae-v5-fibrinogen", low="2", unit="g/L")


@pytest.mark.parametrize("scale", ["ctcae-v6-alt", "ctcae-v6-ast"])
def test_enzymes_by_a_very_high_baseline_as_theirs(scale: str) -> None:
    """The text prints grade 3 by the baseline for baselines up to 5 x the limit only; above it there is no row."""
    assert both(scale, "600", "5", "40", "200") == (3, (3, 3))
    assert both(scale, "402", "5", "40", "201") == (2, (2, 2))
    assert both(scale, "402.1", "5", "40", "201") == (3, (3, 3))
    assert both(scale, "804", "5", "40", "201") == (3, (3, 3))
    assert both(scale, "804.1", "5", "40", "201") == (4, (4, 4))


@pytest.mark.parametrize("edition", ["v5", "v6"])
@given(st.sampled_from(["0.8", "1.0", "1.6"]), st.sampled_from(["1", "1.2", "1.5", "2.5"]), SHIFTS, st.booleans())
def test_difference_inr(edition: str, base: str, times: str, shift: Fraction, by_base: bool) -> None:
    """Theirs supposes anticoagulation: our high end. The low end is without it."""
    value = Fraction(times) * (Fraction(base) if by_base else 1) * shift
    theirs, (least, most) = both(f"ctcae-{edition}-inr", text_of(value), base=base)
    assert most == theirs
    assert least == sum(value > Fraction(cut) for cut in ("1.2", "1.5", "2.5"))


@pytest.mark.parametrize("scale", ["ctcae-v5-fibrinogen", "ctcae-v6-fibrinogen"])
@pytest.mark.parametrize(("unit", "per"), [("g/L", 1), ("mg/dL", 100)])
@given(st.sampled_from(["0.25", "0.5", "0.75", "1", "0.0625"]), SHIFTS)
def test_fibrinogen_by_the_limit(scale: str, unit: str, per: int, times: str, shift: Fraction) -> None:
    """The same by the limit: our baseline is normal, theirs missing."""
    peer, limit = find(scale, unit), Fraction(8 * per)
    known = Known(Fraction(times) * limit * shift, limit, None, None)
    theirs = admiral(peer.lines, known)
    assert peer.ours(known._replace(base=limit)) == (theirs, theirs)


def test_difference_fibrinogen() -> None:
    """Theirs takes the worse of limit and fall, whatever the baseline was; the text the fall from an abnormal one."""
    assert both_fibrinogen("0.9", base="4") == (4, (3, 3))
    assert both_fibrinogen("1.4", base="1.5") == (2, (1, 1))
    assert both_fibrinogen("1.5", base="1.5") == (1, (0, 0))
    assert both_fibrinogen("0.49") == (4, (4, 4))
    assert both("ctcae-v5-fibrinogen", "0.6", unit="g/L") == (None, (0, 4))
