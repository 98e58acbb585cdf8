"""Advice for one patient as a page of text; `say` translates what is ours, and leaves ids and what was charted."""

from collections.abc import Iterator, Mapping

from cytovigil.engine.advice import Advised, PatientAdvice, Question
from cytovigil.engine.verdicts import Verdict
from cytovigil.logic.conditions import Field, say_label
from cytovigil.logic.facts import Fact
from cytovigil.logic.guidance import COVERAGES, KINDS, Advice
from cytovigil.logic.guidance_text import about, recommends, said_of
from cytovigil.logic.scale import Scale
from cytovigil.logic.text import NOT_FOR_TREATING, UNCONFIRMED, either, in_words
from cytovigil.model.results import show_grade
from cytovigil.model.times import day_of, format_time
from cytovigil.model.told import Say
from cytovigil.model.vocabulary import signals

FEW = 5  # possible values that are listed; of more the first and the last


def render_advice(found: PatientAdvice, scales: Mapping[str, Scale], say: Say = str) -> str:
    """The patient's state, what each protocol says, what it would depend on, and where protocols differ."""
    lines = [*_heading(found, say), "", say("Grades now")]
    lines += [_grade(scales[name], verdict, say) for name, verdict in found.grades.items()]
    for one in found.advised:
        if one.protocol.recommendations:
            lines += ["", *_protocol(one, say)]
    if empty := [one for one in found.advised if not one.protocol.recommendations]:
        lines += ["", say("Sources without steps here"), *(line for one in empty for line in _empty(one, say))]
    if not found.advised:
        lines += ["", say("no protocol is for this product and day: name one with --protocol")]
    if found.questions:
        lines += ["", say("What is not known, and would settle it")]
        lines += [_asked(one, found, say) for one in found.questions]
    if differing := [line for topic in _topics(found) for line in _side_by_side(found, topic, say)]:
        lines += ["", say("Where protocols differ"), *differing]
    return "\n".join(lines) + "\n"


def _heading(found: PatientAdvice, say: Say) -> Iterator[str]:
    zone = found.settings.zone
    day = (day_of(found.at, zone) - day_of(found.patient.infusion_time, zone)).days
    yield say("{patient}, infusion {infusion}, {product}: day {day}, {time}").format(
        patient=found.patient.patient_id, infusion=found.patient.infusion,
        product=found.patient.product or say("product not given"), day=day, time=format_time(found.at, zone),
    )  # fmt: skip
    yield f"{say(UNCONFIRMED)}; {say(NOT_FOR_TREATING)}"
    yield say("Only what was known at this time counts.")
    if not found.patient.product:
        yield say("The product is not given: labels of products are left out.")


def _grade(scale: Scale, verdict: Verdict, say: Say) -> str:
    grade = say("no grade") if verdict.low is None else show_grade(verdict.low, verdict.high)
    missing = f" ({say('to narrow it, chart')}: {', '.join(sorted(verdict.missing))})" if verdict.missing else ""
    return f"  {say(scale.title)} ({scale.id}): {grade}{missing}"


def _empty(one: Advised, say: Say) -> Iterator[str]:
    protocol = one.protocol
    yield f"  {say(protocol.title)} ({protocol.id}): {say(COVERAGES[protocol.coverage])}"
    yield from (f"    {sentence}" for sentence in said_of(protocol, say))


def _protocol(one: Advised, say: Say) -> Iterator[str]:
    protocol = one.protocol
    yield f"{say(protocol.title)}  ({protocol.id}, {say('version')} {protocol.version})"
    yield from (f"  {sentence}" for sentence in about(protocol, say))
    if not one.fits:
        yield f"  {say('This protocol is for another product, or for another time.')}"
    for title, advice in ((say("Applies now"), one.applies), (say("Depends on what is not known"), one.depends)):
        if advice:
            yield f"  {title}"
        for each in advice:
            yield from _advice(each, say)
    if not one.advice:
        yield f"  {say('Nothing applies now.')}"


def _advice(advice: Advice, say: Say) -> Iterator[str]:
    one = advice.recommendation
    yield f"  {'-' if advice.applies else '?'} {say(KINDS[one.kind])}, {recommends(one, say)}  [{say(one.status)}]"
    yield f"      {one.id}; {say('when {condition}').format(condition=in_words(one.when, say))}"
    for field in one.fields:
        if not advice.facts[field.name].known:
            yield f"      {say('not known')}: {say(field.says)} ({_values(field, advice.facts[field.name], say)})"
    if one.note or one.where:
        yield f"      {say('note')}: {'; '.join(filter(None, (say(one.note), one.where)))}"


def _values(field: Field, fact: Fact, say: Say) -> str:
    words = [say_label(field.label(value), say) for value in field.domain if value in fact.values]
    if len(words) <= FEW:
        return either(words, say)
    return say("{first} to {last}").format(first=words[0], last=words[-1])


def _asked(one: Question, found: PatientAdvice, say: Say) -> str:
    name = say(one.signal.replace("_", " "))
    if one.signal not in signals():
        sentence = say("not given: please add")
    elif one.charted is None:
        sentence = say("never charted: please chart")
    else:
        sentence = say("not charted since {time}: please chart")
        sentence = sentence.format(time=format_time(one.charted, found.settings.zone))
    return f"  {name}: {sentence} ({say('recommendations that rest on it')}: {one.recommendations})"


def _topics(found: PatientAdvice) -> list[str]:
    return list(dict.fromkeys(each.recommendation.topic for one in found.advised for each in one.advice))


def _side_by_side(found: PatientAdvice, topic: str, say: Say) -> list[str]:
    """What each protocol with recommendations says on a topic; nothing where all say the same."""
    said = {
        one.protocol.id: [_short(each, say) for each in one.advice if each.recommendation.topic == topic]
        for one in found.advised
        if one.protocol.recommendations
    }
    if len({tuple(sorted(lines)) for lines in said.values()}) < 2:
        return []
    lines = [f"  {say(topic)}"]
    for name, words in said.items():
        lines += [f"    {name}: {one}" for one in words or [say("nothing now")]]
    return lines


def _short(advice: Advice, say: Say) -> str:
    words = recommends(advice.recommendation, say)
    return words if advice.applies else f"{words} ({say('depends on what is not known')})"
