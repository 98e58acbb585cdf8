"""What the laboratory terms of CTCAE share: ladders of counts, of multiples of a limit, and of a baseline."""

from collections.abc import Mapping
from typing import NamedTuple

from cytovigil.logic.conditions import Condition, Field
from cytovigil.logic.laboratory import (
    BASELINE,
    LOWER_LIMIT,
    UPPER_LIMIT,
    VALUE,
    baseline_field,
    cuts_field,
    passed_field,
)
from cytovigil.logic.ladder import Citation, Ladder, Rung
from cytovigil.logic.scale import MeasuredCourse, Scale

BLOOD, INVESTIGATIONS = "Blood and lymphatic system disorders", "Investigations"
GENERAL = "General disorders and administration site conditions"
MEASURED = MeasuredCourse()
EDITIONS = {
    "v5": "NCI Common Terminology Criteria for Adverse Events v5.0",
    "v6": "NCI Common Terminology Criteria for Adverse Events v6.0, July 2025, with the errata of 20 January 2026",
}
NO_LIMIT = (
    "limits of normal are those of the row, else the site's; without them every grade that the number alone leaves "
    "open stays open, because there are no default limits"
)
BASELINE_NOTE = (
    "the baseline is the last value before lymphodepletion, else in the 14 days before infusion: our reading"
)
AS_MEASURED = "the printed number counts and nothing is rounded before it is compared"
NO_DEATH = "grade 5 is death of this cause, which the vocabulary of causes of death does not have: never graded"


class Term(NamedTuple):
    """A term of CTCAE: its name, its class, its MedDRA code."""

    name: str
    group: str
    code: str


def cited(edition: str, term: Term) -> Citation:
    """The citation of a term in `v5` or `v6`."""
    return Citation(f"CTCAE {edition}", EDITIONS[edition], where=f"{term.group}, {term.name} ({term.code})")


def scale(edition: str, suffix: str, ladder: Ladder, term: Term, notes: tuple[str, ...]) -> Scale:
    """The scale of one term."""
    return Scale(
        id=f"ctcae-{edition}-{suffix}",
        version="1",
        title=f"{term.name}, CTCAE {edition}",
        source=cited(edition, term),
        course=MEASURED,
        domains=(ladder,),
        notes=notes,
    )


class Count(NamedTuple):
    """A count whose severe grades are numbers: `falls` are its cuts, in rising grade, in canonical units."""

    signal: str
    word: str
    says: str  # the field, with its unit
    falls: tuple[str, ...]
    words: tuple[str, ...]  # of each cut, as the ward says it
    in_unit: Mapping[str, tuple[str, ...]] | None = None


def below_limit(signal: str, word: str) -> Field:
    """Whether a value is below the lower limit of normal."""
    return passed_field(f"{signal}_below_limit", f"{word} below the lower limit", signal, LOWER_LIMIT, "<1")


def count_ladder(edition: str, term: Term, count: Count, first: int, notes: dict[int, str] | None = None) -> Ladder:
    """Grades by number from grade `first`; where that is 2, grade 1 is below the lower limit."""
    field = cuts_field(count.signal, count.says, count.signal, VALUE, count.falls, count.in_unit)
    rungs = [Rung(1, below_limit(count.signal, count.word), "below the lower limit")] if first > 1 else []
    for place, words in enumerate(count.words, start=1):
        grade = first + place - 1
        rungs.append(Rung(grade, field >= place, f"below {words}", note=(notes or {}).get(grade, "")))
    return Ladder(count.signal, f"{term.name} (CTCAE {edition})", cited(edition, term), tuple(rungs))


def by_baseline(
    source: Citation, signal: str, word: str, title: str, limit_cuts: tuple[str, ...], baseline_cuts: tuple[str, ...]
) -> Ladder:
    """Grades 1 to 4 by the limit where the baseline was normal, by the baseline where it was abnormal."""
    limit, base = by_limit(signal, word, limit_cuts), by_own_baseline(signal, word, baseline_cuts)
    abnormal = baseline_field(
        f"{signal}_baseline_abnormal", f"{word} above the upper limit at baseline", signal, UPPER_LIMIT
    )
    cuts = zip(limit_cuts, baseline_cuts, strict=True)
    rungs = (
        Rung(grade, (~abnormal & (limit >= grade)) | (abnormal & (base >= grade)), either_says(*pair))
        for grade, pair in enumerate(cuts, start=1)
    )
    return Ladder(signal, title, source, tuple(rungs))


