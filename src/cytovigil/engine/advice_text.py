"""Advice for one patient as a page of text; `say` translates what is ours, and leaves ids and what was charted."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from cytovigil.engine.advice import SHOWN, Advised, PatientAdvice, Question
from cytovigil.engine.verdicts import Verdict
from cytovigil.logic.conditions import Field
from cytovigil.logic.facts import Fact
from cytovigil.logic.guidance import COVERAGES, KINDS, Advice
from cytovigil.logic.guidance_text import about, read_as, recommends, said_of
from cytovigil.logic.scale import Scale
from cytovigil.logic.text import NOT_FOR_TREATING, UNCONFIRMED, choice, in_words, is_scale
from cytovigil.model.results import show_grade
from cytovigil.model.times import day_of, format_time
from cytovigil.model.told import Say
from cytovigil.model.vocabulary import signals

FEW = 5  # possible values that are listed; of more the first and the last
Remarks = Mapping[tuple[str, str], Sequence[str]]  # in words, by the ids of a protocol and of its recommendation
NOTHING_KNOWN = "Depends on what nothing is known of"
NO_REMARKS: Remarks = MappingProxyType({})


def render_advice(
    found: PatientAdvice,
    scales: Mapping[str, Scale],
    say: Say = str,
    remarks: Remarks = NO_REMARKS,
    watched: Sequence[str] = (),
    given: Sequence[str] = (),
) -> str:
    """The patient's state and what applies now, in few lines; then each protocol's steps; then sources and long lists.

    Of several protocols, steps that rest on a grade of which nothing is known are counted, not listed. `remarks` stand
    under the recommendations they are about; with an empty id of it under the title of the protocol, with two under
    that of the page. `watched` are lines on what the grades hide, `given` on treatment so far and what may come next.
    """
    lines = [*_heading(found, say), *remarks.get(("", ""), ()), "", say("Grades now")]
    lines += [_grade(scales[name], verdict, say) for name, verdict in found.grades.items()]
    lines += ["", *watched] if watched else []
    lines += ["", *given] if given else []
    if foremost := [_foremost(one, say) for one in found.advised if one.fits and one.advice]:
        lines += ["", say("What applies now, in short"), *foremost]
    brief = len(found.advised) > 1
    open_ = [one for one in found.advised if one.fits and not one.left_out and one.advice == _open(one, brief) != ()]
    silent = [one for one in found.advised if one.protocol.recommendations and one.fits and one.is_silent]
    shown = [one for one in found.advised if one.protocol.recommendations and one not in (*silent, *open_)]
    for one in shown:
        lines += ["", *_protocol(one, say, remarks, brief)]
    if open_:
        lines += ["", say(NOTHING_KNOWN), *(f"{_name(one, say)}: {_rests(one.advice, say)}" for one in open_)]
    if silent:
        lines += ["", say("Nothing applies now"), *(_line(one, say) for one in silent)]
    if not found.advised:
        lines += ["", say("no protocol is for this product and day: name one with --protocol")]
    if found.questions:
        lines += ["", say("What is not known, and would settle it")]
        lines += [_asked(one, found, say) for one in found.questions]
    return "\n".join([*lines, *_appendix(found, shown, say)]) + "\n"


def _foremost(one: Advised, say: Say) -> str:
    """The line of a protocol: what it says first, and how much more."""
    said = list(dict.fromkeys(recommends(each.recommendation, say) for each in one.foremost))
    words = said[:SHOWN] or [say("nothing for sure")]
    if more := len(said[SHOWN:]):
        words.append(say("and {count} more").format(count=more))
    if one.depends:
        words.append(say("{count} may apply").format(count=len(one.depends)))
    return f"  {say(one.protocol.title)}: {'; '.join(words)}"


def _appendix(found: PatientAdvice, shown: Sequence[Advised], say: Say) -> Iterator[str]:
    """Where protocols differ, what was not read, and each source."""
    yield from ("", say("Appendix: sources, and lists in full"))
    if differing := [line for topic in _topics(found) for line in _side_by_side(found, topic, say)]:
        yield from ("", say("Where protocols differ"), *differing)
    if empty := [one for one in found.advised if not one.protocol.recommendations]:
        yield from ("", say("Sources without steps here"), *(line for one in empty for line in _empty(one, say)))
    if shown:
        yield from ("", say("About these sources"))
        for one in shown:
            yield from (_name(one, say), *(f"    {sentence}" for sentence in about(one.protocol, say)))


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


def _name(one: Advised, say: Say) -> str:
    return f"  {say(one.protocol.title)} ({one.protocol.id})"


def _line(one: Advised, say: Say) -> str:
    return f"{_name(one, say)}: {read_as(one.protocol, say)}"


def _open(one: Advised, brief: bool) -> tuple[Advice, ...]:
    """What rests on a scale of which nothing is known: in brief it is not listed."""
    return tuple(each for each in one.depends if brief and _nothing_known(each))


def _nothing_known(advice: Advice) -> list[Field]:
    return [
        one for one in advice.recommendation.fields if is_scale(one) and advice.facts[one.name].values == one.unknown
    ]


def _rests(advice: Sequence[Advice], say: Say) -> str:
    names = dict.fromkeys(say(field.says) for each in advice for field in _nothing_known(each))
    sentence = say("nothing is known of {facts}; steps that rest on it: {count}")
    return sentence.format(facts=", ".join(names), count=len(advice))


def _empty(one: Advised, say: Say) -> Iterator[str]:
    yield f"{_name(one, say)}: {say(COVERAGES[one.protocol.coverage])}"
    yield from (f"    {sentence}" for sentence in said_of(one.protocol, say))


def _protocol(one: Advised, say: Say, remarks: Remarks, brief: bool) -> Iterator[str]:
    protocol, open_ = one.protocol, _open(one, brief)
    depends = [each for each in one.depends if each not in open_]
    yield f"{say(protocol.title)}  ({protocol.id}, {say('version')} {protocol.version})"
    yield from (f"  {remark}" for remark in remarks.get((protocol.id, ""), ()))
    if not one.fits:
        yield f"  {say('This protocol is for another product, or for another time.')}"
    for title, advice in ((say("Applies now"), one.applies), (say("Depends on what is not known"), depends)):
        if advice:
            yield f"  {title}"
        for kind in KINDS:
            if of_kind := [each for each in advice if each.recommendation.kind == kind]:
                yield f"    {say(KINDS[kind])}"
                yield from (line for each in of_kind for line in _advice(each, say, remarks))
    if open_:
        yield f"  {say(NOTHING_KNOWN)}"
        yield f"    {_rests(open_, say)}"
    if not one.advice:
        yield f"  {say('Nothing applies now')}"
    if one.left_out:
        yield f"  {say('In the source, and left out by the site')}"
        yield from (line for each in one.left_out for line in _advice(each, say, remarks))


def _advice(advice: Advice, say: Say, remarks: Remarks) -> Iterator[str]:
    one = advice.recommendation
    yield f"    {'-' if advice.applies else '?'} {recommends(one, say)}  [{say(one.status)}]"
    yield f"        {say('when {condition}').format(condition=in_words(one.when, say))}  ({one.id})"
    for field in one.fields:
        if not (advice.applies or advice.facts[field.name].known):
            yield f"        {say('not known')}: {say(field.says)} ({_values(field, advice.facts[field.name], say)})"
    yield from (f"        {remark}" for remark in remarks.get((advice.protocol.id, one.id), ()))
    if one.note:
        yield f"        {say('note')}: {say(one.note)}"
    if one.where:
        yield f"        {say('Source')}: {one.where}"


def _values(field: Field, fact: Fact, say: Say) -> str:
    if len(fact.values) <= FEW:
        return choice(field, fact.values, say)
    words = [field.label(value, say) for value in field.domain if value in fact.values]
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
    """What each protocol that has something on a topic says now; nothing where all say the same."""
    said = {
        one.protocol.id: [
            _short(each, say)
            for each in one.advice
            if each.recommendation.topic == topic and each not in _open(one, brief=True)
        ]
        for one in found.advised
        if not one.protocol.by_topic and any(each.topic == topic for each in one.protocol.recommendations)
    }
    if len({tuple(sorted(lines)) for lines in said.values()}) < 2:
        return []
    lines = [f"  {say(topic)}"]
    lines += [f"    {name}: {one}" for name, words in said.items() for one in dict.fromkeys(words)]
    silent = ", ".join(name for name, words in said.items() if not words)
    return [*lines, f"    {say('nothing now')}: {silent}"] if silent else lines


def _short(advice: Advice, say: Say) -> str:
    words = recommends(advice.recommendation, say)
    return words if advice.applies else f"{words} ({say('depends on what is not known')})"
