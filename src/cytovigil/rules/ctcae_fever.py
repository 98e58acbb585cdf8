"""Fever and febrile neutropenia of CTCAE, the same in v5 and v6."""

from cytovigil.logic.conditions import Field
from cytovigil.logic.laboratory import VALUE, Spell, cuts_field, made_cuts, passed_field
from cytovigil.logic.ladder import OUR_READING, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.rules.ctcae_ladders import AS_MEASURED, BLOOD, GENERAL, NO_DEATH, Term, cited, scale

FEVER = Term("Fever", GENERAL, "10016558")
FEBRILE_NEUTROPENIA = Term("Febrile neutropenia", BLOOD, "10016288")
SPELL_NOTE = (
    "a spell is consecutive readings beyond the limit, none of them out of its validity before the next: it lasts as "
    "long as the first and the last of them are apart, because nothing is assumed between readings and nothing after "
    "them: our reading"
)
READINGS_NOTE = (
    "readings before the infusion do not count: our reading; attributions are left aside, because the text asks for "
    "fever and counts whatever their cause"
)


def _spell_field(name: str, says: str, spell: Spell) -> Field:
    return Field(
        name, says, (False, True), ("no", "yes"), "temperature_spell", ("temperature",), detail=spell
    ).as_charted()


def fever_scale(edition: str) -> Scale:
    """Fever: how high, and at the top how long."""
    height = cuts_field(
        "temperature", "temperature in °C", "temperature", VALUE, (">=38", ">39", ">40"),
        {"[degF]": (">=100.4", ">102.2", ">104")}, measure="temperature",
    ).as_charted()  # fmt: skip
    above_40 = made_cuts("temperature", VALUE, (">40",), {"[degF]": (">104",)})
    long = _spell_field("above_40_for_a_day", "above 40.0 °C for more than 24 h", Spell(above_40, 24 * 60))
    ladder = Ladder(
        "temperature",
        f"Fever (CTCAE {edition})",
        cited(edition, FEVER),
        (
            Rung(1, height >= 1, "38.0 to 39.0 °C"),
            Rung(2, height >= 2, "above 39.0 to 40.0 °C"),
            Rung(3, height >= 3, "above 40.0 °C for at most 24 h"),
            Rung(4, (height >= 3) & long, "above 40.0 °C for more than 24 h", OUR_READING, note=SPELL_NOTE),
        ),
    )
    return scale(edition, "temperature", ladder, FEVER, (READINGS_NOTE, AS_MEASURED, NO_DEATH))


def febrile_neutropenia_scale(edition: str) -> Scale:
    """Febrile neutropenia: grade 3 is all that counts and readings can tell."""
    low = passed_field("neutrophils_below_1", "neutrophils below 1.0 × 10⁹/L", "neutrophils", VALUE, "<1").as_charted()
    spell = Spell(
        made_cuts("temperature", VALUE, (">=38",), {"[degF]": (">=100.4",)}),
        60,
        made_cuts("temperature", VALUE, (">38.3",), {"[degF]": (">101",)}),
    )
    febrile = _spell_field("febrile", "above 38.3 °C once, or 38.0 °C or more for more than 1 h", spell)
    rung = Rung(
        3,
        low & febrile,
        "neutrophils below 1.0 × 10⁹/L, with one temperature above 38.3 °C, or 38.0 °C or more for more than 1 h",
        OUR_READING,
        note="it holds until a reading below 38.0 °C, or until the newest reading is no longer valid: our reading",
    )
    ladder = Ladder(
        "febrile_neutropenia", f"Febrile neutropenia (CTCAE {edition})", cited(edition, FEBRILE_NEUTROPENIA), (rung,)
    )
    notes = (
        "grade 4 is life-threatening, with urgent intervention: a clinician's judgement, not graded from numbers",
        SPELL_NOTE, READINGS_NOTE, AS_MEASURED, NO_DEATH,
    )  # fmt: skip
    return scale(edition, "febrile-neutropenia", ladder, FEBRILE_NEUTROPENIA, notes)
