"""The treatment ledger as lines of text; `say` translates what is ours, and leaves citations."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from cytovigil.guidance.dose_text import amount_words, no_weight
from cytovigil.guidance.ledger import Graded, Ledger, Tried
from cytovigil.guidance.steroids import ASSOCIATIONS, EQUIVALENCE_STATUS, Association, Exposure, Taper
from cytovigil.guidance.tocilizumab import Calculation, Limit, Listed, Place, TocilizumabLedger
from cytovigil.logic.ladder import Citation
from cytovigil.logic.text import cite
from cytovigil.model.doses import Dose
from cytovigil.model.results import show_grade
from cytovigil.model.settings import Settings
from cytovigil.model.times import format_time
from cytovigil.model.told import Say, decimal

LIMITS: Mapping[Limit, str] = {
    "interval": "too soon after the dose before",
    "window": "too many doses in the time counted",
    "episode": "this episode has had all its doses",
    "episode_perhaps": "this episode may have had all its doses",
}
PLACES: Mapping[Place, str] = {
    "episode": "in this episode of CRS",
    "earlier_episode": "in an earlier episode of CRS, not counted in this one",
    "perhaps": "in no episode of CRS that was charted: may count in this one",
    "outside": "before the infusion, not counted in an episode",
}
FLAGS = {
    "dose_unknown": "dose not charted: please chart",
    "above_cap": "more than the highest dose",
    "above_dose": "more than the dose by weight",
    "below_dose": "less than the dose by weight",
}
TAPERS: Mapping[Taper, str] = {
    "falling": "daily doses are falling since {day}",
    "not_falling": "daily doses are not falling",
    "unknown": "whether daily doses are falling is not known",
}
EQUIVALENCE = "in mg of dexamethasone by the usual table of equivalent doses"
NO_VERDICT = "seen in others; no verdict on this patient"
NO_CAUSE = "what came after a treatment need not have come of it"


def ledger_lines(ledger: Ledger, say: Say = str) -> list[str]:
    """The ledger as lines, headings without indent; times in the site's zone."""
    words = _Words(ledger.settings, say)
    parts = (
        (say("Tocilizumab"), _tocilizumab(ledger, words)),
        (f"{say('Corticosteroids')} ({say(EQUIVALENCE)}; {say(EQUIVALENCE_STATUS)})", _steroids(ledger, words)),
        (say("What has been given, in order of the first dose"), _tried(ledger.tried, words)),
        (f"{say('Grades around each treatment')} ({say(NO_CAUSE)})", _responses(ledger, words)),
        (f"{say('Corticosteroids: benefit and risk')} ({say(NO_VERDICT)})", _associations(ledger, words)),
    )
    return [line for heading, lines in parts for line in (heading, *(f"  {one}" for one in lines))]


def ledger_summary(ledger: Ledger, say: Say, time: Callable[[int], str]) -> Iterator[tuple[str, list[str]]]:
    """What may come next and what has been given, in few sentences by heading; `time` prints a moment."""
    words, toci, steroids = _Words(ledger.settings, say, time), ledger.tocilizumab, ledger.steroids
    weight = [] if ledger.no_crs else [_by_weight(toci, words)]
    yield say("Tocilizumab"), [_counts(toci, words), _next(toci, ledger.no_crs, words), *weight]
    exposed = [say("none given from the infusion on")]
    if steroids is not None:
        last = say("last {last}").format(last=time(steroids.last))
        exposed = [_exposed(steroids, words), last, say(TAPERS[steroids.taper]).format(day=steroids.falling_since)]
    yield f"{say('Corticosteroids')} ({say(EQUIVALENCE)}; {say(EQUIVALENCE_STATUS)})", exposed
    others = [one for one in ledger.tried if one.drug_class != "corticosteroid" and one.drug != toci.limits.drug]
    if others:
        yield say("Also given"), list(_tried(others, words))