def by_limit(signal: str, word: str, cuts: tuple[str, ...]) -> Field:
    """Multiples of the upper limit, looked at where the baseline was not above it."""
    return cuts_field(
        f"{signal}_per_upper_limit", f"{word} as a multiple of the upper limit", signal, UPPER_LIMIT, cuts,
        side=UPPER_LIMIT,
    )  # fmt: skip


def by_own_baseline(signal: str, word: str, cuts: tuple[str, ...]) -> Field:
    """Multiples of the baseline, looked at where it was above the upper limit."""
    return cuts_field(
        f"{signal}_per_baseline", f"{word} as a multiple of the baseline", signal, BASELINE, cuts, side=UPPER_LIMIT
    )


def either_says(limit_cut: str, base_cut: str) -> str:
    """A grade by the limit or by the baseline, in words."""
    return f"{limit_cut} x upper limit if baseline was normal, {base_cut} x baseline if abnormal"


def aptt_ladder(edition: str, term: Term) -> Ladder:
    """Prolonged aPTT, the same in v5 and v6."""
    limit = cuts_field(
        "aptt_per_upper_limit", "aPTT as a multiple of the upper limit", "aptt", UPPER_LIMIT, (">1", ">1.5", ">2.5")
    )
    rungs = tuple(Rung(grade, limit >= grade, f"{cut} x upper limit") for grade, cut in enumerate(limit.labels[1:], 1))
    return Ladder("aptt", f"{term.name} (CTCAE {edition})", cited(edition, term), rungs)


def inr_ladder(edition: str, term: Term) -> Ladder:
    """Raised INR, the same in v5 and v6: by number, and by baseline only under anticoagulation."""
    value = cuts_field("inr", "INR", "inr", VALUE, (">1.2", ">1.5", ">2.5"))
    base = cuts_field("inr_per_baseline", "INR as a multiple of the baseline", "inr", BASELINE, (">1", ">1.5", ">2.5"))
    treated = Field("anticoagulated", "anticoagulated", (False, True), ("no", "yes"), "never_charted", ())
    rungs = tuple(
        Rung(
            grade,
            (value >= grade) | (treated & (base >= grade)),
            f"{value.labels[grade]}, or {base.labels[grade]} x baseline under anticoagulation",
        )
        for grade in (1, 2, 3)
    )
    return Ladder("inr", f"{term.name} (CTCAE {edition})", cited(edition, term), rungs)


def fibrinogen_ladder(edition: str, term: Term) -> Ladder:
    """Low fibrinogen, the same in v5 and v6: by the limit, or by its fall from a baseline that was low itself."""
    limit = cuts_field(
        "fibrinogen_per_lower_limit", "fibrinogen as a multiple of the lower limit", "fibrinogen", LOWER_LIMIT,
        ("<1", "<0.75", "<0.5", "<0.25"), side=LOWER_LIMIT,
    )  # fmt: skip
    base = cuts_field(
        "fibrinogen_per_baseline", "fibrinogen as a multiple of the baseline", "fibrinogen", BASELINE,
        ("<1", "<=0.75", "<=0.5", "<=0.25"), side=LOWER_LIMIT,
    )  # fmt: skip
    abnormal = baseline_field(
        "fibrinogen_baseline_abnormal", "fibrinogen below the lower limit at baseline", "fibrinogen", LOWER_LIMIT
    )
    least = passed_field(
        "fibrinogen", "fibrinogen below 0.5 g/L (50 mg/dL)", "fibrinogen", VALUE, "<0.5", {"mg/dL": ("<50",)}
    )
    falls = ("any fall", "a fall of 25 %", "a fall of 50 %", "a fall of 75 %")

    def rung(grade: int) -> Rung:
        when: Condition = (~abnormal & (limit >= grade)) | (abnormal & (base >= grade))
        says = f"{limit.labels[grade]} x lower limit, or {falls[grade - 1]} from a low baseline"
        if grade < 4:
            return Rung(grade, when, says)
        return Rung(grade, when | least, f"{says}; or below 0.5 g/L (50 mg/dL) in any case")

    rungs = tuple(map(rung, (1, 2, 3, 4)))
    return Ladder("fibrinogen", f"{term.name} (CTCAE {edition})", cited(edition, term), rungs)
