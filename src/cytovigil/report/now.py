"""The box at the top of an infusion's page: grades, questions, what is due, what was given, what protocols say.

It stands at one moment, that is printed: the last of the record. Nothing of it is live.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from cytovigil.engine.advice import SHOWN, Advised, PatientAdvice
from cytovigil.engine.record import Record
from cytovigil.engine.watch import Unknown, Watch
from cytovigil.engine.watch_text import OVERDUE, QUESTIONS, TRENDS, WatchWords
from cytovigil.guidance.dose_text import by_weight
from cytovigil.guidance.fields import ASTCT, ICANS_SCALE
from cytovigil.guidance.ledger import Ledger
from cytovigil.guidance.ledger_text import ledger_summary
from cytovigil.logic.guidance import Advice
from cytovigil.logic.guidance_text import recommends
from cytovigil.logic.scale import Scale
from cytovigil.logic.text import cite, in_words
from cytovigil.model.events import Course
from cytovigil.model.results import show_grade
from cytovigil.model.told import Say, show_unit
from cytovigil.report.marks import name_signal
from cytovigil.report.page import Values, Words

MAIN = (ASTCT, ICANS_SCALE)  # the scales of the headline; questions for them come first


class Guided(NamedTuple):
    """What guidance says of an infusion at one moment. `ended`: when it was no longer followed; `died`: for that."""

    advice: PatientAdvice
    ledger: Ledger
    watch: Watch
    scales: Mapping[str, Scale]
    ended: int | None = None
    died: bool = False


Guide = Callable[[Course, Record], Guided | None]


def now_box(found: Guided, say: Say) -> Values:
    """The box as plain values. After a death nothing is asked, due or recommended any more."""
    patient, settings = found.advice.patient, found.advice.settings
    words = Words(settings, say, patient)
    box = {
        "at": words.time(found.advice.at),
        "ended": "" if found.ended is None else words.time(found.ended),
        "died": found.died,
        "grades": [_grade(found, name, say) for name in MAIN],
        "others": [_other(found, name, say) for name in found.advice.grades if name not in MAIN],
        "given": list(ledger_summary(found.ledger, say, words.time)),
        "last_look": "", "lists": [], "questions": "", "said": [], "silent": [], "empty": [],
    }  # fmt: skip
    return box if found.died else box | _watched(found, words) | _said(found, say)


def _grade(found: Guided, name: str, say: Say) -> Values:
    verdict, scale = found.advice.grades[name], found.scales[name]
    text = show_grade(verdict.low, verdict.high)
    return {"title": say(scale.title), "low": verdict.low, "high": verdict.high, "text": text}


def _other(found: Guided, name: str, say: Say) -> str:
    verdict = found.advice.grades[name]
    return f"{say(found.scales[name].title)}: {show_grade(verdict.low, verdict.high)}"


def _watched(found: Guided, words: Words) -> Values:
    """Lists with their headings; questions that concern other scales alone are one line."""
    watch, say = found.watch, words.say
    told = WatchWords(watch, say, words.time, show_unit, name_signal)
    mine = [one for one in watch.unknowns if not set(one.scales).isdisjoint(MAIN)]
    lists = (
        (say(QUESTIONS), [f"{told.question(one)} ({_for(one, found, say)})" for one in mine]),
        (say(OVERDUE), list(told.overdue())),
        (say(TRENDS), [told.trend(one, found.scales[one.scale]) for one in watch.trends]),
    )
    others = ", ".join(told.signal(one.signal) for one in watch.unknowns if one not in mine)
    return {"last_look": told.last_look(), "lists": [one for one in lists if one[1]], "questions": others}


def _for(one: Unknown, found: Guided, say: Say) -> str:
    return "; ".join(say(found.scales[name].title) for name in one.scales if name in MAIN)


def _said(found: Guided, say: Say) -> Values:
    fitting = [one for one in found.advice.advised if one.fits]
    telling = [one for one in fitting if one.advice]
    silent = [one for one in fitting if one.protocol.recommendations and not one.advice]
    empty = [one for one in fitting if not one.protocol.recommendations]
    return {
        "said": [_line(one, found, say) for one in telling],
        "silent": [say(one.protocol.title) for one in silent],
        "empty": [say(one.protocol.title) for one in empty],
    }


def _line(one: Advised, found: Guided, say: Say) -> Values:
    order = one.foremost
    said = list(dict.fromkeys(_dosed(each, found, say) for each in order))
    first = said[:SHOWN]
    more = len(said) - len(first)
    return {
        "title": say(one.protocol.title),
        "key": one.protocol.source.key,
        "source": cite(one.protocol.source),
        "says": "; ".join(first) or say("nothing for sure"),
        "more": say("and {count} more").format(count=more) if more else "",
        "depends": len(one.depends),
        "all": [_recommendation(each, found, say) for each in (*order, *one.depends)],
    }


def _dosed(one: Advice, found: Guided, say: Say) -> str:
    """What it says; of a dose by weight with its calculation."""
    scheme = one.recommendation.scheme
    dose = by_weight(scheme, found.ledger.tocilizumab.weight, say) if scheme else ""
    return f"{recommends(one.recommendation, say)}{f': {dose}' if dose else ''}"


def _recommendation(one: Advice, found: Guided, say: Say) -> Values:
    return {
        "sure": one.applies,
        "says": _dosed(one, found, say),
        "when": in_words(one.recommendation.when, say),
        "status": say(one.recommendation.status),
    }