class _Words:
    """Amounts and times as the ledger prints them."""

    def __init__(self, settings: Settings, say: Say, time: Callable[[int], str] | None = None) -> None:
        self.settings, self.say = settings, say
        self.time = time or (lambda seconds: format_time(seconds, settings.zone))

    def number(self, amount: Fraction, digits: int = 1) -> str:
        return amount_words(amount, digits, self.say)

    def amount(self, low: Fraction, high: Fraction | None) -> str:
        """`640 mg`, `8..12 mg`, `at least 20 mg`."""
        if high is None:
            return self.say("at least {amount} mg").format(amount=self.number(low)) if low else self.say("dose unknown")
        return f"{'..'.join(dict.fromkeys((self.number(low), self.number(high))))} mg"

    def dose(self, dose: Dose) -> str:
        return f"{self.signal(dose.drug)} {self.amount(dose.low_mg, dose.high_mg)}, {self.time(dose.time)}"

    def signal(self, name: str) -> str:
        return self.say(name.replace("_", " "))


def calculation_text(found: Calculation, say: Say = str) -> str:
    """`80 kg x 8 mg/kg = 640 mg`, with the cap and the rounding where they changed it."""
    words = _Words(Settings(), say)
    exact = words.number(found.exact_mg, 2)
    text = f"{words.number(found.weight_kg, 2)} kg x {found.mg_per_kg} mg/kg = {exact} mg"
    if found.capped:
        return say("{calculation}, at most {mg} mg").format(calculation=text, mg=found.mg)
    if found.mg != found.exact_mg:
        return say("{calculation}, rounded {mg} mg").format(calculation=text, mg=found.mg)
    return text


def _tocilizumab(ledger: Ledger, words: _Words) -> Iterator[str]:
    one, say = ledger.tocilizumab, words.say
    yield _by_weight(one, words)
    yield _counts(one, words)
    yield _next(one, ledger.no_crs, words)
    for listed in one.doses:
        yield _listed(listed, words)
    for constant in one.limits.constants:
        told = [say(constant.says).format(value=constant.value), *([say(constant.note)] if constant.note else [])]
        yield f"{'; '.join(told)}: {_evidence(constant.source, constant.status, say)}"


def _counts(one: TocilizumabLedger, words: _Words) -> str:
    counts = words.say("given in {hours} h: {count} of {most}; in this episode of CRS: {spent} of {all}")
    if one.episode is None:
        counts = words.say("given in {hours} h: {count} of {most}; no episode of CRS is open, so none counts its doses")
    if one.episode is None and one.perhaps_in_episode:
        counts = words.say(
            "given in {hours} h: {count} of {most}; doses that may count in an episode of CRS: {spent} of {all}"
        )
    return counts.format(
        hours=one.limits.window_h.value, count=one.in_window, most=one.limits.per_window.value,
        spent=_span(one.in_episode, one.in_episode + one.perhaps_in_episode), all=one.limits.per_episode.value,
    )  # fmt: skip


def _span(least: int, most: int) -> str:
    return "..".join(dict.fromkeys((str(least), str(most))))


def _by_weight(one: TocilizumabLedger, words: _Words) -> str:
    say, weight, light = words.say, one.weight, one.limits.light_mg_per_kg
    if weight is None or one.calculation is None:
        return no_weight(weight, say)
    since = say("weight of the patients table") if weight.time is None else words.time(weight.time)
    text = f"{say('dose by weight')}: {calculation_text(one.calculation, say)} ({since})"
    if one.calculation.mg_per_kg != light.value:
        return text
    alone = say("{dose} mg/kg is of: {source}; a source that prints {other} mg/kg alone gives another dose")
    return f"{text}; " + alone.format(dose=light.value, source=light.source.text, other=one.limits.mg_per_kg.value)


