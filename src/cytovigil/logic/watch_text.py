"""Intervals of looking as a page; `say` translates what is ours, and leaves ids and citations."""

from collections.abc import Iterable

from cytovigil.logic.text import NOT_FOR_TREATING, UNCONFIRMED, cite, in_words, markdown_table, number
from cytovigil.logic.watch import Interval
from cytovigil.model.settings import says
from cytovigil.model.told import Say

HEADS = ("Id", "What is looked at", "How often", "When", "Source", "Evidence", "Note")


def intervals_markdown(intervals: Iterable[Interval], say: Say = str) -> str:
    """All intervals as one page: what is looked at, how often, when, by which source."""
    lines = [f"# {say('How often a patient is looked at')}", ""]
    lines += [
        say("Overdue in `cytovigil advise` and in the report is what these say; published ones, then our own."),
        "",
    ]
    lines += [f"{say(UNCONFIRMED)}; {say(NOT_FOR_TREATING)}.", ""]
    lines += markdown_table([say(head) for head in HEADS], [_cells(one, say) for one in intervals])
    return "\n".join(lines) + "\n"


def _cells(one: Interval, say: Say) -> list[str]:
    often = say("as long as its last value holds")
    if one.every_h is not None:
        often = say("every {hours} h").format(hours=number(one.every_h, say))
    when = say("always") if one.when is None else in_words(one.when, say)
    until = f"; {say(says(one.until))}" if one.until else ""
    if one.days is not None:
        until = f"; {say('until day {days} after infusion').format(days=one.days)}"
    return [f"`{one.id}`", say(one.says), often, f"{when}{until}", cite(one.source), say(one.status), say(one.note)]
