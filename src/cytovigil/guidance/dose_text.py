"""What a dose by weight is for one patient, with its calculation; `say` translates what is ours."""

from fractions import Fraction

from cytovigil.guidance.tocilizumab import TOCILIZUMAB
from cytovigil.logic.guidance import Scheme
from cytovigil.logic.guidance_text import interval
from cytovigil.model.doses import Weight
from cytovigil.model.told import Say, decimal

WEIGHT_UNKNOWN = "dose by weight: the weight is not known: please chart"
WEIGHT_RANGE = "dose by weight: the weight is {low} to {high} kg: please chart it anew"


def by_weight(scheme: Scheme, weight: Weight | None, say: Say = str) -> str:
    """`80 kg x 1-2 mg/kg = 80-160 mg`, a question where the weight is not known; empty of a dose in mg.

    A light patient to whom a source gives no other dose of tocilizumab is told apart: the ledger has one.
    """
    if scheme.mg_per_kg is None:
        return ""
    if weight is None or not weight.known:
        return no_weight(weight, say)
    kg, each = weight.low_kg, scheme.mg_per_kg
    if scheme.light is not None and scheme.light_kg is not None and kg < scheme.light_kg:
        each = scheme.light, scheme.light
    amounts = [kg * Fraction(str(end)) for end in each]
    shown = "-".join(dict.fromkeys(amount_words(one, 2, say) for one in amounts))
    text = f"{amount_words(kg, 2, say)} kg x {interval(each, say)} mg/kg = {shown} mg"
    if scheme.cap_mg is not None and max(amounts) > scheme.cap_mg:
        text = say("{calculation}, at most {mg} mg").format(calculation=text, mg=f"{scheme.cap_mg:g}")
    light, limit = TOCILIZUMAB.light_mg_per_kg, TOCILIZUMAB.light_below_kg.value
    if scheme.drug == TOCILIZUMAB.drug and scheme.light is None and kg < limit:
        differs = say("this source has no other dose below {kg} kg; the {dose} mg/kg of the ledger are of: {source}")
        return f"{text}; {differs.format(kg=limit, dose=light.value, source=light.source.text)}"
    return text


def no_weight(weight: Weight | None, say: Say) -> str:
    """That a weight has to be charted."""
    if weight is None:
        return say(WEIGHT_UNKNOWN)
    return say(WEIGHT_RANGE).format(low=amount_words(weight.low_kg, 2, say), high=amount_words(weight.high_kg, 2, say))


def amount_words(number: Fraction, digits: int, say: Say) -> str:
    """A number of at most so many decimals, as the language writes it."""
    return decimal(f"{float(round(number, digits)):g}", say)