def _next(one: TocilizumabLedger, no_crs: bool, words: _Words) -> str:
    say = words.say
    if no_crs:
        return say("no CRS now: nothing here recommends tocilizumab, and none is for ICANS alone")
    why = ", ".join(say(LIMITS[name]) for name in one.blocked)
    if one.next_time is None and "episode" in one.blocked:
        return say("next dose: none in this episode: {why}").format(why=why)
    if one.next_time is None:
        return say("next dose: not before it is known what each dose was given for: {why}").format(why=why)
    least = max(0, one.left_in_episode - one.perhaps_in_episode)
    left = say("left in this episode: {left}").format(left=_span(least, one.left_in_episode))
    if not one.blocked:
        text = say("next dose: allowed now by number and interval")
    else:
        text = say("next dose: not before {time}: {why}").format(time=words.time(one.next_time), why=why)
    if one.episode is not None:
        return f"{text}; {left}"
    if one.blocked:
        return text
    return say("for CRS, not for ICANS alone, and no CRS is known now; by number and interval a dose would be allowed")


def _listed(one: Listed, words: _Words) -> str:
    say = words.say
    flags = [say(FLAGS[name]) for name in one.flags] + [say(LIMITS[name]) for name in one.broke]
    if one.calculation is not None and {"above_dose", "below_dose"} & set(one.flags):
        flags.append(calculation_text(one.calculation, say))
    return "; ".join([f"{words.dose(one.dose)}: {say(PLACES[one.place])}", *flags])


def _steroids(ledger: Ledger, words: _Words) -> Iterator[str]:
    one, say = ledger.steroids, words.say
    if one is None:
        yield say("none given from the infusion on")
        return
    yield _exposed(one, words)
    yield say("first {first}, last {last}").format(first=words.time(one.first), last=words.time(one.last))
    yield say(TAPERS[one.taper]).format(day=one.falling_since)
    for day in one.days:
        yield f"{day.date}: {words.amount(day.low_mg, day.high_mg)}"
    for dose in one.unknown:
        yield f"{words.dose(dose)}: {say(FLAGS['dose_unknown'])}"


def _exposed(one: Exposure, words: _Words) -> str:
    text = words.say(
        "{amount}; days from the first to the last dose: {days}, with a dose: {given}; begun on day {first}"
    )
    return text.format(
        amount=words.amount(one.low_mg, one.high_mg), days=len(one.days), given=one.days_given, first=one.first_day
    )


def _tried(tried: Sequence[Tried], words: _Words) -> Iterator[str]:
    if not tried:
        yield words.say("nothing")
    for one in tried:
        text = words.say("{drug} ({kind}): doses {count}, first {first}, last {last}")
        yield text.format(
            drug=words.signal(one.drug), kind=words.signal(one.drug_class), count=one.doses,
            first=words.time(one.first), last=words.time(one.last),
        )  # fmt: skip


def _responses(ledger: Ledger, words: _Words) -> Iterator[str]:
    if not ledger.responses:
        yield words.say("nothing")
    for one in ledger.responses:
        yield words.dose(one.dose)
        for graded in one.grades:
            yield f"  {_graded(graded, words.say)}"


def _graded(one: Graded, say: Say) -> str:
    moments = [
        (say("before"), one.before),
        *((say("{hours} h").format(hours=hours), grade) for hours, grade in one.after),
    ]
    return f"{say(one.scale)}: " + ", ".join(
        f"{when} {show_grade(*(grade or (None, None)))}" for when, grade in moments
    )


def _associations(ledger: Ledger, words: _Words) -> Iterator[str]:
    own = words.say("none") if ledger.steroids is None else _exposed(ledger.steroids, words)
    yield f"{words.say('this patient')}: {own}"
    before: tuple[str, Citation] | None = None
    for one in ASSOCIATIONS:
        if (one.population, one.source) != before:
            yield from _population(one, words.say)
        yield f"  {words.say(one.says)}" + (f": {decimal(one.value, words.say)}" if one.value else "")
        before = one.population, one.source


def _population(one: Association, say: Say) -> Iterator[str]:
    yield f"{say(one.population)}; {_evidence(one.source, one.status, say)}"
    yield f"  {say('confounding')}: {say(one.confounding)}"


def _evidence(source: Citation, status: str, say: Say) -> str:
    return f"{cite(source)}  [{say(status)}]"
