"""Recommendations and protocols in words; `say` translates what is ours, and leaves ids and citations."""

from collections.abc import Iterator, Sequence

from cytovigil.logic.conditions import named
from cytovigil.logic.guidance import COVERAGES, KINDS, Interval, Protocol, Recommendation, Scheme
from cytovigil.logic.text import NOT_FOR_TREATING, UNCONFIRMED, cite, in_words, markdown_table, number
from cytovigil.model.told import Say

HEADS = ("Id", "What for", "Topic", "Strength", "What the source says, in our words", "When", "Evidence", "Note")


def scheme_words(scheme: Scheme, say: Say = str) -> str:
    """`dexamethasone 10-20 mg, every 6-12 h, 2-3 days`."""
    amount = scheme.mg or scheme.mg_per_kg or (0, 0)
    parts = [f"{say(scheme.drug)} {interval(amount, say)} {'mg' if scheme.mg else 'mg/kg'}"]
    if scheme.light is not None and scheme.light_kg is not None:
        light = say("{dose} mg/kg below {weight} kg")
        parts.append(light.format(dose=number(scheme.light, say), weight=number(scheme.light_kg, say)))
    if scheme.cap_mg is not None:
        parts.append(say("at most {dose} mg").format(dose=number(scheme.cap_mg, say)))
    if scheme.every_h is not None:
        parts.append(say("every {hours} h").format(hours=interval(scheme.every_h, say)))
    if scheme.days is not None:
        parts.append(say("{days} days").format(days=interval(scheme.days, say)))
    return ", ".join([*parts, say(scheme.route)] if scheme.route else parts)


def interval(ends: Interval, say: Say = str) -> str:
    """`10`, or `10-20`."""
    low, high = (number(end, say) for end in ends)
    return low if low == high else f"{low}-{high}"


def recommends(one: Recommendation, say: Say = str) -> str:
    """`give: corticosteroid (dexamethasone 10 mg, every 6 h)`; `give: tocilizumab 8 mg/kg, at most 800 mg`."""
    return f"{say(one.strength)}: {_dosed(one, say)}"


def _dosed(one: Recommendation, say: Say) -> str:
    """What it says, with its dose: of the drug that it names alone, the dose says it."""
    if one.scheme is None:
        return say(one.says)
    dose = scheme_words(one.scheme, say)
    return dose if one.says == one.scheme.drug else f"{say(one.says)} ({dose})"


def read_as(protocol: Protocol, say: Say = str) -> str:
    """How much of its source was read, and how well."""
    return f"{say(COVERAGES[protocol.coverage])}; {say('weakest evidence')}: {say(protocol.status)}"


def about(protocol: Protocol, say: Say = str) -> Iterator[str]:
    """Source, coverage, whom and when it is for, notes and open questions: a sentence each."""
    yield f"{say('Source')}: {cite(protocol.source)}"
    yield read_as(protocol, say)
    products = ", ".join(protocol.products) or say("any product")
    yield say("for {products}").format(products=products) + (f"; {protocol.jurisdiction}" * bool(protocol.jurisdiction))
    if protocol.since:
        yield say("holds from {day}").format(day=protocol.since.isoformat())
    if protocol.until:
        yield say("replaced on {day}").format(day=protocol.until.isoformat())
    yield from said_of(protocol, say)


def said_of(protocol: Protocol, say: Say = str) -> Iterator[str]:
    """Its notes and open questions: a sentence each."""
    yield from (say(note) for note in protocol.notes)
    yield from (f"{say('Open question')}: {say(question)}" for question in protocol.open_questions)


def guidance_markdown(protocols: Sequence[Protocol], say: Say = str) -> str:
    """All protocols as one page: what each recommends, when, how strongly, from where, and how well that was read."""
    lines = [f"# {say('Guidance')}", ""]
    lines += [say("What published sources say to do, as the program applies it; `cytovigil advise` asks them."), ""]
    lines += [f"{say(UNCONFIRMED)}; {say(NOT_FOR_TREATING)}.", ""]
    rows = [[f"`{one.id}`", say(one.title), say(COVERAGES[one.coverage]), say(one.status)] for one in protocols]
    lines += markdown_table([say(head) for head in ("Id", "Title", "Coverage", "Weakest evidence")], rows)
    terms = {one.says: one for each in protocols for row in each.recommendations for one in named(row.when)}
    if terms:
        lines += ["", say("Conditions that are told in few words:"), ""]
        heads = say("In few words"), say("When")
        lines += markdown_table(heads, ([say(one.says), in_words(one.inner, say)] for one in terms.values()))
    for protocol in protocols:
        lines += ["", f"## {say(protocol.title)}", ""]
        scale = f" CRS: `{protocol.scale}`." if protocol.grades_crs else ""
        lines += [f"`{protocol.id}`, {say('version')} {protocol.version}.{scale}", ""]
        lines += [f"- {sentence}" for sentence in about(protocol, say)]
        if protocol.recommendations:
            cells = (_cells(one, say) for one in protocol.recommendations)
            lines += ["", *markdown_table([say(head) for head in HEADS], cells)]
    return "\n".join(lines) + "\n"


def _cells(one: Recommendation, say: Say) -> list[str]:
    notes = " ".join(filter(None, (say(one.note), one.where)))
    words = say(KINDS[one.kind]), say(one.topic), say(one.strength), _dosed(one, say)
    return [f"`{one.id}`", *words, in_words(one.when, say), say(one.status), notes]
